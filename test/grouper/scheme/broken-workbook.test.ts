import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importWorkbook } from '../../../grouper/scheme/import.ts'
import { Fault } from '../../../messages/index.ts'
import { temporaryFolder } from '../../temporary.ts'
import { textsOf } from './faults.ts'
import { PLAIN, putWorkbook, type Sheets } from './workbooks.ts'

const folder = temporaryFolder()

/** The texts of the fault that an import ends with, without the folder. */
async function faultOf(file: string, options = { id: 'broken' }): Promise<{ zh: string; en: string }> {
  try {
    await importWorkbook(file, options)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return textsOf(error, file.slice(0, file.lastIndexOf('/') + 1))
  }
  throw new Error('no fault was thrown')
}

/** One slip may have others behind it (a row that is gone, a set that is gone): the slip itself stands first. */
function first(text: string): string {
  return text.includes('\n') ? text.split('\n')[1]!.trim() : text
}

type Cell = string | number | boolean | Date
type Change = (sheets: Record<string, Cell[][]>) => void

/** Changes one cell: sheet, row and column as a spreadsheet counts them. */
function cell(sheet: string, row: number, column: string, value: Cell): Change {
  return sheets => {
    sheets[sheet]![row - 1]![column.charCodeAt(0) - 65] = value
  }
}

const IN_TEXT = {
  zh: '请将该列设为“文本”格式，按原发布的编码重新填写，保留首尾的零。',
  en: 'Format the column as text and write the codes again as published, zeros included.',
}

const HEADERS = {
  zh: '请按官方配置工作簿的表头命名各列。',
  en: 'Name the columns as the official workbook does.',
}

