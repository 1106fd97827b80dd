import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importTables } from '../../../grouper/scheme/import.ts'
import { reportText } from '../../../grouper/scheme/report.ts'
import { put } from '../../temporary.ts'
import { faultOf } from './faults.ts'
import { SMALL, withTables } from './small.ts'

const REASON = 'reason: { zh: 原表有误, en: the table is wrong }'

function amended<T>(
  text: string,
  name: string,
  use: (imported: ReturnType<typeof importTables>) => T,
  tables: Readonly<Record<string, string>> = SMALL,
): T {
  return withTables(tables, folder => use(importTables(folder, { id: 'small', amend: [put(folder, name, text)] })))
}

function fault(
  text: string,
  name = 'a.yaml',
  tables: Readonly<Record<string, string>> = SMALL,
): { zh: string; en: string } {
  return withTables(tables, folder => {
    const file = put(folder, name, text)
    return faultOf(() => importTables(folder, { id: 'small', amend: [file] }), join(folder, '/'))
  })
}

const YAML = `amendments:
  - ${REASON}
    source: 正文第 3 页
    replace:
      DRG:
        - where: { DRG: BB15 }
          with: { 排序: 0, DRG名称: 开颅 }
      MDC:
        - where: { MDC编码: MDCB, MDC规则: "ZYZD  in DI_B00" }
          with: { MDC规则: "{ZYZD, QTZD} in DI_B00" }
    remove:
      CC: [{ 疾病编码: J44.900 }]
    add:
      集合:
        - { 集合编号: DI_B00, ICD编码: [G93.601, G93.602] }
      排除表:
        - { 集合编号: EX_1, ICD编码: I50.908 }
`

const CSV = `\ufeff表,操作,理由,来源,集合编号,ICD编码,DRG,DRG名称,MDC编码,MDC规则,排序
DRG,改,原表有误,正文第 3 页,,,BB15,开颅,,,0
MDC,改,原表有误,正文第 3 页,,,,,MDCB,"{ZYZD, QTZD} in DI_B00",
CC,删,原表有误,正文第 3 页,,J44.900,,,,,
集合,增,原表有误,正文第 3 页,DI_B00,G93.601,,,,,
集合,增,原表有误,正文第 3 页,DI_B00,G93.602,,,,,
排除表,增,原表有误,正文第 3 页,EX_1,I50.908,,,,,
`

describe.each([
  ['YAML', 'a.yaml', YAML],
  ['a CSV table', 'a.csv', CSV],
])('amendments in %s', (_, name, text) => {
  it('change the tables before they are read', () => {
    amended(text, name, ({ scheme }) => {
      const b = scheme.mdcs.find(mdc => mdc.code === 'MDCB')!
      expect(b.rule.text).toBe('{ZYZD, QTZD} in DI_B00')
      expect(b.adrgs[0]!.drgs.map(drg => `${drg.code} ${drg.name}`)).toEqual(['BB15 开颅', 'BB11 开颅，伴'])
      expect([...scheme.complications.keys()]).toEqual(['I50.900'])
      expect(scheme.sets.get('DI_B00')).toEqual({
        id: 'DI_B00',
        kind: 'diagnosis',
        codes: ['A01.002+G01*', 'G93.600x003', 'G93.601', 'G93.602'],
      })
      expect(scheme.exclusions.get('EX_1')).toEqual(['I50.900', 'I50.907', 'I50.908'])
    })
  })

  it('are recorded in the provenance and in the report', () => {
    amended(text, name, ({ scheme, report }) => {
      const [record] = scheme.manifest.amendments!
      expect(record).toMatchObject({ source: '正文第 3 页', added: 3, removed: 1, replaced: 2 })
      expect(record!.reason.zh).toBe('原表有误')
      expect(reportText(report, 'zh')).toContain('\n修订（1）\n  增 3 删 1 改 2：原表有误（正文第 3 页）\n')
      // What the tables hold is reported as they were given.
      expect(report.tables.find(({ table }) => table === 'CC')!.rows).toBe(2)
    })
  })
})

it('amendments that the manifest names are found beside it', () => {
  const tables = { ...SMALL, 'manifest.yaml': 'id: small\namend: [a.yaml]\n', 'a.yaml': YAML }
  withTables(tables, folder => expect(importTables(folder).scheme.complications.size).toBe(1))
})

