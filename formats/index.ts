/** Readers of the files that hospitals and bureaus have, and writers of the tables that they take. */

export type { Cell, ColumnKind, TableColumn } from './write/column.ts'
export { FACT_KINDS, type Fact } from './write/fact.ts'
export {
  formatOfName,
  openTable,
  TABLE_FORMATS,
  type TableEncoding,
  type TableFormat,
  type TableOptions,
  type TableWriter,
  writeTable,
} from './write/table.ts'
export {
  listTemplates,
  loadTemplate,
  monthSheet,
  type Template,
  type TemplateColumn,
  templateColumns,
  templateRow,
} from './write/template.ts'
