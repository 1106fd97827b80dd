import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Case } from '../../../grouper/cases/case.ts'
import { interpret } from '../../../grouper/drg/interpret.ts'
import { findingText } from '../../../grouper/scheme/finding.ts'
import { importTables, importWorkbook } from '../../../grouper/scheme/import.ts'
import { reportText } from '../../../grouper/scheme/report.ts'
import { put, temporaryFolder } from '../../temporary.ts'
import { SMALL, withTables } from './small.ts'
import { PLAIN, putWorkbook, QUIRKS, THIRD } from './workbooks.ts'

const folder = temporaryFolder()

describe('a plain workbook', async () => {
  const file = await putWorkbook(folder, PLAIN, 'plain.xlsx')

  it('gives what the same tables as CSV files give', async () => {
    const { scheme } = await importWorkbook(file, { id: 'small' })
    const csv = withTables(SMALL, tables => importTables(tables, { id: 'small' }))
    expect(scheme).toEqual(csv.scheme)
  })

  it('has its manifest beside it', async () => {
    writeFileSync(join(folder, 'plain.yaml'), 'id: city-2026\nname: 某市方案\nnewbornWeight: admission\n')
    const { scheme } = await importWorkbook(file)
    expect(scheme.manifest).toMatchObject({ id: 'city-2026', name: { zh: '某市方案' }, newbornWeight: 'admission' })
  })
})

describe('a workbook in the official layout with all its quirks', async () => {
  const file = await putWorkbook(folder, QUIRKS, 'quirks.xlsx')
  const { scheme, report } = await importWorkbook(file, { id: 'quirks' })

  it('is the small scheme with fallback rows at the end of their scopes', () => {
    const shape = scheme.mdcs.flatMap(mdc => [
      `${mdc.code} ${mdc.rule.text}`,
      ...mdc.adrgs.map(adrg => `${adrg.code} ${adrg.rule.text}: ${adrg.drgs.map(drg => drg.code).join(' ')}`),
    ])
    expect(shape).toEqual([
      'MDCA ZYSS IN OP_AA1',
      'AA1 ZYSS in OP_AA1: AA19',
      'MDCB ZYZD in DI_B00',
      'BB1 {ZYSS, QTSS} in OP_BB1: BB11 BB15',
      'BQY ZYSS in OP_ALL: BQY',
      'BR1 (ZYZD in DI_B00): BR19',
      'B00 : B000',
      '0000 ',
      '000 : 0000',
    ])
    const small = withTables(SMALL, tables => importTables(tables, { id: 'small' })).scheme
    expect([scheme.sets, scheme.complications, scheme.exclusions]).toEqual([
      small.sets,
      small.complications,
      small.exclusions,
    ])
  })

  it('is reported sheet by sheet', () => {
    expect(reportText(report, 'en').split('\n').slice(3, 7)).toEqual([
      '  MDC: quirks.xlsx!MDC, header in line 2, 3 rows',
      '    code = MDC编码 (1), name = MDC 名称 (2), rule = MDC规则 (3), order = 排序 (4)',
      '  ADRG: quirks.xlsx! adrg , header in line 1, 6 rows',
      '    code = ADRG编码 (2), name = ADRG名称 (3), rule = ADRG规则 (4), mdc = 所属MDC编码 (5), order = 排序 (6)',
    ])
  })

  it('says what was repaired and where', () => {
    expect(report.findings.map(finding => findingText(finding, 'zh'))).toEqual([
      '说明 IMP-102 集合:4  去掉 2 行重复，首行如左',
      '说明 IMP-112 集合:2 [ICD编码]  2 个编码含空格或全角字符，已去掉，首行如左',
      '说明 IMP-110 集合:2 DI_B00 [类型]  类型“T001”未写明诊断或手术操作，按编号视为诊断',
      '说明 IMP-110 集合:5 OP_AA1 [类型]  类型“T002”未写明诊断或手术操作，按编号视为手术操作',
      '说明 IMP-110 集合:6 OP_BB1 [类型]  类型“T002”未写明诊断或手术操作，按编号视为手术操作',
      '说明 IMP-110 集合:7 OP_ALL [类型]  类型“T002”未写明诊断或手术操作，按编号视为手术操作',
      '说明 IMP-108 MDC:4 [MDC规则]  2 条规则含多余的空白、换行或全角字符，已整理，首行如左',
      '说明 IMP-108 ADRG:5 [ADRG规则]  1 条规则含多余的空白、换行或全角字符，已整理，首行如左',
      '说明 IMP-101 MDC:3 0000  兜底行没有排在最后，已移到所在范围的末尾',
      '说明 IMP-101 ADRG:3 B00  兜底行没有排在最后，已移到所在范围的末尾',
    ])
  })
})

