import { CODE_BYTES, CODE_PADDING, type CodeTable, codeTable, findCode } from './keyword.ts'

/**
 * Procedure codes that spreadsheets took for numbers: `47.0100` comes back as 47.01, `00.6500` as 0.65. The table goes
 * from the number, as text, to the one code that has this value; two codes of one value (17.97200, 17.972E0) have none.
 */
export interface PaddingTable {
  readonly table: CodeTable
  /** Id of the code by id of the number. */
  readonly ids: Uint16Array
}

/** Codes that a spreadsheet reads as a number, scientific notation included. */
const NUMERIC = /^(\d{2})\.(\d+)(?:E0)?$/

/** Builds the table of a list of codes by id. */
export function paddingTable(dictionary: { readonly codes: readonly string[] }): PaddingTable {
  const byNumber = new Map<string, number>()
  dictionary.codes.forEach((code, id) => {
    const parts = NUMERIC.exec(code)
    if (parts === null) return
    const number = `${parts[1]!.replace(/^0/, '')}.${parts[2]}`.replace(/^\./, '0.').replace(/\.?0*$/, '')
    byNumber.set(number, byNumber.has(number) ? 0 : id)
  })
  const numbers = [...byNumber].filter(([, id]) => id > 0)
  const ids = new Uint16Array(new SharedArrayBuffer((numbers.length + 1) * 2))
  numbers.forEach(([, id], index) => {
    ids[index + 1] = id
  })
  return { table: codeTable({ codes: ['', ...numbers.map(([number]) => number)] }), ids }
}

const scratch = new Uint8Array(CODE_BYTES + CODE_PADDING)
const scratchView = new DataView(scratch.buffer)
const ZERO = 48
const DOT = 46

/**
 * Id of the code that has the value of the decimal number in `bytes` `from` … `to`, 0 for other text or no unique code.
 * The text is never made a number: only its zeros are looked at.
 */
export function padCode(padding: PaddingTable, bytes: Uint8Array, from: number, to: number): number {
  if (to - from > CODE_BYTES) return 0
  let dots = 0
  for (let p = from; p < to; p++) {
    if (bytes[p] === DOT) dots++
    else if (bytes[p]! < ZERO || bytes[p]! > ZERO + 9) return 0
  }
  if (dots > 1) return 0
  let start = from
  while (start + 1 < to && bytes[start] === ZERO && bytes[start + 1] !== DOT) start++
  let end = to
  if (dots === 1) {
    while (bytes[end - 1] === ZERO) end--
    if (bytes[end - 1] === DOT) end--
  }
  if (end <= start) return 0
  scratch.fill(0)
  scratch.set(bytes.subarray(start, end))
  return padding.ids[findCode(padding.table, scratchView, 0, end - start)]!
}
