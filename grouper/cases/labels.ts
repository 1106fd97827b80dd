/**
 * Texts of a column with few different values (hospital, insurance, month …) as small numbers, without making a string
 * per cell. Number 0 is the empty text. At most 65,535 texts.
 */
export interface Labels {
  readonly texts: string[]
  slots: Int32Array
  bytes: Uint8Array[]
}

const MOST = 65_535

export function createLabels(): Labels {
  return { texts: [''], slots: new Int32Array(1024), bytes: [new Uint8Array(0)] }
}

/** Number of the text in `buffer[from … to - 1]`, given on first sight; -1 when there are too many texts. */
export function labelOf(labels: Labels, buffer: Uint8Array, from: number, to: number): number {
  if (from === to) return 0
  let { slots } = labels
  let slot = hashBytes(buffer, from, to) & (slots.length - 1)
  for (;;) {
    const number = slots[slot]!
    if (number === 0) break
    if (equals(labels.bytes[number]!, buffer, from, to)) return number
    slot = (slot + 1) & (slots.length - 1)
  }
  const number = labels.texts.length
  if (number > MOST) return -1
  const copy = buffer.slice(from, to)
  labels.bytes.push(copy)
  labels.texts.push(new TextDecoder().decode(copy))
  slots[slot] = number
  if (number * 2 > slots.length) {
    slots = new Int32Array(slots.length * 4)
    for (let n = 1; n < labels.bytes.length; n++) {
      const text = labels.bytes[n]!
      let at = hashBytes(text, 0, text.length) & (slots.length - 1)
      while (slots[at] !== 0) at = (at + 1) & (slots.length - 1)
      slots[at] = n
    }
    labels.slots = slots
  }
  return number
}

/** FNV-1a with a final mix; another odd `prime` gives an independent hash. */
export function hashBytes(buffer: Uint8Array, from: number, to: number, prime = 0x01000193): number {
  let hash = 0x811c9dc5 | 0
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ buffer[i]!, prime)
  hash ^= hash >>> 15
  hash = Math.imul(hash, 0x2c1b3c6d)
  return (hash ^ (hash >>> 13)) >>> 0
}

function equals(text: Uint8Array, buffer: Uint8Array, from: number, to: number): boolean {
  if (text.length !== to - from) return false
  for (let i = 0; i < text.length; i++) if (text[i] !== buffer[from + i]) return false
  return true
}
