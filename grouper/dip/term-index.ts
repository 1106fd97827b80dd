import { bareDiagnosis, KEY_LEVELS, keyAt, keysOfTerm } from './keys.ts'

/** What diagnosis terms and full codes say, found by the code of a case in three look-ups. */
export interface TermIndex<T> {
  /** Says a value of all codes that meet a term (see `keys.ts`). */
  add(term: string, value: T): void
  /** Says a value of one code, which must be equal with its marks. */
  addCode(code: string, value: T): void
  /** All that is said of a code; a value twice where two of its terms meet the code. */
  of(code: string): readonly T[]
}

const NOTHING: readonly never[] = []

/** An index without entries. */
export function createTermIndex<T>(): TermIndex<T> {
  const byKey = new Map<string, T[]>()
  const byCode = new Map<string, T[]>()
  const put = (map: Map<string, T[]>, key: string, value: T): void => {
    const values = map.get(key)
    if (values === undefined) map.set(key, [value])
    else values.push(value)
  }
  return {
    add(term, value) {
      for (const key of keysOfTerm(term)) put(byKey, key, value)
    },
    addCode: (code, value) => put(byCode, code, value),
    of(code) {
      let found: readonly T[] = byCode.get(code) ?? NOTHING
      const bare = bareDiagnosis(code)
      let last = ''
      for (const level of KEY_LEVELS) {
        const key = keyAt(bare, level)
        if (key === '' || key === last) continue
        last = key
        const values = byKey.get(key)
        if (values !== undefined) found = found.length === 0 ? values : [...found, ...values]
      }
      return found
    },
  }
}
