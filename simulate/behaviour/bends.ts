import { capBends } from './caps.ts'
import { LEAST_POINTS } from './earned.ts'
import type { Others, Player, Rules } from './game.ts'

/**
 * Where a rule bends what a player earns, or lets it jump: a + b·Q + c·m = 0, with the volume m and the claims
 * Q = m·(1 + uη + yσ)·(1 − x·d), both 1 as before. The claims of all pools move with the one Q.
 */
export interface Bend {
  readonly at: number
  readonly byClaims: number
  readonly byVolume: number
}

/** A quantity as a constant and what Q and m add to it. */
type Line = Bend

const line = (at: number, byClaims = 0, byVolume = 0): Line => ({ at, byClaims, byVolume })
const less = (a: Line, b: Line, factor = 1): Line =>
  line(a.at - factor * b.at, a.byClaims - factor * b.byClaims, a.byVolume - factor * b.byVolume)
const times = ({ at, byClaims, byVolume }: Line, factor: number): Line =>
  line(at * factor, byClaims * factor, byVolume * factor)

/**
 * All bends of a player's revenue, the others given: a pool without money or points, base points reached (by the region or
 * by the player; there an elastic rate jumps), extra points from which nothing is left, floor and ceiling of what is divided.
 * Between them revenue is smooth. Under volume caps points are no lines of claims and volume; quotas that are reached and
 * pools without money are, and no other rule bends revenue there (see `capClaims`).
 */
export function bendsOf(player: Player, others: Others, rules: Rules): readonly Bend[] {
  const { caps = [], method } = rules
  const bends: Bend[] = [...capBends(caps, player.capped, others.cases)]
  if (method === 'rate') return bends
  if (caps.length > 0) {
    for (let s = 0; s < rules.budget.length; s++) bends.push(moneyOf(player, others, rules, s))
    return bends.filter(({ byClaims, byVolume }) => byClaims !== 0 || byVolume !== 0)
  }
  for (let s = 0; s < rules.budget.length; s++) {
    const own = line(0, player.points[s]!)
    const all = line(others.points[s]!, player.points[s]!)
    const money = moneyOf(player, others, rules, s)
    bends.push(money, less(all, line(LEAST_POINTS)))
    const by = rules.earning?.[s] ?? null
    const bounds = [by?.value?.min, by?.value?.max].flatMap(one => (one == null ? [] : [one.toNumber()]))
    for (const bound of bounds) bends.push(less(money, all, bound))
    if (by?.elastic == null) continue
    const { value, fixedShare, base: region } = by.elastic
    const most = player.base?.[s] ?? 0
    const theirs = others.base[s]!
    if (region === null) bends.push(less(own, line(most)))
    // Base points before and after the player has reached its own.
    const bases = region === null ? [line(theirs, player.points[s]!), line(theirs + most)] : [line(region)]
    for (const base of bases) {
      const extra = less(all, base)
      const rest = value === null ? times(money, 1 - fixedShare) : less(money, base, value)
      bends.push(less(base, line(LEAST_POINTS)), less(extra, line(LEAST_POINTS)), rest)
      for (const bound of bounds) bends.push(less(rest, extra, bound))
    }
  }
  return bends.filter(({ byClaims, byVolume }) => byClaims !== 0 || byVolume !== 0)
}

/** The money of a pool by the player's volume. */
function moneyOf(player: Player, others: Others, rules: Rules, s: number): Line {
  const brought = player.patient[s]! - player.paid[s]!
  const rest = rules.budget[s]! + others.brought[s]!
  const visiting = player.visiting[s]!
  return rules.patientPayScales ? line(rest, 0, brought + visiting) : line(rest + brought, 0, visiting)
}
