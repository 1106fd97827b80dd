import { Decimal } from '../numbers/index.ts'
import { matching } from './adjust.ts'
import { type CompositeCoefficient, compositeCoefficients } from './composite.ts'
import type { CoefficientConfig } from './config.ts'
import { type Cube, countCube, sumHospitals } from './cube.ts'
import type { Hospital } from './grouped.ts'
import type { Prepared } from './prepare.ts'
import type { Statistics } from './statistics.ts'
import type { CoefficientTable, WeightTable } from './table.ts'

/** The cost index of a level or hospital and the figures behind it. */
export interface CostIndex {
  /** Kept cases, and their cost in fen. */
  readonly cases: number
  readonly cost: number
  /** Σ w of the kept cases in groups with a weight. */
  readonly weight: Decimal
  /** Mean cost / regional mean cost. */
  readonly levelMean: Decimal
  /** Σ c / Σ (w A) over kept cases in groups with a weight. */
  readonly levelIndex: Decimal
}

/** The coefficient of one level and the figures behind it. */
export interface LevelCoefficient extends CostIndex {
  readonly level: string
  /** The chosen index, clamped and rounded. */
  readonly coefficient: Decimal
}

/** The coefficient of one hospital and the figures behind it. */
export interface HospitalCoefficient extends CostIndex {
  readonly hospital: string
  readonly level: string
  /** The chosen index shrunk to the level's coefficient, clamped and rounded. */
  readonly coefficient: Decimal
}

/** The coefficient of one group at one level or hospital. */
export interface CellCoefficient {
  /** Position in the list of groups. */
  readonly group: number
  /** Level or code of the hospital. */
  readonly level: string
  /** Kept cases of the group there, and their cost in fen. */
  readonly cases: number
  readonly cost: number
  /** Mean cost of the group there / regional mean cost of the group. */
  readonly ratio: Decimal
  /** The ratio shrunk to the level's coefficient, clamped and rounded. */
  readonly coefficient: Decimal
}

export interface Coefficients extends CoefficientTable {
  readonly levels: readonly LevelCoefficient[]
  /** Empty unless the kind is groupLevel or groupHospital. */
  readonly cells: readonly CellCoefficient[]
  /** Empty unless the kind is hospital. */
  readonly hospitals: readonly HospitalCoefficient[]
  /** Empty unless the kind is composite. */
  readonly composites: readonly CompositeCoefficient[]
  /** Positions of the groups with one price. */
  readonly base: readonly number[]
  /** The hospitals that they were derived for. */
  readonly places: readonly Hospital[]
  /** Factor on all but base groups that keeps Σ n·w; 1 where not asked for. */
  readonly normalisation: Decimal
}

/** What coefficients are derived from. */
export interface CoefficientInput {
  readonly prepared: Prepared
  readonly statistics: Statistics
  readonly weights: WeightTable
  readonly hospitals: readonly Hospital[]
  /** The file that lists them, for messages. */
  readonly hospitalFile?: string | undefined
  /** Figures of hospitals that no case tells, by code and name of the column. */
  readonly indices?: ReadonlyMap<string, ReadonlyMap<string, Decimal>>
}

const ONE = new Decimal(1)
type Of = CoefficientTable['of']

/** What coefficients of a kind depend on, as a policy names it. */
export function tableKind(kind: CoefficientConfig['kind']): CoefficientTable['kind'] {
  return kind === 'composite' ? 'hospital' : kind
}

/** Coefficient 1 for every case. */
export const NO_COEFFICIENT: Coefficients = {
  kind: 'none', levels: [], cells: [], hospitals: [], composites: [], base: [], places: [], normalisation: ONE, of: () => ONE,
} // biome-ignore format: one value

/**
 * Coefficients derived from costs.
 *
 * - `level`: by hospital level, as `levelMean` (not adjusted for case mix, DIP 3.0 draft) or `levelIndex`, the cost index
 *   of the level: a level whose cases cost 10 % more than their weights say has index 1.1.
 * - `groupLevel`: by group and level, `mean cost of g at the level / regional mean cost of g` (T3), shrunk to the level's
 *   coefficient by z = n / (n + n0); a cell without cases has the level's.
 * - `hospital`: the index of the hospital, shrunk to its level's coefficient.
 * - `groupHospital`: mean cost of g at the hospital / regional mean cost of g (JH17), shrunk to the level's coefficient; a
 *   group that is new at a hospital has 1 there.
 * - `composite`: a basic part by level and additive parts with caps (`composite.ts`).
 *
 * Base groups (基础病组) have one value at all hospitals (医保办发〔2025〕2号 Art. 19).
 */
