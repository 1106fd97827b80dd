import { z } from 'zod'
import { say } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import { Decimal, formatFen, parseYuan } from '../../numbers/index.ts'
import {
  addsEnough,
  benchmarkBasis,
  incrementPercent,
  type Mean,
  meanCostBasis,
  meanOfOne,
  meanOfSum,
  meanValue,
  quotaBasis,
  scoreOf,
  weightedMean,
  YEAR_READINGS,
  type YearReading,
} from '../../weights/index.ts'
import { type OutlierDocument, outlierSets } from '../policy/outliers-document.ts'
import { payCase } from '../settle/case-payment.ts'
import { policyOf } from '../verify/case.ts'
import { caseSheet } from './case-sheet.ts'
import { settleDipPool } from './point-value.ts'

/** What the code makes of the inputs of an example, in the shape of its expected values. */
export interface Answer {
  readonly [field: string]: Decimal | string | boolean | null | Answer
}

/** What is needed beside the inputs: the names under which answers are expected. */
export interface Question {
  /** Id and title, where they tell readings apart. */
  readonly text: string
  readonly expected: Readonly<Record<string, unknown>>
}

/** One kind of worked example: how its inputs look and what the code makes of them. */
interface Kind {
  readonly name: string
  /** Keys by which the kind is known. */
  readonly keys: readonly string[]
  readonly answer: (inputs: unknown, question: Question) => Answer
}

const decimal = z
  .union([z.string().regex(/^[+-]?\d+(\.\d+)?$/, say('不是小数', 'not a decimal')), z.number()])
  .transform(value => new Decimal(value))
const yuan = z.string().refine(text => parseYuan(text) !== undefined, say('不是金额', 'not an amount of money'))
const byName = z.record(z.string(), decimal)

function kindOf<T>(
  name: string,
  keys: readonly string[],
  inputs: z.ZodType<T>,
  of: (i: T, q: Question) => Answer,
): Kind {
  return { name, keys, answer: (raw, question) => of(inputs.parse(raw), question) }
}

const mapped = <T>(record: Readonly<Record<string, T>>, of: (value: T, key: string) => Answer[string]): Answer =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, of(value, key)]))

const scores: Kind = kindOf(
  'score',
  ['costsByGroup'],
  z.object({
    costsByGroup: z.record(z.string(), z.array(decimal).min(1)),
    benchmarkGroup: z.string().optional(),
    fixedQuota: decimal.optional(),
  }),
  ({ costsByGroup, benchmarkGroup, fixedQuota }) => {
    const add = (costs: readonly Decimal[]): Mean =>
      meanOfSum(
        costs.reduce((all, cost) => all.plus(cost), new Decimal(0)),
        costs.length,
      )!
    const means = Object.fromEntries(Object.entries(costsByGroup).map(([group, costs]) => [group, add(costs)]))
    const region = add(Object.values(costsByGroup).flat())
    const benchmark = benchmarkGroup === undefined ? undefined : means[benchmarkGroup]
    return {
      groupMean: mapped(means, meanValue),
      regionMean: meanValue(region),
      scoreMeanCostMethod: mapped(means, mean => scoreOf(mean, meanCostBasis(region))),
      ...(benchmark && { scoreBenchmarkMethod: mapped(means, mean => scoreOf(mean, benchmarkBasis(benchmark))) }),
      ...(fixedQuota && { scoreFixedQuotaMethod: mapped(means, mean => scoreOf(mean, quotaBasis(fixedQuota))) }),
    }
  },
)

const region: Kind = kindOf(
  'region',
  ['dipFundTotal', 'institutions'],
  z.object({
    dipFundTotal: z.string().transform((text, context) => {
      const fen = parseYuan(text)
      if (fen !== undefined) return fen
      context.addIssue(say('不是金额', 'not an amount of money'))
      return z.NEVER
    }),
    fundPaymentRatio: decimal,
    institutions: z.array(z.object({ id: z.string(), rawScore: decimal, coefficient: decimal })),
  }),
  ({ dipFundTotal, fundPaymentRatio, institutions }) => {
    const pool = settleDipPool(dipFundTotal, fundPaymentRatio, institutions)
    const each = (of: (i: number) => Decimal): Answer =>
      Object.fromEntries(institutions.map(({ id }, i) => [id, of(i)]))
    const yuan = (fen: number): Decimal => new Decimal(formatFen(fen))
    return {
      score: each(i => pool.scores[i]!),
      totalScore: pool.totalScore,
      pointValue: pool.pointValue,
      grossPayment: each(i => pool.gross[i]!),
      grossPaymentTotal: pool.gross.reduce((all, one) => all.plus(one), new Decimal(0)),
      fundPayment: each(i => yuan(pool.fund[i]!)),
      fundPaymentTotal: yuan(pool.fund.reduce((all, one) => all + one, 0)),
    }
  },
)

