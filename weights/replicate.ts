import type { Sampling } from './bootstrap-task.ts'
import type { WeightConfig } from './config.ts'
import type { RelativeWeights } from './relative-weight.ts'
import type { Statistics } from './statistics.ts'

/** Makes the weights of one replicate from the sums of its draws; in floating point, since an interval is no price. */
export interface Replicator {
  /** Weights before rounding, as the same steps give them from the data; 0 where there is none. */
  readonly weights: Float64Array
  /** Kept cases (of the whole block where weights were repaired), and relative standard error of the weight through them. */
  readonly cases: Uint32Array
  readonly errors: Float64Array
  /** Whether the weight rests on its own cases, and with what share of it. */
  readonly isOwn: readonly boolean[]
  readonly ownShare: Float64Array
  /** Whether it changes with the draws at all. */
  readonly moves: readonly boolean[]
  /** Relative standard deviation of one case within its group, over all groups. */
  readonly pooledError: number
  /** What values are counted from, by cell. */
  readonly centres: Float64Array
  /** Puts weights and standard errors of replicate `r` at group × replicates + r. */
  replicate(sampling: Sampling, r: number, drawn: Float64Array, errors: Float64Array): void
}

/** Prepares the steps from drawn sums to weights. */
export function createReplicator(
  statistics: Statistics,
  weights: RelativeWeights,
  parents: readonly string[],
  config: WeightConfig,
  values: Float64Array,
): Replicator {
  const { years, groups } = statistics
  const size = groups.length
  const width = years.length
  const factors = years.map(year => year.factor.toNumber())
  const [numbers, centres] = [new Uint32Array(size * width), new Float64Array(size * width)]
  const [totals, squares] = [new Float64Array(size * width), new Float64Array(size * width)]
  for (const [g, { cells }] of groups.entries()) {
    for (const [t, { from, to }] of cells.entries()) {
      const cell = g * width + t
      numbers[cell] = to - from
      if (to === from) continue
      let sum = 0
      for (let i = from; i < to; i++) sum += values[i]!
      const centre = config.average === 'geometric' ? sum / (to - from) : Math.round(sum / (to - from))
      centres[cell] = centre
      for (let i = from; i < to; i++) {
        const d = values[i]! - centre
        totals[cell]! += d
        squares[cell]! += d * d
      }
    }
  }
  const parentList = [...new Set(parents)]
  const parentAt = Uint32Array.from(parents, one => parentList.indexOf(one))
  const steps = weights.steps
  const z = Float64Array.from(steps, one => one.credibility.toNumber())
  const effective = Float64Array.from(steps, one => one.cases.toNumber())
  const cases = Uint32Array.from(groups, one => one.kept.n)
  const isOwn = weights.basis.map(one => one === 'own' || one === 'shrunk')
  const k = weights.credibility?.k
  const weightOfCase = (t: number, n: number): number =>
    config.years.reading === 'meanOfMeans' ? factors[t]! / n : factors[t]!

  // Buffers that every replicate fills anew.
  const [own, error, weight] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)]
  const [above, below] = [new Float64Array(parentList.length), new Float64Array(parentList.length)]
  // With the denominator allCases the region does not change with the draws of kept cases.
  const known = steps.findIndex(one => one.own !== null)
  let allCosts = 0
  const ofAllCases = config.denominator === 'allCases' && config.method === 'mean' && known >= 0
  const benchmark = config.method === 'benchmark' ? weights.groups.indexOf(config.benchmark) : -1
  const geometric = config.average === 'geometric'

  /** Averages and relative errors of all groups, then their weights; sums of cell c stand at c × stride + offset. */
  const run = (sums: Float64Array, spreads: Float64Array, stride: number, offset: number): void => {
    above.fill(0)
    below.fill(0)
    let [region, regionCases] = [0, 0]
    for (let g = 0; g < size; g++) {
      let [total, count, variance] = [0, 0, 0]
      for (let t = 0; t < width; t++) {
        const cell = g * width + t
        const n = numbers[cell]!
        if (n === 0) continue
        const sum = sums[cell * stride + offset]!
        const a = weightOfCase(t, n)
        total += a * (n * centres[cell]! + sum)
        count += a * n
        if (n > 1) variance += (a * a * n * Math.max(0, spreads[cell * stride + offset]! - (sum * sum) / n)) / (n - 1)
      }
      own[g] = count === 0 ? 0 : geometric ? Math.exp(total / count) : total / count
      error[g] = count === 0 ? 0 : Math.sqrt(variance) / (geometric ? count : total)
      above[parentAt[g]!]! += total
      below[parentAt[g]!]! += count
      region += total
      regionCases += count
    }
    const average = (sum: number, n: number): number => (n === 0 ? 0 : geometric ? Math.exp(sum / n) : sum / n)
    if (ofAllCases && allCosts === 0) allCosts = own[known]! / steps[known]!.own!.toNumber()
    let unit = ofAllCases ? allCosts : average(region, regionCases)
    if (benchmark >= 0) unit = own[benchmark]!
    else if (config.method === 'fixed') unit = config.fixedAmount.toNumber() * 100
    for (let p = 0; p < above.length; p++) above[p] = average(above[p]!, below[p]!) / unit
    for (let g = 0; g < size; g++) own[g] = own[g]! / unit
    if (k !== undefined && Number.isFinite(k)) credibleParents(k)
    for (let g = 0; g < size; g++) weight[g] = firstWeight(g)
    for (const block of blocks) poolBlock(block)
    calibrate()
  }

  /** Under Bühlmann–Straub an ADRG is the mean of its groups weighted by credibility. */
  const credibleParents = (constant: number): void => {
    above.fill(0)
    below.fill(0)
    for (let g = 0; g < size; g++) {
      if (cases[g] === 0) continue
      const share = cases[g]! / (cases[g]! + constant)
      above[parentAt[g]!]! += share * own[g]!
      below[parentAt[g]!]! += share
    }
    for (let p = 0; p < above.length; p++) above[p] = below[p] === 0 ? 0 : above[p]! / below[p]!
  }

  const firstWeight = (g: number): number => {
    const parent = above[parentAt[g]!]!
    switch (weights.basis[g]!) {
      case 'own':
      case 'shrunk':
        return z[g]! * own[g]! + (1 - z[g]!) * parent
      case 'parent':
        return parent
      case 'severity':
        return parent * severity[g]!
      case 'placeholder':
        return 1
      case 'lastYear':
      case 'none':
        return borrowed[g]!
    }
  }
  const severity = Float64Array.from(steps, one =>
    one.first === null || one.parent === null ? 0 : one.first.div(one.parent).toNumber(),
  )
  const borrowed = Float64Array.from(steps, one => one.first?.toNumber() ?? 0)
  const blocks = weights.blocks
  const poolBlock = (block: readonly number[]): void => {
    let [sum, n, variance] = [0, 0, 0]
    for (const g of block) {
      sum += effective[g]! * weight[g]!
      n += effective[g]!
      variance += (effective[g]! * z[g]! * own[g]! * error[g]!) ** 2
    }
    for (const g of block) {
      weight[g] = sum / n
      error[g] = Math.sqrt(variance) / sum
    }
  }
  const adjustment = Float64Array.from(steps, one => one.adjustment.toNumber())
  const held = steps.map((one, g) => one.locked || weights.basis[g] === 'placeholder')
  const adjusts = config.adjustments.length > 0
  const calibrate = (): void => {
    let [target, fixed, free] = [0, 0, 0]
    for (let g = 0; g < size; g++) {
      if (weights.basis[g] === 'none') continue
      target += effective[g]! * (config.calibrate ? 1 : weight[g]!)
      weight[g] = weight[g]! * adjustment[g]!
      if (held[g]) fixed += effective[g]! * weight[g]!
      else free += effective[g]! * weight[g]!
    }
    if (!config.calibrate && !adjusts) return
    const factor = free === 0 ? 1 : (target - fixed) / free
    for (let g = 0; g < size; g++) if (!held[g]) weight[g] = weight[g]! * factor
  }

  run(totals, squares, 1, 0)
  const estimate = weight.slice()
  const errors = error.slice()
  const ownShare = Float64Array.from(steps, (one, g) => {
    const [first, mean] = [one.first?.toNumber() ?? 0, one.own?.toNumber() ?? 0]
    return first === 0 ? 0 : (z[g]! * mean) / first
  })
  // Members of a block share one weight, and so one interval: they count as one group.
  const [behind, rests] = [cases.slice(), [...isOwn]]
  for (const block of blocks) {
    const all = block.reduce((sum, g) => sum + cases[g]!, 0)
    const restsOnOwn = block.every(g => isOwn[g]!)
    let [sum, variance] = [0, 0]
    for (const g of block) {
      sum += effective[g]! * steps[g]!.first!.toNumber()
      variance += (effective[g]! * z[g]! * steps[g]!.own!.toNumber()) ** 2 / cases[g]!
    }
    for (const g of block) {
      behind[g] = all
      rests[g] = restsOnOwn
      ownShare[g] = Math.sqrt(variance * all) / sum
    }
  }
  let [logSquares, freedom] = [0, 0]
  for (const { kept, logs } of groups) {
    if (kept.n < 2) continue
    logSquares += logs.kept.squares
    freedom += kept.n - 1
  }
  const sigma2 = freedom === 0 ? 0 : logSquares / freedom
  return {
    weights: estimate,
    cases: behind,
    errors,
    isOwn: rests,
    ownShare,
    moves: weights.basis.map(one => one !== 'none' && one !== 'placeholder' && one !== 'lastYear'),
    // Of a mean of log-normal costs; of ln cost itself σ.
    pooledError: Math.sqrt(geometric ? sigma2 : Math.expm1(sigma2)),
    centres,
    replicate(sampling, r, drawn, errorsOut) {
      run(sampling.sums, sampling.squares, sampling.replicates, r)
      for (let g = 0; g < size; g++) {
        drawn[g * sampling.replicates + r] = weight[g]!
        errorsOut[g * sampling.replicates + r] = error[g]!
      }
    },
  }
}
