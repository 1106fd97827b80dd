import { readFileSync } from 'node:fs'
import { Fault, type Text } from '../messages/index.ts'
import { unreadable } from './access.ts'
import { fileSink } from './sink.ts'

/** What a cell holds other than text; a code kept as a number or a date is no longer the code that was typed. */
export type CellKind = 'number' | 'date' | 'boolean' | 'error'

/** A row of a sheet; empty rows are left out. */
export interface SheetRow {
  /** Row number as the spreadsheet shows it, from 1. */
  readonly line: number
  /** Cells as text; '' where the sheet has nothing. */
  readonly cells: readonly string[]
  /** Cells that are not text, by position from 0; absent when all are text. */
  readonly kinds?: ReadonlyMap<number, CellKind>
}

export interface Sheet {
  readonly name: string
  readonly rows: readonly SheetRow[]
}

/** A sheet to write: a number stays a number, everything else is text. */
export interface SheetToWrite {
  readonly name: string
  readonly rows: readonly (readonly (string | number)[])[]
}

/** Reads all sheets of an XLSX workbook. The library is loaded when there is a workbook: most runs have none. */
export async function readWorkbook(file: string): Promise<Sheet[]> {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    throw unreadable(file, error)
  }
  refuseOther(bytes, file)
  const { readXlsx } = await import('hucre/xlsx')
  const { sheets } = await readXlsx(bytes).catch((error: unknown) => {
    throw broken(file, error)
  })
  return sheets.map(({ name, rows, cells }) => {
    const read: SheetRow[] = []
    rows.forEach((values, index) => {
      if (values.every(value => value === null || value === '')) return
      const kinds = new Map<number, CellKind>()
      const texts = values.map((value, column) => {
        const kind = cells?.get(`${index},${column}`)?.type === 'error' ? 'error' : kindOf(value)
        if (kind !== undefined) kinds.set(column, kind)
        return value instanceof Date ? value.toISOString().slice(0, 10) : value === null ? '' : String(value)
      })
      read.push({ line: index + 1, cells: texts, ...(kinds.size === 0 ? {} : { kinds }) })
    })
    return { name, rows: read }
  })
}

/** Writes an XLSX workbook. */
export async function writeWorkbook(file: string, sheets: readonly SheetToWrite[]): Promise<void> {
  const { writeXlsx } = await import('hucre/xlsx')
  const bytes = await writeXlsx({
    // The library would note the time of writing: the same cells are to give the same bytes.
    properties: { modified: new Date(Date.UTC(2000, 0, 1)) },
    sheets: sheets.map(({ name, rows }) => ({
      name,
      rows: rows.map(row => row.map(cell => (cell === '' ? null : cell))),
    })),
  })
  const sink = fileSink(file)
  sink.write(bytes)
  sink.finish()
}

/** Letters of a column as the spreadsheet shows them: 0 is A, 26 is AA. */
export function columnLetters(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26))
  return index < 26 ? letter : columnLetters(Math.floor(index / 26) - 1) + letter
}

function kindOf(value: unknown): CellKind | undefined {
  if (typeof value === 'number') return 'number'
  if (typeof value === 'boolean') return 'boolean'
  return value instanceof Date ? 'date' : undefined
}

const SAVE_AGAIN: Text = {
  zh: '请用 Excel 或 WPS 打开，另存为“Excel 工作簿 (*.xlsx)”，不设密码，再导入。',
  en: 'Open it in Excel or WPS, save it as "Excel workbook (*.xlsx)" without a password, and import that.',
}

/** A file of another kind is told by its first bytes, so that the message says what it is. */
function refuseOther(bytes: Buffer, file: string): void {
  const head = bytes.subarray(0, 4).toString('latin1')
  if (head === 'PK\u0003\u0004') return
  const what: Text =
    bytes.length === 0
      ? { zh: '文件是空的。', en: 'The file is empty.' }
      : head === '\u00d0\u00cf\u0011\u00e0'
        ? {
            zh: '这是旧格式（.xls）或设有密码的工作簿。',
            en: 'This is a workbook of the old format (.xls) or one with a password.',
          }
        : { zh: '文件内容不是 XLSX 工作簿。', en: 'The content of the file is no XLSX workbook.' }
  throw new Fault({ code: 'XLS-001', at: { file }, what, fix: SAVE_AGAIN })
}

function broken(file: string, error: unknown): Fault {
  const reason = error instanceof Error ? error.message.split('\n')[0]!.replace(/[.。]$/, '') : String(error)
  return new Fault({
    code: 'XLS-002',
    at: { file },
    what: { zh: `工作簿已损坏或不完整（${reason}）。`, en: `The workbook is damaged or incomplete (${reason}).` },
    fix: { zh: `请重新下载或传输。${SAVE_AGAIN.zh}`, en: `Fetch it again. ${SAVE_AGAIN.en}` },
  })
}
