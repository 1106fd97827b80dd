import { Fault, type Text } from '../../messages/index.ts'
import { checkRule } from './checker.ts'
import type { HeaderRow } from './columns.ts'
import { type Node, noParent, pairLeaves } from './leaves.ts'
import { foldRule } from './lexer.ts'
import { addFinding, type ImportLog } from './log.ts'
import { nameOf } from './names.ts'
import { noteRow } from './origin.ts'
import { parseRule } from './parser.ts'
import { cellOf, codeCellOf, placeOf, rawCellOf, type SourceTable, type SourceTables } from './tables.ts'
import type { Adrg, CodeSet, Drg, LeafKind, Mdc, Rule } from './types.ts'

/** What a DRG code means beyond an ordinary group: codes that match are of that kind. */
export interface LeafPatterns {
  readonly ambiguous: RegExp
  readonly notGrouped: RegExp
}

/** The marks of the official workbook: BQY; X000, 0000. */
export const LEAF_PATTERNS: LeafPatterns = { ambiguous: /^[A-Z]?QY$/, notGrouped: /^(0{3,4}|[A-Z]0{2,3}|000[A-Z])$/ }

/** Reads MDCs, ADRGs and DRGs, each in the order in which it is tried. */
export function readTree(
  tables: SourceTables,
  sets: ReadonlyMap<string, CodeSet>,
  patterns: LeafPatterns,
  log: ImportLog,
): readonly Mdc[] {
  const { MDC, ADRG, DRG } = tables
  const mdcs = readNodes(MDC, sets, log)
  const adrgs = readNodes(ADRG, sets, log)
  const drgs = readNodes(DRG, sets, log)
  refuseRepeated(MDC, mdcs, log)

  const adrgsOf = new Map(mdcs.map(mdc => [mdc.code, [] as Node[]]))
  for (const adrg of adrgs) {
    const mdc = codeCellOf(ADRG, adrg.row, 'mdc')
    const siblings = adrgsOf.get(mdc)
    if (siblings === undefined) log.faults.push(noParent(ADRG, adrg, 'mdc', mdc, 'MDC'))
    else siblings.push(adrg)
  }
  const drgsOf = pairLeaves(tables, adrgs, drgs, log)

  const leaf = ({ code, name, rule, row }: Node): Drg =>
    noteRow({ code, name, rule, kind: kindOf(code, patterns) }, row.line)
  const group = (node: Node): Adrg => {
    const leaves = inOrder(DRG, drgsOf.get(node) ?? [], patterns, log).map(leaf)
    if (leaves.length === 0) warnEmpty(ADRG, node, 'DRG', log)
    return noteRow({ code: node.code, name: node.name, rule: node.rule, drgs: leaves }, node.row.line)
  }
  return inOrder(MDC, mdcs, patterns, log).map(node => {
    const groups = inOrder(ADRG, adrgsOf.get(node.code)!, patterns, log).map(group)
    if (groups.length === 0) warnEmpty(MDC, node, 'ADRG', log)
    return noteRow({ code: node.code, name: node.name, rule: node.rule, adrgs: groups }, node.row.line)
  })
}

function readNodes(table: SourceTable, sets: ReadonlyMap<string, CodeSet>, log: ImportLog): Node[] {
  const nodes: Node[] = []
  let cleaned = 0
  let first: HeaderRow | undefined
  for (const row of table.rows) {
    const code = nameOf(table, row, 'code', log)
    if (code === undefined) continue
    const text = rawCellOf(table, row, 'rule')
    if (foldRule(text) !== text) {
      cleaned++
      first ??= row
    }
    const rule = ruleOf(table, row, text, sets, log)
    if (rule !== undefined) nodes.push({ row, code, name: cellOf(table, row, 'name'), rule })
  }
  if (first !== undefined) {
    addFinding(
      log,
      'note',
      'IMP-108',
      { table, row: first, field: 'rule' },
      {
        zh: `${cleaned} 条规则含多余的空白、换行或全角字符，已整理，首行如左`,
        en: `${cleaned} rules held superfluous blanks, line breaks or full-width characters, which were folded; the first is this one`,
      },
    )
  }
  return nodes
}

