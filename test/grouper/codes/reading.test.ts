import { describe, expect, it } from 'vitest'
import {
  type Case,
  codeReading,
  compileBook,
  convertBatch,
  createConversionCounts,
  createGroupColumns,
  explain,
  explanationLines,
  groupBatch,
  loadScheme,
  readCases,
  readCodes,
} from '../../../grouper/index.ts'
import { put, temporaryFolder } from '../../temporary.ts'

const folder = temporaryFolder()
const scheme = loadScheme('chs-drg-2.0')
const book = compileBook(scheme)

/** Groups a file in a declared system; codes of the scheme and group of each case, and the counts. */
function group(system: string, rows: readonly (readonly [dx: string, px: string])[]) {
  const reading = codeReading(scheme, system)
  const counts = createConversionCounts()
  const cases: string[] = []
  const lines = rows.map(([dx, px], i) => `${i},1,45,${dx},${px}`)
  const summary = readCases([put(folder, 'cases.csv', `id,sex,age,dx,proc\n${lines.join('\n')}\n`)], {
    ...reading,
    onBatch(batch) {
      convertBatch(reading, batch, counts)
      const groups = createGroupColumns(batch.capacity)
      groupBatch(book, batch, groups)
      for (let i = 0; i < batch.count; i++) {
        const dx = [...batch.dx.subarray(batch.dxStart[i], batch.dxStart[i + 1])]
        const px = [...batch.px.subarray(batch.pxStart[i], batch.pxStart[i + 1])]
        const codes = [dx.map(id => scheme.diagnoses.codes[id]), px.map(id => scheme.procedures.codes[id])]
        cases.push(`${codes.map(list => list.join('|')).join(' ')} ${book.leaves[groups.leaf[i]!]!.drg}`.trim())
      }
    },
  })
  return { cases, counts, summary }
}

const given = (diagnoses: string[], procedures: string[] = []): Case => ({
  sex: 1,
  ageYears: 45,
  diagnoses,
  procedures,
})

describe('a file in another code system', () => {
  it('is converted once, by id', () => {
    const { cases, counts } = group('gl-3.0', [['K35.900', '47.0100']])
    expect(cases).toEqual(['K35.800x001 47.0100 GE29'])
    expect([...counts.dx]).toEqual([0, 0, 1, 0])
    expect([...counts.px]).toEqual([0, 1, 0, 0])
  })

  it('loses a code whose target is missing', () => {
    const { cases, counts } = group('bj', [['K35.901', '46.93001']])
    expect(cases[0]).toMatch(/^K35\.\S+ {2}/)
    expect([...counts.px]).toEqual([0, 0, 0, 1])
  })

  it('groups as the same case does when it is explained', () => {
    const rows = [
      ['J18.902', ''],
      ['K35.900|I10.x00', '47.01'],
      ['k35.900', '00.6500x014'],
      ['A01.000x003†G01*', '47.0100'],
    ] as const
    for (const system of ['gl-3.0', 'gl-2.0', 'bj', 'yb-1.0', 'yb-2.0']) {
      const { cases } = group(system, rows)
      rows.forEach(([dx, px], i) => {
        const read = readCodes(scheme, codeReading(scheme, system), given(dx.split('|'), px === '' ? [] : [px]))
        expect(cases[i]!.endsWith(explain(scheme, read.given).outcome.drg)).toBe(true)
      })
    }
  })
})

describe('the trace of a case', () => {
  const read = (system: string, dx: string[], px: string[] = []) =>
    readCodes(scheme, codeReading(scheme, system), given(dx, px))

  it('shows every conversion and repair', () => {
    const { given: converted, changes } = read('bj', ['J18.902'])
    expect(converted.diagnoses).toEqual(['J18.903'])
    expect(changes).toEqual([
      {
        kind: 'diagnosis',
        given: 'J18.902',
        how: 'converted',
        code: 'J18.903',
        path: ['icd10-bj-7.0', 'icd10-yb-2.0'],
      },
    ])
    const repaired = read('', ['k35.800X001 '], ['47.01'])
    expect(repaired.changes.map(({ how, given, code }) => [how, given, code])).toEqual([
      ['written', 'k35.800X001 ', 'K35.800x001'],
      ['padded', '47.01', '47.0100'],
    ])
    const lines = explanationLines(scheme, explain(scheme, repaired.given, repaired.changes), 'zh')
    expect(lines.slice(1, 3)).toEqual([
      '诊断  k35.800X001  → K35.800x001  书写已更正（大小写、空格或剑号）',
      '手术操作  47.01 → 47.0100  电子表格丢失的零已补回',
    ])
  })

  it('shows the whole way and where it ends', () => {
    const { given: kept, changes } = read('yb-1.0', ['K35.800x001'], ['00.6502'])
    expect(kept.procedures).toEqual(['00.6502'])
    expect(changes).toEqual([
      { kind: 'procedure', given: '00.6502', how: 'failed', code: '', path: ['icd9cm3-yb-1.0', 'icd9cm3-yb-2.0'] },
    ])
  })

  it('keeps a code that the declared system lacks from passing for one of the scheme', () => {
    const { given: kept, changes } = read('bj', ['K30.x00'])
    expect(kept.diagnoses).toEqual(['K30.x00?'])
    expect(changes[0]!.how).toBe('unknown')
  })

  it('marks grey codes', () => {
    const codes = explain(scheme, given(['I10.x00', 'E11.900'])).codes
    expect(codes.map(code => code.grey)).toEqual([true, false])
  })
})

describe('a grey code as principal diagnosis', () => {
  it('is only reported unless the scheme refuses it', () => {
    expect(explain(scheme, given(['R65.300'])).outcome.reason).not.toBe('principal-grey')
    const strict = { ...scheme, manifest: { ...scheme.manifest, grey: 'refuse' as const } }
    expect(explain(strict, given(['I10.x00'])).outcome).toMatchObject({ status: 'invalid', reason: 'principal-grey' })
  })
})
