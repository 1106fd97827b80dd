import { Fault } from '../../messages/index.ts'
import { append } from './append.ts'
import type { HeaderRow } from './columns.ts'
import { addFinding, type ImportLog } from './log.ts'
import { codeCellOf, placeOf, type SourceTable, type SourceTables } from './tables.ts'
import type { Rule } from './types.ts'

/** A row of MDC, ADRG or DRG with the part that all of them have. */
export interface Node {
  readonly row: HeaderRow
  readonly code: string
  readonly name: string
  readonly rule: Rule
}

/**
 * The DRG rows of every ADRG row. An ADRG code may stand in several rows (alternative conditions, tried where each
 * stands); then its DRG rows come in as many blocks, or in one that all of them share. A block ends where a DRG code
 * comes again.
 */
export function pairLeaves(
  tables: SourceTables,
  adrgs: readonly Node[],
  drgs: readonly Node[],
  log: ImportLog,
): Map<Node, Node[]> {
  const { ADRG, DRG } = tables
  const alternatives = new Map<string, Node[]>()
  const leaves = new Map<string, Node[]>()
  const withMdc = DRG.header.at.has('mdc')
  const key = (table: SourceTable, row: HeaderRow, code: string): string =>
    withMdc ? `${codeCellOf(table, row, 'mdc')} ${code}` : code
  for (const node of adrgs) append(alternatives, key(ADRG, node.row, node.code), node)
  for (const node of drgs) {
    const adrg = codeCellOf(DRG, node.row, 'adrg')
    const parent = key(DRG, node.row, adrg)
    if (!alternatives.has(parent)) log.faults.push(noParent(DRG, node, 'adrg', adrg === '' ? '' : parent, 'ADRG'))
    else append(leaves, parent, node)
    if (!node.code.startsWith(adrg)) {
      addFinding(
        log,
        'warning',
        'IMP-104',
        { table: DRG, row: node.row, field: 'adrg', code: node.code },
        {
          zh: `编码不以所属 ADRG ${adrg} 开头`,
          en: `the code does not begin with its ADRG ${adrg}`,
        },
      )
    }
  }
  const paired = new Map<Node, Node[]>()
  for (const [parent, rows] of alternatives) {
    const all = leaves.get(parent) ?? []
    const blocks = rows.length === 1 ? [all] : blocksOf(all)
    if (blocks.length !== rows.length && blocks.length > 1) {
      log.faults.push(unpaired(ADRG, rows, blocks.length))
      continue
    }
    for (const [index, row] of rows.entries()) paired.set(row, blocks.length === 1 ? blocks[0]! : (blocks[index] ?? []))
    if (rows.length > 1) {
      addFinding(
        log,
        'note',
        'IMP-107',
        { table: ADRG, row: rows[0]!.row, code: rows[0]!.code },
        {
          zh: `该编码有 ${rows.length} 行（多个入组条件），DRG 行${blocks.length === 1 ? '由各行共用' : '按顺序逐块对应'}`,
          en: `the code has ${rows.length} rows (alternative conditions); ${blocks.length === 1 ? 'all share its DRG rows' : 'its DRG rows belong to them block by block'}`,
        },
      )
    }
  }
  return paired
}

function blocksOf(nodes: readonly Node[]): Node[][] {
  const blocks: Node[][] = []
  let codes = new Set<string>()
  for (const node of nodes) {
    if (blocks.length === 0 || codes.has(node.code)) {
      blocks.push([])
      codes = new Set()
    }
    blocks.at(-1)!.push(node)
    codes.add(node.code)
  }
  return blocks
}

/** The fault for a row whose parent does not exist. */
export function noParent(table: SourceTable, node: Node, field: string, parent: string, parentTable: string): Fault {
  return new Fault({
    code: 'IMP-005',
    at: placeOf(table, node.row, field),
    what:
      parent === ''
        ? { zh: `${node.code} 没有写明所属的 ${parentTable}。`, en: `${node.code} names no ${parentTable}.` }
        : {
            zh: `${node.code} 所属的 ${parent} 不在 ${parentTable} 表中。`,
            en: `${node.code} belongs to ${parent}, which the table ${parentTable} lacks.`,
          },
    fix: {
      zh: `请改正，或在 ${parentTable} 表中补上该行。`,
      en: `Correct it or add the row to the table ${parentTable}.`,
    },
  })
}

function unpaired(table: SourceTable, rows: readonly Node[], blocks: number): Fault {
  const { row, code } = rows[0]!
  return new Fault({
    code: 'IMP-010',
    at: placeOf(table, row, 'code'),
    what: {
      zh: `${code} 在 ADRG 表中有 ${rows.length} 行，而 DRG 表中有 ${blocks} 块，无法对应。`,
      en: `${code} has ${rows.length} rows in the table ADRG and ${blocks} blocks in the table DRG, which cannot be paired.`,
    },
    fix: {
      zh: '请为每个 ADRG 行按同样顺序各列一遍其 DRG，或只列一遍由各行共用。',
      en: 'List its DRGs once for each of the ADRG rows in the same order, or once for all of them.',
    },
  })
}
