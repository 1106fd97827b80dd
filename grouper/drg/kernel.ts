import type { CaseBatch } from '../cases/batch.ts'
import type { RuleBook } from './book.ts'
import * as layout from './book.ts'
import { createPrograms } from './kernel-program.ts'

/**
 * The fast engine: groups a batch by the masks of a rule book. No strings, objects or closures per case; `interpret.ts`
 * is what it must agree with.
 */

/** Results of a batch by row: leaf (0 none), position in `STATUSES`, position in `REASONS`. */
export interface GroupColumns {
  readonly leaf: Uint16Array
  readonly status: Uint8Array
  readonly reason: Uint8Array
}

export function createGroupColumns(capacity: number): GroupColumns {
  return {
    leaf: new Uint16Array(new SharedArrayBuffer(capacity * 2)),
    status: new Uint8Array(new SharedArrayBuffer(capacity)),
    reason: new Uint8Array(new SharedArrayBuffer(capacity)),
  }
}

/** Groups the rows `from` … `to - 1` of a batch into `out`. */
type Kernel = (batch: CaseBatch, out: GroupColumns, from: number, to: number) => void

const kernels = new WeakMap<RuleBook, Kernel>()

/**
 * Rows a call: a function that is called often is compiled whole, with the tables of its book as constants; one that
 * loops for long is replaced while it runs, by code that looks each table up for each row.
 */
const ROWS = 1024

/** Groups the first `batch.count` cases into `out`. */
export function groupBatch(book: RuleBook, batch: CaseBatch, out: GroupColumns): void {
  let kernel = kernels.get(book)
  if (kernel === undefined) {
    kernel = createKernel(book)
    kernels.set(book, kernel)
  }
  for (let from = 0; from < batch.count; from += ROWS) kernel(batch, out, from, Math.min(batch.count, from + ROWS))
}

// Constants of this module become constants of the compiled loop; imported ones do not.
const {
  AGES,
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
} = layout
const HIGHEST = 1 << 31

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
const LEAF = (1 << KIND_SHIFT) - 1

/**
 * The kernel of a book. Its tables are read through one view of the whole book, so that compiled code keeps one base and
 * one length at hand; one kernel a process runs fastest, because both are then constants.
 */
