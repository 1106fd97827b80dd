import {
  type AuxiliaryFinding,
  type AuxiliaryPack,
  classifyBatch,
  type DipCatalogue,
  NO_CLASS,
  planAuxiliary,
} from '../../grouper/index.ts'
import { Decimal } from '../../numbers/index.ts'
import { squareSum, sum } from '../moments.ts'
import { billColumns } from './bill.ts'
import type { BuildCases } from './build-cases.ts'
import type { AuxiliaryGates } from './build-config.ts'
import { NONE, orderByNumber } from './build-kernel.ts'
import { type Matched, NO_GROUP_NUMBER } from './build-match.ts'
import type { CaseSource } from './build-source.ts'

/** The coefficient of one auxiliary class in one group. */
export interface AuxiliaryCoefficient {
  readonly group: string
  readonly type: string
  readonly class: string
  /** Cases of the last year. */
  readonly cases: number
  /** Mean cost in fen. */
  readonly mean: Decimal
  /** a = mean of the class / mean of the group, both of the last year; rounded as configured. */
  readonly coefficient: Decimal
}

/** Whether a type splits a group. */
export interface AuxiliaryTest {
  readonly group: string
  readonly type: string
  readonly cases: number
  /** CV of the group and what the split leaves of it; population CV, four digits. */
  readonly before: Decimal
  readonly after: Decimal
  /** `split`, or the first gate that it does not pass. */
  readonly result: 'split' | 'noClass' | 'cvLow' | 'fallsTooLittle'
}

export interface Auxiliaries {
  readonly pack: AuxiliaryPack
  /** Year whose cases count. */
  readonly year: string
  /** Core groups that have more than n1 cases of that year, by type. */
  readonly tests: readonly AuxiliaryTest[]
  readonly coefficients: readonly AuxiliaryCoefficient[]
}

/**
 * Auxiliary types of the core groups of a catalogue by the gates of the draft: the group has more than n1 cases of the
 * last year and a CV of at least `cvMin`; classes with more than n2 cases count, all others stay together; and the split
 * lowers the CV, √(Σ(x − mean of its class)² / N) / M, by at least `fall`. Base classes get no coefficient.
 */
export function deriveAuxiliaries(
  pack: AuxiliaryPack,
  catalogue: DipCatalogue,
  source: Pick<CaseSource, 'each'>,
  cases: BuildCases,
  { group }: Pick<Matched, 'group'>,
  gates: AuxiliaryGates,
): Auxiliaries {
  const classes = classifyAll(pack, catalogue, source, cases, { group })
  const core = catalogue.groups.map(group => group.layer !== 'ZH')
  const last = cases.years.length - 1
  const number = new Uint32Array(cases.count).fill(NONE)
  const counts = new Uint32Array(catalogue.groups.length)
  for (let i = 0; i < cases.count; i++) {
    if (cases.used[i] !== 1 || cases.columns.month[i] !== last) continue
    const g = group[cases.columns.profile[i]!]!
    if (g === NO_GROUP_NUMBER || !core[g]) continue
    number[i] = g
    counts[g]!++
  }
  const wanted = Uint8Array.from(counts, count => (count > gates.n1 ? 1 : 0))
  const { order, starts } = orderByNumber(number, counts, wanted)
  const tests: AuxiliaryTest[] = []
  const coefficients: AuxiliaryCoefficient[] = []
  for (const [g, { code }] of catalogue.groups.entries()) {
    if (wanted[g] !== 1) continue
    const rows = order.subarray(starts[g]!, starts[g + 1]!)
    pack.types.forEach((_, t) => {
      const split = splitGroup(pack, t, code, rows, cases.columns.cost, classes[t]!, gates)
      tests.push(split.test)
      coefficients.push(...split.coefficients)
    })
  }
  return { pack, year: cases.years[last]!, tests, coefficients }
}

/** The class of every case in every type; costs count against the mean cost of the group. */
function classifyAll(
  pack: AuxiliaryPack,
  catalogue: DipCatalogue,
  source: Pick<CaseSource, 'each'>,
  cases: BuildCases,
  { group }: Pick<Matched, 'group'>,
): Uint8Array[] {
  const plan = planAuxiliary(pack, catalogue.diagnoses)
  const classes = pack.types.map(() => new Uint8Array(cases.count))
  const standard = Float64Array.from(catalogue.groups, ({ figures }) => figures.meanCost ?? 0)
  const { profile } = cases.columns
  let from = 0
  source.each(batch => {
    const start = from
    const bill = billColumns(batch, i => standard[group[profile[start + i]!]!] ?? 0)
    classifyBatch(plan, batch, classes, from, bill)
    from += batch.count
  })
  return classes
}

