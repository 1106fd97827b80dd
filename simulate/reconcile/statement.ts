import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { decodeText, home, parseTable, readDocument, readWorkbook, unreadable } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import { type Decimal, type Fen, parseDecimal, parseYuan } from '../../numbers/index.ts'

/** Decimals that are compared as numbers. */
export const NUMBER_FIELDS = ['weight', 'coefficient', 'price', 'points'] as const
/** Amounts that are compared in fen. */
export const MONEY_FIELDS = ['standard', 'cost', 'pay', 'fund', 'patient'] as const
/** Words that are compared as they stand. */
export const WORD_FIELDS = ['group', 'class'] as const

export type NumberField = (typeof NUMBER_FIELDS)[number]
export type MoneyField = (typeof MONEY_FIELDS)[number]
export type WordField = (typeof WORD_FIELDS)[number]
export type StatementField = NumberField | MoneyField | WordField
type Column = StatementField | 'settleId' | 'caseId' | 'month' | 'refund'

/** One case of a settlement file. */
export interface StatementRow {
  /** Where it stands: sheet (of a workbook) and line. */
  readonly sheet: string
  readonly line: number
  readonly settleId: string
  readonly caseId: string
  readonly month: string
  readonly isRefund: boolean
  readonly words: Readonly<Partial<Record<WordField, string>>>
  readonly numbers: Readonly<Partial<Record<NumberField, Decimal>>>
  readonly money: Readonly<Partial<Record<MoneyField, Fen>>>
}

/** A settlement file, official or our own. */
export interface Statement {
  readonly file: string
  readonly rows: readonly StatementRow[]
  /** Columns that were found. */
  readonly fields: ReadonlySet<StatementField>
  readonly keys: ReadonlySet<'settleId' | 'caseId'>
  /** Most decimals of each number in the file, at least `LEAST_DIGITS`: it is printed no finer. */
  readonly digits: Readonly<Partial<Record<NumberField, number>>>
  /** Rows that cannot be compared, with the field. */
  readonly rejects: readonly { readonly sheet: string; readonly line: number; readonly field: string }[]
}

const ALIASES: Readonly<Record<string, readonly string[]>> = readDocument(
  home('layouts', 'settlement-columns.yaml'),
  z.strictObject({ fields: z.record(z.string(), z.array(z.string())) }),
).fields

const COLUMN_OF: ReadonlyMap<string, Column> = new Map(
  Object.entries(ALIASES).flatMap(([field, names]) => names.map(name => [plain(name), field as Column] as const)),
)

function plain(header: string): string {
  return header
    .normalize('NFKC')
    .replace(/\([^)]*\)|\[[^\]]*\]/g, '')
    .replace(/[\s_\uFEFF]/g, '')
    .toLowerCase()
}

/** Reads a settlement file: XLSX with any number of sheets, or CSV in UTF-8 or GB18030. */
export async function readStatement(file: string): Promise<Statement> {
  const sheets = /\.xlsx$/i.test(file) ? await sheetsOf(file) : [csvSheet(file)]
  const rows: StatementRow[] = []
  const rejects: { sheet: string; line: number; field: string }[] = []
  const found = new Set<Column>()
  const digits: Partial<Record<NumberField, number>> = {}
  for (const { name, header, body } of sheets) {
    const columns = planOf(header)
    // A sheet of notes has none of the columns; it is passed over.
    if (!columns.includes('settleId') && !columns.includes('caseId')) continue
    for (const column of columns) if (column !== undefined) found.add(column)
    for (const { line, cells } of body) {
      const row = rowOf(columns, cells, name, line, digits)
      if (typeof row === 'string') rejects.push({ sheet: name, line, field: row })
      else rows.push(row)
    }
  }
  const keys = (['settleId', 'caseId'] as const).filter(key => found.has(key))
  if (keys.length === 0) throw noKey(file, sheets[0]?.header ?? [])
  const fields = new Set([...WORD_FIELDS, ...NUMBER_FIELDS, ...MONEY_FIELDS].filter(field => found.has(field)))
  if (fields.size === 0) throw nothingToCompare(file, sheets[0]?.header ?? [])
  return { file, rows, fields, keys: new Set(keys), digits, rejects }
}

interface TextSheet {
  readonly name: string
  readonly header: readonly string[]
  readonly body: readonly { readonly line: number; readonly cells: readonly string[] }[]
}

async function sheetsOf(file: string): Promise<TextSheet[]> {
  const sheets = await readWorkbook(file)
  return sheets.flatMap(({ name, rows: [head, ...body] }) =>
    head === undefined ? [] : [{ name, header: head.cells, body }],
  )
}

function csvSheet(file: string): TextSheet {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    throw unreadable(file, error)
  }
  const { header, rows } = parseTable(decodeText(bytes, file), file)
  return { name: '', header, body: rows }
}

