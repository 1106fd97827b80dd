import { type Capped, capFactors, capPoints, countedPoints, type GameCap, slotsOf } from './caps.ts'
import { type EarningRules, LEAST_POINTS, paidValue, poolBase, valuesOf } from './earned.ts'

/**
 * The game that hospitals play about a pool (§9.1). Amounts are model quantities in yuan and points as doubles: what
 * hospitals expect, not what is settled; `settleActions` settles the outcome to the fen.
 */

/** A hospital as a player. Arrays stand by pool. */
export interface Player {
  readonly code: string
  /** Points of a year at volume 1, without those of `capped`. */
  readonly points: Float64Array
  /** What falls under volume caps; absent: nothing. */
  readonly capped?: Capped
  /** What its patients pay into each pool's total, yuan at volume 1. */
  readonly patient: Float64Array
  /** What visitors who join bring into each pool, yuan at volume 1: it always goes with the volume. */
  readonly visiting: Float64Array
  /** Paid in money, off the top of each pool, yuan at volume 1. */
  readonly paid: Float64Array
  /** Base points of an elastic rate, where hospitals have their own; absent: none. */
  readonly base?: Float64Array
  /** v: cost that moves with volume, yuan at volume 1. */
  readonly cost: number
  /** κ: what a change of volume costs beyond that, ½κ(m − 1)², yuan. */
  readonly kappa: number
  /** η: relative gain of points if all eligible cases are coded higher. */
  readonly eta: number
  /** ψ: what effort to save costs, ½ψe², yuan. */
  readonly psi: number
  /** Relative gain of points, and relative cost, if all stays that can be split are. */
  readonly splitPoints: number
  readonly splitCost: number
  /** Parts of points and of cost that lie in the cases a hospital might refuse. */
  readonly dearPoints: number
  readonly dearCost: number
}

/** Bounds of what a hospital may do. */
export interface Bounds {
  readonly volume: readonly [min: number, max: number]
  readonly upcoding: number
  readonly effort: number
  readonly splitting: number
  readonly refusal: number
}

/** What all players know. */
export interface Rules {
  /** `points`: a pool is shared; `rate`: every point earns the pool's rate, and the fund bears the rest. */
  readonly method: 'points' | 'rate'
  /** By pool: the fund's budget in yuan; for `pool: fixed` the whole pool. */
  readonly budget: Float64Array
  /** By pool: yuan per point under the rate. */
  readonly rate: Float64Array
  /** By pool: what rules make of the value of points; absent: nothing. */
  readonly earning?: readonly (EarningRules | null)[]
  /** Volume caps, which count the cases of all players; absent: none. */
  readonly caps?: readonly GameCap[]
  /** Whether patients' payments and money off the top follow the volume into the pool. */
  readonly patientPayScales: boolean
  /** π: probability that a higher code or a split stay is audited and found. */
  readonly detection: number
  /** φ: fine as a multiple of the money found, which is paid back besides. */
  readonly fine: number
  readonly bounds: Bounds
}

/** What a hospital does: m volume, u share coded higher, e effort to save, y share of stays split, x share refused. */
export interface Action {
  readonly m: number
  readonly u: number
  readonly e: number
  readonly y: number
  readonly x: number
}

/** Doing as before. */
export const STILL: Action = { m: 1, u: 0, e: 0, y: 0, x: 0 }

/** What a player gets, yuan. */
export interface Payoff {
  readonly revenue: number
  readonly cost: number
  readonly fine: number
  readonly profit: number
}

/** Points of a player in a pool: P·Q, with what volume caps leave of P at the cases that all players treat. */
function claimed(player: Player, action: Action, pool: number, factors: Float64Array): number {
  return earningPoints(player, pool, factors) * claims(player, action)
}

/** P: points at volume 1, those under volume caps at what they count. */
function earningPoints({ points, capped }: Player, pool: number, factors: Float64Array): number {
  return points[pool]! + (capped === undefined ? 0 : countedPoints(capped.points, pool * factors.length, factors))
}

