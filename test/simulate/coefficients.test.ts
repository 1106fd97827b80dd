import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Decimal } from '../../numbers/index.ts'
import { checkPack } from '../../simulate/policy/check-pack.ts'
import { tableOf } from '../../simulate/policy/coefficients.ts'
import { readPolicyDocument } from '../../simulate/policy/load.ts'
import { compilePolicy, type Policy } from '../../simulate/policy/policy.ts'
import { createEvaluator } from '../../simulate/scenario/evaluator.ts'
import { createBaseline, runScenario } from '../../simulate/scenario/run.ts'
import { readScenario } from '../../simulate/scenario/scenario.ts'
import { settleRegion } from '../../simulate/settle/region.ts'
import { anyRegion } from './arbitrary.ts'
import { policyOf } from './examples.ts'

const CASES = { groups: ['G0', 'G1', 'G2'], parents: ['P0', 'P1', 'P2'] }
const HOSPITALS = ['3', '2', '1'].map((level, i) => ({ code: `H${i}`, name: '', level }))
const NONE = { kind: 'none' as const, of: () => new Decimal(1) }
const withCoefficient = (coefficient: object): Policy =>
  policyOf({ method: 'points', scale: '100', avgCost: '6000', ratioBase: 'avgRw', coefficient })
const of = (policy: Policy, group: number, level: string, hospital = 'H0'): string =>
  tableOf(policy, NONE, CASES, HOSPITALS).of(group, level, hospital).toString()

describe('coefficients of a pack', () => {
  test('are kept within its bounds; what the table does not list is newGroup, bounded too', () => {
    const policy = withCoefficient({
      kind: 'groupLevel', table: { G0: { 3: '1.7', 2: '1.1', 1: '0.3' }, P1: { 3: '1.2' } }, min: '0.4', max: '1.6', newGroup: '0.95',
    }) // biome-ignore format: one policy
    expect(['3', '2', '1'].map(level => of(policy, 0, level))).toEqual(['1.6', '1.1', '0.4'])
    expect([of(policy, 1, '3'), of(policy, 1, '2'), of(policy, 2, '3')]).toEqual(['1.2', '0.95', '0.95'])
    expect(checkPack(policy).filter(({ field }) => field === 'coefficient.table')).toMatchObject([{ severity: 'note' }])
  })

  test('move no further from last year than the change allows, then the bounds hold', () => {
    const table = { H0: '1.2', H1: '0.8', H2: '1' }
    const lastYear = { H0: '1', H1: '1' }
    const by = (change: object, more: object = {}) => {
      const policy = withCoefficient({ kind: 'hospital', table, lastYear, change, ...more })
      return ['H0', 'H1', 'H2'].map(code => of(policy, 0, '3', code))
    }
    // H2 has no last year: its own coefficient counts.
    expect(by({ up: '0.05', down: '0.03' })).toEqual(['1.05', '0.97', '1'])
    expect(by({ up: '0.05' })).toEqual(['1.05', '0.8', '1'])
    expect(by({ of: 'difference', up: '0.1', down: '0.1' }, { max: '1.08' })).toEqual(['1.08', '0.9', '1'])
  })

  test("of the region's weights are bounded alike, and no second time", () => {
    const policy = withCoefficient({
      kind: 'level',
      max: '1.1',
      lastYear: { 3: '1' },
      change: { up: '0.04', down: '0.04' },
    })
    const data = {
      kind: 'level' as const,
      of: (_: number, level: string) => new Decimal(level === '3' ? '1.3' : '1.2'),
    }
    const table = tableOf(policy, data, CASES)
    expect([table.of(0, '3', ''), table.of(0, '2', '')].map(String)).toEqual(['1.04', '1.1'])
    expect(tableOf(policy, table, CASES)).toBe(table)
  })

  test('stand in side tables of the columns of the kind', () => {
    const folder = mkdtempSync(join(tmpdir(), 'coefficients-'))
    writeFileSync(join(folder, 'now.csv'), 'group,hospital,coefficient\nG0,H0,1.5\n')
    writeFileSync(join(folder, 'last.csv'), 'group,hospital,coefficient\nG0,H0,1\n')
    const pack = {
      id: 'x', title: { zh: '某', en: 'x' }, validFrom: '2025-01-01', policyBasis: [{ document: 'x' }], method: 'points', ratioBase: 'avgRw', avgCost: '6000',
      coefficient: { kind: 'groupHospital', table: { file: 'now.csv' }, lastYear: { file: 'last.csv' }, change: { up: '0.1' } },
    } // biome-ignore format: one pack
    writeFileSync(join(folder, 'policy.yaml'), JSON.stringify(pack))
    expect(of(compilePolicy(readPolicyDocument(join(folder, 'policy.yaml'))), 0, '3')).toBe('1.1')
  })

  test.each([
    ['min above max', { kind: 'level', min: '1.2', max: '1' }, 'min'],
    ['a change without last year', { kind: 'level', change: { up: '0.1' } }, 'change'],
    ['bounds of no coefficient', { kind: 'none', max: '1' }, 'kind'],
    ['a change by nothing', { kind: 'level', lastYear: { 3: '1' }, change: {} }, 'up'],
  ])('%s is refused', (_, coefficient, field) => {
    expect(() => withCoefficient(coefficient)).toThrow(new RegExp(`"${field}"`))
  })
})

test('a scenario flattens the coefficients of a pack that gives them itself, by rows and by sums alike', () => {
  const fields = { coefficient: { kind: 'level', table: { 1: '0.7', 2: '0.9', 3: '1.1' } }, pointValue: '60' }
  const policy = compilePolicy({
    ...withCoefficient(fields.coefficient).document,
    pointValue: '60',
    special: { ungrouped: { mode: 'zero' }, ambiguous: { mode: 'zero' }, invalid: { mode: 'outside' } },
  })
  const file = join(mkdtempSync(join(tmpdir(), 'flat-')), 's.yaml')
  writeFileSync(file, 'title: {zh: 拉平, en: Flat}\nset: {coefficient.flatten: "1"}\n')
  const input = fc.sample(anyRegion(policy, 200), { numRuns: 1, seed: 3 })[0]!
  const baseline = createBaseline(input)
  const flat = runScenario(baseline, readScenario(file)).settlement
  const without = compilePolicy({
    ...policy.document,
    coefficient: { ...policy.document.coefficient, kind: 'none', table: null },
  })
  expect(flat.hospitals.map(row => row.due)).toEqual(
    settleRegion({ ...input, policy: without }).hospitals.map(row => row.due),
  )
  expect([...createEvaluator(baseline, () => baseline).evaluate(readScenario(file)).due]).toEqual(
    flat.hospitals.map(row => row.due),
  )
})
