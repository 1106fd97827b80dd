import { Decimal } from '../../numbers/index.ts'
import type { CoefficientTable, Hospital, WeightTable } from '../../weights/index.ts'
import { isListed, volumeFactor, weightOf } from '../policy/case-rules.ts'
import { baseCoefficient, isBaseGroup, type Policy, priceOf } from '../policy/policy.ts'
import type { Setting } from '../policy/prices.ts'
import { noElasticRate } from './case-payment.ts'
import type { Cell, CellLine } from './cell.ts'
import type { CaseClass } from './classes.ts'
import type { GroupFacts } from './group-facts.ts'
import { integer, over, product, type Ratio, ratioOf, roundHalfUp, toDouble } from './ratio.ts'
import { tcmStandard } from './tcm-standard.ts'
import type { Variant } from './variant.ts'

/** What the kernel needs to know about the region. Positions are those of the grouped cases. */
export interface PlanInput {
  readonly policy: Policy
  readonly weights: WeightTable
  readonly coefficients: CoefficientTable
  readonly parents: readonly string[]
  /** The hospitals of the cases, in the order of the cases' own list. */
  readonly hospitals: readonly Hospital[]
  readonly insurances: readonly string[]
  readonly facts: GroupFacts
}

/**
 * A policy compiled for one region: for every (group, hospital column, insurance) a few bands, each an exact upper bound
 * in fen and a straight line from cost in fen to 1e-4 points or to fen. Cases that a rule sets apart have cells of their
 * own behind the others.
 */
export interface Plan {
  readonly groups: number
  readonly columns: number
  readonly insurances: number
  /** Row of a case by `status * groups + group`; -1 where no case may fall. */
  readonly rowOf: Int32Array
  /** Row of stays that are too short or too long; -1: there is no such rule. */
  readonly stayRow: number
  readonly shortMax: number
  readonly longMin: number
  /** Column of a hospital: its level, or itself where the coefficient is the hospital's own. */
  readonly columnOf: Uint16Array
  /** How many cells rows, columns and insurances make; the cells of `track` come after them. */
  readonly ordinaryCells: number
  /** First band by cell: `(row * columns + column) * insurances + insurance`; -1 where no case falls. */
  readonly firstBand: Int32Array
  readonly bands: BandColumns
  /** The lines of the cell whose first band this is, exact, for values that the doubles cannot round with certainty. */
  linesAt(firstBand: number): readonly Line[]
}

/** Bands as columns, those of one cell side by side in order of cost. */
export interface BandColumns {
  /** Places of every cell, those behind its last band without an end of cost; 0: each cell has its own number. */
  readonly most: number
  /** Highest cost in fen that belongs to the band; Infinity for the last one of a cell. */
  readonly upTo: Float64Array
  /** `ROW` numbers a band, so that one band is read from one line of the cache. */
  readonly rows: Float64Array
}

/**
 * Numbers of a row: slope and intercept (value in steps: slope · cost + intercept, rounded, at most cap), cap, the highest
 * cost in fen up to which doubles are certain to within `CERTAIN`, 1e-4 points a step, fen a step (one of both is zero), fen
 * paid in money besides points, class.
 */
export const ROW = 8

/** value = (a·cost + b) / d, then half up, in steps. */
export interface ExactLine {
  readonly a: bigint
  readonly b: bigint
  readonly d: bigint
}

/**
 * A value nearer than this to a rounding boundary is computed again exactly. The double line slope·cost + intercept has
 * two constants within 3·2^-53 of the truth and two roundings of 2^-53: an error below 4·2^-52·(|slope·cost| + |intercept|),
 * which is under this bound while that sum is at most `CERTAIN_SIZE`.
 */
export const CERTAIN = 1e-3
const CERTAIN_SIZE = 1e12

/** Rows and columns of a plan before its bands: enough to find out which cells occur. */
export interface Layout {
  readonly plan: Omit<Plan, 'firstBand' | 'bands' | 'linesAt'>
  readonly rows: readonly Row[]
  readonly columns: readonly { readonly level: string; readonly hospital: string }[]
}

/** One group and status; group −1 where all groups have the same line. */
interface Row {
  readonly group: number
  readonly status: 0 | 1 | 2 | 3
  readonly isStay: boolean
}

