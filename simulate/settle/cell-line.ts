import { Decimal, POINT_UNIT } from '../../numbers/index.ts'
import { type Band, bandsOf } from '../policy/bands.ts'
import { isListed, type OwnRule, weightedDays } from '../policy/case-rules.ts'
import type { Policy } from '../policy/policy.ts'
import type { CaseClass } from './classes.ts'
import { noPerDay, noRule } from './earn.ts'
import { withFixedAmount } from './fixed-amount.ts'
import {
  type CostLine,
  combine,
  constant,
  evaluatePieces,
  isLine,
  type Pieces,
  type Stretch,
  whole,
} from './piecewise.ts'
import { floor, integer, minus, over, plus, product, type Ratio, ratioOf } from './ratio.ts'
import type { TcmStandard } from './tcm-standard.ts'
import type { Variant } from './variant.ts'

/** Facts of a cell: all cases of one group, hospital column, insurance and variant. Money in yuan, exact. */
export interface Cell {
  readonly policy: Policy
  readonly group: string
  readonly parent: string
  readonly level: string
  readonly insurance: string
  readonly status: 0 | 1 | 2 | 3
  /** Weight as it counts; null where there is none. */
  readonly weight: Ratio | null
  readonly stable: boolean
  /** The own standard of Chinese-medicine cases; undefined without. */
  readonly tcm: TcmStandard | undefined
  readonly coefficient: Ratio
  /** A, or the rate R. */
  readonly mean: Ratio
  /** What the cost is compared with; null without weight. */
  readonly base: Ratio | null
  /** Σ days / cases with a stay, for early deaths; null where none is known. */
  readonly meanDays: Ratio | null
  /** Factor of the volume cap of the group; null without. */
  readonly volume: Ratio | null
  /** Mean cost of the group in the region; null without cases. */
  readonly groupMean: Ratio | null
  /** Whether the group is a base group, or the case marked as one. */
  readonly isBase: boolean
  readonly variant: Variant
}

/** What a case of a cell earns at a cost: a line in yuan or points per fen of cost. */
export interface CellLine {
  readonly class: CaseClass
  readonly unit: 'worth' | 'money' | 'points'
  readonly byGroup: boolean
  /** False where an auxiliary coefficient leaves the line alone. */
  readonly auxiliary?: boolean
  readonly line: CostLine
  /** Highest value; null: none. */
  readonly cap: Ratio | null
  /** Paid in money besides, fen: the set amount of an elastic rate by cost kind. */
  readonly fixed?: number
}

const ZERO: Ratio = integer(0)
const ONE: Ratio = integer(1)
const FEN: Ratio = { n: 1n, d: 100n }

/** The cost bands of a cell: those of its policy, unless others are tried on it. */
export type BandSource = typeof bandsOf

