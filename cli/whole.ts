import { InvalidArgumentError } from '@commander-js/extra-typings'

/** Reads a whole number within bounds from the command line. */
export function whole(from: number, to: number): (text: string) => number {
  return text => {
    const n = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
    if (n >= from && n <= to) return n
    const sign = /^[-−－]/.test(text) ? 'It must not be negative. ' : ''
    throw new InvalidArgumentError(`${sign}It must be a whole number from ${from} to ${to}.`)
  }
}
