import { Fault, faultText, type Text } from '../../messages/index.ts'
import type { HeaderRow } from './columns.ts'
import type { Finding, FindingSeverity } from './finding.ts'
import { type HeadedTable, titleOf } from './tables.ts'

/**
 * What an import has to say so far. Faults are gathered, so that an engineer sees all of them at once and not one a run.
 */
export interface ImportLog {
  readonly findings: Finding[]
  readonly faults: Fault[]
}

/** Where a finding lies: a table, and of it a row, a column and the code of the row. */
export interface Spot {
  readonly table: HeadedTable
  readonly row?: HeaderRow
  readonly field?: string
  readonly code?: string
}

/** Adds a finding. */
export function addFinding(log: ImportLog, severity: FindingSeverity, code: string, spot: Spot, text: Text): void {
  const { table, row, field, code: rowCode } = spot
  log.findings.push({
    code,
    severity,
    place: {
      table: table.table,
      ...(row === undefined || row.line === 0 ? {} : { row: row.line }),
      ...(field === undefined ? {} : { column: titleOf(table, field) }),
      ...(rowCode === undefined ? {} : { code: rowCode }),
    },
    text,
  })
}

/** Ends the import when there were faults: the one there is, or one that lists them all. */
export function throwFaults(log: ImportLog): void {
  const { faults } = log
  if (faults.length === 0) return
  if (faults.length === 1) throw faults[0]!
  const list = (lang: 'zh' | 'en'): string => faults.map(fault => `\n  ${faultText(fault, lang)}`).join('')
  throw new Fault({
    code: 'IMP-012',
    what: {
      zh: `共有 ${faults.length} 处错误：${list('zh')}\n`,
      en: `There are ${faults.length} faults:${list('en')}\n`,
    },
    fix: { zh: '请逐条改正后重新导入。', en: 'Correct each and import again.' },
  })
}