describe('a workbook in the shapes of version 3.0', async () => {
  const file = await putWorkbook(folder, THIRD, 'third.xlsx')
  put(folder, 'third.yaml', 'id: third\nnewbornWeight: admission\n')
  const { scheme } = await importWorkbook(file)
  const gall = ['K80.101']
  const two = ['51.2300', '54.5100']
  const newborn = { ageYears: 0, diagnoses: ['P07.000'] }

  it.each<[string, Case]>([
    ['GB10', { ageYears: 75, diagnoses: [...gall, 'I50.900'], procedures: [...two, '17.4200'] }],
    ['GB1E', { ageYears: 70, diagnoses: [...gall, 'I50.900'], procedures: two }],
    ['GB11', { ageYears: 69, diagnoses: [...gall, 'I50.900'], procedures: two }],
    ['GB1F', { ageYears: 70, diagnoses: [...gall, 'J44.900'], procedures: two }],
    ['GB13', { ageYears: 69, diagnoses: [...gall, 'J44.900'], procedures: two }],
    ['GB1G', { ageYears: 70, diagnoses: gall, procedures: two }],
    ['GB15', { ageYears: 69, diagnoses: gall, procedures: two }],
    // The same procedure twice is one code.
    ['GB29', { ageYears: 69, diagnoses: gall, procedures: ['51.2300', '51.2300'] }],
    ['GB2C', { ageYears: 6, diagnoses: gall, procedures: ['51.2300'] }],
    ['GB2H', { ageYears: 70, diagnoses: gall, procedures: ['51.2300'] }],
    ['GQY', { ageYears: 50, diagnoses: gall, procedures: ['01.2400'] }],
    ['GZ15', { ageYears: 50, diagnoses: gall, procedures: [] }],
    ['OB11', { sex: 2, ageYears: 30, diagnoses: ['O14.200'], procedures: [] }],
    ['OB15', { sex: 2, ageYears: 30, diagnoses: ['O80.000'], procedures: [] }],
    ['0000', { sex: 1, ageYears: 30, diagnoses: ['O80.000'], procedures: [] }],
    ['PS19', { ...newborn, ageDays: 3, weight: 999, procedures: [] }],
    ['PS29', { ...newborn, ageDays: 3, weight: 1000, procedures: [] }],
    ['PU19', { ...newborn, ageDays: 40, weight: 1500, procedures: [] }],
    // At 29 days and more an operation keeps a case out of MDCP.
    ['0000', { ...newborn, ageDays: 40, weight: 1500, procedures: ['01.2400'] }],
    ['P000', { ageYears: 0, ageDays: 28, diagnoses: ['I50.900'], procedures: [] }],
  ])('groups %s by its rules', (drg, given) => {
    expect(interpret(scheme, { sex: 1, ...given }).drg).toBe(drg)
  })

  it('declares which weight it means', () => {
    expect(scheme.manifest.newbornWeight).toBe('admission')
  })

  it('takes the seven exclusion rows that the published workbook omits', async () => {
    const amend = put(
      folder,
      'exclusions.csv',
      `操作,表,理由,来源,集合编号,ICD编码
增,排除表,工作簿漏列的排除诊断,3.0版分组方案,EX_103,P22.100
增,排除表,工作簿漏列的排除诊断,3.0版分组方案,EX_103,P24.100
增,排除表,工作簿漏列的排除诊断,3.0版分组方案,EX_104,P39.800
增,排除表,工作簿漏列的排除诊断,3.0版分组方案,EX_105,P55.100
增,排除表,工作簿漏列的排除诊断,3.0版分组方案,EX_105,P59.900
增,排除表,工作簿漏列的排除诊断,3.0版分组方案,EX_107,P78.800
增,排除表,工作簿漏列的排除诊断,3.0版分组方案,EX_128,S02.400
`,
    )
    const amended = await importWorkbook(file, { amend: [amend] })
    const text = '工作簿漏列的排除诊断'
    expect(amended.scheme.manifest.amendments).toEqual([
      { reason: { zh: text, en: text }, source: '3.0版分组方案', added: 7, removed: 0, replaced: 0 },
    ])
    expect(amended.scheme.exclusions.get('EX_103')).toEqual(['I50.900', 'P22.100', 'P24.100'])
    expect([...amended.scheme.exclusions.values()].flat()).toHaveLength(12)
  })
})
