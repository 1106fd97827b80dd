import { describe, expect, it } from 'vitest'
import { findingText } from '../../../grouper/scheme/finding.ts'
import { type Imported, type ImportOptions, importTables } from '../../../grouper/scheme/import.ts'
import { reportText } from '../../../grouper/scheme/report.ts'
import { hasReference, reference } from '../../reference.ts'
import { faultOf } from './faults.ts'
import { SMALL, withTables } from './small.ts'

function run(changes: Readonly<Record<string, string>> = {}, options: ImportOptions = { id: 'small' }): Imported {
  return withTables({ ...SMALL, ...changes }, folder => importTables(folder, options))
}

function fault(
  changes: Readonly<Record<string, string>>,
  options: ImportOptions = { id: 'small' },
): { zh: string; en: string } {
  return withTables({ ...SMALL, ...changes }, folder => faultOf(() => importTables(folder, options), folder))
}

/** Finding lines in both languages without the ones of the untouched small scheme (there are none). */
function findings(changes: Readonly<Record<string, string>>): string[] {
  return run(changes).report.findings.flatMap(finding => [findingText(finding, 'zh'), findingText(finding, 'en')])
}

function swap(table: string, from: string, to: string): Record<string, string> {
  const text = SMALL[table]!
  if (!text.includes(from)) throw new Error(`${table} has no ${from}`)
  return { [table]: text.replace(from, to) }
}

function shape({ scheme }: Imported): string[] {
  return scheme.mdcs.flatMap(mdc => [
    mdc.code,
    ...mdc.adrgs.map(adrg => `${adrg.code}: ${adrg.drgs.map(drg => drg.code).join(' ')}`),
  ])
}

describe('a small scheme', () => {
  const { scheme, report } = run()

  it('stands in the order of the order columns', () => {
    expect(shape({ scheme, report })).toEqual(['MDCA', 'AA1: AA19', 'MDCB', 'BB1: BB11 BB15', 'BQY: BQY', 'BR1: BR19'])
  })

  it('knows what its leaves mean', () => {
    const leaves = scheme.mdcs.flatMap(mdc => mdc.adrgs).flatMap(adrg => adrg.drgs)
    expect(leaves.map(({ code, kind }) => [code, kind])).toEqual([
      ['AA19', 'grouped'],
      ['BB11', 'grouped'],
      ['BB15', 'grouped'],
      ['BQY', 'ambiguous'],
      ['BR19', 'grouped'],
    ])
  })

  it('has its sets, complications and exclusions', () => {
    expect(scheme.sets.get('DI_B00')).toEqual({
      id: 'DI_B00',
      kind: 'diagnosis',
      codes: ['A01.002+G01*', 'G93.600x003'],
    })
    expect([...scheme.sets.keys()]).toEqual(['DI_B00', 'OP_AA1', 'OP_ALL', 'OP_BB1'])
    expect([...scheme.complications]).toEqual([
      ['I50.900', { level: 'MCC', table: 'EX_1' }],
      ['J44.900', { level: 'CC', table: '' }],
    ])
    expect([...scheme.exclusions]).toEqual([['EX_1', ['I50.900', 'I50.907']]])
    expect(scheme.barredPrincipal.size).toBe(0)
  })

  it('has the defaults where nothing is said', () => {
    expect(scheme.manifest).toEqual({
      id: 'small',
      name: { zh: 'small', en: 'small' },
      codeSystem: { diagnosis: 'icd10-yb-2.0', procedure: 'icd9cm3-yb-2.0' },
      newbornWeight: 'birth',
      source: { title: 'not stated' },
    })
  })

  it('leaves nothing to say', () => {
    expect(report.findings).toEqual([])
    expect(report.counts).toEqual({ mdc: 2, adrg: 4, drg: 5, sets: 4, setRows: 6, cc: 2, exclusions: 2 })
  })

  it('is reported with the columns that were found', () => {
    const lines = reportText(report, 'en').split('\n')
    expect(lines.slice(0, 5)).toEqual([
      'Import report of the scheme small',
      '',
      'Tables and columns',
      '  MDC: MDC.csv, header in line 1, 2 rows',
      '    code = MDC编码 (1), name = MDC名称 (2), rule = MDC规则 (3), order = 排序 (4)',
    ])
    expect(lines).toContain('To be looked at (0)')
    expect(reportText(report, 'zh').split('\n')).toContain('请核对 (0)')
  })
})

