import { readFileSync } from 'node:fs'
import { readXlsx, streamXlsxRows } from 'hucre/xlsx'
import { Fault } from '../../messages/index.ts'
import type { TablePlan } from './plan.ts'
import type { FileRow } from './rows-of.ts'
import { SAMPLE_ROWS, type TableSample } from './sample.ts'
import { openSheet, type SheetParts } from './sheet-parts.ts'
import { sheetRows } from './sheet-rows.ts'

/** Bytes of XML from which on a sheet is a big one. */
const BIG = 4 << 20

/** The first rows of every sheet that is not hidden. */
export async function sample(file: string): Promise<TableSample[]> {
  const bytes = readFileSync(file)
  const names: { readonly name: string; readonly sheet: number }[] = []
  await readXlsx(bytes, {
    sheets(info, index) {
      if (!info.hidden && !info.veryHidden) names.push({ name: info.name, sheet: index })
      return false
    },
  }).catch((error: unknown) => {
    throw brokenWorkbook(file, error)
  })
  const samples: TableSample[] = []
  for (const { name, sheet } of names) {
    const rows: TableSample['rows'][number][] = []
    for await (const { line, cells } of libraryRows(file, bytes, sheet, SAMPLE_ROWS)) rows.push({ line, cells, end: 0 })
    samples.push({ sheet, name, rows: rows.filter(row => row.cells.some(cell => cell !== '')) })
  }
  return samples
}

/** The rows of a sheet behind its header; `big` are the bytes of XML from which on it is read as a big one. */
export async function* rows(plan: TablePlan, big: number = BIG): AsyncGenerator<FileRow> {
  const parts = await openSheet(plan.file, plan.sheet).catch((error: unknown) => {
    throw brokenWorkbook(plan.file, error)
  })
  if (parts !== undefined && parts.entry.size >= big) {
    yield* bigRows(plan, parts)
    return
  }
  const bytes = readFileSync(plan.file)
  for await (const { line, cells } of libraryRows(plan.file, bytes, plan.sheet, 0)) {
    if (line < plan.firstLine || cells.every(cell => cell === '')) continue
    yield { line, cells: plan.columns.map(({ index }) => cells[index] ?? '') }
  }
}

/** The rows of a big sheet, scanned here: the library builds every cell, also those that nobody asked for. */
async function* bigRows(plan: TablePlan, parts: SheetParts): AsyncGenerator<FileRow> {
  try {
    const wanted = plan.columns.map(({ index }) => index)
    yield* sheetRows(parts, wanted, plan.firstLine, textOf)
  } catch (error) {
    throw brokenWorkbook(plan.file, error)
  }
}

async function* libraryRows(file: string, bytes: Uint8Array, sheet: number, most: number): AsyncGenerator<FileRow> {
  try {
    for await (const { index, values } of streamXlsxRows(bytes, { sheet, ...(most === 0 ? {} : { maxRows: most }) })) {
      yield { line: index + 1, cells: values.map(textOf) }
    }
  } catch (error) {
    throw brokenWorkbook(file, error)
  }
}

/** A cell as text: dates in ISO form, numbers as they were typed, as far as a spreadsheet has kept them. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return ERRORS.has(value) ? '' : value
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : dateText(value)
  if (typeof value !== 'number') return String(value)
  // A number of more than 15 digits has lost its last ones: it must not pass for an id.
  if (Math.abs(value) >= 1e15) return value.toExponential()
  return String(Number(value.toPrecision(15)))
}

/** What a formula that fails leaves in its cell. */
const ERRORS: ReadonlySet<string> = new Set(['#N/A', '#REF!', '#VALUE!', '#NAME?', '#DIV/0!', '#NUM!', '#NULL!'])

function dateText(date: Date): string {
  const text = new Date(Math.round(date.getTime() / 1000) * 1000).toISOString()
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 19)
}

function brokenWorkbook(file: string, error: unknown): unknown {
  if (error instanceof Fault) return error
  const reason = error instanceof Error ? error.message.split('\n')[0]!.replace(/[.。]$/, '') : String(error)
  return new Fault({
    code: 'XLS-002',
    at: { file },
    what: { zh: `工作簿已损坏或不完整（${reason}）。`, en: `The workbook is damaged or incomplete (${reason}).` },
    fix: { zh: '请重新导出或传输，不设密码。', en: 'Export or fetch it again, without a password.' },
  })
}
