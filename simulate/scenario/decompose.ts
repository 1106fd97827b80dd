import { Decimal, type Fen } from '../../numbers/index.ts'
import type { CoefficientTable, Hospital, WeightTable } from '../../weights/index.ts'
import { isBaseGroup, type Policy } from '../policy/policy.ts'
import type { Ledger } from '../settle/ledger.ts'
import type { Settlement } from '../settle/region.ts'
import {
  type BlockParts,
  type BlockRates,
  blockParts,
  blockRates,
  RULE_BLOCKS,
  type UnitSums,
  unitSums,
} from './blocks.ts'
import { productChange, shapley } from './shapley.ts'

/**
 * What moves a hospital's payment (§10): cases, mean weight, mean coefficient, the rules (classes, caps, what is paid in
 * money), and the price of a point.
 */
export const CAUSES = ['volume', 'mix', 'coefficient', 'rule', 'price'] as const
export type Cause = (typeof CAUSES)[number]

/** A change of gross payment in fen by its causes; they add up to it. */
export type CauseParts = Readonly<Record<Cause, Fen>>

/** What a decomposition needs to know of one side. */
export interface Side {
  readonly policy: Policy
  readonly weights: WeightTable
  readonly coefficients: CoefficientTable
  /** ADRG of each group. */
  readonly parents: readonly string[]
  readonly ledger: Ledger
  readonly settlement: Pick<Settlement, 'hospitals' | 'months' | 'pools'>
}

interface Factors {
  readonly gross: Fen
  /** N, Σw/N, Σwk/Σw, gross/(price·Σwk), price. */
  readonly factors: readonly Decimal[]
  /** What each block of rules adds to the fourth. */
  readonly blocks: BlockRates
}

/** A change of gross payment in fen by its causes, and that of the rules by their blocks; both add up. */
export interface Causes {
  readonly causes: CauseParts
  readonly rules: BlockParts
}

const ZERO: Decimal = new Decimal(0)
const ONE: Decimal = new Decimal(1)

/**
 * The change of every hospital's gross payment by its causes: Pay = N · M · K · E · PV for each hospital and insurance,
 * divided by Shapley's rule over the five factors and rounded so that the parts add up to the fen. N cases in the pool,
 * M mean weight, K mean coefficient, E what the rules make of the weights, PV the point value of the pool (for rates the
 * region's mean payment of a weighted case). The part of E is divided over the blocks of rules that E is the sum of. In the
 * order of the settlement's hospitals.
 */
export function causesOf(before: SideFactors, after: Side): readonly Causes[] {
  const insurances = [...new Set([...before.insurances, ...after.ledger.insurances])].sort()
  const [old, now] = [before.factors, factorsOf(after).factors]
  return after.settlement.hospitals.map(({ hospital }) => {
    const parts = CAUSES.map(() => 0)
    const rules = RULE_BLOCKS.map(() => 0)
    for (const insurance of insurances) {
      const key = `${hospital.code} ${insurance}`
      const [a, b] = align(old.get(key), now.get(key))
      const change = productChange(a.factors, b.factors, b.gross - a.gross)
      for (const [i, part] of change.entries()) parts[i]! += part
      const own = blockParts(a.blocks, b.blocks, worthOfRules(a.factors, b.factors), change[RULE]!)
      for (const [i, part] of own.entries()) rules[i]! += part
    }
    return {
      causes: Object.fromEntries(CAUSES.map((cause, i) => [cause, parts[i]!])) as unknown as CauseParts,
      rules: Object.fromEntries(RULE_BLOCKS.map((block, i) => [block, rules[i]!])) as unknown as BlockParts,
    }
  })
}

const RULE = CAUSES.indexOf('rule')

/** What one more of E is worth by Shapley's rule, in fen: the mean over all orders of the product of the other factors. */
function worthOfRules(before: readonly Decimal[], after: readonly Decimal[]): Decimal {
  const parts = shapley(before.length, changed =>
    before.reduce((product, old, i) => {
      const isAfter = (changed & (1 << i)) !== 0
      return product.times(i === RULE ? (isAfter ? ONE : ZERO) : isAfter ? after[i]! : old)
    }, ONE),
  )
  return parts[RULE]!
}

