import { join } from 'node:path'
import { parseTable, type SheetToWrite, writeWorkbook } from '../../../files/index.ts'
import { SMALL } from './small.ts'

/** Rows of each sheet; header and titles included. */
export type Sheets = Readonly<Record<string, readonly (readonly (string | number)[])[]>>

/** The small scheme as sheets: plain, each header in row 1. */
export const PLAIN: Sheets = Object.fromEntries(
  Object.entries(SMALL).map(([name, text]) => {
    const { header, rows } = parseTable(text, name)
    return [name, [header, ...rows.map(({ cells }) => cells)]]
  }),
)

/**
 * The small scheme as the official workbook looks: a title above MDC, an empty first column in ADRG, blanks of every kind,
 * `_x000D_`, line breaks in rules, type codes, duplicates, and a fallback row that does not stand last.
 */
export const QUIRKS: Sheets = {
  说明: [['本工作簿为按病组（DRG）付费分组方案配置信息']],
  MDC: [
    ['按病组（DRG）付费分组方案配置信息'],
    ['MDC编码', 'MDC 名称', 'MDC规则', '排序'],
    ['0000', '未入组', '', 0],
    ['MDCB', '神经系统', 'ZYZD_x000D_\nin\u00a0DI_B00', 2],
    ['MDCA\u200b', '先期分组', 'ZYSS\u3000IN OP_AA1_x000D_', 1],
  ],
  ' adrg ': [
    ['', 'ADRG编码', 'ADRG名称', 'ADRG规则', '所属MDC编码', '排序'],
    ['', 'AA1', '移植', 'ZYSS in OP_AA1', 'MDCA', 1],
    ['', 'B00', '未入组', '', 'MDCB', 0],
    ['', 'BR1', '神经内科', '(ZYZD in DI_B00)', 'MDCB', 2],
    ['', 'BB1', '开颅', '{ZYSS， QTSS}\r\nin OP_BB1', 'MDCB', 1],
    ['', 'BQY', '', 'ZYSS in OP_ALL', 'MDCB', 1.5],
    ['', '000', '未入组', '', '0000', 1],
  ],
  DRG: [
    ['DRG', 'DRG名称', 'DRG规则', '所属ADRG编码', '所属MDC编码', '排序'],
    ['AA19', '移植', '', 'AA1', 'MDCA', 1],
    ['BB15', '开颅，不伴', '', 'BB1', 'MDCB', 2],
    ['BB11', '开颅，伴', 'QTZD in MCC', 'BB1', 'MDCB', 1],
    ['BR19', '神经内科', '', 'BR1', 'MDCB', 1],
    ['BQY', '', '', 'BQY', 'MDCB', 1],
    ['B000', '未入组', '', 'B00', 'MDCB', 1],
    ['0000', '未入组', '', '000', '0000', 1],
  ],
  集合: [
    ['集合编号', 'ICD编码', 'ICD名称', '类型'],
    ['DI_B00', 'A01.002 +G01*', '伤寒性脑膜炎', 'T001'],
    ['DI_B00', 'G93.600x003\u3000', '血管源性脑水肿', 'T001'],
    ['DI_B00', 'G93.600x003', '血管源性脑水肿', 'T001'],
    ['OP_AA1', '37.5100', '心脏移植术', 'T002'],
    ['OP_BB1', '０1.2400', '其他颅骨切开术', 'T002'],
    ['OP_ALL', '01.2400', '其他颅骨切开术', 'T002'],
    ['OP_ALL', '37.5100', '心脏移植术', 'T002'],
    ['OP_ALL', '37.5100', '心脏移植术', 'T002'],
  ],
  CC: [
    ['ICD编码', 'ICD名称', '排除表', '类型'],
    ['I50.900', '心力衰竭', 'EX_1', 'mcc'],
    ['J44.900', '慢性阻塞性肺病', '', 'CC'],
  ],
  排除表: [
    ['集合编号', 'ICD编码', 'ICD名称'],
    ['EX_1', 'I50.900', '心力衰竭'],
    ['EX_1', 'I50.907', '急性心力衰竭'],
  ],
}

/**
 * A scheme in the shapes that version 3.0 brought: robot-assisted split, age bands, admission-weight bands, counts of
 * distinct procedures, QY rows, fallback rows of an MDC and of the whole.
 */
