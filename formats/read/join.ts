import { statSync } from 'node:fs'
import { cleanText, sumOf } from './clean.ts'
import { jsonValues } from './json-values.ts'
import { messagesIn, parseJson } from './message.ts'
import { feeClass, type NodeRow, type Nodes } from './nodes.ts'
import type { SidePlan, SideRole, TablePlan } from './plan.ts'
import { tableRows } from './side-rows.ts'

/** What tables beside the main one hold, by settlement id. */
export interface Sides {
  /** Roles that have a table. */
  readonly roles: ReadonlySet<SideRole>
  /** The facts of a stay that stand elsewhere. */
  takeStay(key: string): ReadonlyMap<string, string> | undefined
  /** The lists of a stay; they are taken out, so that what is left in the end has no stay. */
  takeNodes(key: string): Nodes
  /** What was not taken, in the order of the files. */
  orphans(): Orphan[]
}

type ListRole = Exclude<SideRole, 'stay'>

const LIST_ROLES: readonly ListRole[] = ['diagnoses', 'procedures', 'fees', 'funds', 'icu']

interface SideRow {
  readonly row: NodeRow
  readonly line: number
  readonly file: string
}

/** Rows of the side tables that no stay of the main table asked for. */
export interface Orphan {
  readonly file: string
  readonly line: number
}

/** One side table, asked for one key after another. */
interface Side {
  readonly role: SideRole
  take(key: string): SideRow[]
  left(): SideRow[]
}

/** Side tables of together fewer bytes are held in memory; larger ones are merged where all are sorted by their key. */
const LEAST_MERGED = 64 << 20

/**
 * Opens the tables beside a main one. Where the main table and all of them are sorted by settlement id, they are read
 * row by row along with it and memory stays flat; else they are held.
 */
export function readSides(main: TablePlan, plans: readonly SidePlan[], leastMerged: number = LEAST_MERGED): Sides {
  const tables = plans.filter(plan => plan.container !== 'json' || plan.columns.length > 0)
  const messages = plans.filter(plan => !tables.includes(plan))
  const bytes = tables.reduce((all, { file }) => all + statSync(file).size, 0)
  const order = bytes < leastMerged ? undefined : commonOrder(main, tables)
  const sides = tables.map(plan => (order === undefined ? heldSide(plan) : mergedSide(plan, order)))
  const roles: ReadonlySet<SideRole> = new Set(plans.map(plan => plan.role))
  const { stay, lists } = readMessages(messages)
  /** The last stay that was asked for: a row may come twice. */
  let last: { readonly key: string; readonly facts: ReadonlyMap<string, string> | undefined } | undefined
  return {
    roles,
    takeStay(key) {
      lists.delete(key)
      if (last?.key === key) return last.facts
      const rows = sides.filter(side => side.role === 'stay').flatMap(side => side.take(key))
      const told = rows.map(({ row }) => new Map(Object.entries(row).filter(([, text]) => text !== '')))
      // Several tables may tell of a stay; what is told first counts.
      const facts = [stay.get(key), ...told].reduce<Map<string, string> | undefined>(
        (all, one) => (one === undefined ? all : new Map([...one, ...(all ?? [])])),
        undefined,
      )
      // Of unsorted tables a stay may be asked for again later.
      if (facts !== undefined && order === undefined) stay.set(key, facts)
      last = { key, facts }
      return facts
    },
    takeNodes(key) {
      const take = (role: ListRole): NodeRow[] =>
        roles.size === 0 || key === ''
          ? []
          : sides.filter(side => side.role === role).flatMap(side => side.take(key).map(({ row }) => row))
      return {
        diagnoses: take('diagnoses'),
        procedures: take('procedures'),
        fees: take('fees'),
        funds: take('funds'),
        icu: take('icu'),
      }
    },
    orphans() {
      const left = LIST_ROLES.flatMap(role => sides.filter(side => side.role === role).flatMap(side => side.left()))
      return [...left.map(({ file, line }) => ({ file, line })), ...lists.values()]
    },
  }
}

