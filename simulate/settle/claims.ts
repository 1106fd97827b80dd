import { Fault } from '../../messages/index.ts'
import { Decimal, type Fen, type Points, roundPoints } from '../../numbers/index.ts'
import { insuranceCode } from '../policy/insurance.ts'
import type { Policy } from '../policy/policy.ts'
import { priceTable } from '../policy/prices.ts'
import type { Ledger, Sums } from './ledger.ts'
import { type Claim, dividePool, type PoolShares, type PoolTerms, share } from './pool.ts'

/**
 * What hospitals bring into the pools, by `hospital * insurances.length + insurance`; hospitals in order of their codes.
 * Integers: 1e-4 points and fen. All that a division of budgets depends on.
 */
export interface ClaimTable extends Pick<Sums, 'points' | 'paid' | 'cost' | 'patient' | 'fund'> {
  readonly hospitals: readonly string[]
  readonly insurances: readonly string[]
  /** Times the fund's share of each case's bill; absent where no rule asks for it. */
  readonly fundPoints?: Float64Array
  readonly fundPaid?: Float64Array
}

/** The columns of a claim table. */
export const CLAIM_KEYS = ['points', 'paid', 'cost', 'patient', 'fund'] as const

/** A pool divided, with its insurances and their positions in the table. */
export interface PoolDivision {
  readonly insurances: readonly string[]
  readonly columns: readonly number[]
  /** Amounts by hospital, in the order of the table. */
  readonly shares: PoolShares
}

/** Positions of texts in order of the texts. */
export function orderOf(codes: readonly string[]): number[] {
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
  return codes.map((_, i) => i).sort((a, b) => compare(codes[a]!, codes[b]!))
}

/** The claims of a ledger: its sums over months. */
export function claimsOf(ledger: Ledger): ClaimTable {
  const { hospitals, insurances, months, byMonth } = ledger
  const order = orderOf(hospitals)
  const sum = (column: Float64Array): Float64Array => {
    const out = new Float64Array(hospitals.length * insurances.length)
    for (const [i, hospital] of order.entries()) {
      for (let s = 0; s < insurances.length; s++) {
        const from = (hospital * insurances.length + s) * months.length
        let all = 0
        for (let m = from; m < from + months.length; m++) all += column[m]!
        out[i * insurances.length + s] = all
      }
    }
    return out
  }
  return {
    hospitals: order.map(i => hospitals[i]!),
    insurances,
    points: sum(byMonth.points),
    paid: sum(byMonth.paid),
    cost: sum(byMonth.cost),
    patient: sum(byMonth.patient),
    fund: sum(byMonth.fund),
    ...(byMonth.fundPoints.some(one => one !== 0) || byMonth.fundPaid.some(one => one !== 0)
      ? { fundPoints: sum(byMonth.fundPoints), fundPaid: sum(byMonth.fundPaid) }
      : {}),
  }
}

/** How a policy turns the pool of some insurances into payments; without them what holds for every pool, and for parts. */
export function poolTerms({ method, document }: Policy, insurances: readonly string[] = []): PoolTerms {
  const { pvMin, pvMax, pvDecimals, pvRounding, elastic } = document
  // A joint pool has one value: `conflicts` refuses different ones by insurance.
  const priceFor = (given: typeof pvMin): Decimal | null => {
    const table = priceTable(given)
    return insurances.map(insurance => table({ level: '', insurance })).find(one => one !== undefined) ?? null
  }
  const isPool = insurances.length > 0
  const isRuled = isPool && method === 'points' && [pvMin, pvMax, pvDecimals].some(one => one !== null)
  return {
    method,
    patientShare: document.patientShare,
    payRatio: document.payRatio === null ? null : new Decimal(document.payRatio),
    negativeDue: document.negativeDue,
    ratioLevel: document.ratioLevel,
    closeRatio: document.closeRatio,
    ...(isRuled
      ? {
          value: {
            min: priceFor(pvMin),
            max: priceFor(pvMax),
            decimals: pvDecimals === null ? null : Number(pvDecimals),
            rounding: pvRounding,
          },
        }
      : {}),
    ...(elastic?.by === 'volume' && isPool
      ? {
          elastic: {
            value: priceFor(elastic.value),
            fixedShare: elastic.fixedShare === null ? null : new Decimal(elastic.fixedShare),
          },
        }
      : {}),
  }
}