describe('columns', () => {
  it('are found under a title row, behind an empty column, in any order and under other headers', () => {
    const same = run({
      MDC: '医保 MDC 表\n排序, MDC编码 ,MDC名称,备注,MDC规则\n2,MDCB,神经系统,x,ZYZD in DI_B00\n1,MDCA,先期分组,,ZYSS in OP_AA1\n',
      ADRG: SMALL.ADRG!.replace('MDC内排序', '排序').replaceAll(/^/gm, ',').replace(/,$/, ''),
      DRG: SMALL.DRG!.replace('DRG,', '"DRG\n编码",').replace('"DRG\n编码"', 'drg编码'),
      集合: SMALL.集合!.replace('类型编号', '类型'),
      CC: SMALL.CC!.replace('疾病编码', 'ICD编码').replace('疾病名称', 'ICD名称').replace('类型', '类型编号'),
    })
    expect(same.scheme.hash).toBe(run().scheme.hash)
    expect(same.report.tables[0]).toMatchObject({ headerLine: 2, rows: 2 })
    expect(same.report.tables[1]!.columns[0]).toEqual({ field: 'code', header: 'ADRG编码', column: 2 })
    expect(same.report.findings).toEqual([])
  })

  it('keep the line numbers of the file below a title', () => {
    const { en } = fault({ MDC: `标题,,,\n\n${SMALL.MDC!.replace('DI_B00', 'DI_B09')}` })
    expect(en).toMatch(/^RUL-005 \/MDC\.csv:4:9 \[MDC规则\]/)
  })

  it('that are missing are named', () => {
    expect(fault(swap('CC', '排除表,类型', '排除,级别'))).toEqual({
      zh: 'IMP-002 /CC.csv:1  CC 表缺少列 排除表、类型/类型编号；该行为：疾病编码、疾病名称、排除、级别。请按官方配置工作簿的表头命名各列。',
      en: 'IMP-002 /CC.csv:1  The table CC lacks the column 排除表, 类型/类型编号; the row has: 疾病编码, 疾病名称, 排除, 级别. Name the columns as the official workbook does.',
    })
    expect(fault({ CC: 'a,b\n1,2\n' }).en).toMatch(
      /^IMP-002 \/CC\.csv {2}The table CC lacks the column 疾病编码\/ICD编码, /,
    )
  })

  it('of order may be missing; then rows stand as in the file', () => {
    const MDC = 'MDC编码,MDC名称,MDC规则\nMDCB,神经系统,ZYZD in DI_B00\nMDCA,先期分组,ZYSS in OP_AA1\n'
    expect(shape(run({ MDC }))[0]).toBe('MDCB')
    expect(findings({ MDC })).toEqual([
      '说明 IMP-111 MDC  没有排序列，按文件中的先后顺序',
      'note IMP-111 MDC  no order column; rows are tried as they stand',
    ])
  })
})

