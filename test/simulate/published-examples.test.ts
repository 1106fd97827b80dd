import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { home } from '../../files/index.ts'
import { holds } from '../../simulate/verify/example.ts'
import { isExampleList, runExamples } from '../../simulate/verify/verify.ts'
import { hasReference, reference } from '../reference.ts'
import { readJson } from './examples.ts'

const FILE = hasReference() ? reference('settlement', 'examples-dev.json') : ''

describe.skipIf(!hasReference())('worked examples of the settlement reference', () => {
  const results = FILE === '' ? [] : runExamples(readJson(FILE), { file: FILE })
  test.each(results.map(result => [result.id, result] as const))('%s', (_, result) => {
    expect(result.problem).toBeNull()
    expect(result.checks.filter(check => !check.holds)).toEqual([])
    expect(result.checks.length).toBeGreaterThan(0)
  })
})

const rate = { method: 'rate', rate: '5500', ratioBase: 'rateRwK' }
const low = { threshold: '0.3', op: '<', formula: 'L1' }
const example = (fields: Record<string, unknown>) => [{ id: 'one', kind: 'case-rule', ...fields }]
const run = (fields: Record<string, unknown>) => runExamples(example(fields), { file: 'examples.json' })[0]!

describe('worked examples', () => {
  const inputs = { pack: { ...rate, low }, case: { rw: '1.2', cost: '8000' } }

  test('a value that differs is shown with the statement', () => {
    const result = run({ inputs, expected: { class: 'normal', pay: '6600.01', tolerance: { '*': '0' } } })
    expect(holds(result)).toBe(false)
    expect(result.checks.find(({ field }) => field === 'pay')).toEqual({
      field: 'pay',
      expected: '6600.01',
      got: '6600.00',
      holds: false,
    })
    expect(result.statement.at(-1)?.en).toBe('Pays 6600.00 yuan.')
  })

  test('the tolerance counts after rounding to the decimals printed, half up', () => {
    // r = 8000/(5500·1.2) = 1.21212…
    const check = (ratio: string, tolerance: string) =>
      holds(run({ inputs, expected: { ratio, tolerance: { ratio: tolerance } } }))
    expect([check('1.212', '0'), check('1.213', '0'), check('1.213', '0.001')]).toEqual([true, false, true])
  })

  test.each([
    ['a kind', example({ kind: 'case-rules', inputs, expected: { pay: '1' } }), 'Kind "case-rules" is not known'],
    [
      'a fact of the case',
      example({ inputs: { ...inputs, case: { rw: '1', cost: '1', colour: 'red' } }, expected: { pay: '1' } }),
      'Unknown field inputs.case.colour',
    ],
    [
      'a key of the pack',
      example({ inputs: { ...inputs, pack: { ...rate, lows: low } }, expected: { pay: '1' } }),
      'Unknown field inputs.pack.lows',
    ],
    ['nothing expected', example({ inputs, expected: { tolerance: {} } }), 'no expected value'],
    [
      'a table that is not there',
      [
        {
          id: 'x',
          kind: 'rate-interval',
          inputs: { table: 'nowhere-2022', rwStep: '0.01', standardStep: '1' },
          expected: { rateFrom: '1' },
        },
      ],
      'nowhere-2022.csv',
    ],
  ])('%s that is not known is a problem that says so', (_, list, text) => {
    const [result] = runExamples(list, { file: '/nowhere/examples.json' })
    expect(holds(result!)).toBe(false)
    expect(result!.problem?.en).toContain(text)
    expect(result!.problem?.zh).toMatch(/[\u4e00-\u9fff]/)
  })

  test('an expected field that the kind does not give fails', () => {
    expect(run({ inputs, expected: { pays: '6600.00' } }).checks).toEqual([
      { field: 'pays', expected: '6600.00', got: null, holds: false },
    ])
  })

  test('base groups, level rates and cut-offs of any key', () => {
    // 0.5 · 1.02 · 8000 and 0.5 · 0.9 · 8000; 0.4 and 2 times that
    const inputs = {
      groupCode: 'ES20',
      rw: '0.5',
      rate: { 职工: '8000', 居民: '7000' },
      coefficient: { 三甲: '1.02', 二级: '0.9' },
      lowThreshold: '0.4',
      highLimit: '2',
    }
    const expected = {
      standard: { '三甲.职工': '4080.0', '二级.居民': '3150.0' },
      lowCutoff: { '三甲.职工': '1632.0' },
      highCutoff: { '二级.居民': '6300.0' },
    }
    const [result] = runExamples([{ id: 'x', kind: 'published-cutoffs', inputs, expected }], { file: 'x' })
    expect(result?.checks.filter(check => !check.holds)).toEqual([])
  })

  test('a pool whose patients pay for the extra volume', () => {
    // T = 80 + 40·(1.1·½ + ½) = 122; points 1.1 + 1 million.
    const inputs = {
      revenuePool: '120000000',
      patientPayments: { A: '20000000', B: '20000000' },
      points: { A: '1000000', B: '1000000' },
      multiplier: { A: '1.1', B: '1' },
      patientPayScales: true,
    }
    const expected = { pointValue: '58.0952', revenue: { A: '63904761.90' } }
    const [result] = runExamples([{ id: 'x', kind: 'point-race', inputs, expected }], { file: 'x' })
    expect(result?.checks.filter(check => !check.holds)).toEqual([])
  })

  test('an example without a final value is paid at the value of its pack, by insurance', () => {
    const pack = { method: 'points', scale: '100', avgCost: '10000', ratioBase: 'avgRwK', unstable: { mode: 'actualPoints' } }
    const facts = { rw: '1.2', coefficient: '1.1', cost: '12000', scheme: 'resident' }
    const of = (more: object, one: object, expected: object) =>
      run({ inputs: { pack: { ...pack, ...more }, case: { ...facts, ...one } }, expected }).checks.filter(({ holds }) => !holds)
    const pointValue = { employee: '60', resident: '48' }
    // 1.2 · 1.1 · 100 points, at 48 and at 60 yuan; a group with too few cases: 12000 ÷ 10000 · 100
    expect(of({ pointValue }, {}, { points: '132', pay: '6336.00' })).toEqual([])
    expect(of({ pointValue }, { scheme: 'employee' }, { points: '132', pay: '7920.00' })).toEqual([])
    expect(of({ pointValue }, { groupStatus: 'unstable' }, { points: '120', pay: '5760.00' })).toEqual([])
    // Against the point value: 12000 ÷ (100 · 90 · 1.2 · 1.1)
    const inputs = { pack: { ...pack, ratioBase: 'pvRwK' }, case: facts, pointValue: '90', note: 'for the reader' }
    expect(run({ inputs, expected: { ratio: '1.0101', pay: '11880.00' } }).checks.filter(({ holds }) => !holds)).toEqual([])
  }) // biome-ignore format: facts on one line

  test('a table with one price states its standard without a key', () => {
    const inputs = { groupCode: 'ES20', rw: '0.5', rate: '8000', lowThreshold: '0.4' }
    const expected = { standard: '4000', lowCutoff: { all: '1600' } }
    const [result] = runExamples([{ id: 'x', kind: 'published-standard', inputs, expected }], { file: 'x' })
    expect(result?.checks.filter(check => !check.holds)).toEqual([])
  })

  test('docs/examples.md has a row for every kind', () => {
    const page = readFileSync(home('docs', 'examples.md'), 'utf8')
    const [unknown] = runExamples([{ id: 'x', kind: 'none', inputs: {}, expected: { a: '1' } }], { file: 'x' })
    const kinds = unknown!.problem!.en.match(/there are (.*)\./)![1]!.split(', ')
    for (const kind of kinds) expect(page).toContain(`| \`${kind}\` |`)
    expect(kinds).toHaveLength(9)
  })

  test('only lists of examples are taken for one', () => {
    expect([{}, [], [{ id: 'x' }], null, 'x'].some(isExampleList)).toBe(false)
    expect(isExampleList(example({ inputs, expected: {} }))).toBe(true)
  })
})