/** Lays out rows (groups, statuses, stay rule) and columns (levels or hospitals). */
export function layOut(input: PlanInput): Layout {
  const { policy, weights } = input
  const groups = weights.groups.length
  const rows: Row[] = weights.groups.map((_, group) => ({ group, status: 0, isStay: false }))
  const rowOf = new Int32Array(4 * groups)
  for (let group = 0; group < groups; group++) rowOf[group] = group
  for (const status of [1, 2, 3] as const) {
    // A rule with a weight or a coefficient needs the group; the others give every group the same line.
    if (['weight', 'ownWeight', 'low'].includes(policy.special[status]?.kind ?? '')) {
      for (let group = 0; group < groups; group++) {
        rowOf[status * groups + group] = rows.length
        rows.push({ group, status, isStay: false })
      }
    } else {
      rowOf.fill(rows.length, status * groups, (status + 1) * groups)
      rows.push({ group: -1, status, isStay: false })
    }
  }
  const stayRow = policy.stay === null ? -1 : rows.length
  if (policy.stay !== null) rows.push({ group: -1, status: 0, isStay: true })

  const byHospital = policy.byHospital || ['hospital', 'groupHospital'].includes(policy.coefficientKind)
  const columns: { level: string; hospital: string }[] = []
  const position = new Map<string, number>()
  const columnOf = new Uint16Array(input.hospitals.length)
  for (const [i, { code, level, class: listed }] of input.hospitals.entries()) {
    // Hospitals of one class at one level read the same lines.
    const key = byHospital ? code : policy.coefficientKind === 'class' ? `${level} ${listed ?? ''}` : level
    const column = position.get(key) ?? columns.length
    if (column === columns.length) {
      position.set(key, column)
      columns.push({ level, hospital: code })
    }
    columnOf[i] = column
  }
  const plan = {
    groups,
    columns: columns.length,
    insurances: input.insurances.length,
    rowOf,
    stayRow,
    shortMax: policy.stay?.shortMax ?? -1,
    longMin: policy.stay?.longMin ?? Number.POSITIVE_INFINITY,
    columnOf,
    ordinaryCells: rows.length * columns.length * input.insurances.length,
  }
  return { plan, rows, columns }
}

/** The value of a line at a cost, rounded half up, exactly, in steps. */
export function exactValue(line: ExactLine, cost: number): number {
  return Number(roundHalfUp({ n: line.a * BigInt(cost) + line.b, d: line.d }))
}

/** Facts of a cell as exact quotients; money in yuan. */
export function cellOf(
  input: PlanInput,
  row: { readonly group: number; readonly status: 0 | 1 | 2 | 3; readonly variant: Variant },
  place: { readonly level: string; readonly hospital: string; readonly insurance: string },
): Cell {
  const { policy, weights, facts } = input
  const { group: position, status, variant } = row
  const group = weights.groups[position] ?? ''
  const parent = input.parents[position] ?? ''
  const given = weights.weight[position] ?? null
  const tcm =
    status === 0 && variant.tcm
      ? tcmStandard(policy, { group, parent }, code => weights.weight[weights.groups.indexOf(code)])
      : undefined
  // A weight of the policy's own is for grouped cases.
  const listed = status === 0 ? weightOf(policy.rules, given, group, parent) : { weight: given, isProvisional: false }
  const counted = tcm?.weight ?? listed.weight
  const ownWeight = counted === null || counted.isZero() ? null : counted
  const isBase = isBaseGroup(policy, group, parent, variant.grassroots)
  let coefficient = position < 0 ? new Decimal(1) : input.coefficients.of(position, place.level, place.hospital)
  if (isBase) coefficient = baseCoefficient(policy, { group, parent }, coefficient)
  if (tcm?.timesK === false) coefficient = new Decimal(1)
  const rateLevel = isBase && policy.base?.mode === 'rateOfLevel' ? policy.base.level : place.level
  const isRated = policy.method === 'rate' || policy.floating
  const mean = isRated
    ? priceOf(policy, 'rate', { level: rateLevel, insurance: place.insurance })
    : (policy.avgCost ?? new Decimal(weights.meanCost).div(100))
  const factors: Ratio[] = []
  if (status === 0) {
    const share = policy.rules.redirect.get(variant.redirect)?.share
    const age = policy.rules.age[variant.age]
    if (share !== undefined) factors.push(ratioOf(share))
    if (age?.beforeBands === true) factors.push(ratioOf(age.factor))
  }
  const weight = ownWeight && product(ratioOf(ownWeight), ...factors)
  const k = ratioOf(coefficient)
  const stays = facts.stays[position] ?? 0
  return {
    policy,
    group,
    parent,
    level: place.level,
    insurance: place.insurance,
    status,
    weight,
    stable: tcm !== undefined || listed.isProvisional || (weights.stable[position] ?? false),
    tcm,
    coefficient: k,
    mean: ratioOf(mean),
    base: weight && baseOf(input, position, { ...place, isBase }, { weight, k, mean: ratioOf(mean) }),
    isBase,
    groupMean: earlier(policy, group) ?? meanOf(facts.cost[position], facts.cases[position]) ?? null,
    meanDays: stays === 0 ? null : over(integer(facts.days[position] ?? 0), integer(stays)),
    volume: volumeOf(policy, facts, { group, parent, position }, variant.month),
    variant,
  }
}

