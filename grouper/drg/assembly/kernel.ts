import {
  AGES,
  BY_PROGRAM,
  CLASS,
  GRADED,
  KEYS,
  KIND_SHIFT,
  LEVEL_SHIFT,
  NO_PRINCIPAL,
  PRINCIPAL_BARRED,
  PRINCIPAL_GREY,
  PRINCIPAL_UNKNOWN,
  PULLS,
  SEXES,
} from '../layout'
import { byte, short, signed, word } from './memory'
import { holds, severityOf } from './programs'
import * as at from './tables'

export * from './tables'

/*
 * The fast engine in AssemblyScript: groups rows by the masks of a rule book. `../interpret.ts` is what it must agree with.
 */

const HIGHEST: i32 = 1 << 31

/** Positions in `STATUSES` and `REASONS`. */
const GROUPED = 0
const AMBIGUOUS = 1
const NOT_GROUPED = 2
const INVALID = 3
const REASON_NONE = 0
const REASON_PRINCIPAL_MISSING = 1
const REASON_PRINCIPAL_UNKNOWN = 2
const REASON_PRINCIPAL_BARRED = 3
const REASON_SEX = 4
const REASON_AGE = 5
const REASON_NOT_IN_MDC = 6
const REASON_NOT_IN_ADRG = 7
const REASON_AMBIGUOUS = 8
const REASON_FALLBACK = 9
const REASON_PRINCIPAL_GREY = 10

/** Groups rows 0 … `count` - 1. */
export function group(count: i32): void {
  for (let row = 0; row < count; row++) {
    const dxFrom = word(at.dxStart, row)
    const dxEnd = word(at.dxStart, row + 1)
    const first = word(at.dxWords, dxFrom < dxEnd ? short(at.dx, dxFrom) : 0)
    if (first < 0 || byte(at.sex, row) === 0 || signed(at.age, row) < 0) write(row, 0, INVALID, whyInvalid(row))
    else {
      const found = leafFor(row, first, dxFrom, dxEnd)
      const kind = found >>> KIND_SHIFT
      if (found === 0) write(row, 0, NOT_GROUPED, inSomeMdc(row) ? REASON_NOT_IN_ADRG : REASON_NOT_IN_MDC)
      else if (kind === 0) write(row, found, GROUPED, REASON_NONE)
      else if (kind === 1) write(row, found, AMBIGUOUS, REASON_AMBIGUOUS)
      else write(row, found, NOT_GROUPED, REASON_FALLBACK)
    }
  }
}

function write(row: i32, found: i32, status: i32, reason: i32): void {
  store<u16>(at.leaf + ((<usize>row) << 1), <u16>found)
  store<u8>(at.status + <usize>row, <u8>status)
  store<u8>(at.reason + <usize>row, <u8>reason)
}

/**
 * The first leaf of the first rank whose rules hold, with its kind << `KIND_SHIFT`; 0 where there is none.
 *
 * @param first the word of the principal diagnosis
 */
