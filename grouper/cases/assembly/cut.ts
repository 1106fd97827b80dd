/*
 * Cuts plain rows into cells, 64 bytes at a time; `../plain-cuts.ts` calls it. The memory holds the cuts, from address 0 on,
 * and from `TEXT` on the text, whose rows begin at position `STEP`.
 */

const TEXT: i32 = 1 << 16
const STEP: i32 = 64
const CR = 13
const LF = 10
const VERTICAL_TAB = 11

/** Every byte that can end a cell is below 45, nearly all others above. */
const LIMIT: v128 = i8x16.splat(45)

/**
 * Writes cuts (see `ends` of plain-cuts.ts) and returns the number of whole rows before something that is not plain, before
 * position `to`, or `most`. Behind `to` there are 64 bytes above 44; behind the place of the last due cut there is room for
 * 64 more.
 */
export function cut(to: i32, delimiter: i32, lineEnd: i32, columns: i32, most: i32): i32 {
  const width = columns << 2
  const last = TEXT + to
  let rows = 0
  /** Address of the last cut, and where the cut at the end of the row belongs. */
  let cuts = 0
  let due = width
  store<i32>(cuts, STEP - 1)
  for (let block = TEXT + STEP; block < last; block += STEP) {
    /** Bit k: byte k of the block can end a cell. */
    let marks = marksAt(block) | (marksAt(block + 16) << 16) | (marksAt(block + 32) << 32) | (marksAt(block + 48) << 48)
    for (; marks !== 0; marks &= marks - 1) {
      const end = block + <i32>ctz(marks)
      const byte: i32 = load<u8>(end)
      if (byte === delimiter) {
        cuts += 4
        store<i32>(cuts, end - TEXT)
      } else if (byte === lineEnd) {
        store<i32>(cuts, end - TEXT, 4)
        cuts += 8
        // A row of another width.
        if (cuts !== due + 4) return rows
        const next = lineEnd === CR ? end + 1 : end
        if (lineEnd === CR && load<u8>(next) !== LF) return rows
        store<i32>(cuts, next - TEXT)
        due = cuts + width
        if (++rows === most) return rows
      } else if (byte === LF ? end - TEXT !== load<i32>(cuts) : byte === VERTICAL_TAB || byte === CR) {
        // Another line end, or a line break inside a cell. The LF of a CR LF was passed with it.
        return rows
      }
    }
    // More cells than columns.
    if (cuts > due) return rows
  }
  return rows
}

/** Which of 16 bytes can end a cell, as bits. */
function marksAt(address: i32): u64 {
  return <u64>i8x16.bitmask(i8x16.lt_u(v128.load(address), LIMIT))
}
