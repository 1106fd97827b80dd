import { FEE_BUCKETS } from '../grouper/index.ts'
import { Decimal, type Fen } from '../numbers/index.ts'
import type { WeightConfig } from './config.ts'
import {
  type GroupFactors,
  MICRO,
  numberUnits,
  SUM_COUNT,
  SUMS,
  sumGroups,
  sumUnits,
  type UnitColumns,
} from './index-kernel.ts'
import { meanOf } from './statistics.ts'
import type { Weighing } from './weigh.ts'

/** Class of a group by its mortality; `none` where nobody died. */
export type RiskClass = 'none' | 'low' | 'midLow' | 'midHigh' | 'high'

/** What a group costs and risks besides its weight. */
export interface GroupIndex {
  readonly deaths: number
  readonly risk: RiskClass
  /** Mean stay in days; null where none is known. */
  readonly meanStay: Decimal | null
  /** Mean drug cost of the group / of all cases (药品权重 dRW), and consumables (耗材权重 cRW); null without charges. */
  readonly drugWeight: Decimal | null
  readonly consumableWeight: Decimal | null
}

export type Dimension = 'hospital' | 'department' | 'doctor' | 'month'

/** Indices of one hospital, department, doctor or month. */
export interface UnitIndex {
  readonly dimension: Dimension
  /** Code of the hospital; '' for a month of the region. */
  readonly hospital: string
  /** Department, doctor or month; '' for a hospital. */
  readonly unit: string
  /** All cases with a cost; those that take part; groups that occur. */
  readonly cases: number
  readonly used: number
  readonly groups: number
  /** Σ w of the cases in groups with a weight. */
  readonly weight: Decimal
  /** Fen. */
  readonly cost: Fen
  readonly days: number
  readonly deaths: number
  readonly lowRisk: number
  readonly lowRiskDeaths: number
  /** Cases of weight 2 or more. */
  readonly heavy: number
  /** Null where there is nothing to divide by. */
  readonly cmi: Decimal | null
  readonly costIndex: Decimal | null
  readonly timeIndex: Decimal | null
  /** Fen. */
  readonly costPerWeight: Decimal | null
  readonly daysPerWeight: Decimal | null
  /** Shares of the cost of cases with charges by bucket. */
  readonly drugShare: Decimal | null
  readonly consumableShare: Decimal | null
}

export interface Indices {
  readonly groups: readonly GroupIndex[]
  readonly units: readonly UnitIndex[]
}

const BUCKETS = {
  width: FEE_BUCKETS.length,
  drug: FEE_BUCKETS.indexOf('drug'),
  consumable: FEE_BUCKETS.indexOf('consumable'),
}

/**
 * Indices of performance (settlement 7): CMI = Σ w / n; cost consumption index (费用消耗指数) = Σ (c / mean of its group) / n
 * and time consumption index (时间消耗指数), the same of days, over untrimmed means, so that both are 1 for the region;
 * deaths in groups of low risk; all by hospital, department, doctor and month. Sums are whole numbers (ratios in
 * millionths), so the order of the cases does not show.
 */
export function indicesOf(weighing: Weighing, config: WeightConfig): Indices {
  const { prepared, statistics, weights } = weighing
  const { cases, reason, cost } = prepared
  const fees = cases.details?.fees ?? new Float64Array(0)
  const columns = { group: cases.group, reason, los: cases.los, dischargeWay: cases.dischargeWay, cost, fees }
  const sums = new Float64Array(cases.groups.length * 7)
  sumGroups(columns, BUCKETS, sums)
  const groups = groupIndices(sums, cases.groups.length)
  // Sums of whole numbers stay exact over a hundred million cases.
  const scale = 10 ** Math.min(config.decimals, 6)
  const factors: GroupFactors = {
    weight: Float64Array.from(weights.weight, w => w?.times(scale).round().toNumber() ?? -1),
    perCost: Float64Array.from(statistics.groups, one => perUnit(meanOf(one.all))),
    perDay: Float64Array.from(groups, one => perUnit(one.meanStay ?? undefined)),
    lowRisk: Uint8Array.from(groups, one => (one.risk === 'low' ? 1 : 0)),
    heavyFrom: 2 * scale,
  }
  const zeros = new Uint16Array(cases.count)
  const { details } = cases
  const dimensions: readonly (readonly [Dimension, Labels, Labels])[] = [
    ['hospital', { names: cases.hospitals, column: cases.hospital }, { names: [''], column: zeros }],
    ['month', { names: [''], column: zeros }, { names: cases.months, column: cases.month }],
    ...(details === undefined
      ? []
      : ([
          [
            'department',
            { names: cases.hospitals, column: cases.hospital },
            { names: details.departments, column: details.department },
          ],
          [
            'doctor',
            { names: cases.hospitals, column: cases.hospital },
            { names: details.doctors, column: details.doctor },
          ],
        ] as const)),
  ]
  const units = dimensions.flatMap(([dimension, first, second]) =>
    unitIndices(dimension, first, second, { columns, factors, scale, count: cases.count }),
  )
  return { groups, units }
}

