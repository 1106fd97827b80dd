import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer'
import type { Sink } from '../../files/index.ts'
import { type Cell, cellText, daySeconds, digitsOf, epochDays, type TableColumn } from './column.ts'
import type { TableOptions, TableWriter } from './table.ts'

/** Rows of a row group; this many are held at a time. */
const GROUP = 50_000

type Stored = string | bigint | number | null

/** Parquet with exact types: money and decimals as DECIMAL, dates as DATE, texts as STRING; every column may be empty. */
export function parquetTable(sink: Sink, columns: readonly TableColumn[], options: TableOptions): TableWriter {
  const bytes = new ByteWriter()
  const writer = new ParquetWriter({
    writer: bytes,
    schema: [{ name: 'root', num_children: columns.length }, ...columns.map(elementOf)],
    createdBy: 'dianzhi',
    ...(options.notes === undefined ? {} : { kvMetadata: options.notes.map(([key, value]) => ({ key, value })) }),
  })
  let data: Stored[][] = columns.map(() => [])
  const flush = (): void => {
    sink.write(bytes.getBytes().slice())
    bytes.index = 0
  }
  const group = (): void => {
    if (data[0]!.length === 0) return
    writer.write({
      columnData: columns.map(({ key }, i) => ({ name: key, data: data[i]! })),
      rowGroupSize: GROUP,
    })
    flush()
    data = columns.map(() => [])
  }
  return {
    row(cells) {
      columns.forEach((column, i) => void data[i]!.push(stored(column, cells[i])))
      if (data[0]!.length === GROUP) group()
    },
    finish() {
      group()
      writer.finish()
      flush()
      sink.finish()
    },
    abort: () => sink.abort(),
  }
}

function elementOf(column: TableColumn): SchemaElement {
  const shape = { name: column.key, repetition_type: 'OPTIONAL' } as const
  switch (column.kind) {
    case 'text':
      return { ...shape, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } }
    case 'integer':
      return { ...shape, type: 'INT64' }
    case 'money':
      return decimal(shape, 2)
    case 'decimal':
      return decimal(shape, digitsOf(column))
    case 'date':
      return { ...shape, type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } }
    case 'datetime':
      return {
        ...shape,
        type: 'INT64',
        converted_type: 'TIMESTAMP_MILLIS',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MILLIS' },
      }
  }
}

function decimal(shape: { readonly name: string; readonly repetition_type: 'OPTIONAL' }, scale: number): SchemaElement {
  return {
    ...shape,
    type: 'INT64',
    converted_type: 'DECIMAL',
    logical_type: { type: 'DECIMAL', precision: 18, scale },
    precision: 18,
    scale,
  }
}

/** The value as Parquet keeps it: decimals unscaled, dates as days, times as milliseconds. */
function stored(column: TableColumn, cell: Cell): Stored {
  const text = cellText(column, cell)
  if (text === '') return null
  switch (column.kind) {
    case 'text':
      return text
    case 'integer':
    case 'money':
    case 'decimal':
      return BigInt(text.replace('.', ''))
    case 'date':
      return epochDays(text)
    case 'datetime':
      return BigInt((epochDays(text) * 86_400 + daySeconds(text)) * 1000)
  }
}
