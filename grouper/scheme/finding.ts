import { type Lang, say, type Text } from '../../messages/index.ts'

/** error: results are wrong; warning: look at it; note: what was done. */
export type FindingSeverity = 'error' | 'warning' | 'note'

/** Where in a scheme's tables a finding lies. */
interface FindingPlace {
  /** Table as the official workbook names it: MDC, ADRG, DRG, 集合, CC, 排除表. */
  readonly table: string
  /** Row of the source table, from 1 with the header; absent for a scheme without its source. */
  readonly row?: number
  readonly column?: string
  /** Code of the row, or id of the set. */
  readonly code?: string
}

/** Something about a scheme that a person should know; it stops nothing. */
export interface Finding {
  /** Stable code: IMP-1nn from the import, CHK-nnn from the check. */
  readonly code: string
  readonly severity: FindingSeverity
  readonly place: FindingPlace
  readonly text: Text
  /** Every code concerned, where the text names only the first of many. */
  readonly codes?: readonly string[]
}

const SEVERITY: Record<FindingSeverity, Text> = {
  error: { zh: '错误', en: 'error' },
  warning: { zh: '警告', en: 'warning' },
  note: { zh: '说明', en: 'note' },
}

/** One line: severity, code, table, row, code of the row, column, text. */
export function findingText(finding: Finding, lang: Lang): string {
  const { table, row, column, code } = finding.place
  const place = [row === undefined ? table : `${table}:${row}`, code, column === undefined ? undefined : `[${column}]`]
  return `${say(SEVERITY[finding.severity], lang)} ${finding.code} ${place.filter(part => part !== undefined).join(' ')}  ${say(finding.text, lang)}`
}
