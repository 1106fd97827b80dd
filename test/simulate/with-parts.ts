import fc from 'fast-check'
import type { PartDocument } from '../../simulate/budget/document.ts'
import { CLASSES } from '../../simulate/settle/classes.ts'
import type { RegionInput } from '../../simulate/settle/region.ts'
import { anyPolicy, anyRegion } from './arbitrary.ts'

const decimal = (from: number, to: number): fc.Arbitrary<string> =>
  fc.integer({ min: from * 1000, max: to * 1000 }).map(n => (n / 1000).toFixed(3))
const yuan = (from: number, to: number): fc.Arbitrary<string> =>
  fc.integer({ min: from * 100, max: to * 100 }).map(fen => (fen / 100).toFixed(2))

const part: fc.Arbitrary<PartDocument> = fc.record({
  id: fc.constantFrom('special-review', 'per-diem', 'consortium', 'reserve'),
  title: fc.constant({ zh: '甲', en: 'A' }),
  size: fc.oneof(
    decimal(0, 0.3).map(value => ({ kind: 'share' as const, value, of: 'budget' })),
    yuan(0, 900_000).map(value => ({ kind: 'amount' as const, value })),
  ),
  cases: fc.option(
    fc.record({
      hospitals: fc.option(fc.subarray(['H1', 'H2', 'H3'], { minLength: 1 })),
      groups: fc.option(fc.subarray(['G0', 'P2', 'AQY'], { minLength: 1 })),
      classes: fc.option(fc.subarray([...CLASSES], { minLength: 1 })),
    }),
  ),
  pays: fc.constantFrom('points', 'cost', 'capitation'),
  capped: fc.boolean(),
  rest: fc.constantFrom('pool', 'fund'),
}) // biome-ignore format: a part

/** A random region of a random policy. */
export const anyBudgetedRegion: fc.Arbitrary<RegionInput> = anyPolicy.chain(policy => anyRegion(policy, 80))
/** The same with parts inside a budget, with visitors, or both. */
export const withParts: fc.Arbitrary<RegionInput> = fc
  .record({
    input: anyBudgetedRegion,
    within: fc.array(part, { maxLength: 3 }),
    visiting: fc.constantFrom('none' as const, 'joins' as const, 'apart' as const),
  })
  .map(
    ({ input, within, visiting }): RegionInput => ({
      ...input,
      budgets:
        visiting === 'none'
          ? [{ ...input.budgets[0]!, within }, input.budgets[1]!]
          : [{ ...input.budgets[0]!, within }],
      visitors: visiting === 'none' ? [] : [{ insurance: '390', as: '310', pool: visiting }],
    }),
  )
