export { unreadable } from './access.ts'
export { isCited, isCitedNode, nodesAlong, valueAt } from './cited.ts'
export { csvCell, csvRow, csvText, writeCsv } from './csv.ts'
export { parseDocumentText, readDocument } from './document.ts'
export { encodedSink, TEXT_ENCODINGS, type TextEncoding } from './encoded-sink.ts'
export { decodeText, decodeUtf8, type SeenEncoding, seenEncoding } from './encoding.ts'
export { beside, home } from './home.ts'
export { issueOf, say, textOf } from './issue.ts'
export {
  checkOutputs,
  copyFile,
  fileSink,
  isStream,
  makeFolder,
  type Sink,
  sameFile,
  writeInto,
  writeText,
} from './sink.ts'
export {
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