const sheet: Kind = kindOf(
  'case-sheet',
  ['costs', 'baseScore'],
  z.object({
    costs: z.object({
      diagnosisAndTreatment: decimal,
      examination: decimal,
      drugs: decimal,
      consumables: decimal,
    }),
    fundBooked: decimal,
    baseScore: decimal,
    levelCoefficient: decimal,
    pointValue: decimal,
    ownCostShareOfServices: decimal,
    ownCostShareOfDrugsAndConsumables: decimal,
  }),
  ({ ownCostShareOfServices, ownCostShareOfDrugsAndConsumables, ...rest }) => ({
    ...caseSheet({
      ...rest,
      ownCostOfServices: ownCostShareOfServices,
      ownCostOfGoods: ownCostShareOfDrugsAndConsumables,
    }),
  }),
)

const increment: Kind = kindOf(
  'related-operation',
  ['baseMeanCost', 'withRelated'],
  z.object({ baseMeanCost: decimal, withRelated: byName, thresholdPercent: decimal }),
  ({ baseMeanCost, withRelated, thresholdPercent }) => {
    const base = meanOfOne(baseMeanCost)
    return mapped(withRelated, cost => ({
      incrementPercent: incrementPercent(meanOfOne(cost), base),
      keepAsOwnGroup: addsEnough(meanOfOne(cost), base, thresholdPercent),
    }))
  },
)

const outliers: Kind = kindOf(
  'outlier-grid',
  ['caseCosts', 'groupScore'],
  z.object({
    groupScore: decimal,
    groupMeanCost: decimal.optional(),
    institutionCoefficient: decimal,
    sameLevelStandard: decimal.optional(),
    auxiliaryCoefficient: decimal.default(new Decimal(1)),
    referenceByRuleSet: byName.default({}),
    caseCosts: z.array(yuan),
  }),
  (inputs, { expected }) => {
    const wanted = z.record(z.string(), z.record(z.string(), z.unknown())).parse(expected.scoreByCost ?? {})
    const scoreOfLabel = (cost: string, label: string): Decimal | null => {
      const [id = '', ...rest] = label.split(',').map(part => part.trim())
      const how = QUALIFIERS[rest.join(', ')]
      if (how === undefined) return null
      const rules = outlierSets().get(id)
      if (rules === undefined) throw noRuleSet(id)
      const standard = rules.reference === 'levelStandard' ? inputs.sameLevelStandard : inputs.groupMeanCost
      const reference = inputs.referenceByRuleSet[id] ?? standard
      if (reference === undefined) return null
      if (how === 'blank' && rules.blankGroup === null) return null
      return scoreOfCase({ ...inputs, cost, rules, how, reference, groupMean: inputs.groupMeanCost ?? reference })
    }
    return { scoreByCost: mapped(wanted, (row, cost) => mapped(row, (_, label) => scoreOfLabel(cost, label))) }
  },
)

/** A case of an outlier grid. Money in yuan. */
interface GridCase {
  readonly rules: OutlierDocument
  readonly how: InstitutionUse | 'blank'
  readonly groupScore: Decimal
  readonly cost: string
  readonly reference: Decimal
  readonly groupMean: Decimal
  readonly institutionCoefficient: Decimal
  readonly auxiliaryCoefficient: Decimal
}

/** Departure from a rule set that some places make: k in every band, or in none. */
type InstitutionUse = 'as-ruled' | 'always' | 'never'