/** The factor of the volume cap of a group; null without. */
function volumeOf(
  { rules }: Policy,
  { volume }: GroupFacts,
  { group, parent, position }: { readonly group: string; readonly parent: string; readonly position: number },
  month: number,
): Ratio | null {
  const cap = rules.volumeCap.get(group) ?? rules.volumeCap.get(parent)
  if (cap === undefined || volume === null) return null
  const { n, d } = volumeFactor(cap, volume.at(position, month))
  return over(ratioOf(n), ratioOf(d))
}

/** What the cost is compared with, in yuan. */
function baseOf(
  { policy, weights, facts }: PlanInput,
  group: number,
  place: Setting,
  { weight, k, mean }: { readonly weight: Ratio; readonly k: Ratio; readonly mean: Ratio },
): Ratio {
  const timesK = policy.ratioTimesK ? k : integer(1)
  switch (policy.ratioMoney) {
    case 'groupMean':
      return (
        earlier(policy, weights.groups[group]) ?? meanOf(facts.cost[group], facts.cases[group]) ?? product(mean, weight)
      )
    case 'levelMean': {
      const cell = facts.levels.indexOf(place.level) * facts.cases.length + group
      return (
        earlier(policy, weights.groups[group], place.level) ??
        meanOf(facts.levelCost[cell], facts.levelCases[cell]) ??
        product(mean, weight)
      )
    }
    case 'pointValue':
    case 'meanFactor':
      return product(ratioOf(policy.scale), ratioOf(priceOf(policy, policy.ratioMoney, place)), weight, timesK)
    default:
      return product(mean, weight, timesK)
  }
}

/** The mean of a group in earlier years, where the policy has one. */
function earlier({ groupMeans }: Policy, group: string | undefined, level?: string): Ratio | undefined {
  const mean = group === undefined ? undefined : groupMeans?.(group, level)
  return mean && ratioOf(mean)
}

/** A mean cost in yuan; undefined for a group without cases, whose weight says the mean instead. */
function meanOf(cost: number | undefined, cases: number | undefined): Ratio | undefined {
  return cost === undefined || !cases || cost === 0 ? undefined : over(integer(cost), integer(cases * 100))
}

/** A piece of a cell's line, ready for a kernel. */
export interface Line {
  readonly class: CaseClass
  readonly upTo: number
  readonly slope: number
  readonly intercept: number
  readonly cap: number
  readonly step: number
  readonly certainUpTo: number
  readonly fixed: number
  readonly inMoney: boolean
  readonly exact: ExactLine
}

const HUNDRED: Ratio = integer(100)
const POINT: Ratio = integer(10_000)

/** From yuan or points per fen of cost to steps of fen or of 1e-4 points. */
export function lineOf(cell: Cell, upTo: number, { class: name, unit, line, cap, fixed = 0 }: CellLine): Line {
  const { policy } = cell
  const { rules, scale } = policy
  const elastic =
    unit === 'worth' &&
    cell.status === 0 &&
    rules.elastic !== null &&
    isListed(rules.elastic.groups, cell.group, cell.parent)
      ? rules.elastic
      : null
  const inMoney = unit === 'money' || (unit === 'worth' && (policy.method === 'rate' || elastic !== null))
  let factor = inMoney ? HUNDRED : unit === 'points' ? POINT : over(product(ratioOf(scale), POINT), cell.mean)
  if (elastic !== null) {
    const rate = elastic.rate(cell)
    if (rate === undefined) throw noElasticRate(policy, cell)
    factor = over(product(HUNDRED, ratioOf(rate)), cell.mean)
  }
  const step = inMoney ? rules.step.money : rules.step.points
  factor = over(factor, integer(step))
  const slope = line.slope.n === 0n ? line.slope : product(line.slope, factor)
  const intercept = line.start.n === 0n ? line.start : product(line.start, factor)
  const isFlat = slope.n === 0n
  const steep = isFlat ? 0 : near(slope)
  // A flat band is rounded here, once and exactly.
  const start = isFlat ? Number(roundHalfUp(intercept)) : near(intercept)
  return {
    class: name,
    inMoney,
    upTo,
    cap: cap === null ? Number.POSITIVE_INFINITY : Number(roundHalfUp(product(cap, factor))),
    step,
    fixed,
    slope: steep,
    intercept: start,
    certainUpTo: isFlat ? Number.POSITIVE_INFINITY : (CERTAIN_SIZE - Math.abs(start)) / Math.abs(steep),
    // Few lines are ever asked.
    get exact() {
      return { a: slope.n * intercept.d, b: intercept.n * slope.d, d: slope.d * intercept.d }
    },
  }
}

/** The double at most three roundings from a quotient. */
function near({ n, d }: Ratio): number {
  const value = Number(n) / Number(d)
  return Number.isFinite(value) ? value : toDouble({ n, d })
}
