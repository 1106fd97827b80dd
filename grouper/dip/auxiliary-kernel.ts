import type { CaseBatch } from '../cases/batch.ts'
import { type AuxiliaryPlan, FACT } from './auxiliary-plan.ts'
import { BOUNDED, NO_CLASS } from './auxiliary-types.ts'

const DIED = 5

/** Facts from the bill, by case, in whole percent; −1 = not known. */
export interface BillColumns {
  readonly costPercent: Int32Array
  readonly treatmentPercent: Int32Array
  readonly drugPercent: Int32Array
}

const STAY: number = FACT.bounded + BOUNDED.indexOf('stay')
const AGE_YEARS: number = FACT.bounded + BOUNDED.indexOf('ageYears')
const AGE_DAYS: number = FACT.bounded + BOUNDED.indexOf('ageDays')
const ICU_DAYS: number = FACT.bounded + BOUNDED.indexOf('icuDays')
const CCI: number = FACT.bounded + BOUNDED.indexOf('cci')
const COST: number = FACT.bounded + BOUNDED.indexOf('costPercent')
const TREATMENT: number = FACT.bounded + BOUNDED.indexOf('treatmentPercent')
const DRUG: number = FACT.bounded + BOUNDED.indexOf('drugPercent')

/**
 * The auxiliary class of every case in every type: `classes[t][from + i]` is the number of the class of case i within type
 * t, or `NO_CLASS`.
 */
export function classifyBatch(
  plan: AuxiliaryPlan,
  batch: CaseBatch,
  classes: readonly Uint8Array[],
  from = 0,
  bill?: BillColumns,
): void {
  const { scope, classStart, testStart, testFact, testFrom, testTo, malignant } = plan
  const facts = new Int32Array(plan.factCount)
  const weights = new Uint8Array(plan.diseases)
  for (let i = 0; i < batch.count; i++) {
    gatherFacts(plan, batch, i, facts, weights)
    facts[COST] = bill === undefined ? -1 : bill.costPercent[i]!
    facts[TREATMENT] = bill === undefined ? -1 : bill.treatmentPercent[i]!
    facts[DRUG] = bill === undefined ? -1 : bill.drugPercent[i]!
    const first = batch.dxStart[i]!
    const tumour = batch.dxStart[i + 1]! > first && malignant[batch.dx[first]!] === 1 ? 1 : 2
    for (let t = 0; t < scope.length; t++) {
      let found = NO_CLASS
      if (scope[t] === 0 || scope[t] === tumour) {
        const start = classStart[t]!
        const end = classStart[t + 1]!
        for (let c = start; c < end && found === NO_CLASS; c++) {
          let holds = true
          for (let k = testStart[c]!; k < testStart[c + 1]! && holds; k++) {
            const value = facts[testFact[k]!]!
            holds = value >= testFrom[k]! && value <= testTo[k]!
          }
          if (holds) found = c - start
        }
      }
      classes[t]![from + i] = found
    }
  }
}

function gatherFacts(plan: AuxiliaryPlan, batch: CaseBatch, row: number, facts: Int32Array, weights: Uint8Array): void {
  const { listBits, category, malignant, cciStart, cciDisease, cciWeight, complication, listCount } = plan
  const start = batch.dxStart[row]!
  const end = batch.dxStart[row + 1]!
  const principal = end > start ? batch.dx[start]! : 0
  const own = category[principal]!
  let others = 0
  let tumour = 0
  let mcc = 0
  let cc = 0
  weights.fill(0)
  for (let k = start + 1; k < end; k++) {
    const id = batch.dx[k]!
    others |= listBits[id]!
    if (malignant[id] === 1 && category[id] !== own) tumour = 1
    for (let e = cciStart[id]!; e < cciStart[id + 1]!; e++) {
      const disease = cciDisease[e]!
      if (cciWeight[e]! > weights[disease]!) weights[disease] = cciWeight[e]!
    }
    const level = complication[id]!
    if (level !== 0 && id !== principal && !isExcluded(plan, id, principal)) {
      if (level === 2) mcc = 1
      else cc = 1
    }
  }
  let index = 0
  for (let d = 0; d < weights.length; d++) index += weights[d]!
  const hours = batch.icuHours[row]!
  const age = batch.age[row]!
  facts[FACT.died] = batch.dischargeWay[row] === DIED ? 1 : 0
  facts[FACT.malignantOther] = tumour
  facts[FACT.mcc] = mcc
  facts[FACT.cc] = cc
  facts[STAY] = batch.los[row]!
  facts[AGE_YEARS] = age
  facts[AGE_DAYS] = age === 0 ? batch.ageDays[row]! : -1
  facts[ICU_DAYS] = hours < 0 ? -1 : plan.icuBegun ? Math.ceil(hours / 24) : Math.floor(hours / 24)
  facts[CCI] = index
  const any = others | listBits[principal]!
  for (let k = 0; k < listCount; k++) {
    facts[FACT.lists + k] = (others >>> k) & 1
    facts[FACT.lists + listCount + k] = (any >>> k) & 1
  }
}

function isExcluded(plan: AuxiliaryPlan, id: number, principal: number): boolean {
  const table = plan.exclusionTable[id]!
  if (table === 0) return false
  return ((plan.exclusions[table * plan.exclusionWidth + (principal >> 5)]! >>> (principal & 31)) & 1) === 1
}
