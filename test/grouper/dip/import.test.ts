import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { writeWorkbook } from '../../../files/index.ts'
import { dipReportText, importCatalogue, loadCatalogue, matchCase } from '../../../grouper/index.ts'
import { runCli } from '../../cli/run.ts'
import { put, temporaryFolder } from '../../temporary.ts'

const folder = temporaryFolder()
const NOTE = 'A00-A09|C15-C26|D01|\nD12|D13|D37|I85 |K20-K93作为主要诊断，可作为主要手术操作'

/** A workbook laid out as the official one: titles above headers, two tables on a sheet, line breaks in cells. */
async function official(name: string, change: (sheets: Sheets) => void = () => {}): Promise<string> {
  const sheets: Sheets = {
    '一、先期分组': [
      ['按病种分值（DIP）付费3.0版分组方案'],
      ['先期分组'],
      ['分类', '序号', '分组名称', '主要诊断编码', '主要诊断名称', '主要手术操作编码', '主要手术操作名称', '说明'],
      ['XQ', 1, '心肺移植', '所有诊断', '', '33.6x00', '联合心肺移植', ''],
      ['XQ', 13, '有创呼吸机支持伴CRRT', '所有诊断', '', '96.7201+39.9500x007', '', '不限定为主要手术操作'],
      ['分类', '序号', '分组名称', '主要诊断编码', '主要诊断名称', '天龄', '出生体重', '说明'],
      ['XQ', 16, '超低出生体重儿', 'P07', '', '<29天', '出生体重0-999克', ''],
    ],
    '二、并项规则下的核心病种': [
      ['并项'],
      [
        '分类',
        '序号',
        '主要诊断编码',
        '主要诊断名称',
        '主要手术操作编码',
        '主要手术操作名称',
        '相关手术操作编码',
        '相关手术操作名称',
      ],
      ['BX', 1033, 'K80', '胆石病', '51.8500x002', 'EST', '51.8800x009 |51.8800x009\n|51.2300', '取石'],
      ['BX', 1034, 'M47.0+', '椎动脉压迫', '81.0100|81.0200', '', '', ''],
    ],
    '三、诊断辅助细分-烧伤类病种': [
      ['烧伤'],
      [''],
      [
        '分类',
        '序号',
        '主要诊断编码',
        '烧伤腐蚀伤程度',
        '其他诊断编码',
        '烧伤腐蚀伤面积',
        '主要手术操作编码',
        '主要手术操作名称',
        '相关手术操作编码',
      ],
      ['FZ', 1745, 'T20.2|T20.6|T21.2', '二度', 'T31.0|T32.0', '＜10%', '', '', ''],
      ['FZ', 1754, 'T20.2|T20.6|T21.2', '二度', 'T31.5|T31.6', '≥50%', '', '', ''],
    ],
    '三、诊断辅助细分-肿瘤类病种': [
      ['肿瘤'],
      [
        '分类',
        '序号',
        '主要诊断编码',
        '主要诊断名称',
        '其他诊断编码',
        '其他诊断名称',
        '主要手术操作/\n相关手术操作编码',
        '主要手术操作/\n相关手术操作名称',
      ],
      ['FZ', 1771, 'Z51.1', '化疗', 'C00-C75', '', '99.2503+99.2800x005', ''],
    ],
    '三、诊断辅助细分-结核类病种': [
      ['结核'],
      [
        '分类',
        '序号',
        '主要诊断编码',
        '主要诊断名称',
        '主要手术操作编码',
        '主要手术操作名称',
        '是否耐药',
        '是否耐药说明',
      ],
      ['FZ', 1836, 'A15-A16', '肺结核', '', '', '是', 'U84.300'],
      ['FZ', 1837, 'A15-A16', '肺结核', '', '', '否', ''],
    ],
    '四、基础规则下的核心病种': [
      ['基础'],
      ['分类', '序号', '主要诊断编码', '主要诊断名称', '主要手术操作编码', '主要手术操作名称'],
      ['JC', 1858, 'A01.0', '伤寒', '', ''],
      ['JC', 1859, 'K35', '急性阑尾炎', '47.0100', '腹腔镜下阑尾切除术'],
    ],
    '五、不纳入分组的主要诊断': [['不纳入'], [''], ['主要诊断编码', '主要诊断名称'], ['Z51.100', '放疗']],
    '五、不纳入分组的主要手术操作': [
      ['不纳入'],
      ['主要手术操作编码', '主要手术操作名称', '说明'],
      ['11.6000', '', '按保守治疗入组'],
      ['17.4100', '', '不可作为主要手术操作'],
      ['45.2302', '', NOTE],
    ],
    '六、基层病种': [
      ['基层'],
      ['序号', '主要诊断编码', '主要诊断名称', '主要手术操作编码', '主要手术操作名称'],
      [1, 'K64', '痔', '49.4500|49.4600', ''],
    ],
    '附表—结核耐药诊断': [
      ['主要诊断编码', '主要诊断名称'],
      ['A15.000x010', ''],
    ],
    填写说明: [['本表仅供参考']],
  }
  change(sheets)
  const file = join(folder, `${name}.xlsx`)
  await writeWorkbook(
    file,
    Object.entries(sheets).map(([sheet, rows]) => ({ name: sheet, rows })),
  )
  return file
}

