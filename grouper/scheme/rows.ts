import { join } from 'node:path'
import { Fault } from '../../messages/index.ts'
import { append } from './append.ts'
import { checkRule } from './checker.ts'
import { PACK_FILES, readText } from './layout.ts'
import { noteRow } from './origin.ts'
import { parseRule } from './parser.ts'
import type { Adrg, CodeSet, Drg, LeafKind, Mdc, Rule } from './types.ts'

const HEADERS = {
  mdc: ['code', 'name', 'rule'],
  adrg: ['code', 'name', 'rule', 'mdc'],
  drg: ['code', 'name', 'rule', 'adrg', 'kind'],
} as const

/** The texts of mdc.tsv, adrg.tsv and drg.tsv: one row each, in the order in which they are tried. */
export function rowTexts(mdcs: readonly Mdc[]): Record<'mdc' | 'adrg' | 'drg', string> {
  const mdcRows: string[][] = []
  const adrgRows: string[][] = []
  const drgRows: string[][] = []
  const seen = new Map<string, number>()
  for (const mdc of mdcs) {
    mdcRows.push([mdc.code, mdc.name, mdc.rule.text])
    for (const adrg of mdc.adrgs) {
      const times = (seen.get(adrg.code) ?? 0) + 1
      seen.set(adrg.code, times)
      adrgRows.push([adrg.code, adrg.name, adrg.rule.text, mdc.code])
      for (const drg of adrg.drgs) {
        drgRows.push([
          drg.code,
          drg.name,
          drg.rule.text,
          rowKey(adrg.code, times),
          drg.kind === 'grouped' ? '' : drg.kind,
        ])
      }
    }
  }
  return { mdc: tsv(HEADERS.mdc, mdcRows), adrg: tsv(HEADERS.adrg, adrgRows), drg: tsv(HEADERS.drg, drgRows) }
}

/** Reads the three tables of a pack back; every rule is checked against the pack's sets. */
export function readRows(folder: string, sets: ReadonlyMap<string, CodeSet>): readonly Mdc[] {
  const rows = (table: 'mdc' | 'adrg' | 'drg'): PackRow[] => readTsv(join(folder, PACK_FILES[table]), HEADERS[table])

  const drgs = new Map<string, Child<Drg>[]>()
  for (const row of rows('drg')) {
    const [code, name, rule, adrg, kind] = row.cells as [string, string, string, string, string]
    const node = { code, name, rule: ruleOf(row, rule, sets), kind: leafKind(row, kind) }
    append(drgs, adrg, { row, node: noteRow(node, row.line) })
  }

  const adrgs = new Map<string, Child<Adrg>[]>()
  const seen = new Map<string, number>()
  for (const row of rows('adrg')) {
    const [code, name, rule, mdc] = row.cells as [string, string, string, string]
    const times = (seen.get(code) ?? 0) + 1
    seen.set(code, times)
    const leaves = take(drgs, rowKey(code, times))
    const node = { code, name, rule: ruleOf(row, rule, sets), drgs: leaves }
    append(adrgs, mdc, { row, node: noteRow(node, row.line) })
  }
  refuseOrphans(drgs, 'adrg')

  const mdcs = rows('mdc').map(row => {
    const [code, name, rule] = row.cells as [string, string, string]
    return noteRow({ code, name, rule: ruleOf(row, rule, sets), adrgs: take(adrgs, code) }, row.line)
  })
  refuseOrphans(adrgs, 'mdc')
  return mdcs
}

interface PackRow {
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
function rowKey(code: string, times: number): string {
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

function tsv(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return `${[header, ...rows].map(cells => cells.join('\t')).join('\n')}\n`
}

/** Rows of one of our own tables: no quotes, so that lines and tabs split as they stand. */
function readTsv(file: string, header: readonly string[]): PackRow[] {
  const rows: PackRow[] = []
  for (const [index, text] of readText(file).split('\n').entries()) {
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
