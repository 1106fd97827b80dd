import { statSync } from 'node:fs'
import { cleanText } from './clean.ts'
import { jsonValues } from './json-values.ts'
import { messagesIn, parseJson } from './message.ts'
import type { NodeRow, Nodes } from './nodes.ts'
import type { SidePlan, SideRole, TablePlan } from './plan.ts'
import { isNegative, netOf } from './refunds.ts'
import { commonOrder, type LeftOut, openSide } from './side-table.ts'

/** What tables beside the main one hold, by settlement id. */
export interface Sides {
  /** Roles that have a table. */
  readonly roles: ReadonlySet<SideRole>
  /** The facts of a stay that stand elsewhere. */
  takeStay(key: string): ReadonlyMap<string, string> | undefined
  /** The lists of a stay; they are taken out, so that what is left in the end has no stay. */
  takeNodes(key: string): Nodes
  /** Rows left out since this was last asked. */
  leftOut(): LeftOut[]
  /** All rows that are left in the end, bit by bit. */
  rest(): Generator<LeftOut>
  /** Rows that belong to cases, and the line of the first, by the name of their table. */
  joined(): ReadonlyMap<string, { readonly count: number; readonly line: number }>
}

type ListRole = Exclude<SideRole, 'stay'>
type Facts = ReadonlyMap<string, string>

/** Side tables of together fewer bytes are held in memory; larger ones are merged where all are sorted by their key. */
const LEAST_MERGED = 64 << 20

/**
 * Opens the tables beside a main one. Where the main table and all of them are sorted by settlement id, they are read
 * row by row along with it and memory stays flat; else they are held.
 */
export function readSides(main: TablePlan, plans: readonly SidePlan[], leastMerged: number = LEAST_MERGED): Sides {
  const tables = plans.filter(plan => plan.container !== 'json' || plan.columns.length > 0)
  const bytes = tables.reduce((all, { file }) => all + statSync(file).size, 0)
  const order = bytes < leastMerged ? undefined : commonOrder(main, tables)
  const sides = tables.map(plan => openSide(plan, order))
  const stays = sides.filter(({ plan }) => plan.role === 'stay')
  const roles: ReadonlySet<SideRole> = new Set(plans.map(plan => plan.role))
  const messages = readMessages(plans.filter(plan => !tables.includes(plan)))
  /** Facts that were told, of unsorted tables: a stay may be asked for again later. */
  const told = new Map<string, Facts>()
  /** The last stay that was asked for: a row may come twice. */
  let last: { readonly key: string; readonly facts: Facts | undefined } | undefined
  return {
    roles,
    takeStay(key) {
      if (stays.length === 0 && messages.isEmpty) return undefined
      if (last?.key === key) return last.facts
      // Several tables may tell of a stay; what is told first counts.
      const before = told.get(key)
      const all = before === undefined ? [messages.take(key), ...stays.map(side => netted(side.take(key)))] : [before]
      const some = all.filter(one => one !== undefined)
      const facts = some.length === 0 ? undefined : new Map(some.toReversed().flatMap(one => [...one]))
      if (facts !== undefined && order === undefined) told.set(key, facts)
      last = { key, facts }
      return facts
    },
    takeNodes(key) {
      const take = (role: ListRole): readonly NodeRow[] =>
        key === '' ? [] : sides.flatMap(side => (side.plan.role === role ? side.take(key) : []))
      return {
        diagnoses: take('diagnoses'),
        procedures: take('procedures'),
        fees: take('fees'),
        funds: take('funds'),
        icu: take('icu'),
      }
    },
    leftOut: () => sides.flatMap(side => side.leftOut()),
    *rest() {
      for (const side of sides) yield* side.rest()
      yield* messages.rest()
    },
    joined: () => new Map([...sides.map(({ plan, joined }) => [plan.name, joined] as const), ...messages.joined]),
  }
}

/** The facts of the settlements of a stay: refunds are netted with what they take back, else the first counts. */
function netted(rows: readonly NodeRow[]): Facts | undefined {
  return rows
    .map((row): Facts => new Map(Object.entries(row).filter(([, text]) => text !== '')))
    .reduce<Facts | undefined>((all, one) => (all === undefined ? one : together(all, one)), undefined)
}

const AMOUNTS = ['cost', 'fund', 'patient', 'selfPay', 'ownPay'] as const

/** Two settlements of one stay. */
function together(first: Facts, second: Facts): Facts {
  const both = new Map([...second, ...first])
  if (!isNegative(first.get('cost') ?? '') && !isNegative(second.get('cost') ?? '')) return both
  for (const field of AMOUNTS) {
    const net = netOf([first, second].map(facts => facts.get(field) ?? ''))
    if (net === '') both.delete(field)
    else both.set(field, net)
  }
  // What was paid back whole is no stay any more, and reads as the refund that it is.
  if (both.get('cost') === '0.00') both.set('cost', '-0.00')
  return both
}

/** Settlements as messages, such as 2304 replies, and lists that complete others. */
function readMessages(plans: readonly SidePlan[]): {
  readonly isEmpty: boolean
  take(key: string): Facts | undefined
  rest(): LeftOut[]
  readonly joined: ReadonlyMap<string, { readonly count: number; readonly line: number }>
} {
  const facts = new Map<string, Facts>()
  const places = new Map<string, LeftOut[]>()
  const without: LeftOut[] = []
  for (const { file, name, encoding } of plans) {
    for (const { text, line, isCut } of jsonValues(file, encoding)) {
      const value = isCut ? undefined : parseJson(text)
      for (const message of value === undefined ? [undefined] : messagesIn(value)) {
        const key = cleanText(message?.stay.get('settleId') ?? '')
        const place = { file: name, line, field: '' }
        if (message === undefined) without.push({ ...place, reason: 'not-a-message' })
        else if (key === '') without.push({ ...place, reason: 'orphan' })
        else {
          const before = facts.get(key)
          facts.set(key, before === undefined ? message.stay : together(before, message.stay))
          const list = places.get(key)
          if (list === undefined) places.set(key, [{ ...place, reason: 'orphan' }])
          else list.push({ ...place, reason: 'orphan' })
        }
      }
    }
  }
  const joined = new Map(plans.map(({ name }) => [name, { count: 0, line: 0 }]))
  return {
    isEmpty: facts.size === 0,
    joined,
    take(key) {
      for (const { file, line } of places.get(key) ?? []) {
        const of = joined.get(file)!
        if (of.count++ === 0) of.line = line
      }
      places.delete(key)
      return facts.get(key)
    },
    rest: () => [...without, ...[...places.values()].flat()],
  }
}