type Sheets = Record<string, (string | number)[][]>

describe('the official workbook', () => {
  test('is read by sheets and headers, several tables on a sheet', async () => {
    const { catalogue, report } = await importCatalogue(await official('whole'), { id: 'whole' })
    expect(report.counts).toEqual({
      XQ: 3,
      BX: 2,
      FZ: 5,
      JC: 2,
      ZH: 0,
      excludedDiagnoses: 1,
      excludedOperations: 3,
      tags: 1,
      drugResistant: 1,
      properties: 0,
    })
    const group = (code: string) => catalogue.groups.find(each => each.code === code)
    expect(group('XQ-13')).toMatchObject({ main: ['96.7201'], related: [['39.9500x007']], position: 'any', dx: [] })
    expect(group('XQ-16')).toMatchObject({ dx: [], conditions: { anyDx: ['P07'], ageDaysBelow: 29, weight: [0, 999] } })
    expect(group('BX-1033')).toMatchObject({
      related: [['51.8800x009', '51.2300']],
      name: '胆石病，EST，取石',
      source: {
        sheet: '二、并项规则下的核心病种',
        row: 3,
        raw: ['K80', '51.8500x002', '51.8800x009 |51.8800x009 |51.2300'],
      },
    })
    expect(group('BX-1034')).toMatchObject({ dx: ['M47.0'], source: { raw: ['M47.0+', '81.0100|81.0200', ''] } })
    expect(group('FZ-1745')).toMatchObject({ conditions: { burnArea: [0, 9], burnDegree: 2 } })
    expect(group('FZ-1754')).toMatchObject({ conditions: { burnArea: [50, 100] } })
    expect(group('FZ-1771')).toMatchObject({ position: 'any', conditions: { otherDx: ['C00-C75'] } })
    expect(group('FZ-1836')).toMatchObject({ dx: ['A15-A16'], conditions: { drugResistant: true } })
    expect(catalogue.lists.excludedOperations.get('45.2302')?.scope).toContain('D12')
    expect(report.findings.map(({ code }) => code)).toContain('DIP-101')
    expect(dipReportText(report, 'zh')).toContain('填写说明  没有认得的表头，未读取')
    expect(matchCase(catalogue, { diagnoses: ['A16.001', 'U84.300'], procedures: [] }).code).toBe('FZ-1836')
  })

  test('all faults are told at once, each with sheet, cell and remedy', async () => {
    const file = await official('broken', sheets => {
      sheets['二、并项规则下的核心病种']!.push(
        ['BX', 1035, 'K80', '', 51.23, '', '', ''],
        ['BX', 1036, '胆石', '', '51.2300+K35', '', '', ''],
      )
      sheets['四、基础规则下的核心病种']!.push(['QQ', 1860, 'A01.0', '', '', ''], ['JC', 1861, '', '', '', ''])
      sheets['五、不纳入分组的主要手术操作']!.push(['11.6100', '', '待定'])
    })
    const { code, err } = await runCli(`scheme import ${file} --id broken --out ${join(folder, 'out')}`)
    expect(code).toBe(65)
    for (const part of [
      'DIP-015',
      '二、并项规则下的核心病种:5 [主要手术操作编码 E5]',
      '51.23',
      'Format column E as text',
      '"胆石" cannot be read',
      '"K35" cannot be read',
      '[分类 A5]  "QQ" cannot be read. Write XQ, BX, FZ, JC, ZH',
      'The cell is empty',
      '"待定" cannot be read',
    ])
      expect(err).toContain(part)
  })

  test('a workbook without any table of groups is refused with what it has', async () => {
    const file = join(folder, 'none.xlsx')
    await writeWorkbook(file, [{ name: '目录', rows: [['第一章', '第二章']] }])
    const { err } = await runCli(`scheme import ${file} --id none --out ${join(folder, 'none')} --lang zh`, 'zh')
    expect(err).toContain('DIP-011')
    expect(err).toContain('现有 目录')
  })
})

