import { asyncBufferFromFile, type FileMetaData, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { Fault } from '../../messages/index.ts'
import type { TablePlan } from './plan.ts'
import type { FileRow } from './rows-of.ts'
import { SAMPLE_ROWS, type TableSample } from './sample.ts'

/** Rows held at a time. */
const ROWS = 20_000

/** The header and the first rows of a Parquet file; the header counts as line 1. */
export async function sample(file: string): Promise<TableSample[]> {
  return guarded(file, async () => {
    const { names, read } = await openParquet(file)
    const rows = await read(0, SAMPLE_ROWS, names)
    return [
      {
        sheet: 0,
        name: '',
        rows: [{ line: 1, cells: names, end: 0 }, ...rows.map((cells, i) => ({ line: i + 2, cells, end: 0 }))],
      },
    ]
  })
}

/** The rows of a Parquet file; columns that are not planned are not read. */
export async function* rows(plan: TablePlan): AsyncGenerator<FileRow> {
  const { count, names, read } = await guarded(plan.file, () => openParquet(plan.file))
  const wanted = plan.columns.map(({ index }) => names[index]!)
  for (let from = 0; from < count; from += ROWS) {
    const rows = await guarded(plan.file, () => read(from, Math.min(from + ROWS, count), wanted))
    for (let i = 0; i < rows.length; i++) yield { line: from + i + 2, cells: rows[i]! }
  }
}

interface OpenParquet {
  readonly count: number
  readonly names: string[]
  read(from: number, to: number, columns: string[]): Promise<string[][]>
}

async function openParquet(file: string): Promise<OpenParquet> {
  const buffer = await asyncBufferFromFile(file)
  const metadata = await parquetMetadataAsync(buffer)
  const count = Number(metadata.num_rows)
  const scales = scalesOf(metadata)
  return {
    count,
    names: [...scales.keys()],
    async read(from, to, columns) {
      const rows = await parquetReadObjects({
        file: buffer,
        metadata,
        columns: [...new Set(columns)],
        rowStart: from,
        rowEnd: Math.min(to, count),
        compressors,
      })
      return rows.map(row => columns.map(name => textOf(row[name], scales.get(name))))
    },
  }
}

/** Names of the columns, and the decimals of those that are exact decimals. */
function scalesOf({ schema }: FileMetaData): Map<string, number | undefined> {
  const scales = new Map<string, number | undefined>()
  // The first element is the root; those of nested columns stand below their own.
  for (let i = 1, left = schema[0]?.num_children ?? 0; left > 0; left--) {
    const element = schema[i]!
    scales.set(element.name, element.converted_type === 'DECIMAL' ? (element.scale ?? 0) : undefined)
    i = behind(schema, i)
  }
  return scales
}

function behind(schema: FileMetaData['schema'], at: number): number {
  let next = at + 1
  for (let left = schema[at]!.num_children ?? 0; left > 0; left--) next = behind(schema, next)
  return next
}

/** A value as text: decimals with all their digits, dates in ISO form, lists of codes joined. */
function textOf(value: unknown, scale: number | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return scale === undefined ? String(value) : value.toFixed(scale)
  if (value instanceof Date) {
    const text = value.toISOString()
    return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 19)
  }
  if (Array.isArray(value)) return value.map(item => textOf(item, undefined)).join('|')
  if (typeof value === 'object') return JSON.stringify(value)
  return String(value)
}

/** What the library cannot read is a damaged file. */
async function guarded<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0]!.replace(/[.。]$/, '') : String(error)
    throw new Fault({
      code: 'FMT-003',
      at: { file },
      what: {
        zh: `Parquet 文件已损坏或不完整（${reason}）。`,
        en: `The Parquet file is damaged or incomplete (${reason}).`,
      },
      fix: { zh: '请重新导出或传输。', en: 'Export or fetch it again.' },
    })
  }
}
