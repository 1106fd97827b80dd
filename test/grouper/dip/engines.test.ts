import { expect, test } from 'vitest'
import { loadCatalogue } from '../../../grouper/index.ts'
import { builtCatalogue } from '../../weights/dip/built.ts'
import { compareDipEngines } from './engines.ts'
import { MATCHINGS, variants } from './variants.ts'

const sample = loadCatalogue('dip-3.0-sample')

test('kernel and literal matcher agree on 50,000 random cases of the shipped catalogue', { timeout: 120_000 }, () => {
  const { difference, results } = compareDipEngines(sample, 50_000, 1)
  expect(difference).toBeUndefined()
  expect(results).toBeGreaterThan(2_000)
})

test('and on 20,000 of a catalogue built from a synthetic region, scores and comprehensive groups included', {
  timeout: 300_000,
}, async () => {
  const built = await builtCatalogue(6_000, 11)
  expect(built.groups.filter(({ origin }) => origin === 'local').length).toBeGreaterThan(200)
  expect(new Set(built.groups.map(({ layer }) => layer)).size).toBe(5)
  const { difference, results } = compareDipEngines(built, 20_000, 1)
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
