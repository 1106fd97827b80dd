import {
  createBaseline,
  createEvaluator,
  readUncertainty,
  runScenario,
  type Scenario,
  simulateYears,
} from '../simulate/index.ts'
import { drawnRegion, scenarioOf } from './region.ts'

/**
 * `node bench/scaling.ts [most million cases]`: processor time of scenarios against their number, the cases and the
 * hospitals, one at a time; one thread, the least of three runs (of drawn years one).
 */
const most = Number(process.argv[2] ?? 5)
const RUNS = 3

/** Rule scenarios that no other run has met. */
let met = 0
const rule = (): Scenario => {
  met++
  return scenarioOf({
    'policy.low.threshold': (0.3 + met / 1_000_000).toFixed(6),
    'policy.high.bands': [[null, (2 + met / 100_000).toFixed(5)]],
  })
}
const budget = (): Scenario => {
  met++
  return scenarioOf({ 'budget.310.fund': `${90_000_000 + met}.00` })
}

console.log('cases (M) | hospitals | scenarios | coefficients by | budget ms | rule ms | drawn year ms')
for (const [cases, hospitals, scenarios, byHospital] of [
  ...[0.5, 1, 2, 5].map(million => [million, 300, 20, false] as const),
  ...[30, 100].map(count => [1, count, 20, false] as const),
  ...[10, 100, 1000].map(count => [0.5, 100, count, false] as const),
  ...[0.5, 1].map(million => [million, 300, 20, true] as const),
]) {
  if (cases > most) continue
  const input = drawnRegion(cases * 1e6, hospitals, byHospital)
  const baseline = createBaseline(input)
  const evaluator = createEvaluator(baseline, () => baseline)
  const first = rule()
  // Equal answers first; then what is made once is there.
  const { settlement } = runScenario(baseline, first)
  const { due } = evaluator.evaluate(first)
  for (const [h, row] of settlement.hospitals.entries())
    if (row.due !== due[h]) throw new Error(`hospital ${row.hospital.code}: ${due[h]}, not ${row.due}`)
  const ms = (make: () => Scenario): number =>
    least(() => {
      const list = Array.from({ length: scenarios }, make)
      return timed(() => {
        for (const one of list) evaluator.evaluate(one)
      })
    }) / scenarios
  const settings = { ...readUncertainty(), replicates: Math.max(scenarios, 64) }
  // What is made once for a model is taken off by drawing three times as many.
  const years = async (replicates: number): Promise<number> => {
    const start = process.cpuUsage()
    await simulateYears(baseline, [], { ...settings, replicates }, null)
    return since(start)
  }
  const once = await years(settings.replicates)
  const year = Math.max((await years(3 * settings.replicates)) - once, 0) / (2 * settings.replicates)
  const by = byHospital ? 'hospital' : 'level'
  console.log(
    [cases, hospitals, scenarios, by, ms(budget).toFixed(2), ms(rule).toFixed(1), year.toFixed(2)].join(' | '),
  )
}

function timed(work: () => void): number {
  const start = process.cpuUsage()
  work()
  return since(start)
}

/** Milliseconds of processor time. */
function since(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

function least(run: () => number): number {
  return Math.min(...Array.from({ length: RUNS }, run))
}
