import type { Text } from '../../messages/index.ts'
import { cellOf } from '../scheme/tables.ts'
import { aliasValue, type DipColumn, isAlias } from './aliases.ts'
import { foldSigns } from './expression.ts'
import { keysOfTerm, parseTerm } from './keys.ts'
import { badCell, isNumber, notText, type RowReader } from './row-reader.ts'
import type { DipLayer } from './types.ts'

/** What a diagnosis cell may hold. */
export const DIAGNOSES: Text = {
  zh: '请填写类目（K80）、亚目（K31.7）、完整编码或类目区间（A15-A16），多个用 | 分隔。',
  en: 'Write a category (K80), a subcategory (K31.7), a full code or a range of categories (A15-A16), several with | between.',
}

/** The terms of a diagnosis cell; comprehensive rows may be keyed by one or two characters (`K`, `K3`). */
export function dxIn(reader: RowReader, column: DipColumn, layer: DipLayer): string[] {
  const { table, row, aliases, log } = reader
  const text = foldSigns(cellOf(table, row, column))
  if (text === '' || isAlias(aliases.values.anyDiagnosis, text)) return []
  if (isNumber(reader, column)) {
    log.faults.push(notText(reader, column))
    return []
  }
  const terms: string[] = []
  for (const part of text.split(/[|,、;/]/)) {
    const term = layer === 'ZH' ? wideTerm(part) : parseTerm(part)
    if (term === undefined) log.faults.push(badCell(reader, column, remedyFor(part), part))
    else if (!terms.includes(term)) terms.push(term)
  }
  return terms
}

/** What to write instead of a part that is no diagnosis; a code without its dot is told. */
function remedyFor(part: string): Text {
  const found = /^([A-Z]\d{2})([0-9Xx][0-9A-Za-z]*)$/.exec(part)
  if (found === null) return DIAGNOSES
  const code = `${found[1]}.${found[2]}`
  return { zh: `是否为 ${code}？${DIAGNOSES.zh}`, en: `Is it ${code}? ${DIAGNOSES.en}` }
}

/** A term of a comprehensive row: also `K` = K00-K99 and `K3` = K30-K39. */
function wideTerm(text: string): string | undefined {
  if (/^[A-Z]$/i.test(text)) return parseTerm(`${text}00-${text}99`)
  if (/^[A-Z]\d$/i.test(text)) return parseTerm(`${text}0-${text}9`)
  return parseTerm(text)
}

/** Fourth characters that tell the degree of a burn or corrosion of T20–T25. */
const DEGREES: Readonly<Record<'2' | '3', readonly string[]>> = { '2': ['2', '6'], '3': ['3', '7'] }

/** Categories of a burn row as the subcategories of its degree; other terms as they are. */
export function withDegree(reader: RowReader, terms: string[]): string[] {
  const degree = degreeOf(reader)
  if (degree === undefined) return terms
  return terms
    .flatMap(term => keysOfTerm(term))
    .flatMap(key => (key.length > 3 ? [key] : DEGREES[degree].map(character => `${key}.${character}`)))
}

/** The degree of a burn row; undefined where it has none, or none that is known. */
export function degreeOf({ table, row, aliases }: RowReader): '2' | '3' | undefined {
  const degree = aliasValue(aliases.values.degree, cellOf(table, row, 'degree'))
  return degree === '2' || degree === '3' ? degree : undefined
}
