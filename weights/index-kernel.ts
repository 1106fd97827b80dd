import { NO_LABEL, NO_STAY } from './grouped.ts'
import { USED } from './kernel.ts'

/** Ratios are summed as whole millionths, so that neither order nor threads show in a sum. */
export const MICRO = 1_000_000

/** What is summed by unit, in this order. */
export const SUMS = {
  all: 0, used: 1, weighed: 2, weight: 3, cost: 4, weighedCost: 5, costRatio: 6, stays: 7, days: 8, dayRatio: 9,
  deaths: 10, lowRisk: 11, lowRiskDeaths: 12, heavy: 13, drug: 14, consumable: 15, charged: 16,
} as const // biome-ignore format: one list
export const SUM_COUNT = 17

export interface UnitColumns {
  readonly unit: Uint32Array
  readonly group: Uint16Array
  readonly reason: Uint8Array
  readonly los: Uint16Array
  readonly dischargeWay: Uint8Array
  readonly cost: Float64Array
  /** Charges by case and bucket; empty where there are none. */
  readonly fees: Float64Array
}

/** What a group gives to the sums of its cases. */
export interface GroupFactors {
  /** Weight as an integer of its last printed decimal; −1 where the group has none. */
  readonly weight: Float64Array
  /** 1e6 / regional mean cost of the group, fen; and of days; 0 where there is no mean. */
  readonly perCost: Float64Array
  readonly perDay: Float64Array
  /** 1: low risk of death. */
  readonly lowRisk: Uint8Array
  /** Weight of 2, in the same integers. */
  readonly heavyFrom: number
}

const DIED = 5
/** No unit: the case lacks the label. */
export const NO_UNIT = 0xffff_ffff

/** Sums of each unit at unit × SUM_COUNT, and a bit for each group that it has. */
export function sumUnits(
  columns: UnitColumns,
  factors: GroupFactors,
  buckets: { readonly width: number; readonly drug: number; readonly consumable: number },
  sums: Float64Array,
  covered: Uint32Array,
  words: number,
): void {
  const { unit, group, reason, los, dischargeWay, cost, fees } = columns
  const { weight, perCost, perDay, lowRisk, heavyFrom } = factors
  for (let i = 0; i < unit.length; i++) {
    const u = unit[i]!
    if (u === NO_UNIT) continue
    const at = u * SUM_COUNT
    sums[at]! += 1
    if (reason[i] !== USED) continue
    const g = group[i]!
    const c = cost[i]!
    const word = u * words + (g >>> 5)
    covered[word] = covered[word]! | (1 << (g & 31))
    sums[at + 1]! += 1
    sums[at + 4]! += c
    if (weight[g]! >= 0) {
      sums[at + 2]! += 1
      sums[at + 3]! += weight[g]!
      sums[at + 5]! += c
      if (weight[g]! >= heavyFrom) sums[at + 13]! += 1
    }
    sums[at + 6]! += Math.round(c * perCost[g]!)
    const days = los[i]!
    if (days !== NO_STAY) {
      sums[at + 7]! += 1
      sums[at + 8]! += days
      sums[at + 9]! += Math.round(days * perDay[g]!)
    }
    const died = dischargeWay[i] === DIED ? 1 : 0
    sums[at + 10]! += died
    if (lowRisk[g] === 1) {
      sums[at + 11]! += 1
      sums[at + 12]! += died
    }
    if (fees.length > 0) {
      const drug = fees[i * buckets.width + buckets.drug]!
      const consumable = fees[i * buckets.width + buckets.consumable]!
      if (drug >= 0 || consumable >= 0) {
        sums[at + 14]! += Math.max(0, drug)
        sums[at + 15]! += Math.max(0, consumable)
        sums[at + 16]! += c
      }
    }
  }
}

/** Cases, stays with known days, days, deaths, charges of groups: at group × 7. */
export function sumGroups(
  columns: Omit<UnitColumns, 'unit'>,
  buckets: { readonly width: number; readonly drug: number; readonly consumable: number },
  sums: Float64Array,
): void {
  const { group, reason, los, dischargeWay, fees } = columns
  for (let i = 0; i < reason.length; i++) {
    if (reason[i] !== USED) continue
    const at = group[i]! * 7
    sums[at]! += 1
    if (los[i] !== NO_STAY) {
      sums[at + 1]! += 1
      sums[at + 2]! += los[i]!
    }
    if (dischargeWay[i] === DIED) sums[at + 3]! += 1
    if (fees.length === 0) continue
    const drug = fees[i * buckets.width + buckets.drug]!
    const consumable = fees[i * buckets.width + buckets.consumable]!
    if (drug < 0 && consumable < 0) continue
    sums[at + 4]! += 1
    sums[at + 5]! += Math.max(0, drug)
    sums[at + 6]! += Math.max(0, consumable)
  }
}

/**
 * Numbers units in the order of first, then second label: unit of each case into `unit`, and the pairs that occur as
 * first × size + second.
 */
export function numberUnits(
  first: Uint16Array,
  second: Uint16Array,
  size: number,
  place: Int32Array,
  unit: Uint32Array,
): number[] {
  for (let i = 0; i < unit.length; i++) {
    if (first[i] === NO_LABEL || second[i] === NO_LABEL) unit[i] = NO_UNIT
    else place[first[i]! * size + second[i]!] = 1
  }
  const pairs: number[] = []
  for (let pair = 0; pair < place.length; pair++) {
    if (place[pair] === 1) {
      place[pair] = pairs.length
      pairs.push(pair)
    }
  }
  for (let i = 0; i < unit.length; i++) {
    if (first[i] !== NO_LABEL && second[i] !== NO_LABEL) unit[i] = place[first[i]! * size + second[i]!]!
  }
  return pairs
}