describe("a city's catalogue", () => {
  const rows = [
    '某市DIP病种目录,,,,,,',
    'DIP编码,DIP名称,病种类型,ICD编码,手术,RW值,次均费用,操作类型',
    '10001,急性阑尾炎 阑尾切除,核心,K35.9,47.0100/47.0901,612.35,"9,173.50",',
    '10002,急性阑尾炎 联合松解,核心,K35.9,47.0100/47.0901+54.5100x005,800,13385,',
    '10003,急性阑尾炎,核心,K35.9,,245.1,4099,保守',
    'K-1,消化系统其他,综合,K,,100,1000,保守',
    'K35-4,阑尾炎手术,综合,K35,,500,5000,手术',
    ',胃镜,综合,K2,,90,900,诊断',
  ].join('\n')

  test('is read by its own titles and signs, with scores, comprehensive groups and any operation as main', async () => {
    const file = put(folder, 'city.csv', rows)
    put(
      folder,
      'city.yaml',
      [
        'id: dip-city',
        'edition: "2.0"',
        'dialect: { and: "+", or: "/" }',
        'headers: { dx: [ICD编码], main: [手术], score: [RW值] }',
        'matching: { mainOperation: any, comprehensive: listed, comprehensiveBy: highest }',
        'lists: { properties: { surgery: ["47.0901"], diagnostic: ["44.1300"] } }',
      ].join('\n'),
    )
    const { catalogue, report } = await importCatalogue(file)
    expect(report.findings.map(({ code }) => code)).not.toContain('DIP-104')
    const unread = put(folder, 'unread.csv', rows.replace('ICD编码', '诊断编码'))
    await expect(importCatalogue(unread, { id: 'unread' })).rejects.toThrow('DIP-016')
    const blind = await importCatalogue(put(folder, 'blind.csv', '诊断编码,分值\nK35.9,800\n'), { id: 'blind' })
    expect(dipReportText(blind.report, 'en')).toContain('warning DIP-104 blind  there is no column of operations')
    expect(catalogue.groups.map(({ code, layer }) => `${layer} ${code}`)).toEqual([
      'JC 10001',
      'JC 10002',
      'JC 10003',
      'ZH K-1',
      'ZH K35-4',
      'ZH ZH-6',
    ])
    expect(catalogue.groups[0]).toMatchObject({
      main: ['47.0100', '47.0901'],
      figures: { score: 6_123_500, meanCost: 917_350 },
      source: { sheet: 'city', row: 3, raw: ['K35.9', '47.0100/47.0901', ''] },
    })
    const code = (diagnoses: string[], procedures: string[]): string =>
      matchCase(catalogue, { diagnoses, procedures }).code
    expect(code(['K35.900'], ['54.5100x005', '47.0901'])).toBe('10002')
    expect(code(['K35.900'], ['99.0400', '47.0100'])).toBe('10001')
    expect(code(['K35.900'], [])).toBe('10003')
    expect(code(['K35.200'], ['47.0901'])).toBe('K35-4')
    expect(code(['K25.900'], ['44.1300'])).toBe('ZH-6')
    expect(code(['K90.000'], [])).toBe('K-1')
    expect(code(['I10.x00'], [])).toBe('0000')
  })

  test('is read in GB18030 and with tabs or semicolons, as spreadsheets save it', async () => {
    const text = 'DIP病种编码,主诊断编码,主手术编码,病种分值\nX1,K35.9,47.0100,812\n'
    const named = (name: string, content: string | Uint8Array): string => {
      const file = join(folder, name)
      writeFileSync(file, content)
      return file
    }
    const plain = await importCatalogue(named('plain.csv', text), { id: 'plain' })
    expect(plain.catalogue.groups).toMatchObject([{ code: 'X1', main: ['47.0100'], figures: { score: 8_120_000 } }])
    for (const file of [
      named('gbk.csv', iconv.encode(text, 'gb18030')),
      named('tabs.tsv', text.replaceAll(',', '\t')),
      named('semicolons.csv', text.replaceAll(',', ';')),
    ]) {
      const { catalogue } = await importCatalogue(file, { id: 'plain' })
      expect(catalogue.hash).toBe(plain.catalogue.hash)
    }
  })

  test('tells what is meant where titles or codes are not known', async () => {
    const told = async (text: string): Promise<{ code: number; err: string }> => {
      const file = put(folder, 'unknown.csv', text)
      return runCli(`scheme import ${file} --id unknown --out ${join(folder, 'unknown')} --lang zh`, 'zh')
    }
    const blind = await told('病种编码,主要诊断编码,操作代号\nX1,K35.9,47.0100\nX2,K35.8,47.0100/47.0901\n')
    expect([blind.code, blind.err]).toEqual([65, expect.stringContaining('DIP-016 ')])
    expect(blind.err).toContain('headers: { main: [操作代号] }')
    const foreign = await told('目录\n诊断,手术,分数\nK35.9,47.0100,812\n')
    expect(foreign.err).toMatch(/DIP-011 .*从内容看，可写 headers: \{ dx: \[诊断\], main: \[手术\] \}/)
    expect((await told('主要诊断编码,手术操作编码\n')).err).toContain('病种表中没有一行病种')
    expect((await told('主要诊断编码,手术操作编码\nK359,47.0100\n')).err).toContain('是否为 K35.9？')
    const second = await told('主要诊断编码,手术操作编码,第二手术\nK35.9,47.01,54.5100x005\n')
    expect([second.code, second.err]).toEqual([0, expect.stringContaining('其中 第二手术 是编码')])
    expect(second.err).toContain('47.01 (47.0100?)')
  })

  test('is exported with its own signs, codes and scores, and imported again', async () => {
    const pack = join(folder, 'pack')
    const table = join(folder, 'again.xlsx')
    await runCli(`scheme import ${join(folder, 'city.csv')} --out ${pack}`)
    expect((await runCli(`scheme export ${pack} --out ${table}`)).code).toBe(0)
    expect((await runCli(`scheme import ${table} --out ${join(folder, 'again')}`)).code).toBe(0)
    expect((await runCli(`scheme diff ${pack} ${join(folder, 'again')}`)).out).toContain('6 unchanged, 0 recoded')
  })
})

