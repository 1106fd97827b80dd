import { bandsOf } from '../policy/bands.ts'
import type { LimitQuestion } from '../policy/limit.ts'
import type { Policy } from '../policy/policy.ts'
import type { Cell } from '../settle/cell.ts'
import { piecesOf } from '../settle/cell-line.ts'
import { classNumber } from '../settle/classes.ts'
import { asksGroups, groupFacts } from '../settle/group-facts.ts'
import { cellOf, exactValue, type Layout, type Line, layOut, type PlanInput } from '../settle/plan.ts'
import { ordinary, type Variant } from '../settle/variant.ts'
import { createBandWriter, linesOf, type WrittenBands } from './band-writer.ts'
import { type Apart, listed, type SortedRegion } from './sorted.ts'
import type { ClaimInput } from './valuer.ts'

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

/** What can be said of the cells of sorted cases before their costs are looked at. */
export interface Prepared {
  readonly cellOfStretch: Uint32Array
  readonly cells: CellList
  /** The bands of the cells that ask none of the policy's. */
  readonly fixed: WrittenBands
  readonly write: (policy: Policy) => WrittenBands
  /** Whether other sorted cases fall into the same cells in the same order, so that all this holds for them. */
  fits(region: SortedRegion): boolean
}

/** Prepares the cells of sorted cases under the rules, prices, weights and coefficients of `input`. */
export function prepareCells({ sorted, apart }: SortedRegion, input: ClaimInput): Prepared {
  const { cases, policy } = input
  const hospitals = listed(input)
  const facts = groupFacts(cases, hospitals, policy)
  const planInput: PlanInput = { ...input, hospitals, parents: cases.parents, insurances: input.priced, facts }
  const { cellOfStretch, cells } = cellsOf(sorted, apart, planInput, layOut(planInput))
  const { status, group, hospital, insurance, stay, track } = sorted
  const kept = { status, group, hospital, insurance, stay, track }
  return {
    cellOfStretch,
    cells,
    fixed: fixedBands(cells, policy),
    write: createBandWriter(cells),
    fits: other =>
      !asksGroups(policy) &&
      Object.entries(kept).every(([key, column]) => isEqual(column, other.sorted[key as keyof typeof kept])) &&
      (apart.length === 0 ? other.apart.length === 0 : JSON.stringify(apart) === JSON.stringify(other.apart)),
  }
}

function isEqual(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
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
function fixedBands({ count, kind, at }: CellList, policy: Policy): WrittenBands {
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
