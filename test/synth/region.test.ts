import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { interpret, loadScheme } from '../../grouper/index.ts'
import { parseYuan } from '../../numbers/index.ts'
import {
  CASE_HEADER,
  createRegion,
  drawCases,
  type Region,
  type RegionParameters,
  readRegionParameters,
  streamCases,
  writeRegion,
} from '../../synth/index.ts'
import { readWeightConfig, type Weighing, weigh } from '../../weights/index.ts'
import { type CaseRow, caseOfRow, groupRows, quantileOf, rowsOf, shareOf } from './sample.ts'

const scheme = loadScheme('chs-drg-2.0')
const parameters = readRegionParameters()
const SEED = 20_251
let region: Region
beforeAll(() => {
  region = createRegion({ scheme, parameters, seed: SEED })
})

function digest(of: Region, ranges: readonly (readonly [number, number])[], blockBytes?: number): string {
  const hash = createHash('sha256')
  for (const [from, to] of ranges) {
    drawCases(of, { from, to, ...(blockBytes === undefined ? {} : { blockBytes }) }, bytes => hash.update(bytes))
  }
  return hash.digest('hex')
}

describe('determinism', () => {
  test('neither block size nor cutting into ranges changes a byte', () => {
    const whole = digest(region, [[0, 3000]])
    for (const blockBytes of [1, 5000, 70_001]) expect(digest(region, [[0, 3000]], blockBytes)).toBe(whole)
    expect(
      digest(region, [
        [0, 1],
        [1, 1234],
        [1234, 3000],
      ]),
    ).toBe(whole)
  })

  test('the same seed gives the same bytes, another seed gives others', () => {
    const again = createRegion({ scheme, parameters, seed: SEED })
    expect(digest(again, [[0, 500]])).toBe(digest(region, [[0, 500]]))
    const other = createRegion({ scheme, parameters, seed: SEED + 1 })
    expect(digest(other, [[0, 500]])).not.toBe(digest(region, [[0, 500]]))
  })

  test('case numbers beyond 32 bits are cases of their own', () => {
    const far = 2 ** 32
    expect(digest(region, [[far, far + 10]])).not.toBe(digest(region, [[0, 10]]))
    expect(rowsOf(region, far, far + 1)[0]!.id).toBe('S4294967297')
  })
})

describe('the bytes', () => {
  test('header and rows', () => {
    const parts: string[] = []
    const totals = streamCases({ scheme, parameters, seed: SEED, cases: 50, hospitals: 5 }, bytes =>
      parts.push(Buffer.from(bytes).toString()),
    )
    const lines = parts.join('').split('\n')
    expect(lines[0]).toBe(CASE_HEADER)
    expect(lines.length).toBe(52)
    expect(totals.cases).toBe(50)
    expect(lines[1]).toMatch(/^S00000001,[12],\d+,\d*,[\d.]*,\d\d[SM],\d+,[1-5],/)
  })
})

const CASES = 50_000

