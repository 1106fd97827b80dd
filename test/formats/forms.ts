import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import { csvRow, home } from '../../files/index.ts'
import { type TableColumn, writeSheets, writeTable } from '../../formats/index.ts'
import { type Stay, yuan } from './cases.ts'

/** Facts of a case that a form may carry or not. */
export type Fact =
  | 'icuHours'
  | 'fund'
  | 'patient'
  | 'hospital'
  | 'insurance'
  | 'month'
  | 'department'
  /** Charges for drugs and consumables. */
  | 'drug'
  | 'consumable'

/** A form of input with one of its documented quirks. */
export interface Form {
  readonly name: string
  readonly carries: readonly Fact[]
  /** Writes the stays and returns the files. */
  write(stays: readonly Stay[], folder: string): string[]
  /** Whether ages of infants can be read: some forms have neither days nor dates. */
  readonly maps?: object
}

type Row = Readonly<Record<string, string>>

const ALL: readonly Fact[] = [
  'icuHours',
  'fund',
  'patient',
  'hospital',
  'insurance',
  'month',
  'department',
  'drug',
  'consumable',
]
const FRONT: readonly Fact[] = ['hospital', 'insurance', 'month', 'department', 'drug', 'consumable']

/** Text of a table: rows by header. */
export function csv(header: readonly string[], rows: readonly Row[], empty = '', mark = ','): string {
  const line = (cells: readonly string[]): string => (mark === ',' ? csvRow(cells) : `${cells.join(mark)}\n`)
  return [line(header), ...rows.map(row => line(header.map(name => row[name] ?? empty)))].join('')
}

function put(folder: string, name: string, content: string | Uint8Array): string[] {
  writeFileSync(join(folder, name), content)
  return [join(folder, name)]
}

