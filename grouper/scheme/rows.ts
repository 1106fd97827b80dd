import { join } from 'node:path'
import { Fault } from '../../messages/index.ts'
import { append } from './append.ts'
import { checkRule } from './checker.ts'
import { PACK_FILES, readText } from './layout.ts'
import { noteRow } from './origin.ts'
import { parseRule } from './parser.ts'
import type { Adrg, CodeSet, Drg, LeafKind, Mdc, Rule } from './types.ts'

/** The tables of a pack that are rows. */
export const ROW_TABLES = ['mdc', 'adrg', 'drg'] as const
export type RowTable = (typeof ROW_TABLES)[number]

export const ROW_HEADERS: Readonly<Record<RowTable, readonly string[]>> = {
  mdc: ['code', 'name', 'rule'],
  adrg: ['code', 'name', 'rule', 'mdc'],
  drg: ['code', 'name', 'rule', 'adrg', 'kind'],
}

/** The cells of mdc.tsv, adrg.tsv and drg.tsv: one row each, in the order in which they are tried. */
export function rowCells(mdcs: readonly Mdc[]): Record<RowTable, string[][]> {
  const rows: Record<RowTable, string[][]> = { mdc: [], adrg: [], drg: [] }
  const seen = new Map<string, number>()
  for (const mdc of mdcs) {
    rows.mdc.push([mdc.code, mdc.name, mdc.rule.text])
    for (const adrg of mdc.adrgs) {
      const times = (seen.get(adrg.code) ?? 0) + 1
      seen.set(adrg.code, times)
      rows.adrg.push([adrg.code, adrg.name, adrg.rule.text, mdc.code])
      const parent = rowKey(adrg.code, times)
      for (const { code, name, rule, kind } of adrg.drgs) {
        rows.drg.push([code, name, rule.text, parent, kind === 'grouped' ? '' : kind])
      }
    }
  }
  return rows
}

/** Reads the three tables of a whole pack. */
export function readRows(folder: string): Record<RowTable, PackRow[]> {
  const read = (table: RowTable): PackRow[] => readTsv(join(folder, PACK_FILES[table]), ROW_HEADERS[table])
  return { mdc: read('mdc'), adrg: read('adrg'), drg: read('drg') }
}

/** The tree of MDCs, ADRGs and DRGs that rows describe; every rule is checked against the sets. */
export function treeOf(
  tables: Readonly<Record<RowTable, readonly PackRow[]>>,
  sets: ReadonlyMap<string, CodeSet>,
): readonly Mdc[] {
  const drgs = new Map<string, Child<Drg>[]>()
  for (const row of tables.drg) {
    const [code, name, rule, adrg, kind] = row.cells as [string, string, string, string, string]
    const node = { code, name, rule: ruleOf(row, rule, sets), kind: leafKind(row, kind) }
    append(drgs, adrg, { row, node: noteRow(node, row.line) })
  }

  const adrgs = new Map<string, Child<Adrg>[]>()
  const seen = new Map<string, number>()
  for (const row of tables.adrg) {
    const [code, name, rule, mdc] = row.cells as [string, string, string, string]
    const times = (seen.get(code) ?? 0) + 1
    seen.set(code, times)
    const leaves = take(drgs, rowKey(code, times))
    const node = { code, name, rule: ruleOf(row, rule, sets), drgs: leaves }
    append(adrgs, mdc, { row, node: noteRow(node, row.line) })
  }
  refuseOrphans(drgs, 'adrg')

  const mdcs = tables.mdc.map(row => {
    const [code, name, rule] = row.cells as [string, string, string]
    return noteRow({ code, name, rule: ruleOf(row, rule, sets), adrgs: take(adrgs, code) }, row.line)
  })
  refuseOrphans(adrgs, 'mdc')
  return mdcs
}

/** A row with the place that it was read from. */
export interface PackRow {
  readonly file: string
  readonly line: number
  readonly cells: readonly string[]
}

/** A row that waits for its parent. */
interface Child<T> {
  readonly row: PackRow
  readonly node: T
}

function ruleOf(row: PackRow, text: string, sets: ReadonlyMap<string, CodeSet>): Rule {
  const at = { file: row.file, line: row.line, field: 'rule' }
  const parsed = parseRule(text, at)
  const [fault] = checkRule(parsed, sets, at)
  if (fault !== undefined) throw fault
  return parsed.rule
}

function take<T>(children: Map<string, Child<T>[]>, parent: string): T[] {
  const found = children.get(parent) ?? []
  children.delete(parent)
  return found.map(({ node }) => node)
}

/** Children that no parent took: their parent's row is missing. */
function refuseOrphans(children: ReadonlyMap<string, readonly Child<unknown>[]>, parents: 'mdc' | 'adrg'): void {
  for (const [parent, [child]] of children) {
    const { file, line } = child!.row
    throw new Fault({
      code: 'PCK-007',
      at: { file, line, field: parents },
      what: { zh: `${PACK_FILES[parents]} 中没有 ${parent}。`, en: `${PACK_FILES[parents]} has no row ${parent}.` },
      fix: { zh: '请补上该行，或改正这里的编码。', en: 'Add the row or correct the code here.' },
    })
  }
}

/** Rows of one ADRG code are told apart by `#2`, `#3`: a code may stand for several conditions. */
export function rowKey(code: string, times: number): string {
  return times === 1 ? code : `${code}#${times}`
}

function leafKind(row: PackRow, mark: string): LeafKind {
  if (mark === '') return 'grouped'
  if (mark === 'ambiguous' || mark === 'notGrouped') return mark
  throw new Fault({
    code: 'PCK-006',
    at: { file: row.file, line: row.line, field: 'kind' },
    what: { zh: `未知的类别 ${mark}。`, en: `Unknown kind ${mark}.` },
    fix: { zh: '请留空，或写 ambiguous、notGrouped。', en: 'Leave it empty or write ambiguous or notGrouped.' },
  })
}

/** Rows as the text of one of our own tables. */
export function tsvText(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return `${[header, ...rows].map(cells => cells.join('\t')).join('\n')}\n`
}

/** Rows of one of our own tables: no quotes, so that lines and tabs split as they stand. */
export function readTsv(file: string, header: readonly string[], optional = false): PackRow[] {
  const rows: PackRow[] = []
  for (const [index, text] of readText(file, optional).split('\n').entries()) {
    if (text === '') continue
    const cells = text.split('\t')
    const wrong = index === 0 ? text !== header.join('\t') : cells.length !== header.length
    if (wrong) {
      throw new Fault({
        code: 'PCK-001',
        at: { file, line: index + 1 },
        what: {
          zh: `该行应有 ${header.length} 列：${header.join('、')}。`,
          en: `The line must have ${header.length} columns: ${header.join(', ')}.`,
        },
        fix: {
          zh: '第一行为列名；列之间用一个制表符分隔，空列也要保留。',
          en: 'The first line has the names; separate columns by one tab and keep empty ones.',
        },
      })
    }
    if (index > 0) rows.push({ file, line: index + 1, cells })
  }
  return rows
}