export const THIRD: Sheets = {
  MDC: [
    ['按病组（DRG）付费3.0版分组方案配置信息'],
    ['MDC编码', 'MDC名称', 'MDC规则', '排序'],
    [
      'MDCP',
      '新生儿',
      '((NL=0) and (XSRTL>=29) and (XSRTL<366) and (ZYZD in DI_PV1) and (ZYSS not in OP_ALL)) or ((NL=0) and (XSRTL<29))',
      1,
    ],
    ['MDCG', '消化系统', 'ZYZD in DI_G00', 2],
    ['MDCO', '妊娠、分娩及产褥期', '(ZYZD in DI_O00) and (XB = 2)', 3],
    ['0000', '未入组', '', 4],
  ],
  ADRG: [
    ['', 'ADRG编码', 'ADRG名称', 'ADRG规则', '所属MDC编码', 'MDC内排序'],
    ['', 'PS1', '低体重儿，入院体重＜1000g', '(XSRTZ > 0) and (XSRTZ < 1000)', 'MDCP', 1],
    ['', 'PS2', '低体重儿，入院体重1000-1499g', '(XSRTZ>=1000) and (XSRTZ<1500)', 'MDCP', 2],
    ['', 'PU1', '足月儿', 'ZYZD in DI_PV1', 'MDCP', 3],
    ['', 'P00', '未入组', '', 'MDCP', 4],
    ['', 'GB1', '两处以上手术', 'length(OP_GB1 ∩ {ZYSS, QTSS}) >= 2', 'MDCG', 1],
    ['', 'GB2', '胆囊手术', 'ZYSS in OP_GB1', 'MDCG', 2],
    ['', 'GQY', '', 'ZYSS in OP_ALL', 'MDCG', 3],
    ['', 'GZ1', '胆囊疾病', 'ZYZD in DI_G00', 'MDCG', 4],
    ['', 'OB1', '分娩', 'ZYZD in DI_O00', 'MDCO', 1],
    ['', '000', '未入组', '', '0000', 1],
  ],
  DRG: [
    ['DRG编码', 'DRG名称', 'DRG规则', '所属ADRG编码', '所属MDC编码', '排序'],
    ['PS19', '低体重儿，入院体重＜1000g', '', 'PS1', 'MDCP', 1],
    ['PS29', '低体重儿，入院体重1000-1499g', '', 'PS2', 'MDCP', 1],
    ['PU19', '足月儿', '', 'PU1', 'MDCP', 1],
    ['P000', '未入组', '', 'P00', 'MDCP', 1],
    ['GB10', '两处以上手术，机器人辅助', '{ZYSS, QTSS} in OP_ARB', 'GB1', 'MDCG', 1],
    ['GB1E', '两处以上手术，伴MCC，70岁及以上', 'QTZD in MCC and NL>=70', 'GB1', 'MDCG', 2],
    ['GB11', '两处以上手术，伴MCC', 'QTZD in MCC', 'GB1', 'MDCG', 3],
    ['GB1F', '两处以上手术，伴CC，70岁及以上', 'QTZD in CC and NL>=70', 'GB1', 'MDCG', 4],
    ['GB13', '两处以上手术，伴CC', 'QTZD in CC', 'GB1', 'MDCG', 5],
    ['GB1G', '两处以上手术，70岁及以上', 'NL>=70', 'GB1', 'MDCG', 6],
    ['GB15', '两处以上手术', '', 'GB1', 'MDCG', 7],
    ['GB2C', '胆囊手术，6岁及以下', 'NL<=6', 'GB2', 'MDCG', 1],
    ['GB2H', '胆囊手术，70岁及以上', 'NL>=70', 'GB2', 'MDCG', 2],
    ['GB29', '胆囊手术', '', 'GB2', 'MDCG', 3],
    ['GQY', '', '', 'GQY', 'MDCG', 1],
    ['GZ11', '胆囊疾病，伴CC', 'QTZD in {MCC, CC}', 'GZ1', 'MDCG', 1],
    ['GZ15', '胆囊疾病', '', 'GZ1', 'MDCG', 2],
    ['OB11', '分娩，伴', 'ZYZD in DI_OBD or QTZD in MCC', 'OB1', 'MDCO', 1],
    ['OB15', '分娩', '', 'OB1', 'MDCO', 2],
    ['0000', '未入组', '', '000', '0000', 1],
  ],
  集合: [
    ['集合编号', 'ICD编码', 'ICD名称', '类型编号'],
    ['DI_G00', 'K80.101', '胆囊结石伴慢性胆囊炎', 'T001'],
    ['DI_O00', 'O80.000', '头位顺产', 'T001'],
    ['DI_O00', 'O14.200', 'HELLP综合征', 'T001'],
    ['DI_OBD', 'O14.200', 'HELLP综合征', 'T001'],
    ['DI_PV1', 'P07.000', '极低出生体重', 'T001'],
    ['OP_GB1', '51.2300', '腹腔镜下胆囊切除术', 'T002'],
    ['OP_GB1', '54.5100', '腹腔镜下腹膜粘连松解术', 'T002'],
    ...['17.4100', '17.4200', '17.4300', '17.4400', '17.4500'].map(code => ['OP_ARB', code, '机器人援助操作', 'T005']),
    ...['01.2400', '51.2300', '54.5100'].map(code => ['OP_ALL', code, '', 'T002']),
  ],
  CC: [
    ['疾病编码', '疾病名称', '排除表', '类型'],
    ['I50.900', '心力衰竭', 'EX_103', 'MCC'],
    ['J44.900', '慢性阻塞性肺病', '', 'CC'],
  ],
  排除表: [
    ['集合编号', 'ICD编码', 'ICD名称'],
    ['EX_103', 'I50.900', '心力衰竭'],
    ['EX_104', 'P39.900', ''],
    ['EX_105', 'P55.000', ''],
    ['EX_107', 'P78.900', ''],
    ['EX_128', 'S02.000', ''],
  ],
}

/** Writes a workbook into a folder and gives its path. */
export async function putWorkbook(folder: string, sheets: Sheets, name = '方案.xlsx'): Promise<string> {
  const file = join(folder, name)
  await writeWorkbook(
    file,
    Object.entries(sheets).map(([name, rows]): SheetToWrite => ({ name, rows })),
  )
  return file
}
