import type { CaseBatch } from '../cases/batch.ts'
import { createGroupColumns, type GroupColumns, groupBatch } from '../drg/kernel.ts'
import { REASONS } from '../drg/outcome.ts'
import type { Checker } from './checker.ts'
import { FACT } from './facts.ts'

/** The groups of a batch whose codes may be of no dictionary. */
export function groupsOf(checker: Checker, batch: CaseBatch): GroupColumns {
  const groups = createGroupColumns(batch.count)
  groupBatch(checker.options.book, withoutStrays(checker, batch), groups)
  return groups
}

/** The batch as the grouper takes it: codes that no dictionary has are 0. */
export function withoutStrays({ dx, px }: Checker, batch: CaseBatch): CaseBatch {
  if (dx.strays.texts.length + px.strays.texts.length === 2) return batch
  return {
    ...batch,
    dx: cleaned(batch.dx, batch.dxStart[batch.count]!, dx.dictionary.codes.length),
    px: cleaned(batch.px, batch.pxStart[batch.count]!, px.dictionary.codes.length),
  }
}

/** A copy with 0 in place of ids from `size` on. */
function cleaned(column: Uint16Array, end: number, size: number): Uint16Array {
  const copy = new Uint16Array(end)
  for (let k = 0; k < end; k++) copy[k] = column[k]! < size ? column[k]! : 0
  return copy
}

const NOT_IN_MDC = REASONS.indexOf('not-in-mdc')
const AMBIGUOUS = 1

// Plain constants: a look-up by name per case and fact would cost more than the fact.
const {
  sex: SEX,
  age: AGE,
  ageDays: AGE_DAYS,
  weight: WEIGHT,
  los: LOS,
  dischargeWay: DISCHARGE_WAY,
  cost: COST,
  inNoMdc: IN_NO_MDC,
  ambiguous: IS_AMBIGUOUS,
  schemeUsesDischargeWay: USES_DISCHARGE_WAY,
  diagnosisCount: DIAGNOSIS_COUNT,
  mainRepeated: MAIN_REPEATED,
  othersRepeated: OTHERS_REPEATED,
  mainSlotEmpty: MAIN_SLOT_EMPTY,
  procedureCount: PROCEDURE_COUNT,
} = FACT

/** What a row is filled by. */
type Filled = Pick<Checker, 'dx' | 'px' | 'row' | 'usesDischargeWay'>

/** Fills facts and bits from the columns of a batch. */
export function fillRow(checker: Filled, batch: CaseBatch, groups: GroupColumns, i: number): void {
  const { dx: dxIndex, px: pxIndex, row } = checker
  const { values, bits } = row
  const { words } = dxIndex
  const way = batch.dischargeWay[i]!
  values[SEX] = batch.sex[i]!
  values[AGE] = orMissing(batch.age[i]!)
  values[AGE_DAYS] = orMissing(batch.ageDays[i]!)
  values[WEIGHT] = orMissing(batch.weight[i]!)
  values[LOS] = orMissing(batch.los[i]!)
  values[DISCHARGE_WAY] = way === 0 ? Number.NaN : way
  values[COST] = orMissing(batch.cost[i]!)
  values[IN_NO_MDC] = groups.reason[i] === NOT_IN_MDC ? 1 : 0
  values[IS_AMBIGUOUS] = groups.status[i] === AMBIGUOUS ? 1 : 0
  values[USES_DISCHARGE_WAY] = checker.usesDischargeWay

  const { dx, px } = batch
  const dxFrom = batch.dxStart[i]!
  const dxEnd = batch.dxStart[i + 1]!
  values[DIAGNOSIS_COUNT] = dxEnd - dxFrom
  fillBits(bits, 0, words, dxIndex.bits, dx, dxFrom, dxEnd)
  let mainRepeated = 0
  let othersRepeated = 0
  for (let k = dxFrom + 1; k < dxEnd; k++) {
    const code = dx[k]!
    if (code === dx[dxFrom]) mainRepeated = 1
    for (let j = dxFrom + 1; j < k; j++) if (dx[j] === code) othersRepeated = 1
  }
  values[MAIN_REPEATED] = mainRepeated
  values[OTHERS_REPEATED] = othersRepeated

  const pxFrom = batch.pxStart[i]!
  const pxEnd = batch.pxStart[i + 1]!
  const slotEmpty = pxEnd > pxFrom && px[pxFrom] === 0 ? 1 : 0
  values[MAIN_SLOT_EMPTY] = slotEmpty
  values[PROCEDURE_COUNT] = pxEnd - pxFrom - slotEmpty
  fillBits(bits, 3 * words, words, pxIndex.bits, px, pxFrom, pxEnd)
}

function orMissing(value: number): number {
  return value < 0 ? Number.NaN : value
}

/** The lists of the principal code, of the other codes and of all, `words` words each from `at` on. */
function fillBits(
  bits: Int32Array,
  at: number,
  words: number,
  ofCodes: Int32Array,
  codes: Uint16Array,
  from: number,
  end: number,
): void {
  for (let w = 0; w < words; w++) {
    const main = from < end ? ofCodes[codes[from]! * words + w]! : 0
    let others = 0
    for (let k = from + 1; k < end; k++) others |= ofCodes[codes[k]! * words + w]!
    bits[at + w] = main
    bits[at + words + w] = others
    bits[at + 2 * words + w] = main | others
  }
}