const KINDS: readonly [kind: string, change: Change, zh: string, en: string][] = [
  [
    'a sheet is missing',
    sheets => delete sheets.CC,
    'IMP-001 方案.xlsx  工作簿中缺少工作表 CC；现有 MDC、ADRG、DRG、集合、排除表。请按官方工作簿命名六张工作表：MDC、ADRG、DRG、集合、CC、排除表。',
    'IMP-001 方案.xlsx  The workbook lacks the sheets CC; it has MDC, ADRG, DRG, 集合, 排除表. Name the six sheets as the official workbook does: MDC, ADRG, DRG, 集合, CC, 排除表.',
  ],
  [
    'two sheets have one name',
    sheets => {
      sheets['CC '] = sheets.CC!
    },
    'IMP-014 方案.xlsx!CC  有 2 张工作表名为 CC：“CC”、“CC ”。请删除或改名多余的一张。',
    'IMP-014 方案.xlsx!CC  2 sheets have the name CC: "CC", "CC ". Delete or rename the one that is not meant.',
  ],
  [
    'a sheet is empty',
    sheets => {
      sheets.排除表 = []
    },
    `IMP-002 方案.xlsx!排除表  排除表 表缺少列 集合编号、ICD编码。${HEADERS.zh}`,
    `IMP-002 方案.xlsx!排除表  The table 排除表 lacks the column 集合编号, ICD编码. ${HEADERS.en}`,
  ],
  [
    'a column is missing',
    cell('CC', 1, 'C', '排除'),
    `IMP-002 方案.xlsx!CC:1  CC 表缺少列 排除表；该行为：疾病编码、疾病名称、排除、类型。${HEADERS.zh}`,
    `IMP-002 方案.xlsx!CC:1  The table CC lacks the column 排除表; the row has: 疾病编码, 疾病名称, 排除, 类型. ${HEADERS.en}`,
  ],
  [
    'a header stands twice',
    cell('集合', 1, 'C', 'ICD 编码'),
    'IMP-015 方案.xlsx!集合:1 [ICD编码]  表头“ICD编码”出现在第 2 列和第 3 列。请删除或改名其中一列。',
    'IMP-015 方案.xlsx!集合:1 [ICD编码]  The header "ICD编码" stands in column 2 and in column 3. Delete or rename one of the two columns.',
  ],
  [
    'a sheet has a header and no rows',
    sheets => sheets.DRG!.splice(1),
    'IMP-016 方案.xlsx!DRG:1  DRG 表只有表头，没有数据行。请核对文件是否完整，筛选或隐藏的行是否未复制。',
    'IMP-016 方案.xlsx!DRG:1  The table DRG has a header and no rows. Check that the file is whole and that filtered or hidden rows were copied too.',
  ],
  [
    'a procedure code became a number',
    cell('集合', 4, 'B', 37.51),
    `IMP-017 方案.xlsx!集合:4 [ICD编码 B4]  单元格是数字 37.51，不是文本。是否应为 37.5100？${IN_TEXT.zh}`,
    `IMP-017 方案.xlsx!集合:4 [ICD编码 B4]  The cell holds the number 37.51, not text. Did you mean 37.5100? ${IN_TEXT.en}`,
  ],
  [
    'several procedure codes became numbers',
    sheets => {
      cell('集合', 4, 'B', 37.51)(sheets)
      cell('集合', 5, 'B', 1.24)(sheets)
    },
    `IMP-017 方案.xlsx!集合:4 [ICD编码 B4]  单元格是数字 37.51，不是文本（该列共 2 处）。是否应为 37.5100？${IN_TEXT.zh}`,
    `IMP-017 方案.xlsx!集合:4 [ICD编码 B4]  The cell holds the number 37.51, not text (2 cells of this column). Did you mean 37.5100? ${IN_TEXT.en}`,
  ],
  [
    'the code 0000 became the number 0',
    cell('MDC', 3, 'A', 0),
    `IMP-017 方案.xlsx!MDC:3 [MDC编码 A3]  单元格是数字 0，不是文本。${IN_TEXT.zh}`,
    `IMP-017 方案.xlsx!MDC:3 [MDC编码 A3]  The cell holds the number 0, not text. ${IN_TEXT.en}`,
  ],
  [
    'a code became a date',
    cell('集合', 5, 'B', new Date(Date.UTC(2026, 0, 24))),
    `IMP-017 方案.xlsx!集合:5 [ICD编码 B5]  单元格是日期 2026-01-24，不是文本。${IN_TEXT.zh}`,
    `IMP-017 方案.xlsx!集合:5 [ICD编码 B5]  The cell holds the date 2026-01-24, not text. ${IN_TEXT.en}`,
  ],
  [
    'a rule became a logical value',
    cell('DRG', 4, 'C', true),
    `IMP-017 方案.xlsx!DRG:4 [DRG规则 C4]  单元格是逻辑值 true，不是文本。${IN_TEXT.zh}`,
    `IMP-017 方案.xlsx!DRG:4 [DRG规则 C4]  The cell holds the logical value true, not text. ${IN_TEXT.en}`,
  ],
  [
    'a code is empty',
    cell('集合', 4, 'B', ''),
    'IMP-003 方案.xlsx!集合:4 [ICD编码 B4]  单元格为空。请填写编码，或删除整行。',
    'IMP-003 方案.xlsx!集合:4 [ICD编码 B4]  The cell is empty. Write the code or delete the row.',
  ],
  [
    'a cell holds several codes',
    cell('集合', 2, 'B', 'G93.600x003\nG93.600x004'),
    'IMP-018 方案.xlsx!集合:2 [ICD编码 B2]  一个单元格里有 2 个编码：G93.600x003、G93.600x004。请拆成多行，每行一个编码。',
    'IMP-018 方案.xlsx!集合:2 [ICD编码 B2]  One cell holds 2 codes: G93.600x003, G93.600x004. Write them in rows of their own, one code a row.',
  ],
  [
    'a cell holds a range of codes',
    cell('排除表', 3, 'B', 'I50.907..I50.909'),
    'IMP-013 方案.xlsx!排除表:3 [ICD编码 B3]  “I50.907..I50.909”不是编码：含有 ~、# 或“..”。请写完整的编码，每行一个。',
    'IMP-013 方案.xlsx!排除表:3 [ICD编码 B3]  "I50.907..I50.909" is no code: it holds ~, # or "..". Write whole codes, one a row.',
  ],
  [
    'an order is no number',
    cell('DRG', 3, 'F', '二'),
    'IMP-004 方案.xlsx!DRG:3 [排序 F3]  BB15 的排序“二”不是数字。请写正整数，决定先后顺序。',
    'IMP-004 方案.xlsx!DRG:3 [排序 F3]  The order "二" of BB15 is not a number. Write a positive integer; it decides which is tried first.',
  ],
  [
    'an ADRG belongs to no MDC',
    cell('ADRG', 3, 'D', 'MDCC'),
    'IMP-005 方案.xlsx!ADRG:3 [所属MDC编码 D3]  BR1 所属的 MDCC 不在 MDC 表中。请改正，或在 MDC 表中补上该行。',
    'IMP-005 方案.xlsx!ADRG:3 [所属MDC编码 D3]  BR1 belongs to MDCC, which the table MDC lacks. Correct it or add the row to the table MDC.',
  ],
  [
    'a DRG names no ADRG',
    cell('DRG', 5, 'D', ''),
    'IMP-005 方案.xlsx!DRG:5 [所属ADRG编码 D5]  BR19 没有写明所属的 ADRG。请改正，或在 ADRG 表中补上该行。',
    'IMP-005 方案.xlsx!DRG:5 [所属ADRG编码 D5]  BR19 names no ADRG. Correct it or add the row to the table ADRG.',
  ],
  [
    'a DRG stands in another MDC than its ADRG',
    cell('DRG', 5, 'E', 'MDCA'),
    'IMP-005 方案.xlsx!DRG:5 [所属ADRG编码 D5]  BR19 所属的 MDCA BR1 不在 ADRG 表中。请改正，或在 ADRG 表中补上该行。',
    'IMP-005 方案.xlsx!DRG:5 [所属ADRG编码 D5]  BR19 belongs to MDCA BR1, which the table ADRG lacks. Correct it or add the row to the table ADRG.',
  ],
  [
    'an MDC stands twice',
    cell('MDC', 3, 'A', 'MDCB'),
    'IMP-006 方案.xlsx!MDC:3 [MDC编码 A3]  MDCB 出现两次。每个 MDC 只能有一行；多个条件请用 or 合并。',
    'IMP-006 方案.xlsx!MDC:3 [MDC编码 A3]  MDCB stands twice. An MDC has one row; join its conditions with or.',
  ],
  [
    'rows of an ADRG and blocks of its DRGs do not pair',
    sheets => {
      sheets.ADRG!.push(['BB1', '开颅', 'ZYSS in OP_ALL', 'MDCB', 3], ['BB1', '开颅', 'QTSS in OP_ALL', 'MDCB', 4])
      sheets.DRG!.push(['BB11', '开颅，伴', 'QTZD in MCC', 'BB1', 'MDCB', 1])
    },
    'IMP-010 方案.xlsx!ADRG:4 [ADRG编码 A4]  BB1 在 ADRG 表中有 3 行，而 DRG 表中有 2 块，无法对应。请为每个 ADRG 行按同样顺序各列一遍其 DRG，或只列一遍由各行共用。',
    'IMP-010 方案.xlsx!ADRG:4 [ADRG编码 A4]  BB1 has 3 rows in the table ADRG and 2 blocks in the table DRG, which cannot be paired. List its DRGs once for each of the ADRG rows in the same order, or once for all of them.',
  ],
  [
    'a set holds diagnoses and procedures',
    cell('集合', 3, 'D', '手术操作'),
    'IMP-007 方案.xlsx!集合:3 [类型编号 D3]  集合 DI_B00 是诊断还是手术操作不明确。请在该集合的每一行写同一类型：诊断或手术操作。',
    'IMP-007 方案.xlsx!集合:3 [类型编号 D3]  It is not clear whether the set DI_B00 holds diagnoses or procedures. Write the same type, 诊断 or 手术操作, in all rows of the set.',
  ],
  [
    'a level is unknown',
    cell('CC', 3, 'D', 'CCC'),
    'IMP-008 方案.xlsx!CC:3 [类型 D3]  级别“CCC”无法识别。请写 MCC 或 CC。',
    'IMP-008 方案.xlsx!CC:3 [类型 D3]  "CCC" is no level. Write MCC or CC.',
  ],
  [
    'an exclusion table does not exist',
    cell('CC', 3, 'C', 'EX_9'),
    'IMP-009 方案.xlsx!CC:3 [排除表 C3]  J44.900 的排除表 EX_9 不存在。请在排除表中补上它，或将单元格留空（表示从不排除）。',
    'IMP-009 方案.xlsx!CC:3 [排除表 C3]  J44.900 names the exclusion table EX_9, which does not exist. Add it to the exclusion tables, or leave the cell empty, which means never excluded.',
  ],
  ...ruleKinds(),
]

