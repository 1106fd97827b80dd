import type { Dictionary } from '../codes/dictionary.ts'
import type { Scheme } from '../scheme/types.ts'
import { shareRows } from './rows.ts'

/** Classes of codes that stand in the same lists. */
export interface Classes {
  readonly classes: number
  readonly words: number
  readonly classOf: Uint16Array
  readonly rows: Int32Array
  has(classId: number, list: number): boolean
}

/** Lists by number, until `finish` makes the classes. */
export interface ListBook {
  of(sets: readonly string[]): number
  finish(): Classes
}

/** Numbers the lists (unions of sets) that rules ask for, then sorts codes into classes of equal membership. */
export function listBook(scheme: Scheme, dictionary: Dictionary): ListBook {
  const numbers = new Map<string, number>()
  const members: (readonly string[])[] = []
  const byArray = new WeakMap<readonly string[], number>()
  let finished = false
  const of = (sets: readonly string[]): number => {
    const seen = byArray.get(sets)
    if (seen !== undefined) return seen
    const key = [...sets].sort().join(' ')
    let number = numbers.get(key)
    if (number === undefined) {
      if (finished) throw new Error(`list ${key} is asked for after the classes were made`)
      number = members.length
      numbers.set(key, number)
      members.push(sets)
    }
    byArray.set(sets, number)
    return number
  }
  const finish = (): Classes => {
    finished = true
    const words = Math.max(1, Math.ceil(members.length / 32))
    const all = new Int32Array(dictionary.codes.length * words)
    members.forEach((sets, list) => {
      for (const set of sets) {
        for (const code of scheme.sets.get(set)?.codes ?? []) {
          const id = dictionary.ids.get(code)
          if (id === undefined) continue
          const at = id * words + (list >> 5)
          all[at] = all[at]! | (1 << (list & 31))
        }
      }
    })
    // Id 0, the unknown code, comes first: class 0 is in no list.
    const { count, rowOf: classOf, rows: table } = shareRows(all, words)
    return {
      classes: count,
      words,
      classOf,
      rows: table,
      has: (classId, list) => ((table[classId * words + (list >> 5)]! >>> (list & 31)) & 1) === 1,
    }
  }
  return { of, finish }
}
