/**
 * Diagnosis keys: how a code of a case meets the terms of a catalogue. A term is a category (`K80`), a subcategory
 * (`K31.7`, called 4 位码 because the dot is not counted), a full code, or a range of categories (`A15-A16`).
 */

/** How exact a key is: 3 the full code, 2 the subcategory, 1 the category. */
export type KeyLevel = 1 | 2 | 3

export const KEY_LEVELS: readonly KeyLevel[] = [3, 2, 1]

/** Characters of a category and of a subcategory, its dot included. */
const CATEGORY = 3
const SUBCATEGORY = 5

/** A diagnosis code without its dagger and asterisk marks, its chapter letter in upper case: `A22.801+G01*` → `A22.801`. */
export function bareDiagnosis(code: string): string {
  if (isBare(code)) return code
  const end = code.search(/[+*†]/)
  const bare = (end < 0 ? code : code.slice(0, end)).trim()
  return bare.slice(0, 1).toUpperCase() + bare.slice(1)
}

/** Whether a code begins with a capital letter and holds nothing but ASCII letters, digits and dots, as almost all do. */
function isBare(code: string): boolean {
  const first = code.charCodeAt(0)
  if (!(first >= 65 && first <= 90)) return false
  for (let i = 1; i < code.length; i++) {
    const sign = code.charCodeAt(i)
    const plain = sign === 46 || (sign >= 48 && sign <= 57) || (sign >= 97 && sign <= 122) || (sign >= 65 && sign <= 90)
    if (!plain) return false
  }
  return true
}

/** The key of a bare code at a level; '' where the code is too short for it. */
export function keyAt(bare: string, level: KeyLevel): string {
  if (level === 3) return bare
  const length = level === 2 ? SUBCATEGORY : CATEGORY
  return bare.length < length ? '' : bare.slice(0, length)
}

/** The category of a code: its first three characters. */
export function categoryOf(code: string): string {
  return bareDiagnosis(code).slice(0, CATEGORY)
}

/** The level at which a term is looked up. */
export function levelOf(term: string): KeyLevel {
  if (rangeOf(term) !== undefined) return 1
  const { length } = bareDiagnosis(term)
  return length <= CATEGORY ? 1 : length <= SUBCATEGORY ? 2 : 3
}

const RANGE_LENGTH = 7
const RANGE = /^([A-Z]\d{2})-([A-Z]\d{2})$/

/** First and last category of a range; undefined for any other term. */
export function rangeOf(term: string): readonly [string, string] | undefined {
  if (term.length !== RANGE_LENGTH) return undefined
  const found = RANGE.exec(term)
  return found === null ? undefined : [found[1]!, found[2]!]
}

/** The plain keys that a term stands for; a range stands for all categories that it spans. */
export function keysOfTerm(term: string): string[] {
  const range = rangeOf(term)
  if (range === undefined) return [bareDiagnosis(term)]
  const keys: string[] = []
  for (let n = numberOf(range[0]); n <= numberOf(range[1]); n++) {
    keys.push(`${String.fromCharCode(65 + Math.floor(n / 100))}${String(n % 100).padStart(2, '0')}`)
  }
  return keys
}

/** Place of a category such as `C15` in the order of all categories. */
function numberOf(category: string): number {
  return (category.charCodeAt(0) - 65) * 100 + Number(category.slice(1))
}

/** Whether a code meets a term, marks aside. */
export function meetsTerm(code: string, term: string): boolean {
  const bare = bareDiagnosis(code)
  const range = rangeOf(term)
  if (range !== undefined) {
    const category = bare.slice(0, CATEGORY)
    return category >= range[0] && category <= range[1]
  }
  return keyAt(bare, levelOf(term)) === bareDiagnosis(term)
}

/** A term as we write it: no blanks, ASCII signs, marks dropped; undefined where it is none. */
export function parseTerm(text: string): string | undefined {
  const clean = text
    .replaceAll(/\s/g, '')
    .replaceAll('†', '+')
    .replaceAll(/[－—–~～]/g, '-')
  const bare = bareDiagnosis(clean)
  if (rangeOf(bare.toUpperCase()) !== undefined) return bare.toUpperCase()
  return /^[A-Z]\d{2}(\.([0-9x][0-9A-Za-z]*)?)?$/.test(bare) && !bare.endsWith('.') ? bare : undefined
}

/** Where two keys of a case are built from one text: the category and subcategory of a code that no dictionary has. */
export function stemsOf(bare: string): string[] {
  return [keyAt(bare, 2), keyAt(bare, 1)].filter(key => key !== '')
}
