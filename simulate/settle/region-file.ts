import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { readDocument, readTable, say } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import { Decimal, formatFen, parseDecimal, parseYuan } from '../../numbers/index.ts'
import type { Hospital } from '../../weights/index.ts'
import { BUDGET_FIELDS, type BudgetDocument, oddBudget } from '../budget/document.ts'
import type { Budget } from '../budget/parts.ts'
import { partsOf, type Waterfall, waterfallOf } from '../budget/waterfall.ts'
import { placeIn } from '../place.ts'
import { INSURANCE, insuranceCode } from '../policy/insurance.ts'
import { policyFile } from '../policy/load.ts'
import { type CycleFacts, type CycleFiles, readCycleFacts } from './cycle-facts.ts'
import type { Visitors } from './division.ts'

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
  /** How the budget of an insurance follows from its fund income, where the file says so. */
  readonly waterfalls: ReadonlyMap<string, Waterfall>
  /** Patients insured elsewhere. */
  readonly visitors: readonly Visitors[]
  /** How weights are derived from the cases; null: the defaults. */
  readonly weightConfig: string | null
  /** Table of coefficients; null: those of the policy, else derived from the cases. */
  readonly coefficients: string | null
  /** Cases of earlier years that coefficients follow from; empty: those of this year. */
  readonly coefficientCases: readonly string[]
  /** Weight file; null: weights are computed from the cases. */
  readonly weights: string | null
  /** What the year's clearing needs to know of the hospitals. */
  readonly cycle: CycleFacts
  /** Files that `cycle` names. */
  readonly cycleFiles: readonly string[]
  /** Marks of single cases; null: none. */
  readonly marks: string | null
  /** Coefficients of auxiliary types (辅助分型) by group and class; null: those that the policy names. */
  readonly auxiliary: string | null
  /** Provisional point value by insurance, yuan per point; empty: the policy's. */
  readonly provisionalPointValue: ReadonlyMap<string, Decimal>
}

const word = z.string().min(1)
const insurance = z
  .string()
  .regex(
    INSURANCE,
    say(
      '请写带引号的险种三位代码（310 职工，390 居民）',
      'Use the three digits of the insurance (310 employees, 390 residents), in quotes',
    ),
  )
const price = z
  .string({ error: say('数字请写成带引号的小数，如 "60"', 'A number is written as a decimal in quotes, such as "60"') })
  .refine(
    text => parseDecimal(text)?.gt(0) === true,
    say('须为大于零的小数，如 "60"', 'Must be a decimal greater than zero, such as "60"'),
  )

interface RegionDocument {
  readonly id: string
  readonly title: { readonly zh: string; readonly en: string }
  readonly year: number
  readonly scheme: string
  readonly policy: string
  readonly cases: readonly string[]
  readonly hospitals: string
  readonly budgets: readonly BudgetDocument[]
  readonly visitors: readonly Visitors[]
  readonly weights: string | null
  readonly weightConfig: string | null
  readonly coefficients: string | null
  readonly coefficientCases: readonly string[]
  readonly marks: string | null
  readonly auxiliary: string | null
  readonly provisionalPointValue: string | Readonly<Record<string, string>> | null
  readonly cycle: CycleFiles & { readonly workingCapital: string | null; readonly control: string | null }
}

const SCHEMA: z.ZodType<RegionDocument> = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, say('请用小写字母、数字和连字符', 'Use small letters, digits and hyphens')),
  title: z.strictObject({ zh: word, en: word }),
  year: z.int().min(2000).max(2100),
  scheme: word,
  policy: word,
  cases: z.array(word).min(1, say('请至少写一个病例文件', 'Name at least one file of cases')),
  hospitals: word,
  budgets: z
    .array(
      z.strictObject({ insurance, ...BUDGET_FIELDS }).superRefine((one, context) => {
        for (const [path, message] of oddBudget(one)) context.addIssue({ code: 'custom', message, path })
      }),
    )
    .min(1, say('请至少写一个预算', 'Give at least one budget')),
  visitors: z.array(z.strictObject({ insurance: word, as: insurance, pool: z.enum(['joins', 'apart']) })).default([]),
  weights: word.nullable().default(null),
  weightConfig: word.nullable().default(null),
  coefficients: word.nullable().default(null),
  coefficientCases: z.array(word).default([]),
  marks: word.nullable().default(null),
  auxiliary: word.nullable().default(null),
  provisionalPointValue: z
    .union([price, z.record(z.string().regex(INSURANCE), price)], {
      error: say('须为带引号的小数，或按险种分列的小数', 'Must be a decimal in quotes or a map by insurance'),
    })
    .nullable()
    .default(null),
  cycle: z
    .strictObject({
      appraisal: word.nullable().default(null),
      deductions: word.nullable().default(null),
      opening: word.nullable().default(null),
      workingCapital: word.nullable().default(null),
      control: word.nullable().default(null),
      through: z
        .string()
        .regex(
          /^\d{4}-(0[1-9]|1[0-2])$/,
          say('须为带引号的月份，如 "2025-09"', 'Must be a month such as "2025-09", in quotes'),
        )
        .nullable()
        .default(null),
    })
    .default({ appraisal: null, deductions: null, opening: null, workingCapital: null, control: null, through: null }),
})