interface Labels {
  readonly names: readonly string[]
  readonly column: Uint16Array
}

function perUnit(mean: Decimal | undefined): number {
  return mean === undefined || mean.isZero() ? 0 : new Decimal(MICRO).div(mean).toNumber()
}

function unitIndices(
  dimension: Dimension,
  first: Labels,
  second: Labels,
  {
    columns,
    factors,
    scale,
    count,
  }: { columns: Omit<UnitColumns, 'unit'>; factors: GroupFactors; scale: number; count: number },
): UnitIndex[] {
  const size = second.names.length
  const unit = new Uint32Array(count)
  const pairs = numberUnits(first.column, second.column, size, new Int32Array(first.names.length * size), unit)
  const words = (factors.weight.length + 31) >>> 5
  const sums = new Float64Array(pairs.length * SUM_COUNT)
  const covered = new Uint32Array(pairs.length * words)
  sumUnits({ ...columns, unit }, factors, BUCKETS, sums, covered, words)
  return pairs.map((pair, u): UnitIndex => {
    const of = (name: keyof typeof SUMS): number => sums[u * SUM_COUNT + SUMS[name]]!
    const weight = new Decimal(of('weight')).div(scale)
    const share = (part: Decimal | number, whole: Decimal | number): Decimal | null =>
      new Decimal(whole).isZero() ? null : new Decimal(part).div(whole)
    let groups = 0
    for (let w = 0; w < words; w++) for (let bits = covered[u * words + w]!; bits !== 0; bits &= bits - 1) groups++
    return {
      dimension,
      hospital: first.names[Math.floor(pair / size)]!,
      unit: second.names[pair % size]!,
      cases: of('all'),
      used: of('used'),
      groups,
      weight,
      cost: of('cost'),
      days: of('days'),
      deaths: of('deaths'),
      lowRisk: of('lowRisk'),
      lowRiskDeaths: of('lowRiskDeaths'),
      heavy: of('heavy'),
      cmi: share(weight, of('weighed')),
      costIndex: share(of('costRatio') / MICRO, of('used')),
      timeIndex: share(of('dayRatio') / MICRO, of('stays')),
      costPerWeight: share(of('weighedCost'), weight),
      daysPerWeight: share(of('days'), weight),
      drugShare: share(of('drug'), of('charged')),
      consumableShare: share(of('consumable'), of('charged')),
    }
  })
}

function groupIndices(sums: Float64Array, size: number): GroupIndex[] {
  const of = (g: number, k: number): number => sums[g * 7 + k]!
  let [charged, drugs, consumables] = [0, 0, 0]
  for (let g = 0; g < size; g++) {
    charged += of(g, 4)
    drugs += of(g, 5)
    consumables += of(g, 6)
  }
  const risks = riskClasses(Array.from({ length: size }, (_, g) => ({ cases: of(g, 0), deaths: of(g, 3) })))
  const weight = (part: number, cases: number, whole: number): Decimal | null =>
    cases === 0 || whole === 0 ? null : new Decimal(part).div(cases).div(new Decimal(whole).div(charged))
  return Array.from({ length: size }, (_, g) => ({
    deaths: of(g, 3),
    risk: risks[g]!,
    meanStay: of(g, 1) === 0 ? null : new Decimal(of(g, 2)).div(of(g, 1)),
    drugWeight: weight(of(g, 5), of(g, 4), drugs),
    consumableWeight: weight(of(g, 6), of(g, 4), consumables),
  }))
}

/**
 * Classes of mortality: y = ln(deaths / cases) over the groups with deaths, mean μ and SD σ (n − 1) of y; low below μ − σ,
 * then midLow below μ, midHigh below μ + σ, high from there.
 */
export function riskClasses(groups: readonly { readonly cases: number; readonly deaths: number }[]): RiskClass[] {
  const logs = groups.flatMap(({ cases, deaths }) => (deaths > 0 ? [Math.log(deaths / cases)] : []))
  const mean = logs.reduce((sum, y) => sum + y, 0) / logs.length
  const sigma = Math.sqrt(logs.reduce((sum, y) => sum + (y - mean) ** 2, 0) / (logs.length - 1 || 1))
  return groups.map(({ cases, deaths }) => {
    if (deaths === 0) return 'none'
    const y = Math.log(deaths / cases)
    return y < mean - sigma ? 'low' : y < mean ? 'midLow' : y < mean + sigma ? 'midHigh' : 'high'
  })
}
