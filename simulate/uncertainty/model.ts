import type { GroupedCases } from '../../weights/index.ts'
import { partFinder } from '../budget/parts.ts'
import type { PolicyDocument } from '../policy/document.ts'
import { compilePolicy } from '../policy/policy.ts'
import { changeCases } from '../scenario/cases.ts'
import { homes } from '../scenario/evaluator.ts'
import { parametersOf } from '../scenario/parameters.ts'
import { isSummable, listed, sortCases } from '../scenario/sorted.ts'
import { changedTables } from '../scenario/tables.ts'
import { createValuer } from '../scenario/valuer.ts'
import { claimsOf } from '../settle/claims.ts'
import type { Visitors } from '../settle/division.ts'
import { type Ledger, sumByGroup } from '../settle/ledger.ts'
import type { CaseValues } from '../settle/points.ts'
import { type Budget, type RegionInput, valueRegion } from '../settle/region.ts'
import { cutLedger, partPlan } from '../settle/table-division.ts'
import type { UncertaintySettings } from './settings.ts'

/** Sums by `unit * groups + group`, units as in a claim table. */
export interface Piece {
  readonly points: Float64Array
  readonly paid: Float64Array
  readonly cost: Float64Array
  readonly patient: Float64Array
  readonly fund: Float64Array
  /** Times the fund's share of each case's bill; absent where no rule asks for it. */
  readonly fundPoints?: Float64Array
  readonly fundPaid?: Float64Array
  /** Whether no case falls into it. */
  readonly isEmpty: boolean
}

/** One scenario of a model: its sums, and how its pools are divided. */
export interface Branch {
  readonly policy: PolicyDocument
  readonly budgets: readonly Budget[]
  readonly visitors: readonly Visitors[]
  /** What is left for the pools, then what is set apart, part by part. */
  readonly pieces: readonly Piece[]
}

/** Everything that a replicate is computed from; plain data that threads can be handed. */
export interface Model {
  readonly seed: number
  readonly hospitals: readonly string[]
  readonly insurances: readonly string[]
  readonly groups: number
  /** Number of a hospital's level. */
  readonly level: Uint16Array
  readonly levels: number
  readonly spread: {
    readonly region: number
    readonly level: number
    readonly hospital: number
    readonly cost: number
    readonly hospitalCost: number
    readonly group: number
  }
  /** Relative standard error of each group's weight; 0 where it is certain. */
  readonly weightError: Float64Array
  /** Σ n·w of each group, for calibration: errors of weights leave the total weight alone. */
  readonly weightMass: Float64Array
  /**
   * By piece: lower triangle of the 2 × 2 root of the relative covariance of points and cost by unit, from the arrivals
   * of cases as a compound Poisson process: Var Σx = Σx².
   */
  readonly arrival: readonly Float64Array[]
  /** Elasticity of a unit's points to its costs: what low and high cost cases earn moves with them. */
  readonly elasticity: Float64Array
  /** By piece: excess cost of cases that may apply for review, fen by unit; and the parts that may be accepted. */
  readonly excess: readonly Float64Array[]
  readonly accepted: readonly [low: number, high: number]
  readonly branches: readonly Branch[]
}

/** Costs move by this factor where the elasticity of points is measured. */
const STEP = '1.05'

/** How far a weight may be off: its standard error over the weight. */
export interface WeightError {
  readonly error: number
}

/** The ledger of a scenario with how it is divided. */
interface LedgerOf {
  readonly ledger: Ledger
  readonly policy: PolicyDocument
  readonly budgets: readonly Budget[]
}

/** The model of a region; `ledgers` are those of the scenarios, the baseline first, with their policies and budgets. */
export function modelOf(
  input: RegionInput,
  values: CaseValues,
  ledgers: readonly LedgerOf[],
  settings: UncertaintySettings,
  errors: readonly (WeightError | null)[] | null,
): Model {
  const { cases, weights } = input
  const claims = claimsOf(ledgers[0]!.ledger)
  const levelOf = new Map(input.hospitals.map(one => [one.code, one.level]))
  const levels = [...new Set(claims.hospitals.map(code => levelOf.get(code) ?? ''))].sort()
  const n = new Float64Array(cases.groups.length)
  for (let i = 0; i < cases.count; i++) if (cases.status[i] === 0) n[cases.group[i]!]! += 1
  const places = placesOf(input, values, claims.hospitals)
  return {
    seed: settings.seed,
    hospitals: claims.hospitals,
    insurances: claims.insurances,
    groups: cases.groups.length,
    level: Uint16Array.from(claims.hospitals, code => levels.indexOf(levelOf.get(code) ?? '')),
    levels: levels.length,
    spread: {
      region: settings.volume.region.toNumber(),
      level: settings.volume.level.toNumber(),
      hospital: settings.volume.hospital.toNumber(),
      cost: settings.cost.region.toNumber(),
      hospitalCost: settings.cost.hospital.toNumber(),
      group: settings.mix.group.toNumber(),
    },
    weightError: Float64Array.from(cases.groups, (_, g) => (settings.weights ? (errors?.[g]?.error ?? 0) : 0)),
    weightMass: Float64Array.from(cases.groups, (_, g) => n[g]! * (weights.weight[g]?.toNumber() ?? 0)),
    arrival: arrivals(cases, values, places, settings.counts),
    elasticity: elasticities(input, claims.points),
    excess: excessOf(cases, places, settings.review.ratio.toNumber()),
    accepted: [settings.review.low.toNumber(), settings.review.high.toNumber()],
    branches: ledgers.map(one => branchOf(one, input.visitors ?? [], claims.hospitals)),
  }
}

/** Where cases count: their unit, in the order of a claim table, and their piece. */
interface Places {
  readonly units: number
  readonly pieces: number
  unit(i: number): number
  piece(i: number): number
}

