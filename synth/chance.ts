import { at, type Draws, normal, unit } from '../numbers/index.ts'

/** Draws by name for the building of a region: (subject, number, part). The cases use a stream of their own. */
export interface Chance {
  readonly draws: Draws
  readonly stream: number
}

/** A number in (0, 1). */
export function uniformOf(chance: Chance, subject: number, number: number): number {
  return unit(at(chance.draws, subject, number, 0, chance.stream)[0]!)
}

/** A standard normal number. */
export function normalOf(chance: Chance, subject: number, number: number): number {
  const words = at(chance.draws, subject, number, 1, chance.stream)
  return normal(words[0]!, words[1]!)
}

/** Running sums of `weights`, scaled to end at 1. */
export function cumulative(weights: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(weights.length)
  let total = 0
  for (let i = 0; i < weights.length; i++) {
    total += weights[i]!
    sums[i] = total
  }
  for (let i = 0; i < sums.length; i++) sums[i]! /= total
  return sums
}
