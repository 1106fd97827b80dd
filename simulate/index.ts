export { readBehaviour } from './behaviour/config.ts'
export type { PoolName } from './behaviour/races.ts'
export { type Response, respond } from './behaviour/respond.ts'
export { isDipExamples, runDipExamples } from './dip/verify.ts'
export { placeIn } from './place.ts'
export {
  type BandSetting,
  bandSettings,
  checkPack,
  type JumpRow,
  jumpRows,
  type PackFinding,
} from './policy/check-pack.ts'
export { ladderOf, tableOf, unlisted } from './policy/coefficients.ts'
export type { PolicyDocument } from './policy/document.ts'
export { type Jump, jumpsOf } from './policy/jumps.ts'
export {
  listPolicies,
  loadPolicy,
  type Provenance,
  policyFile,
  policyInputs,
  readPolicyDocument,
  readProvenance,
} from './policy/load.ts'
export { insurancesOf, levelsOf } from './policy/named.ts'
export { outlierRules } from './policy/outliers.ts'
export type { OutlierDocument } from './policy/outliers-document.ts'
export { compilePolicy, opensAtMean, type Policy } from './policy/policy.ts'
export { inUnit, textInUnit } from './policy/unit-words.ts'
export {
  type Certainty,
  type Preview,
  type PreviewCase,
  type PreviewInput,
  type PreviewRow,
  type PriceRange,
  previewHospital,
  regionalRules,
} from './preview/preview.ts'
export { type PriceOrigin, parsePrices, pricesFor, readPublished } from './preview/prices.ts'
export { checkProjection } from './projection/check.ts'
export { type ProjectionConfig, readProjection } from './projection/config.ts'
export type { YearRow } from './projection/fan.ts'
export { type Projection, project } from './projection/project.ts'
export { type Match, type MatchState, type Reconciliation, reconcile } from './reconcile/reconcile.ts'
export { readStatement, type Statement, type StatementField, type StatementRow } from './reconcile/statement.ts'
export { type Assumed, assumptionsOf, withAssumed } from './scenario/assumption.ts'
export { RULE_BLOCKS, type RuleBlock } from './scenario/blocks.ts'
export {
  breakdown,
  DIMENSIONS,
  type Dimension,
  type PartChange,
  specialtyOf,
  type Totals,
} from './scenario/breakdown.ts'
export {
  type Comparison,
  compare,
  fundPaid,
  type HospitalChange,
  type PoolChange,
  paidForCost,
  type ScenarioComparison,
} from './scenario/compare.ts'
export { type CompareOptions, compareScenarios } from './scenario/comparisons.ts'
export { CAUSES, type Cause, type CauseParts } from './scenario/decompose.ts'
export { createEvaluator, type Evaluator, type Summary } from './scenario/evaluator.ts'
export { type Difference, explainScenario } from './scenario/explain.ts'
export { type Inequality, inequality, type Member } from './scenario/inequality.ts'
export { leverOf } from './scenario/levers.ts'
export { type Parameters, parametersOf } from './scenario/parameters.ts'
export {
  type Baseline,
  checkScenarios,
  createBaseline,
  type Means,
  type Outcome,
  type Regrouped,
  runScenario,
  type ScenarioTerms,
  type Stage,
} from './scenario/run.ts'
export { layersOf, type Reference, readScenario, type Scenario } from './scenario/scenario.ts'
export type { CaseDetail, CaseInput, CasePrices } from './settle/case-input.ts'
export type { CaseMoney } from './settle/case-money.ts'
export { type CasePayment, payCase } from './settle/case-payment.ts'
export { type CaseResult, caseResults, regionCaseMoney } from './settle/case-results.ts'
export { checkPrices, type Terms } from './settle/check.ts'
export { type CaseClass, CLASSES } from './settle/classes.ts'
export { type ClearingOutlook, clearingOutlook } from './settle/clearing-outlook.ts'
export { type CutRow, cutsOf, type RegionCuts } from './settle/cuts.ts'
export {
  CLEARING_SUMS,
  type Clearing,
  type ClearingFacts,
  type ClearOptions,
  type CycleTerms,
  clearHospital,
  clearingByHospital,
  clearRegion,
  cycleTerms,
  type MonthPayment,
} from './settle/cycle.ts'
export type { CycleFacts, UnitFacts } from './settle/cycle-facts.ts'
export { type FundAccount, fundAccount } from './settle/fund-account.ts'
export { type HospitalGroupRow, type HospitalGroups, hospitalGroupRows } from './settle/hospital-groups.ts'
export {
  type HospitalFigures,
  type HospitalIndices,
  hospitalIndices,
  monthsPayable,
  rateInterval,
  spendOfSchemes,
} from './settle/indices.ts'
export { type Ledger, ledgerOf, type Sums } from './settle/ledger.ts'
export { type LevelTotal, levelTotals, schemeRows } from './settle/levels.ts'
export { readMarks } from './settle/marks-file.ts'
export { type CaseValues, type ValueInput, valueCases } from './settle/points.ts'
export { type Claim, dividePool, type PoolShares, type PoolTerms } from './settle/pool.ts'
export { type Reclassified, withPointValues } from './settle/reclassify.ts'
export {
  type Amounts,
  type Budget,
  divideRegion,
  type GroupRow,
  type HospitalRow,
  type MonthRow,
  type PoolSettlement,
  type RegionInput,
  type Settlement,
  settleRegion,
  type ValuedRegion,
  valueRegion,
} from './settle/region.ts'
export { type Region, readHospitals, readRegion } from './settle/region-file.ts'
export type { TraceLine } from './settle/trace.ts'
export { setsApart } from './settle/tracks.ts'
export { type MonthValue, monthValues } from './settle/trend.ts'
export { type CaseAt, createCaseReader } from './statement/case-at.ts'
export { CONFIDENCE, type Origin, originText, type StatementValue } from './statement/origin.ts'
export { type PackValues, packValues } from './statement/pack-values.ts'
export { type CaseStatement, caseStatement, type StatementSources, type StatementStep } from './statement/statement.ts'
export type { WeightError } from './uncertainty/model.ts'
export { outputsOf } from './uncertainty/outputs.ts'
export { readUncertainty, type UncertaintySettings } from './uncertainty/settings.ts'
export {
  convergence,
  draws,
  type Interval,
  intervalOf,
  publishedErrors,
  type Replicates,
  simulateYears,
} from './uncertainty/simulate.ts'
export {
  columnOf,
  runScenarios,
  runSweep,
  type SweepOptions,
  type SweepResult,
  sobolOf,
  type TornadoBar,
  tornado,
} from './uncertainty/sweep.ts'
export { readSweep, rowsOf, type Sweep, scenarioOf } from './uncertainty/sweep-file.ts'
export type { Branch } from './verify/coverage.ts'
export { type ExampleCheck, type ExampleResult, holds } from './verify/example.ts'
export { coverageOf, isExampleList, runExamples, type VerifyPlaces } from './verify/verify.ts'
