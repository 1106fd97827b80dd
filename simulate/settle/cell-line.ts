import { Decimal, POINT_UNIT } from '../../numbers/index.ts'
import { type Band, bandsOf } from '../policy/bands.ts'
import { isListed, weightedDays } from '../policy/case-rules.ts'
import { type Cell, type CellLine, caseStandard, dailyFactor, FEN, standardOf } from './cell.ts'
import { modifiedLines } from './cell-modifiers.ts'
import { withOwnPayments } from './cell-rules.ts'
import type { CaseClass } from './classes.ts'
import { noPerDay, noRule } from './earn.ts'
import { withFixedAmount } from './fixed-amount.ts'
import { constant, type Pieces, whole } from './piecewise.ts'
import { floor, integer, minus, over, plus, product, type Ratio, ratioOf } from './ratio.ts'

const ZERO: Ratio = integer(0)
const ONE: Ratio = integer(1)

/** The cost bands of a cell: those of its policy, unless others are tried on it. */
export type BandSource = typeof bandsOf

/** The payment of a cell as a function of the cost, modifiers included; `bands` is asked where cost bands decide it. */
export function piecesOf(cell: Cell, bands: BandSource = bandsOf): Pieces<CellLine> {
  return withFixedAmount(cell, modifiedLines(cell, unmodified(cell, bands)))
}

function unmodified(cell: Cell, bands: BandSource): Pieces<CellLine> {
  const { policy, variant, status } = cell
  switch (variant.rest) {
    case 'perDiem':
      return whole(perDiem(cell))
    case 'review':
      return review(cell)
    default:
  }
  if (status !== 0) return whole(special(cell, status))
  const set = tcmLine(cell)
  if (set !== undefined) return whole(set)
  switch (variant.rest) {
    case 'daySurgery':
      return whole(daySurgery(cell))
    case 'longStay':
      return whole(longStay(cell))
    case 'stay':
      return withOwnPayments(cell, whole(money('outsideLos', policy.stay?.mode === 'ffs' ? ONE : ZERO)))
    default:
      return withOwnPayments(cell, blank(cell) ?? byWeight(cell, bands))
  }
}

function byWeight(cell: Cell, bands: BandSource): Pieces<CellLine> {
  const { policy, weight, stable, variant } = cell
  const isUnstable = !stable || isListed(policy.unstableList, cell.group, cell.parent)
  if (weight === null || (isUnstable && policy.unstable !== 'standard')) {
    const paysBill = weight === null && policy.paysBill
    const inMoney = policy.unstable === 'ffs' || policy.unstable === 'specialReview' || paysBill
    return whole(inMoney ? money('unstable', ONE) : worth('unstable', ONE, ZERO, false))
  }
  if (variant.rest === 'early') return whole(early(cell, weight))
  // Asked for only where the bands need it: a plan sees what its cells depend on.
  const question = {
    get weight() { return decimalOf(weight) },
    get level() { return cell.level },
    get insurance() { return cell.insurance },
    group: cell.group,
    parent: cell.parent,
  } // biome-ignore format: a line each
  return bands(policy, question).map(band => ({
    upTo: bound(band, baseInFen(cell)),
    value: bandLine(cell, band, weight),
  }))
}

/** The group for what is left: RW × cost / mean of the group × factor, without k and a. */
function blank({ policy, group, weight, mean, groupMean }: Cell): Pieces<CellLine> | undefined {
  if (policy.blank === null || policy.blank.group !== group || weight === null) return undefined
  const per = product(weight, mean, ratioOf(policy.blank.factor))
  return whole(worth('ungrouped', over(per, groupMean ?? product(mean, weight)), ZERO, false))
}

/** A weight that is a product of decimals is a decimal again. */
function decimalOf({ n, d }: Ratio): Decimal {
  return new Decimal(n.toString()).div(d.toString())
}

function perDiem({ policy, coefficient, level, insurance, variant }: Cell): CellLine {
  const rule = policy.rules.perDiem[variant.perDiem]
  const perDay = rule?.perDay({ level, insurance })
  if (rule === undefined || perDay === undefined) throw noPerDay(policy, variant.perDiem, { level, insurance })
  const amount = product(ratioOf(perDay), ratioOf(weightedDays(rule, variant.days)), rule.timesK ? coefficient : ONE)
  const unit = policy.method === 'rate' ? 'money' : 'points'
  return { class: 'perDiem', unit, byGroup: false, line: constant(amount), cap: null }
}

function review(cell: Cell): Pieces<CellLine> {
  const rule = cell.policy.rules.review
  if (rule === null) throw new Error('a case is accepted and the policy has no review')
  const { decided } = cell.variant
  if (decided !== null) {
    const { unit, value } = decided
    const amount = over(integer(value), integer(unit === 'money' ? 100 : POINT_UNIT))
    return whole({ class: 'review', unit, byGroup: false, line: constant(amount), cap: null })
  }
  const value = ratioOf(rule.value)
  if (rule.outcome === 'points') return whole(worth('review', value, ZERO, false))
  if (cell.weight !== null && cell.status === 0) {
    const standard = caseStandard(cell, cell.weight)
    if (rule.outcome === 'standardTimes') return whole(worth('review', ZERO, product(value, standard), false))
    if (rule.outcome === 'excessShare') {
      const above = worth('review', value, product(minus(ONE, value), standard), false)
      const upTo = Number(floor(product(standard, integer(100))))
      return [
        { upTo, value: worth('review', ZERO, standard, false) },
        { upTo: Number.POSITIVE_INFINITY, value: above },
      ]
    }
  }
  return whole(money('review', rule.outcome === 'shareOfCost' ? value : ONE))
}

