import type { CodeField, Comparison, Expr, ScalarField } from '../scheme/types.ts'
import {
  HIGH_SHIFT,
  LOW,
  OP_COMPARE,
  OP_CONST,
  OP_END,
  OP_IN,
  OP_JUMP_FALSE,
  OP_JUMP_TRUE,
  OP_LENGTH,
  OP_NOT,
  OP_SEVERITY,
  SCALAR_SHIFT,
} from './layout.ts'

/*
 * Rules that masks do not decide run as programs: instructions of three words (op, a, b) over one truth value, with
 * jumps for `and` and `or`. The kernel executes them; this module writes them.
 */

/** More than any amount in fen and any other scalar; more than the codes of any case. */
const MOST_VALUE = LOW * 2 ** 22
const MOST_LENGTH = 1_000_000

export const FIELD_BITS: Readonly<Record<CodeField, number>> = { ZYZD: 1, QTZD: 2, ZYSS: 4, QTSS: 8 }

export const SCALARS: readonly ScalarField[] = ['NL', 'XSRTL', 'XSRTZ', 'XB', 'ZYTS', 'LYFS', 'ICUSC', 'ZFY']
export const COMPARISONS: readonly Comparison[] = ['=', '<', '<=', '>', '>=']

/** Names the lists of a kind of codes; a union of several lists is a list of its own. */
export interface ListIndex {
  of(kind: 'dx' | 'px', sets: readonly string[]): number
}

/** Appends the program of a rule and returns its address. */
export function emitProgram(code: number[], expr: Expr, lists: ListIndex): number {
  const address = code.length
  emit(code, expr, lists)
  code.push(OP_END, 0, 0)
  return address
}

function emit(code: number[], expr: Expr, lists: ListIndex): void {
  switch (expr.op) {
    case 'always':
    case 'never':
      code.push(OP_CONST, expr.op === 'always' ? 1 : 0, 0)
      return
    case 'not':
      emit(code, expr.arg, lists)
      code.push(OP_NOT, 0, 0)
      return
    case 'and':
    case 'or':
      emitChain(
        code,
        expr.args.map(arg => () => emit(code, arg, lists)),
        expr.op === 'and' ? OP_JUMP_FALSE : OP_JUMP_TRUE,
      )
      return
    case 'in':
      emitIn(code, expr.fields, expr.sets, lists)
      return
    case 'compare': {
      const whole = wholeComparison(expr.cmp, expr.scalar === 'ZFY' ? expr.value * 100 : expr.value)
      if (whole === undefined) code.push(OP_CONST, 0, 0)
      else
        emitCompare(code, (SCALARS.indexOf(expr.scalar) << SCALAR_SHIFT) + COMPARISONS.indexOf(whole.cmp), whole.value)
      return
    }
    case 'length': {
      const fields = fieldMask(expr.fields)
      const list = lists.of(fields < 4 ? 'dx' : 'px', [expr.set])
      const whole = wholeComparison(expr.cmp, expr.value)
      if (whole === undefined) code.push(OP_CONST, 0, 0)
      else
        code.push(OP_LENGTH, list * 16 + fields, clamp(whole.value, MOST_LENGTH) * 8 + COMPARISONS.indexOf(whole.cmp))
      return
    }
  }
}

function emitCompare(code: number[], what: number, value: number): void {
  const within = clamp(value, MOST_VALUE)
  const high = Math.floor(within / LOW)
  code.push(OP_COMPARE, high * (1 << HIGH_SHIFT) + what, within - high * LOW)
}

/** A bound that no case reaches stands for all beyond it. */
function clamp(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value))
}

function emitIn(code: number[], fields: readonly CodeField[], sets: readonly string[], lists: ListIndex): void {
  const mask = fieldMask(fields)
  const plain = sets.filter(set => set !== 'MCC' && set !== 'CC')
  let severity = 0
  if ((mask & FIELD_BITS.QTZD) !== 0) {
    if (sets.includes('CC')) severity |= 1
    if (sets.includes('MCC')) severity |= 2
  }
  const parts: (() => void)[] = []
  if (plain.length > 0) parts.push(() => code.push(OP_IN, mask, lists.of(mask < 4 ? 'dx' : 'px', plain)))
  if (severity > 0) parts.push(() => code.push(OP_SEVERITY, severity, 0))
  emitChain(code, parts, OP_JUMP_TRUE)
}

/** Emits parts one after another; behind each but the last a jump to the end. */
function emitChain(code: number[], parts: readonly (() => void)[], jump: number): void {
  if (parts.length === 0) code.push(OP_CONST, jump === OP_JUMP_FALSE ? 1 : 0, 0)
  const holes: number[] = []
  parts.forEach((part, i) => {
    part()
    if (i < parts.length - 1) {
      code.push(jump, 0, 0)
      holes.push(code.length - 2)
    }
  })
  for (const hole of holes) code[hole] = code.length
}

export function fieldMask(fields: readonly CodeField[]): number {
  return fields.reduce((mask, field) => mask | FIELD_BITS[field], 0)
}

/** A comparison of an integer with any number, as one with an integer; undefined when it never holds. */
export function wholeComparison(cmp: Comparison, value: number): { cmp: Comparison; value: number } | undefined {
  // 0.07 * 100 is not 7 in binary; amounts have at most two decimals, so the nearest integer is meant.
  const near = Math.round(value)
  if (Math.abs(value - near) < 1e-6) return { cmp, value: near }
  switch (cmp) {
    case '=':
      return undefined
    case '<':
    case '>=':
      return { cmp, value: Math.ceil(value) }
    case '<=':
    case '>':
      return { cmp, value: Math.floor(value) }
  }
}
