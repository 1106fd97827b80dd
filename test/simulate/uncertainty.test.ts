import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Decimal } from '../../numbers/index.ts'
import { createBaseline, runScenario } from '../../simulate/scenario/run.ts'
import { readScenario } from '../../simulate/scenario/scenario.ts'
import { gridDesign, latinDesign, sobolDesign, sobolIndices } from '../../simulate/uncertainty/design.ts'
import { computeRows } from '../../simulate/uncertainty/rows.ts'
import { readUncertainty } from '../../simulate/uncertainty/settings.ts'
import { convergence, draws, intervalOf, publishedErrors, simulateYears } from '../../simulate/uncertainty/simulate.ts'
import { columnOf, runSweep, tornado } from '../../simulate/uncertainty/sweep.ts'
import { readSweep, rowsOf, scenarioOf } from '../../simulate/uncertainty/sweep-file.ts'
import { readWeightRanges } from '../../weights/index.ts'
import { runCli } from '../cli/run.ts'
import { put, temporaryFolder } from '../temporary.ts'
import { anyRegion } from './arbitrary.ts'
import { policyOf } from './examples.ts'
import { withParts } from './with-parts.ts'

const folder = temporaryFolder()
const policy = policyOf({
  method: 'points', scale: '100', avgCost: 'fromData', pointValue: '60', ratioBase: 'avgRw',
  low: { threshold: '0.4', op: '<', formula: 'L2' },
  high: { bands: [['1', '3'], [null, '2']], op: '>', formula: 'H2' },
  special: { ungrouped: { costShare: '0.7' }, ambiguous: { costShare: '0.8' } }, coefficient: { kind: 'level' },
}) // biome-ignore format: a policy
const region = fc
  .sample(anyRegion(policy, 500), { numRuns: 20, seed: 5 })
  .reduce((a, b) => (a.cases.count > b.cases.count ? a : b))
const baseline = createBaseline(region)
const sum = (values: Iterable<number>): number => [...values].reduce((all, value) => all + value, 0)

describe('designs', () => {
  test('a grid has every combination once', () => {
    const { rows } = gridDesign([2, 3, 1])
    expect(new Set(rows.map(String)).size).toBe(6)
    expect(rows[0]).toEqual(Float64Array.of(0, 0, 0))
    expect(rows.at(-1)).toEqual(Float64Array.of(1, 1, 0))
  })
  test('a Latin hypercube has one point in every stretch of every lever', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), fc.integer({ min: 1, max: 5 }), fc.nat(1e6), (n, k, seed) => {
        const { rows } = latinDesign(k, n, seed)
        for (let j = 0; j < k; j++) {
          expect(rows.map(row => Math.floor(row[j]! * n)).sort((a, b) => a - b)).toEqual(
            Array.from({ length: n }, (_, i) => i),
          )
        }
      }),
    )
  })
  test('Sobol indices of the G-function: S_k ∝ 1/(3(1 + a_k)²)', () => {
    const a = [0, 1, 4.5, 9]
    const g = (x: Float64Array): number =>
      a.reduce((product, ak, k) => (product * (Math.abs(4 * x[k]! - 2) + ak)) / (1 + ak), 1)
    const parts = a.map(ak => 1 / (3 * (1 + ak) ** 2))
    const variance = parts.reduce((product, part) => product * (1 + part), 1) - 1
    const { rows } = sobolDesign(a.length, 20_000, 3)
    for (const [k, { first, total }] of sobolIndices(rows.map(g), a.length).entries()) {
      expect(first).toBeCloseTo(parts[k]! / variance, 1.5)
      const others = parts.reduce((product, part, j) => (j === k ? product : product * (1 + part)), 1)
      expect(total).toBeCloseTo((parts[k]! * others) / variance, 1.5)
    }
    expect(sobolIndices([1, 1, 1, 1], 2)).toEqual([{ first: 0, total: 0 }, { first: 0, total: 0 }]) // biome-ignore format: two
  })
})

const SWEEP = put(
  folder,
  'sweep.yaml',
  `title: {zh: 测试, en: Test}
design: latin
samples: 40
levers:
  - {path: budget.*.fund, mode: scale, low: "0.9", high: "1.1"}
  - {path: policy.low.threshold, low: "0.2", high: "0.6", digits: 2}
  - {path: hospital.H1.volume, low: "0.8", high: "1.3", digits: 3}
`,
)