function splitGroup(
  pack: AuxiliaryPack,
  t: number,
  group: string,
  rows: Uint32Array,
  cost: Float64Array,
  classOf: Uint8Array,
  { n2, cvMin, fall, loose, decimals }: AuxiliaryGates,
): { test: AuxiliaryTest; coefficients: AuxiliaryCoefficient[] } {
  const type = pack.types[t]!
  const parts = type.classes.map((): number[] => [])
  const rest: number[] = []
  for (const row of rows) {
    const one = classOf[row]!
    ;(one === NO_CLASS ? rest : parts[one]!).push(cost[row]!)
  }
  const all = Float64Array.from(rows, row => cost[row]!)
  const mean = new Decimal(sum(all)).div(all.length)
  const total = squaresAround(all)
  const counting: { readonly at: number; readonly costs: Float64Array }[] = []
  parts.forEach((costs, at) => {
    if (costs.length > n2 && !type.classes[at]!.base) counting.push({ at, costs: Float64Array.from(costs) })
    else for (const one of costs) rest.push(one)
  })
  const within = counting.reduce(
    (left, { costs }) => left.plus(squaresAround(costs)),
    squaresAround(Float64Array.from(rest)),
  )
  const cvOf = (squares: Decimal): Decimal => squares.div(all.length).sqrt().div(mean)
  const factor = type.loose ? loose : new Decimal(1)
  const before = cvOf(total)
  // CV after ≤ (1 − fall) × CV before, squared, so that no root is compared.
  const allowed = new Decimal(1).minus(fall.times(factor)).pow(2).times(total)
  const result =
    counting.length === 0
      ? 'noClass'
      : before.lt(cvMin.times(factor))
        ? 'cvLow'
        : within.gt(allowed)
          ? 'fallsTooLittle'
          : 'split'
  const test: AuxiliaryTest = {
    group,
    type: type.id,
    cases: all.length,
    before: before.toDecimalPlaces(4),
    after: cvOf(within).toDecimalPlaces(4),
    result,
  }
  if (result !== 'split') return { test, coefficients: [] }
  const coefficients = counting.map(({ at, costs }) => {
    const ofClass = new Decimal(sum(costs)).div(costs.length)
    return {
      group,
      type: type.id,
      class: type.classes[at]!.id,
      cases: costs.length,
      mean: ofClass,
      // Products first: a quotient of means would be rounded twice.
      coefficient: new Decimal(sum(costs))
        .times(all.length)
        .div(new Decimal(sum(all)).times(costs.length))
        .toDecimalPlaces(decimals),
    }
  })
  return { test, coefficients }
}

/** Σ(x − mean)² = Σx² − (Σx)² / n. */
function squaresAround(costs: Float64Array): Decimal {
  if (costs.length === 0) return new Decimal(0)
  const numerator = BigInt(costs.length) * squareSum(costs) - BigInt(sum(costs)) ** 2n
  return new Decimal(numerator.toString()).div(costs.length)
}

/** Coefficients by group, type and class, derived or a city's own. */
export type AuxiliaryTable = ReadonlyMap<string, Decimal>

/** The key of a class of a group. */
export function auxiliaryKey(group: string, type: string, one: string): string {
  return `${group}\t${type}\t${one}`
}

/**
 * The auxiliary coefficient of a case: of all its classes that have one in its group the highest counts; undefined where
 * none has. Ties go to the type that stands first.
 */
export function auxiliaryOf(
  table: AuxiliaryTable,
  group: string,
  findings: readonly AuxiliaryFinding[],
): { readonly finding: AuxiliaryFinding; readonly coefficient: Decimal } | undefined {
  let best: { finding: AuxiliaryFinding; coefficient: Decimal } | undefined
  for (const finding of findings) {
    const coefficient = table.get(auxiliaryKey(group, finding.type.id, finding.class.id))
    if (coefficient === undefined || (best !== undefined && coefficient.lte(best.coefficient))) continue
    best = { finding, coefficient }
  }
  return best
}
