/**
 * The grouper: code systems, cases, schemes and groups. It knows nothing of money.
 *
 * A scheme comes from `loadScheme` (a pack) or `importTables` (official tables). `explain` and `interpret` read its
 * rules literally for one case; `compileBook` and `groupBatch` do the same for batches of cases, fast.
 */

export { type CaseBatch, createBatch, MISSING } from './cases/batch.ts'
export { type Case, type GroupStatus, STATUSES } from './cases/case.ts'
export { type CodeChange, changeLine, type ReadCase, readCodes } from './cases/code-change.ts'
export { type CaseField, COST_BUCKETS, FEE_BUCKETS, type FeeBucket, headersOf, planColumns } from './cases/columns.ts'
export { UNIT_SEPARATOR } from './cases/opcodes.ts'
export { needsUnquoting, unquote } from './cases/quotes.ts'
export {
  type Counters,
  fillHead,
  openFile,
  type ReadOptions,
  type ReadSummary,
  readCases,
  readColumns,
} from './cases/reader.ts'
export { REJECT_TEXTS, type Reject, type RejectReason } from './cases/reject.ts'
export { idText } from './cases/row-bytes.ts'
export type { LabelSet, LabelTexts } from './cases/scan.ts'
export type { CaseSource, SourcePiece } from './cases/source.ts'
export { type Column, type Encoding, emptyFile } from './cases/table.ts'
export { TextBuffer } from './cases/text-buffer.ts'
export { checkScheme } from './check/check.ts'
export { checkReach, type Reach, type Witness } from './check/reach.ts'
export { checkWeightOrder } from './check/weight-order.ts'
export { witnessTable } from './check/witness-table.ts'
export { CONVERSION_OUTCOMES, type Conversion } from './codes/conversion.ts'
export { type CrosswalkImport, type CrosswalkManifest, importCrosswalk } from './codes/crosswalk.ts'
export {
  type Census,
  countCase,
  countCodes,
  createCensus,
  type Detection,
  detectSystem,
  evidenceLines,
  type SystemEvidence,
  undetected,
} from './codes/detect.ts'
export type { Dictionary } from './codes/dictionary.ts'
export { type DictionaryImport, importDictionary } from './codes/import.ts'
export { listDictionaries, loadDictionary } from './codes/library.ts'
export {
  type CodeReading,
  type ConversionCounts,
  codeReading,
  convertBatch,
  createConversionCounts,
} from './codes/reading.ts'
export { type CodeSystem, listCodeSystems } from './codes/systems.ts'
export {
  type Change,
  type Comparison,
  compareBatch,
  createComparison,
  rowOfComparison,
  type Transition,
  transitionsOf,
} from './compare/compare.ts'
export { type SeverityClass, severityOf } from './compare/severity.ts'
export { type AuxiliaryFinding, auxiliaryClasses, comorbidityIndex } from './dip/auxiliary-classify.ts'
export { type BillColumns, classifyBatch } from './dip/auxiliary-kernel.ts'
export { unknownListCodes } from './dip/auxiliary-lists.ts'
export { readAuxiliaryPack } from './dip/auxiliary-pack.ts'
export { type AuxiliaryPlan, planAuxiliary } from './dip/auxiliary-plan.ts'
export {
  type AuxiliaryClass,
  type AuxiliaryCondition,
  type AuxiliaryPack,
  type AuxiliaryType,
  type BillFacts,
  NO_CLASS,
} from './dip/auxiliary-types.ts'
export { type DipBook, type DipLeaf, openDipBook } from './dip/book.ts'
export { createCatalogue, NO_LISTS, withLists, withMatching } from './dip/catalogue.ts'
export { checkCatalogue, LAYER_NAMES } from './dip/check.ts'
export { compileDipBook } from './dip/compile-book.ts'
export { PROPERTY_NAMES } from './dip/comprehensive.ts'
export { type DipDiff, diffCatalogues, dipDiffLines } from './dip/diff.ts'
export { type DipExplanation, explainDip } from './dip/explain.ts'
export { DIP_REASON_TEXTS, dipExplanationLines, dipResultText, tieLine } from './dip/explain-lines.ts'
export { exportCatalogue } from './dip/export.ts'
export { type Factors, isOperation, OFFICIAL_DIALECT, parseExpression, printExpression } from './dip/expression.ts'
export { propertyNumber } from './dip/facts.ts'
export {
  type DipImportManifest,
  type DipImportOptions,
  type DipImportReport,
  type ImportedCatalogue,
  importCatalogue,
} from './dip/import.ts'
export { createDipColumns, type DipColumns, groupDipBatch } from './dip/kernel.ts'
export {
  bareDiagnosis,
  categoryOf,
  KEY_LEVELS,
  type KeyLevel,
  keyAt,
  levelOf,
  meetsTerm,
  parseTerm,
} from './dip/keys.ts'
export { isCatalogue, listCatalogues, loadCatalogue } from './dip/library.ts'
export { type DipCounts, dipCountsOf } from './dip/manifest.ts'
export { type DipMatch, matchCase, type TriedLayer, type TriedRow, traceCase } from './dip/match.ts'
export { type MatchingStyle, matchingStyles, NATIONAL_MATCHING } from './dip/matching.ts'
export { readByStem } from './dip/odd-code.ts'
export {
  DIP_REASONS,
  type DipOutcome,
  type DipReason,
  type DipStatus,
  type DipType,
  NO_DIP_GROUP,
} from './dip/outcome.ts'
export { readDipPack, writeDipPack } from './dip/pack.ts'
export { DIP_COUNT_LABELS, dipReportText } from './dip/report.ts'
export {
  createDipResultWriter,
  DIP_RESULT_HEADER,
  type DipResultRow,
  type DipResultWriter,
  dipResultBytes,
  dipResultRow,
} from './dip/result.ts'
export { isDipSource } from './dip/source.ts'
export { createTermIndex } from './dip/term-index.ts'
export {
  DIP_LAYERS,
  DIP_TAGS,
  type Dialect,
  type DipCatalogue,
  type DipConditions,
  type DipFigures,
  type DipGroup,
  type DipLayer,
  type DipLists,
  type DipManifest,
  type DipMatching,
  type DipTag,
  type ExcludedOperation,
  type ExclusionRule,
  type GroupOrigin,
  type OperationProperty,
  type PropertyNumber,
  type RowSource,
  type TagRow,
  type TieStep,
} from './dip/types.ts'
export { type DipCaseCheck, type DipCasesDocument, verifyDipCases } from './dip/verify.ts'
export { casesFor } from './dip/witness.ts'
export { type Leaf, openBook, type RuleBook } from './drg/book.ts'
export type { Choice, Effect, Group } from './drg/choices.ts'
export { compileBook } from './drg/compile-book.ts'
export type { Evidence, Unmet } from './drg/evidence.ts'
export { type Explanation, explain } from './drg/explain.ts'
export { explanationLines, groupText, REASON_TEXTS } from './drg/explain-lines.ts'
export type { FinerCode } from './drg/finer.ts'
export { interpret } from './drg/interpret.ts'
export { createGroupColumns, type GroupColumns, groupBatch } from './drg/kernel.ts'
export type { Example, Miss } from './drg/misses.ts'
export { NO_GROUP, type Outcome, REASONS, type Reason } from './drg/outcome.ts'
export { type Programmed, programmedRules } from './drg/programmed.ts'
export {
  createResultWriter,
  RESULT_HEADER,
  type ResultRow,
  type ResultWriter,
  resultBytes,
  resultRow,
} from './drg/result.ts'
export { checkFile } from './quality/check.ts'
export {
  type Carries,
  type Checker,
  type CheckerOptions,
  createChecker,
  type Lack,
  lacksOf,
  type RuleCount,
  ruleCounts,
} from './quality/checker.ts'
export { FACT_NAMES, FACTS, type FactInfo, type FactName } from './quality/facts.ts'
export { eachFinding, type FindingReceiver, type QualityFinding } from './quality/finding.ts'
export { findingBytes } from './quality/finding-bytes.ts'
export { FINDINGS_HEADER, findingRow } from './quality/finding-table.ts'
export { checkRecords, readRecords } from './quality/records.ts'
export {
  loadQualityPack,
  type QualityList,
  type QualityPack,
  type QualityRule,
  type Severity,
} from './quality/rules.ts'
export { createTableCheck, type TableCheck } from './quality/table.ts'
export { diffSchemes, type SchemeDiff } from './scheme/diff.ts'
export { diffPage } from './scheme/diff-page.ts'
export { diffLines, joinWarning } from './scheme/diff-text.ts'
export { exportScheme } from './scheme/export.ts'
export { type CodeUse, findCode } from './scheme/find.ts'
export { type Finding, findingText } from './scheme/finding.ts'
export { type Imported, type ImportOptions, importSource, importTables } from './scheme/import.ts'
export { loadScheme } from './scheme/library.ts'
export { countsOf } from './scheme/manifest.ts'
export { readPack, writePack } from './scheme/pack.ts'
export { type ParsedRule, parseRule } from './scheme/parser.ts'
export { printRule } from './scheme/print.ts'
export { amendmentText, type ImportReport, reportText } from './scheme/report.ts'
export { listSchemes } from './scheme/shelf.ts'
export type {
  Adrg,
  AmendmentRecord,
  Coded,
  Complication,
  Drg,
  Expr,
  LeafKind,
  LeafPath,
  Mdc,
  Provenance,
  Rule,
  Scheme,
  SchemeManifest,
} from './scheme/types.ts'
export { groupDipStores, groupStores } from './store/group.ts'
export {
  encodeCases,
  encodedColumns,
  openStore,
  readBlocks,
  readStore,
  type StoreBlock,
  type StoreTrailer,
} from './store/store.ts'
export {
  type GroupOptions,
  groupCases,
  groupDipCases,
  startThreads,
  type Threads,
} from './threads/group.ts'
export { worthThreads } from './threads/plan.ts'
export { type ArchetypeOptions, findArchetypes, type LeafArchetypes, type Unreached } from './witness/archetype.ts'
export { type Archetype, caseOf } from './witness/box.ts'
export type { Interval } from './witness/cube.ts'
export { codesOf, type SchemeCodes } from './witness/scheme-codes.ts'
