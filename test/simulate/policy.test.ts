import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { home } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import { Decimal } from '../../numbers/index.ts'
import { ladderOf } from '../../simulate/policy/coefficients.ts'
import { POLICY_SCHEMA } from '../../simulate/policy/document.ts'
import { evaluate, parseExpression } from '../../simulate/policy/expression.ts'
import { type FormulaId, linearForm, worth } from '../../simulate/policy/formula.ts'
import { jumpsOf } from '../../simulate/policy/jumps.ts'
import { loadPolicy, policyFile, readPolicyDocument, readProvenance } from '../../simulate/policy/load.ts'
import { JUMP_NAMES } from '../../simulate/policy/rules-document.ts'
import { readWeightConfig } from '../../weights/index.ts'
import { anyPolicy } from './arbitrary.ts'
import { policyOf } from './examples.ts'

const YANCHENG = readFileSync(policyFile('yancheng-2025'), 'utf8')

/** The value of a documented formula. */
function stated(text: string, names: Readonly<Record<string, Decimal>>): Decimal {
  const parsed = parseExpression(text, JUMP_NAMES)
  if ('error' in parsed) throw new Error(parsed.error)
  return evaluate(parsed.node, name => names[name] ?? null) as Decimal
}

function faultOf(text: string): Fault {
  const folder = mkdtempSync(join(tmpdir(), 'policy-'))
  const file = join(folder, 'policy.yaml')
  writeFileSync(file, text)
  try {
    readPolicyDocument(file)
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error('no fault')
}

describe('a policy file', () => {
  test.each([
    ['unknown key', YANCHENG.replace('negativeDue:', 'negatveDue:'), 'negatveDue'],
    ['number without quotes', YANCHENG.replace('scale: {value: "100"', 'scale: {value: 100'), 'scale'],
    ['negative number', YANCHENG.replace('value: "0.4"', 'value: "-0.4"'), 'low.threshold'],
    ['no start of validity', YANCHENG.replace(/validFrom:.*\n/, ''), 'validFrom'],
    [
      'a stay of a rule by the day',
      `${YANCHENG}perDiem: [{groups: [A], perDay: "5"}, {groups: [B], perDay: "5", from: "9", to: "8"}]\n`,
      'perDiem.1.to',
    ],
    ['a rule by the day for nobody', `${YANCHENG}perDiem: {perDay: "5"}\n`, 'perDiem.groups'],
    ['special review', `${YANCHENG}review: {quota: "5", outcome: cost}\n`, 'review.quota'],
    ['what cannot be done yet', `${YANCHENG}auxiliary: []\n`, 'auxiliary'],
    ['unordered bands', YANCHENG.replace('["2", "2.5"], ["3", "2"]', '["3", "2"], ["2", "2.5"]'), 'high.bands'],
    ['low threshold above the limit', YANCHENG.replace('value: "0.4"', 'value: "1.4"'), 'high'],
    ['rate base without a rate', YANCHENG.replace('value: avgRw', 'value: rateRw'), 'ratioBase'],
  ])('is refused with its place: %s', (_, text, field) => {
    const fault = faultOf(text)
    expect(fault.at.field).toBe(field)
    expect(fault.at.line).toBeGreaterThan(0)
    expect(fault.at.column).toBeGreaterThan(0)
  })

  test('an unknown id says what to write', () => {
    expect(() => loadPolicy('nowhere')).toThrow(/POL-001/)
  })

  test('base groups and coefficients may stand in side tables', () => {
    const folder = mkdtempSync(join(tmpdir(), 'policy-'))
    writeFileSync(join(folder, 'base.csv'), 'group,name\nGD25,x\nES2,y\n')
    writeFileSync(join(folder, 'k.csv'), 'group,level,coefficient\nBR23,2,1.08355895\nBR23,3,1.34159421\n')
    const text = YANCHENG.replace(
      /coefficient:\n.*\n/,
      'coefficient: {kind: groupLevel, table: {file: k.csv}}\nbase: {mode: k, value: "1", list: {file: base.csv}}\n',
    )
    writeFileSync(join(folder, 'policy.yaml'), text)
    const policy = loadPolicy(folder)
    expect([...(policy.base?.list ?? [])]).toEqual(['GD25', 'ES2'])
    expect(policy.document.coefficient.table).toEqual({ BR23: { 2: '1.08355895', 3: '1.34159421' } })
  })

  test('states where its parameters come from', () => {
    const found = readProvenance(policyFile('yancheng-2025'))
    expect(found.find(({ path }) => path === 'high.op')).toEqual({
      path: 'high.op',
      value: '>',
      confidence: 'S',
      source: null,
    })
  })
})

describe('formulas', () => {
  const number = fc.integer({ min: 1, max: 99_999 }).map(n => new Decimal(n).div(1000))
  const ids: readonly FormulaId[] = ['N', 'L2', 'L2k', 'L3', 'L4', 'L5', 'H0', 'H1', 'H2', 'H3', 'H4', 'H5']

  test('the canonical form is the formula (settlement.md §4.3)', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ids),
        fc.array(number, { minLength: 10, maxLength: 10 }),
        fc.boolean(),
        fc.boolean(),
        (id, list, timesK, ratioTimesK) => {
          const [cost, mean, weight, coefficient, limit, share, beta, a, b, d] = list as [
            Decimal,
            Decimal,
            Decimal,
            Decimal,
            Decimal,
            Decimal,
            Decimal,
            Decimal,
            Decimal,
            Decimal,
          ]
          const facts = {
            cost,
            mean,
            weight,
            coefficient,
            limit,
            share,
            beta,
            a,
            b,
            d,
            timesK,
            ratioTimesK,
            ofStandard: true,
          }
          const form = linearForm(id, facts)
          const standard = weight.times(coefficient).times(mean)
          const linear = form.alpha
            .times(cost)
            .plus(form.alphaK.times(cost).times(coefficient))
            .plus(form.beta.times(weight).times(mean))
            .plus(form.gamma.times(standard))
          expect((form.capped ? Decimal.min(linear, standard) : linear).eq(worth(id, facts))).toBe(true)
        },
      ),
    )
  })

  test('H3 is H1 and H5 with d = L − 1 is H2', () => {
    const facts = {
      limit: new Decimal('2.5'),
      ratioTimesK: true,
      ofStandard: true,
      timesK: false,
      share: new Decimal(0),
      beta: new Decimal(0),
      a: new Decimal(0),
      b: new Decimal(0),
      d: new Decimal('1.5'),
    }
    expect(linearForm('H3', facts)).toEqual(linearForm('H1', facts))
    expect(linearForm('H5', facts).gamma.eq(linearForm('H2', facts).gamma)).toBe(true)
  })
})

