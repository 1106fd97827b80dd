import { loadScheme } from '../../grouper/index.ts'
import { at, createDraws, normal } from '../../numbers/index.ts'
import { createRegion, readRegionParameters } from '../../synth/index.ts'
import { bootstrap, type GroupedCases, type WeightConfig, weigh } from '../../weights/index.ts'
import { configWith } from './cases.ts'

/** Groups of a synthetic region with the weights, shares and spreads that it was built from. */
export interface KnownRegion {
  readonly groups: readonly string[]
  readonly parents: readonly string[]
  /** True weights, with mean 1 over the cases. */
  readonly truth: readonly number[]
  readonly sigma: readonly number[]
  readonly cases: readonly number[]
}

export function knownRegion(cases: number, seed: number): KnownRegion {
  const scheme = loadScheme('chs-drg-2.0')
  const { groups } = createRegion({ scheme, parameters: readRegionParameters(), seed, hospitals: 10 })
  const models = groups.filter(one => one.leaf.drg.kind === 'grouped')
  const shares = models.reduce((sum, one) => sum + one.share, 0)
  const numbers = models.map(one => Math.max(1, Math.round((one.share / shares) * cases)))
  const all = numbers.reduce((sum, n) => sum + n, 0)
  const mean = models.reduce((sum, one, g) => sum + (numbers[g]! * one.weight) / all, 0)
  return {
    groups: models.map(one => one.leaf.drg.code),
    parents: models.map(one => one.leaf.adrg.code),
    truth: models.map(one => one.weight / mean),
    sigma: models.map(one => one.sigma),
    cases: numbers,
  }
}

/** One draw of the region: costs are log-normal about the true mean of 10,000 yuan × weight. */
export function drawRegion(region: KnownRegion, replicate: number): GroupedCases {
  const count = region.cases.reduce((sum, n) => sum + n, 0)
  const draws = createDraws(1_000 + replicate)
  const [cost, group] = [new Float64Array(count), new Uint16Array(count)]
  let i = 0
  for (const [g, n] of region.cases.entries()) {
    for (let k = 0; k < n; k++, i++) {
      const words = at(draws, i, 0, 0, 0)
      const sigma = region.sigma[g]!
      const factor = Math.exp(sigma * normal(words[0]!, words[1]!) - (sigma * sigma) / 2)
      cost[i] = Math.max(1, Math.round(1e6 * region.truth[g]! * factor))
      group[i] = g
    }
  }
  const { groups, parents } = region
  const [labels, bytes, money] = [new Uint16Array(count), new Uint8Array(count), new Float64Array(count)]
  return {
    count, groups, parents, group, cost, hospitals: ['H001'], insurances: ['310'], months: ['2025-01'], status: bytes,
    hospital: labels, insurance: labels, month: labels, los: labels, dischargeWay: bytes, fund: money, patient: money,
  } // biome-ignore format: columns
}

const NONE = { ...configWith({}).coefficient, kind: 'none' } as const

/** How many of the 90 % intervals of all groups and draws of the region hold the true weight. */
export async function coverage(
  region: KnownRegion,
  { replicates, draws, threads }: { readonly replicates: number; readonly draws: number; readonly threads: number },
): Promise<{ readonly intervals: number; readonly held: number }> {
  const sampling: WeightConfig['bootstrap'] = { ...configWith({}).bootstrap, replicates: draws }
  const config = configWith(
    { unstableMode: 'ownWeight', coefficient: NONE, bootstrap: sampling, decimals: 8 },
    { method: 'none' },
  )
  let [intervals, held] = [0, 0]
  for (let r = 0; r < replicates; r++) {
    const { statistics, weights } = weigh(drawRegion(region, r), [], config)
    for (const [g, one] of (await bootstrap(statistics, weights, region.parents, config, { threads })).entries()) {
      if (one === null) continue
      intervals++
      if (one.low <= region.truth[g]! && region.truth[g]! <= one.high) held++
    }
  }
  return { intervals, held }
}

/** Mean squared error of ln weight against the truth, of raw means and of weights shrunk by Bühlmann–Straub. */
export function shrinkageGain(
  region: KnownRegion,
  replicates: number,
): { readonly raw: number; readonly shrunk: number } {
  const base = { nMin: 1, unstableMode: 'ownWeight', coefficient: NONE, decimals: 8 } as const
  const error = (changes: Partial<Omit<WeightConfig, 'trim'>>): number => {
    const config = configWith({ ...base, ...changes }, { method: 'none' })
    let sum = 0
    for (let r = 0; r < replicates; r++) {
      const { weights } = weigh(drawRegion(region, r), [], config)
      for (const [g, w] of weights.weight.entries()) sum += (w!.toNumber() / region.truth[g]! - 1) ** 2
    }
    return sum / (replicates * region.truth.length)
  }
  return { raw: error({}), shrunk: error({ shrinkage: { method: 'buhlmannStraub', apply: 'all' } }) }
}
