/** Facts of a case that stand in one cell. `message` is a whole platform message as JSON text. */
export const SINGLE_FIELDS = [
  'id',
  'admission',
  'settleId',
  'person',
  'sex',
  'birthDate',
  'age',
  'infantAge',
  'admitTime',
  'dischargeTime',
  'los',
  'dischargeWay',
  'icuHours',
  'dx',
  'px',
  'cost',
  'fund',
  'patient',
  'selfPay',
  'ownPay',
  'hospital',
  'insurance',
  'settleDate',
  'month',
  'department',
  'doctor',
  'medical',
  'nursing',
  'technical',
  'drug',
  'consumable',
  'management',
  'treatment',
  'message',
] as const

/** Facts that may stand in several cells of a row, in their order. */
export const LIST_FIELDS = [
  'otherDx',
  'otherPx',
  'addition',
  'weight',
  'admitWeight',
  'icuBegin',
  'icuEnd',
  'drugPart',
  'consumablePart',
  'treatmentPart',
] as const

/** Buckets of charges whose parts may stand in columns of their own (`drugPart` …), which are added up. */
export const PARTED = ['drug', 'consumable', 'treatment'] as const

export type SingleField = (typeof SINGLE_FIELDS)[number]
export type ListField = (typeof LIST_FIELDS)[number]

/** What a column of a file can mean; docs/formats.md says what each one is. */
export type SourceField = SingleField | ListField

export const SOURCE_FIELDS: readonly SourceField[] = [...SINGLE_FIELDS, ...LIST_FIELDS]

export function isListField(field: SourceField): field is ListField {
  return (LIST_FIELDS as readonly string[]).includes(field)
}

/** One case as its file has it: texts, '' where there is none. One object is filled again for every case. */
export interface RawCase {
  /** Line of the file, or row of the sheet, on which the case begins. */
  line: number
  readonly one: Record<SingleField, string>
  readonly many: Record<ListField, string[]>
}

export function createRawCase(): RawCase {
  const raw = {
    line: 0,
    one: Object.fromEntries(SINGLE_FIELDS.map(field => [field, ''])),
    many: Object.fromEntries(LIST_FIELDS.map(field => [field, []])),
  }
  // An object that is put together key by key is slow to write to; one that is parsed is not.
  return JSON.parse(JSON.stringify(raw)) as RawCase
}

/** Empties a case. */
export function clearRawCase({ one, many }: RawCase): void {
  for (const field of SINGLE_FIELDS) one[field] = ''
  for (const field of LIST_FIELDS) if (many[field].length > 0) many[field].length = 0
}
