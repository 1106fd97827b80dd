import type { Interval } from '../grouper/index.ts'
import { cumulative } from './chance.ts'
import type { Range, RegionParameters } from './parameters.ts'
import type { GroupModel } from './structure.ts'

const OLDEST = 95

/** Running shares of ages 0 … 95 under a normal curve cut at both ends. */
export function ageCurve({ mean, sd, from, to }: RegionParameters['ages'][number]): Float64Array {
  return cumulative(
    Float64Array.from({ length: OLDEST + 1 }, (_, age) =>
      age < from || age > to ? 0 : Math.exp(-0.5 * ((age - mean) / sd) ** 2),
    ),
  )
}

/** The part of a curve that lies within an archetype's ages; empty = the curve has none of them, draw evenly. */
export function ageSpan({ low, high }: Interval, curve: Float64Array): Range {
  const from = low === 0 ? 0 : curve[low - 1]!
  const to = curve[high]!
  return to - from > 1e-6 ? [from, to] : [0, 0]
}

/** Share of the cases that are 18 or older. */
export function shareOfAdults(
  groups: readonly GroupModel[],
  shares: readonly number[],
  parameters: RegionParameters,
  ages: readonly Float64Array[],
): number {
  const patterns = parameters.ages.map(one => new RegExp(one.pattern, 'u'))
  const minors = groups.reduce((all, { archetypes, names }, g) => {
    const curve = ages[patterns.findIndex(pattern => pattern.test(names))]!
    const share = archetypes.reduce((sum, { age }) => {
      const [from, to] = ageSpan(age, curve)
      return sum + (to > from ? Math.max(0, Math.min(to, curve[17]!) - from) / (to - from) : age.high < 18 ? 1 : 0)
    }, 0)
    return all + (shares[g]! * share) / archetypes.length
  }, 0)
  return 1 - minors
}

/** Running shares of 0 … otherMost other diagnoses (negative binomial) for each decade of age. */
export function otherCounts({
  otherDiagnoses,
  otherDispersion: size,
  otherAge,
  otherMost,
}: RegionParameters): Float64Array {
  const decades = Math.floor(OLDEST / 10) + 1
  const rows: number[] = []
  for (let decade = 0; decade < decades; decade++) {
    const mean = otherDiagnoses * Math.max(0.2, 1 + otherAge * (decade * 10 + 5 - 55))
    const p = mean / (size + mean)
    const weights = new Float64Array(otherMost + 1)
    weights[0] = (1 - p) ** size
    for (let n = 1; n <= otherMost; n++) weights[n] = (weights[n - 1]! * p * (n - 1 + size)) / n
    rows.push(...cumulative(weights))
  }
  return Float64Array.from(rows)
}

/** Running shares of 1 … most procedures for a case that has any; beyond one, each further one halves the share. */
export function procedureCounts({ noProcedure, oneProcedure, mostProcedures }: RegionParameters): Float64Array {
  const several = Math.max(0, 1 - noProcedure - oneProcedure)
  return cumulative(
    Float64Array.from({ length: mostProcedures }, (_, n) => (n === 0 ? oneProcedure : several * 0.5 ** n)),
  )
}
