import { join } from 'node:path'
import { type SheetToWrite, type TextEncoding, writeCsv, writeText, writeWorkbook } from '../files/index.ts'
import {
  coefficientTables,
  type GroupNames,
  qualityCsv,
  type WeightConfig,
  type Workbench,
  type WorkTable,
  weightsTable,
  workTables,
} from '../weights/index.ts'

/** Writes all tables of a workbench as CSV and as one workbook; returns the names of the files. */
export async function writeWorkbench(
  folder: string,
  work: Workbench,
  config: WeightConfig,
  names: GroupNames,
  encoding: TextEncoding | undefined,
): Promise<string[]> {
  const weights = weightsTable(work, config, names.nameOf)
  const tables = [weights, ...coefficientTables(work.weighing, config), ...workTables(work, config, names)]
  for (const one of tables) writeCsv(join(folder, `${one.id}.csv`), one.header, one.rows, encoding)
  writeText(join(folder, 'quality.csv'), qualityCsv(work.weighing), encoding)
  await writeWorkbook(join(folder, 'weights.xlsx'), tables.map(sheetOf))
  return [...tables.map(one => `${one.id}.csv`), 'quality.csv', 'weights.xlsx']
}

/** Columns that name something: 0000 and 03 are no numbers. */
const NAMES = new Set([
  'group',
  'name',
  'mdc',
  'adrg',
  'hospital',
  'hospitalLevel',
  'level',
  'unit',
  'id',
  'heavier',
  'lighter',
])

/** In a workbook numbers are numbers, so that they can be sorted and summed. */
function sheetOf({ id, header, rows }: WorkTable): SheetToWrite {
  const isName = header.map(column => NAMES.has(column))
  const cellOf = (cell: string | number, column: number): string | number =>
    typeof cell === 'string' && !isName[column] && /^-?\d+(\.\d+)?$/.test(cell) ? Number(cell) : cell
  return { name: id, rows: [header, ...rows.map(row => row.map(cellOf))] }
}
