import { expect, test } from 'vitest'
import { loadCatalogue } from '../../../grouper/index.ts'
import { compareDipEngines } from './engines.ts'
import { MATCHINGS, variants } from './variants.ts'

const sample = loadCatalogue('dip-3.0-sample')

test('kernel and literal matcher agree on 50,000 random cases of the shipped catalogue', { timeout: 120_000 }, () => {
  const { difference, results } = compareDipEngines(sample, 50_000, 1)
  expect(difference).toBeUndefined()
  expect(results).toBeGreaterThan(2_000)
})

test.each(variants(sample).map((catalogue, i) => [JSON.stringify(MATCHINGS[i]), catalogue] as const))(
  'they agree where a region rules %s',
  { timeout: 60_000 },
  (_, catalogue) => {
    expect(compareDipEngines(catalogue, 3_000, 2).difference).toBeUndefined()
  },
)