/** Rules that cannot be read: the number behind the row is the position in the rule's text. */
function ruleKinds(): [string, Change, string, string][] {
  const rule = (text: string): Change => cell('ADRG', 3, 'C', text)
  const at = (code: string, column: number): string => `${code} 方案.xlsx!ADRG:3:${column} [ADRG规则 C3]  `
  return [
    [
      'a rule has a character without meaning',
      rule('ZYZD in DI_B00 & NL > 6'),
      `${at('RUL-001', 16)}规则中不能出现“&”。可用的符号有 ( ) { } , = < <= > >= ∩；“不等于”请写 not (… = …)。`,
      `${at('RUL-001', 16)}"&" has no meaning in a rule. Symbols are ( ) { } , = < <= > >= ∩; for "not equal" write not (… = …).`,
    ],
    [
      'a rule is cut in the middle',
      rule('(ZYZD in DI_B00) and (NL >'),
      `${at('RUL-002', 27)}此处应为数字，但规则结束。请对照规则语法：字段 in 集合、数值字段 比较符 数字，用 and、or、not 和括号连接。`,
      `${at('RUL-002', 27)}Expected a number, found the rule ends. See the rule grammar: field in set, or number field, comparison, number; joined by and, or, not and parentheses.`,
    ],
    [
      'a parenthesis is never closed',
      rule('(ZYZD in DI_B00'),
      `${at('RUL-003', 1)}“(”没有闭合。请补上“)”。`,
      `${at('RUL-003', 1)}"(" is never closed. Add ")".`,
    ],
    [
      'a field is unknown',
      rule('ZYZZ in DI_B00'),
      `${at('RUL-004', 1)}未知字段 ZYZZ。是否应为 ZYZD？编码字段：ZYZD、QTZD、ZYSS、QTSS；数值字段：NL、XSRTL、XSRTZ、XB、ZYTS、LYFS、ICUSC、ZFY。`,
      `${at('RUL-004', 1)}Unknown field ZYZZ. Did you mean ZYZD? Code fields: ZYZD, QTZD, ZYSS, QTSS; number fields: NL, XSRTL, XSRTZ, XB, ZYTS, LYFS, ICUSC, ZFY.`,
    ],
    [
      'a set is unknown',
      rule('ZYZD in DI_B01'),
      `${at('RUL-005', 9)}集合 DI_B01 不存在。是否应为 DI_B00？请改正编号，或在集合表中补上它。`,
      `${at('RUL-005', 9)}There is no set DI_B01. Did you mean DI_B00? Correct the id or add the set to the table of sets.`,
    ],
    [
      'diagnosis and procedure fields are mixed',
      rule('{ZYZD, ZYSS} in DI_B00'),
      `${at('RUL-006', 8)}ZYZD 与 ZYSS 混用：一个是诊断，一个是手术操作。请分成两个条件，用 and 或 or 连接。`,
      `${at('RUL-006', 8)}ZYZD and ZYSS are mixed: one holds diagnoses, the other procedures. Write two conditions and join them with and or or.`,
    ],
    [
      'a set is of the other kind',
      rule('ZYSS in DI_B00'),
      `${at('RUL-007', 9)}集合 DI_B00 是诊断，字段 ZYSS 是手术操作。请换用同类的集合或字段。`,
      `${at('RUL-007', 9)}The set DI_B00 holds diagnoses, the field ZYSS procedures. Use a set or a field of the same kind.`,
    ],
    [
      'MCC stands with another field than QTZD',
      rule('ZYZD in MCC'),
      `${at('RUL-008', 9)}MCC 是其他诊断的属性，不能写成 ZYZD in MCC。请写 QTZD in MCC。`,
      `${at('RUL-008', 9)}MCC is a property of other diagnoses, ZYZD in MCC has no meaning. Write QTZD in MCC.`,
    ],
    [
      'a number stands alone',
      rule('ZYZD in DI_B00 and 7'),
      `${at('RUL-009', 20)}单独的数字只能是 1（恒真）或 0（恒假），不能是 7。比较时请把字段写在左边，例如 NL >= 70。`,
      `${at('RUL-009', 20)}A number on its own is 1 (true) or 0 (false), not 7. In a comparison the field stands on the left, for instance NL >= 70.`,
    ],
    [
      'a number field is used like codes',
      rule('NL in DI_B00'),
      `${at('RUL-010', 1)}NL 是数值字段，不能用 in。请写比较，例如 NL >= 1。`,
      `${at('RUL-010', 1)}NL is a number, it cannot be in a set. Write a comparison, for instance NL >= 1.`,
    ],
    [
      'text follows the end of a rule',
      rule('ZYZD in DI_B00 ) 1'),
      `${at('RUL-012', 16)}规则在“)”之前已经完整。请删去多余的部分，或用 and / or 连接。`,
      `${at('RUL-012', 16)}The rule is complete before ")". Remove what follows or join it with and / or.`,
    ],
  ]
}

