import type { Archetype, LeafArchetypes, LeafPath } from '../grouper/index.ts'
import { type Chance, normalOf, uniformOf } from './chance.ts'
import type { Range, RegionParameters } from './parameters.ts'

/** Surgical, operation without an operating room, or medical. */
export type GroupKind = 'surgical' | 'operation' | 'medical'

/** One leaf as the region sees it. */
export interface GroupModel {
  readonly leaf: LeafPath
  readonly archetypes: readonly Archetype[]
  readonly kind: GroupKind
  /** Mean cost of its cases / mean cost of all cases, at a cost level of 1. */
  readonly weight: number
  /** Share of all cases, before hospitals lean one way or the other. */
  readonly share: number
  /** SD of ln cost within the group, without the high and low multiples. */
  readonly sigma: number
  /** All names above it: what the patterns of the parameters look at. */
  readonly names: string
}

const SUBJECT = { mdc: 1, adrg: 2, leaf: 3, volume: 4, sigma: 5 } as const

/** Draws weight, share and spread of every leaf that has archetypes. */
export function modelGroups(
  leaves: readonly LeafArchetypes[],
  parameters: RegionParameters,
  chance: Chance,
): GroupModel[] {
  const usable = leaves.filter(one => one.archetypes.length > 0)
  const weights = drawWeights(usable, parameters, chance)
  const sigmas = drawSigmas(weights, parameters, chance)
  const volumes = usable.map((one, i) => drawVolume(one.leaf, i, parameters, chance))
  const shares = drawShares(usable, weights, volumes, parameters)
  return usable.map(({ leaf, archetypes }, i) => ({
    leaf,
    archetypes,
    kind: kindOf(leaf, archetypes),
    weight: weights[i]!,
    share: shares[i]!,
    sigma: sigmas[i]!,
    names: namesOf(leaf),
  }))
}

function namesOf({ mdc, adrg, drg }: LeafPath): string {
  return `${mdc.name} ${adrg.name} ${drg.name}`
}

/**
 * In codes of the CHS-DRG family the second character tells: A–J surgical, K–Q operation, R–Z medical. Elsewhere a
 * group that needs a procedure is surgical.
 */
function kindOf({ adrg }: LeafPath, archetypes: readonly Archetype[]): GroupKind {
  if (archetypes[0]!.procedures.length === 0) return 'medical'
  const second = /^[A-Z]([A-Z])\d$/.exec(adrg.code)?.[1]
  return second !== undefined && second >= 'K' && second <= 'Q' ? 'operation' : 'surgical'
}

/**
 * Groups whose names match an anchor have its weight, moved by severity and a little chance. The others get scores by
 * kind, MDC, ADRG and place among the siblings (the first one is the most severe), are put in order and given the
 * published quantiles: the structure decides the order, the parameters the distribution.
 */
function drawWeights(leaves: readonly LeafArchetypes[], parameters: RegionParameters, chance: Chance): Float64Array {
  const { severityEffect, leafSigma, kindEffect, mdcSigma, adrgSigma, weightQuantiles } = parameters
  const anchors = parameters.anchors.map(({ pattern, weight }) => ({ pattern: new RegExp(pattern, 'u'), weight }))
  const mdcs = new Map<unknown, number>()
  const adrgs = new Map<unknown, number>()
  const weights = new Float64Array(leaves.length)
  const scores = new Map<number, number>()
  for (const [i, { leaf, archetypes }] of leaves.entries()) {
    const { mdc, adrg, drg } = leaf
    const [mdcAt, adrgAt] = [indexIn(mdcs, mdc), indexIn(adrgs, adrg)]
    const last = adrg.drgs.length - 1
    const steps = last - adrg.drgs.indexOf(drg)
    const own = leafSigma * normalOf(chance, SUBJECT.leaf, i)
    const anchor = anchors.find(({ pattern }) => pattern.test(`${adrg.name} ${drg.name}`))
    if (anchor !== undefined) {
      weights[i] = anchor.weight * Math.exp(severityEffect * (steps - last / 2) + own)
      continue
    }
    scores.set(
      i,
      kindEffect[kindOf(leaf, archetypes)] +
        severityEffect * steps +
        mdcSigma * normalOf(chance, SUBJECT.mdc, mdcAt) +
        adrgSigma * normalOf(chance, SUBJECT.adrg, adrgAt) +
        own,
    )
  }
  for (const [rank, [i]] of [...scores].sort(([a, x], [b, y]) => x - y || a - b).entries()) {
    weights[i] = quantileOf(weightQuantiles, (rank + 0.5) / scores.size)
  }
  return weights
}

