import { hashText, wordAt } from './hash.ts'

/**
 * Texts of a column with few different values (hospital, insurance, month …) as small numbers, without making a string
 * per cell. Number 0 is the empty text. At most 65,535 texts.
 */
export interface Labels {
  readonly texts: string[]
  slots: Int32Array
  /** By number: hash, first word in `words`, and length in bytes. */
  readonly hashes: number[]
  readonly starts: number[]
  readonly lengths: number[]
  words: Int32Array
}

const MOST = 65_535

export function createLabels(): Labels {
  const slots = new Int32Array(1024)
  return { texts: [''], slots, hashes: [0], starts: [0], lengths: [0], words: new Int32Array(1024) }
}

/**
 * Number of the text in bytes `from` … `to - 1`, given on first sight; -1 when there are too many texts.
 *
 * @param view readable four bytes beyond `to`
 */
export function labelOf(labels: Labels, view: DataView, from: number, to: number): number {
  if (from === to) return 0
  const { slots } = labels
  const last = slots.length - 1
  const hash = hashText(view, from, to)
  let slot = hash & last
  for (;;) {
    const number = slots[slot]!
    if (number === 0) break
    if (
      labels.hashes[number] === hash &&
      labels.lengths[number] === to - from &&
      equals(labels, number, view, from, to)
    )
      return number
    slot = (slot + 1) & last
  }
  const number = addLabel(labels, view, from, to)
  if (number < 0) return number
  slots[slot] = number
  labels.hashes.push(hash)
  if (number * 2 > slots.length) growSlots(labels)
  return number
}

function equals(labels: Labels, number: number, view: DataView, from: number, to: number): boolean {
  const { words } = labels
  let at = labels.starts[number]!
  for (let p = from; p < to; p += 4) if (words[at++] !== wordAt(view, p, to)) return false
  return true
}

function addLabel(labels: Labels, view: DataView, from: number, to: number): number {
  const number = labels.texts.length
  if (number > MOST) return -1
  const start = labels.starts[number - 1]! + ((labels.lengths[number - 1]! + 3) >> 2)
  const end = start + ((to - from + 3) >> 2)
  if (end > labels.words.length) {
    const larger = new Int32Array(Math.max(end, labels.words.length * 2))
    larger.set(labels.words)
    labels.words = larger
  }
  for (let at = start, p = from; p < to; p += 4) labels.words[at++] = wordAt(view, p, to)
  labels.starts.push(start)
  labels.lengths.push(to - from)
  // A copy: the decoder does not take shared memory.
  labels.texts.push(new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + from, to - from).slice()))
  return number
}

function growSlots(labels: Labels): void {
  const slots = new Int32Array(labels.slots.length * 4)
  const last = slots.length - 1
  for (let number = 1; number < labels.texts.length; number++) {
    let slot = labels.hashes[number]! & last
    while (slots[slot] !== 0) slot = (slot + 1) & last
    slots[slot] = number
  }
  labels.slots = slots
}