/** The order of names of a layout, as the repository has it. */
function namesOf(file: string): string[] {
  return readFileSync(home('layouts', 'input', file), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map(line => line.split(',')[0]!)
}

function titlesOf(file: string): string[] {
  return readFileSync(home('layouts', 'input', file), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map(line => line.split(',')[1]!)
}

const two = (n: number): string => String(n).padStart(2, '0')

export const SIMPLE: readonly string[] = [
  '病案号',
  '性别',
  '年龄',
  '新生儿年龄天',
  '新生儿出生体重',
  '出院科室',
  '住院天数',
  '离院方式',
  '诊断编码',
  '手术操作编码',
  '总费用',
  '医保类型',
  '机构编码',
  '结算月份',
  '基金支付',
  '个人支付',
  '住院次数',
  '重症监护小时',
  '药品费',
  '耗材费',
]

export function simpleRow(stay: Stay): Row {
  return {
    病案号: stay.id,
    住院次数: String(stay.admission),
    性别: String(stay.sex),
    年龄: String(stay.age),
    新生儿年龄天: stay.days === undefined ? '' : String(stay.days),
    新生儿出生体重: stay.weight === undefined ? '' : String(stay.weight),
    出院科室: stay.department,
    住院天数: String(stay.los),
    离院方式: String(stay.way),
    诊断编码: stay.dx.join('|'),
    手术操作编码: stay.px.join('|'),
    总费用: yuan(stay.cost),
    医保类型: stay.insurance,
    机构编码: stay.hospital,
    结算月份: stay.discharge.slice(0, 7),
    基金支付: yuan(stay.cost - stay.self - stay.own),
    个人支付: yuan(stay.self + stay.own),
    重症监护小时: stay.icuMinutes === 0 ? '' : String(stay.icuMinutes / 60),
    药品费: yuan(stay.drugs.reduce((a, b) => a + b)),
    耗材费: yuan(stay.consumable),
  }
}

/** The beginning and the end of a stay in intensive care, inside the stay. */
function icu({ admit, icuMinutes }: Stay): [string, string] {
  const begin = Date.parse(`${admit.replace(' ', 'T')}:00Z`)
  const text = (time: number): string => new Date(time).toISOString().slice(0, 16).replace('T', ' ')
  return [text(begin), text(begin + icuMinutes * 60_000)]
}

export function hqmsRow(stay: Stay): Row {
  const row: Record<string, string> = {
    A01: stay.hospital,
    A02: '示例医院',
    A48: stay.id,
    A49: String(stay.admission),
    B12: stay.admit,
    B15: stay.discharge,
    A46C: stay.insurance === '310' ? '1' : '2',
    A11: '测试患者',
    A12C: String(stay.sex),
    A13: stay.birth,
    A14: String(stay.age),
    A20: '000000000000000000',
    A26: '示例省示例市1号',
    B16C: stay.department,
    B20: String(stay.los),
    C03C: stay.dx[0]!,
    C04N: '名称,含逗号',
    B34C: String(stay.way),
    D01: yuan(stay.cost),
    D09: yuan(stay.self),
    D20: '1.00',
    D23: yuan(stay.drugs[0]),
    // A part of the drugs, never added to them.
    D23x01: '0.50',
    D24: yuan(stay.drugs[1]),
    D25: stay.drugs[2] === 0 ? '-' : yuan(stay.drugs[2]),
    D31: '0',
    D32: yuan(stay.consumable - 1),
    D33: '0.01',
  }
  if (stay.days !== undefined) row.A16 = String(stay.days)
  if (stay.weight !== undefined) row.A18x01 = String(stay.weight)
  stay.dx.slice(1).forEach((code, i) => {
    row[`C06x${two(i + 1)}C`] = code
    row[`C07x${two(i + 1)}N`] = '名称'
  })
  if (stay.px.length > 0) row.C14x01C = stay.px[0]!
  stay.px.slice(1).forEach((code, i) => {
    row[`C35x${two(i + 1)}C`] = code
  })
  if (stay.icuMinutes > 0) [row.C49x01, row.C50x01] = icu(stay) as [string, string]
  return row
}

export const HQMS: readonly string[] = namesOf('hqms.csv')
export const N041: readonly string[] = namesOf('n041.csv')

function n041Row(stay: Stay): Row {
  const row: Record<string, string> = {
    USERNAME: stay.hospital,
    YLFKFS: stay.insurance === '310' ? '01' : '02',
    ZYCS: String(stay.admission),
    BAH: stay.id,
    XM: '测试患者',
    XB: String(stay.sex),
    CSRQ: stay.birth,
    NL: String(stay.age),
    // In months, as this form has it: only the dates tell the days.
    BZYZSNL: stay.days === undefined ? '' : String(Math.floor(stay.days / 30)),
    XSECSTZ: stay.weight === undefined ? '' : String(stay.weight),
    RYSJ: stay.admit.slice(0, 10),
    RYSJS: stay.admit.slice(11, 13),
    CYSJ: stay.discharge.slice(0, 10),
    CYSJS: '9',
    CYKB: stay.department,
    SJZYTS: String(stay.los),
    JBDM: stay.dx[0]!,
    LYFS: String(stay.way),
    ZFY: yuan(stay.cost),
    ZFJE: yuan(stay.self),
    XYF: yuan(stay.drugs[0]),
    KJYWF: '0.50',
    ZCYF: yuan(stay.drugs[1]),
    ZCYF1: yuan(stay.drugs[2]),
    YYCLF: yuan(stay.consumable),
  }
  stay.dx.slice(1).forEach((code, i) => {
    row[`JBDM${i + 1}`] = code
    row[`QTZD${i + 1}`] = '名称'
  })
  stay.px.forEach((code, i) => {
    row[`SSJCZBM${i + 1}`] = code
  })
  return row
}

interface Dialect {
  readonly keys?: (key: string) => string
  readonly single?: boolean
  readonly numbers?: boolean
}

/** Diagnoses and procedures in another order than that of the flags: the flag decides. */
function flagged<T>(codes: readonly T[]): { readonly code: T; readonly isMain: boolean }[] {
  const rows = codes.map((code, i) => ({ code, isMain: i === 0 }))
  // The main one last: the others keep their order.
  return [...rows.slice(1), ...rows.slice(0, 1)]
}

export function message4101(stay: Stay): object {
  return {
    infno: '4101',
    fixmedins_code: stay.hospital,
    input: {
      setlinfo: {
        mdtrt_id: `MD${stay.settleId}`,
        setl_id: stay.settleId,
        fixmedins_code: stay.hospital,
        hi_no: stay.person,
        medcasno: stay.id,
        dcla_time: '2026-01-15 10:30:00',
        psn_name: '测试患者',
        gend: String(stay.sex),
        brdy: stay.birth,
        age: String(stay.age),
        nwb_age: stay.days === undefined ? '' : String(stay.days),
        certno: '000000000000000000',
        hi_type: stay.insurance,
        nwb_bir_wt: stay.weight === undefined ? '' : String(stay.weight),
        adm_time: `${stay.admit}:00`,
        dscg_time: `${stay.discharge}:00`,
        dscg_caty: stay.department,
        act_ipt_days: String(stay.los),
        dscg_way: String(stay.way),
        setl_begn_date: stay.admit.slice(0, 10),
        setl_end_date: stay.discharge.slice(0, 10),
        psn_selfpay: yuan(stay.self),
        psn_ownpay: yuan(stay.own),
        bill_code: '-',
      },
      payinfo: [
        { fund_pay_type: '310100', fund_payamt: yuan(stay.cost - stay.self - stay.own - 100) },
        { fund_pay_type: '330100', fund_payamt: '1.00' },
        { fund_pay_type: '310200', fund_payamt: '5.00' },
      ],
      opspdiseinfo: [{ diag_code: '-', diag_name: ' ' }],
      diseinfo: [
        ...flagged(stay.dx).map(({ code, isMain }) => ({
          diag_type: '1',
          diag_code: code,
          diag_name: '名称',
          maindiag_flag: isMain ? '1' : '0',
        })),
        { diag_type: '2', diag_code: 'A01.01', diag_name: '中医病', maindiag_flag: '1' },
      ],
      iteminfo: [
        { med_chrgitm: '01', amt: yuan(stay.cost - stay.drugs.reduce((a, b) => a + b) - stay.consumable + 1000) },
        { med_chrgitm: '09', amt: yuan(stay.drugs[0]) },
        { med_chrgitm: '11', amt: yuan(stay.drugs[1]) },
        { med_chrgitm: '10', amt: yuan(stay.drugs[2]) },
        { med_chrgitm: '08', amt: yuan(stay.consumable + 300) },
        // Taken back.
        { med_chrgitm: '08', amt: '-3.00' },
        { med_chrgitm: '01', amt: '-10.00' },
      ],
      oprninfo: flagged(stay.px).map(({ code, isMain }) => ({
        oprn_oprt_type: isMain ? '1' : '2',
        oprn_oprt_code: code,
      })),
      icuinfo:
        stay.icuMinutes === 0
          ? null
          : [{ scs_cutd_ward_type: '4', scs_cutd_inpool_time: icu(stay)[0], scs_cutd_exit_time: icu(stay)[1] }],
    },
  }
}

function message4101A(stay: Stay): object {
  const { input } = message4101(stay) as { input: Record<string, object> & { setlinfo: Record<string, string> } }
  const {
    gend: _,
    brdy: __,
    age: ___,
    nwb_age: ____,
    hi_type: _____,
    act_ipt_days: ______,
    psn_selfpay: _7,
    psn_ownpay: _8,
    fixmedins_code: _9,
    ...setlinfo
  } = input.setlinfo
  const { payinfo: _p, iteminfo: _i, ...nodes } = input
  return {
    infno: '4101A',
    fixmedins_code: stay.hospital,
    input: { ...nodes, setlinfo: { ...setlinfo, psn_no: stay.person } },
  }
}

function settlement(stay: Stay): Row {
  return {
    setl_id: stay.settleId,
    psn_no: stay.person,
    gend: String(stay.sex),
    brdy: stay.birth,
    age: String(stay.age),
    insutype: stay.insurance,
    medfee_sumamt: yuan(stay.cost),
    fund_pay_sumamt: yuan(stay.cost - stay.self - stay.own),
    psn_part_amt: yuan(stay.self + stay.own),
  }
}

function message4103(stay: Stay): object {
  const { input } = message4101(stay) as {
    input: Record<string, unknown> & { setlinfo: Row; iteminfo: Row[]; oprninfo: Row[] }
  }
  const { nwb_age, hi_type, psn_selfpay, psn_ownpay, setl_end_date, ...same } = input.setlinfo
  return {
    output: {
      ...input,
      setlinfo: {
        ...same,
        age_days: nwb_age,
        insutype: hi_type,
        psn_selfpay_amt: psn_selfpay,
        psn_ownpay_fee: psn_ownpay,
        setl_enddate: setl_end_date,
      },
      iteminfo: input.iteminfo.map(({ amt, med_chrgitm }) => ({ item_sumamt: amt, med_chrgitm_type: med_chrgitm })),
      oprninfo: input.oprninfo.map(({ oprn_oprt_type, oprn_oprt_code }) => ({
        main_oprn_flag: oprn_oprt_type === '1' ? '1' : '0',
        oprn_oprt_code,
      })),
    },
    infcode: 0,
  }
}

function message4401(stay: Stay): object {
  return {
    infno: '4401',
    input: {
      baseinfo: {
        patn_ipt_cnt: String(stay.admission),
        medcasno: stay.id,
        psn_name: '测试患者',
        gend: String(stay.sex),
        brdy: stay.birth,
        age: String(stay.age),
        nwb_bir_wt: stay.weight ?? '',
        adm_date: stay.admit.slice(0, 10),
        dscg_date: stay.discharge.slice(0, 10),
        dscg_caty: stay.department,
        ipt_days: stay.los,
        dscg_way: stay.way,
        medfee_sumamt: yuan(stay.cost),
        wm_fee: yuan(stay.drugs[0]),
        tcmpat_fee: yuan(stay.drugs[1]),
        tcmherb_fee: yuan(stay.drugs[2]),
        trt_dspo_matl_fee: yuan(stay.consumable),
        fixmedins_code: stay.hospital,
      },
      diseinfo: flagged(stay.dx).map(({ code, isMain }) => ({
        diag_code: code,
        maindiag_flag: isMain ? '1' : '0',
        vali_flag: '1',
      })),
      oprninfo: [
        ...flagged(stay.px).map(({ code, isMain }) => ({
          oprn_oprt_code: code,
          main_oprn_flag: isMain ? '1' : '0',
          canc_oprn_flag: '0',
        })),
        { oprn_oprt_code: '47.0100', main_oprn_flag: '0', canc_oprn_flag: '1' },
      ],
      icuinfo:
        stay.icuMinutes === 0
          ? []
          : [{ icu_codeid: 'SICU', inpool_icu_time: icu(stay)[0], out_icu_time: icu(stay)[1] }],
    },
  }
}

/** The same message with its keys written otherwise, one-element lists as objects, numbers as numbers. */
function inDialect(value: unknown, dialect: Dialect): unknown {
  if (Array.isArray(value)) {
    const items = value.map(item => inDialect(item, dialect))
    return dialect.single === true && items.length === 1 ? items[0] : items
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [dialect.keys?.(key) ?? key, inDialect(item, dialect)]),
    )
  }
  const isNumber = dialect.numbers === true && typeof value === 'string' && /^(0|[1-9]\d{0,8})(\.\d+)?$/.test(value)
  return isNumber ? Number(value) : value
}