/** Settlements as messages, such as 2304 replies, and where lists among them stand. */
function readMessages(plans: readonly SidePlan[]): {
  readonly stay: Map<string, ReadonlyMap<string, string>>
  readonly lists: Map<string, Orphan>
} {
  const stay = new Map<string, ReadonlyMap<string, string>>()
  const lists = new Map<string, Orphan>()
  for (const { file, encoding } of plans) {
    for (const { text, line } of jsonValues(file, encoding)) {
      for (const message of messagesIn(parseJson(text))) {
        const key = message?.stay.get('settleId')
        if (message === undefined || key === undefined) continue
        stay.set(key, new Map([...message.stay, ...(stay.get(key) ?? [])]))
        if (message.kind === 'case') lists.set(key, { file, line })
      }
    }
  }
  return { stay, lists }
}

function* keyedRows(plan: SidePlan): Generator<SideRow & { readonly key: string }> {
  const fields = plan.columns.map(column => column.field)
  const keyAt = fields.indexOf('settleId')
  for (const { cells, line } of tableRows(plan)) {
    const row = Object.fromEntries(fields.map((field, i) => [field, cells[i]!]))
    yield { key: cleanText(cells[keyAt] ?? ''), row, line, file: plan.file }
  }
}

/** Fees are only summed up, drugs and consumables apart: a stay may have thousands of rows. Refunds are negative. */
function addRow(list: SideRow[], role: SideRole, added: SideRow): void {
  const at = role === 'fees' ? list.findIndex(({ row }) => feeClass(row) === feeClass(added.row)) : -1
  if (at < 0) list.push(added)
  else list[at] = { ...list[at]!, row: { ...list[at]!.row, amount: sumOf([list[at]!.row, added.row].map(amountOf)) } }
}

function amountOf({ amount = '' }: NodeRow): string {
  return amount
}

/** A side table that is held whole. */
function heldSide(plan: SidePlan): Side {
  const rows = new Map<string, SideRow[]>()
  for (const { key, ...row } of keyedRows(plan)) {
    const list = rows.get(key)
    if (list === undefined) rows.set(key, [row])
    else addRow(list, plan.role, row)
  }
  return {
    role: plan.role,
    take(key) {
      const list = rows.get(key) ?? []
      rows.delete(key)
      return list
    },
    left: () => (plan.role === 'stay' ? [] : [...rows.values()].flat()),
  }
}

/** A side table that is sorted as the main one: of it the rows of one key are held. */
function mergedSide(plan: SidePlan, order: Order): Side {
  const rows = keyedRows(plan)
  let next = rows.next()
  const left: SideRow[] = []
  const group = (): { readonly key: string; readonly list: SideRow[] } | undefined => {
    if (next.done === true) return undefined
    const { key } = next.value
    const list: SideRow[] = []
    for (; next.done !== true && next.value.key === key; next = rows.next()) addRow(list, plan.role, next.value)
    return { key, list }
  }
  let current = group()
  return {
    role: plan.role,
    take(key) {
      for (; current !== undefined && order(current.key, key) < 0; current = group()) left.push(...current.list)
      if (current?.key !== key) return []
      const { list } = current
      current = group()
      return list
    },
    left() {
      for (; current !== undefined; current = group()) left.push(...current.list)
      return plan.role === 'stay' ? [] : left
    },
  }
}

type Order = (a: string, b: string) => number

/** The ways in which databases sort ids: as texts, and as numbers. */
const ORDERS: readonly Order[] = [
  (a, b) => (a < b ? -1 : a > b ? 1 : 0),
  (a, b) => (/^\d{1,15}$/.test(a) && /^\d{1,15}$/.test(b) ? Number(a) - Number(b) : Number.NaN),
]

/** The order by which the keys of all tables rise; undefined where there is none. Only the keys are read. */
function commonOrder(main: TablePlan, sides: readonly SidePlan[]): Order | undefined {
  let orders = ORDERS
  for (const plan of [main, ...sides]) {
    const columns = plan.columns.filter(column => column.field === 'settleId')
    if (columns.length !== 1) return undefined
    let before: string | undefined
    for (const { cells } of tableRows({ ...plan, columns })) {
      const key = cleanText(cells[0]!)
      if (before !== undefined && key !== before) orders = orders.filter(order => order(before!, key) < 0)
      before = key
    }
    if (orders.length === 0) return undefined
  }
  return orders[0]
}
