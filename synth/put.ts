/** Writers of fields: each puts bytes at `out[place…]` and returns the place after them. */

/** Copies a text. */
export function putText(out: Uint8Array, place: number, text: Uint8Array, from: number, size: number): number {
  for (let i = 0; i < size; i++) out[place + i] = text[from + i]!
  return place + size
}

/** A non-negative integer. */
export function putInteger(out: Uint8Array, place: number, value: number): number {
  let digits = 1
  for (let bound = 10; value >= bound; bound *= 10) digits++
  return putPadded(out, place, value, digits)
}

/** At least `digits` digits. */
export function putPadded(out: Uint8Array, place: number, value: number, digits: number): number {
  let bound = 10 ** digits
  while (value >= bound) {
    bound *= 10
    digits++
  }
  let rest = value
  for (let i = digits - 1; i >= 0; i--) {
    const next = Math.floor(rest / 10)
    out[place + i] = 48 + (rest - next * 10)
    rest = next
  }
  return place + digits
}

/** Fen as yuan with two decimals. */
export function putMoney(out: Uint8Array, place: number, fen: number): number {
  const yuan = Math.floor(fen / 100)
  place = putInteger(out, place, yuan)
  out[place++] = 46
  return putPadded(out, place, fen - yuan * 100, 2)
}

/** Grams, or, as a fault of entry, kilograms with two decimals. */
export function putWeight(out: Uint8Array, place: number, grams: number, kilograms: boolean): number {
  return kilograms ? putMoney(out, place, Math.round(grams / 10)) : putInteger(out, place, grams)
}
