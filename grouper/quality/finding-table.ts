import { csvCell, csvRow } from '../../files/index.ts'
import type { Text } from '../../messages/index.ts'
import type { QualityFinding } from './finding.ts'

/** Header of the table of findings. */
export const FINDINGS_HEADER: readonly string[] = [
  'case',
  'hospital',
  'rule',
  'severity',
  'field',
  'value',
  'message_zh',
  'message_en',
]

/** A function that writes findings as rows of CSV; what is the same in all findings of a rule is written once. */
export function findingRows(): (finding: QualityFinding) => string {
  const tails = new Map<Text, string>()
  return ({ id, hospital, rule, severity, field, value, message }) => {
    let tail = tails.get(message)
    if (tail === undefined) {
      tail = csvRow([message.zh, message.en])
      tails.set(message, tail)
    }
    return `${csvCell(id)},${csvCell(hospital)},${csvCell(rule)},${severity},${csvCell(field)},${csvCell(value)},${tail}`
  }
}