function leafFor(row: i32, first: i32, dxFrom: i32, dxEnd: i32): i32 {
  const pxFrom = word(at.pxStart, row)
  const pxEnd = word(at.pxStart, row + 1)
  let others = 0
  for (let k = dxFrom + 1; k < dxEnd; k++) others |= word(at.dxWords, short(at.dx, k))
  const pulls = (first | others) & PULLS
  const sex = byte(at.sex, row)
  const years = signed(at.age, row)
  const days = years > 0 ? 0 : word(at.ageDays, row)
  // Without branches where the processor could not foresee them; `KEYS` tells the bits.
  const key =
    (first & CLASS) * KEYS +
    ((sex + (sex >>> 2)) & 3) * SEXES +
    (years > 0 ? 0 : days < 0 ? 3 * AGES : days > at.dayCut ? 2 * AGES : AGES) +
    (pulls >>> 17) +
    ((pxFrom - pxEnd) >>> 31)
  const pxWords = at.rankWords << 1
  const main = pxFrom < pxEnd ? short(at.pxClass, short(at.px, pxFrom)) * pxWords : 0
  // Unless another diagnosis is a complication there is nothing to find out.
  let severity = ((others >>> LEVEL_SHIFT) & 3) === 0 ? 0 : -1
  let triggers = 0

  let c = word(at.candidateStart, key)
  for (let ranks = word(at.candidates, c); ranks !== 0; c += 4, ranks = word(at.candidates, c)) {
    const set = word(at.candidates, c + 1)
    let open = ranks
    if (pxFrom < pxEnd) {
      open &= word(at.pxMasks, main + (set << 1))
      if (open === 0) continue
      let any = word(at.freeMask, set)
      for (let k = pxFrom; k < pxEnd; k++) {
        any |= word(at.pxMasks, short(at.pxClass, short(at.px, k)) * pxWords + (set << 1) + 1)
      }
      open &= any
    }
    if (pulls !== 0) {
      let doubtful = open & word(at.triggered, set)
      if (doubtful !== 0 && triggers === 0) {
        for (let k = dxFrom; k < dxEnd; k++) triggers |= word(at.dxTrigger, word(at.dxWords, short(at.dx, k)) & CLASS)
      }
      while (doubtful !== 0) {
        const bit = clz(doubtful)
        doubtful &= ~(HIGHEST >>> bit)
        if ((word(at.rankTrigger, (set << 5) + bit) & triggers) === 0) open &= ~(HIGHEST >>> bit)
      }
    }
    while (open !== 0) {
      const bit = clz(open)
      open &= ~(HIGHEST >>> bit)
      const unsure = ~word(at.candidates, c + 2)
      if (((unsure << bit) & HIGHEST) !== 0) {
        const before = popcnt(ranks & unsure & ~(-1 >>> bit))
        if (!holds(row, word(at.residues, word(at.candidates, c + 3) + before))) continue
      }
      const rank = (set << 5) + bit
      let found = word(at.leafOf, rank << 2)
      if (found >= GRADED) {
        if (severity < 0) severity = severityOf(row)
        found = word(at.leafOf, (rank << 2) + severity) & ~GRADED
      } else if (found < 0) found = leafByPrograms(row, rank)
      if (found !== 0) return found
    }
  }
  return 0
}

/** The first leaf of a rank whose rule holds, where some have programs; 0 where none does. */
function leafByPrograms(row: i32, rank: i32): i32 {
  const end = word(at.rankLeaf, rank + 1)
  for (let leaf = word(at.rankLeaf, rank); leaf < end; leaf++) {
    const test = byte(at.leafTest, leaf)
    const fits =
      test === 0 || (test === BY_PROGRAM ? holds(row, word(at.leafProgram, leaf)) : (severityOf(row) & test) !== 0)
    if (fits) return leaf | (byte(at.leafKind, leaf) << KIND_SHIFT)
  }
  return 0
}

/** Whether an MDC whose rule asks for a diagnosis takes the case: tells the two kinds of "not grouped" apart. */
function inSomeMdc(row: i32): bool {
  for (let m = 0; m < at.mdcs; m++) {
    const whole = word(at.mdcWhole, m)
    if (whole >= 0 && holds(row, whole)) return true
  }
  return false
}

function whyInvalid(row: i32): i32 {
  const from = word(at.dxStart, row)
  if (from === word(at.dxStart, row + 1)) return REASON_PRINCIPAL_MISSING
  const kind = short(at.dxPrincipal, short(at.dx, from)) - NO_PRINCIPAL
  if (kind === PRINCIPAL_UNKNOWN) return REASON_PRINCIPAL_UNKNOWN
  if (kind === PRINCIPAL_BARRED) return REASON_PRINCIPAL_BARRED
  if (kind === PRINCIPAL_GREY) return REASON_PRINCIPAL_GREY
  return byte(at.sex, row) === 0 ? REASON_SEX : REASON_AGE
}
