import { Fault } from '../../messages/index.ts'
import { POINT_UNIT } from '../../numbers/index.ts'
import { type GroupedCases, NO_MARK } from '../../weights/index.ts'
import { compilePolicy, type Policy } from '../policy/policy.ts'
import type { Baseline } from '../scenario/run.ts'
import { type ClaimTable, orderOf } from '../settle/claims.ts'
import { dischargeTest } from '../settle/discharges.ts'
import type { Ledger } from '../settle/ledger.ts'
import { valueRegion } from '../settle/region.ts'
import { type ClaimTables, type CutLedger, cutLedger } from '../settle/table-division.ts'
import { type Capped, capFactors, countedPoints, type GameCap, slotsOf } from './caps.ts'
import type { Race } from './races.ts'

/** The volume caps of a region as a game about its pools knows them. Hospitals in order of their codes. */
interface CapClaims {
  readonly caps: readonly GameCap[]
  /** Cases that count by `hospital * slots + slot`. */
  readonly cases: Float64Array
  /** Points before caps take their part, by `(hospital * insurances + insurance) * slots + slot`: of pools, then of each part. */
  readonly main: Float64Array
  readonly parts: readonly Float64Array[]
  /** What a point of each slot counts as things are. */
  readonly factors: Float64Array
}

/**
 * What volume caps take, apart from all else that cases earn: the cases are valued with no cap and with caps that leave
 * nothing, and the difference is what falls under them. Null where the policy has no cap; refuses what the game cannot tell.
 */
export function capClaims({ input, valued }: Baseline): CapClaims | null {
  const policy = valued.reclassified?.policy ?? input.policy
  if (policy.rules.volumeCap.size === 0) return null
  if (policy.document.elastic?.by === 'volume') throw cannotTell(policy, 'elastic')
  const { caps, slotAt } = layOutCaps(policy, input.cases)
  const { budgets: _, ...unpriced } = input
  const cutUnder = (volumeCap: Policy['document']['volumeCap']): CutLedger => {
    const by = compilePolicy({ ...policy.document, volumeCap, reclassifyAtYearEnd: false })
    return cutLedger(valueRegion({ ...unpriced, policy: by }).ledger, input)
  }
  const full = cutUnder([])
  const nothing = cutUnder(
    policy.document.volumeCap.map(({ group }) => ({ group, quota: '0', factor: '0', cut: 'spread' })),
  )
  const between = (a: Ledger, b: Ledger): Float64Array => {
    if (a.cells.sums.paid.some((value, cell) => value !== b.cells.sums.paid[cell])) throw cannotTell(policy, 'money')
    return pointsBySlot(a, b, slotAt, slotsOf(caps))
  }
  const cases = casesBySlot(policy, input.cases, slotAt, slotsOf(caps))
  const all = new Float64Array(slotsOf(caps))
  for (const [i, n] of cases.entries()) all[i % all.length]! += n
  return {
    caps,
    cases,
    main: between(full.main, nothing.main),
    parts: full.parts.map(({ ledger }, i) => between(ledger, nothing.parts[i]!.ledger)),
    factors: capFactors(caps, all),
  }
}

/** What of a player falls under caps, and the points that they leave it in each pool as things are. */
export interface CappedNow {
  readonly capped: Capped
  readonly now: Float64Array
}

/** What falls under caps by hospital: the claims of each pool over its insurances. */
export function cappedOf(
  caps: CapClaims | null,
  tables: ClaimTables,
  pools: readonly Race[],
): (hospital: number) => CappedNow | undefined {
  if (caps === null) return () => undefined
  const slots = caps.factors.length
  const width = tables.main.insurances.length
  const columnsOf = (claims: ClaimTable): Float64Array =>
    claims === tables.main ? caps.main : caps.parts[tables.parts.findIndex(part => part.claims === claims)]!
  return h => {
    const points = new Float64Array(pools.length * slots)
    for (const [p, { claims, columns }] of pools.entries()) {
      const under = columnsOf(claims)
      for (const s of columns)
        for (let slot = 0; slot < slots; slot++) points[p * slots + slot]! += under[(h * width + s) * slots + slot]!
    }
    const now = Float64Array.from(pools, (_, p) => countedPoints(points, p * slots, caps.factors))
    return { capped: { cases: caps.cases.slice(h * slots, (h + 1) * slots), points }, now }
  }
}