/** Reads a region file; paths in it are relative to its folder. */
export function readRegion(file: string): Region {
  const document = readDocument(file, SCHEMA)
  const folder = dirname(resolve(file))
  const path = (name: string | null): string | null => (name === null ? null : resolve(folder, name))
  const budgets: Budget[] = []
  const waterfalls = new Map<string, Waterfall>()
  for (const [i, budget] of document.budgets.entries()) {
    const code = insuranceCode(budget.insurance)
    if (budgets.some(other => other.insurance === code)) throw twice(file, ['budgets', i, 'insurance'], code)
    const waterfall = budget.waterfall === null ? undefined : waterfallOf(budget.waterfall)
    if (waterfall !== undefined) waterfalls.set(code, waterfall)
    const fund = waterfall?.budget ?? parseYuan(budget.fund ?? '') ?? 0
    if (fund <= 0) throw nothingLeft(file, ['budgets', i, 'waterfall'], fund)
    const { pool } = partsOf(fund, budget.within)
    if (pool < 0) throw nothingLeft(file, ['budgets', i, 'within'], pool)
    budgets.push({ insurance: code, fund, within: budget.within })
  }
  const visitors = document.visitors.map((one, i) => visitorsOf(file, i, one, budgets))
  const hospitals = readHospitals(resolve(folder, document.hospitals))
  const { appraisal, deductions, opening, workingCapital, control, through } = document.cycle
  const files = {
    appraisal: path(appraisal),
    deductions: path(deductions),
    opening: path(opening),
    workingCapital: path(workingCapital),
    control: path(control),
    through,
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
    hospitals,
    hospitalFile: resolve(folder, document.hospitals),
    budgets,
    waterfalls,
    visitors,
    cycle: readCycleFacts(files, {
      hospitals: new Set(hospitals.map(hospital => hospital.code)),
      insurances: new Set([...budgets, ...visitors].map(one => one.insurance)),
      home: new Map(visitors.map(one => [one.insurance, one.as])),
    }),
    cycleFiles: [files.appraisal, files.deductions, files.opening, files.workingCapital, files.control].filter(
      name => name !== null,
    ),
    weights: path(document.weights),
    weightConfig: path(document.weightConfig),
    coefficients: path(document.coefficients),
    coefficientCases: document.coefficientCases.map(name => resolve(folder, name)),
    marks: path(document.marks),
    auxiliary: path(document.auxiliary),
    provisionalPointValue: new Map(prices.map(([code, text]) => [insuranceCode(code), new Decimal(text)])),
  }
}

/** Reads a table of hospitals: columns code, name, level, and class where coefficients go by class. */
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
  const classColumn = table.header.indexOf('class')
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
    const listed = cells[classColumn]?.trim() ?? ''
    return listed === '' ? { code, name, level } : { code, name, level, class: listed }
  })
}

/** Visitors with the codes of insurances; they need a budget to join, and a name that no budget has. */
function visitorsOf(file: string, i: number, given: Visitors, budgets: readonly Budget[]): Visitors {
  const one = { ...given, insurance: insuranceCode(given.insurance), as: insuranceCode(given.as) }
  const has = (code: string): boolean => budgets.some(budget => budget.insurance === code)
  if (has(one.insurance)) throw twice(file, ['visitors', i, 'insurance'], one.insurance)
  if (has(one.as)) return one
  throw new Fault({
    code: 'REG-008',
    at: placeIn(file, ['visitors', i, 'as']),
    what: {
      zh: `异地参保人员比照的险种 ${one.as} 没有预算。`,
      en: `Visitors are valued as ${one.as}, which has no budget.`,
    },
    fix: { zh: '请写 budgets 中有的险种。', en: 'Name an insurance that budgets lists.' },
  })
}

function nothingLeft(file: string, path: readonly (string | number)[], fen: number): Fault {
  const isWithin = path.at(-1) === 'within'
  return new Fault({
    code: 'REG-007',
    at: placeIn(file, path),
    what: isWithin
      ? {
          zh: `预算内的切块合计超过按病种付费预算 ${formatFen(-fen)} 元。`,
          en: `What is set apart within the budget exceeds it by ${formatFen(-fen)} yuan.`,
        }
      : {
          zh: `从基金收入扣除各项之后，按病种付费预算为 ${formatFen(fen)} 元。`,
          en: `After all lines the budget of case-based payment is ${formatFen(fen)} yuan.`,
        },
    fix: {
      zh: '请核对收入、各项金额和比例；份额从 of 所指的金额计算。',
      en: 'Check the income, the amounts and the shares; a share is taken of what "of" names.',
    },
  })
}

function twice(file: string, path: readonly (string | number)[], code: string): Fault {
  return new Fault({
    code: 'REG-003',
    at: placeIn(file, path),
    what: { zh: `险种 ${code} 的预算写了两次。`, en: `The budget of insurance ${code} is given twice.` },
    fix: { zh: '请合并为一条。', en: 'Merge them into one entry.' },
  })
}
