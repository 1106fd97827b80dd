import type { Text } from '../../messages/index.ts'
import type { Scheme } from '../scheme/types.ts'

/** First and last whole number that fit; an absent end is open. */
export interface Bounds {
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/** Facts of a case that bounds may ask for. */
export const BOUNDED = [
  'stay',
  'ageYears',
  'ageDays',
  'icuDays',
  'cci',
  'costPercent',
  'treatmentPercent',
  'drugPercent',
] as const
export type BoundedFact = (typeof BOUNDED)[number]

/**
 * What a class asks for; everything given must hold, and a fact that is not known meets no bound. A closed language: no
 * text of a catalogue is ever run.
 */
export interface AuxiliaryCondition extends Readonly<Partial<Record<BoundedFact, Bounds | undefined>>> {
  readonly died?: boolean | undefined
  /** Some other diagnosis is a complication of this level, not excluded by the principal one. */
  readonly complication?: 'MCC' | 'CC' | undefined
  /** Name of a list: some other diagnosis is on it. */
  readonly otherIn?: string | undefined
  /** Name of a list: some diagnosis, principal or other, is on it. */
  readonly diagnosisIn?: string | undefined
  /** Some other diagnosis is malignant and of another category than the principal one. */
  readonly malignantOther?: boolean | undefined
}

/** One class of an auxiliary type, such as "severe" or "7 to 17 years". */
export interface AuxiliaryClass {
  readonly id: string
  readonly title: Text
  readonly when: AuxiliaryCondition
  /** An ordinary case of its group: no coefficient. */
  readonly base: boolean
}

/** An auxiliary type (辅助分型): classes in order, the first that holds is the case's. */
export interface AuxiliaryType {
  readonly id: string
  readonly title: Text
  /** Cases that it is for, by the principal diagnosis. */
  readonly scope: 'all' | 'malignant' | 'notMalignant'
  /** Its gates are lower (ICU days). */
  readonly loose: boolean
  readonly classes: readonly AuxiliaryClass[]
}

/** Weight of one disease of the comorbidity index, by the diagnoses that mean it. */
export interface CciRow {
  readonly disease: string
  readonly weight: number
  /** A term as in `keys.ts`, or a full code with its marks. */
  readonly term: string
}

/** Diagnoses by name: terms, and full codes that must be equal, marks included. */
export interface DiagnosisList {
  readonly title: Text
  readonly terms: readonly string[]
  readonly codes: ReadonlySet<string>
}

/** Auxiliary types of a scheme or city, with their lists. */
export interface AuxiliaryPack {
  readonly id: string
  readonly title: Text
  readonly types: readonly AuxiliaryType[]
  readonly lists: ReadonlyMap<string, DiagnosisList>
  /** Empty where the pack has no comorbidity index. */
  readonly cci: readonly CciRow[]
  /** How ICU hours become days. */
  readonly icuDays: 'completed' | 'begun'
  readonly malignant: readonly string[]
  /** DRG scheme whose MCC, CC and exclusion tables count; null where no class asks for them. */
  readonly complications: Scheme | null
}

/** Facts from the bill, where they are known: whole percent, rounded down. */
export interface BillFacts {
  /** Cost against the payment standard of the group. */
  readonly costPercent?: number | undefined
  /** Charges for treatment without surgery, and for drugs, against the cost. */
  readonly treatmentPercent?: number | undefined
  readonly drugPercent?: number | undefined
}

/** Marks "no class of this type". */
export const NO_CLASS = 255