type SlotAt = (group: number, month: number) => number

/** The slots of all caps, and the one that a case of a group counts in; −1: none. */
function layOutCaps({ rules }: Policy, { groups, parents, months }: GroupedCases): { caps: GameCap[]; slotAt: SlotAt } {
  const inOrder = orderOf(months)
  const first = new Map<string, number>()
  let slots = 0
  const caps = [...rules.volumeCap].map(([code, { quota, factor, byDate }]): GameCap => {
    first.set(code, slots)
    const own = byDate ? inOrder.map(month => slots + month) : [slots]
    slots += own.length
    return { quota, factor: factor.toNumber(), byDate, slots: own }
  })
  const capOf = groups.map((code, g) => [code, parents[g] ?? ''].find(one => rules.volumeCap.has(one)))
  return {
    caps,
    slotAt(g, month) {
      const code = capOf[g]
      if (code === undefined) return -1
      return first.get(code)! + (rules.volumeCap.get(code)?.byDate === true ? month : 0)
    },
  }
}

/** Points that one ledger has beyond another with the same cells, in points. */
function pointsBySlot(full: Ledger, rest: Ledger, slotAt: SlotAt, slots: number): Float64Array {
  const { hospitals, insurances, months, cells } = full
  const out = new Float64Array(hospitals.length * insurances.length * slots)
  for (const [place, h] of orderOf(hospitals).entries()) {
    for (let s = 0; s < insurances.length; s++) {
      const unit = (place * insurances.length + s) * slots
      for (let m = 0; m < months.length; m++) {
        const row = (h * insurances.length + s) * months.length + m
        for (let cell = cells.start[row]!; cell < cells.start[row + 1]!; cell++) {
          const slot = slotAt(cells.group[cell]!, m)
          if (slot >= 0) out[unit + slot]! += (cells.sums.points[cell]! - rest.cells.sums.points[cell]!) / POINT_UNIT
        }
      }
    }
  }
  return out
}

/** The cases that count against caps, by hospital and slot. */
function casesBySlot(policy: Policy, cases: GroupedCases, slotAt: SlotAt, slots: number): Float64Array {
  const { count, status, group, month, hospital, hospitals, facts } = cases
  const isDischarge = dischargeTest(policy)
  const place = new Uint16Array(hospitals.length)
  for (const [at, h] of orderOf(hospitals).entries()) place[h] = at
  const out = new Float64Array(hospitals.length * slots)
  for (let i = 0; i < count; i++) {
    if (status[i] !== 0) continue
    const slot = slotAt(group[i]!, month[i]!)
    if (slot < 0 || !isDischarge(facts?.marks[facts.mark[i]!] ?? NO_MARK)) continue
    out[place[hospital[i]!]! * slots + slot]! += 1
  }
  return out
}

function cannotTell(policy: Policy, why: 'elastic' | 'money'): Fault {
  return new Fault({
    code: 'BHV-003',
    at: { field: why === 'elastic' ? 'elastic' : 'volumeCap' },
    what:
      why === 'elastic'
        ? {
            zh: `政策 ${policy.id} 同时有总控人次和按量弹性费率：两处的跳点随各机构病例数移动，无法求出最优反应。`,
            en: `Policy ${policy.id} has volume caps and an elastic rate by volume: its jumps then move with the cases of all hospitals, and best responses cannot be found.`,
          }
        : {
            zh: `政策 ${policy.id} 的总控人次涉及按金额支付的病组：这些金额随各机构病例数变动，无法求出最优反应。`,
            en: `The volume caps of policy ${policy.id} concern groups that are paid in money, which then moves with the cases of all hospitals; best responses cannot be found.`,
          },
    fix: {
      zh: '行为反应中请用不含其中之一的政策；情景和预测可照常使用。',
      en: 'Respond under a policy without one of them; scenarios and projections take both.',
    },
  })
}
