import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { readXlsx } from 'hucre/xlsx'
import { parquetReadObjects } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import { parseTable } from '../../files/index.ts'
import {
  type Cell,
  FACT_KINDS,
  formatOfName,
  listTemplates,
  loadTemplate,
  monthSheet,
  openTable,
  type TableColumn,
  type TableOptions,
  templateColumns,
  templateRow,
  writeTable,
} from '../../formats/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'dianzhi-write-'))
let files = 0

const COLUMNS: readonly TableColumn[] = [
  { key: 'caseId', title: { zh: '病案号', en: 'Case' }, kind: 'text' },
  { key: 'days', title: { zh: '住院天数', en: 'Days' }, kind: 'integer' },
  { key: 'cost', title: { zh: '总费用', en: 'Cost' }, kind: 'money' },
  { key: 'weight', title: { zh: '权重', en: 'Weight' }, kind: 'decimal' },
  { key: 'admitted', title: { zh: '入院日期', en: 'Admitted' }, kind: 'date' },
  { key: 'left', title: { zh: '出院时间', en: 'Left' }, kind: 'datetime' },
]

const ROWS: readonly (readonly Cell[])[] = [
  ['00123456', 5, 880_000, '1.2345', '2024-03-08', '2024-03-13T09:40'],
  ['=1+2', -3, -1_234, '0.5', '1960-02-29', '1999-12-31T23:59:59'],
  ['@x,"y"\r\nz', null, null, undefined, null, null],
  ['-', 0, 0, '-2', '2000-01-01', '2000-01-01T00:00'],
  ['龘𠮷→😀', 1, 10_000_000_000, '123456.7891', '2100-12-31', '2024-02-29T12:00'],
]

function write(options: Partial<TableOptions> & Pick<TableOptions, 'format'>, rows = ROWS, columns = COLUMNS): string {
  const file = join(folder, `${files++}.${options.format}`)
  writeTable(file, columns, rows, { lang: 'zh', ...options })
  return file
}

/** What the rows must read as in forms that keep texts. */
const TEXTS = [
  ['00123456', '5', '8800.00', '1.2345', '2024-03-08', '2024-03-13T09:40'],
  ["'=1+2", '-3', '-12.34', '0.5000', '1960-02-29', '1999-12-31T23:59:59'],
  [`'@x,"y"\r\nz`, '', '', '', '', ''],
  ['-', '0', '0.00', '-2.0000', '2000-01-01', '2000-01-01T00:00'],
  ['龘𠮷→😀', '1', '100000000.00', '123456.7891', '2100-12-31', '2024-02-29T12:00'],
]

