import { readTable, type Table } from '../files/index.ts'
import { Fault } from '../messages/index.ts'
import { type Decimal, parseDecimal } from '../numbers/index.ts'
import { NO_WEIGHT, plain } from './heading.ts'

/** What a column of a published table holds. */
export type PaymentColumnKind =
  | 'group'
  | 'name'
  | 'weight'
  | 'score'
  | 'coefficient'
  | 'rate'
  | 'standard'
  | 'lowCutoff'
  | 'highCutoff'
  | 'meanCost'
  | 'quota'
  | 'flag'
  | 'remark'

export interface PaymentColumn {
  readonly kind: PaymentColumnKind
  /** Heading as printed. */
  readonly title: string
  /** Level of hospitals that it is for, as printed (二级, 三甲, or a list of names); '' where it does not say. */
  readonly level: string
  /** 310 employees (职工), 390 residents (居民); '' for all. */
  readonly insurance: string
}

export interface PaymentRow {
  readonly line: number
  readonly group: string
  readonly name: string
  /** Weight or score; null where the table has none. */
  readonly weight: Decimal | null
  /** Values by position of the column; null where there is none (blank, 0 in a standard, words). */
  readonly values: readonly (Decimal | null)[]
  /** Titles of the flags that are set. */
  readonly flags: readonly string[]
  readonly remark: string
}

/** A published table of weights, coefficients and payment standards. */
export interface PaymentTable {
  readonly file: string
  /** `score`: 分值 instead of a weight. */
  readonly unit: 'weight' | 'score'
  readonly columns: readonly PaymentColumn[]
  readonly rows: readonly PaymentRow[]
  /** Rows whose code stood before; kept in the table, to be settled by hand. */
  readonly repeated: readonly { readonly line: number; readonly group: string; readonly first: number }[]
}

/** Headings by kind, tried in order on the heading without blanks and brackets. */
const KINDS: readonly (readonly [RegExp, PaymentColumnKind])[] = [
  [/^(group|drg|drg编码|drg组编码|分组编码|病组编码)$/, 'group'],
  [/^(name|drg名称|drg组名称|分组名称|病组名称)$/, 'name'],
  [/^(weight|rw|权重|初始权重|标准权重)$/, 'weight'],
  [/^标准分值$/, 'score'],
  [/系数$/, 'coefficient'],
  [/费率$/, 'rate'],
  [/支付标准$/, 'standard'],
  [/^低倍临界值$/, 'lowCutoff'],
  [/^高倍临界值$/, 'highCutoff'],
  [/^例均费用$/, 'meanCost'],
  [/^总控人次$/, 'quota'],
  [/^备注$/, 'remark'],
  [/病组$|^病组(标识|类型)$|^稳定组?$/, 'flag'],
]

/**
 * Reads a published table of a city by its headings, whatever mixture of weights, coefficients, rates and standards by
 * level and insurance it has. Code `0` is 0000 (a spreadsheet takes leading zeros away); 无, 按项目据实支付, blanks and 0
 * mean no weight; a standard of 0 means not priced; short rows lack their last cells.
 */
export function readPaymentTable(file: string): PaymentTable {
  const table = readTable(file)
  const columns = table.header.flatMap((title, at) => {
    const column = columnOf(title)
    return column === undefined ? [] : [{ ...column, at }]
  })
  const weightColumns = columns.filter(one => one.kind === 'weight' || one.kind === 'score')
  const groupColumn = columns.find(one => one.kind === 'group')
  if (groupColumn === undefined || weightColumns.length !== 1) throw noColumns(table, groupColumn === undefined)
  const [weightColumn] = weightColumns
  const seen = new Map<string, number>()
  const repeated: PaymentTable['repeated'][number][] = []
  const rows = table.rows.map(({ cells, line }): PaymentRow => {
    const cell = (at: number): string => (cells[at] ?? '').normalize('NFKC').trim()
    const written = cell(groupColumn.at)
    const group = written === '0' ? '0000' : written
    const first = seen.get(group)
    if (first === undefined) seen.set(group, line)
    else repeated.push({ line, group, first })
    const number = (at: number, title: string): Decimal | null => numberOf(cell(at), { file, line, field: title })
    const numeric = (kind: PaymentColumnKind): boolean => !['group', 'name', 'flag', 'remark'].includes(kind)
    return {
      line,
      group,
      name: columns.filter(one => one.kind === 'name').map(one => cell(one.at))[0] ?? '',
      weight: number(weightColumn!.at, weightColumn!.title),
      values: columns.map(one => (numeric(one.kind) ? number(one.at, one.title) : null)),
      flags: columns
        .filter(one => one.kind === 'flag' && isSet(one.title, cell(one.at)))
        .map(one => flagOf(one.title, cell(one.at))),
      remark: columns.filter(one => one.kind === 'remark').map(one => cell(one.at))[0] ?? '',
    }
  })
  return {
    file,
    unit: weightColumn!.kind === 'score' ? 'score' : 'weight',
    columns: columns.map(({ kind, title, level, insurance }) => ({ kind, title, level, insurance })),
    rows,
    repeated,
  }
}

/** What a heading says: kind, and level and insurance from its brackets or its first words. */
function columnOf(title: string): PaymentColumn | undefined {
  const text = title.normalize('NFKC')
  const inside = /\(([^)]*)\)/.exec(text)?.[1] ?? ''
  const outside = plain(text.replace(/\([^)]*\)/g, ''))
  const kind = KINDS.find(([pattern]) => pattern.test(outside))?.[1]
  if (kind === undefined) return undefined
  const insurance = /职工/.test(text) ? '310' : /居民/.test(text) ? '390' : ''
  const before = /^([一二三]级)医院/.exec(outside)?.[1] ?? ''
  return { kind, title, level: before || inside.replace(/职工|居民/g, ''), insurance }
}

function numberOf(text: string, at: { file: string; line: number; field: string }): Decimal | null {
  if (NO_WEIGHT.has(text)) return null
  const value = parseDecimal(text)
  if (value === undefined) {
    throw new Fault({
      code: 'WGT-006',
      at,
      what: { zh: `“${text}”不是可用的数值。`, en: `"${text}" is not a usable number.` },
      fix: {
        zh: '请写成 1.2345 这样的十进制数，没有则留空。',
        en: 'Write a decimal such as 1.2345; leave it blank if there is none.',
      },
    })
  }
  return value.isZero() ? null : value
}

/** 否 in a column that names what is good (稳定组) sets a flag; in others it does not. */
function isSet(title: string, cell: string): boolean {
  if (cell === '') return false
  return title.startsWith('稳定') ? cell === '否' : cell !== '否'
}

/** A mark (是, ※) says what its heading says; a word says it itself. */
function flagOf(title: string, cell: string): string {
  const heading = title.normalize('NFKC').replace(/\([^)]*\)/g, '')
  if (heading.startsWith('稳定')) return '不稳定'
  return ['是', '※', '√', 'Y', '1'].includes(cell) ? heading : cell
}

function noColumns({ file, header }: Table, group: boolean): Fault {
  return new Fault({
    code: 'WGT-002',
    at: { file, line: 1 },
    what: group
      ? { zh: `没有病组编码列：${header.join('、')}。`, en: `There is no column for the group: ${header.join(', ')}.` }
      : {
          zh: `没有权重或分值列，或不止一列：${header.join('、')}。`,
          en: `There is no column for weight or score, or more than one: ${header.join(', ')}.`,
        },
    fix: { zh: '可用的表头见 docs/weights.md。', en: 'docs/weights.md lists the headings.' },
  })
}
