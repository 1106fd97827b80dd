import { describe, expect, test } from 'vitest'
import { buhlmannStraub } from '../../weights/credibility.ts'
import { weigh } from '../../weights/index.ts'
import { configWith, groupedOf, type Row } from './cases.ts'

/**
 * Hachemeister's data of bodily injury claims in five states over twelve quarters (C. Hachemeister, Credibility for
 * regression models with application to trend, 1975), the worked example of every text on the model.
 */
const RATIOS = [
  [1738, 1642, 1794, 2051, 2079, 2234, 2032, 2035, 2115, 2262, 2267, 2517],
  [1364, 1408, 1597, 1444, 1342, 1675, 1470, 1448, 1464, 1831, 1612, 1471],
  [1759, 1685, 1479, 1763, 1674, 2103, 1502, 1622, 1828, 2155, 2233, 2059],
  [1223, 1146, 1010, 1257, 1426, 1532, 1953, 1123, 1343, 1243, 1762, 1306],
  [1456, 1499, 1609, 1741, 1482, 1572, 1606, 1735, 1607, 1573, 1613, 1690],
]
const WEIGHTS = [
  [7861, 9251, 8706, 8575, 7917, 8263, 9456, 8003, 7365, 7832, 7849, 9077],
  [1622, 1742, 1523, 1515, 1622, 1602, 1964, 1515, 1527, 1748, 1654, 1861],
  [1147, 1357, 1329, 1204, 998, 1077, 1277, 1218, 896, 1003, 1108, 1121],
  [407, 396, 348, 341, 315, 328, 352, 331, 287, 384, 321, 342],
  [2902, 3172, 3046, 3068, 2693, 2910, 3275, 2697, 2663, 3017, 3242, 3425],
]

describe('Bühlmann–Straub', () => {
  test("Hachemeister's data: the published parameters and credibilities", () => {
    const risks = RATIOS.map((ratios, s) => {
      const cases = WEIGHTS[s]!.reduce((all, w) => all + w, 0)
      const mean = ratios.reduce((all, x, t) => all + x * WEIGHTS[s]![t]!, 0) / cases
      const within = ratios.reduce((all, x, t) => all + WEIGHTS[s]![t]! * (x - mean) ** 2, 0)
      return { cases, mean, within, freedom: 11 }
    })
    const { within, between, k } = buhlmannStraub([risks])
    expect(Math.round(within)).toBe(139_120_026)
    expect(Math.round(between)).toBe(89_639)
    const z = risks.map(one => one.cases / (one.cases + k))
    expect(z.map(one => one.toFixed(4))).toEqual(['0.9847', '0.9276', '0.8985', '0.7279', '0.9588'])
    const collective = z.reduce((all, one, s) => all + one * risks[s]!.mean, 0) / z.reduce((all, one) => all + one, 0)
    expect(Math.round(collective)).toBe(1684)
  })

  test('no difference between groups: all the credibility goes to the class', () => {
    const same = { cases: 10, mean: 1, within: 5, freedom: 9 }
    expect(buhlmannStraub([[same, same]])).toMatchObject({ between: 0, k: Number.POSITIVE_INFINITY })
  })

  test('small groups are drawn to their ADRG, large ones hardly', () => {
    const several = (group: string, mean: number, n: number): Row[] =>
      Array.from({ length: n }, (_, i) => ({ group, cost: mean + (i % 2 === 0 ? 1 : -1) * (mean / 2) }))
    const rows = ['A', 'B', 'C'].flatMap(letter => [
      ...several(`${letter}A11`, 30_000, 4),
      ...several(`${letter}A15`, 10_000, 400),
    ])
    const shrinkage = { method: 'buhlmannStraub', apply: 'all' } as const
    const none = { ...configWith({}).coefficient, kind: 'none' } as const
    const config = configWith({ shrinkage, nMin: 1, coefficient: none }, { method: 'none' })
    const { weights } = weigh(groupedOf(rows), [], config)
    const [small, large] = [weights.steps[0]!, weights.steps[1]!]
    expect(small.credibility.toNumber()).toBeLessThan(large.credibility.toNumber())
    expect(large.credibility.toNumber()).toBeGreaterThan(0.99)
    expect(weights.basis[0]).toBe('shrunk')
    expect(weights.weight[0]!.lt(small.own!)).toBe(true)
  })
})