/** What points under caps count at the cases that all players treat. */
function factorsAt({ caps = [] }: Rules, { cases }: Others): Float64Array {
  return caps.length === 0 ? cases : capFactors(caps, cases)
}

/** What an action makes of a player's points: Q = m·(1 + uη + yσ)·(1 − x·d). */
export function claims({ eta, splitPoints, dearPoints }: Player, { m, u, y, x }: Action): number {
  return (1 + u * eta + y * splitPoints) * m * (1 - x * dearPoints)
}

/**
 * Sums of the other players by pool: points, base points of their own, and what they bring besides the budget. Under volume
 * caps `points` are those of other cases, `capped` the points of each slot before the cap takes its part, and `cases` what
 * counts against it.
 */
export interface Others {
  readonly points: Float64Array
  readonly base: Float64Array
  readonly brought: Float64Array
  /** By `pool * slots + slot`; empty without caps. */
  readonly capped: Float64Array
  /** By slot; empty without caps. */
  readonly cases: Float64Array
}

/** Own base points of a player among the points that it claims. */
export function ownBase({ base }: Player, own: number, pool: number): number {
  return base === undefined ? 0 : Math.min(base[pool]!, own)
}

/** What a player brings into a pool besides points: patients' payments and visitors' bills less money off the top. */
export function brings(player: Player, { m }: Action, { patientPayScales }: Rules, pool: number): number {
  return (player.patient[pool]! - player.paid[pool]!) * (patientPayScales ? m : 1) + player.visiting[pool]! * m
}

/** The sums over players other than `self`; −1 for all. */
export function sumOthers(players: readonly Player[], actions: readonly Action[], rules: Rules, self: number): Others {
  const [points, base, brought] = [0, 1, 2].map(() => new Float64Array(rules.budget.length)) as Triple
  const slots = slotsOf(rules.caps ?? [])
  const capped = new Float64Array(rules.budget.length * slots)
  const cases = new Float64Array(slots)
  for (let h = 0; h < players.length; h++) {
    if (h === self) continue
    const [player, action] = [players[h]!, actions[h]!]
    const volume = claims(player, action)
    for (let s = 0; s < points.length; s++) {
      const own = player.points[s]! * volume
      points[s]! += own
      base[s]! += ownBase(player, own, s)
      brought[s]! += brings(player, action, rules, s)
    }
    if (slots === 0 || player.capped === undefined) continue
    for (let i = 0; i < capped.length; i++) capped[i]! += player.capped.points[i]! * volume
    for (let slot = 0; slot < slots; slot++) cases[slot]! += player.capped.cases[slot]! * action.m
  }
  return { points, base, brought, capped, cases }
}

type Triple = [Float64Array, Float64Array, Float64Array]

/** Points of the other players in a pool, with what caps leave of them. */
function othersPoints({ points, capped }: Others, pool: number, factors: Float64Array): number {
  return capped.length === 0 ? points[pool]! : points[pool]! + countedPoints(capped, pool * factors.length, factors)
}

/** Yuan per point of every pool, on the mean and as it is paid. */
export function pointValues(players: readonly Player[], actions: readonly Action[], rules: Rules): Float64Array {
  if (rules.method === 'rate') return rules.rate
  const sums = sumOthers(players, actions, rules, -1)
  const { base, brought } = sums
  const factors = factorsAt(rules, sums)
  return rules.budget.map((budget, s) => {
    const by = rules.earning?.[s] ?? null
    const all = othersPoints(sums, s, factors)
    return paidValue(Math.max(budget + brought[s]!, 0), { all, base: poolBase(by, all, base[s]!) }, by)
  })
}

/**
 * What a player gets by an action, the others' given. The fine is π·(1 + φ) of what the false points are worth at the
 * prices `expected` that hospitals see, which a player takes as given.
 */
