import { csvRow } from '../../files/index.ts'
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

/** A finding as a row of CSV. */
export function findingRow({ id, hospital, rule, severity, field, value, message }: QualityFinding): string {
  return csvRow([id, hospital, rule, severity, field, value, message.zh, message.en])
}
