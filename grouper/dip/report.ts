import { type Lang, say, type Text } from '../../messages/index.ts'
import { findingText } from '../scheme/finding.ts'
import { LAYER_NAMES } from './check.ts'
import type { DipImportReport } from './import.ts'
import type { DipCounts } from './manifest.ts'

/** What the counts of a catalogue are called. */
export const DIP_COUNT_LABELS: Readonly<Record<keyof DipCounts, Text>> = {
  ...LAYER_NAMES,
  excludedDiagnoses: { zh: '不纳入分组的主要诊断', en: 'excluded principal diagnoses' },
  excludedOperations: { zh: '不纳入分组的主要手术操作', en: 'excluded main operations' },
  tags: { zh: '基层、中医、床日、日间病种', en: 'grassroots, TCM, bed-day, day-surgery rows' },
  drugResistant: { zh: '结核耐药诊断', en: 'drug-resistant tuberculosis codes' },
  properties: { zh: '有操作属性的手术操作', en: 'operations with a property' },
}

/** The report of an import as text in one language. */
export function dipReportText(report: DipImportReport, lang: Lang): string {
  const zh = lang === 'zh'
  const lines = [zh ? `病种目录 ${report.id} 的导入报告` : `Import report of the DIP catalogue ${report.id}`, '']
  lines.push(zh ? '表与列' : 'Tables and columns')
  for (const { table, kind, file, headerLine, columns, rows } of report.tables) {
    const place = table === file ? file : `${file}!${table}`
    lines.push(
      zh
        ? `  ${kind}：${place}，表头在第 ${headerLine} 行，${rows} 行`
        : `  ${kind}: ${place}, header in line ${headerLine}, ${rows} rows`,
    )
    lines.push(`    ${columns.map(({ field, header, column }) => `${field} = ${header} (${column})`).join(', ')}`)
  }
  lines.push('', zh ? '数量' : 'Counts')
  for (const [key, label] of Object.entries(DIP_COUNT_LABELS)) {
    lines.push(`  ${say(label, lang)}  ${report.counts[key as keyof DipCounts]}`)
  }
  for (const [severity, title] of [
    ['note', zh ? '说明' : 'Notes'],
    ['warning', zh ? '请核对' : 'To be looked at'],
    ['error', zh ? '目录本身的错误' : 'Errors of the catalogue itself'],
  ] as const) {
    const findings = report.findings.filter(finding => finding.severity === severity)
    lines.push('', `${title} (${findings.length})`)
    for (const finding of findings) lines.push(`  ${findingText(finding, lang)}`)
  }
  return `${lines.join('\n')}\n`
}
