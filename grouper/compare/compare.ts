import type { CaseBatch } from '../cases/batch.ts'
import type { GroupStatus } from '../cases/case.ts'
import { type Dictionary, entriesOf, extendDictionary } from '../codes/dictionary.ts'
import { type CodeTable, codeTable } from '../codes/keyword.ts'
import type { RuleBook } from '../drg/book.ts'
import { compileBook } from '../drg/compile-book.ts'
import { createGroupColumns, type GroupColumns, groupBatch } from '../drg/kernel.ts'
import { NO_GROUP, REASONS, type Reason } from '../drg/outcome.ts'
import type { Scheme } from '../scheme/types.ts'
import { countPairs, renumber } from './kernel.ts'
import { type SeverityClass, severityOf } from './severity.ts'

/** A result of one scheme: a leaf, or why there is none. */
export interface Side {
  readonly mdc: string
  readonly adrg: string
  readonly drg: string
  readonly name: string
  readonly status: GroupStatus
  readonly reason: Reason
  readonly severity: SeverityClass
}

/**
 * What became of a case. `same`: code and name agree; `recoded`: the name stays, the code changes; `renamed`: the code
 * stays, the name changes, so that it may mean something else; `severity`: another level of complications in the ADRG
 * of the same name; `redivided`: that ADRG is divided otherwise or no longer; `regrouped`: any other group;
 * `ambiguous`, `ungrouped`: it loses its group; `grouped`: it gets one.
 */
export type Change =
  | 'same'
  | 'recoded'
  | 'renamed'
  | 'severity'
  | 'redivided'
  | 'regrouped'
  | 'ambiguous'
  | 'ungrouped'
  | 'grouped'

/** Cases that go from one result to another. */
export interface Transition {
  readonly a: Side
  readonly b: Side
  readonly cases: number
  readonly change: Change
}

/** Two schemes ready to group the same batches. */
export interface Comparison {
  /** Tables for the reader: codes of both schemes, so that none is lost on the way. */
  readonly dxTable: CodeTable
  readonly pxTable: CodeTable
  readonly a: Half
  readonly b: Half
  /** Cases by result of A and result of B. */
  readonly counts: Float64Array
}

/** One scheme of a comparison. */
interface Half {
  readonly book: RuleBook
  readonly sides: readonly Side[]
  readonly adrgNames: readonly string[]
  /** From ids of both schemes to ids of this one; 0 where it lacks the code. */
  readonly dxMap: Uint16Array
  readonly pxMap: Uint16Array
  readonly groups: GroupColumns
  dx: Uint16Array
  px: Uint16Array
}

/** Makes two schemes ready; batches have at most `capacity` cases. */
export function createComparison(a: Scheme, b: Scheme, capacity: number): Comparison {
  const diagnoses = extendDictionary(a.diagnoses, entriesOf(b.diagnoses))
  const procedures = extendDictionary(a.procedures, entriesOf(b.procedures))
  const halves = [a, b].map(scheme => createHalf(scheme, diagnoses, procedures, capacity)) as [Half, Half]
  return {
    dxTable: codeTable(diagnoses),
    pxTable: codeTable(procedures),
    a: halves[0],
    b: halves[1],
    counts: new Float64Array(halves[0].sides.length * halves[1].sides.length),
  }
}

function createHalf(scheme: Scheme, diagnoses: Dictionary, procedures: Dictionary, capacity: number): Half {
  const book = compileBook(scheme)
  const leaves = scheme.mdcs.flatMap(mdc => mdc.adrgs.flatMap(adrg => adrg.drgs.map(drg => ({ mdc, adrg, drg }))))
  const taken = leaves.map(({ mdc, adrg, drg }): Side => {
    const status = drg.kind
    const reason = status === 'ambiguous' ? 'ambiguous' : status === 'notGrouped' ? 'fallback' : ''
    const severity = severityOf(adrg, drg)
    return { mdc: mdc.code, adrg: adrg.code, drg: drg.code, name: drg.name, status, reason, severity }
  })
  const none = REASONS.map((reason): Side => {
    const status = reason === 'not-in-mdc' || reason === 'not-in-adrg' ? 'notGrouped' : 'invalid'
    return { mdc: NO_GROUP, adrg: NO_GROUP, drg: NO_GROUP, name: '', status, reason, severity: '' }
  })
  return {
    book,
    // Leaf 0 of a book is "no leaf"; results without a leaf stand behind the leaves, by reason.
    sides: [none[0]!, ...taken, ...none],
    adrgNames: ['', ...leaves.map(({ adrg }) => adrg.name), ...none.map(() => '')],
    dxMap: mapBetween(diagnoses, scheme.diagnoses),
    pxMap: mapBetween(procedures, scheme.procedures),
    groups: createGroupColumns(capacity),
    dx: new Uint16Array(0),
    px: new Uint16Array(0),
  }
}