describe('jumps at class boundaries (settlement.md §4.5)', () => {
  const question = (weight: Decimal) => ({ weight, level: '3', insurance: '310', group: 'XX11', parent: 'XX1' })
  const at = fc.record({ w: fc.integer({ min: 1, max: 900 }), k: fc.integer({ min: 40, max: 160 }) })

  test('every shipped pack documents its own', () => {
    for (const id of ['yancheng-2025']) {
      const policy = loadPolicy(id)
      const documented = policy.document.documentedJumps
      fc.assert(
        fc.property(at, ({ w, k }) => {
          const [weight, coefficient] = [new Decimal(w).div(100), new Decimal(k).div(100)]
          const jumps = jumpsOf(policy, question(weight), coefficient)
          expect(jumps.map(jump => jump.at)).toEqual(documented.map(jump => jump.at))
          for (const [i, jump] of jumps.entries()) {
            const names = {
              w: weight,
              k: coefficient,
              l: policy.low?.threshold(question(weight)) ?? weight,
              L: policy.high?.limit(question(weight)) ?? weight,
            }
            const formula = stated(documented[i]?.formula ?? '', names)
            expect(jump.size?.eq(formula), `${id} ${jump.at}`).toBe(true)
          }
        }),
      )
    }
  })

  const shared = { method: 'points', scale: '100', avgCost: '1' }
  test.each([
    ['avgRw', 'H1', {}, '0'],
    ['avgRw', 'H2', {}, 'L*w*(1-k)'],
    ['avgRw', 'H4', { a: '0.7', b: '1.2' }, '(b-1)*w*k'],
    ['avgRw', 'H5', { d: '1' }, 'L*w-(d+1)*w*k'],
    ['avgRwK', 'H1', {}, 'L*w*(k-1)'],
    ['avgRwK', 'H2', {}, '0'],
    ['avgRwK', 'H4', { a: '0.7', b: '1.2' }, '(b-1)*w*k'],
    ['avgRwK', 'H5', { d: '1' }, '(L-d-1)*w*k'],
  ])('%s, %s', (ratioBase, formula, extra, text) => {
    const policy = policyOf({ ...shared, ratioBase, high: { limit: '2.5', op: '>', formula, ...extra } })
    fc.assert(
      fc.property(at, ({ w, k }) => {
        const names = {
          w: new Decimal(w).div(100),
          k: new Decimal(k).div(100),
          L: new Decimal('2.5'),
          b: new Decimal('1.2'),
          d: new Decimal(1),
        }
        const [jump] = jumpsOf(policy, question(names.w), names.k)
        expect(jump?.size?.eq(stated(text, names))).toBe(true)
      }),
    )
  })
})

