import { formatFen, parseYuan } from '../../numbers/index.ts'
import { cleanText, plainNumber } from './clean.ts'
import { readDelimited } from './delimited.ts'
import { jsonValues } from './json-values.ts'
import { messagesIn, parseJson } from './message.ts'
import type { NodeRow, Nodes } from './nodes.ts'
import type { SidePlan, SideRole } from './plan.ts'

/** What tables beside the main one hold, by settlement id. Memory grows with them. */
export interface Sides {
  /** Facts of the stay, by field. */
  readonly stay: Map<string, ReadonlyMap<string, string>>
  readonly rows: Readonly<Record<ListRole, Map<string, SideRow[]>>>
  /** Lists among the stays, such as 4101A beside 4101: each should belong to a case. */
  readonly lists: Map<string, Orphan>
  /** Roles that have a table. */
  readonly roles: ReadonlySet<SideRole>
}

type ListRole = Exclude<SideRole, 'stay'>

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

const NONE: Nodes = { diagnoses: [], procedures: [], fees: [], funds: [], icu: [] }

/** Reads the tables beside a main one. */
export function readSides(plans: readonly SidePlan[]): Sides {
  const sides: Sides = {
    stay: new Map(),
    lists: new Map(),
    rows: { diagnoses: new Map(), procedures: new Map(), fees: new Map(), funds: new Map(), icu: new Map() },
    roles: new Set(plans.map(plan => plan.role)),
  }
  for (const plan of plans) {
    if (plan.container === 'json') readMessages(sides, plan)
    else readRows(sides, plan)
  }
  return sides
}

/** Settlements as messages, such as 2304 replies. */
function readMessages({ stay, lists }: Sides, plan: SidePlan): void {
  for (const { text, line } of jsonValues(plan.file, plan.encoding)) {
    for (const message of messagesIn(parseJson(text))) {
      const key = message?.stay.get('settleId')
      if (message === undefined || key === undefined) continue
      addStay(stay, key, message.stay)
      if (message.kind === 'case') lists.set(key, { file: plan.file, line })
    }
  }
}

/** Several tables may tell of a stay; what is told first counts. */
function addStay(all: Sides['stay'], key: string, facts: ReadonlyMap<string, string>): void {
  const before = all.get(key)
  all.set(key, before === undefined ? facts : new Map([...facts, ...before]))
}

function readRows(sides: Sides, plan: SidePlan): void {
  const { role, columns, file } = plan
  const fields = columns.map(column => column.field)
  const keyAt = fields.indexOf('settleId')
  const taker = {
    row(cells: readonly string[], line: number): void {
      const key = cleanText(cells[keyAt] ?? '')
      const row = Object.fromEntries(fields.map((field, i) => [field, cells[i]!]))
      if (role === 'stay') {
        addStay(sides.stay, key, new Map(Object.entries(row).filter(([, text]) => text !== '')))
        return
      }
      const rows = sides.rows[role]
      const list = rows.get(key)
      if (list === undefined) rows.set(key, [{ row, line, file }])
      else if (role === 'fees') list[0] = { ...list[0]!, row: { amount: added(list[0]!.row, row) } }
      else list.push({ row, line, file })
    },
    bad(): void {},
  }
  for (const _ of readDelimited(plan, taker));
}

/** Fees are only summed up: a stay may have thousands of rows. */
function added(a: NodeRow, b: NodeRow): string {
  const [x, y] = [a, b].map(({ amount = '' }) => parseYuan(plainNumber(cleanText(amount)) || '0'))
  return x === undefined || y === undefined ? `${a.amount}?` : formatFen(x + y)
}

/** The facts of a stay that stand elsewhere. */
export function takeStay({ stay, lists }: Sides, key: string): ReadonlyMap<string, string> | undefined {
  lists.delete(key)
  return stay.get(key)
}

/** The lists of a stay; they are taken out, so that what is left in the end has no stay. */
export function takeNodes(sides: Sides, key: string): Nodes {
  if (sides.roles.size === 0 || key === '') return NONE
  const take = (role: ListRole): NodeRow[] => {
    const rows = sides.rows[role].get(key)
    if (rows === undefined) return []
    sides.rows[role].delete(key)
    return rows.map(({ row }) => row)
  }
  return {
    diagnoses: take('diagnoses'),
    procedures: take('procedures'),
    fees: take('fees'),
    funds: take('funds'),
    icu: take('icu'),
  }
}

/** What was not taken, in the order of the files. */
export function orphansOf({ rows, lists }: Sides): Orphan[] {
  const left = Object.values(rows).flatMap(role =>
    [...role.values()].flatMap(list => list.map(({ file, line }) => ({ file, line }))),
  )
  return [...left, ...lists.values()]
}
