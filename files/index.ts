export { unreadable } from './access.ts'
export { isCited, nodesAlong, valueAt } from './cited.ts'
export { parseDocumentText, readDocument } from './document.ts'
export { home } from './home.ts'
export { issueOf, say, textOf } from './issue.ts'
export { checkOutputs, fileSink, isStream, makeFolder, type Sink, writeText } from './sink.ts'
export {
  csvCell,
  csvRow,
  csvText,
  decodeUtf8,
  parseTable,
  readTable,
  type Table,
  type TableRow,
} from './table.ts'
export {
  type CellKind,
  columnLetters,
  readWorkbook,
  type Sheet,
  type SheetRow,
  type SheetToWrite,
  writeWorkbook,
} from './workbook.ts'