describe('a broken workbook', () => {
  it.each(KINDS)('%s', async (_, change, zh, en) => {
    const sheets = structuredClone(PLAIN) as unknown as Record<string, Cell[][]>
    change(sheets)
    const file = await putWorkbook(mkdtempSync(join(folder, 'broken-')), sheets as unknown as Sheets)
    const found = await faultOf(file)
    expect([first(found.zh), first(found.en)]).toEqual([zh, en])
  })

  it('names a formula error by its cell', async () => {
    const { writeXlsx } = await import('hucre/xlsx')
    const sheets = Object.entries(PLAIN).map(([name, rows]) => ({ name, rows: rows.map(row => [...row]) }))
    const cells = new Map([['3,1', { value: '#REF!', type: 'error' as const }]])
    const file = join(mkdtempSync(join(folder, 'broken-')), '方案.xlsx')
    writeFileSync(file, await writeXlsx({ sheets: sheets.map(one => (one.name === '集合' ? { ...one, cells } : one)) }))
    const { zh, en } = await faultOf(file)
    expect([first(zh), first(en)]).toEqual([
      'IMP-017 方案.xlsx!集合:4 [ICD编码 B4]  单元格是公式错误 #REF!，不是文本。请改正公式，或填写文本。',
      'IMP-017 方案.xlsx!集合:4 [ICD编码 B4]  The cell holds the formula error #REF!, not text. Correct the formula or write the text.',
    ])
  })

  it('lists all faults at once', async () => {
    const sheets = structuredClone(PLAIN) as unknown as Record<string, Cell[][]>
    cell('MDC', 2, 'C', 'ZYZD in DI_B01')(sheets)
    cell('CC', 3, 'D', 'CCC')(sheets)
    const { zh } = await faultOf(await putWorkbook(mkdtempSync(join(folder, 'broken-')), sheets as unknown as Sheets))
    expect(zh.split('\n').map(line => line.trim().slice(0, 7))).toEqual([
      'IMP-012',
      'IMP-008',
      'RUL-005',
      '请逐条改正后重',
    ])
  })
})