function createKernel(book: RuleBook): Kernel {
  const { dayCut, mdcWhole, leafKind, leafTest } = book
  const table = new Int32Array(book.buffer)
  const classOf = book.pxClass
  const words = placeOf(book.dxWords)
  const start = placeOf(book.candidateStart)
  const lists = placeOf(book.candidates)
  const residues = placeOf(book.residues)
  const masks = placeOf(book.pxMasks)
  const free = placeOf(book.freeMask)
  const leaves = placeOf(book.leafOf)
  const triggered = placeOf(book.triggered)
  const rankTrigger = placeOf(book.rankTrigger)
  const dxTrigger = placeOf(book.dxTrigger)
  const pxWords = book.rankWords * 2
  const { holds, severityOf } = createPrograms(book)

  function groupRows(batch: CaseBatch, { leaf, status, reason }: GroupColumns, from: number, to: number): void {
    const { dx, dxStart, px, pxStart, sex, age, ageDays } = batch
    for (let i = from; i < to; i++) {
      const dxFrom = dxStart[i]! | 0
      const dxEnd = dxStart[i + 1]! | 0
      const first = table[words + (dxFrom < dxEnd ? dx[dxFrom]! : 0)]!
      const gender = sex[i]!
      const years = age[i]!
      if (first < 0 || gender === 0 || years < 0) {
        leaf[i] = 0
        status[i] = INVALID
        reason[i] = whyInvalid(batch, i)
        continue
      }
      const pxFrom = pxStart[i]! | 0
      const pxEnd = pxStart[i + 1]! | 0
      let others = 0
      for (let k = dxFrom + 1; k < dxEnd; k++) others |= table[words + dx[k]!]!
      const pulls = (first | others) & PULLS
      const days = years > 0 ? 0 : ageDays[i]!
      // Without branches where the processor could not foresee them; `KEYS` tells the bits.
      const key =
        Math.imul(first & 0xffff, KEYS) +
        Math.imul((gender + (gender >>> 2)) & 3, SEXES) +
        (years > 0 ? 0 : days < 0 ? 3 * AGES : days > dayCut ? 2 * AGES : AGES) +
        (pulls >>> 17) +
        ((pxFrom - pxEnd) >>> 31)
      const mainRow = pxFrom < pxEnd ? masks + Math.imul(classOf[px[pxFrom]!]!, pxWords) : 0
      let found = 0
      // Unless another diagnosis is a complication there is nothing to find out.
      let severity = ((others >>> LEVEL_SHIFT) & 3) === 0 ? 0 : -1
      let triggers = 0

      for (let c = lists + table[start + key]!, open = table[c]!; open !== 0; c += 4, open = table[c]!) {
        const word = table[c + 1]!
        if (pxFrom < pxEnd) {
          open &= table[mainRow + (word << 1)]!
          if (open === 0) continue
          const some = masks + (word << 1) + 1
          let any = table[free + word]!
          for (let k = pxFrom; k < pxEnd; k++) any |= table[some + Math.imul(classOf[px[k]!]!, pxWords)]!
          open &= any
        }
        if (pulls !== 0) {
          let doubtful = open & table[triggered + word]!
          if (doubtful !== 0 && triggers === 0) {
            for (let k = dxFrom; k < dxEnd; k++) triggers |= table[dxTrigger + (table[words + dx[k]!]! & 0xffff)]!
          }
          while (doubtful !== 0) {
            const bit = Math.clz32(doubtful)
            doubtful &= ~(HIGHEST >>> bit)
            if ((table[rankTrigger + (word << 5) + bit]! & triggers) === 0) open &= ~(HIGHEST >>> bit)
          }
        }
        while (open !== 0) {
          const bit = Math.clz32(open)
          open &= ~(HIGHEST >>> bit)
          const rank = (word << 5) + bit
          const unsure = ~table[c + 2]!
          if (((unsure << bit) & HIGHEST) !== 0) {
            const before = bitsOf(table[c]! & unsure & ~(-1 >>> bit))
            if (!holds(batch, i, table[residues + table[c + 3]! + before]!)) continue
          }
          found = table[leaves + (rank << 2)]!
          if (found >= GRADED) {
            if (severity < 0) severity = severityOf(batch, i)
            found = table[leaves + (rank << 2) + severity]! & ~GRADED
          } else if (found < 0) found = leafByPrograms(batch, i, rank)
          if (found !== 0) break
        }
        if (found !== 0) break
      }

      leaf[i] = found & LEAF
      const kind = found >>> KIND_SHIFT
      if (found !== 0 && kind === 0) {
        status[i] = GROUPED
        reason[i] = REASON_NONE
      } else if (found !== 0) {
        status[i] = kind === 1 ? AMBIGUOUS : NOT_GROUPED
        reason[i] = kind === 1 ? REASON_AMBIGUOUS : REASON_FALLBACK
      } else {
        status[i] = NOT_GROUPED
        reason[i] = inSomeMdc(batch, i) ? REASON_NOT_IN_ADRG : REASON_NOT_IN_MDC
      }
    }
  }

  /** Number of bits that are set. */
  function bitsOf(word: number): number {
    const pairs = word - ((word >>> 1) & 0x55555555)
    const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
    return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
  }

  function whyInvalid({ dx, dxStart, sex }: CaseBatch, row: number): number {
    if (dxStart[row] === dxStart[row + 1]) return REASON_PRINCIPAL_MISSING
    const kind = book.dxPrincipal[dx[dxStart[row]!]!]! - NO_PRINCIPAL
    if (kind === PRINCIPAL_UNKNOWN) return REASON_PRINCIPAL_UNKNOWN
    if (kind === PRINCIPAL_BARRED) return REASON_PRINCIPAL_BARRED
    if (kind === PRINCIPAL_GREY) return REASON_PRINCIPAL_GREY
    return sex[row] === 0 ? REASON_SEX : REASON_AGE
  }

  /** The first leaf of a rank whose rule holds, where some have programs; 0 where none does. */
  function leafByPrograms(batch: CaseBatch, row: number, rank: number): number {
    const { rankLeaf, leafProgram } = book
    for (let l = rankLeaf[rank]!; l < rankLeaf[rank + 1]!; l++) {
      const test = leafTest[l]!
      const fits =
        test === 0 || (test === 255 ? holds(batch, row, leafProgram[l]!) : (severityOf(batch, row) & test) !== 0)
      if (fits) return l | (leafKind[l]! << KIND_SHIFT)
    }
    return 0
  }

  /** Whether an MDC whose rule asks for a diagnosis takes the case: tells the two kinds of "not grouped" apart. */
  function inSomeMdc(batch: CaseBatch, row: number): boolean {
    for (let m = 0; m < mdcWhole.length; m++) {
      if (mdcWhole[m]! >= 0 && holds(batch, row, mdcWhole[m]!)) return true
    }
    return false
  }

  return groupRows
}

/** Where a table begins in its book, in words. */
function placeOf({ byteOffset }: Int32Array): number {
  return byteOffset >> 2
}
