import { Decimal } from '../../numbers/index.ts'
import type { Policy } from '../../simulate/policy/policy.ts'
import type { RegionInput } from '../../simulate/settle/region.ts'
import { type CaseMark, NO_MARK } from '../../weights/index.ts'
import { policyOf } from './examples.ts'

const ONE = new Decimal(1)

/** Cases of weight 1 and 100 points, by group and month; `marks` by case, in order. */
export function region(
  list: readonly (readonly [group: string, month: string])[],
  fields: Record<string, unknown>,
  marks: readonly CaseMark[] = [],
): RegionInput {
  const [groups, months] = [0, 1].map(at => [...new Set(list.map(one => one[at as 0 | 1]))]) as [string[], string[]]
  const column = (value: number): Float64Array => new Float64Array(list.length).fill(value)
  return {
    cases: {
      count: list.length,
      groups,
      parents: groups.map(code => code.slice(0, 3)),
      hospitals: ['A'],
      insurances: ['310'],
      months,
      group: Uint16Array.from(list, ([group]) => groups.indexOf(group)),
      status: new Uint8Array(list.length),
      hospital: new Uint16Array(list.length),
      insurance: new Uint16Array(list.length),
      month: Uint16Array.from(list, ([, month]) => months.indexOf(month)),
      los: new Uint16Array(list.length).fill(8),
      dischargeWay: new Uint8Array(list.length),
      cost: column(1_000_000),
      fund: column(700_000),
      patient: column(300_000),
      facts: {
        age: new Int16Array(list.length).fill(40),
        ageDays: new Int16Array(list.length).fill(-1),
        departments: [''],
        department: new Uint16Array(list.length),
        marks: [NO_MARK, ...marks],
        mark: Uint32Array.from(list, (_, i) => (i < marks.length ? i + 1 : 0)),
      },
    },
    weights: {
      groups,
      weight: groups.map(() => ONE),
      stable: groups.map(() => true),
      meanCost: 1_000_000,
      meanCostExact: new Decimal(1_000_000),
    },
    coefficients: { kind: 'none', of: () => ONE },
    policy: policyOf({
      method: 'points', scale: '100', avgCost: '10000', pointValue: '100', ratioBase: 'avgRw', coefficient: { kind: 'none' },
      ...fields,
    }),
    hospitals: [{ code: 'A', name: '甲', level: '3' }],
    budgets: [{ insurance: '310', fund: 10_000_000 }],
  } // biome-ignore format: one policy
}

/** Cases of a group by month, the first of them January 2025. */
export const months = (group: string, counts: readonly number[]): (readonly [string, string])[] =>
  counts.flatMap((n, m) => Array.from({ length: n }, () => [group, `2025-0${m + 1}`] as const))

/** Whether a policy has rules beside caps of which responses may be refused (BHV-003). */
export function mayBeRefused({ document, rules }: Policy): boolean {
  const { elastic, pvMin, pvMax, redirect, earlyDeath } = document
  return rules.volumeCap.size > 0 && [elastic, pvMin, pvMax, redirect[0], earlyDeath].some(one => one != null)
}
