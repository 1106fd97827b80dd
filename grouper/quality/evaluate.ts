import { CODE_FIELDS, type Comparator, type Condition } from './condition.ts'
import { FACT, type FactName } from './facts.ts'

/** One case as conditions see it: facts by position in `FACT` (NaN = missing), lists met by each field of codes. */
export interface Row {
  readonly values: Float64Array
  /** `bits[field * words + (list >> 5)] >>> (list & 31) & 1`, `field` being the position in `CODE_FIELDS`. */
  readonly bits: Int32Array
}

export type Test = (row: Row) => boolean

/** A condition as a function; made once a rule. */
export function compileCondition(condition: Condition, lists: ReadonlyMap<string, number>, words: number): Test {
  const compile = (part: Condition): Test => compileCondition(part, lists, words)
  switch (condition.op) {
    case 'and': {
      const tests = condition.args.map(compile)
      return row => {
        for (const test of tests) if (!test(row)) return false
        return true
      }
    }
    case 'or': {
      const tests = condition.args.map(compile)
      return row => {
        for (const test of tests) if (test(row)) return true
        return false
      }
    }
    case 'not': {
      const test = compile(condition.arg)
      return row => !test(row)
    }
    case 'missing': {
      const position = FACT[condition.fact as FactName]
      return ({ values }) => Number.isNaN(values[position]!)
    }
    case 'in':
      return membership(CODE_FIELDS.indexOf(condition.field) * words, masksOf(condition.lists, lists, words))
    case 'compare': {
      const left = FACT[condition.left as FactName]
      if (typeof condition.right === 'number') return compareNumber(left, condition.cmp, condition.right)
      const right = FACT[condition.right as FactName]
      const holds = COMPARE[condition.cmp]
      return ({ values }) => holds(values[left]!, values[right]!)
    }
  }
}

function masksOf(names: readonly string[], lists: ReadonlyMap<string, number>, words: number): Int32Array {
  const masks = new Int32Array(words)
  for (const name of names) {
    const list = lists.get(name)!
    masks[list >> 5]! |= 1 << (list & 31)
  }
  return masks
}

function membership(base: number, masks: Int32Array): Test {
  const used = [...masks.keys()].filter(word => masks[word] !== 0)
  if (used.length === 1) {
    const at = base + used[0]!
    const mask = masks[used[0]!]!
    return ({ bits }) => (bits[at]! & mask) !== 0
  }
  return ({ bits }) => used.some(word => (bits[base + word]! & masks[word]!) !== 0)
}

/** Any comparison with NaN is false, `!=` included: a missing value differs from nothing. */
const COMPARE: Readonly<Record<Comparator, (left: number, right: number) => boolean>> = {
  '=': (left, right) => left === right,
  '!=': (left, right) => !Number.isNaN(left) && !Number.isNaN(right) && left !== right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
}

function compareNumber(position: number, cmp: Comparator, right: number): Test {
  switch (cmp) {
    case '=':
      return ({ values }) => values[position] === right
    case '!=':
      return ({ values }) => values[position]! < right || values[position]! > right
    case '<':
      return ({ values }) => values[position]! < right
    case '<=':
      return ({ values }) => values[position]! <= right
    case '>':
      return ({ values }) => values[position]! > right
    case '>=':
      return ({ values }) => values[position]! >= right
  }
}