function indexIn(seen: Map<unknown, number>, key: unknown): number {
  const index = seen.get(key) ?? seen.size
  seen.set(key, index)
  return index
}

/** Between the given quantiles the logarithm is linear. */
function quantileOf(quantiles: readonly Range[], share: number): number {
  const above = Math.max(
    1,
    quantiles.findIndex(([at]) => at >= share),
  )
  const [from, low] = quantiles[above - 1]!
  const [to, high] = quantiles[above]!
  return Math.exp(Math.log(low) + ((share - from) / (to - from)) * Math.log(high / low))
}

/**
 * Spreads are drawn evenly. A share of the groups is very wide, of the lighter ones only: in a heavy group a wide
 * spread would let a single case decide the variance of the region.
 */
function drawSigmas(weights: Float64Array, parameters: RegionParameters, chance: Chance): Float64Array {
  const groups = weights.length
  const ranks = Float64Array.from(weights, (_, i) => uniformOf(chance, SUBJECT.sigma, i))
  const light = [...weights.keys()].filter(i => weights[i]! <= parameters.wideMostWeight)
  light.sort((a, b) => ranks[a]! - ranks[b]!)
  const wide = new Set(light.slice(0, Math.round(parameters.wideShare * groups)))
  return weights.map((_, i) => {
    const [from, to] = wide.has(i) ? parameters.wideSigma : parameters.sigma
    return from + (to - from) * uniformOf(chance, SUBJECT.sigma, groups + i)
  })
}

function drawVolume(leaf: LeafPath, i: number, parameters: RegionParameters, chance: Chance): number {
  const siblings = leaf.adrg.drgs
  const steps = siblings.length - 1 - siblings.indexOf(leaf.drg)
  const names = namesOf(leaf)
  // Cut at two standard deviations, so that no single group makes the region.
  const z = Math.min(2, Math.max(-2, normalOf(chance, SUBJECT.volume, i)))
  let volume = Math.exp(parameters.groupSigma * z) * parameters.severityVolume ** steps
  for (const { pattern, factor } of parameters.surplus) if (new RegExp(pattern, 'u').test(names)) volume *= factor
  return volume
}

/**
 * Shares of cases. Groups far from the middle are rarer, by exp(−γ ln w − δ (ln w)²): δ is a parameter, γ is such that
 * the mean weight of the grouped cases is 1, as it is in a region whose weights are its own. Ambiguous and fallback
 * leaves get their share.
 */
function drawShares(
  leaves: readonly LeafArchetypes[],
  weights: Float64Array,
  volumes: readonly number[],
  parameters: RegionParameters,
): Float64Array {
  const shares = new Float64Array(leaves.length)
  const of = { grouped: 0, ambiguous: parameters.ambiguousShare, notGrouped: parameters.notGroupedShare }
  const kinds = { grouped: [] as number[], ambiguous: [] as number[], notGrouped: [] as number[] }
  for (const [i, { leaf }] of leaves.entries()) kinds[leaf.drg.kind].push(i)
  of.grouped = 1
  if (kinds.ambiguous.length > 0) of.grouped -= of.ambiguous
  if (kinds.notGrouped.length > 0) of.grouped -= of.notGrouped

  const rarity = (i: number, tilt: number): number => {
    const log = Math.log(weights[i]!)
    return Math.exp(-tilt * log - parameters.extremeRarity * log * log)
  }
  const tilted = (tilt: number): { total: number; mean: number } => {
    let total = 0
    let sum = 0
    for (const i of kinds.grouped) {
      const volume = volumes[i]! * rarity(i, tilt)
      total += volume
      sum += volume * weights[i]!
    }
    return { total, mean: sum / total }
  }
  let low = -3
  let high = 6
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (tilted(middle).mean > 1) low = middle
    else high = middle
  }
  const { total } = tilted(low)
  for (const i of kinds.grouped) shares[i] = (of.grouped * volumes[i]! * rarity(i, low)) / total
  for (const kind of ['ambiguous', 'notGrouped'] as const) {
    const sum = kinds[kind].reduce((all, i) => all + volumes[i]!, 0)
    for (const i of kinds[kind]) shares[i] = (of[kind] * volumes[i]!) / sum
  }
  return shares
}
