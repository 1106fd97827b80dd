import { Decimal } from '../../numbers/index.ts'

/** Figures of one hospital and period. Money in yuan. */
export interface HospitalFigures {
  readonly points: Decimal
  readonly pointValue: Decimal
  readonly totalCost: Decimal
  readonly groupedCases: Decimal
  readonly discharges: Decimal
  /** Mean weight (CMI). */
  readonly cmi: Decimal
  readonly costPerWeight: Decimal
  readonly losPerWeight: Decimal
  /** Points per unit of weight. */
  readonly scale: Decimal
}

/** What follows from them (§7): all are identities, none is an estimate. */
export interface HospitalIndices {
  readonly income: Decimal
  readonly surplus: Decimal
  readonly surplusShareOfCost: Decimal
  /** Grouped cases over all (入组率). */
  readonly groupedShare: Decimal
  /** CMI × cost per weight = mean cost. */
  readonly meanCostFromWeight: Decimal
  readonly meanCostFromTotal: Decimal
  readonly meanLos: Decimal
  /** Points over scale × CMI × grouped cases: the mean effect of coefficients and classes. */
  readonly impliedCoefficient: Decimal
}

/** Indices of a hospital's month or year. */
export function hospitalIndices(figures: HospitalFigures): HospitalIndices {
  const { points, totalCost, groupedCases, cmi, scale } = figures
  const income = points.times(figures.pointValue)
  const surplus = income.minus(totalCost)
  return {
    income,
    surplus,
    surplusShareOfCost: surplus.div(totalCost),
    groupedShare: groupedCases.div(figures.discharges),
    meanCostFromWeight: cmi.times(figures.costPerWeight),
    meanCostFromTotal: totalCost.div(groupedCases),
    meanLos: cmi.times(figures.losPerWeight),
    impliedCoefficient: points.div(scale.times(cmi).times(groupedCases)),
  }
}

/** Months for which a balance lasts at the spending of a year (可支付月数). */
export function monthsPayable(balance: Decimal, yearSpend: Decimal): Decimal {
  return balance.div(yearSpend.div(12))
}

/**
 * Spending of two schemes from the total and the months that each can pay: s₁ + s₂ = spend and
 * (m₁·s₁ + m₂·s₂)/12 = balance. The months must differ.
 */
export function spendOfSchemes(
  balance: Decimal,
  spend: Decimal,
  months: readonly [Decimal, Decimal],
): readonly [Decimal, Decimal] {
  const first = balance.times(12).minus(months[1].times(spend)).div(months[0].minus(months[1]))
  return [first, spend.minus(first)]
}

/** The rates that explain a published standard, given the steps to which weight and standard are rounded. */
export function rateInterval(
  weight: Decimal,
  standard: Decimal,
  steps: { readonly weight: Decimal; readonly standard: Decimal },
): readonly [Decimal, Decimal] {
  const [w, s] = [steps.weight.div(2), steps.standard.div(2)]
  const upper = weight.minus(w)
  return [
    standard.minus(s).div(weight.plus(w)),
    upper.gt(0) ? standard.plus(s).div(upper) : new Decimal(Number.POSITIVE_INFINITY),
  ]
}
