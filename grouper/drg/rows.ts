/** Rows of bits, equal ones kept once: codes with the same row share its number. */
export interface SharedRows {
  /** Number of different rows. */
  readonly count: number
  /** Number of the row by code id, in order of first sight: the row of id 0 is row 0. */
  readonly rowOf: Uint16Array
  /** The different rows one behind the other. */
  readonly rows: Int32Array
}

/** Numbers the rows of `words` words each that `all` holds by code id. */
export function shareRows(all: Int32Array, words: number): SharedRows {
  const size = all.length / words
  const rowOf = new Uint16Array(size)
  const known = new Map<string, number>()
  const rows: number[] = []
  for (let id = 0; id < size; id++) {
    const row = all.subarray(id * words, id * words + words)
    const key = row.join()
    let found = known.get(key)
    if (found === undefined) {
      found = known.size
      known.set(key, found)
      rows.push(...row)
    }
    rowOf[id] = found
  }
  return { count: known.size, rowOf, rows: Int32Array.from(rows) }
}