/** A side without cases takes the other's factors, with no volume: everything is then volume. */
function align(a: Factors | undefined, b: Factors | undefined): readonly [Factors, Factors] {
  const empty = (other: Factors): Factors => ({ ...other, gross: 0, factors: [ZERO, ...other.factors.slice(1)] })
  if (a === undefined && b === undefined) return [NOTHING, NOTHING]
  return [a ?? empty(b!), b ?? empty(a!)]
}

const NONE: readonly Decimal[] = RULE_BLOCKS.map(() => ZERO)
const NOTHING: Factors = {
  gross: 0,
  factors: CAUSES.map(() => ZERO),
  blocks: { points: NONE, money: NONE, price: ONE },
}

/** The factors of one side, by hospital and insurance. */
export interface SideFactors {
  readonly insurances: readonly string[]
  readonly factors: ReadonlyMap<string, Factors>
}

/** Finds the factors of a side; those of a baseline serve all scenarios. */
export function factorsOf(side: Side): SideFactors {
  const { policy, weights, ledger, settlement } = side
  const { insurances } = ledger
  const byCode = new Map(settlement.hospitals.map(({ hospital }) => [hospital.code, hospital]))
  const gross = new Map<string, Fen>()
  for (const row of settlement.months) {
    const key = `${row.hospital} ${row.insurance}`
    gross.set(key, (gross.get(key) ?? 0) + row.gross)
  }
  const sums = new Map<string, UnitSums & { readonly insurance: string }>()
  for (const [h, code] of ledger.hospitals.entries()) {
    const hospital = byCode.get(code)!
    for (const [s, insurance] of insurances.entries()) {
      const unit = unitSums(
        ledger,
        h * insurances.length + s,
        group => weights.weight[group],
        group => coefficientOf(side, group, hospital),
      )
      if (unit.n > 0 || (gross.get(`${code} ${insurance}`) ?? 0) !== 0)
        sums.set(`${code} ${insurance}`, { ...unit, insurance })
    }
  }
  const prices = pricesOf(settlement, gross, sums)
  const factors = new Map(
    [...sums].map(([key, unit]) => {
      const { n, w, wk, insurance } = unit
      const paid = gross.get(key) ?? 0
      // A volume scaled down may leave money where no whole case is left.
      const count = new Decimal(n === 0 && paid !== 0 ? 1 : n)
      const price = prices.get(insurance) ?? ONE
      // Without weights the rules alone say what a case earns.
      const [mix, mean] = wk.isZero() || n === 0 ? [ONE, ONE] : [w.div(n), wk.div(w)]
      const base = mix.times(mean).times(price).times(count)
      const earned = base.isZero() ? ZERO : new Decimal(paid).div(base)
      const isPoints = settlement.pools.some(
        pool => pool.insurances.includes(insurance) && pool.pointValue?.isZero() === false,
      )
      const scale = isPoints ? policy.scale : ONE
      return [
        key,
        {
          gross: paid,
          factors: [count, mix, mean, earned, price],
          blocks: blockRates(unit, { scale, price, earned }),
        },
      ]
    }),
  )
  return { insurances, factors }
}

function coefficientOf(
  { policy, weights, coefficients, parents }: Side,
  group: number,
  { code, level }: Hospital,
): Decimal {
  const k = coefficients.of(group, level, code)
  const isBase = isBaseGroup(policy, weights.groups[group] ?? '', parents[group] ?? '')
  if (policy.base === null || policy.base.mode === 'rateOfLevel' || !isBase) return k
  return policy.base.mode === 'k' ? policy.base.value : Decimal.min(k, policy.base.value)
}

/** Fen per point by insurance; for rates, and for a pool whose points are worth nothing, the mean payment of a weight. */
function pricesOf(
  { pools }: Pick<Settlement, 'pools'>,
  gross: ReadonlyMap<string, Fen>,
  sums: ReadonlyMap<string, { readonly wk: Decimal; readonly insurance: string }>,
): ReadonlyMap<string, Decimal> {
  return new Map(
    pools.flatMap(pool => {
      if (pool.pointValue !== null && !pool.pointValue.isZero())
        return pool.insurances.map(code => [code, pool.pointValue!.times(100)] as const)
      let [paid, wk] = [0, ZERO]
      for (const [key, one] of sums) {
        if (!pool.insurances.includes(one.insurance)) continue
        paid += gross.get(key) ?? 0
        wk = wk.plus(one.wk)
      }
      const price = wk.isZero() || paid === 0 ? ONE : new Decimal(paid).div(wk)
      return pool.insurances.map(code => [code, price] as const)
    }),
  )
}
