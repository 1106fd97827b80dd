import { Fault, type Text } from '../../messages/index.ts'
import { POINT_UNIT } from '../../numbers/index.ts'
import { type GroupedCases, NO_MARK } from '../../weights/index.ts'
import { compilePolicy, type Policy } from '../policy/policy.ts'
import type { Baseline } from '../scenario/run.ts'
import { type ClaimTable, orderOf } from '../settle/claims.ts'
import type { Ledger } from '../settle/ledger.ts'
import { valueRegion } from '../settle/region.ts'
import { type ClaimTables, type CutLedger, cutLedger } from '../settle/table-division.ts'
import { isEarly, routed } from '../settle/tracks.ts'
import { capsOfGroups, countsTest } from '../settle/volume-counts.ts'
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
  refuseUntellable(policy, input.cases)
  const { caps, slotAt } = layOutCaps(policy, input.cases)
  // Without budgets classes are not decided again.
  const { budgets: _, ...unpriced } = input
  const cutUnder = (volumeCap: Policy['document']['volumeCap']): CutLedger =>
    cutLedger(valueRegion({ ...unpriced, policy: compilePolicy({ ...policy.document, volumeCap }) }).ledger, input)
  const full = cutUnder([])
  const nothing = cutUnder(
    policy.document.volumeCap.map(({ group }) => ({ group, quota: '0', factor: '0', cut: 'spread' })),
  )
  const between = (a: Ledger, b: Ledger): Float64Array => {
    if (a.cells.sums.paid.some((value, cell) => value !== b.cells.sums.paid[cell]))
      throw cannotTell(policy, 'volumeCap')
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
function layOutCaps(policy: Policy, cases: GroupedCases): { caps: GameCap[]; slotAt: SlotAt } {
  const inOrder = orderOf(cases.months)
  const place = new Uint16Array(inOrder.length)
  for (const [at, month] of inOrder.entries()) place[month] = at
  let slots = 0
  const caps = [...policy.rules.volumeCap.values()].map(({ quota, factor, byDate }): GameCap => {
    const own = Array.from({ length: byDate ? inOrder.length : 1 }, (_, at) => slots + at)
    slots += own.length
    return { quota, factor: factor.toNumber(), byDate, slots: own }
  })
  const capOf = capsOfGroups(policy, cases)
  return {
    caps,
    slotAt(g, month) {
      const cap = caps[capOf[g]!]
      if (cap === undefined) return -1
      return cap.slots[cap.byDate ? place[month]! : 0]!
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
  const { count, group, month, hospital, hospitals } = cases
  const counts = countsTest(policy, cases)
  const place = new Uint16Array(hospitals.length)
  for (const [at, h] of orderOf(hospitals).entries()) place[h] = at
  const out = new Float64Array(hospitals.length * slots)
  for (let i = 0; i < count; i++) {
    const slot = slotAt(group[i]!, month[i]!)
    if (slot >= 0 && counts(i)) out[place[hospital[i]!]! * slots + slot]! += 1
  }
  return out
}

/** What the game cannot tell beside volume caps: revenue would jump or bend where no search along one choice finds it. */
function refuseUntellable(policy: Policy, cases: GroupedCases): void {
  const { elastic, pvMin, pvMax } = policy.document
  if (elastic?.by === 'volume') throw cannotTell(policy, 'elastic')
  if (pvMin !== null) throw cannotTell(policy, 'pvMin')
  if (pvMax !== null) throw cannotTell(policy, 'pvMax')
  const capOf = capsOfGroups(policy, cases)
  const place = new Map(cases.groups.map((code, g) => [code, g]))
  for (let i = 0; i < cases.count; i++) {
    if (cases.status[i] !== 0) continue
    const g = cases.group[i]!
    const mark = cases.facts?.marks[cases.facts.mark[i]!] ?? NO_MARK
    if (capOf[routed(policy, mark, cases, g, place).group] !== capOf[g]) throw cannotTell(policy, 'redirect')
    const group7 = policy.rules.early?.mode === 'group7' ? place.get(`${cases.parents[g]}7`) : undefined
    if (group7 !== undefined && capOf[group7] !== capOf[g] && isEarly(policy, i, cases))
      throw cannotTell(policy, 'earlyDeath')
  }
}

/** Why best responses cannot be found beside volume caps, by the field that stands in the way. */
const REASONS: Readonly<Record<'elastic' | 'pvMin' | 'pvMax' | 'redirect' | 'earlyDeath' | 'volumeCap', Text>> = {
  elastic: {
    zh: '同时有总控人次和按量弹性费率：两处的跳点随各机构病例数移动',
    en: 'has volume caps and an elastic rate by volume, whose jumps move with the cases of all hospitals',
  },
  pvMin: {
    zh: '同时有总控人次和点值下限：何时触及下限随各机构病例数移动',
    en: 'has volume caps and a floor of the point value, which is reached by the cases of all hospitals',
  },
  pvMax: {
    zh: '同时有总控人次和点值上限：何时触及上限随各机构病例数移动',
    en: 'has volume caps and a ceiling of the point value, which is reached by the cases of all hospitals',
  },
  redirect: {
    zh: '把病例改入总控人次不同的病组支付：这些病例按原病组计数，按改入的病组打折',
    en: 'pays cases as a group under another volume cap: they count by the one group and are cut by the other',
  },
  earlyDeath: {
    zh: '把早期死亡病例改入总控人次不同的病组支付：这些病例按原病组计数，按改入的病组打折',
    en: 'pays early deaths as a group under another volume cap: they count by the one group and are cut by the other',
  },
  volumeCap: {
    zh: '的总控人次涉及按金额支付的病组：这些金额随各机构病例数变动',
    en: 'has volume caps on groups that are paid in money, which then moves with the cases of all hospitals',
  },
}

function cannotTell(policy: Policy, field: keyof typeof REASONS): Fault {
  const why = REASONS[field]
  return new Fault({
    code: 'BHV-003',
    at: { field },
    what: {
      zh: `政策 ${policy.id} ${why.zh}，无法求出最优反应。`,
      en: `Policy ${policy.id} ${why.en}; best responses cannot be found.`,
    },
    fix: {
      zh: '行为反应中请用不含其中之一的政策；情景和预测可照常使用。',
      en: 'Respond under a policy without one of them; scenarios and projections take both.',
    },
  })
}
