import type { FileHead } from './container.ts'
import type { Mapping } from './mapping.ts'
import type { PlannedColumn, TablePlan } from './plan.ts'
import type { TableSample } from './sample.ts'

/** A table of a file, as far as it has been looked at. */
export interface TableFacts {
  readonly file: string
  readonly head: FileHead
  readonly mapping: Mapping
  readonly sample: TableSample
  readonly delimiter: string
}

/** Where the rows of a table lie whose header stands at `at` of the sample and has so many `rows`. */
export function tableOf(
  { file, head, sample, delimiter }: TableFacts,
  at: number,
  rows: number,
  columns: readonly PlannedColumn[],
): TablePlan {
  const last = sample.rows[at + rows - 1]!
  const next = sample.rows[at + rows]
  return {
    file,
    container: head.container,
    encoding: head.encoding,
    delimiter: delimiter.charCodeAt(0),
    sheet: sample.sheet,
    firstLine: head.container === 'csv' ? lineAfter(head.text, last.end) : (next?.line ?? last.line + 1),
    width: sample.rows[at]!.cells.length,
    columns,
  }
}

function lineAfter(text: string, end: number): number {
  let line = 1
  for (let i = text.indexOf('\n'); i >= 0 && i < end; i = text.indexOf('\n', i + 1)) line++
  return line
}