export function deriveCoefficients(input: CoefficientInput, config: CoefficientConfig): Coefficients {
  if (config.kind === 'none') return NO_COEFFICIENT
  const { groups, parents } = input.prepared.cases
  const cube = countCube(input.prepared, input.statistics, input.hospitals, input.hospitalFile)
  const raw = rawCoefficients(cube, input, config)
  const base = matching(config.base.groups, groups, parents, 'coefficient.base.groups')
  const isBase = new Set(base)
  const priced: Of = (group, level, hospital) =>
    isBase.has(group) ? config.base.value : raw.of(group, level, hospital)
  const normalisation = config.normalise ? normalising(cube, input.weights, priced, isBase) : ONE
  const final = (k: Decimal): Decimal =>
    normalisation.eq(1) ? k : k.times(normalisation).toDecimalPlaces(config.decimals, Decimal.ROUND_HALF_UP)
  const finish = <T extends { readonly coefficient: Decimal }>(list: readonly T[]): T[] =>
    list.map(one => ({ ...one, coefficient: final(one.coefficient) }))
  return {
    kind: raw.kind,
    levels: finish(raw.levels),
    cells: finish(raw.cells),
    hospitals: finish(raw.hospitals),
    composites: finish(raw.composites),
    base,
    places: input.hospitals,
    normalisation,
    of: (group, level, hospital) => (isBase.has(group) ? config.base.value : final(raw.of(group, level, hospital))),
  }
}

type Raw = Pick<Coefficients, 'kind' | 'levels' | 'cells' | 'hospitals' | 'composites' | 'of'>

function rawCoefficients(cube: Cube, input: CoefficientInput, config: CoefficientConfig): Raw {
  const { weights } = input
  const levels = cube.levels.flatMap(level => levelCoefficient(cube, level, weights, config) ?? [])
  const byLevel = new Map(levels.map(one => [one.level, one.coefficient]))
  const levelOf = (level: string): Decimal => byLevel.get(level) ?? ONE
  const none = { levels, cells: [], hospitals: [], composites: [] }
  switch (config.kind) {
    case 'none':
    case 'level':
      return { ...none, kind: 'level', of: (_group, level) => levelOf(level) }
    case 'groupLevel': {
      const cells = levels.flatMap(one => {
        const at = positionsOf(cube, one.level)
        return cellCoefficients(cube, at, one.level, one.coefficient, config)
      })
      const byCell = new Map(cells.map(one => [`${one.group} ${one.level}`, one.coefficient]))
      return {
        ...none,
        cells,
        kind: 'groupLevel',
        of: (group, level) => byCell.get(`${group} ${level}`) ?? levelOf(level),
      }
    }
    case 'groupHospital': {
      const cells = cube.hospitals.flatMap((code, h) =>
        cellCoefficients(cube, [h], code, levelOf(cube.level[h]!), config),
      )
      const byCell = new Map(cells.map(one => [`${one.group} ${one.level}`, one.coefficient]))
      return {
        ...none,
        cells,
        kind: 'groupHospital',
        of: (group, _level, code) => byCell.get(`${group} ${code}`) ?? ONE,
      }
    }
    case 'hospital': {
      const hospitals = cube.hospitals.flatMap((_, h) => hospitalCoefficient(cube, h, levelOf, weights, config) ?? [])
      const byCode = new Map(hospitals.map(one => [one.hospital, one.coefficient]))
      return { ...none, hospitals, kind: 'hospital', of: (_group, level, code) => byCode.get(code) ?? levelOf(level) }
    }
    case 'composite': {
      const composites = compositeCoefficients(cube, input, config)
      const byCode = new Map(composites.map(one => [one.hospital, one.coefficient]))
      return { ...none, composites, kind: 'hospital', of: (_group, _level, code) => byCode.get(code) ?? ONE }
    }
  }
}

function positionsOf({ level }: Cube, wanted: string): number[] {
  return [...level.keys()].filter(h => level[h] === wanted)
}

