import { readFileSync } from 'node:fs'
import { decodeUtf8, unreadable } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'

/** The files of a pack folder. */
export const PACK_FILES = {
  manifest: 'scheme.yaml',
  mdc: 'mdc.tsv',
  adrg: 'adrg.tsv',
  drg: 'drg.tsv',
  sets: 'sets.txt',
  complications: 'complications.txt',
  exclusions: 'exclusions.txt',
  barred: 'barred.txt',
  report: 'import-report.txt',
} as const

/** Text of a pack's file; a missing optional file is ''. */
export function readText(file: string, optional = false): string {
  try {
    return decodeUtf8(readFileSync(file), file)
  } catch (error) {
    if (error instanceof Fault) throw error
    if (optional && error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw unreadable(file, error)
  }
}
