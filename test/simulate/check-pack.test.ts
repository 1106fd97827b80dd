import { describe, expect, test } from 'vitest'
import { checkPack, jumpRows } from '../../simulate/policy/check-pack.ts'
import { listPolicies, loadPolicy } from '../../simulate/policy/load.ts'
import { policyOf } from './examples.ts'

const base = { method: 'points', scale: '100', avgCost: '6000', ratioBase: 'avgRwK' }
const title = { zh: '规则', en: 'Rule' }
const found = (fields: Record<string, unknown>) =>
  checkPack(policyOf({ ...base, ...fields })).map(({ severity, field }) => [severity, field])

describe('the check of a pack', () => {
  test.each(listPolicies())('%s is free of errors and warnings', id => {
    expect(checkPack(loadPolicy(id)).filter(({ severity }) => severity !== 'note')).toEqual([])
  })

  test('finds a class between two equal bounds that no ratio meets', () => {
    const low = { threshold: '0.8', op: '<=', formula: 'L2' }
    const taper = { upTo: '0.8', op: '<=', beta: '0.2', formula: 'L4' }
    expect(
      found({
        low,
        taper,
        documentedJumps: [
          { at: 'low', formula: '0.2*w' },
          { at: 'taper', formula: '0.2*w*(k-1)' },
        ],
      }),
    ).toEqual([['warning', 'taper']])
  })

  test('finds limits of one level that lie below its low threshold', () => {
    const low = { byLevel: { 2: '0.4', 3: '2.5' }, op: '<', formula: 'L2' }
    const high = { byLevel: { 2: '3', 3: '2.6' }, op: '>', formula: 'H0' }
    const documentedJumps = [{ at: 'low', formula: 'w*k*(1-l)' }]
    expect(found({ low, high, documentedJumps })).toEqual([])
    expect(() => found({ low, high: { ...high, byLevel: { 2: '3', 3: '2' } } })).toThrow(/below the low threshold/)
  })

  test('recomputes documented jumps and names those that are not', () => {
    const low = { threshold: '0.4', op: '<', formula: 'L2' }
    expect(found({ low })).toEqual([['warning', 'documentedJumps']])
    expect(found({ low, documentedJumps: [{ at: 'low', formula: 'w*(k-l)' }] })).toEqual([['error', 'documentedJumps']])
    expect(found({ low, documentedJumps: [{ at: 'low', formula: 'w*k*(1-l)' }] })).toEqual([])
  })

  test('shows each jump at the weights that the limits tell apart', () => {
    const high = { bands: [['1', '3'], ['2', '2.5'], [null, '2']], op: '>', formula: 'H1' } // biome-ignore format: bands
    const rows = jumpRows(policyOf({ ...base, high })).filter(row => row.coefficient.eq('1.2'))
    // N → H1 at L: L·w·(k − 1) with k = 1.2 (§4.5).
    expect(rows.map(row => [row.weight.toString(), row.size?.toString()])).toEqual([
      ['1', '0.6'],
      ['2', '1'],
      ['3', '1.2'],
    ])
  })

  test('finds rules that never apply, come too late, or wait for a list', () => {
    const rules = [
      { id: 'never', title, when: 'los > 20 days and los < 10 days', factor: '1.1' },
      { id: 'first', title, when: 'age < 6 years', pay: 'cost' },
      { id: 'late', title, when: "age < 3 years and group = 'ES21'", pay: '0.9 * cost' },
      { id: 'other', title, when: "group = 'ES21' and ratio > 2", worth: 'standard' },
    ]
    expect(
      found({
        rules,
        base: { mode: 'k', value: '1', list: [] },
        age: [
          { to: '5', factor: '1' },
          { from: '9', factor: '1' },
        ],
      }),
    ).toEqual([
      ['note', 'base.list'],
      ['note', 'age'],
      ['warning', 'rules.never'],
      ['warning', 'rules.late'],
    ])
  })

  test('finds rules by the day that an earlier one takes wholly, and cases that two of them share', () => {
    const psychiatry = { groups: ['TR1', 'TS11'], departments: ['精神科'], perDay: '5' }
    const of = (...list: object[]) => found({ perDiem: list.map(one => ({ perDay: '4', ...one })) })
    expect(of(psychiatry, { groups: ['TR15'] })).toEqual([['error', 'perDiem.1']])
    expect(of(psychiatry, { groups: ['TR15', 'XR1'] })).toEqual([['warning', 'perDiem.1']])
    expect(of({ groups: ['TR15'] }, psychiatry)).toEqual([['warning', 'perDiem.1']])
    // Apart by stay, hospital or insurance; or a narrower rule that asks for both and stands first.
    expect(of({ ...psychiatry, to: '30' }, { ...psychiatry, from: '31' })).toEqual([])
    expect(of({ ...psychiatry, levels: ['3'] }, { ...psychiatry, levels: ['1', '2'] })).toEqual([])
    expect(of({ ...psychiatry, insurances: ['employee'] }, { ...psychiatry, insurances: ['390'] })).toEqual([])
    expect(of({ ...psychiatry, classes: ['A'] }, psychiatry)).toEqual([['warning', 'perDiem.1']])
    expect(of(psychiatry, { ...psychiatry, match: 'all' })).toEqual([['error', 'perDiem.1']])
    expect(of({ ...psychiatry, match: 'all' }, { ...psychiatry, match: 'all', departments: ['康复科'] })).toEqual([])
  })
})