describe('a file that is no workbook', () => {
  const again = {
    zh: '请用 Excel 或 WPS 打开，另存为“Excel 工作簿 (*.xlsx)”，不设密码，再导入。',
    en: 'Open it in Excel or WPS, save it as "Excel workbook (*.xlsx)" without a password, and import that.',
  }

  it.each([
    ['empty', '', '文件是空的。', 'The file is empty.'],
    ['a text', 'MDC编码,MDC名称\n', '文件内容不是 XLSX 工作簿。', 'The content of the file is no XLSX workbook.'],
    [
      'of the old format or has a password',
      Buffer.from('d0cf11e0a1b11ae10000', 'hex'),
      '这是旧格式（.xls）或设有密码的工作簿。',
      'This is a workbook of the old format (.xls) or one with a password.',
    ],
  ])('is %s', async (_, content, zh, en) => {
    const file = join(folder, 'no.xlsx')
    writeFileSync(file, content)
    expect(await faultOf(file)).toEqual({
      zh: `XLS-001 no.xlsx  ${zh}${again.zh}`,
      en: `XLS-001 no.xlsx  ${en} ${again.en}`,
    })
  })

  it('is cut off', async () => {
    const whole = await putWorkbook(mkdtempSync(join(folder, 'broken-')), PLAIN)
    const file = join(folder, 'cut.xlsx')
    writeFileSync(file, readFileSync(whole).subarray(0, 900))
    const { zh, en } = await faultOf(file)
    expect(zh).toMatch(/^XLS-002 cut\.xlsx {2}工作簿已损坏或不完整（.+）。请重新下载或传输。/)
    expect(en).toMatch(/^XLS-002 cut\.xlsx {2}The workbook is damaged or incomplete \(.+\)\. Fetch it again\. /)
  })

  it('is not there', async () => {
    expect(await faultOf(join(folder, 'none.xlsx'))).toEqual({
      zh: 'FIL-001 none.xlsx  没有这个文件。请检查路径。',
      en: 'FIL-001 none.xlsx  There is no such file. Check the path.',
    })
  })
})