describe('a sweep', () => {
  const sweep = readSweep(SWEEP)
  test('gives in every row what its scenario gives alone, for any number of threads', async () => {
    const one = await runSweep(baseline, sweep)
    const two = await runSweep(baseline, sweep, { threads: 2 })
    expect(two.values).toEqual(one.values)
    for (const i of [0, 17, 39]) {
      const { settlement } = runScenario(baseline, scenarioOf(sweep, rowsOf(sweep)[i]!))
      expect(settlement.hospitals.map(row => row.due)).toEqual(
        settlement.hospitals.map(row => columnOf(one, `due:${row.hospital.code}`)[i]),
      )
      expect(columnOf(one, 'pointValue:310')[i]).toBe(settlement.pools[0]!.pointValue?.toNumber() ?? Number.NaN)
    }
  })
  test.each(['hospital', 'groupHospital'] as const)('keeps coefficients by %s', async kind => {
    const own = createBaseline({
      ...region,
      // Of one level, so that only the code tells hospitals apart.
      hospitals: region.hospitals.map(one => ({ ...one, level: region.hospitals[0]!.level })),
      policy: policyOf({ ...policy.document, coefficient: { kind } }),
      coefficients: {
        kind,
        of: (group, _, hospital) =>
          new Decimal(5 + ((Number(hospital.slice(1)) * 3 + (kind === 'hospital' ? 0 : group * 7)) % 10)).div(10),
      },
    })
    const result = await runSweep(own, sweep)
    const { settlement } = runScenario(own, scenarioOf(sweep, rowsOf(sweep)[3]!))
    for (const { hospital, due } of settlement.hospitals) expect(columnOf(result, `due:${hospital.code}`)[3]).toBe(due)
  })
  test('of one lever at a time is ordered by what it moves', async () => {
    const file = put(
      folder,
      'tornado.yaml',
      'title: {zh: 测试, en: Test}\ndesign: tornado\nlevers:\n  - {path: budget.*.fund, mode: scale, low: "0.99", high: "1.01"}\n  - {path: budget.310.fund, mode: scale, low: "0.5", high: "1.5"}\n',
    )
    const result = await runSweep(baseline, readSweep(file))
    const bars = tornado(result, 'pointValue:310')
    expect(bars.map(bar => bar.lever)).toEqual([1, 0])
    expect(bars[0]!.low).toBeLessThan(bars[0]!.base)
    expect(bars[0]!.high).toBeGreaterThan(bars[0]!.base)
  })
  test.each([
    ['design: grid\nlevers: [{path: budget.310.fund, low: "1", high: "2"}]\n', 'DOC-002'],
    ['design: latin\nlevers: [{path: budget.310.fund, values: ["1"]}]\n', 'DOC-002'],
    ['design: latin\nstack: [nowhere]\nlevers: [{path: budget.310.fund, low: "1", high: "2"}]\n', 'SCN-008'],
  ])('with a mistake is refused: %s', (text, code) => {
    expect(() => readSweep(put(folder, 'wrong.yaml', `title: {zh: 测, en: T}\n${text}`))).toThrow(
      expect.objectContaining({ code }),
    )
  })
})

describe('rows of a run folder', () => {
  const work = (calls: number[]) => ({
    rows: 50, width: 3, stretch: 7, identity: 'x',
    compute(from: number, to: number) {
      calls.push(from)
      return Float64Array.from({ length: (to - from) * 3 }, (_, i) => from * 3 + i)
    },
  }) // biome-ignore format: an object
  test('are computed once, found again, and computed anew where a part is damaged', async () => {
    const run = join(folder, 'run')
    const calls: number[] = []
    const all = await computeRows(work(calls), { folder: run, atOnce: 3 })
    expect([...all]).toEqual(Array.from({ length: 150 }, (_, i) => i))
    expect(calls).toHaveLength(8)
    const parts = readdirSync(run).filter(name => name.endsWith('.bin'))
    put(run, parts[2]!, 'damaged')
    rmSync(join(run, parts[5]!))
    const again: number[] = []
    expect(await computeRows(work(again), { folder: run })).toEqual(all)
    expect(again).toHaveLength(2)
  })
  test('of another run are refused', async () => {
    const run = join(folder, 'other')
    await computeRows(work([]), { folder: run })
    await expect(computeRows({ ...work([]), identity: 'y' }, { folder: run })).rejects.toMatchObject({
      code: 'RUN-003',
    })
  })
  test('stop when they are told to', async () => {
    const controller = new AbortController()
    controller.abort(new Error('stop'))
    await expect(computeRows(work([]), { signal: controller.signal })).rejects.toThrow('stop')
  })
})