function camel(key: string): string {
  return key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}

function canonical(stay: Stay): object {
  return {
    caseId: stay.id,
    settleId: stay.settleId,
    hospitalCode: stay.hospital,
    sex: String(stay.sex),
    birthDate: stay.birth,
    ageYears: stay.age,
    ageDays: stay.days ?? null,
    birthWeights: stay.weight === undefined ? [] : [stay.weight],
    admitTime: `${stay.admit.replace(' ', 'T')}:00`,
    dischargeTime: `${stay.discharge.replace(' ', 'T')}:00`,
    losDays: stay.los,
    dischargeWay: String(stay.way),
    dischargeDept: stay.department,
    icuHours: stay.icuMinutes === 0 ? null : stay.icuMinutes / 60,
    diagnoses: stay.dx.map((code, i) => ({ code, kind: '1', main: i === 0 })),
    procedures: stay.px.map((code, i) => ({ code, main: i === 0 })),
    totalCost: yuan(stay.cost),
    fees14: {
      '09': yuan(stay.drugs[0]),
      '11': yuan(stay.drugs[1]),
      '10': yuan(stay.drugs[2]),
      '08': yuan(stay.consumable),
    },
    funds: [{ code: '310100', amount: yuan(stay.cost - stay.self - stay.own) }],
    selfPay: yuan(stay.self),
    ownPay: yuan(stay.own),
    insurance: stay.insurance,
    settleEnd: stay.discharge.slice(0, 10),
  }
}

