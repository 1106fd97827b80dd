import { Decimal } from '../../numbers/index.ts'
import type { CoefficientTable, Hospital, WeightTable } from '../../weights/index.ts'
import { type Band, bandsOf } from '../policy/bands.ts'
import { isBaseGroup, type Policy, priceOf, type Setting } from '../policy/policy.ts'
import { noRule } from './case-payment.ts'
import { type CaseClass, classNumber } from './classes.ts'
import { floor, over, plus, product, type Ratio, ratioOf, roundHalfUp, toDouble } from './ratio.ts'

/** What the kernel needs to know about the region. Positions are those of the grouped cases. */
export interface PlanInput {
  readonly policy: Policy
  readonly weights: WeightTable
  readonly coefficients: CoefficientTable
  readonly parents: readonly string[]
  /** The hospitals of the cases, in the order of the cases' own list. */
  readonly hospitals: readonly Hospital[]
  readonly insurances: readonly string[]
}

/**
 * A policy compiled for one region: for every (group, hospital column, insurance) a few bands, each an exact upper bound
 * in fen and a straight line from cost in fen to 1e-4 points or to fen.
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
  /** First band by `(row * columns + column) * insurances + insurance`; -1 where no case falls. */
  readonly firstBand: Int32Array
  readonly bands: BandColumns
  /** The same lines exactly, for values that the doubles cannot round with certainty. */
  readonly exact: readonly ExactLine[]
}

/** Bands as columns, those of one cell side by side in order of cost. */
interface BandColumns {
  /** Highest cost in fen that belongs to the band; Infinity for the last one of a cell. */
  readonly upTo: Float64Array
  readonly slope: Float64Array
  readonly intercept: Float64Array
  /** Highest value; Infinity: none. */
  readonly cap: Float64Array
  /** Highest cost in fen up to which the doubles are certain to within `CERTAIN`. */
  readonly certainUpTo: Float64Array
  /** 1: the value is money in fen, 0: points in 1e-4. */
  readonly inMoney: Uint8Array
  readonly class: Uint8Array
}

/** value = (a·cost + b) / d, then half up. */
export interface ExactLine {
  readonly a: bigint
  readonly b: bigint
  readonly d: bigint
}

/**
 * A value nearer than this to a rounding boundary is computed again exactly. The double line slope·cost + intercept has
 * two constants within 2^-52 of the truth and two roundings of 2^-53: an error below 4·2^-52·(|slope·cost| + |intercept|),
 * which is under this bound while that sum is at most `CERTAIN_SIZE`.
 */
export const CERTAIN = 1e-3
const CERTAIN_SIZE = 1e12

/** Which column a hospital reads: one a level, or one a hospital where coefficients are the hospital's own. */
interface Column extends Setting {
  readonly hospital: string
}

/** Rows and columns of a plan before its bands: enough to find out which cells occur. */
export interface Layout {
  readonly plan: Omit<Plan, 'firstBand' | 'bands' | 'exact'>
  readonly rows: readonly Row[]
  readonly columns: readonly { readonly level: string; readonly hospital: string }[]
}

type Row =
  | { readonly kind: 'grouped' | 'special'; readonly group: number; readonly status: 0 | 1 | 2 | 3 }
  | { readonly kind: 'stay' }

/** Lays out rows (groups, statuses, stay rule) and columns (levels or hospitals). */
export function layOut(input: PlanInput): Layout {
  const { policy, weights } = input
  const groups = weights.groups.length
  const rows: Row[] = weights.groups.map((_, group) => ({ kind: 'grouped', group, status: 0 }))
  const rowOf = new Int32Array(4 * groups)
  for (let group = 0; group < groups; group++) rowOf[group] = group
  for (const status of [1, 2, 3] as const) {
    // A rule with a weight or a coefficient needs the group; the others give every group the same line.
    if (['weight', 'ownWeight', 'low'].includes(policy.special[status]?.kind ?? '')) {
      for (let group = 0; group < groups; group++) {
        rowOf[status * groups + group] = rows.length
        rows.push({ kind: 'special', group, status })
      }
    } else {
      rowOf.fill(rows.length, status * groups, (status + 1) * groups)
      rows.push({ kind: 'special', group: -1, status })
    }
  }
  const stayRow = policy.stay === null ? -1 : rows.length
  if (policy.stay !== null) rows.push({ kind: 'stay' })

  const byHospital = policy.coefficientKind === 'hospital'
  const columns: { level: string; hospital: string }[] = []
  const position = new Map<string, number>()
  const columnOf = new Uint16Array(input.hospitals.length)
  for (const [i, { code, level }] of input.hospitals.entries()) {
    const key = byHospital ? code : level
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
  }
  return { plan, rows, columns }
}

