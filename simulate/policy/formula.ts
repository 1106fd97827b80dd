import { Decimal } from '../../numbers/index.ts'
import type { HighFormula, LowFormula } from './bands-document.ts'

/** What a formula is told about a case. Money in yuan. */
export interface Facts {
  /** Cost c of the case. */
  readonly cost: Decimal
  /** Mean cost A per unit of weight (points), or the rate R (rate). */
  readonly mean: Decimal
  readonly weight: Decimal
  readonly coefficient: Decimal
  /** High limit L. */
  readonly limit: Decimal
  /** Whether the ratio is taken against the standard with the coefficient. */
  readonly ratioTimesK: boolean
  /** Whether the ratio is taken against A·w or R·w, with or without k, so that a ratio of the cost is one of the standard. */
  readonly ofStandard: boolean
  readonly timesK: boolean
  readonly share: Decimal
  readonly beta: Decimal
  readonly a: Decimal
  readonly b: Decimal
  readonly d: Decimal
}

export type FormulaId = LowFormula | HighFormula | 'L4' | 'N'

/** The canonical form of a band: v = α·x + ακ·x·k + β·w + γ·w·k + γκ·w·k² + ρ·r·w + ρκ·r·w·k with x = c/A (settlement.md §4.3). */
export interface Linear {
  readonly alpha: Decimal
  readonly alphaK: Decimal
  readonly beta: Decimal
  readonly gamma: Decimal
  readonly gammaK: Decimal
  readonly rho: Decimal
  readonly rhoK: Decimal
  readonly capped: boolean
  readonly costPaid: boolean
}

const ZERO: Decimal = new Decimal(0)
const ONE: Decimal = new Decimal(1)

/**
 * The formula as the rule texts state it, times A: worth in yuan at the mean cost, so that no quotient is rounded
 * on the way (v = worth / A). L1 and H6 pay the cost; their worth is the cost.
 */
export function worth(id: FormulaId, facts: Facts): Decimal {
  const { cost, mean, weight, coefficient, limit, a, b, d } = facts
  const standard = weight.times(coefficient).times(mean)
  switch (id) {
    case 'N':
    case 'H0':
      return standard
    case 'L1':
    case 'L2':
    case 'H6':
      return cost
    case 'L2k':
      return cost.times(coefficient)
    case 'L3':
      return Decimal.min(facts.timesK ? cost.times(coefficient) : cost, standard)
    case 'L4':
      return cost.plus(facts.beta.times(weight).times(mean))
    case 'L5':
      return facts.share.times(standard)
    case 'H1':
    case 'H3':
      // (c/(A·w) − L)·w·A = c − L·w·A: what exceeds L weights is paid on top of the standard.
      return standard.plus(cost.minus(limit.times(weight).times(mean)))
    case 'H2':
      return cost.minus(limit.minus(1).times(standard))
    case 'H4': {
      // w·k·(b + a·(r − L))·A, where w·k·A·r is the cost, or the cost times k when the ratio ignores k; elsewhere `perRatio`.
      const ratioPart = !facts.ofStandard ? ZERO : facts.ratioTimesK ? cost : cost.times(coefficient)
      return b.minus(a.times(limit)).times(standard).plus(a.times(ratioPart))
    }
    case 'H5':
      return cost.minus(d.times(standard))
  }
}

/** What H4 adds for each unit of a ratio that is not one of the standard: a·w·k·A, in yuan; zero for every other formula. */
export function perRatio(id: FormulaId, { a, ofStandard, weight, coefficient, mean }: Facts): Decimal {
  return id === 'H4' && !ofStandard ? a.times(weight).times(coefficient).times(mean) : ZERO
}

/** The same formula in canonical form. Exact: no factor here is ever divided. */
export function linearForm(id: FormulaId, facts: Omit<Facts, 'cost' | 'mean' | 'weight' | 'coefficient'>): Linear {
  const { limit, a, b, d } = facts
  const form = (parts: Partial<Linear>): Linear => ({
    alpha: ZERO,
    alphaK: ZERO,
    beta: ZERO,
    gamma: ZERO,
    gammaK: ZERO,
    rho: ZERO,
    rhoK: ZERO,
    capped: false,
    costPaid: false,
    ...parts,
  })
  switch (id) {
    case 'N':
    case 'H0':
      return form({ gamma: ONE })
    case 'L1':
    case 'H6':
      return form({ costPaid: true })
    case 'L2':
      return form({ alpha: ONE })
    case 'L2k':
      return form({ alphaK: ONE })
    case 'L3':
      return form({ [facts.timesK ? 'alphaK' : 'alpha']: ONE, capped: true })
    case 'L4':
      return form({ alpha: ONE, beta: facts.beta })
    case 'L5':
      return form({ gamma: facts.share })
    case 'H1':
    case 'H3':
      return form({ alpha: ONE, beta: limit.neg(), gamma: ONE })
    case 'H2':
      return form({ alpha: ONE, gamma: ONE.minus(limit) })
    case 'H4':
      return form({
        [!facts.ofStandard ? 'rhoK' : facts.ratioTimesK ? 'alpha' : 'alphaK']: a,
        gamma: b.minus(a.times(limit)),
      })
    case 'H5':
      return form({ alpha: ONE, gamma: d.neg() })
  }
}
