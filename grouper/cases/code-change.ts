import type { Lang, Text } from '../../messages/index.ts'
import type { Conversion } from '../codes/conversion.ts'
import type { Dictionary } from '../codes/dictionary.ts'
import { CODE_BYTES, CODE_PADDING, type CodeTable, findCode } from '../codes/keyword.ts'
import { type PaddingTable, padCode } from '../codes/padding.ts'
import type { CodeReading } from '../codes/reading.ts'
import type { Coded } from '../scheme/types.ts'
import type { Case } from './case.ts'
import { repairCode } from './repair.ts'

/** What happened to one code of a case before it was grouped. Keys are stable: programs may read them. */
export interface CodeChange {
  readonly kind: 'diagnosis' | 'procedure'
  /** As the case has it. */
  readonly given: string
  /**
   * written: read after repair of case, blanks or dagger; padded: zeros restored; converted: by a crosswalk; failed: its
   * target is missing; unknown: the declared system does not have it. The last two take no part in grouping.
   */
  readonly how: 'written' | 'padded' | 'converted' | 'failed' | 'unknown'
  /** '' where there is none. */
  readonly code: string
  /** Dictionaries passed by a conversion; empty for repairs. */
  readonly path: readonly string[]
}

/** A case with its codes in the scheme's system, and every change that was made on the way. */
export interface ReadCase {
  readonly given: Case
  readonly changes: readonly CodeChange[]
}

/** Reads the codes of one case as the batch reader does: repair, then one conversion. Unknown codes stay as they are. */
export function readCodes(scheme: Coded, reading: CodeReading, given: Case): ReadCase {
  const changes: CodeChange[] = []
  const diagnoses = given.diagnoses.map(text =>
    readCode(
      { kind: 'diagnosis', table: reading.dxTable, own: scheme.diagnoses, conversion: reading.dx },
      text,
      changes,
    ),
  )
  const procedures = given.procedures.map(text =>
    readCode(
      {
        kind: 'procedure',
        table: reading.pxTable,
        padding: reading.pxPadding,
        own: scheme.procedures,
        conversion: reading.px,
      },
      text,
      changes,
    ),
  )
  return { given: { ...given, diagnoses, procedures }, changes }
}

interface Way {
  readonly kind: CodeChange['kind']
  readonly table: CodeTable
  readonly padding?: PaddingTable
  readonly own: Dictionary
  readonly conversion: Conversion | undefined
}

function readCode(way: Way, given: string, changes: CodeChange[]): string {
  const { kind, own, conversion } = way
  const from = conversion?.from ?? own
  const { id, how } = findText(way, given)
  if (id === 0) {
    if (conversion === undefined) return given
    changes.push({ kind, given, how: 'unknown', code: '', path: conversion.path })
    return outside(own, given)
  }
  const read = from.codes[id]!
  if (how !== '') changes.push({ kind, given, how, code: read, path: [] })
  if (conversion === undefined) return read
  const code = own.codes[conversion.target[id]!]!
  if (code === '') changes.push({ kind, given: read, how: 'failed', code, path: conversion.path })
  else if (code !== read) changes.push({ kind, given: read, how: 'converted', code, path: conversion.path })
  return code === '' ? outside(own, read) : code
}

/** A code without conversion must not pass for one of the scheme's that happens to be written alike. */
function outside(own: Dictionary, code: string): string {
  return own.ids.has(code) ? `${code}?` : code
}

/** The id of a code as text in a code table, and how it was found; 0 where it is not. */
export function findText(
  way: Pick<Way, 'kind' | 'table' | 'padding'>,
  given: string,
): { id: number; how: '' | 'written' | 'padded' } {
  const text = new TextEncoder().encode(given.trim())
  const bytes = new Uint8Array(text.length + CODE_BYTES + CODE_PADDING)
  bytes.set(text)
  const exact = findCode(way.table, new DataView(bytes.buffer), 0, text.length)
  if (exact > 0) return { id: exact, how: given === given.trim() ? '' : 'written' }
  const repaired = repairCode(way.table, bytes, 0, text.length, way.kind === 'diagnosis')
  if (repaired > 0) return { id: repaired, how: 'written' }
  const padded = way.padding === undefined ? 0 : padCode(way.padding, bytes, 0, text.length)
  return { id: padded, how: 'padded' }
}

const KINDS: Readonly<Record<CodeChange['kind'], Text>> = {
  diagnosis: { zh: '诊断', en: 'diagnosis' },
  procedure: { zh: '手术操作', en: 'procedure' },
}

/** A change as a line for a person. */
export function changeLine(change: CodeChange, lang: Lang): string {
  const { given, code, how } = change
  const kind = KINDS[change.kind][lang]
  const path = change.path.join(' → ')
  if (lang === 'zh') {
    const why = {
      written: '书写已更正（大小写、空格或剑号）',
      padded: '电子表格丢失的零已补回',
      converted: `编码转换 ${path}`,
      failed: `编码转换失败 ${path}：目标编码不存在，不参与分组`,
      unknown: `不在 ${change.path[0]} 中，不参与分组`,
    }[how]
    return `${kind}  ${given}${code === '' ? '' : ` → ${code}`}  ${why}`
  }
  const why = {
    written: 'spelling corrected (case, blanks or dagger)',
    padded: 'zeros restored that a spreadsheet had dropped',
    converted: `converted ${path}`,
    failed: `conversion ${path} failed: the target does not exist, the code takes no part`,
    unknown: `is not in ${change.path[0]}, takes no part`,
  }[how]
  return `${kind}  ${given}${code === '' ? '' : ` → ${code}`}  ${why}`
}