/** The payment of a cell as a function of the cost, modifiers included; `bands` is asked where cost bands decide it. */
export function piecesOf(cell: Cell, bands: BandSource = bandsOf): Pieces<CellLine> {
  const earned = withModifiers(cell, withAuxiliary(cell, unmodified(cell, bands)))
  return withFixedAmount(cell, withReadmission(cell, earned))
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

function dailyFactor({ policy, coefficient }: Cell): Ratio {
  return policy.rules.longStay?.timesK === true ? coefficient : ONE
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

function standardOf({ coefficient, mean }: Cell, weight: Ratio): Ratio {
  return product(weight, coefficient, mean)
}

/** The days of the standard of a cell of long stays, whose weight is that of a day; null elsewhere. */
function longDays({ policy, group, parent, status, variant }: Cell): number | null {
  const { longStay } = policy.rules
  if (longStay === null || status !== 0 || variant.days < longStay.from) return null
  return isListed(longStay.groups, group, parent) ? (longStay.standardDays ?? variant.days) : null
}

/** What a case of a cell is compared with: w·k·A, for a long stay the days of its standard. */
function caseStandard(cell: Cell, weight: Ratio): Ratio {
  const days = longDays(cell)
  if (days === null) return standardOf(cell, weight)
  return product(weight, integer(days), cell.mean, dailyFactor(cell))
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

/** The auxiliary coefficient on what the weight decides, but where a band or the mark of a Chinese-medicine group forbids it. */
function withAuxiliary({ policy, variant, group, parent, status }: Cell, pieces: Pieces<CellLine>): Pieces<CellLine> {
  const { auxiliary, tcm } = policy.rules
  if (auxiliary === null || variant.auxiliary === null || status !== 0) return pieces
  if (tcm !== null && auxiliary.except.has('tcm') && isListed(tcm.list, group, parent)) return pieces
  const factor = ratioOf(new Decimal(variant.auxiliary))
  return pieces.map(({ upTo, value }) => ({
    upTo,
    value: value.byGroup && value.auxiliary !== false ? times(value, factor) : value,
  }))
}

/** Age, Chinese medicine, factors of own rules, volume cap: what the weight decides is multiplied. */
function withModifiers(cell: Cell, pieces: Pieces<CellLine>): Pieces<CellLine> {
  const { policy, variant, group, parent } = cell
  if (cell.status !== 0 || pieces.every(({ value }) => !value.byGroup)) return pieces
  const { age, tcm, own } = policy.rules
  const factors: Ratio[] = []
  const band = age[variant.age]
  if (band !== undefined && !band.beforeBands) factors.push(ratioOf(band.factor))
  if (tcm !== null && cell.tcm === undefined && (variant.tcm || isListed(tcm.list, group, parent)))
    factors.push(ratioOf(tcm.factor))
  if (cell.volume !== null) factors.push(cell.volume)
  let result = factors.length === 0 ? pieces : scaled(pieces, product(...factors))
  for (const [i, rule] of own.entries()) {
    if (rule.kind !== 'factor' || (variant.own & (1 << i)) === 0) continue
    const names = namesOf(cell)
    const factor = evaluatePieces(rule.formula, names)
    const lines = combine(result, factor, (line, by) =>
      whole(isLine(by) && line.byGroup ? times(line, by.start) : line),
    )
    result = choose(conditionOf(rule, names), lines, result)
  }
  return result
}

function withReadmission(cell: Cell, pieces: Pieces<CellLine>): Pieces<CellLine> {
  const { readmission } = cell.policy.rules
  const { rest, readmitted } = cell.variant
  if (readmission === null || !readmitted || cell.status !== 0 || rest === 'perDiem' || rest === 'review') return pieces
  const factor = ratioOf(readmission.factor)
  return pieces.map(({ upTo, value }) => ({ upTo, value: value.class === 'outsideLos' ? value : times(value, factor) }))
}

/** Own rules that pay: the first that applies takes the place of what follows. */
function withOwnPayments(cell: Cell, rest: Pieces<CellLine>): Pieces<CellLine> {
  const { own } = cell.policy.rules
  let result = rest
  for (let i = own.length - 1; i >= 0; i--) {
    const rule = own[i]!
    if (rule.kind === 'factor' || (cell.variant.own & (1 << i)) === 0) continue
    const names = namesOf(cell)
    const amount = evaluatePieces(rule.formula, names)
    const unit = rule.kind === 'pay' ? 'money' : 'worth'
    const paid = combine(amount, whole(null), value =>
      whole<CellLine | null>(isLine(value) ? { class: 'ownRule', unit, byGroup: false, line: value, cap: null } : null),
    )
    const taken = choose(conditionOf(rule, names), paid, whole(null))
    result = combine(taken, result, (line, other) => whole(line ?? other))
  }
  return result
}

function conditionOf(rule: OwnRule, names: (name: string) => Pieces<Stretch>): Pieces<boolean> {
  return rule.when.reduce<Pieces<boolean>>(
    (all, node) => combine(all, evaluatePieces(node, names), (a, b) => whole(a && b === true)),
    whole(true),
  )
}

function choose<T>(condition: Pieces<boolean>, yes: Pieces<T>, no: Pieces<T>): Pieces<T> {
  const either = combine(yes, no, (a, b) => whole([a, b] as const))
  return combine(condition, either, (holds, [a, b]) => whole(holds ? a : b))
}

function scaled(pieces: Pieces<CellLine>, factor: Ratio): Pieces<CellLine> {
  return pieces.map(({ upTo, value }) => ({ upTo, value: value.byGroup ? times(value, factor) : value }))
}

function times(one: CellLine, factor: Ratio): CellLine {
  const { slope, start } = one.line
  const line = { slope: product(slope, factor), start: product(start, factor) }
  return { ...one, line, cap: one.cap === null ? null : product(one.cap, factor) }
}

/** The names of `RULE_NAMES` for a cell; the cost is the variable. */
function namesOf(cell: Cell): (name: string) => Pieces<Stretch> {
  const { policy, weight, coefficient, mean, variant, isBase } = cell
  const isMean = policy.ratioMoney === 'groupMean' || policy.ratioMoney === 'levelMean'
  const base = cell.base && (isMean ? cell.base : product(cell.base, integer(longDays(cell) ?? 1)))
  const number = (value: Ratio | null): Stretch => value && constant(value)
  const names: Readonly<Record<string, Stretch>> = {
    cost: { slope: FEN, start: ZERO },
    ratio: base && { slope: over(FEN, base), start: ZERO },
    base: number(base),
    mean: constant(mean),
    w: number(weight),
    k: constant(coefficient),
    standard: number(weight && caseStandard(cell, weight)),
    group: cell.group,
    adrg: cell.parent,
    mdc: cell.group.slice(0, 1),
    level: cell.level,
    insurance: cell.insurance,
    isBase,
  }
  return name => {
    const asked = variant.asked[name]
    if (asked !== undefined) return whole(asked instanceof Decimal ? constant(ratioOf(asked)) : asked)
    return whole(names[name] ?? null)
  }
}
