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
function withoutStrays({ dx, px }: Checker, batch: CaseBatch): CaseBatch {
  if (dx.strays.texts.length + px.strays.texts.length === 2) return batch
  const cleaned = (column: Uint16Array, end: number, size: number): Uint16Array =>
    column.slice(0, end).map(id => (id < size ? id : 0))
  return {
    ...batch,
    dx: cleaned(batch.dx, batch.dxStart[batch.count]!, dx.dictionary.codes.length),
    px: cleaned(batch.px, batch.pxStart[batch.count]!, px.dictionary.codes.length),
  }
}

const NOT_IN_MDC = REASONS.indexOf('not-in-mdc')
const AMBIGUOUS = 1

/** Fills facts and bits from the columns of a batch. */
export function fillRow(checker: Checker, batch: CaseBatch, groups: GroupColumns, i: number): void {
  const { dx: dxIndex, px: pxIndex, row } = checker
  const { values, bits } = row
  const { words } = dxIndex
  values[FACT.sex] = batch.sex[i]!
  values[FACT.age] = orMissing(batch.age[i]!)
  values[FACT.ageDays] = orMissing(batch.ageDays[i]!)
  values[FACT.weight] = orMissing(batch.weight[i]!)
  values[FACT.los] = orMissing(batch.los[i]!)
  values[FACT.dischargeWay] = batch.dischargeWay[i]! === 0 ? Number.NaN : batch.dischargeWay[i]!
  values[FACT.cost] = orMissing(batch.cost[i]!)
  values[FACT.inNoMdc] = groups.reason[i] === NOT_IN_MDC ? 1 : 0
  values[FACT.ambiguous] = groups.status[i] === AMBIGUOUS ? 1 : 0
  values[FACT.schemeUsesDischargeWay] = checker.usesDischargeWay

  bits.fill(0)
  const { dx, px } = batch
  const dxFrom = batch.dxStart[i]!
  const dxEnd = batch.dxStart[i + 1]!
  values[FACT.diagnosisCount] = dxEnd - dxFrom
  for (let k = dxFrom; k < dxEnd; k++) addBits(bits, k === dxFrom ? 0 : words, words, dxIndex.bits, dx[k]!)
  for (let w = 0; w < words; w++) bits[2 * words + w] = bits[w]! | bits[words + w]!
  let mainRepeated = 0
  let othersRepeated = 0
  for (let k = dxFrom + 1; k < dxEnd; k++) {
    const code = dx[k]!
    if (code === dx[dxFrom]) mainRepeated = 1
    for (let j = dxFrom + 1; j < k; j++) if (dx[j] === code) othersRepeated = 1
  }
  values[FACT.mainRepeated] = mainRepeated
  values[FACT.othersRepeated] = othersRepeated

  const pxFrom = batch.pxStart[i]!
  const pxEnd = batch.pxStart[i + 1]!
  const slotEmpty = pxEnd > pxFrom && px[pxFrom] === 0
  values[FACT.mainSlotEmpty] = slotEmpty ? 1 : 0
  values[FACT.procedureCount] = pxEnd - pxFrom - (slotEmpty ? 1 : 0)
  for (let k = pxFrom; k < pxEnd; k++) addBits(bits, (k === pxFrom ? 3 : 4) * words, words, pxIndex.bits, px[k]!)
  for (let w = 0; w < words; w++) bits[5 * words + w] = bits[3 * words + w]! | bits[4 * words + w]!
}

function orMissing(value: number): number {
  return value < 0 ? Number.NaN : value
}

function addBits(bits: Int32Array, at: number, words: number, ofCodes: Int32Array, id: number): void {
  for (let w = 0; w < words; w++) bits[at + w]! |= ofCodes[id * words + w]!
}