export function payoff(player: Player, action: Action, others: Others, expected: Float64Array, rules: Rules): Payoff {
  const { m, u, e, y, x } = action
  let revenue = 0
  let falsely = 0
  const volume = claims(player, action)
  const { caps, budget } = rules
  const mine = caps && new Float64Array(budget.length)
  const rest = caps && new Float64Array(budget.length)
  if (caps && mine && rest) capPoints(caps, player.capped, others, m, mine, rest)
  for (let s = 0; s < budget.length; s++) {
    const counted = player.points[s]! + (mine?.[s] ?? 0)
    const own = counted * volume
    const theirs = { points: others.points[s]! + (rest?.[s] ?? 0), base: others.base[s]! }
    const total = budget[s]! + others.brought[s]! + brings(player, action, rules, s)
    revenue +=
      onPoints(player, own, Math.max(total, 0), theirs, rules, s) + player.paid[s]! * (rules.patientPayScales ? m : 1)
    falsely += counted * m * (u * player.eta + y * player.splitPoints) * expected[s]!
  }
  const running = player.cost * m * (1 - e) * (1 + y * player.splitCost) * (1 - x * player.dearCost)
  const cost = running + 0.5 * player.kappa * (m - 1) ** 2 + 0.5 * player.psi * e * e
  const fine = rules.detection * (1 + rules.fine) * falsely
  return { revenue, cost, fine, profit: revenue - cost - fine }
}

/** Points of the others in one pool, and their base points. */
interface Theirs {
  readonly points: number
  readonly base: number
}

/** What a player's `own` points earn in a pool of `total` yuan. */
function onPoints(player: Player, own: number, total: number, others: Theirs, rules: Rules, s: number): number {
  if (rules.method === 'rate') return own * rules.rate[s]!
  const all = own + others.points
  const by = rules.earning?.[s] ?? null
  if (by === null) return all >= LEAST_POINTS ? own * (total / all) : 0
  const mine = ownBase(player, own, s)
  const base = poolBase(by, all, others.base + mine)
  const values = valuesOf(total, { all, base }, by)
  if (by.elastic?.base == null) return mine * values.base + (own - mine) * values.extra
  // Base points of the region go to all alike, so that every point earns the mean. No difference of nearly equal numbers
  // is taken a second time: the extra points of a pool may be few and dear.
  return all < LEAST_POINTS ? 0 : (own / all) * (base * values.base + (all - base) * values.extra)
}

/**
 * π(1 + φ) from which coding higher pays for no player: what one more point earns a player, over the point value, at its
 * largest. 1 − s of a hospital's share s where money is simply divided; 1 under a rate, and where a floor or ceiling holds.
 */
export function deterrence(players: readonly Player[], actions: readonly Action[], rules: Rules): number {
  if (rules.method === 'rate') return 1
  const sums = sumOthers(players, actions, rules, -1)
  const values = pointValues(players, actions, rules)
  const factors = factorsAt(rules, sums)
  let least = 0
  for (let h = 0; h < players.length; h++) {
    const player = players[h]!
    if (player.eta <= 0 && player.splitPoints <= 0) continue
    for (let s = 0; s < values.length; s++) {
      const own = claimed(player, actions[h]!, s, factors)
      if (own <= 0) continue
      const all = othersPoints(sums, s, factors)
      const plain = 1 - own / all
      if (rules.earning?.[s] == null) {
        least = Math.max(least, plain)
        continue
      }
      const others = { points: all - own, base: sums.base[s]! - ownBase(player, own, s) }
      const money = Math.max(rules.budget[s]! + sums.brought[s]!, 0)
      const at = (points: number): number => onPoints(player, points, money, others, rules, s)
      const step = own * 1e-6
      if (values[s]! > 0) least = Math.max(least, (at(own + step) - at(own)) / step / values[s]!)
    }
  }
  return least
}