test('costs of related operations are read, kept in the pack and in exported tables, and decide by the bill', async () => {
  const rows = ['O82,74.1x01,,JC,', 'O82,74.1x01,68.2901,BX,"1,200.50"', 'O82,,,ZH,', '']
  const head = '主要诊断编码,主要手术操作编码,相关手术操作编码,分类,相关手术费用'
  put(folder, 'share.csv', [head, ...rows].join('\n'))
  put(folder, 'share.yaml', 'id: share\nmatching: { relatedShare: 10, comprehensive: listed }\n')
  const table = join(folder, 'share.xlsx')
  expect(
    (await runCli(`scheme import ${join(folder, 'share.csv')} --kind dip --out ${join(folder, 'share')}`)).code,
  ).toBe(0)
  expect((await runCli(`scheme export ${join(folder, 'share')} --out ${table}`)).code).toBe(0)
  const { catalogue, report } = await importCatalogue(table)
  expect(catalogue.hash).toBe(loadCatalogue(join(folder, 'share')).hash)
  // The sheet of comprehensive groups needs no column of operations.
  expect(report.findings.map(({ code }) => code)).not.toContain('DIP-104')
  const codeAt = (totalCost?: number): string => {
    const bill = totalCost === undefined ? {} : { totalCost }
    return matchCase(catalogue, { diagnoses: ['O82.000'], procedures: ['74.1x01', '68.2901'], ...bill }).code
  }
  expect([codeAt(), codeAt(12_005_00), codeAt(12_005_01)]).toEqual(['BX-2', 'BX-2', 'JC-1'])
  put(folder, 'share.csv', [head, 'O82,74.1x01,68.2901,BX,-3'].join('\n'))
  const bad = await runCli(`scheme import ${join(folder, 'share.csv')} --kind dip --out ${join(folder, 'bad')}`)
  expect([bad.code, bad.err]).toEqual([expect.not.stringMatching(/^0$/), expect.stringContaining('DIP-014')])
})

test('options of DRG schemes, and DRG commands on a catalogue, are refused', async () => {
  put(folder, 'rows.csv', '主要诊断编码\nK35\n')
  const amend = await runCli(
    `scheme import ${join(folder, 'rows.csv')} --id x --out ${join(folder, 'x')} --extends chs-drg-2.0`,
  )
  expect([amend.code, amend.err]).toEqual([64, expect.stringContaining('DIP-018')])
  const witness = await runCli('scheme witness dip-3.0-sample')
  expect([witness.code, witness.err]).toEqual([65, expect.stringContaining('PCK-014')])
  const near = await runCli('group --scheme dip-3.0-sampel x.csv')
  expect(near.err).toContain('Did you mean dip-3.0-sample?')
})
