export {
  type ByteSink,
  CASE_HEADER,
  type CaseTotals,
  type DrawOptions,
  drawCases,
  type StreamOptions,
  streamCases,
  type WriteOptions,
  writeRegion,
  writeYears,
  type YearFile,
} from './generate.ts'
export type { HospitalModel } from './hospitals.ts'
export { type RegionParameters, readRegionParameters } from './parameters.ts'
export { createRegion, type Region, type RegionOptions } from './region.ts'
export type { GroupKind, GroupModel } from './structure.ts'
