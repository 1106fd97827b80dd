export { type BootstrapOptions, bootstrap, type WeightInterval } from './bootstrap.ts'
export {
  type CellCoefficient,
  type CoefficientInput,
  type Coefficients,
  deriveCoefficients,
  type HospitalCoefficient,
  type LevelCoefficient,
  tableKind,
} from './coefficient.ts'
export {
  type Collected,
  type CollectOptions,
  type Collector,
  collectBatch,
  createCollector,
  finishCollecting,
  type GroupedBatch,
  type Need,
} from './collect.ts'
export { compareSchemes, type SchemeComparison } from './common.ts'
export { checkComposite, readHospitalIndices } from './composite.ts'
export type {
  CoefficientConfig,
  TrimConfig,
  TrimMethod,
  UnstableMode,
  WeightConfig,
} from './config.ts'
export {
  type Auxiliaries,
  type AuxiliaryCoefficient,
  type AuxiliaryTable,
  auxiliaryKey,
  auxiliaryOf,
  deriveAuxiliaries,
} from './dip/auxiliary.ts'
export { type AuxiliaryFinder, createAuxiliaryFinder } from './dip/auxiliary-choice.ts'
export { auxiliaryCsv, readAuxiliaryTable } from './dip/auxiliary-table.ts'
export { type BuildOptions, buildCatalogue, type LocalBuild } from './dip/build.ts'
export { type BuildConfig, readBuildConfig } from './dip/build-config.ts'
export {
  type BuildFigures,
  builtGroupsCsv,
  comparisonCsv,
  DESTINATIONS,
  type Destination,
  figuresOf,
  type NationalRow,
} from './dip/build-figures.ts'
export { type JudgedCategory, type KeyReason, keysCsv } from './dip/build-keys.ts'
export { type CaseSource, storeSource } from './dip/build-source.ts'
export { addsEnough, incrementPercent } from './dip/increment.ts'
export { type Mean, meanOfOne, meanOfSum, meanValue } from './dip/mean.ts'
export { benchmarkBasis, meanCostBasis, quotaBasis, type ScoreBasis, type ScoreMethod, scoreOf } from './dip/score.ts'
export { weightedMean, YEAR_READINGS, type YearReading, type YearTotals } from './dip/years.ts'
export { type Drift, type GroupDrift, weightDrift, weightsByYear } from './drift.ts'
export { type WeightEffect, weightEffect } from './effect.ts'
export { withFacts } from './facts.ts'
export {
  type AuxiliaryChoice,
  type CaseDetails,
  type CaseFacts,
  type CaseMark,
  type Decided,
  type DipMarks,
  type GroupedCases,
  type Hospital,
  LONGEST_STAY,
  NO_AGE,
  NO_LABEL,
  NO_MARK,
  NO_STAY,
} from './grouped.ts'
export { type ImpliedRate, impliedRates, type PricingException } from './implied-rate.ts'
export {
  type Dimension,
  type GroupIndex,
  type Indices,
  indicesOf,
  type RiskClass,
  type UnitIndex,
} from './indices.ts'
export { INSURANCES, type Insurance, insuranceCode } from './insurance.ts'
export type { Inversion } from './inversion.ts'
export { type PaymentColumn, type PaymentRow, type PaymentTable, readPaymentTable } from './payment-table.ts'
export { type Prepared, prepare, type Screening } from './prepare.ts'
export { type Quality, qualityOf, qualityWithin } from './quality.ts'
export {
  alignCoefficients,
  alignWeights,
  findTableRow,
  type NamedCoefficients,
  readCoefficientTable,
  readWeightRanges,
  readWeightTable,
} from './read.ts'
export { type Calibration, type RelativeWeights, relativeWeights, type WeightBasis } from './relative-weight.ts'
export { readWeightConfig } from './schema.ts'
export {
  describe,
  deviationOf,
  type GroupStatistics,
  type Moments,
  meanOf,
  type SortedCosts,
  type Statistics,
  sortCosts,
  variationOf,
} from './statistics.ts'
export { type CoefficientKind, type CoefficientTable, coefficientFile, type WeightTable } from './table.ts'
export { UNPAYABLE_TEXTS, type Unpayable, type UnpayableReason } from './unpayable.ts'
export { type Weighing, type WeighOptions, weigh } from './weigh.ts'
export { type GroupNames, qualityByMdc, type Workbench, type WorkTable, workTables } from './workbench.ts'
export { coefficientTables, qualityCsv, weightsCsv, weightsTable, writeWeighing } from './write.ts'