function mapBetween(from: Dictionary, to: Dictionary): Uint16Array {
  return Uint16Array.from(from.codes, code => to.ids.get(code) ?? 0)
}

/** Groups a batch, read with the comparison's tables, under both schemes and counts the pairs of results. */
export function compareBatch(comparison: Comparison, batch: CaseBatch): void {
  const { a, b, counts } = comparison
  for (const half of [a, b]) groupBatch(half.book, renumbered(half, batch), half.groups)
  const shape = { leavesA: a.book.leaves.length, leavesB: b.book.leaves.length, width: b.sides.length }
  countPairs(batch, a.groups, b.groups, counts, shape)
}

function renumbered(half: Half, batch: CaseBatch): CaseBatch {
  if (half.dx.length < batch.dx.length) half.dx = new Uint16Array(batch.dx.length)
  if (half.px.length < batch.px.length) half.px = new Uint16Array(batch.px.length)
  renumber(batch.dx, batch.dxStart[batch.count]!, half.dxMap, half.dx)
  renumber(batch.px, batch.pxStart[batch.count]!, half.pxMap, half.px)
  return { ...batch, dx: half.dx, px: half.px }
}

/** The two results of a row of the batch that was compared last, and what became of the case. */
export function rowOfComparison({ a, b }: Comparison, row: number): Omit<Transition, 'cases'> {
  const [x, y] = [positionOf(a, row), positionOf(b, row)]
  return { a: a.sides[x]!, b: b.sides[y]!, change: changeOf(a, x, b, y) }
}

function positionOf({ book, groups }: Half, row: number): number {
  const leaf = groups.leaf[row]!
  return leaf === 0 ? book.leaves.length + groups.reason[row]! : leaf
}

/** All transitions that occur, in the order of A's results, then B's. */
export function transitionsOf({ a, b, counts }: Comparison): Transition[] {
  const transitions: Transition[] = []
  for (const [x, from] of a.sides.entries()) {
    for (const [y, to] of b.sides.entries()) {
      const cases = counts[x * b.sides.length + y]!
      if (cases > 0) transitions.push({ a: from, b: to, cases, change: changeOf(a, x, b, y) })
    }
  }
  return transitions
}

function changeOf(a: Half, x: number, b: Half, y: number): Change {
  const [from, to] = [a.sides[x]!, b.sides[y]!]
  if (from.status !== 'grouped' && to.status !== 'grouped') {
    if (from.status === to.status) return 'same'
    return to.status === 'ambiguous' ? 'ambiguous' : from.status === 'ambiguous' ? 'ungrouped' : 'same'
  }
  if (to.status === 'ambiguous') return 'ambiguous'
  if (to.status !== 'grouped') return 'ungrouped'
  if (from.status !== 'grouped') return 'grouped'
  const sameName = plain(from.name) === plain(to.name)
  if (from.drg === to.drg) return sameName || sameAdrg(a, x, b, y) ? 'same' : 'renamed'
  if (sameName) return 'recoded'
  if (!sameAdrg(a, x, b, y)) return 'regrouped'
  return LEVELS.has(from.severity) && LEVELS.has(to.severity) && from.severity !== to.severity
    ? 'severity'
    : 'redivided'
}

/** Classes between which a case changes its severity. */
const LEVELS: ReadonlySet<SeverityClass> = new Set(['mcc', 'cc', 'without'])

/** Whether two leaves belong to ADRGs of one name; codes of ADRGs are given anew between editions. */
function sameAdrg(a: Half, x: number, b: Half, y: number): boolean {
  return plain(a.adrgNames[x]!) === plain(b.adrgNames[y]!)
}

/** A name without the differences of print: blanks, width, brackets. */
function plain(name: string): string {
  return name.normalize('NFKC').replace(/[\s,、，()/／]/g, '')
}
