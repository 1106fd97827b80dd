/** Readers of the files that hospitals and bureaus have, and writers of the tables that they take. */

export type { Found } from './read/detect.ts'
export { type Mapping, mappingJsonSchema, mappingOf } from './read/mapping.ts'
export { NOTE_TEXTS, type Notes } from './read/note.ts'
export { type CaseFiles, type CaseFilesOptions, openCaseFiles } from './read/open.ts'
export type { Particulars } from './read/particulars.ts'
export { proposeMapping } from './read/propose.ts'
export { createPseudonyms, type Pseudonyms, readKey } from './read/pseudonym.ts'
export { type Pseudonymised, pseudonymise } from './read/pseudonymise.ts'
export type { Cell, ColumnKind, TableColumn } from './write/column.ts'
export { FACT_KINDS, type Fact } from './write/fact.ts'
export {
  formatOfName,
  openTable,
  TABLE_FORMATS,
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
export { type TableSheet, writeSheets } from './write/xlsx.ts'