/** ν of k′ = ν·k with Σ n·w·k′ = Σ n·w over the kept cases; base groups stay as they are. */
function normalising(cube: Cube, weights: WeightTable, of: Of, isBase: ReadonlySet<number>): Decimal {
  let [target, held, free] = [new Decimal(0), new Decimal(0), new Decimal(0)]
  for (const [h, code] of cube.hospitals.entries()) {
    for (let g = 0; g < cube.width; g++) {
      const n = cube.numbers[h * cube.width + g]!
      const w = weights.weight[g]!
      if (n === 0 || w === null) continue
      const value = w.times(n)
      target = target.plus(value)
      const paid = value.times(of(g, cube.level[h]!, code))
      if (isBase.has(g)) held = held.plus(paid)
      else free = free.plus(paid)
    }
  }
  return free.isZero() ? ONE : Decimal.max(0, target.minus(held)).div(free)
}

function levelCoefficient(
  cube: Cube,
  level: string,
  weights: WeightTable,
  config: CoefficientConfig,
): LevelCoefficient | undefined {
  const index = costIndex(cube, positionsOf(cube, level), weights)
  if (index === undefined) return undefined
  return { level, ...index, coefficient: bounded(chosen(index, config), config) }
}

function hospitalCoefficient(
  cube: Cube,
  h: number,
  levelOf: (level: string) => Decimal,
  weights: WeightTable,
  config: CoefficientConfig,
): HospitalCoefficient | undefined {
  const index = costIndex(cube, [h], weights)
  if (index === undefined) return undefined
  const level = cube.level[h]!
  const coefficient = shrunk(chosen(index, config), index.cases, levelOf(level), config)
  return { hospital: cube.hospitals[h]!, level, ...index, coefficient }
}

function chosen(index: CostIndex, config: CoefficientConfig): Decimal {
  return config.index === 'levelMean' ? index.levelMean : index.levelIndex
}

/** Cost and weight of the hospitals at these positions; undefined without cases. */
function costIndex(cube: Cube, positions: readonly number[], weights: WeightTable): CostIndex | undefined {
  const { numbers, sums } = sumHospitals(cube, positions)
  let cases = 0
  let cost = 0
  let weighedCost = 0
  let weight = new Decimal(0)
  for (let g = 0; g < cube.width; g++) {
    if (numbers[g] === 0) continue
    cases += numbers[g]!
    cost += sums[g]!
    const w = weights.weight[g]!
    if (w === null) continue
    weighedCost += sums[g]!
    weight = weight.plus(w.times(numbers[g]!))
  }
  if (cases === 0) return undefined
  return {
    cases,
    cost,
    weight,
    levelMean: new Decimal(cost).div(cases).div(weights.meanCostExact),
    levelIndex: weight.isZero() ? ONE : new Decimal(weighedCost).div(weight.times(weights.meanCostExact)),
  }
}

function cellCoefficients(
  cube: Cube,
  positions: readonly number[],
  label: string,
  towards: Decimal,
  config: CoefficientConfig,
): CellCoefficient[] {
  const own = sumHospitals(cube, positions)
  const all = allOf(cube)
  const cells: CellCoefficient[] = []
  for (let group = 0; group < cube.width; group++) {
    const cases = own.numbers[group]!
    if (cases === 0) continue
    const cost = own.sums[group]!
    const ratio = new Decimal(cost).div(cases).div(new Decimal(all.sums[group]!).div(all.numbers[group]!))
    cells.push({ group, level: label, cases, cost, ratio, coefficient: shrunk(ratio, cases, towards, config) })
  }
  return cells
}

const REGION = new WeakMap<Cube, ReturnType<typeof sumHospitals>>()

/** Sums of the whole region, made once for a cube. */
function allOf(cube: Cube): ReturnType<typeof sumHospitals> {
  const found = REGION.get(cube) ?? sumHospitals(cube, [...cube.hospitals.keys()])
  REGION.set(cube, found)
  return found
}

function shrunk(value: Decimal, cases: number, towards: Decimal, config: CoefficientConfig): Decimal {
  const z = new Decimal(cases).div(config.shrinkN0.plus(cases))
  return bounded(value.times(z).plus(towards.times(ONE.minus(z))), config)
}

function bounded(value: Decimal, { min, max, decimals }: CoefficientConfig): Decimal {
  return Decimal.min(max, Decimal.max(min, value)).toDecimalPlaces(decimals, Decimal.ROUND_HALF_UP)
}
