import { type Lang, say, type Text } from '../../messages/index.ts'
import { type Finding, findingText } from './finding.ts'
import type { SchemeCounts } from './manifest.ts'
import type { AmendmentRecord } from './types.ts'

/** A column that was found by its header text. */
export interface FoundColumn {
  /** Our name for it: code, name, rule, order, mdc, adrg, set, kind, table, level. */
  readonly field: string
  /** Header text as the file has it. */
  readonly header: string
  /** Position in the file, from 1. */
  readonly column: number
}

/** One table as it was read. */
interface TableReport {
  readonly table: string
  readonly file: string
  /** Sheet of a workbook. */
  readonly sheet?: string
  /** Line of the header, from 1. */
  readonly headerLine: number
  readonly columns: readonly FoundColumn[]
  readonly rows: number
}

/** What an import found, did and wants looked at. */
export interface ImportReport {
  readonly id: string
  readonly tables: readonly TableReport[]
  /** What was changed in the tables before they were read. */
  readonly amendments: readonly AmendmentRecord[]
  readonly counts: SchemeCounts
  /** Repairs (notes), warnings, and what is wrong with the scheme itself, in order of the tables. */
  readonly findings: readonly Finding[]
}

const LABEL: Record<keyof SchemeCounts, Text> = {
  mdc: { zh: 'MDC', en: 'MDC' },
  adrg: { zh: 'ADRG 行', en: 'ADRG rows' },
  drg: { zh: 'DRG 行', en: 'DRG rows' },
  sets: { zh: '集合', en: 'sets' },
  setRows: { zh: '集合中的编码', en: 'codes in sets' },
  cc: { zh: '并发症/合并症（MCC、CC）', en: 'MCC and CC' },
  exclusions: { zh: '排除表中的编码', en: 'codes in exclusion tables' },
}

/** One line: rows added, removed and replaced, and why. */
export function amendmentText(record: AmendmentRecord, lang: Lang): string {
  const { reason, source, added, removed, replaced } = record
  return lang === 'zh'
    ? `增 ${added} 删 ${removed} 改 ${replaced}：${reason.zh}${source === undefined ? '' : `（${source}）`}`
    : `+${added} -${removed} ~${replaced}: ${reason.en}${source === undefined ? '' : ` (${source})`}`
}

/** The report as text in one language. */
export function reportText(report: ImportReport, lang: Lang): string {
  const zh = lang === 'zh'
  const lines = [zh ? `方案 ${report.id} 的导入报告` : `Import report of the scheme ${report.id}`, '']
  lines.push(zh ? '表与列' : 'Tables and columns')
  for (const { table, file, sheet, headerLine, columns, rows } of report.tables) {
    const found = columns.map(({ field, header, column }) => `${field} = ${header} (${column})`).join(', ')
    const place = sheet === undefined ? file : `${file}!${sheet}`
    lines.push(
      zh
        ? `  ${table}：${place}，表头在第 ${headerLine} 行，${rows} 行`
        : `  ${table}: ${place}, header in line ${headerLine}, ${rows} rows`,
    )
    lines.push(`    ${found}`)
  }
  if (report.amendments.length > 0) {
    lines.push('', zh ? `修订（${report.amendments.length}）` : `Amendments (${report.amendments.length})`)
    for (const record of report.amendments) lines.push(`  ${amendmentText(record, lang)}`)
  }
  lines.push('', zh ? '数量' : 'Counts')
  for (const key of Object.keys(LABEL) as (keyof SchemeCounts)[])
    lines.push(`  ${say(LABEL[key], lang)}  ${report.counts[key]}`)
  for (const [severity, title] of [
    ['note', zh ? '已作的处理' : 'What was done'],
    ['warning', zh ? '请核对' : 'To be looked at'],
    ['error', zh ? '方案本身的错误' : 'Errors of the scheme itself'],
  ] as const) {
    const findings = report.findings.filter(finding => finding.severity === severity)
    lines.push('', `${title} (${findings.length})`)
    for (const finding of findings) lines.push(`  ${findingText(finding, lang)}`)
  }
  return `${lines.join('\n')}\n`
}
