import { Fault } from '../../messages/index.ts'
import { apportion, Decimal, type Fen, type Points, roundFen } from '../../numbers/index.ts'
import {
  moneyOfParts,
  paidOnPoints,
  quotient,
  ruledValue,
  type ValueRules,
  type VolumeParts,
  type VolumeTerms,
} from './point-value.ts'

/** What one hospital brings into a pool. Money in fen, points in 1e-4. */
export interface Claim {
  readonly points: Points
  /** Amounts paid in money, outside the point value (§3.5). */
  readonly paid: Fen
  readonly cost: Fen
  /** What its patients pay. */
  readonly patient: Fen
  /** What the item-based bill charges to the fund; for the ratio convention. */
  readonly fund: Fen
  /** Points and money of its cases, each times the fund's share of that case's bill; for `ratioLevel` case. */
  readonly fundPoints?: Points
  readonly fundPaid?: Fen
  /** Points that an elastic rate by volume pays at its preset value. */
  readonly basePoints?: Points
}

/** How a pool is turned into payments. */
export interface PoolTerms {
  readonly method: 'points' | 'rate'
  readonly patientShare: 'subtract' | 'ratio'
  /** ρ of the ratio convention; null: taken from the claims. */
  readonly payRatio: Decimal | null
  readonly negativeDue: 'net' | 'floorZero'
  /** Whose share of the fund counts in the ratio convention; default: the region's. */
  readonly ratioLevel?: 'region' | 'hospital' | 'case'
  /** Whether dues by other shares than the region's are brought back to the budget; default: yes. */
  readonly closeRatio?: boolean
  /** Floor, ceiling and rounding of the point value; absent: none. */
  readonly value?: ValueRules | undefined
  readonly elastic?: VolumeTerms | undefined
}

/** A pool divided. Money in fen. */
export interface PoolShares {
  /** Fund budget B. */
  readonly budget: Fen
  /** Patient payments U. */
  readonly patient: Fen
  /** What the pool covers: T = B + U or B / ρ; for a rate, what the cases earn. */
  readonly total: Fen
  /** Off the top: amounts paid in money. */
  readonly paid: Fen
  /** Divided on points: T less the amounts off the top, less `held`. */
  readonly money: Fen
  /** What floor, ceiling or rounding of the point value keep from the points (+) or add to them (−). */
  readonly held: Fen
  readonly points: Points
  /** Yuan per point as paid: an exact quotient to 40 digits, or as its rules leave it; null for rates and without points. */
  readonly pointValue: Decimal | null
  /** Base and extra points of an elastic rate by volume; null otherwise. */
  readonly elastic: VolumeParts | null
  /** Share of the fund in the ratio convention; null otherwise. */
  readonly payRatio: Decimal | null
  /** By hospital, in the order of the claims. */
  readonly gross: Float64Array
  /** Fund due before `negativeDue`. */
  readonly net: Float64Array
  readonly due: Float64Array
  /** B less all dues: what nobody earned (+) or what the fund pays beyond the budget (−). */
  readonly residual: Fen
}

/**
 * Divides one pool over hospitals. In a points pool the dues add up to the budget to the fen; money that no rule can
 * place goes to `residual` (no points, amounts off the top above the pool, what rules on the point value hold back, shares
 * that are not closed, floored dues; a rate always). Claims must stand in order of hospital code: it decides ties.
 */
export function dividePool(budget: Fen, claims: readonly Claim[], terms: PoolTerms): PoolShares {
  const total = (key: 'points' | 'paid' | 'cost' | 'patient' | 'fund'): number =>
    claims.reduce((sum, claim) => sum + claim[key], 0)
  const patient = total('patient')
  const paid = total('paid')
  const points = total('points')
  const ratio = terms.patientShare === 'ratio' ? fundShare(terms, total('fund'), total('cost')) : null
  const covered = ratio === null ? budget + patient : roundFen(new Decimal(budget).times(ratio.cost).div(ratio.fund))
  if (!Number.isSafeInteger(covered)) throw outOfRange(ratio)
  const isRate = terms.method === 'rate'
  // Amounts off the top can exceed what the pool covers; points are then worth nothing.
  const available = isRate ? 0 : Math.max(covered - paid, 0)
  const { onPoints, elastic } = divideOnPoints(available, claims, terms)
  const gross = onPoints.map((value, i) => value + (claims[i]?.paid ?? 0))
  const earned = sum(gross)
  const money = isRate || points === 0 ? available : sum(onPoints)
  if (!Number.isSafeInteger(earned)) throw outOfRange(ratio)
  const net =
    ratio === null
      ? gross.map((value, i) => value - (claims[i]?.patient ?? 0))
      : byRatio(claims, onPoints, gross, ratio, {
          // What the dues add up to; a rate has no pool to close.
          closed:
            !isRate && earned === covered ? budget : roundFen(new Decimal(earned).times(ratio.fund).div(ratio.cost)),
          terms,
        })
  const due = terms.negativeDue === 'floorZero' ? net.map(value => Math.max(value, 0)) : net
  return {
    budget,
    patient,
    total: isRate ? earned : covered,
    paid,
    money,
    held: available - money,
    points,
    pointValue: isRate ? null : elastic === null ? paidValue(available, points, terms.value) : quotient(money, points),
    elastic,
    payRatio: ratio?.fund.div(ratio.cost) ?? null,
    gross,
    net,
    due,
    residual: budget - sum(due),
  }
}

