import { MISSING } from './batch.ts'

/** Cells that are not as plain as they may be: with blanks, signs, decimals of zeros, or words. */

const TAB = 9
const SPACE = 32
const MINUS = 45
const DOT = 46

/** What is no value of its kind. */
export const BAD = -2

/** An integer with blanks around it or a decimal part of zeros ("52.0"); MISSING for blanks and "-", else BAD. */
export function slowInteger(bytes: Uint8Array, from: number, to: number): number {
  let start = from
  let end = to
  while (start < end && isBlank(bytes[start]!)) start++
  while (end > start && isBlank(bytes[end - 1]!)) end--
  if (start === end || (end - start === 1 && bytes[start] === MINUS)) return MISSING
  let value = 0
  let p = start
  for (; p < end && bytes[p]! >= 48 && bytes[p]! <= 57; p++) value = Math.min(value * 10 + bytes[p]! - 48, 1e9)
  if (p === start) return BAD
  if (p < end && bytes[p] === DOT) {
    p++
    while (p < end && bytes[p] === 48) p++
  }
  return p === end ? value : BAD
}

/** Yuan with at most two decimals as fen; MISSING for blanks, BAD for anything else. */
export function slowFen(bytes: Uint8Array, from: number, to: number): number {
  let start = from
  let end = to
  while (start < end && isBlank(bytes[start]!)) start++
  while (end > start && isBlank(bytes[end - 1]!)) end--
  if (start === end || (end - start === 1 && bytes[start] === MINUS)) return MISSING
  let yuan = 0
  let p = start
  for (; p < end && bytes[p]! >= 48 && bytes[p]! <= 57; p++) yuan = yuan * 10 + bytes[p]! - 48
  if (p === start || p - start > 13) return BAD
  let cents = 0
  if (p < end && bytes[p] === DOT) {
    p++
    if (p < end && bytes[p]! >= 48 && bytes[p]! <= 57) cents = (bytes[p++]! - 48) * 10
    if (p < end && bytes[p]! >= 48 && bytes[p]! <= 57) cents += bytes[p++]! - 48
    while (p < end && bytes[p] === 48) p++
  }
  return p === end ? yuan * 100 + cents : BAD
}

/** Whether a cell that is no value is a number below zero; the minus may be that of full-width letters or of mathematics. */
export function isNegative(bytes: Uint8Array, from: number, to: number): boolean {
  let p = from
  while (p < to && isBlank(bytes[p]!)) p++
  const wide =
    (bytes[p] === 0xef && bytes[p + 1] === 0xbc && bytes[p + 2] === 0x8d) ||
    (bytes[p] === 0xe2 && bytes[p + 1] === 0x88 && bytes[p + 2] === 0x92)
  if (!wide && bytes[p] !== MINUS) return false
  const digits = p + (wide ? 3 : 1)
  return digits < to && slowFen(bytes, digits, to) >= 0
}

/** 1 male, 2 female, 9, 0 (also for an empty cell); -1 for anything else. */
export function sexOf(bytes: Uint8Array, from: number, to: number): number {
  const length = to - from
  const b = bytes[from]!
  if (length === 1) {
    if (b === 49 || b === 50 || b === 57 || b === 48) return b - 48
    if (b === 77 || b === 109) return 1
    if (b === 70 || b === 102) return 2
    return b === SPACE || b === MINUS ? 0 : -1
  }
  if (length === 0) return 0
  if (length === 3 && b === 0xe7 && bytes[from + 1] === 0x94 && bytes[from + 2] === 0xb7) return 1
  if (length === 3 && b === 0xe5 && bytes[from + 1] === 0xa5 && bytes[from + 2] === 0xb3) return 2
  const number = slowInteger(bytes, from, to)
  return number === 1 || number === 2 || number === 9 || number === 0 ? number : number === MISSING ? 0 : -1
}

function isBlank(b: number): boolean {
  return b === SPACE || b === TAB
}
