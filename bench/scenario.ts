import { at, createDraws, Decimal } from '../numbers/index.ts'
import {
  createBaseline,
  createEvaluator,
  loadPolicy,
  type RegionInput,
  readUncertainty,
  runScenarios,
  type Scenario,
  simulateYears,
} from '../simulate/index.ts'
import type { GroupedCases } from '../weights/index.ts'

/** `node bench/scenario.ts [cases] [hospitals] [threads] [scale]`: scenarios a second; `scale` < 1 runs fewer. */
const cases = Number(process.argv[2] ?? 5_000_000)
const hospitals = Number(process.argv[3] ?? 300)
const threads = Number(process.argv[4] ?? 2)
const scale = Number(process.argv[5] ?? 1)

const began = performance.now()
const input = drawn(cases, hospitals)
say('cases drawn', began)
const start = performance.now()
const baseline = createBaseline(input)
say('baseline settled', start)

const still = scenario({})
const evaluator = createEvaluator(baseline, () => baseline)
const first = performance.now()
const summary = evaluator.evaluate(still)
say('cases sorted', first)
// Equal answers first.
for (const [h, row] of baseline.settlement.hospitals.entries()) {
  if (summary.due[h] !== row.due) throw new Error(`hospital ${row.hospital.code}: ${summary.due[h]}, not ${row.due}`)
}

const budgets = Array.from({ length: Math.ceil(1000 * scale) }, (_, i) =>
  scenario({ 'budget.310.fund': `${90_000_000 + i * 1000}.00` }),
)
const budgetStart = performance.now()
for (const one of budgets) evaluator.evaluate(one)
say(`${budgets.length} budget scenarios × ${hospitals} hospitals`, budgetStart)

const rules = Array.from({ length: Math.ceil(1000 * scale) }, (_, i) =>
  scenario({
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

function scenario(set: Record<string, unknown>): Scenario {
  return {
    file: 'bench',
    title: { zh: '测', en: 'bench' },
    author: null,
    baseline: null,
    description: null,
    reference: [],
    date: null,
    stack: [],
    set,
    scale: {},
  }
}

/** A region of 600 groups and two insurances, its costs lognormal around the weights. */
function drawn(count: number, size: number): RegionInput {
  const groups = Array.from(
    { length: 600 },
    (_, g) => `${String.fromCharCode(65 + (g % 26))}${String(g).padStart(3, '0')}`,
  )
  const weight = groups.map((_, g) => 0.3 + ((g * 7919) % 600) / 120)
  const draws = createDraws(1)
  const list = Array.from({ length: size }, (_, h) => ({
    code: `H${String(h).padStart(3, '0')}`,
    name: `医院 ${h}`,
    level: String(1 + (h % 3)),
  }))
  const column = <T>(make: (n: number) => T): T => make(count)
  const table = {
    count, groups, parents: groups.map(code => code.slice(0, 3)), hospitals: list.map(one => one.code), insurances: ['310', '390'],
    months: Array.from({ length: 12 }, (_, m) => `2025-${String(m + 1).padStart(2, '0')}`),
    group: column(n => new Uint16Array(n)), status: column(n => new Uint8Array(n)), hospital: column(n => new Uint16Array(n)),
    insurance: column(n => new Uint16Array(n)), month: column(n => new Uint16Array(n)), los: column(n => new Uint16Array(n)),
    dischargeWay: column(n => new Uint8Array(n)), cost: column(n => new Float64Array(n)), fund: column(n => new Float64Array(n)), patient: column(n => new Float64Array(n)),
  } satisfies GroupedCases // biome-ignore format: columns
  for (let i = 0; i < count; i++) {
    const words = at(draws, i, 0, 0, 0)
    const g = Math.floor((words[0]! / 2 ** 32) ** 2 * groups.length)
    const z = Math.sqrt(-2 * Math.log((words[1]! + 0.5) / 2 ** 32)) * Math.cos((2 * Math.PI * words[2]!) / 2 ** 32)
    table.group[i] = g
    table.hospital[i] = Math.floor((words[3]! / 2 ** 32) ** 2 * size)
    table.insurance[i] = words[0]! & 1
    table.month[i] = words[1]! % 12
    table.los[i] = 3 + (words[2]! % 20)
    table.cost[i] = Math.round(800_000 * weight[g]! * Math.exp(0.6 * z - 0.18))
    table.patient[i] = Math.floor(table.cost[i]! * 0.3)
    table.fund[i] = table.cost[i]! - table.patient[i]!
  }
  const one = new Decimal(1)
  const levels = new Map([['1', new Decimal('0.85')], ['2', one], ['3', new Decimal('1.12')]]) // biome-ignore format: one line
  return {
    cases: table,
    weights: { groups, weight: weight.map(w => new Decimal(w.toFixed(4))), stable: groups.map(() => true), meanCost: 800_000, meanCostExact: new Decimal(800_000) },
    coefficients: { kind: 'groupLevel', of: (_, level) => levels.get(level) ?? one },
    policy: loadPolicy('yancheng-2025'),
    budgets: [{ insurance: '310', fund: count * 400_000 }, { insurance: '390', fund: count * 300_000 }],
    hospitals: list,
  } // biome-ignore format: a region
}
