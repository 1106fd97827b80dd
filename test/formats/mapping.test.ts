import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mappingJsonSchema, openCaseFiles, proposeMapping } from '../../formats/index.ts'
import { makeStays } from './cases.ts'
import { csv, HQMS, hqmsRow, SIMPLE, simpleRow } from './forms.ts'
import { expected, readAll } from './read.ts'

const folder = mkdtempSync(join(tmpdir(), 'dianzhi-mapping-'))

function put(name: string, content: string): string {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

describe('a mapping file', () => {
  it('has the schema that editors are given', () => {
    const committed = JSON.parse(readFileSync(join(import.meta.dirname, '../../docs/mapping.schema.json'), 'utf8'))
    expect(committed).toEqual(JSON.parse(JSON.stringify(mappingJsonSchema())))
  })

  it('names columns that no layout knows', () => {
    const stays = makeStays(20)
    const odd: Record<string, string> = { 年龄: '岁数X', 诊断编码: '病因', 总费用: '钱' }
    const names = SIMPLE.map(name => odd[name] ?? name)
    const rows = stays
      .map(simpleRow)
      .map(row => Object.fromEntries(SIMPLE.map(name => [odd[name] ?? name, row[name]!])))
    const file = put('odd.csv', csv(names, rows))
    const map = put('map.json', JSON.stringify({ columns: { 岁数X: 'age', 病因: 'dx', 钱: 'cost' } }))
    expect(readAll([file], { maps: [map] }).rows.map(row => [row.age, row.dx, row.cost])).toEqual(
      stays.map(expected).map(row => [row.age, row.dx, row.cost]),
    )
  })

  it('is refused with the place of what is wrong', () => {
    const file = put('x.csv', csv(SIMPLE, makeStays(3).map(simpleRow)))
    const wrong = put('wrong.json', '{\n  "columns": { "年龄": "years" }\n}')
    expect(() => openCaseFiles([file], { maps: [wrong] })).toThrow(
      expect.objectContaining({ code: 'DOC-002', at: expect.objectContaining({ line: 2, field: 'columns.年龄' }) }),
    )
    const unknown = put('unknown.json', '{ "colums": {} }')
    expect(() => openCaseFiles([file], { maps: [unknown] })).toThrow(expect.objectContaining({ code: 'DOC-003' }))
  })

  it('is for the files that it names', () => {
    const file = put('ward-3.csv', csv(SIMPLE, makeStays(3).map(simpleRow)))
    const map = put('other.json', '{ "file": "other*.csv", "columns": { "病案号": "ignore" } }')
    expect(readAll([file], { maps: [map] }).rows[0]!.id).toBe('00010000')
    const mine = put('mine.json', '{ "file": "ward-*.csv", "columns": { "病案号": "ignore" } }')
    expect(readAll([file], { maps: [mine] }).rows[0]!.id).toBe('2')
  })

  it('reads the infant age in the unit that it says, and kilograms', () => {
    const names = ['病案号', '性别', '年龄', '不足一周岁年龄', '新生儿出生体重', '诊断编码']
    const row = {
      病案号: '1',
      性别: '1',
      年龄: '0',
      不足一周岁年龄: '0.5',
      新生儿出生体重: '45',
      诊断编码: 'P07.300x001',
    }
    const file = put('infant.csv', csv(names, [row]))
    const map = put('unit.json', '{ "infantAgeUnit": "month-fraction", "weightUnit": "g" }')
    expect(readAll([file], { maps: [map] }).rows[0]).toMatchObject({ age: 0, ageDays: 15, weight: 45 })
    expect(readAll([file]).rejects).toEqual([expect.objectContaining({ reason: 'weight-ambiguous', line: 2 })])
  })

  it('proposed from a file reads it as before', () => {
    const stays = makeStays(30)
    for (const [name, text] of [
      ['p-simple.csv', csv(SIMPLE, stays.map(simpleRow))],
      ['p-hqms.csv', csv(HQMS, stays.map(hqmsRow), '-')],
    ] as const) {
      const file = put(name, text)
      const [found] = openCaseFiles([file]).found
      const map = put(`${name}.json`, JSON.stringify(proposeMapping(found!, 'yb-2.0')))
      const { patient: _, ...core } = expected(stays[0]!)
      const row = readAll([file], { maps: [map] }).rows[0]!
      expect(row).toMatchObject({ id: core.id, age: core.age, dx: core.dx, px: core.px, cost: core.cost })
      expect(openCaseFiles([file], { maps: [map] }).codeSystem).toBe('yb-2.0')
    }
  })

  it('takes what the patient paid of itself for the whole only where it says so', () => {
    const file = put('self.csv', csv(HQMS, makeStays(2).map(hqmsRow), '-'))
    expect(readAll([file]).rows[0]!.patient).toBe(-1)
    const proposed = proposeMapping(openCaseFiles([file]).found[0]!, undefined)
    expect(proposed.columns).toEqual({ D09: 'patient' })
    expect(proposed.notes!.join()).toContain('自费')
    const map = put('self.json', JSON.stringify(proposed))
    expect(readAll([file], { maps: [map] }).rows[0]!.patient).toBe(makeStays(2)[0]!.self)
  })
})

describe('a settlement list as XML', () => {
  it('is refused with what to do instead, and the table that comes of it is known', () => {
    const bean = '<INFO><DATA><BEAN><JBXX><QDLSH>1</QDLSH></JBXX></BEAN></DATA></INFO>'
    for (const text of [bean, `<?xml version="1.0" encoding="GBK"?>${bean}`, `\ufeff<?xml version="1.0"?>${bean}`]) {
      expect(() => readAll([put('list.xml', text)])).toThrow(
        expect.objectContaining({
          code: 'FMT-001',
          fix: expect.objectContaining({ en: expect.stringContaining('4101') }),
        }),
      )
    }
    const table = put(
      'list.csv',
      'QDLSH,BAH,XB,NL_S,NL_T,XSE_CSTZ,RYSJ,CYSJ,SJZYTS,LYFS_BM,JBDM,JBDM1,SSJCZBM,ZFY\nS1,7,2,0,12,3200,2025-03-01,2025-03-08,7,1,P36.900,P59.900,,1200.5\nS2,8,1,52,,,2025-03-01,2025-03-08,7,4,K35.800x001,,47.0100,8800\n',
    )
    const { rows, rejects } = readAll([table])
    expect(rejects).toEqual([])
    expect(rows).toMatchObject([
      { id: '7', sex: 2, age: 0, ageDays: 12, weight: 3200, los: 7, way: 1, cost: 120_050 },
      { id: '8', sex: 1, age: 52, way: 4, cost: 880_000 },
    ])
  })
})
