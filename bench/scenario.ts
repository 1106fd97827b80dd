import { createBaseline, createEvaluator, readUncertainty, runScenarios, simulateYears } from '../simulate/index.ts'
import { drawnRegion, scenarioOf } from './region.ts'

/** `node bench/scenario.ts [cases] [hospitals] [threads] [scale]`: scenarios a second; `scale` < 1 runs fewer. */
const cases = Number(process.argv[2] ?? 5_000_000)
const hospitals = Number(process.argv[3] ?? 300)
const threads = Number(process.argv[4] ?? 2)
const scale = Number(process.argv[5] ?? 1)

const began = performance.now()
const input = drawnRegion(cases, hospitals)
say('cases drawn', began)
const start = performance.now()
const baseline = createBaseline(input)
say('baseline settled', start)

const still = scenarioOf({})
const evaluator = createEvaluator(baseline, () => baseline)
const first = performance.now()
const summary = evaluator.evaluate(still)
say('cases sorted', first)
// Equal answers first.
for (const [h, row] of baseline.settlement.hospitals.entries()) {
  if (summary.due[h] !== row.due) throw new Error(`hospital ${row.hospital.code}: ${summary.due[h]}, not ${row.due}`)
}

const budgets = Array.from({ length: Math.ceil(1000 * scale) }, (_, i) =>
  scenarioOf({ 'budget.310.fund': `${90_000_000 + i * 1000}.00` }),
)
const budgetStart = performance.now()
for (const one of budgets) evaluator.evaluate(one)
say(`${budgets.length} budget scenarios × ${hospitals} hospitals`, budgetStart)

const rules = Array.from({ length: Math.ceil(1000 * scale) }, (_, i) =>
  scenarioOf({
    'policy.low.threshold': (0.3 + i / 10_000).toFixed(4),
    'policy.high.bands': [[null, (2 + i / 1000).toFixed(3)]],
  }),
)
const ruleStart = performance.now()
const swept = await runScenarios(baseline, rules, still, { threads })
say(`${rules.length} rule scenarios over ${cases} cases, ${threads} threads`, ruleStart)
if (swept.values.length === 0) throw new Error('nothing was swept')

const settings = { ...readUncertainty(), replicates: Math.ceil(10_000 * scale) }
const yearStart = performance.now()
const years = await simulateYears(baseline, [], settings, null, { threads })
say(`${years.count} replicates of a region of ${hospitals} hospitals, ${threads} threads`, yearStart)

function say(what: string, from: number): void {
  console.log(`${what}: ${((performance.now() - from) / 1000).toFixed(2)} s`)
}