/** The field of each column; the first of several columns for one field is taken. */
function planOf(header: readonly string[]): (Column | undefined)[] {
  const taken = new Set<Column>()
  return header.map(name => {
    const column = COLUMN_OF.get(plain(name))
    if (column === undefined || taken.has(column)) return undefined
    taken.add(column)
    return column
  })
}

/** Decimals that a file is taken to print at least: spreadsheets drop zeros, and a few round numbers do not make it coarse. */
const LEAST_DIGITS = 2

const REFUND = new Set(['1', '是', 'true', 'y', 'yes', '退费'])

/** A row, or the field that makes it useless. */
function rowOf(
  columns: readonly (Column | undefined)[],
  cells: readonly string[],
  sheet: string,
  line: number,
  digits: Partial<Record<NumberField, number>>,
): StatementRow | string {
  const text = (column: Column): string => {
    const at = columns.indexOf(column)
    return at < 0 ? '' : (cells[at] ?? '').normalize('NFKC').replace(/^'/, '').trim()
  }
  const [settleId, caseId] = [text('settleId'), text('caseId')]
  if (settleId === '' && caseId === '') return 'id'
  // A spreadsheet that kept a long id as a number has lost its last digits.
  for (const [key, id] of [
    ['settleId', settleId],
    ['caseId', caseId],
  ] as const)
    if (/^\d(\.\d+)?E\+\d+$/i.test(id)) return key
  const words: Partial<Record<WordField, string>> = {}
  const numbers: Partial<Record<NumberField, Decimal>> = {}
  const money: Partial<Record<MoneyField, Fen>> = {}
  for (const field of WORD_FIELDS)
    if (text(field) !== '') words[field] = field === 'class' ? classOf(text(field)) : text(field).toUpperCase()
  for (const field of NUMBER_FIELDS) {
    const given = text(field).replaceAll(',', '')
    if (given === '') continue
    const value = parseDecimal(given)
    if (value === undefined) return field
    numbers[field] = value
    digits[field] = Math.max(digits[field] ?? LEAST_DIGITS, given.split('.')[1]?.length ?? 0)
  }
  for (const field of MONEY_FIELDS) {
    const given = text(field).replace(/[,¥￥元]/g, '')
    if (given === '') continue
    // Spreadsheets keep 0.1 + 0.2 with seventeen digits.
    const value = parseYuan(given) ?? parseYuan(parseDecimal(given)?.toFixed(2) ?? '')
    if (value === undefined) return field
    money[field] = value
  }
  const isRefund = REFUND.has(text('refund').toLowerCase())
  return { sheet, line, settleId, caseId, month: text('month') || sheet, isRefund, words, numbers, money }
}

/** Names of classes as files write them. */
const CLASS_WORDS: ReadonlyMap<string, string> = new Map([
  ['正常', 'normal'], ['正常倍率', 'normal'], ['高倍率', 'high'], ['high cost', 'high'], ['低倍率', 'low'], ['low cost', 'low'],
  ['极高倍率', 'ultraHigh'], ['very high cost', 'ultraHigh'], ['极低倍率', 'ultraLow'], ['very low cost', 'ultraLow'], ['过渡', 'taper'],
  ['未入组', 'ungrouped'], ['not grouped', 'ungrouped'], ['歧义', 'ambiguous'], ['非稳定病组', 'unstable'], ['unstable group', 'unstable'],
  ['支付范围外', 'outside'], ['outside the pool', 'outside'], ['住院天数超限', 'outsideLos'], ['stay out of range', 'outsideLos'],
]) // biome-ignore format: one list

function classOf(text: string): string {
  return CLASS_WORDS.get(text) ?? text
}

function noKey(file: string, header: readonly string[]): Fault {
  return new Fault({
    code: 'REC-001',
    at: { file, line: 1 },
    what: {
      zh: `没有结算ID或病案号列；表头：${header.slice(0, 12).join('、')}。`,
      en: `No column has a settlement or case id; the header is ${header.slice(0, 12).join(', ')}.`,
    },
    fix: {
      zh: `请用这些表头之一：${[...(ALIASES.settleId ?? []), ...(ALIASES.caseId ?? [])].join('、')}。`,
      en: `Use one of ${[...(ALIASES.settleId ?? []), ...(ALIASES.caseId ?? [])].join(', ')}.`,
    },
  })
}

function nothingToCompare(file: string, header: readonly string[]): Fault {
  return new Fault({
    code: 'REC-002',
    at: { file, line: 1 },
    what: {
      zh: `没有可对账的列；表头：${header.slice(0, 12).join('、')}。`,
      en: `No column can be compared; the header is ${header.slice(0, 12).join(', ')}.`,
    },
    fix: {
      zh: '请提供病组、权重、系数、点值、支付标准、总费用或应付之一；可用的表头见 layouts/settlement-columns.yaml。',
      en: 'Give group, weight, coefficient, price, standard, cost or pay; layouts/settlement-columns.yaml lists the headers.',
    },
  })
}
