import { mkdirSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Decimal, POINT_UNIT } from '../../../numbers/index.ts'
import { loadPolicy } from '../../../simulate/policy/load.ts'
import { compilePolicy, type Policy } from '../../../simulate/policy/policy.ts'
import { createBaseline, runScenario } from '../../../simulate/scenario/run.ts'
import { readScenario } from '../../../simulate/scenario/scenario.ts'
import { payCase } from '../../../simulate/settle/case-payment.ts'
import { checkPrices } from '../../../simulate/settle/check.ts'
import { valueCases } from '../../../simulate/settle/points.ts'
import { settleRegion } from '../../../simulate/settle/region.ts'
import { createCaseReader } from '../../../simulate/statement/case-at.ts'
import { packValues } from '../../../simulate/statement/pack-values.ts'
import { caseStatement } from '../../../simulate/statement/statement.ts'
import { put, temporaryFolder } from '../../temporary.ts'
import { anyRegion } from '../arbitrary.ts'
import { caseOf, policyOf } from '../examples.ts'

const folder = temporaryFolder()
let packs = 0

/** A pack of scores in a folder of its own, with side tables. */
function packOf(lines: string, tables: Readonly<Record<string, string>> = {}): string {
  const place = `${folder}/pack${packs++}`
  mkdirSync(place)
  for (const [name, text] of Object.entries(tables)) put(place, name, text)
  return put(
    place,
    'policy.yaml',
    `id: city\ntitle: {zh: 市, en: City}\nvalidFrom: "2025-01-01"\npolicyBasis: [{document: test}]
method: points\nunit: score\nscale: "1000"\navgCost: "10000"\nspecial: {ungrouped: {costShare: "0.7"}, ambiguous: {costShare: "0.7"}}\n${lines}`,
  )
}

const TAIAN = 'outliers: taian\nratioBase: meanFactor\nmeanFactor: {file: factors.csv}\n'
const FACTORS = 'hospital,insurance,factor,base\nH1,310,10,8\nH2,310,9.5,\nH1,390,9,\nH2,390,9,\n'
const BASE = 'base: {mode: k, value: "1", factors: {file: grassroots.csv}}\n'
const GRASSROOTS = 'group,factor\nKB1,0.8\n'

/** Score of a case with a packet of 1000 and k = 0.9. */
function scored(policy: Policy, group: string, hospital: string, cost: number): string | undefined {
  const one = caseOf({ group, parent: '', hospital, cost, coefficient: new Decimal('0.9') })
  return payCase(policy, one, { meanCost: null, pointValue: new Decimal(1) }).equivalent?.toFixed()
}

describe('a mean-cost factor by hospital, a coefficient by grassroots packet', () => {
  const policy = loadPolicy(packOf(TAIAN + BASE, { 'factors.csv': FACTORS, 'grassroots.csv': GRASSROOTS }))

  // Reference 1000 × 10 at H1, × 9.5 at H2, × 8 for grassroots packets of H1, which count with 0.8 in place of 0.9.
  test.each([
    ['A', 'H1', 490_000, '490'],
    ['A', 'H2', 490_000, '900'],
    ['KB1', 'H1', 490_000, '800'],
    ['KB1', 'H1', 400_000, '500'],
    ['KB1', 'H2', 475_000, '500'],
    ['A', 'H1', 2_500_000, '1400'],
    ['KB1', 'H1', 2_000_000, '1300'],
  ])('%s at %s for %d fen scores %s', (group, hospital, cost, score) =>
    expect(scored(policy, group, hospital, cost)).toBe(score),
  )

  test('a hospital or insurance without a factor is refused before a case is read', () => {
    const terms = { policy, budgets: [{ insurance: '310', fund: 1 }], provisional: new Map([['310', new Decimal(1)]]) }
    const hospitals = ['H1', 'H3'].map(code => ({ code, name: code, level: '3' }))
    expect(() => checkPrices({ ...terms, hospitals })).toThrow(/POL-003.*hospital H3/s)
    expect(() => checkPrices({ ...terms, hospitals: hospitals.slice(0, 1) })).not.toThrow()
  })

  test.each([
    ['factors.csv', FACTORS.replace('9.5', '0'), 'POL-013'],
    ['factors.csv', FACTORS.replace('H2,310', 'H1,310'), 'POL-013'],
    ['factors.csv', FACTORS.replace('hospital', 'code'), 'POL-007'],
    ['grassroots.csv', 'group,factor\nKB1,much\n', 'POL-013'],
  ])('%s with a mistake is refused', (name, text, code) => {
    const tables = { 'factors.csv': FACTORS, 'grassroots.csv': GRASSROOTS, [name]: text }
    expect(() => loadPolicy(packOf(TAIAN + BASE, tables))).toThrow(code)
  })

  test('a level with a rate takes no factors', () => {
    const fields = { method: 'rate', rate: '5000', ratioBase: 'rateRw' }
    const base = { mode: 'rateOfLevel', value: '1', factors: { KB1: '0.8' } }
    expect(() => policyOf({ ...fields, base })).toThrow(/takes no factors/)
  })
})

