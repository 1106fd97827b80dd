import { Decimal } from '../../numbers/index.ts'

/** What a case's cost is compared with (倍率的分母). */
export type OutlierReference = 'levelStandard' | 'groupMean' | 'meanFactor'

export type OutlierClass = 'low' | 'normal' | 'high' | 'extreme' | 'blank'

/** What has to happen to a case beside its score. */
export type OutlierFlag = 'watch' | 'specialCaseReview' | 'expertReview'

/** One band of the cost ratio r = cost / reference; f(r) = slope·r + constant + perCoefficient·k. */
export interface OutlierBand {
  readonly class: Exclude<OutlierClass, 'blank'>
  /** Upper end; null in the last band. */
  readonly upTo: Decimal | null
  readonly op: '<' | '<='
  readonly slope: Decimal
  readonly constant: Decimal
  readonly perCoefficient: Decimal
  /** Whether the institution coefficient k multiplies the score. */
  readonly institution: boolean
  /** Whether the auxiliary coefficient a does. */
  readonly auxiliary: boolean
  readonly flag: OutlierFlag | null
}

/** How a place scores cases whose cost is far from that of their group. */
export interface OutlierRules {
  readonly id: string
  readonly title: { readonly zh: string; readonly en: string }
  readonly reference: OutlierReference
  /** Tried in order. */
  readonly bands: readonly OutlierBand[]
  /** Group without a score: its bill is paid. Null where the rules are silent. */
  readonly noScore: 'payBill' | null
  /** Factor on RW × cost / group mean in the group for what is left (空白病组); null where there is none. */
  readonly blankFactor: Decimal | null
}

/** A case as the outlier rules see it; money in yuan. */
export interface OutlierCase {
  /** Score of the group (RW). */
  readonly score: Decimal
  readonly cost: Decimal
  /** What the rules compare the cost with, above zero: see `OutlierRules.reference`. */
  readonly reference: Decimal
  /** Institution coefficient (机构系数) k. */
  readonly coefficient: Decimal
  /** Auxiliary coefficient (辅助分型系数) a; 1 without an auxiliary type. */
  readonly auxiliary: Decimal
}

export interface OutlierScore {
  readonly class: OutlierClass
  /** cost / reference. */
  readonly ratio: Decimal
  /** Score of the case, not rounded. */
  readonly score: Decimal
  readonly flag: OutlierFlag | null
}

/** Departure from a rule set that some places make: k in every band, or in none. */
export type InstitutionUse = 'as-ruled' | 'always' | 'never'

/** Score of a case: RW × f(r) × k × a by the first band that holds (dip3-draft and local rules, docs/dip-build.md). */
export function outlierScore(
  rules: OutlierRules,
  one: OutlierCase,
  institution: InstitutionUse = 'as-ruled',
): OutlierScore {
  const { score, cost, reference, coefficient, auxiliary } = one
  const band = rules.bands.find(({ upTo, op }) => upTo === null || holds(cost, op, upTo.times(reference)))
  if (band === undefined) throw new Error(`the last band of ${rules.id} has an upper end`)
  // f times the reference, so that the one division comes last.
  const worth = band.slope.times(cost).plus(band.constant.plus(band.perCoefficient.times(coefficient)).times(reference))
  const timesK = institution === 'as-ruled' ? band.institution : institution === 'always'
  const factor = (timesK ? coefficient : ONE).times(band.auxiliary ? auxiliary : ONE)
  return {
    class: band.class,
    ratio: cost.div(reference),
    score: score.times(worth).times(factor).div(reference),
    flag: band.flag,
  }
}

/** Score of a case in the group for what is left: RW × cost / group mean × factor; null where there is no such group. */
export function blankScore(rules: OutlierRules, one: OutlierCase, groupMean: Decimal): OutlierScore | null {
  if (rules.blankFactor === null) return null
  return {
    class: 'blank',
    ratio: one.cost.div(groupMean),
    score: one.score.times(one.cost).times(rules.blankFactor).div(groupMean),
    flag: null,
  }
}

function holds(cost: Decimal, op: '<' | '<=', bound: Decimal): boolean {
  return op === '<' ? cost.lt(bound) : cost.lte(bound)
}

const ONE: Decimal = new Decimal(1)
