import { describe, expect, it } from 'vitest'
import { parseCondition } from '../../../grouper/quality/condition.ts'
import { compileCondition } from '../../../grouper/quality/evaluate.ts'
import { FACT, FACT_NAMES, type FactName } from '../../../grouper/quality/facts.ts'
import { loadQualityPack } from '../../../grouper/quality/rules.ts'
import { put, temporaryFolder } from '../../temporary.ts'
import { faultOf } from '../scheme/faults.ts'

const folder = temporaryFolder()
const words = { facts: new Set<string>(FACT_NAMES), lists: new Set(['A', 'B']) }
const lists = new Map([
  ['A', 0],
  ['B', 33],
])

/** The truth of a condition; the lists that the main diagnosis is in stand in `main`. */
function holds(text: string, facts: Partial<Record<FactName, number>>, main = ''): boolean {
  const values = new Float64Array(FACT_NAMES.length).fill(Number.NaN)
  for (const [name, value] of Object.entries(facts)) values[FACT[name as FactName]] = value
  const bits = new Int32Array(12)
  if (main.includes('A')) bits[0] = 1
  if (main.includes('B')) bits[1] = 2
  return compileCondition(parseCondition(text, words, {}), lists, 2)({ values, bits })
}

describe('a condition', () => {
  it.each([
    ['age > 3 and los < 2', { age: 4, los: 1 }, '', true],
    ['age > 3 and los < 2', { age: 4 }, '', false],
    ['not (age > 3 and los < 2)', { age: 4 }, '', true],
    ['age != 4', {}, '', false],
    ['age != los', { age: 4 }, '', false],
    ['age != los', { age: 4, los: 5 }, '', true],
    ['age missing or age >= 4.5', { age: 5 }, '', true],
    ['age missing', {}, '', true],
    ['main in A', {}, 'B', false],
    ['main in {A, B}', {}, 'B', true],
    ['main not in B', {}, 'B', false],
    ['main not in B', {}, '', true],
    ['others in A', {}, 'A', false],
    // "and" binds closer than "or".
    ['age = 1 or age = 2 and los = 9', { age: 1, los: 1 }, '', true],
  ] as const)('%s with %o and main in [%s] is %s', (text, facts, main, truth) => {
    expect(holds(text, facts, main)).toBe(truth)
  })

  it.each([
    ['main in C', 'In the condition "main in C", LIST is due at "C".'],
    ['wieght < 3', 'In the condition "wieght < 3", fact is due at "wieght".'],
    ['age ~ 3', 'In the condition "age ~ 3", = != < <= > >= is due at "~".'],
    ['(age = 3', 'In the condition "(age = 3", ) is due at "∎".'],
    ['age = 3 los = 2', 'In the condition "age = 3 los = 2", and, or is due at "los".'],
    ['age = ', 'In the condition "age = ", fact is due at "∎".'],
  ])('%s is refused', (text, what) => {
    expect(faultOf(() => parseCondition(text, words, { file: 'rules.yaml' })).en).toBe(
      `QUA-001 rules.yaml  ${what} Correct it by the grammar, fields and lists of docs/quality.md.`,
    )
  })
})

it('a rule that shows a field that does not exist is refused', () => {
  put(folder, 'lists.yaml', '[]')
  put(
    folder,
    'rules.yaml',
    `- { id: Q1, name: { zh: 甲, en: a }, severity: E, source: [S], scope: case, when: age = 1, shows: [agge], hint: { zh: 乙, en: b } }\n`,
  )
  expect(faultOf(() => loadQualityPack(folder), folder)).toEqual({
    zh: 'QUA-002 /rules.yaml [Q1.shows]  没有名为 agge 的字段或列表。可用的名称见 docs/quality.md。',
    en: 'QUA-002 /rules.yaml [Q1.shows]  There is no field or list agge. The names are listed in docs/quality.md.',
  })
})
