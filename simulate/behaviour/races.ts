import { Fault, type Text } from '../../messages/index.ts'
import { POINT_UNIT } from '../../numbers/index.ts'
import type { Policy } from '../policy/policy.ts'
import { baseOf, type ClaimTable, poolTerms } from '../settle/claims.ts'
import type { RegionInput } from '../settle/region.ts'
import { type ClaimTables, divideTables, partPlan, visitorsOf } from '../settle/table-division.ts'
import type { EarningRules } from './earned.ts'

/** A pool that hospitals race for: of some insurances, or a part inside a budget that pays by points of its own. */
export interface PoolName {
  readonly insurances: readonly string[]
  readonly part: { readonly id: string; readonly title: Text } | null
}

/** A pool with its claims and the positions of its insurances in them; `visiting` are those of visitors who join it. */
export interface Race {
  readonly name: PoolName
  readonly claims: ClaimTable
  readonly columns: readonly number[]
  readonly visiting: readonly number[]
  /** What is there without what patients and visitors bring, fen. */
  readonly budget: number
  /** Floor, ceiling, rounding and elastic rate; null for parts of a budget. */
  readonly earning: EarningRules | null
  /** Base points of each hospital, 1e-4; null where the region has them or nobody. */
  readonly base: readonly number[] | null
}

/** The pools with points: those of insurances, then parts of budgets that pay by points. Refuses a region without any. */
export function racesOf(tables: ClaimTables, input: RegionInput): readonly Race[] {
  const { main } = tables
  const { joined } = visitorsOf(input.visitors)
  const width = main.insurances.length
  const total = (column: Float64Array, columns: readonly number[]): number =>
    columns.reduce((all, s) => all + main.hospitals.reduce((sum, _, h) => sum + column[h * width + s]!, 0), 0)
  const { pools, parts } = divideTables(tables, input)
  const races = pools.map(({ insurances, columns, shares }): Race => {
    const visiting = columns.filter(s => joined.has(main.insurances[s]!))
    const budget = shares.total - shares.patient - total(main.fund, visiting)
    const ruled = earningOf(input.policy, insurances, main.hospitals)
    return { name: { insurances, part: null }, claims: main, columns, visiting, budget, ...ruled }
  })
  const inside = partPlan(main.insurances, input).paying.map(({ insurance, part: { id, title }, columns }, i): Race => {
    const { claims } = tables.parts[i]!
    const budget = parts[i]!.gross.reduce((all, one) => all + one, 0) - total(claims.patient, columns)
    const name = { insurances: [insurance], part: { id, title } }
    return { name, claims, columns, visiting: [], budget, earning: null, base: null }
  })
  const byPoints = inside.filter((_, i) => parts[i]!.basis === 'points')
  const found = [...races, ...byPoints].filter(({ claims, columns }) => total(claims.points, columns) > 0)
  if (found.length === 0) throw withoutPoints(input.policy.id)
  return found
}

/** What the policy makes of the value of a pool's points, in yuan and points. */
function earningOf(
  policy: Policy,
  insurances: readonly string[],
  hospitals: readonly string[],
): Pick<Race, 'earning' | 'base'> {
  const { value = null, elastic = null } = poolTerms(policy, insurances)
  const base = baseOf(policy, insurances, hospitals)
  if (value === null && elastic === null) return { earning: null, base: null }
  const region = typeof base === 'number' ? base / POINT_UNIT : null
  return {
    earning: {
      value,
      elastic: elastic && {
        value: elastic.value?.toNumber() ?? null,
        fixedShare: elastic.fixedShare?.toNumber() ?? 1,
        base: region,
      },
    },
    base: typeof base === 'number' ? null : base,
  }
}

function withoutPoints(policy: string): Fault {
  return new Fault({
    code: 'BHV-002',
    at: { field: 'method' },
    what: {
      zh: `政策 ${policy} 没有按点数分配的基金池。`,
      en: `Policy ${policy} has no pool that is shared by points.`,
    },
    fix: { zh: '行为反应需要 method: points 的政策。', en: 'Responses need a policy with method: points.' },
  })
}
