import { Decimal } from '../../numbers/index.ts'
import type { GroupedCases } from '../../weights/index.ts'
import type { Ledger } from '../settle/ledger.ts'
import { type RegionInput, type ValuedRegion, valueRegion } from '../settle/region.ts'
import type { CountedCases } from '../settle/volume-counts.ts'
import type { ChangedCases } from './cases.ts'
import type { FactorAt } from './volume.ts'

/** How many cases stand for each of a hospital, insurance, month and group; positions are those of `labels`. */
export type Growth = (
  labels: Pick<GroupedCases, 'hospitals' | 'insurances' | 'months' | 'groups'>,
) => (hospital: number, insurance: number, month: number, group: number) => Decimal

/** The cases of the year, each as often as changes, volume factors and growth have it: a quota is that of the year. */
export function countedCases(
  { cases, factors: own, factorOf }: Pick<ChangedCases, 'cases' | 'factors' | 'factorOf'>,
  factors: readonly Decimal[],
  at: FactorAt,
  growth: Growth | undefined,
): CountedCases {
  const { hospital, insurance, month, group } = cases
  const products = own.map(factor => factors.map(one => one.times(factor)))
  const factorAt = (i: number): Decimal =>
    products[factorOf[i] ?? 0]![at(hospital[i]!, insurance[i]!, month[i]!, group[i]!)]!
  if (growth === undefined) return { cases, factorOf: factorAt }
  const grown = growth(cases)
  const known = new Map<Decimal, Map<Decimal, Decimal>>()
  return {
    cases,
    factorOf(i) {
      const [a, b] = [factorAt(i), grown(hospital[i]!, insurance[i]!, month[i]!, group[i]!)]
      const byGrowth = known.get(a) ?? new Map<Decimal, Decimal>()
      const product = byGrowth.get(b) ?? a.times(b)
      known.set(a, byGrowth.set(b, product))
      return product
    },
  }
}

/**
 * The ledger of a settled region whose volume caps count its cases as they grow; to be multiplied by the same factors. Classes
 * stay as they were settled, those that the final point value decided too.
 */
export function grownLedger(
  region: RegionInput,
  { ledger, reclassified }: Pick<ValuedRegion, 'ledger' | 'reclassified'>,
  growth: Growth,
): Ledger {
  // Without budgets no class is decided again.
  const { budgets: _, ...input } = region
  const policy = reclassified?.policy ?? input.policy
  if (policy.rules.volumeCap.size === 0) return ledger
  const whole = { cases: input.cases, factors: [ONE], factorOf: new Uint16Array(0) }
  return valueRegion({ ...input, policy, counted: countedCases(whole, [ONE], () => 0, growth) }).ledger
}

const ONE: Decimal = new Decimal(1)
