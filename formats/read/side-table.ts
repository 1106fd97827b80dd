import { cleanText, lostDigits, sumOf } from './clean.ts'
import { feeClass, type NodeRow } from './nodes.ts'
import type { SidePlan, SideRole, TablePlan } from './plan.ts'
import { tableRows } from './side-rows.ts'

/** A row of a table beside a main one that belongs to no case. */
export interface LeftOut {
  readonly file: string
  readonly line: number
  readonly reason: SideReason
  /** Header of the column to blame, '' where there is none. */
  readonly field: string
}

type SideReason = Parameters<Parameters<typeof tableRows>[1] & {}>[1]

/** One table beside the main one, asked for one settlement id after another. */
export interface SideTable {
  readonly plan: SidePlan
  /** The rows of a stay; they are taken out, so that what is left in the end has no stay. */
  take(key: string): readonly NodeRow[]
  /** Rows left out since this was last asked: damaged ones, and those of stays that cannot be asked for any more. */
  leftOut(): LeftOut[]
  /** All that is left, bit by bit. */
  rest(): Generator<LeftOut>
  /** Rows that were taken, and the line of the first. */
  readonly joined: { count: number; line: number }
}

/** Rows of one stay; fees are only summed up, drugs and consumables apart: a stay may have thousands of them. */
interface Held {
  readonly rows: NodeRow[]
  readonly lines: number[]
}

const LONGEST_SHARED = 24
const MOST_SHARED = 65_536

/** The fact without which a row says nothing. */
const NEEDED: Readonly<Record<SideRole, string>> = {
  stay: 'settleId',
  diagnoses: 'code',
  procedures: 'code',
  fees: 'amount',
  funds: 'amount',
  icu: 'settleId',
}

/** A table that is sorted as the main one (of it the rows of one stay are held), or one that is held whole. */
export function openSide(plan: SidePlan, order: KeyOrder | undefined): SideTable {
  return order === undefined ? heldSide(plan) : mergedSide(plan, order)
}

function heldSide(plan: SidePlan): SideTable {
  const { rows, orphan, joined, leftOut } = openRows(plan)
  const held = new Map<string, Held>()
  for (const { key, row, line } of rows) {
    const list = held.get(key)
    if (list === undefined) held.set(key, { rows: [row], lines: [line] })
    else addRow(list, plan.role, row, line)
  }
  return {
    plan,
    joined,
    leftOut,
    take(key) {
      const list = key === '' ? undefined : held.get(key)
      if (list === undefined) return []
      held.delete(key)
      count(joined, list)
      return list.rows
    },
    *rest() {
      for (const { lines } of held.values()) {
        for (const line of lines) orphan(line)
        yield* leftOut()
      }
      yield* leftOut()
    },
  }
}

function mergedSide(plan: SidePlan, order: KeyOrder): SideTable {
  const { rows, orphan, joined, leftOut } = openRows(plan)
  let next = rows.next()
  const stay = (): (Held & { readonly key: string }) | undefined => {
    if (next.done === true) return undefined
    const { key, row, line } = next.value
    const list = { key, rows: [row], lines: [line] }
    for (next = rows.next(); next.done !== true && next.value.key === key; next = rows.next())
      addRow(list, plan.role, next.value.row, next.value.line)
    return list
  }
  let current = stay()
  const pass = (): void => {
    for (const line of current!.lines) orphan(line)
    current = stay()
  }
  return {
    plan,
    joined,
    leftOut,
    take(key) {
      while (current !== undefined && order(current.key, key) < 0) pass()
      if (current?.key !== key || key === '') return []
      const list = current
      current = stay()
      count(joined, list)
      return list.rows
    },
    *rest() {
      while (current !== undefined) {
        pass()
        yield* leftOut()
      }
      yield* leftOut()
    },
  }
}

/** The rows of a side table by their keys, and what of them is left out. */
function openRows(plan: SidePlan): {
  readonly rows: Generator<{ readonly key: string; readonly row: NodeRow; readonly line: number }>
  /** Says that a row has no stay. */
  orphan(line: number): void
  readonly joined: { count: number; line: number }
  leftOut(): LeftOut[]
} {
  const fields = plan.columns.map(column => column.field)
  const keyAt = fields.indexOf('settleId')
  let left: LeftOut[] = []
  const bad = (line: number, reason: SideReason, field = ''): void =>
    void left.push({ file: plan.name, line, reason, field })
  // Of lists the id stands in the key already.
  const told = fields.flatMap((field, at) => (plan.role !== 'stay' && at === keyAt ? [] : [{ field, at }]))
  const shared = sharing()
  function* rows(): Generator<{ key: string; row: NodeRow; line: number }> {
    for (const { cells, line } of tableRows(plan, bad, fields.indexOf(NEEDED[plan.role]))) {
      const key = cleanText(cells[keyAt] ?? '')
      if (lostDigits(key)) bad(line, 'id-damaged', plan.columns[keyAt]!.header)
      else {
        const row: Record<string, string> = {}
        for (const { field, at } of told) row[field] = shared(cells[at]!)
        yield { key, row, line }
      }
    }
  }
  return {
    rows: rows(),
    orphan: line => bad(line, 'orphan'),
    joined: { count: 0, line: 0 },
    leftOut() {
      const list = left
      if (list.length > 0) left = []
      return list
    },
  }
}

/** Codes and flags stand in many rows: each is held once. */
function sharing(): (text: string) => string {
  const texts = new Map<string, string>()
  return text => {
    const held = text.length > LONGEST_SHARED ? text : texts.get(text)
    if (held !== undefined) return held
    if (texts.size < MOST_SHARED) texts.set(text, text)
    return text
  }
}

function count(joined: { count: number; line: number }, { lines }: Held): void {
  if (joined.count === 0) joined.line = lines[0]!
  joined.count += lines.length
}

function addRow({ rows, lines }: Held, role: SideRole, row: NodeRow, line: number): void {
  lines.push(line)
  const at = role === 'fees' ? rows.findIndex(one => feeClass(one) === feeClass(row)) : -1
  if (at < 0) rows.push(row)
  else rows[at] = { ...rows[at]!, amount: sumOf([rows[at]!.amount ?? '', row.amount ?? '']) }
}

/** Compares two keys as their tables are sorted; NaN where they cannot be compared. */
export type KeyOrder = (a: string, b: string) => number

/** The ways in which databases sort ids: as texts, and as numbers. */
const ORDERS: readonly KeyOrder[] = [
  (a, b) => (a < b ? -1 : a > b ? 1 : 0),
  (a, b) => (/^\d{1,15}$/.test(a) && /^\d{1,15}$/.test(b) ? Number(a) - Number(b) : Number.NaN),
]

/** The order by which the keys of all tables rise; undefined where there is none. Only the keys are read. */
export function commonOrder(main: TablePlan, sides: readonly SidePlan[]): KeyOrder | undefined {
  let orders = ORDERS
  for (const plan of [main, ...sides]) {
    const columns = plan.columns.filter(column => column.field === 'settleId')
    if (columns.length !== 1) return undefined
    let before: string | undefined
    for (const { cells } of tableRows({ ...plan, columns })) {
      const key = cleanText(cells[0]!)
      if (lostDigits(key)) continue
      if (before !== undefined && key !== before) orders = orders.filter(order => order(before!, key) < 0)
      before = key
    }
    if (orders.length === 0) return undefined
  }
  return orders[0]
}