/** Base points of an elastic rate by volume in a pool: of each hospital, or of the region; null without such a rate. */
export function baseOf(
  { document: { elastic } }: Policy,
  insurances: readonly string[],
  hospitals: readonly string[],
): readonly Points[] | Points | null {
  if (elastic?.by !== 'volume') return null
  const { hospitalPoints, basePoints: region } = elastic
  if (hospitalPoints !== null)
    return hospitals.map(code =>
      insurances.reduce((all, one) => all + roundPoints(new Decimal(hospitalPoints[`${code}\n${one}`] ?? 0)), 0),
    )
  const given = new Map(
    Object.entries(region).map(([key, text]) => [insuranceCode(key), roundPoints(new Decimal(text))]),
  )
  return insurances.reduce((all, one) => all + (given.get(one) ?? 0), 0)
}

/** Base points by hospital; a region's own go to the hospitals by their points. */
function basePoints(base: ReturnType<typeof baseOf>, points: readonly Points[]): ArrayLike<Points> {
  if (typeof base !== 'number') return base ?? points.map(() => 0)
  const earned = points.reduce((all, one) => all + one, 0)
  return share(Math.min(base, earned), points)
}

/**
 * Divides the budgets over claims: one pool an insurance, or one for all, in order of the insurances' codes. Visitors
 * (`joined`, by the insurance that they join) bring what their bills charge to the fund into the pool.
 */
export function dividePools(
  claims: ClaimTable,
  policy: Policy,
  budgets: readonly { readonly insurance: string; readonly fund: Fen; readonly within?: readonly unknown[] }[],
  joined: ReadonlyMap<string, string> = new Map(),
): readonly PoolDivision[] {
  if (budgets.some(({ within }) => within !== undefined && within.length > 0)) throw partsLeft()
  const width = claims.insurances.length
  const listed = [...new Set([...claims.insurances, ...budgets.map(budget => budget.insurance)])].sort()
  const own = listed.filter(insurance => !joined.has(insurance))
  const visiting = (home: string): string[] => listed.filter(insurance => joined.get(insurance) === home)
  const schemes =
    policy.document.pools === 'joint' ? [listed] : own.map(insurance => [insurance, ...visiting(insurance)])
  return schemes.map(insurances => {
    const agreed = budgets
      .filter(budget => insurances.includes(budget.insurance))
      .reduce((sum, budget) => sum + budget.fund, 0)
    const brought = insurances.reduce((sum, insurance) => {
      const s = joined.has(insurance) ? claims.insurances.indexOf(insurance) : -1
      return s < 0 ? sum : claims.hospitals.reduce((all, _, h) => all + claims.fund[h * width + s]!, sum)
    }, 0)
    const fund = agreed + brought
    const columns = insurances.map(insurance => claims.insurances.indexOf(insurance)).filter(at => at >= 0)
    const claimOf = (h: number): Claim => {
      const claim = { points: 0, paid: 0, cost: 0, patient: 0, fund: 0 }
      for (const s of columns) for (const key of CLAIM_KEYS) claim[key] += claims[key][h * width + s]!
      const rated = (column: Float64Array | undefined): number =>
        column === undefined ? 0 : columns.reduce((all, s) => all + column[h * width + s]!, 0)
      return { ...claim, fundPoints: rated(claims.fundPoints), fundPaid: rated(claims.fundPaid) }
    }
    const list = claims.hospitals.map((_, h) => claimOf(h))
    const terms = poolTerms(policy, insurances)
    const base = basePoints(
      baseOf(policy, insurances, claims.hospitals),
      list.map(({ points }) => points),
    )
    return {
      insurances,
      columns,
      shares: dividePool(
        fund,
        list.map((claim, h) => ({ ...claim, basePoints: base[h]! })),
        terms,
      ),
    }
  })
}

/** Claims say nothing of groups and classes, so that parts of a budget cannot be set apart from them. */
function partsLeft(): Fault {
  return new Fault({
    code: 'REG-010',
    at: { field: 'budgets' },
    what: {
      zh: '预算内有切块（within），此分析只按整个基金池计算，不能使用。',
      en: 'Parts are set apart within a budget; this analysis divides whole pools and cannot tell them apart.',
    },
    fix: {
      zh: '请用 settle 或 simulate，或在地区文件中用去掉切块后的 fund。',
      en: 'Use settle or simulate, or a region file whose fund is what the parts leave.',
    },
  })
}
