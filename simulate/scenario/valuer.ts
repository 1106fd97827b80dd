import type { CoefficientTable, GroupedCases, Hospital, WeightTable } from '../../weights/index.ts'
import { bandsOf } from '../policy/bands.ts'
import type { LimitQuestion } from '../policy/limit.ts'
import type { Policy } from '../policy/policy.ts'
import { type Cell, piecesOf } from '../settle/cell-line.ts'
import { type ClaimTable, orderOf } from '../settle/claims.ts'
import { classNumber, poolClasses } from '../settle/classes.ts'
import { groupFacts } from '../settle/group-facts.ts'
import { cellOf, exactValue, type Layout, type Line, layOut, type PlanInput } from '../settle/plan.ts'
import { ordinary, type Variant } from '../settle/variant.ts'
import { createBandWriter, linesOf } from './band-writer.ts'
import { type Apart, listed, type SortedRegion } from './sorted.ts'
import { type CellBands, type Stretches, sumBills, sumStretches, type UnitSums } from './sorted-kernel.ts'

/** What the claims of a region depend on besides the sorted cases. */
export interface ClaimInput {
  readonly cases: GroupedCases
  readonly policy: Policy
  readonly weights: WeightTable
  readonly coefficients: CoefficientTable
  readonly hospitals: readonly Hospital[]
  /** Insurances by whose prices the cases are valued, in the order of the cases' own. */
  readonly priced: readonly string[]
}

/** Values sorted cases under policies that differ in their cost bands only. */
export interface Valuer {
  /** Equal to the claims of the ledger, to the last unit. */
  claims(policy: Policy): ClaimTable
}

/** How a cell answers to new bands. */
export type Kind = 'still' | 'linear' | 'anew'

/** The cells that stretches fall into. */
export interface CellList {
  readonly count: number
  /** `still`: no band is asked; `linear`: each piece is a band; `anew`: own rules stand between, compiled each time. */
  readonly kind: readonly Kind[]
  /** What each cell asks the bands; those that ask the same share a number. −1: nothing. */
  readonly question: Int32Array
  readonly questions: readonly LimitQuestion[]
  /** The cell under a policy. */
  at(c: number, policy: Policy): Cell
}

/** Prepares sorted cases for policies with the rules, prices, weights and coefficients of `input`, whatever their bands. */
export function createValuer({ sorted, apart }: SortedRegion, input: ClaimInput): Valuer {
  const { cases, policy } = input
  const hospitals = listed(input)
  const facts = groupFacts(cases, hospitals, policy)
  const planInput: PlanInput = { ...input, hospitals, parents: cases.parents, insurances: input.priced, facts }
  const layout = layOut(planInput)
  const { cellOfStretch, cells } = cellsOf(sorted, apart, planInput, layout)
  const width = cases.insurances.length
  const units = cases.hospitals.length * width
  const pick = (isWanted: (c: number) => boolean): Stretches => {
    const list = Uint32Array.from(cellOfStretch.keys()).filter(k => isWanted(cellOfStretch[k]!))
    return {
      from: list.map(k => sorted.start[k]!),
      to: list.map(k => sorted.start[k + 1]!),
      cell: list.map(k => cellOfStretch[k]!),
      unit: list.map(k => sorted.hospital[k]! * width + sorted.insurance[k]!),
    }
  }
  const still: UnitSums = noSums(units)
  sumBills(sorted, width, still)
  // What no band decides is summed once.
  const fixed = fixedBands(cells, policy)
  sumStretches(
    sorted,
    pick(c => cells.kind[c] === 'still'),
    fixed.bands,
    poolClasses(policy),
    fixed.exact,
    still,
  )
  const moving = pick(c => cells.kind[c] !== 'still')
  const write = createBandWriter(cells)
  const order = orderOf(cases.hospitals)
  return {
    claims(own) {
      const sums = noSums(units)
      for (const key of KEYS) sums[key].set(still[key])
      const { bands, exact } = write(own)
      sumStretches(sorted, moving, bands, poolClasses(own), exact, sums)
      const ordered = (from: Float64Array): Float64Array =>
        from.map((_, i) => from[order[Math.floor(i / width)]! * width + (i % width)]!)
      return {
        hospitals: order.map(h => cases.hospitals[h]!),
        insurances: cases.insurances,
        points: ordered(sums.points),
        paid: ordered(sums.paid),
        cost: ordered(sums.cost),
        patient: ordered(sums.patient),
        fund: ordered(sums.fund),
      }
    },
  }
}