function columns(names: readonly string[]): TableColumn[] {
  return names.map(name => ({ key: name, title: { zh: name, en: name }, kind: 'text' }))
}

/** The long tables by name, those of fees and funds in another order than the main one. */
function longRows(stays: readonly Stay[]): ReadonlyMap<string, readonly Row[]> {
  const info = (stay: Stay): Row => (message4101(stay) as { input: { setlinfo: Row } }).input.setlinfo
  const rows = (name: string): Row[] =>
    stays.flatMap(stay => {
      const nodes = (message4101(stay) as { input: Record<string, Row[] | null> }).input
      return (nodes[name] ?? []).map(row => ({ setl_id: stay.settleId, ...row }))
    })
  // In any order: tables of bureaus are sorted by other things.
  const shuffled = (list: Row[]): Row[] => [
    ...list.filter((_, i) => i % 2 === 1),
    ...list.filter((_, i) => i % 2 === 0),
  ]
  return new Map([
    ['setlinfo', stays.map(info)],
    ['diseinfo', rows('diseinfo')],
    ['oprninfo', rows('oprninfo')],
    ['iteminfo', shuffled(rows('iteminfo'))],
    ['payinfo', shuffled(rows('payinfo'))],
    ['icuinfo', rows('icuinfo')],
  ])
}

