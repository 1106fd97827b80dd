import { Decimal, type Fen, POINT_UNIT, type Points, roundFen } from '../../numbers/index.ts'

/** What a city does to the quotient of money and points before it pays by it (§3.3). Yuan per point; null: nothing. */
export interface ValueRules {
  readonly min: Decimal | null
  readonly max: Decimal | null
  /** Places of the point value. */
  readonly decimals: number | null
  readonly rounding: 'halfUp' | 'down' | 'up'
}

/** The elastic rate by volume (弹性费率, §3.6): points up to the base have a preset value, the others what is left. */
export interface VolumeTerms {
  /** Preset value of the base points, yuan per point; null: `fixedShare` sets it. */
  readonly value: Decimal | null
  /** Share of the pool's money that goes to the base points. */
  readonly fixedShare: Decimal | null
}

/** The two parts of an elastic pool. Points in 1e-4, values in yuan per point; a value is null without points. */
export interface VolumeParts {
  readonly fixedPoints: Points
  readonly fixedValue: Decimal | null
  readonly extraPoints: Points
  readonly extraValue: Decimal | null
}

const MODES = { halfUp: Decimal.ROUND_HALF_UP, down: Decimal.ROUND_DOWN, up: Decimal.ROUND_UP } as const

/** Money over points, yuan per point, to 40 digits; null without points. */
export function quotient(money: Fen, points: Points): Decimal | null {
  return points > 0 ? new Decimal(money).times(POINT_UNIT / 100).div(points) : null
}

/** The value that is paid: rounded, then held between floor and ceiling. */
export function ruledValue(exact: Decimal, { min, max, decimals, rounding }: ValueRules): Decimal {
  let value = decimals === null ? exact : exact.toDecimalPlaces(decimals, MODES[rounding])
  if (max !== null) value = Decimal.min(value, max)
  return min === null ? value : Decimal.max(value, min)
}

/** What points earn at a value: fen, half up. */
export function moneyAt(value: Decimal, points: Points): Fen {
  return roundFen(value.times(points).times(100).div(POINT_UNIT))
}

/** What is paid on points out of `available` fen: all of it, or what a rule on the value makes of it. */
export function paidOnPoints(available: Fen, points: Points, rules: ValueRules | undefined): Fen {
  const exact = quotient(available, points)
  if (exact === null || rules === undefined) return available
  const value = ruledValue(exact, rules)
  return value.eq(exact) ? available : moneyAt(value, points)
}

/** What the two parts of an elastic pool earn, fen; `rest` is what is left for extra points before rules on their value. */
export interface PartMoney {
  readonly fixed: Fen
  readonly rest: Fen
  readonly extra: Fen
}

/** Parts `available` fen between base and extra points. */
export function moneyOfParts(
  available: Fen,
  points: { readonly fixed: Points; readonly extra: Points },
  { value, fixedShare }: VolumeTerms,
  rules: ValueRules | undefined,
): PartMoney {
  const fixed =
    points.fixed === 0
      ? 0
      : value === null
        ? roundFen(new Decimal(available).times(fixedShare ?? 1))
        : moneyAt(value, points.fixed)
  // A preset value is owed even where the pool does not cover it; extra points are then worth nothing.
  const rest = Math.max(available - fixed, 0)
  return { fixed, rest, extra: points.extra === 0 ? 0 : paidOnPoints(rest, points.extra, rules) }
}
