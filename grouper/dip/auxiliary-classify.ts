import type { Case } from '../cases/case.ts'
import { countingComplications, factsOf } from '../drg/interpret.ts'
import {
  type AuxiliaryClass,
  type AuxiliaryCondition,
  type AuxiliaryPack,
  type AuxiliaryType,
  type BillFacts,
  BOUNDED,
  type BoundedFact,
  type CciRow,
  type DiagnosisList,
} from './auxiliary-types.ts'
import { bareDiagnosis, categoryOf, meetsTerm } from './keys.ts'

/** The class that a case has in one auxiliary type. */
export interface AuxiliaryFinding {
  readonly type: AuxiliaryType
  readonly class: AuxiliaryClass
}

const DIED = 5

/**
 * The classes of a case, one a type at most: the meaning of a pack, which the kernel is tested against. Only the facts of
 * the case count; whether a class has a coefficient in the case's group is another matter (weights).
 */
export function auxiliaryClasses(pack: AuxiliaryPack, one: Case, bill: BillFacts = {}): readonly AuxiliaryFinding[] {
  const [principal, ...others] = one.diagnoses
  const malignant = principal !== undefined && isMalignant(pack, principal)
  const values: Values = {
    stay: one.losDays,
    ageYears: one.ageYears,
    ageDays: one.ageYears === 0 ? one.ageDays : undefined,
    icuDays: icuDaysOf(pack, one.icuHours),
    cci: comorbidityIndex(pack.cci, others),
    costPercent: bill.costPercent,
    treatmentPercent: bill.treatmentPercent,
    drugPercent: bill.drugPercent,
  }
  return pack.types.flatMap(type => {
    if (type.scope !== 'all' && (type.scope === 'malignant') !== malignant) return []
    const found = type.classes.find(({ when }) => meets(pack, when, one, values))
    return found === undefined ? [] : [{ type, class: found }]
  })
}

type Values = Readonly<Record<BoundedFact, number | undefined>>

function isMalignant({ malignant }: AuxiliaryPack, code: string): boolean {
  return malignant.some(term => meetsTerm(code, term))
}

/**
 * Comorbidity index (CCI): over the other diagnoses only, per disease the highest weight once, summed up. The principal
 * diagnosis never counts.
 */
export function comorbidityIndex(rows: readonly CciRow[], others: readonly string[]): number {
  const weights = new Map<string, number>()
  for (const { disease, weight, term } of rows) {
    if (weight > (weights.get(disease) ?? 0) && others.some(code => isCode(code, term))) weights.set(disease, weight)
  }
  return [...weights.values()].reduce((sum, weight) => sum + weight, 0)
}

function meets(pack: AuxiliaryPack, when: AuxiliaryCondition, one: Case, values: Values): boolean {
  const others = one.diagnoses.slice(1)
  for (const fact of BOUNDED) {
    const bounds = when[fact]
    if (bounds === undefined) continue
    const found = values[fact]
    if (found === undefined || found < (bounds.from ?? 0) || found > (bounds.to ?? found)) return false
  }
  if (when.died !== undefined && when.died !== (one.dischargeWay === DIED)) return false
  if (when.otherIn !== undefined && !others.some(code => isListed(pack, when.otherIn!, code))) return false
  if (when.diagnosisIn !== undefined && !one.diagnoses.some(code => isListed(pack, when.diagnosisIn!, code)))
    return false
  if (when.malignantOther !== undefined && when.malignantOther !== hasOtherTumour(pack, one.diagnoses)) return false
  if (when.complication === undefined) return true
  const { complications } = pack
  return complications !== null && countingComplications(complications, factsOf(one), when.complication).length > 0
}

function icuDaysOf({ icuDays }: AuxiliaryPack, hours: number | undefined): number | undefined {
  if (hours === undefined) return undefined
  return icuDays === 'completed' ? Math.floor(hours / 24) : Math.ceil(hours / 24)
}

function hasOtherTumour(pack: AuxiliaryPack, [principal, ...others]: readonly string[]): boolean {
  const category = principal === undefined ? '' : categoryOf(principal)
  return others.some(code => categoryOf(code) !== category && isMalignant(pack, code))
}

function isListed({ lists }: AuxiliaryPack, name: string, code: string): boolean {
  const list = lists.get(name)
  return list !== undefined && inList(list, code)
}

/** Whether a code is on a list: equal to one of its codes, marks included, or under one of its terms. */
function inList({ codes, terms }: DiagnosisList, code: string): boolean {
  return codes.has(code) || terms.some(term => meetsTerm(code, term))
}

/** Whether a code is what a row of the index names: a term, or a code that is equal with its marks. */
function isCode(code: string, term: string): boolean {
  return term === bareDiagnosis(term) ? meetsTerm(code, term) : code === term
}
