import type { CodePool } from './tables.ts'

/** Collects texts in one run of bytes. */
export interface Text {
  add(value: string): number
  bytes(): Uint8Array
}

/** An empty collection. */
export function createText(): Text {
  const parts: string[] = []
  let length = 0
  return {
    add(value) {
      const from = length
      parts.push(value)
      length += value.length
      return from
    },
    bytes: () => Buffer.from(parts.join(''), 'latin1'),
  }
}

/** Adds texts and notes their places. */
export function poolOf(values: readonly string[], text: Text): CodePool {
  const from = new Uint32Array(values.length)
  const size = new Uint16Array(values.length)
  for (const [i, value] of values.entries()) {
    from[i] = text.add(value)
    size[i] = value.length
  }
  return { count: values.length, from, size }
}
