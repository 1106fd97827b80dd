import { type Bend, bendsOf } from './bends.ts'
import { type Action, claims, type Others, type Player, payoff, type Rules } from './game.ts'
import { BEYOND, highestOf } from './highest.ts'

/** The choices of a hospital. */
export const KEYS = ['m', 'u', 'e', 'y', 'x'] as const

/** Choices that move points; the best effort follows from them. */
const MOVING = ['m', 'u', 'y', 'x'] as const
type Key = (typeof MOVING)[number]

/** Range of each choice. */
export function range({ bounds }: Rules, key: (typeof KEYS)[number]): readonly [number, number] {
  switch (key) {
    case 'm':
      return bounds.volume
    case 'u':
      return [0, bounds.upcoding]
    case 'e':
      return [0, bounds.effort]
    case 'y':
      return [0, bounds.splitting]
    case 'x':
      return [0, bounds.refusal]
  }
}

/** What a search knows. */
interface Search {
  readonly player: Player
  readonly rules: Rules
  /** Choices that have a range; volume last, since it follows the others along a bend. */
  readonly free: readonly Key[]
  readonly bends: readonly Bend[]
  /** Lengths into which a range is cut besides its bends: the payoff need not be concave between them. */
  readonly parts: number
  /** The profit of an action with the best effort for it. */
  readonly worth: (action: Action) => number
}

/**
 * A player's best action, the others' given. One choice after another is searched between the bends of the payoff, and then
 * along each bend, where one choice makes up for another: from a ridge, or the edge of a jump, no choice alone leads on.
 */
export function bestResponse(
  player: Player,
  from: Action,
  others: Others,
  expected: Float64Array,
  rules: Rules,
): Action {
  const complete = (action: Action): Action => ({ ...action, e: bestEffort(player, action, rules) })
  const worth = (action: Action): number => payoff(player, complete(action), others, expected, rules).profit
  const free = MOVING.filter(key => range(rules, key)[1] > range(rules, key)[0]).reverse()
  const bends = bendsOf(player, others, rules).filter(bend => crosses(bend, player, rules))
  const parts = isConcave(player, others, rules) ? 1 : 8
  const search: Search = { player, rules, free, bends, parts, worth }
  const held = (key: Key): number => within(from[key], range(rules, key))
  const start: Action = { m: held('m'), u: held('u'), e: from.e, y: held('y'), x: held('x') }
  const swings = free.filter(key => key === 'y' || key === 'x')
  let best = highestAction(
    [start, ...ends(swings, start, rules)].map(one => climb(search, one)),
    worth,
  )!
  // Under caps volume alone meets a bend: no other choice makes up for it.
  if (free.length > 1 && rules.caps === undefined)
    for (const bend of bends) {
      const found = along(search, bend, best)
      if (found !== undefined && worth(found) > worth(best)) best = climb(search, found)
    }
  return complete(best)
}

/** e = v·m·(1 + y·s)(1 − x·d′) / ψ: where one more unit of effort saves what it costs. */
function bestEffort(player: Player, { m, y, x }: Action, { bounds }: Rules): number {
  const running = player.cost * m * (1 + y * player.splitCost) * (1 - x * player.dearCost)
  if (running <= 0) return 0
  return player.psi > 0 ? Math.min(running / player.psi, bounds.effort) : bounds.effort
}

/** One choice after another, until none moves. */
function climb({ player, free, rules, bends, parts, worth }: Search, from: Action): Action {
  let best = from
  for (let pass = 0; pass < PASSES; pass++) {
    let moved = 0
    for (const key of free) {
      const [low, high] = range(rules, key)
      const at = (x: number): Action => ({ ...best, [key]: x })
      const breaks = bends.flatMap(bend => rootOf(bend, player, best, key) ?? [])
      // Only volume moves what caps leave of the points.
      const cuts = key === 'm' && rules.caps !== undefined ? Math.max(parts, 4) : parts
      const value = highestOf(low, high, { breaks, parts: cuts }, x => worth(at(x)))
      if (worth(at(value)) < worth(best)) continue
      moved = Math.max(moved, Math.abs(value - best[key]) / (high - low))
      best = at(value)
    }
    if (moved < 1e-9) break
  }
  return best
}

const PASSES = 12