describe('means of earlier years', () => {
  const MEANS = 'group,level,mean\nA,3,9000\nA,,10000\nB,,5000\n'
  const DIP1 = 'outliers: dip1-spec\nratioBase: levelStandard\ngroupMeans: {file: means.csv}\n'
  const file = packOf(DIP1, { 'means.csv': MEANS })
  const policy = loadPolicy(file)
  const groups = ['A', 'B', 'C']
  const hospitals = [
    { code: 'H2', name: '', level: '2' },
    { code: 'H3', name: '', level: '3' },
  ]
  // Group, hospital, yuan: C is not listed and keeps the mean of its own cases, 4,000 at level 3.
  const rows = [
    ['A', 1, 4400],
    ['A', 0, 4400],
    ['B', 1, 11_000],
    ['C', 1, 1000],
    ['C', 1, 7000],
  ] as const
  const n = rows.length
  const input = {
    policy,
    hospitals,
    coefficients: { kind: 'level' as const, of: () => new Decimal('0.9') },
    weights: {
      groups,
      weight: groups.map(() => new Decimal(1)),
      stable: groups.map(() => true),
      meanCost: 1_000_000,
      meanCostExact: new Decimal(1_000_000),
    },
    cases: {
      count: n,
      groups,
      parents: groups,
      hospitals: ['H2', 'H3'],
      insurances: ['310'],
      months: ['2025-01'],
      group: Uint16Array.from(rows, ([group]) => groups.indexOf(group)),
      status: new Uint8Array(n),
      hospital: Uint16Array.from(rows, ([, hospital]) => hospital),
      insurance: new Uint16Array(n),
      month: new Uint16Array(n),
      los: new Uint16Array(n).fill(7),
      dischargeWay: new Uint8Array(n),
      cost: Float64Array.from(rows, ([, , cost]) => cost * 100),
      fund: new Float64Array(n),
      patient: new Float64Array(n),
    },
  }

  test('of the level, else of the region, else of the cases are what costs are compared with', () => {
    const scores = [...valueCases(input).points].map(points => points / POINT_UNIT)
    // 900 × 4400/9000; 900 × 4400/10000; 900 × (11000/5000 − 1); 900 × 1000/4000; r = 1.75: 900
    expect(scores).toEqual([440, 396, 1080, 225, 900])
  })

  test('stand in the statement with their table', () => {
    const one = createCaseReader(input, () => new Decimal(9))(0)
    const none = { kind: 'computed' as const, source: { zh: '', en: '' }, place: null, confidence: null }
    const sources = { pack: packValues(policy, file), case: none, weight: none, coefficient: none, meanCost: none, pointValue: none }
    const values = caseStatement(policy, one, sources).steps.flatMap(step => step.values)
    const mean = values.find(({ symbol }) => symbol === 'm')
    expect(mean).toMatchObject({ value: '9000', origin: { place: { line: 2 } } })
    expect(mean?.origin.place?.file).toMatch(/means\.csv$/)
  }) // biome-ignore format: sources on one line

  test('without a ratio to a mean are refused', () => {
    const lines = DIP1.replace('dip1-spec', 'dip3-draft').replace('levelStandard', 'pvRwK')
    expect(() => loadPolicy(packOf(lines, { 'means.csv': MEANS }))).toThrow(/groupMeans/)
  })
})

describe('a scenario that changes outlier rules', () => {
  const { document } = loadPolicy('jiangmen')
  const policy = compilePolicy({ ...document, review: null, pointValue: '9.5' })
  const region = fc
    .sample(anyRegion(policy, 300), { numRuns: 10, seed: 3 })
    .reduce((a, b) => (a.cases.count > b.cases.count ? a : b))
  const baseline = createBaseline(region)
  const settled = (lines: string) =>
    runScenario(baseline, readScenario(put(folder, `s${packs++}.yaml`, `title: {zh: 试, en: Try}\nset:\n${lines}`)))

  test.each([
    ['dip1-spec', 'levelStandard', null],
    ['dip1-spec', 'groupMean', null],
    ['taian', 'meanFactor', '9.1'],
  ])('to %s brings %s with it, in either order, and equals a pack that says so', (outliers, ratioBase, meanFactor) => {
    const changed = compilePolicy({ ...policy.document, outliers, ratioBase: ratioBase as 'meanFactor', meanFactor })
    const wanted = settleRegion({ ...region, policy: changed }).hospitals.map(row => [row.points, row.due])
    const lines = [`  policy.outliers: ${outliers}`, `  policy.ratioBase: ${ratioBase}`]
    if (meanFactor !== null) lines.push(`  policy.meanFactor: "${meanFactor}"`)
    for (const order of [lines, lines.toReversed()]) {
      const { settlement } = settled(order.join('\n'))
      expect(settlement.hospitals.map(row => [row.points, row.due])).toEqual(wanted)
    }
  })

  test('alone is refused, at the change that needs the other', () => {
    expect(() => settled('  policy.outliers: dip1-spec')).toThrow(/SCN-002.*policy\.outliers.*groupMean/s)
    expect(() => settled('  policy.outliers: taian\n  policy.ratioBase: meanFactor')).toThrow(/policy\.outliers/)
    expect(() => settled('  policy.outliers: taian\n  policy.low.threshold: "0.4"')).toThrow(/policy\.outliers/)
  })
})
