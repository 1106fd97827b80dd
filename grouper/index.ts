/**
 * The grouper: code systems, cases, schemes and groups. It knows nothing of money.
 *
 * A scheme comes from `loadScheme` (a pack) or `importTables` (official tables). `explain` and `interpret` read its
 * rules literally for one case; `compileBook` and `groupBatch` do the same for batches of cases, fast.
 */

export { type CaseBatch, createBatch, MISSING } from './cases/batch.ts'
export { type Case, type GroupStatus, STATUSES } from './cases/case.ts'
export { type ReadOptions, type ReadSummary, readCases } from './cases/reader.ts'
export { REJECT_TEXTS, type Reject, type RejectReason } from './cases/reject.ts'
export type { LabelSet } from './cases/scan.ts'
export type { Encoding } from './cases/table.ts'
export type { Dictionary } from './codes/dictionary.ts'
export { type DictionaryImport, importDictionary } from './codes/import.ts'
export { listDictionaries, loadDictionary } from './codes/library.ts'
export { compileBook, type Leaf, openBook, type RuleBook } from './drg/book.ts'
export { type Explanation, explain, explanationLines, REASON_TEXTS } from './drg/explain.ts'
export { interpret } from './drg/interpret.ts'
export { createGroupColumns, type GroupColumns, groupBatch } from './drg/kernel.ts'
export { NO_GROUP, type Outcome, REASONS, type Reason } from './drg/outcome.ts'
export {
  createResultWriter,
  idText,
  RESULT_HEADER,
  type ResultRow,
  type ResultWriter,
  resultBytes,
  resultRow,
} from './drg/result.ts'
export { checkScheme } from './scheme/check.ts'
export { type Finding, findingText } from './scheme/finding.ts'
export { type Imported, type ImportOptions, importTables } from './scheme/import.ts'
export { listSchemes, loadScheme } from './scheme/library.ts'
export { countsOf } from './scheme/manifest.ts'
export { readPack, writePack } from './scheme/pack.ts'
export { type ParsedRule, parseRule } from './scheme/parser.ts'
export { printRule } from './scheme/print.ts'
export { type ImportReport, reportText } from './scheme/report.ts'
export type {
  Adrg,
  Complication,
  Drg,
  Expr,
  LeafKind,
  Mdc,
  Provenance,
  Rule,
  Scheme,
  SchemeManifest,
} from './scheme/types.ts'
export { groupStores } from './store/group.ts'
export { encodeCases, encodedColumns, readStore, type StoreTrailer } from './store/store.ts'
export { type GroupOptions, groupCases } from './threads/group.ts'
