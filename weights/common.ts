import type { WeightConfig } from './config.ts'
import type { GroupedCases, Hospital } from './grouped.ts'
import { type Weighing, weigh } from './weigh.ts'

/** Position of "not grouped" in the statuses of grouper. */
const NOT_GROUPED = 2

/** Two groupings of the same cases, weighed on those that both group. */
export interface SchemeComparison {
  readonly a: Weighing
  readonly b: Weighing
  /** Cases that both group, and those that only one does. */
  readonly common: number
  readonly onlyA: number
  readonly onlyB: number
}

/** Weighs the same cases, in the same order, under two schemes; only those that both group take part. */
export function compareSchemes(
  a: GroupedCases,
  b: GroupedCases,
  hospitals: readonly Hospital[],
  config: WeightConfig,
): SchemeComparison {
  if (a.count !== b.count) throw new RangeError(`${a.count} cases under one scheme, ${b.count} under the other`)
  const [statusA, statusB] = [a.status.slice(), b.status.slice()]
  let [common, onlyA, onlyB] = [0, 0, 0]
  for (let i = 0; i < a.count; i++) {
    const [inA, inB] = [a.status[i] === 0, b.status[i] === 0]
    if (inA && inB) common++
    else if (inA) {
      onlyA++
      statusA[i] = NOT_GROUPED
    } else if (inB) {
      onlyB++
      statusB[i] = NOT_GROUPED
    }
  }
  const settings: WeightConfig = { ...config, ...PLAIN, coefficient: { ...config.coefficient, kind: 'none' } }
  return {
    a: weigh({ ...a, status: statusA }, hospitals, settings),
    b: weigh({ ...b, status: statusB }, hospitals, settings),
    common,
    onlyA,
    onlyB,
  }
}

/** What names groups of one scheme would not fit the other. */
const PLAIN = { adjustments: [], locked: [], method: 'mean', emptyGroups: [] } as const
