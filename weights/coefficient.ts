import { Fault } from '../messages/index.ts'
import { Decimal } from '../numbers/index.ts'
import type { CoefficientConfig } from './config.ts'
import type { GroupedCases, Hospital } from './grouped.ts'
import { cubeOfKept } from './kernel.ts'
import type { GroupStatistics } from './statistics.ts'
import type { CoefficientTable, WeightTable } from './table.ts'

/** The coefficient of one level and the figures behind it. */
export interface LevelCoefficient {
  readonly level: string
  /** Kept cases, and their cost in fen, at hospitals of this level. */
  readonly cases: number
  readonly cost: number
  /** Σ w of the kept cases in groups with a weight. */
  readonly weight: Decimal
  /** Mean cost of the level / regional mean cost. */
  readonly levelMean: Decimal
  /** Σ c / Σ (w A) over kept cases in groups with a weight. */
  readonly levelIndex: Decimal
  /** The chosen one, clamped and rounded. */
  readonly coefficient: Decimal
}

/** The coefficient of one group at one level. */
export interface CellCoefficient {
  /** Position in the list of groups. */
  readonly group: number
  readonly level: string
  /** Kept cases of the group at the level, and their cost in fen. */
  readonly cases: number
  readonly cost: number
  /** Mean cost of the group at the level / regional mean cost of the group. */
  readonly ratio: Decimal
  /** The ratio shrunk to the level's coefficient, clamped and rounded. */
  readonly coefficient: Decimal
}

export interface Coefficients extends CoefficientTable {
  readonly levels: readonly LevelCoefficient[]
  /** Empty unless the kind is groupLevel. */
  readonly cells: readonly CellCoefficient[]
}

/** What coefficients are derived from. */
export interface CoefficientInput {
  readonly cases: GroupedCases
  readonly statistics: readonly GroupStatistics[]
  readonly weights: WeightTable
  readonly hospitals: readonly Hospital[]
}

const ONE = new Decimal(1)

/** Coefficient 1 for every case. */
export const NO_COEFFICIENT: Coefficients = { kind: 'none', levels: [], cells: [], of: () => ONE }

/**
 * Coefficients derived from costs.
 *
 * - `level`: by hospital level, as `levelMean` (not adjusted for case mix, DIP 3.0 draft) or `levelIndex`, the cost index
 *   of the level: a level whose cases cost 10 % more than their weights say has index 1.1.
 * - `groupLevel`: by group and level, `mean cost of g at the level / regional mean cost of g` (T3), shrunk to the level's
 *   coefficient by z = n / (n + n0); a cell without cases has the level's.
 */
export function deriveCoefficients(input: CoefficientInput, config: CoefficientConfig): Coefficients {
  if (config.kind === 'none') return NO_COEFFICIENT
  const cube = cubeOf(input)
  const levels = cube.levels.flatMap(level => levelCoefficient(cube, level, input, config) ?? [])
  const byLevel = new Map(levels.map(one => [one.level, one.coefficient]))
  if (config.kind === 'level')
    return { kind: 'level', levels, cells: [], of: (_group, level) => byLevel.get(level) ?? ONE }
  const cells = levels.flatMap(level => cellCoefficients(cube, level, config))
  const byCell = new Map(cells.map(one => [`${one.group} ${one.level}`, one.coefficient]))
  return {
    kind: 'groupLevel',
    levels,
    cells,
    of: (group, level) => byCell.get(`${group} ${level}`) ?? byLevel.get(level) ?? ONE,
  }
}

/** Kept cases and costs by level and group. */
interface Cube {
  readonly levels: readonly string[]
  readonly width: number
  readonly numbers: ReadonlyMap<string, Uint32Array>
  /** fen */
  readonly sums: ReadonlyMap<string, Float64Array>
}

function cubeOf({ cases, statistics, hospitals }: CoefficientInput): Cube {
  const levelOf = new Map(hospitals.map(hospital => [hospital.code, hospital.level]))
  const width = cases.groups.length
  const byHospital = new Uint32Array(cases.hospitals.length * width)
  const costs = new Float64Array(byHospital.length)
  const low = Float64Array.from(statistics, one => one.lowest)
  const high = Float64Array.from(statistics, one => one.highest)
  cubeOfKept(cases, low, high, byHospital, costs)
  const numbers = new Map<string, Uint32Array>()
  const sums = new Map<string, Float64Array>()
  cases.hospitals.forEach((code, h) => {
    const level = levelOf.get(code)
    if (level === undefined) throw unlisted(code)
    const n = numbers.get(level) ?? new Uint32Array(width)
    const c = sums.get(level) ?? new Float64Array(width)
    for (let g = 0; g < width; g++) {
      n[g] = n[g]! + byHospital[h * width + g]!
      c[g] = c[g]! + costs[h * width + g]!
    }
    numbers.set(level, n)
    sums.set(level, c)
  })
  return { levels: [...numbers.keys()].sort(), width, numbers, sums }
}

function levelCoefficient(
  { numbers, sums, width }: Cube,
  level: string,
  { weights }: CoefficientInput,
  config: CoefficientConfig,
): LevelCoefficient | undefined {
  const n = numbers.get(level)!
  const c = sums.get(level)!
  let cases = 0
  let cost = 0
  let weighedCost = 0
  let weight = new Decimal(0)
  for (let g = 0; g < width; g++) {
    if (n[g] === 0) continue
    cases += n[g]!
    cost += c[g]!
    const w = weights.weight[g]!
    if (w === null) continue
    weighedCost += c[g]!
    weight = weight.plus(w.times(n[g]!))
  }
  if (cases === 0) return undefined
  const levelMean = new Decimal(cost).div(cases).div(weights.meanCostExact)
  const levelIndex = weight.isZero() ? ONE : new Decimal(weighedCost).div(weight.times(weights.meanCostExact))
  const coefficient = bounded(config.index === 'levelMean' ? levelMean : levelIndex, config)
  return { level, cases, cost, weight, levelMean, levelIndex, coefficient }
}

function cellCoefficients(
  { numbers, sums, width }: Cube,
  level: LevelCoefficient,
  config: CoefficientConfig,
): CellCoefficient[] {
  const n = numbers.get(level.level)!
  const c = sums.get(level.level)!
  const cells: CellCoefficient[] = []
  for (let g = 0; g < width; g++) {
    const cases = n[g]!
    if (cases === 0) continue
    let all = 0
    let total = 0
    for (const counts of numbers.values()) all += counts[g]!
    for (const costs of sums.values()) total += costs[g]!
    const ratio = new Decimal(c[g]!).div(cases).div(new Decimal(total).div(all))
    const z = new Decimal(cases).div(config.shrinkN0.plus(cases))
    const coefficient = bounded(ratio.times(z).plus(level.coefficient.times(new Decimal(1).minus(z))), config)
    cells.push({ group: g, level: level.level, cases, cost: c[g]!, ratio, coefficient })
  }
  return cells
}

function bounded(value: Decimal, { min, max, decimals }: CoefficientConfig): Decimal {
  return Decimal.min(max, Decimal.max(min, value)).toDecimalPlaces(decimals, Decimal.ROUND_HALF_UP)
}

function unlisted(hospital: string): Fault {
  return new Fault({
    code: 'WGT-001',
    at: { field: 'hospital' },
    what: {
      zh: `病例中的医院 ${hospital} 不在医院名单里，不知其级别。`,
      en: `Hospital ${hospital} has cases but is not in the list of hospitals, so its level is not known.`,
    },
    fix: { zh: '请在医院名单中补上该医院及其级别。', en: 'Add it with its level to the list of hospitals.' },
  })
}