describe('50,000 cases', () => {
  let rows: CaseRow[]
  let result: Weighing
  beforeAll(() => {
    rows = rowsOf(region, 0, CASES)
    result = weigh(groupRows(scheme, rows), region.hospitals, readWeightConfig())
  })
  const counts = (name: string): number[] => rows.map(row => (row[name] === '' ? 0 : row[name]!.split('|').length))
  const mean = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0) / values.length
  const expectWithin = (value: number, low: number, high: number): void => {
    expect(value).toBeGreaterThanOrEqual(low)
    expect(value).toBeLessThanOrEqual(high)
  }

  test('money adds up to the fen in every row, and months lie in the year', () => {
    for (const row of rows) {
      expect(parseYuan(row.fundPay!)! + parseYuan(row.patientPay!)!).toBe(parseYuan(row.totalCost!))
      expect(row.month).toMatch(/^2025-(0[1-9]|1[0-2])$/)
    }
  })

  test('age in days only at age 0, and weights only of newborns', () => {
    for (const row of rows) {
      if (row.ageDay !== '') expect(row.age).toBe('0')
      if (row.weight !== '') expect(Number(row.ageDay)).toBeLessThanOrEqual(28)
    }
  })

  test('cost: mean about 10,300 yuan, reduction in variance and spread as published', () => {
    expectWithin(mean(rows.map(row => Number(row.totalCost))), 9800, 10_800)
    expectWithin(result.quality.before.riv, 0.25, 0.45)
    expectWithin(result.quality.after.riv, 0.45, 0.62)
    expectWithin(result.quality.before.wideShare, 0.02, 0.09)
  })

  test('weights: mean 1, quantiles near those of published tables', () => {
    expect(result.weights.calibration.meanWeight.minus(1).abs().lte('0.00005')).toBe(true)
    const weights = result.weights.weight.filter(weight => weight !== null).map(Number)
    for (const [share, low, high] of [
      [0.05, 0.25, 0.5],
      [0.25, 0.45, 0.8],
      [0.5, 0.75, 1.15],
      [0.75, 1.4, 2.3],
      [0.95, 4, 9],
    ] as const) {
      expectWithin(quantileOf(weights, share), low, high)
    }
  })

  test('level coefficients rise with the level', () => {
    const [first, second, third] = result.coefficients.levels.map(one => one.coefficient.toNumber())
    expect(first).toBeLessThan(second!)
    expect(second).toBeLessThan(third!)
  })

  test('stay, other diagnoses, procedures', () => {
    expectWithin(
      quantileOf(
        rows.map(row => Number(row.los)),
        0.5,
      ),
      6,
      8,
    )
    const others = counts('dx').map(n => n - 1)
    expectWithin(mean(others), 3, 4)
    expect(others.reduce((a, b) => Math.max(a, b))).toBeLessThanOrEqual(41)
    const old = others.filter((_, i) => Number(rows[i]!.age) >= 75)
    const young = others.filter((_, i) => Number(rows[i]!.age) < 40)
    expect(mean(old)).toBeGreaterThan(mean(young))
    const procedures = counts('proc')
    expectWithin(
      shareOf(procedures, n => n === 0),
      0.42,
      0.48,
    )
    expectWithin(
      shareOf(procedures, n => n === 1),
      0.21,
      0.29,
    )
    expectWithin(
      shareOf(procedures, n => n >= 2),
      0.26,
      0.34,
    )
  })

  test('insurance and the share that patients pay', () => {
    expectWithin(
      shareOf(rows, row => row.insurance === '310'),
      0.32,
      0.38,
    )
    for (const row of rows) {
      const share = Number(row.patientPay) / Number(row.totalCost)
      const [low, high] = row.insurance === '310' ? [0.15, 0.3] : [0.3, 0.45]
      expectWithin(share, low! - 1e-4, high! + 1e-4)
    }
  })

  test('faults of coding in 1 to 3 % of the cases; the rest reach the groups they were drawn from', () => {
    const clean = { ...parameters, errors: 0 } satisfies RegionParameters
    const sound = rowsOf(createRegion({ scheme, parameters: clean, seed: SEED }), 0, CASES)
    expectWithin(
      shareOf(
        rows.map((row, i) => [row, sound[i]!] as const),
        ([a, b]) => JSON.stringify(a) !== JSON.stringify(b),
      ),
      0.01,
      0.03,
    )
    // A case without a fault is in a group, except for the shares set aside for ambiguous and fallback leaves.
    const outcomes = sound.slice(0, 5000).map(row => interpret(scheme, caseOfRow(row)))
    expect(outcomes.every(one => one.leaf !== undefined)).toBe(true)
    expectWithin(
      shareOf(outcomes, one => one.status === 'grouped'),
      0.97,
      0.995,
    )
    expectWithin(
      shareOf(rows, row => /[a-z]\d\d\./.test(row.dx!)),
      0.001,
      0.01,
    )
  })

  test('respiratory groups peak in winter', () => {
    const winter = new RegExp(parameters.winter.pattern, 'u')
    const departments = new Map(region.groups.map(group => [group.leaf.mdc.name, group]))
    expect([...departments.keys()].some(name => winter.test(name))).toBe(true)
    const share = (month: string): number => shareOf(rows, row => row.month === month)
    expect(share('2025-01')).toBeGreaterThan(share('2025-06'))
  })

  test('ids are synthetic and in order', () => {
    expect(rows[0]!.id).toBe('S00000001')
    expect(rows.at(-1)!.id).toBe(`S${String(CASES).padStart(8, '0')}`)
  })
})

describe('a region folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dianzhi-synth-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  test('cases, hospitals and a budget a little below the item-billed fund amounts', () => {
    writeRegion({ folder, scheme, parameters, seed: 9, cases: 2000, hospitals: 12 })
    const lines = readFileSync(join(folder, 'cases.csv'), 'utf8').trimEnd().split('\n').slice(1)
    expect(lines.length).toBe(2000)
    const document = parse(readFileSync(join(folder, 'region.yaml'), 'utf8'))
    expect(document).toMatchObject({ year: 2025, scheme: 'chs-drg-2.0', policy: 'yancheng-2025', cases: ['cases.csv'] })
    for (const { insurance, fund } of document.budgets) {
      const billed = lines
        .map(line => line.split(','))
        .filter(cells => cells[14] === insurance)
        .reduce((all, cells) => all + parseYuan(cells[11]!)!, 0)
      expect(parseYuan(fund)).toBe(Math.round(billed * parameters.budgetShare))
    }
    const hospitals = readFileSync(join(folder, 'hospitals.csv'), 'utf8').trimEnd().split('\n')
    expect(hospitals[0]).toBe('code,name,level')
    expect(hospitals.length).toBe(13)
    for (const line of hospitals.slice(1)) expect(line).toMatch(/^H\d{3},示例市[^,]+,[123]$/)
    expect(new Set(hospitals.map(line => line.split(',')[1])).size).toBe(13)
  })
})

describe('other schemes', () => {
  test('chs-drg-1.1 gives a region too', () => {
    const older = loadScheme('chs-drg-1.1')
    const region = createRegion({ scheme: older, parameters, seed: 3 })
    const rows = rowsOf(region, 0, 2000)
    expect(shareOf(rows, row => interpret(older, caseOfRow(row)).status === 'grouped')).toBeGreaterThan(0.95)
  })
})
