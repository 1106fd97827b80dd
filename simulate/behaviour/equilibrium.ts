import {
  type Action,
  type Others,
  type Payoff,
  type Player,
  payoff,
  pointValues,
  type Rules,
  STILL,
  sumOthers,
} from './game.ts'

export interface Solver {
  /** δ in m ← m + δ(BR − m), 0 < δ ≤ 1. */
  readonly damping: number
  /** The iteration ends when no action moves by more than this, relative to its range. */
  readonly eps: number
  readonly rounds: number
}

/** One round of best responses. */
export interface Round {
  /** Yuan per point by pool. */
  readonly pointValue: Float64Array
  readonly actions: readonly Action[]
  /** Largest move of an action in this round. */
  readonly moved: number
}

/** Where best responses lead. */
export interface Equilibrium {
  /** The start, and every round after it. */
  readonly path: readonly Round[]
  readonly converged: boolean
  readonly actions: readonly Action[]
  readonly payoffs: readonly Payoff[]
  /**
   * The most that one hospital could still gain by another action, relative to its revenue: 0 in an equilibrium. It is
   * measured, whatever the iteration did.
   */
  readonly gap: number
}

const KEYS = ['m', 'u', 'e', 'y', 'x'] as const

/** Range of each action. */
function range({ bounds }: Rules, key: (typeof KEYS)[number]): readonly [number, number] {
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

/**
 * Best-response iteration with damping, players in turn in the order given, from the same start (default: as before).
 * `movers` are the positions of those who may act; the others stay. An equilibrium exists where pools are simply divided:
 * action sets are compact and convex, payoffs continuous and concave in each action; a floor of the point value or an
 * elastic rate may bend them. `gap` says whether one was found.
 */
export function equilibrium(
  players: readonly Player[],
  rules: Rules,
  solver: Solver,
  movers: readonly number[] = players.map((_, h) => h),
  start: readonly Action[] = players.map(() => STILL),
): Equilibrium {
  const actions = [...start]
  const path: Round[] = [{ pointValue: pointValues(players, actions, rules), actions: [...actions], moved: 0 }]
  const totals = sumOthers(players, actions, rules, -1)
  let converged = false
  for (let round = 1; round <= solver.rounds && !converged; round++) {
    let moved = 0
    const expected = path.at(-1)!.pointValue
    // Sums are taken anew every round, so that no rounding error gathers.
    refresh(totals, players, actions, rules)
    for (const h of movers) {
      const others = without(totals, players[h]!, actions[h]!, rules)
      const best = bestResponse(players[h]!, actions[h]!, others, expected, rules)
      const next = damped(actions[h]!, best, solver.damping)
      for (const key of KEYS) {
        const [low, high] = range(rules, key)
        if (high > low) moved = Math.max(moved, Math.abs(next[key] - actions[h]![key]) / (high - low))
      }
      actions[h] = next
      addTo(totals, others, players[h]!, next, rules)
    }
    path.push({ pointValue: pointValues(players, actions, rules), actions: [...actions], moved })
    converged = moved < solver.eps
  }
  const expected = path.at(-1)!.pointValue
  let gap = 0
  const payoffs = players.map((player, h) => {
    const others = sumOthers(players, actions, rules, h)
    const own = payoff(player, actions[h]!, others, expected, rules)
    if (movers.includes(h)) {
      const best = payoff(player, bestResponse(player, actions[h]!, others, expected, rules), others, expected, rules)
      gap = Math.max(gap, (best.profit - own.profit) / Math.max(own.revenue, 1))
    }
    return own
  })
  return { path, converged, actions, payoffs, gap }
}

function refresh(totals: Others, players: readonly Player[], actions: readonly Action[], rules: Rules): void {
  const { points, base, brought } = sumOthers(players, actions, rules, -1)
  totals.points.set(points)
  totals.base.set(base)
  totals.brought.set(brought)
}

function without(totals: Others, player: Player, action: Action, rules: Rules): Others {
  const own = sumOthers([player], [action], rules, -1)
  return {
    points: totals.points.map((value, s) => Math.max(value - own.points[s]!, 0)),
    base: totals.base.map((value, s) => Math.max(value - own.base[s]!, 0)),
    brought: totals.brought.map((value, s) => value - own.brought[s]!),
  }
}

function addTo(totals: Others, others: Others, player: Player, action: Action, rules: Rules): void {
  const own = sumOthers([player], [action], rules, -1)
  for (let s = 0; s < totals.points.length; s++) {
    totals.points[s] = others.points[s]! + own.points[s]!
    totals.base[s] = others.base[s]! + own.base[s]!
    totals.brought[s] = others.brought[s]! + own.brought[s]!
  }
}

function damped(from: Action, to: Action, damping: number): Action {
  const mix = (key: keyof Action): number => from[key] + damping * (to[key] - from[key])
  return { m: mix('m'), u: mix('u'), e: mix('e'), y: mix('y'), x: mix('x') }
}

/**
 * A player's best action, the others' given: one action after another by golden section, until none moves. A floor of the
 * point value or an elastic rate bends the payoff, so that it may have several tops: each stretch of a range is searched.
 */
export function bestResponse(
  player: Player,
  from: Action,
  others: Others,
  expected: Float64Array,
  rules: Rules,
): Action {
  let best = from
  const stretches = rules.method === 'points' && (rules.earning ?? []).some(one => one !== null) ? STRETCHES : 1
  for (let pass = 0; pass < 8; pass++) {
    let moved = 0
    for (const key of KEYS) {
      const [low, high] = range(rules, key)
      if (high <= low) {
        best = { ...best, [key]: low }
        continue
      }
      const value = highestOf(
        low,
        high,
        stretches,
        x => payoff(player, { ...best, [key]: x }, others, expected, rules).profit,
      )
      moved = Math.max(moved, Math.abs(value - best[key]) / (high - low))
      best = { ...best, [key]: value }
    }
    if (moved < 1e-9) break
  }
  return best
}

/** Parts of a range that are searched on their own where a payoff bends. */
const STRETCHES = 8

/** Where a function is highest on an interval, of which each stretch is taken to be concave. */
function highestOf(low: number, high: number, stretches: number, f: (x: number) => number): number {
  let best = low
  for (let i = 0; i < stretches; i++) {
    const at = (n: number): number => (n === stretches ? high : low + ((high - low) * n) / stretches)
    const found = highest(at(i), at(i + 1), f)
    if (f(found) > f(best)) best = found
  }
  return best
}

const GOLDEN = (Math.sqrt(5) - 1) / 2

/** Where a concave function is highest on an interval; an end of it where that is as high. */
function highest(low: number, high: number, f: (x: number) => number): number {
  let [a, b] = [low, high]
  let [c, d] = [b - GOLDEN * (b - a), a + GOLDEN * (b - a)]
  let [fc, fd] = [f(c), f(d)]
  for (let step = 0; step < 60 && b - a > 1e-12 * (1 + Math.abs(b)); step++) {
    if (fc >= fd) {
      b = d
      d = c
      fd = fc
      c = b - GOLDEN * (b - a)
      fc = f(c)
    } else {
      a = c
      c = d
      fc = fd
      d = a + GOLDEN * (b - a)
      fd = f(d)
    }
  }
  const middle = (a + b) / 2
  // The lower end first: doing nothing wins a tie.
  return [low, high, middle].reduce((best, x) => (f(x) > f(best) ? x : best), low)
}
