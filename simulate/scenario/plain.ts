import { Decimal } from '../../numbers/index.ts'

/** Data as threads can be handed it: what is not a decimal stays, a decimal is `{decimal: text}`. */
export type Plain = unknown

/** Data without functions as threads can be handed it. */
export function plainOf(value: unknown): Plain {
  return value instanceof Decimal ? { decimal: value.toFixed() } : mapped(value, plainOf)
}

/** The data again; its type is what it was. */
export function dataOf<T>(plain: Plain): T {
  return revived(plain) as T
}

function revived(plain: Plain): unknown {
  const text = typeof plain === 'object' && plain !== null && 'decimal' in plain ? plain.decimal : undefined
  return typeof text === 'string' ? new Decimal(text) : mapped(plain, revived)
}

function mapped(value: unknown, to: (value: unknown) => unknown): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  if (Array.isArray(value)) return value.map(to)
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, to(one)]))
}