/** Score of one case by the rules, through the function that pays cases. */
function scoreOfCase(one: GridCase): Decimal | null {
  const { rules, how } = one
  const cost = parseYuan(one.cost)
  if (cost === undefined) throw new Error(`not an amount: ${one.cost}`)
  const bands = rules.bands.map(band => ({
    ...band,
    institution: how === 'always' || (how !== 'never' && band.institution),
  }))
  const policy = policyOf(
    {
      method: 'points',
      unit: 'score',
      scale: '1',
      avgCost: '1',
      // The example states the reference itself.
      ratioBase: 'levelStandard',
      outliers: { ...rules, bands, reference: 'groupMean' },
      blankGroup: how === 'blank' ? 'KBBZ' : null,
      auxiliary: { types: 'dip3-draft' },
    },
    'inputs',
  )
  const payment = payCase(
    policy,
    {
      group: how === 'blank' ? 'KBBZ' : 'group',
      parent: '',
      status: 0,
      weight: one.groupScore,
      stable: true,
      coefficient: one.institutionCoefficient,
      level: '',
      insurance: '310',
      cost,
      los: null,
      detail: { auxiliary: [{ type: '', class: '', coefficient: one.auxiliaryCoefficient.toFixed() }] },
    },
    {
      meanCost: null,
      pointValue: new Decimal(1),
      levelMean: { n: one.reference, d: ONE },
      groupMean: { n: one.groupMean, d: ONE },
    },
  )
  return payment.equivalent
}

function noRuleSet(id: string): Fault {
  const known = [...outlierSets().keys()].join(', ')
  return new Fault({
    code: 'POL-020',
    at: { field: id },
    what: { zh: `没有费用异常规则 ${id}。`, en: `There is no outlier rule set ${id}.` },
    fix: { zh: `可用的有：${known}。`, en: `These exist: ${known}.` },
  })
}

/** What stands behind the name of a rule set in a grid. */
const QUALIFIERS: Readonly<Record<string, InstitutionUse | 'blank'>> = {
  '': 'as-ruled',
  'no institution coefficient': 'never',
  'times k': 'always',
  'blank group': 'blank',
}

const perYear = z.array(decimal.nullable())
const years: Kind = kindOf(
  'three-years',
  ['weights'],
  z
    .object({
      yearlyMeans: perYear.optional(),
      weights: z.array(decimal).min(1),
      reading: z.enum(YEAR_READINGS).optional(),
    })
    .catchall(z.unknown()),
  ({ yearlyMeans, weights, reading, ...more }, { text, expected }) => {
    const [cases, sums] = [columnOf(more, /case|count/i), columnOf(more, /total|sum|cost/i)]
    const totals = weights.map((_, y) => {
      const [mean, sum] = [yearlyMeans?.[y] ?? ZERO, sums?.[y] ?? undefined]
      // A year without a mean has no cases; where no numbers of cases are given, every other year counts as one.
      const n = (sum ?? mean).isZero() ? ZERO : cases === undefined ? ONE : (cases[y] ?? ZERO)
      return { cases: n, sum: sum ?? mean.times(n) }
    })
    const of = (how: YearReading): Decimal | null => {
      const mean = weightedMean(totals, weights, how)
      return mean === undefined ? null : meanValue(mean)
    }
    const asked = reading ?? readingOf(text, cases !== undefined)
    return mapped(expected, (_, name) => of(readingOf(name, undefined) ?? asked))
  },
)

/** The column of yearly numbers whose name matches. */
function columnOf(inputs: Readonly<Record<string, unknown>>, name: RegExp): (Decimal | null)[] | undefined {
  const found = Object.entries(inputs).find(([key, value]) => name.test(key) && Array.isArray(value))
  return found && perYear.parse(found[1])
}

/** The reading that a text names; else, one that counts cases weights totals. */
function readingOf(text: string, counted: boolean): YearReading
function readingOf(text: string, counted: undefined): YearReading | undefined
function readingOf(text: string, counted: boolean | undefined): YearReading | undefined {
  if (/mean-?s?[- ]?of[- ]?(yearly[- ])?means|first reading/i.test(text)) return 'meanOfMeans'
  if (/totals|second reading/i.test(text)) return 'weightedTotals'
  if (counted === undefined) return undefined
  return counted ? 'weightedTotals' : 'meanOfMeans'
}

const ZERO: Decimal = new Decimal(0)
const ONE: Decimal = new Decimal(1)

/** Every kind of worked DIP example. */
export const KINDS: readonly Kind[] = [scores, region, sheet, increment, outliers, years]
