import { at, createDraws, Decimal } from '../numbers/index.ts'
import { compilePolicy, loadPolicy, type RegionInput, type Scenario } from '../simulate/index.ts'
import type { GroupedCases } from '../weights/index.ts'

/**
 * A region of 600 groups and two insurances, its costs lognormal around the weights; coefficients by level, or by hospital.
 */
export function drawnRegion(count: number, size: number, byHospital = false): RegionInput {
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
  const own = new Map(list.map(({ code }, h) => [code, new Decimal((0.8 + ((h * 7919) % 300) / 600).toFixed(4))]))
  const policy = loadPolicy('yancheng-2025')
  const { document } = policy
  return {
    cases: table,
    weights: { groups, weight: weight.map(w => new Decimal(w.toFixed(4))), stable: groups.map(() => true), meanCost: 800_000, meanCostExact: new Decimal(800_000) },
    coefficients: byHospital
      ? { kind: 'hospital', of: (_, __, hospital) => own.get(hospital) ?? one }
      : { kind: 'groupLevel', of: (_, level) => levels.get(level) ?? one },
    policy: byHospital ? compilePolicy({ ...document, coefficient: { ...document.coefficient, kind: 'hospital' } }) : policy,
    budgets: [{ insurance: '310', fund: count * 400_000 }, { insurance: '390', fund: count * 300_000 }],
    hospitals: list,
  } // biome-ignore format: a region
}

/** A scenario of these changes. */
export function scenarioOf(set: Record<string, unknown>): Scenario {
  return {
    file: 'bench',
    title: { zh: '测', en: 'bench' },
    author: null,
    baseline: null,
    description: null,
    reference: [],
    assumptions: [],
    date: null,
    stack: [],
    set,
    scale: {},
  }
}