test('a run killed at a random moment and resumed gives the same bytes', async () => {
  await runCli(`synth --cases 3000 --hospitals 5 --scheme chs-drg-2.0 --seed 4 --out ${folder}/r/cases.csv`)
  const file = put(
    folder,
    'long.yaml',
    'title: {zh: 测试, en: Test}\ndesign: latin\nsamples: 160\nlevers:\n  - {path: region.cost, low: "0.9", high: "1.1", digits: 6}\n',
  )
  const command = (out: string, run: string): string[] => [
    'scenario',
    'sweep',
    file,
    '--region',
    `${folder}/r/region.yaml`,
    '--out',
    out,
    '--run',
    run,
  ]
  const whole = join(folder, 'whole')
  const ended = join(folder, 'ended')
  const start = (args: string[]): Promise<number | null> & { kill(): void } => {
    const child = spawn(process.execPath, ['cli/main.ts', ...args], { stdio: 'ignore' })
    const end = new Promise<number | null>(resolve => child.on('exit', resolve))
    return Object.assign(end, { kill: () => void child.kill('SIGKILL') })
  }
  expect(await start(command(whole, `${whole}-run`))).toBe(0)
  // Killed twice while parts are being written, at moments that no one chose; the second run goes on from the first.
  for (const parts of [2, 4]) {
    const run = start(command(ended, `${ended}-run`))
    let isOver = false
    void run.then(() => (isOver = true))
    while (!isOver && (!existsSync(`${ended}-run`) || readdirSync(`${ended}-run`).length < parts))
      await new Promise(resolve => setTimeout(resolve, 2))
    await new Promise(resolve => setTimeout(resolve, randomInt(30)))
    run.kill()
    await run
  }
  expect(existsSync(join(ended, 'sweep.csv'))).toBe(false)
  expect(await start(command(ended, `${ended}-run`))).toBe(0)
  expect(readFileSync(join(ended, 'sweep.csv'))).toEqual(readFileSync(join(whole, 'sweep.csv')))
}, 240_000)

