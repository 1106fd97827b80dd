import { describe, expect, it } from 'vitest'
import { listSchemes, loadScheme } from '../../../grouper/index.ts'
import { compareEngines } from './engines.ts'

const SEED = 20261122

describe('kernel and interpreter agree', () => {
  it.each(listSchemes())('on 50,000 random cases of %s', id => {
    const { cases, results, difference } = compareEngines(loadScheme(id), 50_000, SEED)
    expect(difference).toBeUndefined()
    expect(cases).toBe(50_000)
    expect(results).toBeGreaterThan(450)
  })
})