function ruleOf(
  table: SourceTable,
  row: HeaderRow,
  text: string,
  sets: ReadonlyMap<string, CodeSet>,
  log: ImportLog,
): Rule | undefined {
  const at = placeOf(table, row, 'rule')
  try {
    const parsed = parseRule(text, at)
    log.faults.push(...checkRule(parsed, sets, at))
    return parsed.rule
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    log.faults.push(error)
    return undefined
  }
}

/**
 * Rows in the order in which they are tried: by the order column, ties as in the file. Only a row that is marked as
 * fallback (X00, 0000, always true) and does not stand last is moved to the end; an ordinary row never is.
 */
function inOrder(table: SourceTable, nodes: readonly Node[], patterns: LeafPatterns, log: ImportLog): Node[] {
  const keyed = nodes.map(node => ({ node, order: orderOf(table, node, isFallback(node, patterns), log) }))
  keyed.sort((a, b) => a.order - b.order)
  const sorted = keyed.map(({ node }) => node)
  const last = sorted.filter(node => isFallback(node, patterns))
  const before = sorted.filter(node => !last.includes(node))
  for (const node of last) {
    if (sorted.indexOf(node) >= before.length) continue
    addFinding(
      log,
      'note',
      'IMP-101',
      { table, row: node.row, code: node.code },
      {
        zh: '兜底行没有排在最后，已移到所在范围的末尾',
        en: 'the fallback row did not stand last and was moved to the end of its scope',
      },
    )
  }
  return [...before, ...last]
}

function isFallback(node: Node, patterns: LeafPatterns): boolean {
  return node.rule.expr.op === 'always' && patterns.notGrouped.test(node.code)
}

function orderOf(table: SourceTable, node: Node, fallback: boolean, log: ImportLog): number {
  if (!table.header.at.has('order')) return 0
  const text = codeCellOf(table, node.row, 'order')
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text)
  if (fallback) return Number.POSITIVE_INFINITY
  log.faults.push(
    new Fault({
      code: 'IMP-004',
      at: placeOf(table, node.row, 'order'),
      what: {
        zh: `${node.code} 的排序“${text}”不是数字。`,
        en: `The order "${text}" of ${node.code} is not a number.`,
      },
      fix: { zh: '请写正整数，决定先后顺序。', en: 'Write a positive integer; it decides which is tried first.' },
    }),
  )
  return 0
}

function kindOf(code: string, patterns: LeafPatterns): LeafKind {
  if (patterns.ambiguous.test(code)) return 'ambiguous'
  return patterns.notGrouped.test(code) ? 'notGrouped' : 'grouped'
}

function refuseRepeated(table: SourceTable, nodes: readonly Node[], log: ImportLog): void {
  const seen = new Set<string>()
  for (const { code, row } of nodes) {
    if (seen.has(code)) {
      log.faults.push(
        new Fault({
          code: 'IMP-006',
          at: placeOf(table, row, 'code'),
          what: { zh: `${code} 出现两次。`, en: `${code} stands twice.` },
          fix: {
            zh: '每个 MDC 只能有一行；多个条件请用 or 合并。',
            en: 'An MDC has one row; join its conditions with or.',
          },
        }),
      )
    }
    seen.add(code)
  }
}

function warnEmpty(table: SourceTable, node: Node, children: string, log: ImportLog): void {
  const text: Text = {
    zh: `没有 ${children} 行，病例永远不会分到这里`,
    en: `has no ${children} rows, no case can come here`,
  }
  addFinding(log, 'warning', 'IMP-105', { table, row: node.row, code: node.code }, text)
}
