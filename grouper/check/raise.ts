import type { Finding, FindingSeverity } from '../scheme/finding.ts'
import { rowOf } from '../scheme/origin.ts'
import type { Adrg, CodeSet, Drg, Mdc } from '../scheme/types.ts'

/** What a finding is about: a table and the row in it, or the code or id of one that has no row of its own. */
export type Subject =
  | { readonly table: 'MDC'; readonly item: Mdc }
  | { readonly table: 'ADRG'; readonly item: Adrg }
  | { readonly table: 'DRG'; readonly item: Drg }
  | { readonly table: '集合'; readonly item: CodeSet }
  | { readonly table: 'CC' | '排除表'; readonly code: string }

/** A finding of the check, with the row that its subject was read from where that is known. */
export function raise(
  code: string,
  severity: FindingSeverity,
  subject: Subject,
  [zh, en]: readonly [zh: string, en: string],
  codes?: readonly string[],
): Finding {
  const row = 'item' in subject ? rowOf(subject.item) : undefined
  return {
    code,
    severity,
    place: { table: subject.table, ...(row === undefined ? {} : { row }), code: nameOf(subject) },
    text: { zh, en },
    ...(codes === undefined ? {} : { codes }),
  }
}

function nameOf(subject: Subject): string {
  if (!('item' in subject)) return subject.code
  return subject.table === '集合' ? subject.item.id : subject.item.code
}

/** The first of many codes, for a text: `A, B, C …`. */
export function some(codes: readonly string[], most = 5): string {
  return codes.length <= most ? codes.join(', ') : `${codes.slice(0, most).join(', ')} …`
}