/** Compiles the cells that occur (`used`, by cell); every other cell stays empty. */
export function compilePlan(input: PlanInput, layout: Layout, used: Uint8Array): Plan {
  const { columns, insurances } = layout.plan
  const firstBand = new Int32Array(layout.rows.length * columns * insurances).fill(-1)
  const lines: Line[] = []
  for (const [r, row] of layout.rows.entries()) {
    for (const [c, column] of layout.columns.entries()) {
      for (const [s, insurance] of input.insurances.entries()) {
        const cell = (r * columns + c) * insurances + s
        if (used[cell] !== 1) continue
        firstBand[cell] = lines.length
        for (const line of linesOf(input, row, { ...column, insurance })) lines.push(line)
      }
    }
  }
  return {
    ...layout.plan,
    firstBand,
    bands: {
      upTo: Float64Array.from(lines, line => line.upTo),
      slope: Float64Array.from(lines, line => line.slope),
      intercept: Float64Array.from(lines, line => line.intercept),
      cap: Float64Array.from(lines, line => line.cap),
      certainUpTo: Float64Array.from(lines, line => line.certainUpTo),
      inMoney: Uint8Array.from(lines, line => (line.inMoney ? 1 : 0)),
      class: Uint8Array.from(lines, line => classNumber(line.class)),
    },
    exact: lines.map(line => line.exact),
  }
}

/** The value of a line at a cost, rounded half up, exactly. */
export function exactValue(line: ExactLine, cost: number): number {
  return Number(roundHalfUp({ n: line.a * BigInt(cost) + line.b, d: line.d }))
}

interface Line {
  readonly class: CaseClass
  readonly upTo: number
  readonly slope: number
  readonly intercept: number
  readonly cap: number
  readonly certainUpTo: number
  readonly inMoney: boolean
  readonly exact: ExactLine
}

const ZERO: Ratio = { n: 0n, d: 1n }
const ONE: Ratio = { n: 1n, d: 1n }
const HUNDRED: Ratio = { n: 100n, d: 1n }

function linesOf(input: PlanInput, row: Row, column: Column): Line[] {
  const { policy } = input
  if (row.kind === 'stay') return [money('outsideLos', policy.stay?.mode === 'ffs' ? ONE : ZERO)]
  const cell = cellOf(input, row.group, column)
  if (row.status !== 0) return [special(policy, row.status, cell)]
  const { weight, stable } = cell
  if (weight === null || (!stable && policy.unstable !== 'standard')) {
    return [policy.unstable === 'ffs' ? money('unstable', ONE) : worth(policy, cell, 'unstable', ONE, ZERO)]
  }
  const base = product(cell.ratioMoney, ratioOf(weight), policy.ratioTimesK ? cell.coefficient : ONE, HUNDRED)
  const question = { weight, level: column.level, insurance: column.insurance, group: cell.group, parent: cell.parent }
  return bandsOf(policy, question).map(band => ({
    ...bandLine(policy, cell, band, ratioOf(weight)),
    upTo: bound(band, base),
  }))
}

/** Facts of a cell as exact quotients; money in yuan. */
interface Cell {
  readonly group: string
  readonly parent: string
  readonly weight: Decimal | null
  readonly stable: boolean
  readonly coefficient: Ratio
  /** A, or the rate R. */
  readonly mean: Ratio
  /** Money of the ratio base per unit of weight. */
  readonly ratioMoney: Ratio
}

function cellOf(input: PlanInput, position: number, column: Column): Cell {
  const { policy, weights } = input
  const group = weights.groups[position] ?? ''
  const parent = input.parents[position] ?? ''
  const given = weights.weight[position] ?? null
  const weight = given === null || given.isZero() ? null : given
  const isBase = isBaseGroup(policy, group, parent)
  let coefficient = position < 0 ? new Decimal(1) : input.coefficients.of(position, column.level, column.hospital)
  if (isBase && policy.base?.mode === 'k') coefficient = policy.base.value
  if (isBase && policy.base?.mode === 'capK') coefficient = Decimal.min(coefficient, policy.base.value)
  const rateLevel = isBase && policy.base?.mode === 'rateOfLevel' ? policy.base.level : column.level
  const mean =
    policy.method === 'rate'
      ? priceOf(policy, 'rate', { level: rateLevel, insurance: column.insurance })
      : (policy.avgCost ?? new Decimal(weights.meanCost).div(100))
  const ratioMoney =
    policy.ratioMoney === 'pointValue' ? policy.scale.times(priceOf(policy, 'pointValue', column)) : mean
  return {
    group,
    parent,
    weight,
    stable: weights.stable[position] ?? false,
    coefficient: ratioOf(coefficient),
    mean: ratioOf(mean),
    ratioMoney: ratioOf(ratioMoney),
  }
}

