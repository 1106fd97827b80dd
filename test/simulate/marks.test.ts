import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readMarks } from '../../simulate/settle/marks-file.ts'
import { type GroupedCases, NO_MARK, withFacts } from '../../weights/index.ts'
import { policyOf } from './examples.ts'

const title = { zh: '项目', en: 'Item' }
const policy = policyOf({
  method: 'rate', rate: '5000', ratioBase: 'rateRw',
  redirect: [{ id: 'half', group: 'OB19', share: '0.5' }],
  addOn: [{ id: 'drug', title, share: '0.7' }, { id: 'valve', title, amount: '3000' }],
}) // biome-ignore format: a policy

const folder = mkdtempSync(join(tmpdir(), 'marks-'))
function marksOf(text: string) {
  const file = join(folder, 'marks.csv')
  writeFileSync(file, text)
  return readMarks(file, policy)
}

describe('a table of marks', () => {
  test('says of single cases what no case file says', () => {
    const marks = marksOf(
      'id,daySurgery,tcm,review,readmittedAfter,redirect,addOns\nA1,1,0,applied,,,\nA2,,1,,12,half,drug:123.45；valve:8000\n',
    )
    expect([...marks.keys()]).toEqual(['A1', 'A2'])
    expect(marks.get('A1')).toEqual({ ...NO_MARK, daySurgery: true, review: 'applied' })
    expect(marks.get('A2')).toMatchObject({ tcm: true, readmittedAfter: 12, redirect: 'half' })
    expect(marks.get('A2')?.addOns).toEqual([
      { item: 'drug', cost: 12_345 },
      { item: 'valve', cost: 800_000 },
    ])
  })

  test.each([
    ['no id', 'case,tcm\nA1,1\n', 'MRK-001'],
    ['unknown column', 'id,colour\nA1,red\n', 'MRK-001'],
    ['twice', 'id,tcm\nA1,1\nA1,0\n', 'MRK-002'],
    ['flag', 'id,tcm\nA1,yes\n', 'MRK-002'],
    ['review', 'id,review\nA1,perhaps\n', 'MRK-002'],
    ['redirect', 'id,redirect\nA1,quarter\n', 'MRK-002'],
    ['item', 'id,addOns\nA1,gold:5\n', 'MRK-002'],
    ['amount', 'id,addOns\nA1,drug:much\n', 'MRK-002'],
  ])('with a mistake is refused: %s', (_, text, code) => expect(() => marksOf(text)).toThrow(code))

  test('meets the cases by id; the others have none', () => {
    const cases = {
      count: 3,
      details: { departments: ['内科'], department: new Uint16Array(3), age: Int16Array.of(1, 2, 3) },
    } as unknown as GroupedCases
    const { facts } = withFacts(cases, ['A2', 'B9', 'A1'], marksOf('id,tcm\nA1,1\nA2,0\nZ,1\n'))
    expect([...facts!.mark].map(at => facts!.marks[at]!.tcm)).toEqual([false, false, true])
    expect([...facts!.age]).toEqual([1, 2, 3])
    expect(facts!.marks).toHaveLength(3)
  })
})