describe('an import that cannot be done', () => {
  it('IMP-001 names the tables that are missing', () => {
    withTables({ MDC: SMALL.MDC!, ADRG: SMALL.ADRG!, DRG: SMALL.DRG!, 集合: SMALL.集合! }, folder => {
      expect(faultOf(() => importTables(folder, { id: 'small' }), folder)).toEqual({
        zh: 'IMP-001   文件夹中缺少 CC.csv、排除表.csv；现有 ADRG.csv、DRG.csv、MDC.csv、集合.csv。请把官方工作簿的六张表各存为同名的 CSV UTF-8 文件。',
        en: 'IMP-001   The folder lacks CC.csv, 排除表.csv; it has ADRG.csv, DRG.csv, MDC.csv, 集合.csv. Save the six sheets of the official workbook as CSV UTF-8 files of the same names.',
      })
    })
  })

  it.each([
    [
      'IMP-003',
      swap('集合', 'OP_AA1,37.5100', 'OP_AA1,'),
      '/集合.csv:4 [ICD编码]',
      '单元格为空。请填写编码，或删除整行。',
      'The cell is empty. Write the code or delete the row.',
    ],
    [
      'IMP-004',
      swap('DRG', 'BB1,MDCB,2', 'BB1,MDCB,二'),
      '/DRG.csv:3 [排序]',
      'BB15 的排序“二”不是数字。请写正整数，决定先后顺序。',
      'The order "二" of BB15 is not a number. Write a positive integer; it decides which is tried first.',
    ],
    [
      'IMP-005',
      swap('ADRG', 'MDCB,2', 'MDCC,2'),
      '/ADRG.csv:3 [所属MDC编码]',
      'BR1 所属的 MDCC 不在 MDC 表中。请改正，或在 MDC 表中补上该行。',
      'BR1 belongs to MDCC, which the table MDC lacks. Correct it or add the row to the table MDC.',
    ],
    [
      'IMP-005',
      swap('DRG', 'BR19,神经内科,,BR1,MDCB', 'BR19,神经内科,,,MDCB'),
      '/DRG.csv:5 [所属ADRG编码]',
      'BR19 没有写明所属的 ADRG。请改正，或在 ADRG 表中补上该行。',
      'BR19 names no ADRG. Correct it or add the row to the table ADRG.',
    ],
    [
      'IMP-006',
      swap('MDC', 'MDCA,先期分组,ZYSS in OP_AA1,1', 'MDCB,先期分组,ZYSS in OP_AA1,1'),
      '/MDC.csv:3 [MDC编码]',
      'MDCB 出现两次。每个 MDC 只能有一行；多个条件请用 or 合并。',
      'MDCB stands twice. An MDC has one row; join its conditions with or.',
    ],
    [
      'IMP-007',
      swap('集合', '血管源性脑水肿,诊断', '血管源性脑水肿,手术操作'),
      '/集合.csv:3 [类型编号]',
      '集合 DI_B00 是诊断还是手术操作不明确。请在该集合的每一行写同一类型：诊断或手术操作。',
      'It is not clear whether the set DI_B00 holds diagnoses or procedures. Write the same type, 诊断 or 手术操作, in all rows of the set.',
    ],
    [
      'IMP-008',
      swap('CC', ',,CC', ',,CCC'),
      '/CC.csv:3 [类型]',
      '级别“CCC”无法识别。请写 MCC 或 CC。',
      '"CCC" is no level. Write MCC or CC.',
    ],
    [
      'IMP-009',
      swap('CC', ',,CC', ',EX_9,CC'),
      '/CC.csv:3 [排除表]',
      'J44.900 的排除表 EX_9 不存在。请在排除表中补上它，或将单元格留空（表示从不排除）。',
      'J44.900 names the exclusion table EX_9, which does not exist. Add it to the exclusion tables, or leave the cell empty, which means never excluded.',
    ],
    [
      'IMP-013',
      swap('排除表', 'I50.907', 'I50.907..I50.909'),
      '/排除表.csv:3 [ICD编码]',
      '“I50.907..I50.909”不是编码：含有 ~、# 或“..”。请写完整的编码，每行一个。',
      '"I50.907..I50.909" is no code: it holds ~, # or "..". Write whole codes, one a row.',
    ],
  ])('%s %j', (code, changes, place, zh, en) => {
    // One slip may have others behind it (a set that is gone, a parent that is gone): the slip itself stands first.
    const { zh: allZh, en: allEn } = fault(changes)
    const first = (text: string): string => (text.startsWith('IMP-012') ? text.split('\n')[1]!.trim() : text)
    expect(first(allZh)).toBe(`${code} ${place}  ${zh}`)
    expect(first(allEn)).toBe(`${code} ${place}  ${en}`)
  })

  it('IMP-010 cannot pair the rows of an ADRG with its DRG rows', () => {
    const changes = {
      ADRG: `${SMALL.ADRG}BB1,开颅,ZYSS in OP_ALL,MDCB,3\nBB1,开颅,QTSS in OP_ALL,MDCB,4\n`,
      DRG: `${SMALL.DRG}BB11,开颅，伴,QTZD in MCC,BB1,MDCB,1\n`,
    }
    expect(fault(changes)).toEqual({
      zh: 'IMP-010 /ADRG.csv:4 [ADRG编码]  BB1 在 ADRG 表中有 3 行，而 DRG 表中有 2 块，无法对应。请为每个 ADRG 行按同样顺序各列一遍其 DRG，或只列一遍由各行共用。',
      en: 'IMP-010 /ADRG.csv:4 [ADRG编码]  BB1 has 3 rows in the table ADRG and 2 blocks in the table DRG, which cannot be paired. List its DRGs once for each of the ADRG rows in the same order, or once for all of them.',
    })
  })

  it('IMP-011 needs an id', () => {
    const fix = {
      zh: '请用 --id 或 manifest.yaml 的 id 给出，只用小写字母、数字、- 和 .，例如 chs-drg-2.0。',
      en: 'Give it with --id or as id in manifest.yaml: lower-case letters, digits, - and ., for instance chs-drg-2.0.',
    }
    expect(fault({}, {})).toEqual({
      zh: `IMP-011 [id]  方案没有编号。${fix.zh}`,
      en: `IMP-011 [id]  The scheme has no id. ${fix.en}`,
    })
    expect(fault({}, { id: '../A' })).toEqual({
      zh: `IMP-011 [id]  方案编号“../A”不合规。${fix.zh}`,
      en: `IMP-011 [id]  "../A" cannot be the id of a scheme. ${fix.en}`,
    })
  })

  it('IMP-012 lists all faults at once', () => {
    const changes = {
      ...swap('MDC', 'ZYZD in DI_B00', 'ZYZD in DI_B01'),
      ...swap('DRG', 'QTZD in MCC', 'ZYZD in MCC'),
    }
    expect(fault(changes)).toEqual({
      zh: `IMP-012  共有 2 处错误：
  RUL-005 /MDC.csv:2:9 [MDC规则]  集合 DI_B01 不存在。是否应为 DI_B00？请改正编号，或在集合表中补上它。
  RUL-008 /DRG.csv:4:9 [DRG规则]  MCC 是其他诊断的属性，不能写成 ZYZD in MCC。请写 QTZD in MCC。
请逐条改正后重新导入。`,
      en: `IMP-012  There are 2 faults:
  RUL-005 /MDC.csv:2:9 [MDC规则]  There is no set DI_B01. Did you mean DI_B00? Correct the id or add the set to the table of sets.
  RUL-008 /DRG.csv:4:9 [DRG规则]  MCC is a property of other diagnoses, ZYZD in MCC has no meaning. Write QTZD in MCC.
Correct each and import again.`,
    })
  })
})