describe('years drawn many times', () => {
  const still = readUncertainty(
    put(
      folder,
      'still.yaml',
      'replicates: 70\ncounts: false\nweights: false\nvolume: {region: "0", level: "0", hospital: "0"}\ncost: {region: "0", hospital: "0"}\nmix: {group: "0"}\n',
    ),
  )
  test('without spread are the settlement itself, to the fen', async () => {
    const result = await simulateYears(baseline, [], still, null)
    for (const { hospital, due, surplus } of baseline.settlement.hospitals) {
      expect(new Set(draws(result, 0, `due:${hospital.code}`))).toEqual(new Set([due]))
      expect(new Set(draws(result, 0, `surplus:${hospital.code}`))).toEqual(new Set([surplus]))
    }
  })
  test('add up to the budget in every draw, the same for any number of threads', async () => {
    const settings = { ...readUncertainty(), replicates: 150 }
    const one = await simulateYears(baseline, [], settings, null)
    const two = await simulateYears(baseline, [], settings, null, { threads: 2 })
    expect(two.values).toEqual(one.values)
    const [paid, rest] = [draws(one, 0, 'paid'), draws(one, 0, 'residual')]
    const budget = sum(region.budgets.map(one => one.fund))
    for (const [r, value] of paid.entries()) expect(value + rest[r]!).toBe(budget)
  })
  test('meet every scenario with the same chance', async () => {
    const scenario = readScenario(put(folder, 'same.yaml', 'title: {zh: 同, en: Same}\n'))
    const result = await simulateYears(
      baseline,
      [runScenario(baseline, scenario)],
      { ...readUncertainty(), replicates: 60 },
      null,
    )
    expect(draws(result, 1, 'pointValue:310')).toEqual(draws(result, 0, 'pointValue:310'))
  })
  test('give the spread that the algebra gives: with a fixed pool ln PV falls as ln volume rises', async () => {
    // Patients pay nothing and nothing is paid in money: PV = B / points.
    const plain = {
      ...region,
      cases: {
        ...region.cases,
        status: new Uint8Array(region.cases.count),
        patient: new Float64Array(region.cases.count),
      },
    }
    const sd = 0.05
    const given = readUncertainty(
      put(
        folder,
        'v.yaml',
        `replicates: 4000\ncounts: false\nweights: false\nvolume: {region: "${sd}", level: "0", hospital: "0"}\ncost: {region: "0", hospital: "0"}\nmix: {group: "0"}\n`,
      ),
    )
    const free = policyOf({ ...policy.document, low: null, high: null })
    const result = await simulateYears(createBaseline({ ...plain, policy: free }), [], given, null)
    const logs = draws(result, 0, 'pointValue:310').map(Math.log)
    const { mean } = intervalOf(logs)
    const spread = Math.sqrt(sum(logs.map(value => (value - mean) ** 2)) / (logs.length - 1))
    expect(Math.abs(spread / sd - 1)).toBeLessThan(0.05)
    // 90 % of a normal variable lie within 1.645 standard deviations.
    const { low, high } = intervalOf(logs)
    expect((high - low) / 2 / sd).toBeCloseTo(1.645, 1)
  })
  test('of published weights are as wide as the intervals of their table, or as the settings say', async () => {
    const groups = region.cases.groups
    const file = put(
      folder,
      'published.csv',
      `group,weight,low,high\n${groups.map((code, g) => (g === 0 ? `${code},1,,` : `${code},1,0.902,1.098`)).join('\n')}\n`,
    )
    const ranges = readWeightRanges(file, groups)!
    const settings = readUncertainty(put(folder, 'published.yaml', 'publishedWeights: {error: "0.2"}\n'))
    const errors = publishedErrors(ranges, groups.length, settings)
    expect(errors[0]!.error).toBe(0.2)
    for (const { error } of errors.slice(1)) expect(error).toBeCloseTo(0.05, 12)
    expect(publishedErrors(null, 2, settings)).toEqual([{ error: 0.2 }, { error: 0.2 }])
    const [certain, unsure] = [
      await simulateYears(baseline, [], still, null),
      await simulateYears(baseline, [], { ...still, weights: true }, errors),
    ]
    const code = baseline.settlement.hospitals.find(row => row.points > 0)!.hospital.code
    const span = (result: typeof certain): number =>
      intervalOf(draws(result, 0, `due:${code}`)).high - intervalOf(draws(result, 0, `due:${code}`)).low
    expect(span(certain)).toBe(0)
    expect(span(unsure)).toBeGreaterThan(0)
    expect(readWeightRanges(put(folder, 'plain.csv', 'group,weight\nG0,1\n'), groups)).toBeNull()
    expect(() => readWeightRanges(put(folder, 'turned.csv', 'group,weight,low,high\nG0,1,1.2,0.8\n'), groups)).toThrow(
      expect.objectContaining({ code: 'WGT-006' }),
    )
  })
  test('settle as the square root of their number', () => {
    const values = Float64Array.from({ length: 6400 }, (_, i) => ((i * 7919) % 6400) / 6400)
    const steps = convergence(values)
    expect(steps.map(one => one.count)).toEqual([100, 200, 400, 800, 1600, 3200, 6400])
    expect(steps[0]!.error / steps.at(-1)!.error).toBeCloseTo(8, 0)
    expect(steps.at(-1)!.low).toBeCloseTo(0.05, 2)
  })
  test('of a region with parts inside its budget or with visitors are divided as it is, to the fen', async () => {
    await fc.assert(
      fc.asyncProperty(withParts, async input => {
        const settled = createBaseline(input)
        const result = await simulateYears(settled, [], { ...still, replicates: 10 }, null)
        for (const { hospital, due, surplus } of settled.settlement.hospitals) {
          expect(new Set(draws(result, 0, `due:${hospital.code}`))).toEqual(new Set([due]))
          expect(new Set(draws(result, 0, `surplus:${hospital.code}`))).toEqual(new Set([surplus]))
        }
        const { pools, parts } = settled.settlement
        const rest = sum([...pools, ...parts].map(one => one.residual))
        expect(new Set(draws(result, 0, 'residual'))).toEqual(new Set([rest]))
      }),
      { numRuns: 60 },
    )
  })
  test('of such a region add up in every draw, the same for any number of threads', async () => {
    const inputs = fc
      .sample(withParts, { numRuns: 60, seed: 11 })
      .filter(
        one =>
          one.budgets[0]!.within!.some(part => part.cases !== null && part.pays === 'points') &&
          one.policy.method === 'points' &&
          one.visitors!.length > 0,
      )
    const [input] = inputs.filter(one => one.visitors![0]!.pool === 'joins')
    expect(input).toBeDefined()
    const settled = createBaseline(input!)
    const settings = { ...readUncertainty(), replicates: 150 }
    const one = await simulateYears(settled, [], settings, null)
    for (const threads of [7])
      expect((await simulateYears(settled, [], settings, null, { threads })).values).toEqual(one.values)
    expect(new Set(draws(one, 0, 'paid')).size).toBeGreaterThan(1)
  })
})
