import { describe, expect, it } from 'vitest'
import { resample } from '../../../weights/dip/stability.ts'

/** P(Poisson(n) ≥ least), the closed form of what a resample draws. */
function chance(n: number, least: number): number {
  let term = Math.exp(-n)
  let below = 0
  for (let k = 0; k < least; k++) {
    below += term
    term *= n / (k + 1)
  }
  return 1 - below
}

describe('resampling', () => {
  it('keeps a group as often as the closed form says', () => {
    const counts = [8, 12, 15, 16, 20, 30, 400, 0]
    const { stays, groups } = resample(counts, 15, { replicates: 20_000, seed: 3 })
    counts.forEach((n, g) => {
      const expected = n === 0 ? 0 : chance(n, 15)
      const error = Math.sqrt((expected * (1 - expected)) / 20_000)
      expect(Math.abs(stays[g]! - expected)).toBeLessThanOrEqual(4 * error + 1e-9)
    })
    expect(groups.mean).toBeCloseTo(
      [...stays].reduce((all, one) => all + one, 0),
      6,
    )
    expect(groups.fewest).toBeLessThan(groups.mean)
    expect(groups.most).toBeLessThanOrEqual(7)
  })

  it('is the same for the same seed, and draws nothing without resamples', () => {
    const draw = (seed: number) => resample([15, 14, 16], 15, { replicates: 500, seed }).stays
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
    expect([...resample([15], 15, { replicates: 0, seed: 1 }).stays]).toEqual([Number.NaN])
  })
})