/** The own standard of a Chinese-medicine case that is paid whatever the cost. */
function tcmLine({ tcm, weight, ...cell }: Cell): CellLine | undefined {
  if (tcm === undefined || tcm.bands) return undefined
  if (tcm.amount !== null) {
    const line = constant(product(integer(tcm.amount), FEN))
    return { class: 'normal', unit: 'money', byGroup: false, line, cap: null }
  }
  return weight === null ? undefined : worth('normal', ZERO, product(weight, cell.coefficient, cell.mean), true)
}

function daySurgery(cell: Cell): CellLine {
  const rule = cell.policy.rules.daySurgery
  const listed =
    rule?.mode === 'ownWeight' ? (rule.weights.get(cell.group) ?? rule.weights.get(cell.parent)) : undefined
  const weight = listed === undefined ? cell.weight : ratioOf(listed)
  if (rule === null || weight === null) throw new Error('day surgery without rule or weight')
  const share = rule.mode === 'shareOfStandard' ? ratioOf(rule.share) : ONE
  return worth('daySurgery', ZERO, product(share, standardOf(cell, weight)), true)
}

function longStay(cell: Cell): CellLine {
  const { weight, mean, variant } = cell
  if (weight === null) throw new Error('a long stay without weight')
  return worth('longStay', ZERO, product(weight, integer(variant.days), mean, dailyFactor(cell)), true)
}

function early(cell: Cell, weight: Ratio): CellLine {
  if (cell.policy.rules.early?.mode === 'ffs') return money('early', ONE)
  const standard = standardOf(cell, weight)
  const { meanDays, variant } = cell
  const isShorter = meanDays !== null && meanDays.n > meanDays.d * BigInt(variant.days)
  return worth('early', ZERO, isShorter ? over(product(standard, integer(variant.days)), meanDays) : standard, true)
}

function special(cell: Cell, status: 1 | 2 | 3): CellLine {
  const { policy } = cell
  const rule = policy.special[status]
  if (rule === null) throw noRule(policy, status)
  const named: CaseClass = rule.kind === 'outside' ? 'outside' : status === 1 ? 'ambiguous' : 'ungrouped'
  switch (rule.kind) {
    case 'costShare':
      return money(named, ratioOf(rule.share))
    case 'weight':
      return worth(named, ZERO, standardOf(cell, ratioOf(rule.weight)), false)
    case 'ownWeight':
      return cell.weight === null
        ? worth(named, ONE, ZERO, false)
        : worth(named, ZERO, standardOf(cell, cell.weight), false)
    case 'low':
      if (policy.low?.formula === 'L1') return money(named, ONE)
      return worth(named, policy.low?.formula === 'L2k' ? cell.coefficient : ONE, ZERO, false)
    case 'zero':
    case 'outside':
      return money(named, ZERO)
  }
}

/** v = α·x + ακ·x·k + β·w + γ·w·k, times A, as a line in the cost. */
function bandLine(cell: Cell, band: Band, weight: Ratio): CellLine {
  if (band.costPaid) return money(band.class, ONE)
  const standard = standardOf(cell, weight)
  // Most coefficients of a band are zero.
  const withK = (plain: Decimal, timesK: Decimal): Ratio =>
    timesK.isZero() ? ratioOf(plain) : plus(ratioOf(plain), product(ratioOf(timesK), cell.coefficient))
  const byRatio = withK(band.rho, band.rhoK)
  const ofCost = withK(band.alpha, band.alphaK)
  const costPart = byRatio.n === 0n ? ofCost : plus(ofCost, over(product(byRatio, weight, cell.mean), cell.base ?? ONE))
  const ofStandard = withK(band.gamma, band.gammaK)
  const byStandard = ofStandard.n === 0n ? ZERO : product(ofStandard, standard)
  const weightPart = band.beta.isZero() ? byStandard : plus(product(ratioOf(band.beta), weight, cell.mean), byStandard)
  const line = { ...worth(band.class, costPart, weightPart, true), auxiliary: band.auxiliary !== false }
  return band.capped ? { ...line, cap: standard } : line
}

/** What the cost of a cell is compared with, in fen. */
export function baseInFen({ base }: Cell): Ratio {
  return product(base ?? ONE, integer(100))
}

/** The highest cost in fen that the band holds; `base` in fen. */
export function bound(band: Band, base: Ratio): number {
  if (band.upTo === null) return Number.POSITIVE_INFINITY
  const exact = product(ratioOf(band.upTo), base)
  const below = floor(exact)
  const isWhole = below * exact.d === exact.n
  return Number(band.op === '<' && isWhole ? below - 1n : below)
}

/** A share of the cost, in money. */
function money(name: CaseClass, share: Ratio): CellLine {
  const line = { slope: product(share, FEN), start: ZERO }
  return { class: name, unit: 'money', byGroup: false, line, cap: null }
}

/** A worth in yuan at the mean cost: a share of the cost and a fixed part. */
function worth(name: CaseClass, costPart: Ratio, fixed: Ratio, byGroup: boolean): CellLine {
  return { class: name, unit: 'worth', byGroup, line: { slope: product(costPart, FEN), start: fixed }, cap: null }
}
