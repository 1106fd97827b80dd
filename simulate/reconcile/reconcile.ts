import type { Fen } from '../../numbers/index.ts'
import { CAUSES, type Cause, compareRows, type Difference } from './explain.ts'
import { MONEY_FIELDS, type MoneyField, type Statement, type StatementRow } from './statement.ts'

/** How a case stands in the two files. */
export type MatchState = 'equal' | 'differing' | 'missing-in-ours' | 'missing-in-official' | 'refunded'

/** One case of either file. */
export interface Match {
  readonly key: string
  readonly state: MatchState
  readonly official: StatementRow | null
  readonly ours: StatementRow | null
  readonly difference: Difference | null
  /** Further rows of the same id in the official file and in ours, of which the last was compared; refunds are netted. */
  readonly repeated: readonly [official: number, ours: number]
}

/** Two settlement files compared. Every row of both is in one match, or among the rejects of its file. */
export interface Reconciliation {
  /** The id by which cases were matched. */
  readonly key: 'settleId' | 'caseId'
  /** In the order of the official file, then what it lacks. */
  readonly matches: readonly Match[]
  readonly counts: Readonly<Record<MatchState, number>>
  /** Rows without the id by which cases were matched. */
  readonly unkeyed: readonly [official: readonly StatementRow[], ours: readonly StatementRow[]]
  /** Differing cases and money by cause. */
  readonly causes: readonly { readonly cause: Cause; readonly cases: number; readonly change: Fen }[]
}

/** Matches two files case by case and explains what differs by more than `tolerance` fen. */
export function reconcile(official: Statement, ours: Statement, tolerance: Fen): Reconciliation {
  const key = keyOf(official, ours)
  const theirs = entriesOf(official, key)
  const own = entriesOf(ours, key)
  const find = finder([...own.keys()])
  const matches: Match[] = []
  const seen = new Set<string>()
  for (const [id, { row, repeated: theirTimes, isRefunded }] of theirs) {
    const found = find(id)
    const mine = found === undefined ? undefined : own.get(found)
    if (found !== undefined) seen.add(found)
    const repeated = [theirTimes, mine?.repeated ?? 0] as const
    if (isRefunded) {
      matches.push({ key: id, state: 'refunded', official: row, ours: mine?.row ?? null, difference: null, repeated })
    } else if (mine === undefined) {
      matches.push({ key: id, state: 'missing-in-ours', official: row, ours: null, difference: null, repeated })
    } else {
      const difference = compareRows([row, mine.row], [official, ours], tolerance)
      const state = difference === null ? 'equal' : 'differing'
      matches.push({ key: id, state, official: row, ours: mine.row, difference, repeated })
    }
  }
  for (const [id, { row, repeated }] of own) {
    if (seen.has(id)) continue
    matches.push({
      key: id,
      state: 'missing-in-official',
      official: null,
      ours: row,
      difference: null,
      repeated: [0, repeated],
    })
  }
  const counts = { equal: 0, differing: 0, 'missing-in-ours': 0, 'missing-in-official': 0, refunded: 0 }
  for (const { state } of matches) counts[state]++
  const unkeyed = [official, ours].map(({ rows }) => rows.filter(row => row[key] === '')) as [
    StatementRow[],
    StatementRow[],
  ]
  return { key, matches, counts, unkeyed, causes: causesOf(matches) }
}

function causesOf(matches: readonly Match[]): Reconciliation['causes'] {
  return CAUSES.flatMap(cause => {
    const parts = matches.flatMap(({ difference }) => difference?.causes[cause] ?? [])
    return parts.length === 0 ? [] : [{ cause, cases: parts.length, change: parts.reduce((all, one) => all + one, 0) }]
  })
}

/** The id that both files have and that finds more cases; ids of our own files are case ids. */
function keyOf(official: Statement, ours: Statement): 'settleId' | 'caseId' {
  const found = (key: 'settleId' | 'caseId', mine: 'settleId' | 'caseId'): number => {
    const find = finder(ours.rows.map(row => row[mine]).filter(id => id !== ''))
    return official.rows.filter(row => row[key] !== '' && find(row[key]) !== undefined).length
  }
  return found('settleId', 'settleId') > found('caseId', 'caseId') ? 'settleId' : 'caseId'
}

interface Entry {
  readonly row: StatementRow
  readonly repeated: number
  readonly isRefunded: boolean
}

/** Rows by id: refunds are netted with what they refund; of the rest the last counts, as a list sent again replaces the one before. */
function entriesOf({ rows }: Statement, key: 'settleId' | 'caseId'): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>()
  for (const [id, list] of Map.groupBy(rows, row => row[key])) {
    if (id === '') continue
    const plain = list.filter(row => !isRefund(row))
    const refunds = list.length - plain.length
    const kept = refunds === 0 ? plain : plain.slice(0, Math.max(plain.length - refunds, 0))
    const last = kept.at(-1)
    if (last !== undefined) entries.set(id, { row: last, repeated: kept.length - 1, isRefunded: false })
    else entries.set(id, { row: list[0]!, repeated: 0, isRefunded: true })
  }
  return entries
}

/** A refund says so, or has a negative cost. */
function isRefund(row: StatementRow): boolean {
  return row.isRefund || MONEY_FIELDS.some((field: MoneyField) => field === 'cost' && (row.money[field] ?? 0) < 0)
}

/** Finds an id as it stands, or without leading zeros where that leaves one candidate only. */
function finder(ids: readonly string[]): (id: string) => string | undefined {
  const exact = new Set(ids)
  const bare = (id: string): string => id.replace(/^0+(?=.)/, '')
  const byBare = Map.groupBy(new Set(ids), bare)
  return id => {
    if (exact.has(id)) return id
    const list = byBare.get(bare(id))
    return list?.length === 1 ? list[0] : undefined
  }
}
