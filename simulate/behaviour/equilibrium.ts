import { bestResponse, KEYS, range } from './best-response.ts'
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

/**
 * Best-response iteration with damping, players in turn in the order given, from the same start (default: as before).
 * `movers` are the positions of those who may act; the others stay. Where pools are simply divided payoffs are as a rule
 * concave in each action, and an equilibrium exists; bounds of the point value bend them, an elastic rate lets them jump, and
 * there may be none. `gap` says whether one was found.
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
      const far = largestMove(actions[h]!, best, rules)
      // The last step is taken whole: a part of it might end short of a jump that the best response lies beyond.
      const next = solver.damping * far < solver.eps ? best : damped(actions[h]!, best, solver.damping)
      moved = Math.max(moved, largestMove(actions[h]!, next, rules))
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

/** The largest move of a choice, relative to its range. */
function largestMove(from: Action, to: Action, rules: Rules): number {
  let most = 0
  for (const key of KEYS) {
    const [low, high] = range(rules, key)
    if (high > low) most = Math.max(most, Math.abs(to[key] - from[key]) / (high - low))
  }
  return most
}

function refresh(totals: Others, players: readonly Player[], actions: readonly Action[], rules: Rules): void {
  const sums = sumOthers(players, actions, rules, -1)
  for (const key of SUMS) totals[key].set(sums[key])
}

/** The sums over players; what a player brings may be negative, nothing else. */
const SUMS = ['points', 'base', 'brought', 'capped', 'cases'] as const

function without(totals: Others, player: Player, action: Action, rules: Rules): Others {
  const own = sumOthers([player], [action], rules, -1)
  const rest = (key: (typeof SUMS)[number]): Float64Array =>
    totals[key].map((value, s) => (key === 'brought' ? value - own[key][s]! : Math.max(value - own[key][s]!, 0)))
  return {
    points: rest('points'),
    base: rest('base'),
    brought: rest('brought'),
    capped: rest('capped'),
    cases: rest('cases'),
  }
}

function addTo(totals: Others, others: Others, player: Player, action: Action, rules: Rules): void {
  const own = sumOthers([player], [action], rules, -1)
  for (const key of SUMS) for (let s = 0; s < own[key].length; s++) totals[key][s] = others[key][s]! + own[key][s]!
}

function damped(from: Action, to: Action, damping: number): Action {
  const mix = (key: keyof Action): number => from[key] + damping * (to[key] - from[key])
  return { m: mix('m'), u: mix('u'), e: mix('e'), y: mix('y'), x: mix('x') }
}