function special(policy: Policy, status: 1 | 2 | 3, cell: Cell): Line {
  const rule = policy.special[status]
  if (rule === null) throw noRule(policy, status)
  const named: CaseClass = rule.kind === 'outside' ? 'outside' : status === 1 ? 'ambiguous' : 'ungrouped'
  switch (rule.kind) {
    case 'costShare':
      return money(named, ratioOf(rule.share))
    case 'weight':
      return worth(policy, cell, named, ZERO, product(ratioOf(rule.weight), cell.coefficient))
    case 'ownWeight':
      return cell.weight === null
        ? worth(policy, cell, named, ONE, ZERO)
        : worth(policy, cell, named, ZERO, product(ratioOf(cell.weight), cell.coefficient))
    case 'low':
      if (policy.low?.formula === 'L1') return money(named, ONE)
      return worth(policy, cell, named, policy.low?.formula === 'L2k' ? cell.coefficient : ONE, ZERO)
    case 'zero':
    case 'outside':
      return money(named, ZERO)
  }
}

/** v = α·x + ακ·x·k + β·w + γ·w·k as a line in the cost. */
function bandLine(policy: Policy, cell: Cell, band: Band, weight: Ratio): Line {
  if (band.costPaid) return money(band.class, ONE)
  const standard = product(weight, cell.coefficient)
  const costPart = plus(ratioOf(band.alpha), product(ratioOf(band.alphaK), cell.coefficient))
  const weightPart = plus(product(ratioOf(band.beta), weight), product(ratioOf(band.gamma), standard))
  const line = worth(policy, cell, band.class, costPart, weightPart)
  if (!band.capped) return line
  return { ...line, cap: Number(roundHalfUp(scaled(policy, cell, ZERO, standard)[1])) }
}

/** The highest cost in fen that the band holds. */
function bound(band: Band, base: Ratio): number {
  if (band.upTo === null) return Number.POSITIVE_INFINITY
  const exact = product(ratioOf(band.upTo), base)
  const whole = floor(exact)
  const isWhole = whole * exact.d === exact.n
  return Number(band.op === '<' && isWhole ? whole - 1n : whole)
}

/** A line paid in money: a share of the cost. */
function money(name: CaseClass, share: Ratio): Line {
  return lineOf(name, true, share, ZERO)
}

/** A line of worth `costPart·x + weightPart` in units of weight: points, or for a rate money. */
function worth(policy: Policy, cell: Cell, name: CaseClass, costPart: Ratio, weightPart: Ratio): Line {
  const [slope, intercept] = scaled(policy, cell, costPart, weightPart)
  return lineOf(name, policy.method === 'rate', slope, intercept)
}

/**
 * From units of weight to the unit of the result. Rate: fen = costPart·c + 100·R·weightPart.
 * Points: 1e-4 points = S·1e4·(costPart·c/(100·A) + weightPart).
 */
function scaled(policy: Policy, cell: Cell, costPart: Ratio, weightPart: Ratio): readonly [Ratio, Ratio] {
  if (policy.method === 'rate') return [costPart, product(HUNDRED, cell.mean, weightPart)]
  const scale = ratioOf(policy.scale)
  return [over(product(HUNDRED, scale, costPart), cell.mean), product(HUNDRED, HUNDRED, scale, weightPart)]
}

function lineOf(name: CaseClass, inMoney: boolean, slope: Ratio, intercept: Ratio): Line {
  const exact = { a: slope.n * intercept.d, b: intercept.n * slope.d, d: slope.d * intercept.d }
  const shared = { class: name, inMoney, exact, upTo: Number.POSITIVE_INFINITY, cap: Number.POSITIVE_INFINITY }
  // A flat band is rounded here, once and exactly.
  if (slope.n === 0n) {
    return { ...shared, slope: 0, intercept: Number(roundHalfUp(intercept)), certainUpTo: Number.POSITIVE_INFINITY }
  }
  const steep = toDouble(slope)
  const start = toDouble(intercept)
  return { ...shared, slope: steep, intercept: start, certainUpTo: (CERTAIN_SIZE - Math.abs(start)) / Math.abs(steep) }
}
