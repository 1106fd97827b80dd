import { Fault } from '../../messages/index.ts'
import { apportion, Decimal, type Fen, POINT_UNIT, type Points, roundFen } from '../../numbers/index.ts'

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
}

/** How a pool is turned into payments. */
export interface PoolTerms {
  readonly method: 'points' | 'rate'
  readonly patientShare: 'subtract' | 'ratio'
  /** ρ of the ratio convention; null: taken from the claims. */
  readonly payRatio: Decimal | null
  readonly negativeDue: 'net' | 'floorZero'
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
  /** T less the amounts off the top, divided on points. */
  readonly money: Fen
  readonly points: Points
  /** Yuan per point, exact quotient to 40 digits; null for rates and for a pool without points. */
  readonly pointValue: Decimal | null
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
 * place goes to `residual` (no points, amounts off the top above the pool, floored dues; a rate always).
 * Claims must stand in order of hospital code: it decides ties.
 */
export function dividePool(budget: Fen, claims: readonly Claim[], terms: PoolTerms): PoolShares {
  const total = (key: keyof Claim): number => claims.reduce((sum, claim) => sum + claim[key], 0)
  const patient = total('patient')
  const paid = total('paid')
  const points = total('points')
  const ratio = terms.patientShare === 'ratio' ? fundShare(terms, total('fund'), total('cost')) : null
  const covered = ratio === null ? budget + patient : roundFen(new Decimal(budget).times(ratio.cost).div(ratio.fund))
  if (!Number.isSafeInteger(covered)) throw outOfRange(ratio)
  const isRate = terms.method === 'rate'
  // Amounts off the top can exceed what the pool covers; points are then worth nothing.
  const money = isRate ? 0 : Math.max(covered - paid, 0)
  const onPoints = share(
    money,
    claims.map(claim => claim.points),
  )
  const gross = onPoints.map((value, i) => value + (claims[i]?.paid ?? 0))
  const earned = gross.reduce((sum, value) => sum + value, 0)
  const net =
    ratio === null
      ? gross.map((value, i) => value - (claims[i]?.patient ?? 0))
      : share(
          !isRate && earned === covered ? budget : roundFen(new Decimal(earned).times(ratio.fund).div(ratio.cost)),
          gross,
        )
  const due = terms.negativeDue === 'floorZero' ? net.map(value => Math.max(value, 0)) : net
  return {
    budget,
    patient,
    total: isRate ? earned : covered,
    paid,
    money,
    points,
    pointValue: !isRate && points > 0 ? new Decimal(money).times(POINT_UNIT / 100).div(points) : null,
    payRatio: ratio?.fund.div(ratio.cost) ?? null,
    gross,
    net,
    due,
    residual: budget - due.reduce((sum, value) => sum + value, 0),
  }
}

/** `apportion`, and nothing to anybody where all shares are zero: the money then stays a residual. */
export function share(amount: number, shares: ArrayLike<number>): Float64Array {
  for (let i = 0; i < shares.length; i++) if ((shares[i] ?? 0) > 0) return apportion(amount, shares)
  return new Float64Array(shares.length)
}

/** ρ as a quotient: given, or fund-billed amount over total cost of the pool's cases. */
function fundShare(terms: PoolTerms, fund: Fen, cost: Fen): { readonly fund: Decimal; readonly cost: Decimal } {
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
function outOfRange(ratio: { readonly fund: Decimal; readonly cost: Decimal } | null): Fault {
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
