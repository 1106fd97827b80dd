import { join } from 'node:path'
import { Fault, type Text } from '../../messages/index.ts'
import { append } from './append.ts'
import { PACK_FILES } from './layout.ts'
import { type PackRow, ROW_HEADERS, ROW_TABLES, type RowTable, readTsv, rowCells, rowKey, tsvText } from './rows.ts'
import type { Mdc, Scheme } from './types.ts'

/*
 * An overlay's mdc.tsv, adrg.tsv and drg.tsv hold only what differs from the base:
 *   change   removed, replaced (in its place), moved, added
 *   code     of the row; the second row of a code in one scope is BB11#2
 *   …        the other cells of the row (of a removed row for the reader only)
 *   after    for moved and added: the sibling before it, empty for the first
 * A scope is the rows of one parent: order counts among siblings only.
 */

type ChangeKind = 'removed' | 'replaced' | 'moved' | 'added'

interface RowChange {
  readonly change: ChangeKind
  readonly cells: readonly string[]
  readonly after: string
}

/** Column that names the parent of a row. */
const PARENT: Readonly<Record<RowTable, number | undefined>> = { mdc: undefined, adrg: 3, drg: 3 }

function headerOf(table: RowTable): string[] {
  return ['change', ...ROW_HEADERS[table], 'after']
}

/** The overlay texts of two trees; a table without change has none. */
export function rowChangeTexts(base: readonly Mdc[], mdcs: readonly Mdc[]): Partial<Record<RowTable, string>> {
  const [before, after] = [rowCells(base), rowCells(mdcs)]
  const texts: Partial<Record<RowTable, string>> = {}
  for (const table of ROW_TABLES) {
    const old = scopesOf(table, before[table], cells => cells)
    const scopes = scopesOf(table, after[table], cells => cells)
    const changes = [...new Set([...scopes.keys(), ...old.keys()])].flatMap(scope => {
      return changesOf(old.get(scope) ?? new Map(), scopes.get(scope) ?? new Map())
    })
    if (changes.length === 0) continue
    const rows = changes.map(({ change, cells, after: sibling }) => [change, ...cells, sibling])
    texts[table] = tsvText(headerOf(table), rows)
  }
  return texts
}

/** The rows of the base with an overlay's changes carried out, scope by scope in the order of the parents. */
export function applyRowChanges(base: Scheme, folder: string): Record<RowTable, PackRow[]> {
  const cells = rowCells(base.mdcs)
  const merged = (table: RowTable, parents: readonly string[]): PackRow[] => {
    const rows = cells[table].map((row, index): PackRow => {
      return { file: `${base.manifest.id}/${PACK_FILES[table]}`, line: index + 2, cells: row }
    })
    const scopes = scopesOf(table, rows, row => row.cells)
    const changed = new Map<string, PackRow[]>()
    const file = join(folder, PACK_FILES[table])
    for (const row of readTsv(file, headerOf(table), true)) append(changed, scopeOf(table, row.cells.slice(1, -1)), row)
    for (const [scope, changes] of changed) scopes.set(scope, merge(scopes.get(scope) ?? new Map(), changes))
    // A scope without parent stays at the end, where the tree finds it and says what is missing.
    const order = [...new Set([...parents, ...scopes.keys()])]
    return order.flatMap(scope => [...(scopes.get(scope)?.values() ?? [])])
  }
  const mdc = merged('mdc', [''])
  const codes = mdc.map(row => row.cells[0]!)
  const adrg = merged('adrg', codes)
  return { mdc, adrg, drg: merged('drg', keysOf(adrg.map(row => row.cells[0]!))) }
}

function scopeOf(table: RowTable, cells: readonly string[]): string {
  const parent = PARENT[table]
  return parent === undefined ? '' : cells[parent]!
}

/** Rows by parent, each by its key among its siblings. */
function scopesOf<T>(
  table: RowTable,
  rows: readonly T[],
  cellsOf: (row: T) => readonly string[],
): Map<string, Map<string, T>> {
  const grouped = new Map<string, T[]>()
  for (const row of rows) append(grouped, scopeOf(table, cellsOf(row)), row)
  return new Map(
    [...grouped].map(([scope, siblings]) => {
      const keys = keysOf(siblings.map(row => cellsOf(row)[0]!))
      return [scope, new Map(siblings.map((row, index) => [keys[index]!, row]))]
    }),
  )
}