describe('an amendment that cannot be carried out', () => {
  const one = (change: string): string => `amendments:\n  - ${REASON}\n    ${change}\n`

  it.each([
    [
      'an unknown column',
      one('remove: { 集合: [{ 集合: DI_B00, ICD编码: G93.600x003 }] }'),
      'AMD-001 a.yaml [amendments.0.remove.集合.0]  集合 表没有列“集合”。可用的列：集合编号、ICD编码、ICD名称、类型编号。',
      'AMD-001 a.yaml [amendments.0.remove.集合.0]  The table 集合 has no column "集合". Its columns are 集合编号, ICD编码, ICD名称, 类型编号.',
    ],
    [
      'a row that is not named',
      one('remove: { 集合: [{ ICD编码: G93.600x003 }] }'),
      'AMD-002 a.yaml [amendments.0.remove.集合.0]  没有写明 集合编号，不知道是 集合 表的哪一行。请补上。',
      'AMD-002 a.yaml [amendments.0.remove.集合.0]  集合编号 is not given; it is not clear which row of the table 集合 is meant. Add it.',
    ],
    [
      'a row that is not there',
      one('remove: { 集合: [{ 集合编号: DI_B00, ICD编码: G93.601 }] }'),
      'AMD-004 a.yaml [amendments.0.remove.集合.0]  集合 表中没有这样的行 DI_B00 G93.601。请核对编码；若原表已改正，请从修订文件中删去这一条。',
      'AMD-004 a.yaml [amendments.0.remove.集合.0]  The table 集合 has no such row DI_B00 G93.601. Check the codes; if the table has been corrected since, take this out of the amendments.',
    ],
    [
      'a row that is there already',
      one('add: { 集合: [{ 集合编号: DI_B00, ICD编码: G93.600x003 }] }'),
      'AMD-004 a.yaml [amendments.0.add.集合.0]  DI_B00 G93.600x003 已在 集合 表中。请核对编码；若原表已改正，请从修订文件中删去这一条。',
      'AMD-004 a.yaml [amendments.0.add.集合.0]  The table 集合 already has DI_B00 G93.600x003. Check the codes; if the table has been corrected since, take this out of the amendments.',
    ],
    [
      'a replacement that changes nothing',
      one('replace: { DRG: [{ where: { DRG: BB15 }, with: { 排序: 2 } }] }'),
      'AMD-004 a.yaml [amendments.0.replace.DRG.0]  DRG 表中没有这样的行 BB15，或其内容已是如此。请核对编码；若原表已改正，请从修订文件中删去这一条。',
      'AMD-004 a.yaml [amendments.0.replace.DRG.0]  The table DRG has no such row BB15, or it already reads so. Check the codes; if the table has been corrected since, take this out of the amendments.',
    ],
  ])('%s', (_, text, zh, en) => {
    expect(fault(text)).toEqual({ zh, en })
  })

  it('several rows of one code', () => {
    const tables = { ...SMALL, ADRG: `${SMALL.ADRG}BB1,开颅,ZYSS in OP_ALL,MDCB,3\n` }
    const text = one('replace: { ADRG: [{ where: { ADRG编码: BB1 }, with: { ADRG名称: 开颅术 } }] }')
    expect(fault(text, 'a.yaml', tables)).toEqual({
      zh: 'AMD-005 a.yaml [amendments.0.replace.ADRG.0]  BB1 在 ADRG 表中有 2 行。请再写一列（例如规则原文）说明是哪一行。',
      en: 'AMD-005 a.yaml [amendments.0.replace.ADRG.0]  BB1 has 2 rows in the table ADRG. Give a further column, for instance the rule as it stands, to say which row is meant.',
    })
  })

  it('a column that the table lacks', () => {
    const tables = {
      ...SMALL,
      MDC: 'MDC编码,MDC名称,MDC规则\nMDCB,神经系统,ZYZD in DI_B00\nMDCA,先期,ZYSS in OP_AA1\n',
    }
    expect(fault(one('replace: { MDC: [{ where: { MDC编码: MDCB }, with: { 排序: 9 } }] }'), 'a.yaml', tables)).toEqual(
      {
        zh: 'AMD-006 a.yaml [amendments.0.replace.MDC.0]  要导入的 MDC 表没有“排序”这一列。请在原表中补上该列，或去掉这一项。',
        en: 'AMD-006 a.yaml [amendments.0.replace.MDC.0]  The table MDC to import has no column "排序". Add the column to the table, or leave this out.',
      },
    )
  })

  it('a cell of a CSV table that is not known', () => {
    expect(fault('表,操作,理由,ICD编码\nCC,去,x,J44.900\n', 'a.csv')).toEqual({
      zh: 'AMD-003 a.csv:2 [操作]  “去”无法识别。请填写，例如：add、增、增加、remove、删、删除、replace、改、替换。',
      en: 'AMD-003 a.csv:2 [操作]  "去" is not known. Write it, for instance: add, 增, 增加, remove, 删, 删除, replace, 改, 替换.',
    })
    expect(fault('表,操作,理由,ICD编码\nCC,删,,J44.900\n', 'a.csv').zh).toMatch(
      /^AMD-003 a\.csv:2 \[理由\] {2}修订表缺少这一项。/,
    )
  })

  it('a rule that is wrong is a fault of the amendment', () => {
    const text = one('replace: { MDC: [{ where: { MDC编码: MDCB }, with: { MDC规则: ZYZD in DI_B01 } }] }')
    expect(fault(text).en).toMatch(/^RUL-005 a\.yaml:9 \[MDC规则\] {2}There is no set DI_B01\./)
  })

  it('a number where a code is meant', () => {
    const of = (code: string): string => one(`add: { 集合: [{ 集合编号: OP_BB1, ICD编码: ${code} }] }`)
    expect(fault(of('01.2500')).en).toBe(
      'DOC-002 a.yaml:3:40 [amendments.0.add.集合.0.ICD编码]  put 1.25 in quotes, with all its zeros. Correct the field as documented.',
    )
    expect(fault(of('[01.2500]')).en).toMatch(/^DOC-002 a\.yaml:3:/)
    amended(of('"01.2500"'), 'a.yaml', ({ scheme }) => {
      expect(scheme.sets.get('OP_BB1')!.codes).toEqual(['01.2400', '01.2500'])
    })
  })
})
