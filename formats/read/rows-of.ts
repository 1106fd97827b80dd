import type { Container, TablePlan } from './plan.ts'
import type { TableSample } from './sample.ts'

/** A row of a file that is no text: cells in the order of the plan, '' where there is none. */
export interface FileRow {
  readonly line: number
  readonly cells: readonly string[]
}

/** What reads a form of file: the first rows of each table, and the rows of a table behind its header. */
interface RowReader {
  sample(file: string): Promise<TableSample[]>
  rows(plan: TablePlan): AsyncGenerator<FileRow>
}

/** Readers by form, loaded with their libraries when a file of the form is there: most runs have none. */
const READERS = {
  xlsx: (): Promise<RowReader> => import('./xlsx-rows.ts'),
  parquet: (): Promise<RowReader> => import('./parquet-rows.ts'),
  duckdb: (): Promise<RowReader> => import('./duckdb.ts'),
}

function readerOf(container: Container): Promise<RowReader> {
  return READERS[container as keyof typeof READERS]()
}

/** The first rows of each table of a file. */
export async function sampleOf(file: string, container: Container): Promise<TableSample[]> {
  return (await readerOf(container)).sample(file)
}

/** The rows of a table behind its header. */
export async function rowsOf(plan: TablePlan): Promise<AsyncGenerator<FileRow>> {
  return (await readerOf(plan.container)).rows(plan)
}
