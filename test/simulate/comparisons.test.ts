import { describe, expect, test } from 'vitest'
import { compareScenarios } from '../../simulate/scenario/comparisons.ts'
import { createBaseline } from '../../simulate/scenario/run.ts'
import { readScenario } from '../../simulate/scenario/scenario.ts'
import { put, temporaryFolder } from '../temporary.ts'
import { largestRegion } from './arbitrary.ts'
import { POINTS } from './examples.ts'

const folder = temporaryFolder()
const region = largestRegion(POINTS, { cases: 400, draws: 40 })

const scenarios = [
  'set: {}',
  'scale: {budget.*.fund: "+5%"}',
  'set: {policy.low.threshold: "0.5"}',
  'set: {policy.pools: joint}',
  'set: {changes.wave: {kind: volume, factor: "1.1"}}',
].map((text, i) => readScenario(put(folder, `s${i}.yaml`, `title: {zh: 测试, en: Test}\n${text}\n`)))

describe('scenarios compared with their baseline', () => {
  const baseline = createBaseline(region)

  test('are the same for 1, 2 and 7 threads', async () => {
    const alone = await compareScenarios(baseline, scenarios)
    expect(alone.scenarios.map(one => one.stage)).toEqual(['divide', 'divide', 'value', 'divide', 'volume'])
    for (const threads of [2, 7]) expect(await compareScenarios(baseline, scenarios, { threads })).toEqual(alone)
  })

  test('name what is wrong in a thread as they do without', async () => {
    const { cases } = region
    const unbilled = createBaseline({ ...region, cases: { ...cases, fund: new Float64Array(cases.count) } })
    const text = 'title: {zh: 测试, en: Test}\nset: {policy.patientShare: ratio}\n'
    const wrong = [...scenarios, readScenario(put(folder, 'wrong.yaml', text))]
    const faults = [1, 2].map(threads =>
      compareScenarios(unbilled, wrong, { threads }).catch((error: unknown) => error),
    )
    const [alone, beside] = await Promise.all(faults)
    expect(alone).toMatchObject({ code: 'SET-001' })
    expect(beside).toEqual(alone)
  })
})