describe('what an import repairs or reports', () => {
  it('IMP-101 moves a marked fallback row to the end of its scope, and only that', () => {
    const changes = {
      ADRG: `${SMALL.ADRG}B00,未入组,,MDCB,0\nBA1,总是成立,,MDCB,1.2\n`,
      DRG: `${SMALL.DRG}B000,未入组,,B00,MDCB,1\nBA19,总是成立,,BA1,MDCB,1\n`,
    }
    const imported = run(changes)
    expect(shape(imported).slice(2)).toEqual([
      'MDCB',
      'BB1: BB11 BB15',
      'BA1: BA19',
      'BQY: BQY',
      'BR1: BR19',
      'B00: B000',
    ])
    expect(imported.scheme.mdcs[1]!.adrgs.at(-1)!.drgs[0]!.kind).toBe('notGrouped')
    expect(findings(changes).slice(0, 2)).toEqual([
      '说明 IMP-101 ADRG:6 B00  兜底行没有排在最后，已移到所在范围的末尾',
      'note IMP-101 ADRG:6 B00  the fallback row did not stand last and was moved to the end of its scope',
    ])
    expect(findings(changes)).toContain(
      'error CHK-001 ADRG:5 BQY  stands behind BA1, which takes every case, and is never reached',
    )
  })

  it('takes a fallback row without order for the last', () => {
    const changes = {
      MDC: `0000,未入组,,\n`.replace(/^/, SMALL.MDC!),
      ADRG: `${SMALL.ADRG}000,未入组,,0000,1\n`,
      DRG: `${SMALL.DRG}0000,未入组,,000,0000,1\n`,
    }
    expect(shape(run(changes)).slice(-2)).toEqual(['0000', '000: 0000'])
    expect(findings(changes)).toEqual([])
  })

  it.each([
    [
      'IMP-102',
      { 集合: `${SMALL.集合}OP_ALL,37.5100,心脏移植术,手术操作\n` },
      '说明 IMP-102 集合:8  去掉 1 行重复，首行如左',
      'note IMP-102 集合:8  1 duplicate rows dropped, the first is this one',
    ],
    [
      'IMP-103',
      { 集合: `${SMALL.集合}OP_ALL,99.99999,本地操作,手术操作\n` },
      '警告 IMP-103 集合:8 99.99999 [ICD编码]  不在字典 icd9cm3-yb-2.0 中（1 行），作为本方案的编码保留',
      'warning IMP-103 集合:8 99.99999 [ICD编码]  not in the dictionary icd9cm3-yb-2.0 (1 rows), kept as a code of this scheme',
    ],
    [
      'IMP-103 with a code inside',
      swap('排除表', 'EX_1,I50.907', 'EX_1,竭I50.907'),
      '警告 IMP-103 排除表:3 竭I50.907 [ICD编码]  不在字典 icd10-yb-2.0 中（1 行），作为本方案的编码保留；是否应为 I50.907？',
      'warning IMP-103 排除表:3 竭I50.907 [ICD编码]  not in the dictionary icd10-yb-2.0 (1 rows), kept as a code of this scheme; did you mean I50.907?',
    ],
    [
      'IMP-104',
      swap('DRG', 'BR19', 'BS19'),
      '警告 IMP-104 DRG:5 BS19 [所属ADRG编码]  编码不以所属 ADRG BR1 开头',
      'warning IMP-104 DRG:5 BS19 [所属ADRG编码]  the code does not begin with its ADRG BR1',
    ],
    [
      'IMP-106',
      { CC: `${SMALL.CC}J44.900,慢性阻塞性肺病,EX_1,MCC\n` },
      '警告 IMP-106 CC:4 J44.900 [类型]  同一编码既为 CC - 又为 MCC EX_1，按 MCC EX_1 处理',
      'warning IMP-106 CC:4 J44.900 [类型]  listed as CC - and as MCC EX_1, taken as MCC EX_1',
    ],
    [
      'IMP-107',
      { ADRG: `${SMALL.ADRG}BB1,开颅,QTSS in OP_ALL,MDCB,3\n` },
      '说明 IMP-107 ADRG:4 BB1  该编码有 2 行（多个入组条件），DRG 行由各行共用',
      'note IMP-107 ADRG:4 BB1  the code has 2 rows (alternative conditions); all share its DRG rows',
    ],
    [
      'IMP-108',
      swap('MDC', 'ZYZD in DI_B00', 'ZYZD　in DI_B00_x000D_'),
      '说明 IMP-108 MDC:2 [MDC规则]  1 条规则含多余的空白、换行或全角字符，已整理，首行如左',
      'note IMP-108 MDC:2 [MDC规则]  1 rules held superfluous blanks, line breaks or full-width characters, which were folded; the first is this one',
    ],
    [
      'IMP-109',
      { 'manifest.yaml': 'counts: {mdc: 2, adrg: 5, drg: 5, sets: 4, setRows: 6, cc: 2, exclusions: 2}\n' },
      '警告 IMP-109 ADRG  manifest.yaml 记录 adrg 为 5，实际读到 4',
      'warning IMP-109 ADRG  manifest.yaml promises 5 for adrg, 4 were read',
    ],
    [
      'IMP-110',
      { 集合: SMALL.集合!.replace('其他颅骨切开术,手术操作', '其他颅骨切开术,T005') },
      '说明 IMP-110 集合:5 OP_BB1 [类型编号]  类型“T005”未写明诊断或手术操作，按编号视为手术操作',
      'note IMP-110 集合:5 OP_BB1 [类型编号]  the type "T005" does not say diagnoses or procedures; by its id the set holds procedures',
    ],
    [
      'IMP-112',
      swap('集合', 'A01.002+G01*', 'A01.002 ＋G01*'),
      '说明 IMP-112 集合:2 [ICD编码]  1 个编码含空格或全角字符，已去掉，首行如左',
      'note IMP-112 集合:2 [ICD编码]  1 codes held blanks or full-width characters, which were removed; the first is this one',
    ],
    [
      'IMP-113',
      { 排除表: `${SMALL.排除表}EX_1,K43.900,腹疝\n` },
      '说明 IMP-113 排除表:4 [ICD编码]  1 行使用了后一版已停用的编码，首行如左',
      'note IMP-113 排除表:4 [ICD编码]  1 rows use codes that a later edition withdrew, the first is this one',
    ],
  ])('%s', (_, changes, zh, en) => {
    expect(findings(changes)).toEqual([zh, en])
  })

  it('IMP-105 names ADRGs and MDCs that are empty', () => {
    const found = findings({
      MDC: `${SMALL.MDC}MDCC,眼,ZYZD in DI_B00,3\n`,
      ADRG: `${SMALL.ADRG}BZ1,其他,ZYZD in DI_B00,MDCB,9\n`,
    })
    expect(found).toContain('警告 IMP-105 ADRG:6 BZ1  没有 DRG 行，病例永远不会分到这里')
    expect(found).toContain('warning IMP-105 MDC:4 MDCC  has no ADRG rows, no case can come here')
  })

  it('gives each row of an ADRG its own block of DRG rows', () => {
    const imported = run({
      ADRG: `${SMALL.ADRG}BB1,开颅,QTSS in OP_ALL,MDCB,3\n`,
      DRG: `${SMALL.DRG}BB11,开颅，伴,QTZD in CC,BB1,MDCB,1\nBB15,开颅，不伴,,BB1,MDCB,2\n`,
    })
    const rules = imported.scheme.mdcs[1]!.adrgs.map(
      adrg => `${adrg.code} ${adrg.drgs.map(drg => drg.rule.text).join('/')}`,
    )
    expect(rules).toEqual(['BB1 QTZD in MCC/', 'BQY ', 'BR1 ', 'BB1 QTZD in CC/'])
  })

  it('keeps codes that the dictionary lacks in the scheme’s own dictionary', () => {
    const { scheme } = run({ 集合: `${SMALL.集合}OP_ALL,99.99999,本地操作,手术操作\n` })
    const id = scheme.procedures.ids.get('99.99999')!
    expect(scheme.procedures.names[id]).toBe('本地操作')
    expect(scheme.procedures.codes.length).toBe(13_769)
    expect(scheme.sets.get('OP_ALL')!.codes).toEqual(['01.2400', '37.5100', '99.99999'])
  })
})