/** Long tables, each written by `one`. */
function longTables(one: (folder: string, name: string, rows: readonly Row[]) => string[]): Form['write'] {
  return (stays, folder) => [...longRows(stays)].flatMap(([name, rows]) => one(folder, name, rows))
}

const asCsv = (folder: string, name: string, rows: readonly Row[]): string[] =>
  put(folder, `${name}.csv`, csv(Object.keys(rows[0]!), rows))

const asTable =
  (format: 'xlsx' | 'parquet') =>
  (folder: string, name: string, rows: readonly Row[]): string[] => {
    const names = Object.keys(rows[0]!)
    const file = join(folder, `${name}.${format}`)
    writeTable(
      file,
      columns(names),
      rows.map(row => names.map(key => row[key])),
      { format, lang: 'zh' },
    )
    return [file]
  }

const asLines = (folder: string, name: string, rows: readonly Row[]): string[] =>
  put(folder, `${name}.jsonl`, rows.map(row => JSON.stringify(row)).join('\n'))

/** All long tables as the sheets of one workbook. */
function longWorkbook(stays: readonly Stay[], folder: string): string[] {
  const file = join(folder, 'long.xlsx')
  const sheets = [...longRows(stays)].map(([name, rows]) => {
    const names = Object.keys(rows[0]!)
    return { name, columns: columns(names), rows: rows.map(row => names.map(key => row[key])) }
  })
  writeSheets(file, sheets, { lang: 'zh' })
  return [file]
}

const slash = (date: string): string => date.replace(/-0?/g, '/')

