import { COST_BUCKETS, FEE_BUCKETS, type FeeBucket } from '../grouper/index.ts'
import { Fault } from '../messages/index.ts'
import { Decimal, type Fen } from '../numbers/index.ts'
import type { WeightConfig } from './config.ts'
import type { GroupedCases } from './grouped.ts'
import { USED } from './kernel.ts'

/** One bucket of charges in the region. */
export interface Bucket {
  readonly name: FeeBucket | 'other'
  /** Charges of the cases that carry charges, fen. */
  readonly charge: Fen
  readonly observed: Decimal
  readonly target: Decimal
}

/** What the adjustment of the cost structure (作业成本法) found. */
export interface CostStructure {
  readonly buckets: readonly Bucket[]
  /** Cases whose cost was adjusted. */
  readonly adjusted: number
  /** Cases without charges by bucket, or with charges above their cost: their cost stays as it is. */
  readonly withoutFees: number
  readonly feesExceedCost: number
}

interface Input {
  readonly cases: GroupedCases
  readonly reason: Uint8Array
  readonly cost: Float64Array
}

/** Charges of one case by bucket and, last, what is left of its cost. */
const WIDTH = COST_BUCKETS.length + 1

/**
 * Costs with target shares in place of the observed ones: c′ = Σ_b charge_b · target_b / observed_b, where observed_b is
 * the regional share of bucket b (settlement 1.7, activity-based shares). Since the targets add up to 1, Σ c′ = Σ c but
 * for the rounding of each case to a fen; with target = observed nothing changes.
 */
export function restructure(
  input: Input,
  target: WeightConfig['costStructure'],
): { readonly cost: Float64Array; readonly structure: CostStructure } {
  const { cases, reason, cost } = input
  const fees = cases.details?.fees
  if (fees === undefined) throw noFees()
  const sums = new Float64Array(WIDTH)
  const tally = { adjusted: 0, withoutFees: 0, feesExceedCost: 0 }
  const part = new Float64Array(WIDTH)
  for (let i = 0; i < cases.count; i++) {
    if (reason[i] !== USED) continue
    const found = split(fees, cases.cost[i]!, i, part)
    if (found === 0) for (let b = 0; b < WIDTH; b++) sums[b]! += part[b]!
    tally[found === 0 ? 'adjusted' : found === 1 ? 'withoutFees' : 'feesExceedCost']++
  }
  const buckets = bucketsOf(sums, target)
  const factor = Float64Array.from(buckets, one => (one.charge === 0 ? 0 : one.target.div(one.observed).toNumber()))
  const adjusted = cost.slice()
  for (let i = 0; i < cases.count; i++) {
    if (reason[i] !== USED || split(fees, cases.cost[i]!, i, part) !== 0) continue
    let total = 0
    for (let b = 0; b < WIDTH; b++) total += part[b]! * factor[b]!
    // A price index moves all charges of a case alike.
    adjusted[i] = Math.max(1, Math.round((total * cost[i]!) / cases.cost[i]!))
  }
  return { cost: adjusted, structure: { buckets, ...tally } }
}

/** Charges of case `i` into `part`: 0 done, 1 the case has none, 2 they exceed the cost. */
function split(fees: Float64Array, cost: Fen, i: number, part: Float64Array): 0 | 1 | 2 {
  let known = false
  let sum = 0
  for (let b = 0; b < COST_BUCKETS.length; b++) {
    const fee = fees[i * FEE_BUCKETS.length + b]!
    if (fee >= 0) known = true
    part[b] = Math.max(0, fee)
    sum += part[b]!
  }
  part[WIDTH - 1] = cost - sum
  return !known ? 1 : sum > cost ? 2 : 0
}

function bucketsOf(sums: Float64Array, target: WeightConfig['costStructure']): Bucket[] {
  const total = sums.reduce((all, one) => all + one, 0)
  return [...COST_BUCKETS, 'other' as const].map((name, b) => {
    const charge = sums[b]!
    const wanted = target[name] ?? new Decimal(0)
    // A share for charges that nobody has would be money lost.
    if (charge === 0 && wanted.gt(0)) throw emptyBucket(name)
    return { name, charge, observed: total === 0 ? new Decimal(0) : new Decimal(charge).div(total), target: wanted }
  })
}

function noFees(): Fault {
  return new Fault({
    code: 'WGT-010',
    at: { field: 'costStructure' },
    what: {
      zh: '测算参数要求按费用结构调整，病例文件却没有分类费用列。',
      en: 'The configuration adjusts the cost structure, but no case file has charges by bucket.',
    },
    fix: {
      zh: '请补上 medicalFee、nursingFee、technicalFee、drugFee、consumableFee、managementFee 等列，或去掉 costStructure。',
      en: 'Add the columns medicalFee, nursingFee, technicalFee, drugFee, consumableFee, managementFee, or drop costStructure.',
    },
  })
}

function emptyBucket(name: string): Fault {
  return new Fault({
    code: 'WGT-011',
    at: { field: `costStructure.${name}` },
    what: {
      zh: `目标占比给了 ${name}，病例中却没有这类费用。`,
      en: `A target share is given for ${name}, but no case has such charges.`,
    },
    fix: {
      zh: '请把该占比设为 0 并重新分配，或补上该列。',
      en: 'Set that share to 0 and divide it anew, or add the column.',
    },
  })
}