describe('the manifest', () => {
  const manifest =
    'id: from-file\nname: {zh: 甲, en: A}\nnewbornWeight: admission\nsource: {title: T, date: "2026"}\nnote: N\n'

  it('gives id, name, source and meaning of the weight; options go before', () => {
    expect(run({ 'manifest.yaml': manifest }, {}).scheme.manifest).toMatchObject({
      id: 'from-file',
      name: { zh: '甲', en: 'A' },
      newbornWeight: 'admission',
      source: { title: 'T', date: '2026', note: 'N' },
    })
    const options: ImportOptions = { id: 'other', newbornWeight: 'birth', source: { title: 'mine' } }
    expect(run({ 'manifest.yaml': manifest }, options).scheme.manifest).toMatchObject({
      id: 'other',
      newbornWeight: 'birth',
      source: { title: 'mine' },
    })
  })

  it('refuses keys that it does not know', () => {
    expect(fault({ 'manifest.yaml': 'id: a\nweight: birth\n' }).en).toMatch(/^DOC-003 \/manifest\.yaml:2:9 \[weight\]/)
  })
})

describe
  .runIf(hasReference())
  .each(['beijing-2022', 'changzhou-2022', 'chs-drg-1.0', 'chs-drg-1.1', 'chs-drg-2.0', 'yancheng-2023'])(
  'the reference scheme %s',
  id => {
    it('has the rows that its manifest promises', () => {
      const { scheme, report } = importTables(reference('schemes', id))
      expect(scheme.manifest.id).toBe(id)
      // IMP-109 would say where a count differs.
      expect(report.findings.filter(finding => finding.code === 'IMP-109')).toEqual([])
      expect(report.findings.filter(finding => finding.code === 'IMP-101')).toEqual([])
      const { mdc, adrg, drg, setRows, exclusions } = report.counts
      expect([mdc, adrg, drg, setRows, exclusions]).toEqual(
        ['MDC', 'ADRG', 'DRG', '集合', '排除表'].map(name => report.tables.find(table => table.table === name)!.rows),
      )
      // One code of Changzhou stands as MCC and as CC.
      expect(report.counts.cc).toBe(report.tables[4]!.rows - (id === 'changzhou-2022' ? 1 : 0))
    })
  },
)