/** The best action on a bend, on the side where the player claims more: every jump goes up there. */
function along(search: Search, bend: Bend, best: Action): Action | undefined {
  const { free, rules, bends, worth, player } = search
  const starts = [best, ...ends(free, best, rules)].flatMap(one =>
    free.flatMap(key => follow(search, bend, one, key) ?? []),
  )
  const start = highestAction(starts, worth)
  if (start === undefined) return undefined
  let found = start
  const pairs = free.flatMap((follower, i) => free.slice(0, i).map(key => ({ key, follower })))
  for (let pass = 0; pass < PASSES; pass++) {
    let moved = 0
    for (const { key, follower } of pairs) {
      const [low, high] = range(rules, key)
      const at = (x: number): Action | undefined => follow(search, bend, { ...found, [key]: x }, follower)
      const value = (x: number): number => {
        const action = at(x)
        return action === undefined ? Number.NEGATIVE_INFINITY : worth(action)
      }
      const bounds = range(rules, follower).map(bound => rootOf(bend, player, { ...found, [follower]: bound }, key))
      // Two bends meet while volume follows; while it stays, so do claims, and no other bend is met.
      const others = follower === 'm' ? bends.map(other => meetingOf(bend, other, player, found, key)) : []
      const breaks = [...bounds, ...others].filter(x => x !== undefined)
      const to = highestOf(low, high, { breaks, parts: search.parts }, value)
      const next = at(to)
      if (next === undefined || worth(next) <= worth(found)) continue
      moved = Math.max(moved, Math.abs(to - found[key]) / (high - low))
      found = next
    }
    if (moved < 1e-9 || pairs.length === 1) break
  }
  return found
}

/** The action with the one choice set so that it lies on a bend, or just beyond; undefined where the range has no such. */
function follow({ player, rules }: Search, bend: Bend, action: Action, key: Key): Action | undefined {
  const root = rootOf(bend, player, action, key)
  const [low, high] = range(rules, key)
  const slack = (high - low) * BEYOND
  if (root === undefined || root < low - slack || root > high + slack) return undefined
  return { ...action, [key]: within(root + (key === 'x' ? -slack : slack), [low, high]) }
}

/** Where a bend is met by one choice, the others kept: claims and volume are linear in each. */
function rootOf({ at, byClaims, byVolume }: Bend, player: Player, action: Action, key: Key): number | undefined {
  const value = (x: number): number => {
    const one = { ...action, [key]: x }
    return at + byClaims * claims(player, one) + byVolume * one.m
  }
  const [zero, one] = [value(0), value(1)]
  return zero === one ? undefined : zero / (zero - one)
}

/** Where volume that keeps to `bend` meets another bend, by another choice: the claims of a unit of volume are then known. */
function meetingOf(bend: Bend, other: Bend, player: Player, action: Action, key: Key): number | undefined {
  const cross = (of: 'byClaims' | 'byVolume'): number => other.at * bend[of] - bend.at * other[of]
  const meeting = { at: cross('byVolume'), byClaims: cross('byClaims'), byVolume: 0 }
  return rootOf(meeting, player, { ...action, m: 1 }, key)
}

/** Whether a bend can be met at all: claims and volume at the ends of their ranges lie on both sides of it. */
function crosses({ at, byClaims, byVolume }: Bend, player: Player, { bounds }: Rules): boolean {
  const [most, least] = [
    claims(player, { m: 1, u: bounds.upcoding, e: 0, y: bounds.splitting, x: 0 }),
    claims(player, { m: 1, u: 0, e: 0, y: 0, x: bounds.refusal }),
  ]
  const values = bounds.volume.flatMap(m => [most, least].map(one => at + byClaims * one * m + byVolume * m))
  return Math.min(...values) <= 0 && Math.max(...values) >= 0
}

/**
 * Whether the payoff is known to be concave between bends, but in the volume under caps: every pool is simply divided,
 * brings the player no more for a point of its own than the others have for theirs, and saving does not outrun the cost of
 * growing.
 */
function isConcave(player: Player, others: Others, rules: Rules): boolean {
  const { bounds, patientPayScales } = rules
  if (bounds.effort > 0 && (bounds.splitting > 0 || bounds.refusal > 0)) return false
  if (bounds.effort > 0 && player.cost ** 2 > player.kappa * player.psi) return false
  if (rules.method === 'rate') return true
  return rules.budget.every((budget, s) => {
    if (rules.earning?.[s] != null) return false
    const brought = player.patient[s]! - player.paid[s]!
    const byVolume = player.visiting[s]! + (patientPayScales ? brought : 0)
    const rest = budget + others.brought[s]! + (patientPayScales ? 0 : brought)
    const least = player.points[s]! * (1 - bounds.refusal * player.dearPoints)
    return byVolume * others.points[s]! <= rest * least
  })
}

/** An action with some choices at either end of their range, in every combination. */
function ends(keys: readonly Key[], from: Action, rules: Rules): readonly Action[] {
  if (keys.length === 0) return []
  return keys.reduce<readonly Action[]>(
    (all, key) => all.flatMap(one => range(rules, key).map(value => ({ ...one, [key]: value }))),
    [from],
  )
}

/** The first of the highest. */
function highestAction(actions: readonly Action[], worth: (action: Action) => number): Action | undefined {
  let best: Action | undefined
  let most = Number.NEGATIVE_INFINITY
  for (const action of actions) {
    const value = worth(action)
    if (best === undefined || value > most) [best, most] = [action, value]
  }
  return best
}

function within(value: number, [low, high]: readonly [number, number]): number {
  return Math.min(Math.max(value, low), high)
}
