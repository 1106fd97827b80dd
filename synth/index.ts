export { type ArchetypeOptions, findArchetypes, type Leaf, type LeafArchetypes, type Unreached } from './archetype.ts'
export { type Archetype, caseOf } from './box.ts'
export type { Interval } from './cube.ts'
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
} from './generate.ts'
export type { HospitalModel } from './hospitals.ts'
export { type RegionParameters, readRegionParameters } from './parameters.ts'
export { createRegion, type Region, type RegionOptions } from './region.ts'
export type { GroupKind, GroupModel } from './structure.ts'