export const FORMS: readonly Form[] = [
  { name: 'simple table', carries: ALL, write: (s, f) => put(f, 'simple.csv', csv(SIMPLE, s.map(simpleRow))) },
  {
    name: 'simple table in GB18030',
    carries: ALL,
    write: (s, f) => put(f, 'gb.csv', iconv.encode(csv(SIMPLE, s.map(simpleRow)), 'gb18030')),
  },
  {
    name: 'simple table with tabs, BOM and CRLF',
    carries: ALL,
    write: (s, f) => put(f, 'tab.csv', `\ufeff${csv(SIMPLE, s.map(simpleRow), '', '\t').replaceAll('\n', '\r\n')}`),
  },
  {
    name: 'simple table with semicolons',
    carries: ALL,
    write: (s, f) => put(f, 'semicolon.csv', csv(SIMPLE, s.map(simpleRow), '', ';')),
  },
  {
    name: 'simple table with words, units and dates',
    carries: ['month', 'department', 'hospital', 'insurance', 'patient'],
    write: (s, f) =>
      put(
        f,
        'words.csv',
        csv(
          [
            '病案号(必填)',
            '住院次数',
            '性 别',
            '年龄',
            '出生日期',
            '入院时间',
            '出院时间',
            '新生儿出生体重（克）',
            '出院科室',
            '离院方式',
            '主要诊断编码',
            '其他诊断编码1',
            '其他诊断编码',
            '手术操作编码',
            '总费用(元)',
            '险种',
            '医疗机构编码',
            '个人自付',
            '个人自费',
            '姓名',
          ],
          s.map(stay => ({
            '病案号(必填)': stay.id,
            住院次数: String(stay.admission),
            '性 别': stay.sex === 1 ? '男' : '女',
            年龄: stay.days === undefined ? `${stay.age}岁` : `${stay.days}天`,
            出生日期: stay.birth.replace(/-/g, ''),
            入院时间: slash(stay.admit),
            出院时间: `${stay.discharge.slice(0, 4)}年${Number(stay.discharge.slice(5, 7))}月${Number(stay.discharge.slice(8, 10))}日`,
            '新生儿出生体重（克）': stay.weight === undefined ? '无' : `${stay.weight}.0`,
            出院科室: stay.department,
            离院方式: String(stay.way),
            主要诊断编码: ` ${stay.dx[0]}　`,
            其他诊断编码1: stay.dx[1] ?? '--',
            其他诊断编码: stay.dx.slice(2).join('、') || '-',
            手术操作编码: stay.px.join('；'),
            '总费用(元)': `￥${Number(yuan(stay.cost)).toLocaleString('en-US', { minimumFractionDigits: 2 })}`,
            险种: stay.insurance,
            医疗机构编码: stay.hospital,
            个人自付: yuan(stay.self),
            个人自费: yuan(stay.own),
            姓名: '测试患者',
          })),
          '',
        ),
      ),
  },
  {
    name: 'HQMS',
    carries: [...FRONT, 'icuHours'],
    write: (s, f) => put(f, 'hqms.csv', csv(HQMS, s.map(hqmsRow), '-')),
  },
  {
    name: 'HQMS in GB18030, upper case, all quoted',
    carries: [...FRONT, 'icuHours'],
    write: (s, f) => {
      const text = [
        HQMS.map(name => name.toUpperCase()),
        ...s.map(stay => HQMS.map(name => hqmsRow(stay)[name] ?? '—')),
      ]
      return put(
        f,
        'hqms-gb.csv',
        iconv.encode(text.map(row => row.map(cell => `"${cell}"`).join(',')).join('\r\n'), 'gb18030'),
      )
    },
  },
  {
    name: 'HQMS with codes above titles',
    carries: [...FRONT, 'icuHours'],
    write: (s, f) =>
      put(f, 'hqms-two.csv', csv(HQMS, s.map(hqmsRow)).replace('\n', `\n${titlesOf('hqms.csv').join(',')}\n`)),
  },
  {
    name: 'HQMS with glued titles below a title row',
    carries: [...FRONT, 'icuHours'],
    write: (s, f) => {
      const titles = titlesOf('hqms.csv')
      const glued = HQMS.map((name, i) => (i % 2 === 0 ? `${name}${titles[i]}` : `${titles[i]}(${name})`))
      const rows = s.map(hqmsRow).map(row => HQMS.map(name => row[name] ?? '无'))
      return put(f, 'hqms-title.csv', ['首页数据,,\n', csvRow(glued), ...rows.map(csvRow)].join(''))
    },
  },
  { name: 'N041', carries: FRONT, write: (s, f) => put(f, 'n041.csv', csv(N041, s.map(n041Row))) },
  {
    name: 'N041 in lower case, without JBDM4 where it is empty, with columns of its own',
    carries: FRONT,
    write: (s, f) => {
      const names = [...N041.filter(name => name !== 'QTZD4'), 'JYS', 'SBLB']
      return put(
        f,
        'n041-lower.csv',
        csv(names, s.map(n041Row)).replace(/^[^\n]*/, header => header.toLowerCase()),
      )
    },
  },
  {
    name: 'HN041 with diagnoses and procedures under names of its own',
    carries: FRONT,
    write: (s, f) => {
      const names = N041.map(name =>
        name
          .replace(/^JBDM(\d*)$/, 'XY_JBDM$1')
          .replace(/^QTZD(\d+)$/, 'XY_FJBM$1')
          .replace(/^SSJCZBM(\d)$/, 'SSBM$1_S'),
      )
      const rows = s.map(n041Row).map(row => {
        const renamed = Object.fromEntries(
          Object.entries(row).map(([name, cell]) => [
            name.replace(/^JBDM(\d*)$/, 'XY_JBDM$1').replace(/^SSJCZBM(\d)$/, 'SSBM$1_S'),
            cell,
          ]),
        )
        // A code of dagger and asterisk comes apart; a morphology code beside a diagnosis is no part of it.
        for (const name of Object.keys(renamed).filter(key => key.startsWith('XY_JBDM'))) {
          const [base, star] = renamed[name]!.split('+')
          const beside = name.replace('JBDM', 'FJBM')
          renamed[beside] = star ?? 'M8000/3'
          if (star !== undefined) renamed[name] = base!
        }
        for (const name of Object.keys(renamed)) if (/^QTZD\d/.test(name)) delete renamed[name]
        return renamed
      })
      return put(f, 'hn041.csv', csv([...names, 'XY_FJBM'], rows))
    },
  },
  {
    name: '4101 as an array',
    carries: ALL,
    write: (s, f) => put(f, '4101.json', JSON.stringify(s.map(message4101), null, 1)),
  },
  {
    name: '4101 as JSON Lines',
    carries: ALL,
    write: (s, f) => put(f, '4101.jsonl', s.map(stay => JSON.stringify(message4101(stay))).join('\n')),
  },
  {
    name: '4101 with upper-case keys, numbers, single objects, comments and a BOM',
    carries: ALL,
    write: (s, f) => {
      const dialect = { keys: (key: string) => key.toUpperCase(), single: true, numbers: true }
      return put(
        f,
        'upper.json',
        `\ufeff// log of 2026-01-15\n[\n${s.map(stay => `/* one */ ${JSON.stringify(inDialect(message4101(stay), dialect))}`).join(',\n')}\n]`,
      )
    },
  },
  {
    name: '4101 in camel case, bare nodes',
    carries: ALL,
    write: (s, f) =>
      put(
        f,
        'camel.jsonl',
        s
          .map(stay => JSON.stringify(inDialect((message4101(stay) as { input: object }).input, { keys: camel })))
          .join('\n'),
      ),
  },
  {
    name: '4101 without underscores, quoted as texts',
    carries: ALL,
    write: (s, f) =>
      put(
        f,
        'quoted.jsonl',
        s
          .map(stay =>
            JSON.stringify(JSON.stringify(inDialect(message4101(stay), { keys: key => key.replaceAll('_', '') }))),
          )
          .join('\n'),
      ),
  },
  {
    name: '4101 in GB18030',
    carries: ALL,
    write: (s, f) =>
      put(f, 'gb.jsonl', iconv.encode(s.map(stay => JSON.stringify(message4101(stay))).join('\r\n'), 'gb18030')),
  },
  {
    name: '4101, one message a row of a table',
    carries: ALL,
    write: (s, f) =>
      put(
        f,
        'rows.csv',
        csv(
          ['id', 'log', 'content'],
          s.map((stay, i) => ({ id: String(i), log: 'x', content: JSON.stringify(message4101(stay)) })),
        ),
      ),
  },
  {
    name: '4101A with 4101',
    carries: ALL,
    write: (s, f) => [
      ...put(f, '4101A.jsonl', s.map(stay => JSON.stringify(message4101A(stay))).join('\n')),
      ...put(f, '4101-full.jsonl', s.map(stay => JSON.stringify(message4101(stay))).join('\n')),
    ],
  },
  {
    name: '4101A with 2304 replies',
    carries: ALL.filter(fact => fact !== 'drug' && fact !== 'consumable'),
    write: (s, f) => [
      ...put(f, '4101A-b.jsonl', s.map(stay => JSON.stringify(message4101A(stay))).join('\n')),
      ...put(
        f,
        '2304.jsonl',
        s
          .map(stay => JSON.stringify({ output: { setlinfo: settlement(stay) } }))
          .reverse()
          .join('\n'),
      ),
    ],
  },
  {
    name: '4101A with a settlement table',
    carries: ALL.filter(fact => fact !== 'drug' && fact !== 'consumable'),
    write: (s, f) => [
      ...put(f, '4101A-c.json', JSON.stringify(s.map(message4101A))),
      ...put(f, 'settlements.csv', csv(Object.keys(settlement(s[0]!)), s.map(settlement))),
    ],
  },
  { name: '4103', carries: ALL, write: (s, f) => put(f, '4103.json', JSON.stringify(s.map(message4103))) },
  {
    name: '4401',
    carries: ['icuHours', 'hospital', 'month', 'department', 'drug', 'consumable'],
    write: (s, f) => put(f, '4401.json', JSON.stringify({ data: s.map(message4401) })),
  },
  { name: 'long tables', carries: ALL, write: longTables(asCsv) },
  { name: 'long tables as workbooks', carries: ALL, write: longTables(asTable('xlsx')) },
  { name: 'long tables as Parquet', carries: ALL, write: longTables(asTable('parquet')) },
  { name: 'long tables as JSON Lines', carries: ALL, write: longTables(asLines) },
  { name: 'long tables in one workbook', carries: ALL, write: longWorkbook },
  {
    name: 'long tables in several forms',
    carries: ALL,
    write: longTables((folder, name, rows) =>
      (
        ({ setlinfo: asCsv, diseinfo: asTable('xlsx'), oprninfo: asLines, iteminfo: asTable('parquet') })[name] ?? asCsv
      )(folder, name, rows),
    ),
  },
  { name: 'canonical JSON', carries: ALL, write: (s, f) => put(f, 'canonical.json', JSON.stringify(s.map(canonical))) },
  {
    name: 'inspection table',
    carries: ['fund', 'hospital', 'insurance', 'month', 'department'],
    write: (s, f) => {
      const rows = s.map(
        (stay): Row => ({
          病案号: stay.id,
          结算单据号: stay.settleId,
          医疗机构编码: stay.hospital,
          性别: stay.sex === 1 ? '男' : '女',
          年龄: String(stay.age),
          出生日期: stay.birth,
          入院日期: stay.admit,
          住院天数: String(stay.los),
          出院科室: stay.department,
          结算日期: stay.discharge.slice(0, 10),
          险种类型: stay.insurance,
          新生儿出生体重: stay.weight === undefined ? '' : String(stay.weight),
          // The template's own codes: 3 against advice, 4 died.
          离院方式: { 1: '1', 2: '2', 4: '3', 5: '4', 9: '9', 3: '2' }[stay.way]!,
          医疗总发生费用: yuan(stay.cost),
          医保实际支付费用: yuan(stay.cost - stay.self - stay.own),
          出院诊断编码: stay.dx.join(';'),
          手术编码: stay.px.join(';'),
          病组病种编码: '',
        }),
      )
      return put(f, 'inspection.csv', csv(Object.keys(rows[0]!), rows))
    },
  },
  {
    name: 'settlement list with pinyin columns',
    carries: ['hospital', 'insurance', 'month', 'department'],
    write: (s, f) => {
      const row = (stay: Stay): Row => ({
        QDLSH: stay.settleId,
        DDYLJGDM: stay.hospital,
        BAH: stay.id,
        XM: '测试患者',
        XB: String(stay.sex),
        CSRQ: stay.birth.replaceAll('-', ''),
        NL: String(stay.age),
        BZYZSNL: stay.days === undefined ? '' : String(stay.days),
        XSECSTZ: stay.weight === undefined ? '' : String(stay.weight),
        RYSJ: stay.admit,
        CYSJ: stay.discharge,
        SJZYTS: String(stay.los),
        LYFS: String(stay.way),
        CYKB: stay.department,
        YBLX: stay.insurance === '310' ? '1' : '2',
        ZFY: yuan(stay.cost),
        JBDM: stay.dx[0]!,
        ...Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`JBDM${i + 1}`, stay.dx[i + 1] ?? ''])),
        SSJCZBM: stay.px[0] ?? '',
        ...Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`SSJCZBM${i + 1}`, stay.px[i + 1] ?? ''])),
      })
      return put(f, 'list.csv', csv(Object.keys(row(s[0]!)), s.map(row)))
    },
  },
  {
    name: 'simple table as XLSX, on two sheets',
    carries: ALL,
    write: (s, f) => {
      const file = join(f, 'simple.xlsx')
      const at = new Map(s.map((stay, i) => [stay.id, i]))
      writeTable(
        file,
        columns(SIMPLE),
        s.map(simpleRow).map(row => SIMPLE.map(name => row[name])),
        { format: 'xlsx', lang: 'zh', sheet: row => (at.get(String(row[0]))! * 2 < s.length ? '1月' : '2月') },
      )
      return [file]
    },
  },
  {
    name: 'HQMS as XLSX with real dates and numbers',
    carries: [...FRONT, 'icuHours'],
    write: (s, f) => {
      const file = join(f, 'hqms.xlsx')
      const kinds: Readonly<Record<string, TableColumn['kind']>> = {
        A13: 'date',
        B12: 'datetime',
        B15: 'datetime',
        A14: 'integer',
        B20: 'integer',
        D01: 'money',
      }
      const typed = HQMS.map(
        (name): TableColumn => ({ key: name, title: { zh: name, en: name }, kind: kinds[name] ?? 'text' }),
      )
      const cell = (row: Row, { key, kind }: TableColumn): string | number | undefined => {
        const text = row[key]
        if (text === undefined || text === '') return undefined
        if (kind === 'integer') return Number(text)
        if (kind === 'money') return Math.round(Number(text) * 100)
        return kind === 'datetime' ? text.replace(' ', 'T') : text
      }
      writeTable(
        file,
        typed,
        s.map(hqmsRow).map(row => typed.map(column => cell(row, column))),
        { format: 'xlsx', lang: 'zh' },
      )
      return [file]
    },
  },
  {
    name: '4101, one message a row of a sheet',
    carries: ALL,
    write: (s, f) => {
      const file = join(f, 'messages.xlsx')
      writeTable(
        file,
        columns(['流水号', '报文']),
        s.map((stay, i) => [String(i), JSON.stringify(message4101(stay))]),
        { format: 'xlsx', lang: 'zh' },
      )
      return [file]
    },
  },
  {
    name: 'simple table as Parquet with exact types',
    carries: ALL,
    write: (s, f) => {
      const file = join(f, 'simple.parquet')
      const kinds: Readonly<Record<string, TableColumn['kind']>> = {
        年龄: 'integer',
        住院天数: 'integer',
        总费用: 'money',
        基金支付: 'money',
        个人支付: 'money',
        药品费: 'money',
      }
      const typed = SIMPLE.map(
        (name): TableColumn => ({ key: name, title: { zh: name, en: name }, kind: kinds[name] ?? 'text' }),
      )
      const rows = s.map(simpleRow).map(row =>
        typed.map(({ key, kind }) => {
          const text = row[key]!
          return kind === 'money' ? Math.round(Number(text) * 100) : kind === 'integer' ? Number(text) : text
        }),
      )
      writeTable(file, typed, rows, { format: 'parquet', lang: 'zh' })
      return [file]
    },
  },
]