const KEYS = ['points', 'paid', 'cost', 'patient', 'fund'] as const

function noSums(units: number): UnitSums {
  const column = (): Float64Array => new Float64Array(units)
  return { points: column(), paid: column(), cost: column(), patient: column(), fund: column() }
}

/** Numbers the cells that occur, and finds out how each answers to bands. */
function cellsOf(
  sorted: SortedRegion['sorted'],
  apart: readonly Apart[],
  input: PlanInput,
  { plan, rows, columns }: Layout,
): { readonly cellOfStretch: Uint32Array; readonly cells: CellList } {
  const { status, group, hospital, insurance, stay, track } = sorted
  const schemes = plan.insurances
  const plain = ordinary(input.policy)
  const stayVariant: Variant = { ...plain, rest: 'stay', own: 0 }
  const numbers = new Map<number, number>()
  const list: { readonly row: Apart; readonly column: number; readonly insurance: number }[] = []
  const cellOfStretch = new Uint32Array(status.length)
  for (let k = 0; k < status.length; k++) {
    const column = plan.columnOf[hospital[k]!]!
    const r = stay[k] === 1 ? plan.stayRow : plan.rowOf[status[k]! * plan.groups + group[k]!]!
    const place = track[k]! > 0 ? rows.length + track[k]! - 1 : r
    const key = (place * plan.columns + column) * schemes + insurance[k]!
    let number = numbers.get(key)
    if (number === undefined) {
      number = list.length
      numbers.set(key, number)
      const { isStay, ...own } = rows[r]!
      const row = track[k]! > 0 ? apart[track[k]! - 1]! : { ...own, variant: isStay ? stayVariant : plain }
      list.push({ row, column, insurance: insurance[k]! })
    }
    cellOfStretch[k] = number
  }
  const at = (c: number, policy: Policy): Cell => {
    const { row, column, insurance: s } = list[c]!
    return cellOf({ ...input, policy }, row, { ...columns[column]!, insurance: input.insurances[s] ?? '' })
  }
  const question = new Int32Array(list.length).fill(-1)
  const questions: LimitQuestion[] = []
  const known = new Map<string, number>()
  const kind = list.map(({ row }, c): Kind => {
    let asked: LimitQuestion | undefined
    piecesOf(at(c, input.policy), (policy, one) => {
      asked = one
      return bandsOf(policy, one)
    })
    if (asked === undefined) return 'still'
    const { weight, level, insurance: s, group: g, parent } = asked as LimitQuestion
    const key = [weight.toString(), level, s, g, parent].join('\t')
    question[c] = known.get(key) ?? questions.length
    if (question[c] === questions.length) {
      known.set(key, questions.length)
      questions.push(asked)
    }
    return row.variant.own === 0 ? 'linear' : 'anew'
  })
  return { cellOfStretch, cells: { count: list.length, kind, question, questions, at } }
}

/** The bands of cells that ask none of the policy's cost bands; the others have none here. */
function fixedBands(
  { count, kind, at }: CellList,
  policy: Policy,
): { readonly bands: CellBands; readonly exact: (band: number, cost: number) => number } {
  const lines: Line[] = []
  const first = new Uint32Array(count + 1)
  for (let c = 0; c < count; c++) {
    if (kind[c] === 'still') lines.push(...linesOf(at(c, policy)))
    first[c + 1] = lines.length
  }
  const column = (of: (line: Line) => number): Float64Array => Float64Array.from(lines, of)
  const bands = {
    first,
    upTo: column(line => line.upTo),
    slope: column(line => line.slope),
    intercept: column(line => line.intercept),
    slopeSize: column(line => Math.abs(line.slope)),
    interceptSize: column(line => Math.abs(line.intercept)),
    cap: column(line => line.cap),
    step: column(line => line.step),
    inMoney: Uint8Array.from(lines, line => (line.inMoney ? 1 : 0)),
    class: Uint8Array.from(lines, line => classNumber(line.class)),
  }
  return { bands, exact: (band, cost) => exactValue(lines[band]!.exact, cost) }
}
