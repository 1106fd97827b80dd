import { at, createDraws } from '../numbers/index.ts'

/** Header of the rows that `mutatedRow` damages. */
export const MUTATED_HEADER = 'id,gender,age,ageDay,weight,dept,los,leavingType,dx,proc,totalCost,fundPay'

const ROWS: readonly string[] = [
  '2,34,,,04M,11,1,S36.200x031|S82.410|E11.300x034+H36.0*,,9532.67,5269.66',
  '1,76,,,10S,5,1,C77.007,01.5928,8223.55,5469.34',
  '男,0,12,2900,新生儿,8,1,P07.300x001;P22.000,96.7201|38.9200x001,18000,0.5',
  '1,52.0,,-,A04,5,4,K35.800x001|I10.x00x002|e11.900,47.0100,8800.00,',
]

/** Bytes that mean something to a reader, and some that mean nothing. */
const BYTES: readonly number[] = [44, 124, 59, 32, 9, 13, 46, 45, 48, 57, 65, 120, 42, 43, 31, 11, 0, 0x80, 0xe7, 0xff]
const QUOTE = 34
const LF = 10
/** Bytes that may make one row several or none, or send it through the quote stage: LF, VT, CR, US, quote. */
const HARD: readonly number[] = [LF, 11, 13, 31, QUOTE]

/**
 * Row `index` of a file of damaged rows, with its line feed: half of the rows are whole, the others have had bytes
 * put in, taken out, changed or doubled. `hard` puts in quotes and line breaks too, so that one row may become several
 * or none; without it each is one row.
 */
export function mutatedRow(seed: number, index: number, hard: boolean): Uint8Array {
  const draws = createDraws(seed)
  let word = 0
  const below = (n: number): number => {
    const words = at(draws, index, word >> 2, 0, 0)
    return Math.floor((words[word++ & 3]! / 0x1_0000_0000) * n)
  }
  // One id in 64 stood before.
  const id = below(64) === 0 ? below(index + 1) : index
  const bytes = [...new TextEncoder().encode(`${id},${ROWS[below(ROWS.length)]!}`)]
  if (below(2) === 0) {
    const byte = (): number => {
      if (hard && below(3) === 0) return below(4) === 0 ? LF : QUOTE
      return below(8) === 0 ? below(256) : BYTES[below(BYTES.length)]!
    }
    for (let n = 1 + below(4); n > 0; n--) {
      const place = below(bytes.length + 1)
      const kind = below(5)
      if (kind === 0) bytes.splice(place, 1 + below(6))
      else if (kind === 1) bytes.splice(place, 0, ...Array.from({ length: 1 + below(3) }, byte))
      else if (kind === 2) bytes.splice(place, 1, byte())
      else if (kind === 3) bytes.splice(place, 0, ...bytes.slice(place, place + below(30)))
      else bytes.splice(place, 0, ...Array.from({ length: below(600) }, () => BYTES[n]!))
    }
  }
  const damaged = hard ? bytes : bytes.filter(byte => !HARD.includes(byte))
  // A blank line is no row.
  return Uint8Array.from([...(damaged.length === 0 && !hard ? [48] : damaged), LF])
}
