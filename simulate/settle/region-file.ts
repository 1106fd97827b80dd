import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { readDocument, readTable } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import { Decimal, type Fen, parseDecimal, parseYuan } from '../../numbers/index.ts'
import type { Hospital } from '../../weights/index.ts'
import { placeIn } from '../place.ts'
import { INSURANCE, insuranceCode } from '../policy/insurance.ts'
import { policyFile } from '../policy/load.ts'
import type { Budget } from './region.ts'

/** A region as its file states it; paths are absolute. */
export interface Region {
  readonly file: string
  readonly id: string
  readonly title: { readonly zh: string; readonly en: string }
  readonly year: number
  /** Scheme: the id of a built-in one or the path of a pack. */
  readonly scheme: string
  /** Path of `policy.yaml`. */
  readonly policy: string
  readonly cases: readonly string[]
  readonly hospitals: readonly Hospital[]
  readonly hospitalFile: string
  readonly budgets: readonly Budget[]
  /** How weights are derived from the cases; null: the defaults. */
  readonly weightConfig: string | null
  /** Table of coefficients; null: those of the policy, else derived from the cases. */
  readonly coefficients: string | null
  /** Weight file; null: weights are computed from the cases. */
  readonly weights: string | null
  /** Provisional point value by insurance, yuan per point; empty: the policy's. */
  readonly provisionalPointValue: ReadonlyMap<string, Decimal>
}

const word = z.string().min(1)
const insurance = z
  .string()
  .regex(INSURANCE, 'Use the three digits of the insurance (310 employees, 390 residents), in quotes')
const amount = z
  .string({ error: 'Money is written in quotes, such as "123456.00"' })
  .refine(text => (parseYuan(text) ?? 0) > 0, 'Must be an amount in yuan greater than zero, such as "123456.00"')
const price = z
  .string({ error: 'A number is written as a decimal in quotes, such as "60"' })
  .refine(text => parseDecimal(text)?.gt(0) === true, 'Must be a decimal greater than zero, such as "60"')

interface RegionDocument {
  readonly id: string
  readonly title: { readonly zh: string; readonly en: string }
  readonly year: number
  readonly scheme: string
  readonly policy: string
  readonly cases: readonly string[]
  readonly hospitals: string
  readonly budgets: readonly { readonly insurance: string; readonly fund: string }[]
  readonly weights: string | null
  readonly weightConfig: string | null
  readonly coefficients: string | null
  readonly provisionalPointValue: string | Readonly<Record<string, string>> | null
}

const SCHEMA: z.ZodType<RegionDocument> = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'Use small letters, digits and hyphens'),
  title: z.strictObject({ zh: word, en: word }),
  year: z.int().min(2000).max(2100),
  scheme: word,
  policy: word,
  cases: z.array(word).min(1, 'Name at least one file of cases'),
  hospitals: word,
  budgets: z.array(z.strictObject({ insurance, fund: amount })).min(1, 'Give at least one budget'),
  weights: word.nullable().default(null),
  weightConfig: word.nullable().default(null),
  coefficients: word.nullable().default(null),
  provisionalPointValue: z
    .union([price, z.record(z.string().regex(INSURANCE), price)], {
      error: 'Must be a decimal in quotes or a map by insurance',
    })
    .nullable()
    .default(null),
})

/** Reads a region file; paths in it are relative to its folder. */
export function readRegion(file: string): Region {
  const document = readDocument(file, SCHEMA)
  const folder = dirname(resolve(file))
  const path = (name: string | null): string | null => (name === null ? null : resolve(folder, name))
  const budgets: Budget[] = []
  for (const [i, budget] of document.budgets.entries()) {
    const code = insuranceCode(budget.insurance)
    if (budgets.some(other => other.insurance === code)) throw twice(file, ['budgets', i, 'insurance'], code)
    budgets.push({ insurance: code, fund: yuan(budget.fund) })
  }
  const given = document.provisionalPointValue
  const prices =
    typeof given === 'string'
      ? budgets.map(({ insurance: code }) => [code, given] as const)
      : Object.entries(given ?? {})
  return {
    file,
    id: document.id,
    title: document.title,
    year: document.year,
    scheme: /[/\\]/.test(document.scheme) ? resolve(folder, document.scheme) : document.scheme,
    policy: policyFile(document.policy, folder),
    cases: document.cases.map(name => resolve(folder, name)),
    hospitals: readHospitals(resolve(folder, document.hospitals)),
    hospitalFile: resolve(folder, document.hospitals),
    budgets,
    weights: path(document.weights),
    weightConfig: path(document.weightConfig),
    coefficients: path(document.coefficients),
    provisionalPointValue: new Map(prices.map(([code, text]) => [insuranceCode(code), new Decimal(text)])),
  }
}

/** Reads a table of hospitals: columns code, name, level. */
export function readHospitals(file: string): readonly Hospital[] {
  const table = readTable(file)
  const columns = ['code', 'name', 'level'].map(name => table.header.indexOf(name))
  if (columns.includes(-1)) {
    throw new Fault({
      code: 'REG-001',
      at: { file, line: 1 },
      what: {
        zh: `医疗机构表的表头是 ${table.header.join(',')}。`,
        en: `The header of the hospital table is ${table.header.join(',')}.`,
      },
      fix: { zh: '表头须有 code,name,level 三列。', en: 'It needs the columns code,name,level.' },
    })
  }
  const seen = new Set<string>()
  return table.rows.map(({ cells, line }) => {
    const [code = '', name = '', level = ''] = columns.map(column => cells[column]?.trim() ?? '')
    if (code === '' || level === '' || seen.has(code)) {
      throw new Fault({
        code: 'REG-002',
        at: { file, line },
        what: seen.has(code)
          ? { zh: `医疗机构 ${code} 出现两次。`, en: `Hospital ${code} stands there twice.` }
          : { zh: '该行缺少编码或级别。', en: 'The row lacks the code or the level.' },
        fix: { zh: '每家医疗机构一行，写明 code、name、level。', en: 'One row a hospital, with code, name and level.' },
      })
    }
    seen.add(code)
    return { code, name, level }
  })
}

/** Yuan that the schema has checked, in fen. */
function yuan(text: string): Fen {
  const fen = parseYuan(text)
  if (fen === undefined) throw new Error(`not an amount: ${text}`)
  return fen
}

function twice(file: string, path: readonly (string | number)[], code: string): Fault {
  return new Fault({
    code: 'REG-003',
    at: placeIn(file, path),
    what: { zh: `险种 ${code} 的预算写了两次。`, en: `The budget of insurance ${code} is given twice.` },
    fix: { zh: '请合并为一条。', en: 'Merge them into one entry.' },
  })
}