/** Codes told apart: the second row of a code is `AH1#2`. */
function keysOf(codes: readonly string[]): string[] {
  const seen = new Map<string, number>()
  return codes.map(code => {
    const times = (seen.get(code) ?? 0) + 1
    seen.set(code, times)
    return rowKey(code, times)
  })
}

function changesOf(
  before: ReadonlyMap<string, readonly string[]>,
  after: ReadonlyMap<string, readonly string[]>,
): RowChange[] {
  const kept = inOrder([...before.keys()], [...after.keys()])
  const changes: RowChange[] = []
  for (const [key, cells] of before) {
    if (!after.has(key)) changes.push({ change: 'removed', cells: [key, ...cells.slice(1)], after: '' })
  }
  let sibling = ''
  for (const [key, cells] of after) {
    const old = before.get(key)
    const named = [key, ...cells.slice(1)]
    if (!kept.has(key)) changes.push({ change: old === undefined ? 'added' : 'moved', cells: named, after: sibling })
    else if (old!.some((cell, index) => cell !== cells[index])) {
      changes.push({ change: 'replaced', cells: named, after: '' })
    }
    sibling = key
  }
  return changes
}

/** The most keys that stand in the same order in both lists (longest increasing subsequence of positions). */
function inOrder(before: readonly string[], after: readonly string[]): Set<string> {
  const position = new Map(after.map((key, index) => [key, index]))
  const common = before.filter(key => position.has(key))
  const at = common.map(key => position.get(key)!)
  const length = at.map(() => 1)
  const previous = at.map(() => -1)
  let last = -1
  for (let i = 0; i < at.length; i++) {
    for (let j = 0; j < i; j++) {
      if (at[j]! < at[i]! && length[j]! + 1 > length[i]!) {
        length[i] = length[j]! + 1
        previous[i] = j
      }
    }
    if (last < 0 || length[i]! > length[last]!) last = i
  }
  const kept = new Set<string>()
  for (; last >= 0; last = previous[last]!) kept.add(common[last]!)
  return kept
}

/** The rows of one scope after an overlay's changes to it. */
function merge(before: ReadonlyMap<string, PackRow>, changes: readonly PackRow[]): Map<string, PackRow> {
  const rows = new Map(before)
  const placed: { key: string; row: PackRow; after: string; change: PackRow }[] = []
  for (const change of changes) {
    const kind = change.cells[0] as ChangeKind
    const [key, ...cells] = change.cells.slice(1, -1) as [string, ...string[]]
    const row: PackRow = { ...change, cells: [key.replace(/#\d+$/, ''), ...cells] }
    if (!['removed', 'replaced', 'moved', 'added'].includes(kind)) {
      throw misfit(change, 'change', `“${kind}”不是更改`, `"${kind}" is no change`)
    }
    if (before.has(key) === (kind === 'added')) {
      throw kind === 'added'
        ? misfit(change, 'code', `基础方案已有 ${key}`, `the base already has ${key}`)
        : misfit(change, 'code', `基础方案没有 ${key}`, `the base has no ${key}`)
    }
    if (kind === 'replaced') rows.set(key, row)
    else if (kind !== 'added') rows.delete(key)
    if (kind === 'added' || kind === 'moved') placed.push({ key, row, after: change.cells.at(-1)!, change })
  }
  const list = [...rows]
  for (const { key, row, after, change } of placed) {
    const sibling = after === '' ? -1 : list.findIndex(([other]) => other === after)
    if (after !== '' && sibling < 0)
      throw misfit(change, 'after', `没有同级的 ${after}`, `there is no sibling ${after}`)
    list.splice(sibling + 1, 0, [key, row])
  }
  return new Map(list)
}

function misfit({ file, line }: PackRow, field: string, zh: string, en: string): Fault {
  const what: Text = { zh: `更改与基础方案不符：${zh}。`, en: `The change does not fit the base: ${en}.` }
  return new Fault({
    code: 'PCK-013',
    at: { file, line, field },
    what,
    fix: {
      zh: 'change 为 removed、replaced、moved 或 added；after 写前一个同级行的编码，排在最前则留空。',
      en: 'change is removed, replaced, moved or added; after names the sibling before the row, empty for the first.',
    },
  })
}
