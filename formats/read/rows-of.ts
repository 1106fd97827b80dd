import { duckdbRows, duckdbSample } from './duckdb.ts'
import { parquetRows, parquetSample } from './parquet-rows.ts'
import type { Container, TablePlan } from './plan.ts'
import type { TableSample } from './sample.ts'
import { xlsxRows, xlsxSample } from './xlsx-rows.ts'

/** A row of a file that is no text: cells in the order of the plan, '' where there is none. */
export interface FileRow {
  readonly line: number
  readonly cells: readonly string[]
}

const READERS = {
  xlsx: { sample: xlsxSample, rows: xlsxRows },
  parquet: { sample: parquetSample, rows: parquetRows },
  duckdb: { sample: duckdbSample, rows: duckdbRows },
}

type Elsewhere = keyof typeof READERS

/** The first rows of each table of a file. */
export function sampleOf(file: string, container: Container): Promise<TableSample[]> {
  return READERS[container as Elsewhere].sample(file)
}

/** The rows of a table behind its header. */
export function rowsOf(plan: TablePlan): AsyncGenerator<FileRow> {
  return READERS[plan.container as Elsewhere].rows(plan)
}