function placesOf(input: RegionInput, values: CaseValues, hospitals: readonly string[]): Places {
  const { cases } = input
  const width = cases.insurances.length
  const place = new Map(hospitals.map((code, h) => [code, h]))
  const unitOf = Uint32Array.from(
    { length: cases.hospitals.length * width },
    (_, u) => place.get(cases.hospitals[Math.floor(u / width)]!)! * width + (u % width),
  )
  const { paying } = partPlan(cases.insurances, input)
  const find = partFinder(cases, paying)
  return {
    units: unitOf.length,
    pieces: paying.length + 1,
    unit: i => unitOf[cases.hospital[i]! * width + cases.insurance[i]!]!,
    // The pools come first, and what no part names is theirs.
    piece: i =>
      paying.length === 0
        ? 0
        : (find(cases.hospital[i]!, cases.insurance[i]!, cases.group[i]!, values.class[i]!) + 1) % (paying.length + 1),
  }
}

function branchOf(
  { ledger, policy, budgets }: LedgerOf,
  visitors: readonly Visitors[],
  hospitals: readonly string[],
): Branch {
  const { main, parts } = cutLedger(ledger, { policy: compilePolicy(policy), budgets, visitors })
  return {
    policy,
    budgets,
    visitors,
    pieces: [pieceOf(main, false, hospitals), ...parts.map(part => pieceOf(part.ledger, part.isEmpty, hospitals))],
  }
}

function pieceOf(ledger: Ledger, isEmpty: boolean, hospitals: readonly string[]): Piece {
  const { groups, insurances } = ledger
  const byGroup = sumByGroup(ledger)
  const width = insurances.length * groups.length
  const ordered = (column: Float64Array): Float64Array => {
    const out = new Float64Array(column.length)
    for (const [i, code] of hospitals.entries()) {
      const h = ledger.hospitals.indexOf(code)
      out.set(column.subarray(h * width, (h + 1) * width), i * width)
    }
    return out
  }
  const isRated = [byGroup.fundPoints, byGroup.fundPaid].some(column => column.some(one => one !== 0))
  return {
    points: ordered(byGroup.points),
    paid: ordered(byGroup.paid),
    cost: ordered(byGroup.cost),
    patient: ordered(byGroup.patient),
    fund: ordered(byGroup.fund),
    ...(isRated ? { fundPoints: ordered(byGroup.fundPoints), fundPaid: ordered(byGroup.fundPaid) } : {}),
    isEmpty,
  }
}

function arrivals(
  { count, cost }: GroupedCases,
  { points }: CaseValues,
  { units, pieces, unit, piece }: Places,
  wanted: boolean,
): Float64Array[] {
  const roots = Array.from({ length: pieces }, () => new Float64Array(units * 3))
  if (!wanted) return roots
  const sums = new Float64Array(pieces * units * 5)
  for (let i = 0; i < count; i++) {
    const at = (piece(i) * units + unit(i)) * 5
    const [p, c] = [points[i]!, cost[i]!]
    sums[at]! += p
    sums[at + 1]! += c
    sums[at + 2]! += p * p
    sums[at + 3]! += p * c
    sums[at + 4]! += c * c
  }
  for (const [n, root] of roots.entries()) {
    for (let u = 0; u < units; u++) {
      const at = (n * units + u) * 5
      const [p, c, pp, pc, cc] = sums.subarray(at, at + 5) as unknown as [number, number, number, number, number]
      if (p <= 0 || c <= 0) continue
      const a = Math.sqrt(pp) / p
      const b = pc / (p * c) / a
      root[u * 3] = a
      root[u * 3 + 1] = b
      root[u * 3 + 2] = Math.sqrt(Math.max(cc / (c * c) - b * b, 0))
    }
  }
  return roots
}

/** ln(P(1.05) / P(1)) / ln 1.05 by unit, with all rules applied to the dearer cases. */
function elasticities(input: RegionInput, base: Float64Array): Float64Array {
  const change = { a: { kind: 'cost', where: {}, factor: STEP, share: '1' } } as const
  const { cases } = changeCases(input.cases, change, input)
  const tree = parametersOf({ policy: input.policy.document, budgets: input.budgets, hospitals: input.hospitals })
  const tables = changedTables(input, compilePolicy(input.policy.document), tree)
  const priced = cases.insurances.map(homes(input))
  const own = { ...input, ...tables, cases, priced }
  const { points } = isSummable(cases, input.policy)
    ? createValuer(sortCases({ ...own, cases: { ...cases, insurances: priced }, hospitals: listed(own) }), own).claims(
        input.policy,
      )
    : claimsOf(valueRegion({ ...input, ...tables, cases }).ledger)
  return base.map((value, u) =>
    value > 0 && points[u]! > 0 ? Math.log(points[u]! / value) / Math.log(Number(STEP)) : 0,
  )
}

/** What cases above a multiple of their group's mean cost more than that multiple, by piece and unit. */
function excessOf(
  { count, group, groups, cost, status }: GroupedCases,
  { units, pieces, unit, piece }: Places,
  ratio: number,
): Float64Array[] {
  const [sum, n] = [new Float64Array(groups.length), new Float64Array(groups.length)]
  for (let i = 0; i < count; i++) {
    sum[group[i]!]! += cost[i]!
    n[group[i]!]! += 1
  }
  const out = Array.from({ length: pieces }, () => new Float64Array(units))
  for (let i = 0; i < count; i++) {
    const limit = (ratio * sum[group[i]!]!) / n[group[i]!]!
    if (status[i] === 0 && cost[i]! > limit) out[piece(i)]![unit(i)]! += cost[i]! - limit
  }
  return out
}