describe('tables written as', () => {
  it('CSV are UTF-8 with BOM and CRLF, quoted, formulas harmless', () => {
    const text = readFileSync(write({ format: 'csv' }), 'utf8')
    expect(text.startsWith('\ufeff病案号,住院天数,')).toBe(true)
    expect(text.replaceAll('\r\n', '').includes('\r')).toBe(false)
    const { rows } = parseTable(text.slice(1), 'x')
    expect(rows.map(row => row.cells)).toEqual(TEXTS)
  })

  it('CSV in GB18030 hold every character', () => {
    const bytes = readFileSync(write({ format: 'csv', encoding: 'gb18030', header: 'key' }))
    const { header, rows } = parseTable(new TextDecoder('gb18030', { fatal: true }).decode(bytes), 'x')
    expect(header).toEqual(COLUMNS.map(column => column.key))
    expect(rows.map(row => row.cells)).toEqual(TEXTS)
  })

  it('JSON Lines keep integers as numbers and money as texts', () => {
    const lines = readFileSync(write({ format: 'jsonl' }), 'utf8')
      .trim()
      .split('\n')
    expect(JSON.parse(lines[0]!)).toEqual({
      caseId: '00123456',
      days: 5,
      cost: '8800.00',
      weight: '1.2345',
      admitted: '2024-03-08',
      left: '2024-03-13T09:40',
    })
    expect(JSON.parse(lines[1]!).caseId).toBe('=1+2')
    expect(JSON.parse(lines[2]!)).toMatchObject({ days: null, cost: null })
  })

  it('Parquet keep types exactly', async () => {
    const file = write({ format: 'parquet', notes: [['scheme', 'chs-drg-2.0']] })
    const bytes = readFileSync(file)
    const rows = await parquetReadObjects({
      file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
    })
    expect(rows[0]).toEqual({
      caseId: '00123456',
      days: 5n,
      cost: 8800,
      // The reader scales decimals in floating point.
      weight: expect.closeTo(1.2345, 12),
      admitted: new Date('2024-03-08'),
      left: new Date('2024-03-13T09:40Z'),
    })
    expect(rows[1]).toMatchObject({ caseId: '=1+2', cost: -12.34, admitted: new Date('1960-02-29') })
    expect(rows[2]).toMatchObject({ days: null, cost: null, weight: null, admitted: null, left: null })
    expect(rows[4]).toMatchObject({ caseId: '龘𠮷→😀', cost: 100_000_000, weight: expect.closeTo(123_456.7891, 8) })
  })

  it('XLSX have text cells for codes, numbers for money, real dates, a frozen and filtered header', async () => {
    const bytes = readFileSync(write({ format: 'xlsx', notes: [['方案', 'chs-drg-2.0']] }))
    const { sheets } = await readXlsx(bytes, { readStyles: true })
    expect(sheets.map(sheet => sheet.name)).toEqual(['数据', '说明'])
    const [sheet] = sheets
    expect(sheet!.rows[0]).toEqual(COLUMNS.map(column => column.title.zh))
    expect(sheet!.rows[1]).toEqual([
      '00123456',
      5,
      8800,
      1.2345,
      new Date('2024-03-08T00:00Z'),
      new Date('2024-03-13T09:40Z'),
    ])
    expect(sheet!.rows[2]!.slice(0, 4)).toEqual(['=1+2', -3, -12.34, 0.5])
    // XML readers must normalise CR LF to LF: the writer keeps the CR as an escape.
    expect(sheet!.rows[3]![0]).toBe('@x,"y"\r\nz')
    expect(sheet!.rows[5]![0]).toBe('龘𠮷→😀')
    expect(sheet!.cells?.get('1,0')?.formula).toBeUndefined()
    expect(sheet!.cells?.get('1,0')?.style?.numFmt).toBe('@')
    expect(sheet!.cells?.get('1,2')?.style?.numFmt).toBe('#,##0.00')
    expect(sheet!.cells?.get('0,0')?.style?.font?.bold).toBe(true)
    expect(sheet!.autoFilter?.range).toBe('A1:F6')
    // Wide enough for 100,000,000.00, and for the longest texts and headers.
    expect(sheet!.columns!.map(column => column.width)).toEqual([11, 12, 16, 13, 12, 17])
    expect(sheet!.freezePane).toMatchObject({ rows: 1 })
    expect(sheet!.pageSetup).toMatchObject({ orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0 })
    expect(sheet!.pageSetup?.printTitlesRow).toBe('$1:$1')
    expect(sheets[1]!.rows[1]).toEqual(['方案', 'chs-drg-2.0'])
  })

  it('XLSX have a sheet a month, and names that spreadsheets accept', async () => {
    const columns = COLUMNS.slice(0, 1)
    const rows = [['2025-03'], ['2025-11'], ['2025-03'], ['a/b']]
    const file = write(
      { format: 'xlsx', sheet: row => (row[0] === 'a/b' ? 'a/b' : monthSheet(String(row[0]))) },
      rows,
      columns,
    )
    const { sheets } = await readXlsx(readFileSync(file))
    expect(sheets.map(sheet => [sheet.name, sheet.rows.length])).toEqual([
      ['3月', 3],
      ['11月', 2],
      ['a-b', 2],
    ])
  })

  it.each(['csv', 'xlsx', 'parquet', 'jsonl'] as const)(
    '%s are the same bytes for the same rows, also for none',
    format => {
      expect(readFileSync(write({ format }))).toEqual(readFileSync(write({ format })))
      expect(existsSync(write({ format }, []))).toBe(true)
    },
  )

  it('any rows read back from CSV, JSON Lines, XLSX and Parquet', async () => {
    const cell = fc.record({
      caseId: fc.string({ unit: 'binary', maxLength: 12 }),
      days: fc.integer(),
      cost: fc.integer({ min: -(10 ** 12), max: 10 ** 12 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { minLength: 1, maxLength: 20 }), async made => {
        const rows = made.map(({ caseId, days, cost }) => [caseId, days, cost])
        const columns = COLUMNS.slice(0, 3)
        const parquet = readFileSync(write({ format: 'parquet' }, rows, columns))
        const read = await parquetReadObjects({
          file: parquet.buffer.slice(parquet.byteOffset, parquet.byteOffset + parquet.length),
        })
        // An empty text is an empty cell.
        expect(read.map(row => [row.caseId ?? '', Number(row.days)])).toEqual(
          rows.map(([id, days]) => [String(id).toWellFormed(), days]),
        )
        const lines = readFileSync(write({ format: 'jsonl' }, rows, columns), 'utf8')
          .trim()
          .split('\n')
        expect(lines.map(line => JSON.parse(line).caseId ?? '')).toEqual(rows.map(([id]) => id))
        const { sheets } = await readXlsx(readFileSync(write({ format: 'xlsx' }, rows, columns)))
        expect(sheets[0]!.rows.slice(1).map(row => [row[1], row[2]])).toEqual(
          rows.map(([, days, cost]) => [days, Number(cost) / 100]),
        )
      }),
      { numRuns: 40 },
    )
  })

  it('a file is not there before it is whole, and not at all where a row is wrong', () => {
    const file = join(folder, 'wrong.csv')
    expect(() => writeTable(file, COLUMNS, [['x', 1.5, 0, '0', null, null]], { format: 'csv', lang: 'en' })).toThrow(
      'column days (integer) needs an integer',
    )
    expect(existsSync(file) || existsSync(`${file}.part`)).toBe(false)
    const table = openTable(file, COLUMNS, { format: 'csv', lang: 'en' })
    expect(() => table.row(['x'])).toThrow('a row has 1 cells')
    expect(() => table.row(['x', 1, 0, '0.12345', null, null])).toThrow('at most 4 decimals')
    table.abort()
  })

  it('XLSX refuse a cell that is longer than a spreadsheet holds', () => {
    const rows = [['x'.repeat(32_768)]]
    expect(() => write({ format: 'xlsx' }, rows, COLUMNS.slice(0, 1))).toThrow(
      expect.objectContaining({ code: 'TAB-001' }),
    )
  })

  it('a further sheet follows a full one', async () => {
    const file = join(folder, 'long.xlsx')
    const table = openTable(file, [COLUMNS[1]!], { format: 'xlsx', lang: 'zh', rowsPerSheet: 10 })
    for (let i = 0; i < 12; i++) table.row([i])
    table.finish()
    const { sheets } = await readXlsx(readFileSync(file))
    expect(sheets.map(sheet => [sheet.name, sheet.rows.length])).toEqual([
      ['数据', 10],
      ['数据 (2)', 4],
    ])
    expect(sheets[1]!.rows[1]).toEqual([9])
  })
})

describe('templates', () => {
  it('have distinct headers', () => {
    expect(listTemplates()).toEqual([
      'analysis',
      'bureau',
      'case-result',
      'dip',
      'hospital-month',
      'points-city',
      'settlement-return',
    ])
    for (const id of listTemplates()) {
      const template = loadTemplate(id)
      expect(template.id).toBe(id)
      const headers = template.columns.map(column => column.header)
      expect(new Set(headers).size, id).toBe(headers.length)
    }
  })

  it('take facts by name and leave empty what is not known', () => {
    const template = loadTemplate('bureau')
    const columns = templateColumns(template)
    const row = templateRow(template, { caseId: '007', group: 'GE29', weight: '0.7', totalCost: 880_000 })
    expect(columns[1]).toEqual({ key: '病历号', title: { zh: '病历号', en: '病历号' }, kind: 'text' })
    expect(row.slice(1, 11)).toEqual([
      '007',
      undefined,
      undefined,
      undefined,
      undefined,
      'GE29',
      undefined,
      '0.7',
      undefined,
      880_000,
    ])
    expect(columns.map(column => column.kind).slice(8, 11)).toEqual(['decimal', 'money', 'money'])
    expect(FACT_KINDS.totalCost).toBe('money')
  })

  it('are refused by a wrong name with those that there are', () => {
    expect(() => loadTemplate('bureaux')).toThrow(/TAB-002.*bureau, case-result/)
  })

  it('ask for a format by the ending of the file', () => {
    expect(['a.CSV', 'b.xlsx', 'c.parquet', 'd.jsonl', 'e.txt'].map(formatOfName)).toEqual([
      'csv',
      'xlsx',
      'parquet',
      'jsonl',
      undefined,
    ])
  })
})
