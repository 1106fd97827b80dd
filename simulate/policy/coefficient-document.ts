import { z } from 'zod'
import { say } from '../../files/index.ts'
import { fileName, label, type Numeral, notNegative, positive, word } from './field.ts'

/** One step of a ladder: `first` at `from`, then `add` a `step` of the index, up to the cap of the level. */
export interface LadderPart {
  /** `cmi`, `cases`, `youngShare`, `oldShare`, or a column of the table of hospitals. */
  readonly index: string
  readonly title: { readonly zh: string; readonly en: string } | null
  /** `peers`: the excess over the mean of the level, x / mean − 1. */
  readonly against: 'none' | 'peers'
  /** Ages that `youngShare` (up to) and `oldShare` (from) count. */
  readonly age: Numeral | null
  readonly from: Numeral
  readonly first: Numeral
  readonly step: Numeral
  readonly add: Numeral
  readonly cap: Readonly<Record<string, Numeral>>
}

/** Hospital coefficients (医院系数) as a pack writes them. */
export interface CoefficientDocument {
  readonly kind: 'none' | 'level' | 'groupLevel' | 'hospital' | 'class' | 'groupHospital' | 'ladder' | 'basePlus'
  readonly table:
    | Readonly<Record<string, Numeral | Readonly<Record<string, Numeral>>>>
    | { readonly file: string }
    | null
  /** Coefficients rest on the cases of so many years before; null: the pack does not say. */
  readonly years: Numeral | null
  /** Bounds of every coefficient; null: none. */
  readonly min: Numeral | null
  readonly max: Numeral | null
  /** What a table does not list: a group or hospital without history. */
  readonly newGroup: Numeral
  /** Last year's coefficients, in the form of `table`, and how far a coefficient may move from them. */
  readonly lastYear: CoefficientDocument['table']
  readonly change: {
    readonly of: 'ratio' | 'difference'
    readonly down: Numeral | null
    readonly up: Numeral | null
  } | null
  /** Kinds ladder and basePlus: a basic coefficient by level (or hospital) and what is added by indices of the year. */
  readonly ladder: {
    readonly basic: Readonly<Record<string, Numeral>>
    readonly hospitals: Readonly<Record<string, Numeral>>
    readonly parts: readonly LadderPart[]
    readonly min: Numeral
    readonly max: Numeral | null
    readonly decimals: '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8'
  } | null
}

const part = z
  .strictObject({
    index: word,
    title: label.nullable().default(null),
    against: z.enum(['none', 'peers']).default('none'),
    age: z
      .string()
      .regex(/^\d{1,3}$/, say('请写整数岁数', 'Must be a whole number of years'))
      .nullable()
      .default(null),
    from: notNegative.default('0'),
    first: notNegative.default('0'),
    step: positive,
    add: notNegative,
    cap: z.record(word, notNegative),
  })
  .refine(({ index, age }) => (index === 'youngShare' || index === 'oldShare') === (age !== null), {
    error: say(
      'youngShare 和 oldShare 须写 age，其他指标不能写',
      'youngShare and oldShare need age, other indices must not have it',
    ),
    path: ['age'],
  })

const ladder = z.strictObject({
  basic: z.record(word, positive),
  hospitals: z.record(word, positive).default({}),
  parts: z.array(part).default([]),
  min: notNegative.default('0'),
  max: positive.nullable().default(null),
  decimals: z.enum(['0', '1', '2', '3', '4', '5', '6', '7', '8']).default('4'),
})

const values = z.union([fileName, z.record(word, z.union([positive, z.record(word, positive)]))], {
  error: say('应为映射（值为带引号的小数），或 {file: …}', 'Must be a map of decimals in quotes, or {file: …}'),
})

const change = z
  .strictObject({
    of: z.enum(['ratio', 'difference']).default('ratio'),
    down: notNegative.nullable().default(null),
    up: notNegative.nullable().default(null),
  })
  .refine(one => one.down !== null || one.up !== null, {
    error: say('请写 down 或 up', 'Give down or up'),
    path: ['up'],
  })

/** The schema of `coefficient`. */
export const COEFFICIENT: z.ZodType<CoefficientDocument> = z
  .strictObject({
    kind: z.enum(['none', 'level', 'groupLevel', 'hospital', 'class', 'groupHospital', 'ladder', 'basePlus']),
    table: values.nullable().default(null),
    min: positive.nullable().default(null),
    max: positive.nullable().default(null),
    years: z
      .string({ error: say('请写带引号的整数年数，如 "2"', 'A whole number of years in quotes, such as "2"') })
      .regex(/^[1-9]$/, say('请写带引号的整数年数，如 "2"', 'A whole number of years in quotes, such as "2"'))
      .nullable()
      .default(null),
    newGroup: positive.default('1'),
    lastYear: values.nullable().default(null),
    change: change.nullable().default(null),
    ladder: ladder.nullable().default(null),
  })
  .refine(({ kind, ladder: given }) => (kind === 'ladder' || kind === 'basePlus') === (given !== null), {
    error: say(
      'kind 为 ladder 或 basePlus 时须写 ladder，其他不能写',
      'Kinds ladder and basePlus need ladder, other kinds must not have it',
    ),
    path: ['ladder'],
  })
  .refine(
    ({ years, table, kind }) =>
      years === null || (table === null && ['level', 'groupLevel', 'hospital', 'groupHospital'].includes(kind)),
    {
      error: say(
        'years 只用于由病例算出的系数：没有 table，kind 为 level、groupLevel、hospital 或 groupHospital',
        'years is for coefficients that follow from cases: no table, kind level, groupLevel, hospital or groupHospital',
      ),
      path: ['years'],
    },
  )
  .refine(({ table, ladder: given }) => table === null || given === null, {
    error: say('table 与 ladder 只能写一个', 'Give table or ladder, not both'),
    path: ['table'],
  })
  .refine(({ min, max }) => min === null || max === null || Number(min) <= Number(max), {
    error: say('min 高于 max', 'min lies above max'),
    path: ['min'],
  })
  .refine(({ lastYear, change: given }) => (lastYear === null) === (given === null), {
    error: say('lastYear 与 change 须同时给出', 'lastYear and change need each other'),
    path: ['change'],
  })
  .refine(({ kind, min, max, lastYear }) => kind !== 'none' || (min ?? max ?? lastYear) === null, {
    error: say('kind 为 none 时没有系数可限', 'Kind none has no coefficient to bound'),
    path: ['kind'],
  })
  .default({
    kind: 'none',
    table: null,
    years: null,
    min: null,
    max: null,
    newGroup: '1',
    lastYear: null,
    change: null,
    ladder: null,
  })