function sum(values: Float64Array): number {
  return values.reduce((all, value) => all + value, 0)
}

/** The value that is paid on points out of `available` fen. */
function paidValue(available: Fen, points: Points, value: ValueRules | undefined): Decimal | null {
  const exact = quotient(available, points)
  return exact === null || value === undefined ? exact : ruledValue(exact, value)
}

/** The money that points earn, by hospital: one value for all, or base and extra points apart. */
function divideOnPoints(
  available: Fen,
  claims: readonly Claim[],
  { method, elastic, value }: PoolTerms,
): { readonly onPoints: Float64Array; readonly elastic: VolumeParts | null } {
  const points = claims.map(claim => claim.points)
  const all = points.reduce((sum, one) => sum + one, 0)
  if (elastic === undefined || method === 'rate')
    return { onPoints: share(paidOnPoints(available, all, value), points), elastic: null }
  const base = claims.map(claim => Math.min(claim.points, claim.basePoints ?? 0))
  const extra = points.map((one, i) => one - base[i]!)
  const fixedPoints = base.reduce((sum, one) => sum + one, 0)
  const extraPoints = all - fixedPoints
  const parts = moneyOfParts(available, { fixed: fixedPoints, extra: extraPoints }, elastic, value)
  const { fixed, rest } = parts
  const [onBase, onExtra] = [share(fixed, base), share(parts.extra, extra)]
  return {
    onPoints: onBase.map((one, i) => one + onExtra[i]!),
    elastic: {
      fixedPoints,
      fixedValue: fixedPoints === 0 ? null : (elastic.value ?? quotient(fixed, fixedPoints)),
      extraPoints,
      extraValue: paidValue(rest, extraPoints, value),
    },
  }
}

/** ρ as a quotient of two amounts. */
interface FundShare {
  readonly fund: Decimal
  readonly cost: Decimal
}

/**
 * The fund's part of the gross by ρ of the region, of each hospital, or of each case (§3.4). Where the ratios differ the
 * amounts add up to `closed` all the same, unless the policy leaves them open.
 */
function byRatio(
  claims: readonly Claim[],
  onPoints: Float64Array,
  gross: Float64Array,
  region: FundShare,
  { closed, terms }: { readonly closed: Fen; readonly terms: PoolTerms },
): Float64Array {
  const level = terms.ratioLevel ?? 'region'
  if (level === 'region') return share(closed, gross)
  const targets = gross.map((value, i) => {
    const claim = claims[i]!
    if (level === 'hospital') {
      const { fund, cost } = claim.cost > 0 ? { fund: new Decimal(claim.fund), cost: new Decimal(claim.cost) } : region
      return roundFen(fund.times(value).div(cost))
    }
    const { points, fundPoints = 0, fundPaid = 0 } = claim
    return points === 0 ? fundPaid : roundFen(new Decimal(onPoints[i]!).times(fundPoints).div(points)) + fundPaid
  })
  return terms.closeRatio === false || terms.method === 'rate' ? targets : share(closed, targets)
}

/** `apportion`, and nothing to anybody where all shares are zero: the money then stays a residual. */
export function share(amount: number, shares: ArrayLike<number>): Float64Array {
  for (let i = 0; i < shares.length; i++) if ((shares[i] ?? 0) > 0) return apportion(amount, shares)
  return new Float64Array(shares.length)
}

/** ρ as a quotient: given, or fund-billed amount over total cost of the pool's cases. */
function fundShare(terms: PoolTerms, fund: Fen, cost: Fen): FundShare {
  if (terms.payRatio !== null) return { fund: terms.payRatio, cost: new Decimal(1) }
  if (cost === 0) return { fund: new Decimal(1), cost: new Decimal(1) }
  if (fund > 0) return { fund: new Decimal(fund), cost: new Decimal(cost) }
  throw new Fault({
    code: 'SET-001',
    at: { field: 'patientShare' },
    what: {
      zh: '按比例法清算，但病例没有基金记账金额，无法得出基金支付比例。',
      en: 'The ratio convention needs a fund share, and the cases carry no amount billed to the fund.',
    },
    fix: {
      zh: '请在病例中提供基金金额，或在政策中写 payRatio。',
      en: 'Give the fund amounts of the cases, or payRatio in the policy.',
    },
  })
}

/** An implausibly small ρ blows T = B / ρ up beyond exact fen: the fund amounts of the cases are then wrong. */
function outOfRange(ratio: FundShare | null): Fault {
  const share = ratio === null ? '' : ratio.fund.div(ratio.cost).toPrecision(3)
  return new Fault({
    code: 'SET-002',
    at: { field: ratio === null ? 'budgets' : 'payRatio' },
    what: {
      zh: `基金池总额超出可精确计算的范围（90 万亿元）${share === '' ? '' : `；基金支付比例为 ${share}`}。`,
      en: `The pool exceeds what can be computed exactly (90 trillion yuan)${share === '' ? '' : `; the fund's share is ${share}`}.`,
    },
    fix: {
      zh: '请检查预算和病例的基金金额，或在政策中写 payRatio。',
      en: 'Check the budget and the fund amounts of the cases, or give payRatio.',
    },
  })
}
