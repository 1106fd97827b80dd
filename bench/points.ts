import { Decimal } from '../numbers/index.ts'
import { loadPolicy, type Policy, payCase, tableOf, valueCases } from '../simulate/index.ts'
import type { CoefficientTable, GroupedCases, Hospital, WeightTable } from '../weights/index.ts'
import { NO_MARK, NO_STAY } from '../weights/index.ts'

// `node bench/points.ts [cases] [rounds]`: cases → class, points and money, by pack; every hundredth result is first
// compared with the literal engine.

const SEED = 20_250_007
const PACKS = ['yancheng-2025', 'hangzhou', 'qingyang-2025', 'shangrao-2025', 'yinchuan-2023'] as const

const count = Number(process.argv[2] ?? 2_000_000)
const rounds = Number(process.argv[3] ?? 7)
const { cases, weights, hospitals } = drawn(count)
const levels = ['0.8317', '0.9471', '1.0602'].map(text => new Decimal(text))

for (const id of PACKS) {
  const policy = loadPolicy(id)
  const coefficients = tableOf(policy, byLevel(policy), cases, hospitals)
  const run = (): { ms: number; redone: number } => {
    const start = processorTime()
    const { redone } = valueCases({ cases, policy, weights, coefficients, hospitals })
    return { ms: processorTime() - start, redone }
  }
  compare(policy)
  const times = Array.from({ length: rounds + 2 }, run)
    .slice(2)
    .map(({ ms }) => ms)
    .sort((a, b) => a - b)
  const loop = Math.min(...Array.from({ length: 5 }, reference))
  const [best, median] = [times[0] ?? 0, times[Math.floor(times.length / 2)] ?? 0]
  const rate = (ms: number): string => Math.round(count / (ms / 1000)).toLocaleString('en-US')
  const share = ((run().redone / count) * 100).toFixed(3)
  process.stdout.write(
    `${id}: ${rate(best)} cases/s best, ${rate(median)} median, ${(best / loop / (count / 1e6)).toFixed(1)} reference loops a million, ${share} % done exactly\n`,
  )
}

/** Coefficients by level where a pack has the region derive them: the bench has no costs to derive them from. */
function byLevel({ coefficientKind }: Policy): CoefficientTable {
  const kind = coefficientKind === 'groupLevel' || coefficientKind === 'hospital' ? coefficientKind : 'level'
  return { kind, of: (_, level) => levels[Number(level) - 1]! }
}

/** The fixed loop of the other benches: 10.5 M steps of integer mixing. */
function reference(): number {
  const start = processorTime()
  let x = 1
  for (let i = 0; i < 10_500_000; i++) x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d) + i
  if (x === 0.5) throw new Error('not reached')
  return processorTime() - start
}

/** Time of the processor in ms, collection of garbage included: another program on the machine does not count. */
function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

function compare(policy: Policy): void {
  const coefficients = tableOf(policy, byLevel(policy), cases, hospitals)
  const values = valueCases({ cases, policy, weights, coefficients, hospitals })
  for (let i = 0; i < count; i += 100) {
    const [group, hospital] = [cases.group[i]!, hospitals[cases.hospital[i]!]!]
    const payment = payCase(
      policy,
      {
        group: cases.groups[group]!,
        parent: cases.parents[group]!,
        status: cases.status[i]! as 0 | 1 | 2 | 3,
        weight: weights.weight[group]!,
        stable: true,
        coefficient: coefficients.of(group, hospital.level, hospital.code),
        level: hospital.level,
        insurance: cases.insurances[cases.insurance[i]!]!,
        cost: cases.cost[i]!,
        los: cases.los[i] === NO_STAY ? null : cases.los[i]!,
        detail: { age: cases.facts!.age[i]! },
      },
      { meanCost: new Decimal(weights.meanCost).div(100), pointValue: null },
    )
    if (payment.points !== values.points[i] || payment.paid !== values.paid[i])
      throw new Error(`${policy.id}: case ${i} differs`)
  }
}

/** Cases whose costs spread over all classes: 700 groups, 60 hospitals of three levels, two insurances, one in a hundred without a group. */
function drawn(n: number): { cases: GroupedCases; weights: WeightTable; hospitals: readonly Hospital[] } {
  const groups = Array.from({ length: 700 }, (_, g) => `G${String(g).padStart(3, '0')}`)
  const weight = groups.map((_, g) => new Decimal(20 + ((g * 37) % 700)).div(100))
  const hospitals = Array.from({ length: 60 }, (_, h) => ({ code: `H${h}`, name: `H${h}`, level: String(1 + (h % 3)) }))
  const draw = (i: number, k: number, below: number): number => {
    let x = Math.imul(i * 8 + k + SEED, 0x9e3779b1)
    x = Math.imul(x ^ (x >>> 15), 0x85ebca6b)
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
    return Math.floor((((x ^ (x >>> 16)) >>> 0) / 2 ** 32) * below)
  }
  const group = Uint16Array.from({ length: n }, (_, i) => draw(i, 0, groups.length))
  const meanCost = 1_034_187
  const cost = Float64Array.from({ length: n }, (_, i) =>
    Math.max(1, Math.round(weight[group[i]!]!.toNumber() * meanCost * (0.1 + draw(i, 1, 4000) / 1000))),
  )
  return {
    cases: {
      count: n,
      groups,
      parents: groups.map(code => code.slice(0, 3)),
      hospitals: hospitals.map(({ code }) => code),
      insurances: ['310', '390'],
      months: ['2025-01'],
      group,
      status: Uint8Array.from({ length: n }, (_, i) => (draw(i, 2, 100) === 0 ? 2 : 0)),
      hospital: Uint16Array.from({ length: n }, (_, i) => draw(i, 3, hospitals.length)),
      insurance: Uint16Array.from({ length: n }, (_, i) => draw(i, 4, 2)),
      month: new Uint16Array(n),
      los: Uint16Array.from({ length: n }, (_, i) => 1 + draw(i, 5, 70)),
      dischargeWay: new Uint8Array(n).fill(1),
      cost,
      fund: new Float64Array(n),
      patient: new Float64Array(n),
      facts: {
        age: Int16Array.from({ length: n }, (_, i) => draw(i, 6, 95)),
        ageDays: new Int16Array(n).fill(-1),
        departments: [],
        department: new Uint16Array(n),
        marks: [NO_MARK],
        mark: new Uint32Array(n),
      },
    },
    weights: { groups, weight, stable: groups.map(() => true), meanCost, meanCostExact: new Decimal(meanCost) },
    hospitals,
  }
}
