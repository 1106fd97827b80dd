import { describe, expect, it } from 'vitest'
import { createDictionary, entriesOf } from '../../../grouper/codes/dictionary.ts'
import { compareBatch, createComparison, rowOfComparison, transitionsOf } from '../../../grouper/compare/compare.ts'
import { severityOf } from '../../../grouper/compare/severity.ts'
import { type Case, interpret, loadScheme, readCases, type Scheme, type Transition } from '../../../grouper/index.ts'
import { put, temporaryFolder } from '../../temporary.ts'
import { CASE_HEADER, caseRow, randomCase, urnOf } from '../drg/random-case.ts'

const folder = temporaryFolder()
const [old, later] = [loadScheme('chs-drg-1.1'), loadScheme('chs-drg-2.0')]

function compared(a: Scheme, b: Scheme, cases: readonly Case[]): { rows: string[]; transitions: Transition[] } {
  const file = put(folder, 'cases.csv', [CASE_HEADER, ...cases.map(caseRow), ''].join('\n'))
  const comparison = createComparison(a, b, 1_000)
  const rows: string[] = []
  readCases([file], {
    dxTable: comparison.dxTable,
    pxTable: comparison.pxTable,
    batchSize: 1_000,
    onBatch(batch) {
      compareBatch(comparison, batch)
      for (let i = 0; i < batch.count; i++) {
        const { a: x, b: y } = rowOfComparison(comparison, i)
        rows.push([x, y].map(side => [side.mdc, side.adrg, side.drg, side.status, side.reason].join()).join(' → '))
      }
    },
  })
  return { rows, transitions: transitionsOf(comparison) }
}

const literal = (scheme: Scheme, given: Case): string => {
  const { mdc, adrg, drg, status, reason } = interpret(scheme, given)
  return [mdc, adrg, drg, status, reason].join()
}

describe('a comparison of two schemes', () => {
  const urns = [urnOf(old), urnOf(later)]
  const cases = Array.from({ length: 6_000 }, (_, i) => randomCase(urns[i % 2]!, 5, i))

  it('gives every case what the rules of each scheme give it, and counts every case once', () => {
    const { rows, transitions } = compared(old, later, cases)
    expect(rows).toEqual(cases.map(given => `${literal(old, given)} → ${literal(later, given)}`))
    expect(transitions.reduce((sum, { cases: n }) => sum + n, 0)).toBe(cases.length)
    expect(new Set(transitions.map(({ change }) => change)).size).toBe(9)
  })

  it('finds no change between a scheme and itself', () => {
    const { transitions } = compared(later, later, cases)
    expect(new Set(transitions.map(({ change }) => change))).toEqual(new Set(['same']))
  })

  it('keeps codes that only the second scheme has', () => {
    const entries = entriesOf(later.diagnoses).filter(({ code }) => code !== 'K80.101')
    const poorer = { ...later, diagnoses: createDictionary('icd10-yb-2.0', entries) }
    const given = { sex: 1, ageYears: 45, diagnoses: ['K80.101'], procedures: ['51.2300'] }
    expect(compared(poorer, later, [given]).rows).toEqual([
      '0000,0000,0000,invalid,principal-unknown → MDCH,HC2,HC25,grouped,',
    ])
  })
})

it('takes the severity of a leaf from its rules; in 2.0 the fourth character of the code says the same', () => {
  const byCharacter: Readonly<Record<string, string>> = { 1: 'mcc', 3: 'cc', 5: 'without', 9: 'undivided' }
  for (const adrg of later.mdcs.flatMap(mdc => mdc.adrgs)) {
    for (const drg of adrg.drgs) {
      const expected = drg.kind === 'grouped' ? byCharacter[drg.code[3]!] : ''
      expect([drg.code, severityOf(adrg, drg)]).toEqual([drg.code, expected])
    }
  }
})
