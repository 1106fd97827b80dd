import { at, createDraws, unit } from '../../numbers/index.ts'

/** A design: rows of positions in [0, 1], one a lever; NaN leaves the lever as it is. */
export interface Design {
  readonly rows: readonly Float64Array[]
}

/** Every combination of the steps of each lever, the last lever moving first. */
export function gridDesign(steps: readonly number[]): Design {
  let rows: number[][] = [[]]
  for (const count of steps) {
    const places = Array.from({ length: count }, (_, i) => (count === 1 ? 0 : i / (count - 1)))
    rows = rows.flatMap(row => places.map(place => [...row, place]))
  }
  return { rows: rows.map(row => Float64Array.from(row)) }
}

/** One lever at a time at its low and its high end, the others as they are. */
export function tornadoDesign(levers: number): Design {
  const rows: Float64Array[] = []
  for (let k = 0; k < levers; k++) {
    for (const end of [0, 1]) rows.push(Float64Array.from({ length: levers }, (_, i) => (i === k ? end : Number.NaN)))
  }
  return { rows }
}

/**
 * Latin hypercube: each lever has one point in every n-th of its range, in an order of its own. Draws are named by seed,
 * stream, lever and row, so that a row does not depend on the others being drawn.
 */
export function latinDesign(levers: number, samples: number, seed: number, stream = 0): Design {
  const draws = createDraws(seed)
  const rows = Array.from({ length: samples }, () => new Float64Array(levers))
  for (let k = 0; k < levers; k++) {
    const keys = Float64Array.from({ length: samples }, (_, i) => unit(at(draws, i, k, stream, 0)[0]!))
    const order = Array.from({ length: samples }, (_, i) => i).sort((a, b) => keys[a]! - keys[b]! || a - b)
    for (const [rank, i] of order.entries()) rows[i]![k] = (rank + unit(at(draws, i, k, stream, 0)[1]!)) / samples
  }
  return { rows }
}

/**
 * Saltelli's design for Sobol indices: A, B, and for each lever A with that lever's column of B; samples · (levers + 2)
 * rows. A and B are Latin hypercubes of their own streams.
 */
export function sobolDesign(levers: number, samples: number, seed: number): Design {
  const a = latinDesign(levers, samples, seed, 1).rows
  const b = latinDesign(levers, samples, seed, 2).rows
  const mixed = Array.from({ length: levers }, (_, k) =>
    a.map((row, i) => row.map((value, j) => (j === k ? b[i]![k]! : value))),
  )
  return { rows: [...a, ...b, ...mixed.flat()] }
}

/** First-order and total index of a lever. */
export interface SobolIndex {
  /** S: share of the variance that the lever explains alone. */
  readonly first: number
  /** S_T: share that would be left if all other levers were known. */
  readonly total: number
}

/**
 * Sobol indices from the results of `sobolDesign`: S = mean f(B)·(f(AB) − f(A)) / V (Saltelli 2010), S_T = mean
 * (f(A) − f(AB))² / 2V (Jansen 1999), V the variance over A and B. Both 0 where nothing varies.
 */
export function sobolIndices(results: readonly number[], levers: number): readonly SobolIndex[] {
  const n = results.length / (levers + 2)
  const both = results.slice(0, 2 * n)
  const mean = both.reduce((sum, value) => sum + value, 0) / both.length
  const centred = results.map(value => value - mean)
  const variance = centred.slice(0, 2 * n).reduce((sum, value) => sum + value * value, 0) / (2 * n)
  return Array.from({ length: levers }, (_, k) => {
    if (!(variance > 0)) return { first: 0, total: 0 }
    let [first, total] = [0, 0]
    for (let i = 0; i < n; i++) {
      const [fa, fb, fab] = [centred[i]!, centred[n + i]!, centred[(2 + k) * n + i]!]
      first += fb * (fab - fa)
      total += (fa - fab) ** 2
    }
    return { first: first / n / variance, total: total / (2 * n) / variance }
  })
}