test('a checked document passes the check again, unchanged', () => {
  fc.assert(
    fc.property(anyPolicy, ({ document }) => {
      expect(POLICY_SCHEMA.parse(document)).toEqual(document)
    }),
  )
})

test('a ratio against the point value is one of q standards, and H4 jumps by (b − 1)·w·k against any base', () => {
  const low = { threshold: '0.5', op: '<', formula: 'L2' }
  const high = { limit: '2', op: '>', formula: 'H4', a: '0.7', b: '1.2' }
  const of = (fields: object) =>
    jumpsOf(
      policyOf({ method: 'points', scale: '100', avgCost: '6000', low, high, ...fields }),
      { weight: new Decimal(2), level: '3', insurance: '310', group: '', parent: '' },
      new Decimal('1.1'),
    ).map(jump => jump.size?.toString() ?? null)
  // q = 100 · 54 / 6000 = 0.9: L2 → N jumps by w·k·(1 − l·q) = 2.2 · 0.55.
  expect(of({ ratioBase: 'pvRwK', pointValue: '54' })).toEqual(['1.21', '0.44'])
  expect(of({ ratioBase: 'pvRwK', pointValue: '54', avgCost: 'fromData' })).toEqual([null, '0.44'])
  expect(of({ ratioBase: 'groupMean' })).toEqual([null, '0.44'])
})

test('the ladder of Xiamen 2024 as a pack writes it is the composite of its configuration of weights', () => {
  const parts = [
    { index: 'cmi', against: 'peers', step: '0.05', add: '0.01', cap: { 3: '0.13', 2: '0.06' } },
    { index: 'youngShare', age: '6', step: '0.1', add: '0.01', cap: { 3: '0.06', 2: '0.03' } },
    {
      index: 'oldShare',
      age: '70',
      from: '0.2',
      first: '0.01',
      step: '0.2',
      add: '0.01',
      cap: { 3: '0.03', 2: '0.01' },
    },
    { index: 'tcmShare', step: '0.03', add: '0.01', cap: { 3: '0.05', 2: '0.03' } },
  ]
  const ladder = { basic: { 3: '0.93', 2: '0.72', 1: '0.55' }, decimals: '2', max: '2', parts }
  const shared = { method: 'points', avgCost: '1', ratioBase: 'avgRw' }
  const policy = policyOf({ ...shared, coefficient: { kind: 'ladder', ladder } })
  const { coefficient } = readWeightConfig(home('policies', 'weights-xiamen-2024.yaml'))
  const { kind, min, max, decimals, composite } = coefficient
  const bare = composite.parts.map(({ index, against, age, from, first, step, add, cap }) => ({
    index, against, age, from, first, step, add, cap,
  })) // biome-ignore format: one part
  expect(ladderOf(policy)).toEqual({ kind, min, max, decimals, composite: { ...composite, parts: bare } })
  expect(policy.coefficientKind).toBe('hospital')
  expect(() => policyOf({ ...shared, coefficient: { kind: 'ladder' } })).toThrow(/need ladder/)
  expect(() => policyOf({ ...shared, coefficient: { kind: 'level', ladder } })).toThrow(/must not have it/)
})
