import { Decimal, type Fen, POINT_UNIT, type Points, roundFen } from '../../numbers/index.ts'
import {
  type CoefficientTable,
  type GroupedCases,
  type Hospital,
  NO_LABEL,
  type WeightTable,
} from '../../weights/index.ts'
import type { Policy } from '../policy/policy.ts'
import { type CaseClass, CLASSES, poolClasses } from '../settle/classes.ts'
import { cycleTerms } from '../settle/cycle.ts'
import { valueRegion } from '../settle/region.ts'

/** A price that is known, or assumed to lie in a range; yuan per point. */
export interface PriceRange {
  readonly low: Decimal
  readonly expected: Decimal
  readonly high: Decimal
}

/** What a hospital needs to foresee its settlement. */
export interface PreviewInput {
  /** Its own cases only. */
  readonly cases: GroupedCases
  readonly weights: WeightTable
  readonly coefficients: CoefficientTable
  readonly policy: Policy
  readonly hospital: Hospital
  /** Point value by insurance; not needed under a rate. */
  readonly prices: ReadonlyMap<string, PriceRange>
  /** Shares of the fund by insurance in the ratio convention; not needed where patients' payments are subtracted. */
  readonly payRatios: ReadonlyMap<string, Decimal>
}

/** Money of one case or of a sum of cases, fen; zero outside the pool. */
export interface PreviewMoney {
  readonly points: Points
  /** Paid in money: does not depend on the point value. */
  readonly firm: Fen
  readonly cost: Fen
  readonly patient: Fen
  /** What the item-based bill charges to the fund. */
  readonly billed: Fen
  /** Gross payment at the low, expected and high point value. */
  readonly low: Fen
  readonly gross: Fen
  readonly high: Fen
  /** Fund due at the expected point value. */
  readonly due: Fen
  /** gross − cost. */
  readonly surplus: Fen
}

/** A case of the preview; positions are those of the cases. */
export interface PreviewCase extends PreviewMoney {
  readonly at: number
  readonly class: CaseClass
  /** Whether it is paid otherwise than by the standard of its group: look at these first. */
  readonly deviates: boolean
}

/** Sums of cases by some key. */
export interface PreviewRow extends PreviewMoney {
  readonly key: string
  readonly cases: number
  readonly outside: number
  readonly deviating: number
}

/** How sure the expected settlement is, fen. `gross = firm + byPoints`, `due = paidMonthly + deposit + atClearing`. */
export interface Certainty {
  readonly gross: Fen
  readonly due: Fen
  /** Certain whatever the point value: paid in money. */
  readonly firm: Fen
  /** Moves with the point value. */
  readonly byPoints: Fen
  readonly low: Fen
  readonly high: Fen
  /** What the months pay, what they hold back as deposit, and what waits for the clearing. */
  readonly paidMonthly: Fen
  readonly deposit: Fen
  readonly atClearing: Fen
}

/** A hospital's expected settlement. */
export interface Preview {
  /** Deviating cases first, each part from the largest loss to the largest surplus, then in input order. */
  readonly cases: readonly PreviewCase[]
  readonly total: PreviewRow
  readonly certainty: Certainty
  readonly byMonth: readonly PreviewRow[]
  readonly byInsurance: readonly PreviewRow[]
  readonly byGroup: readonly PreviewRow[]
  readonly byClass: readonly PreviewRow[]
  /** Empty where the cases carry no departments or doctors. */
  readonly byDepartment: readonly PreviewRow[]
  readonly byDoctor: readonly PreviewRow[]
}

/** Rules of a policy that look at all cases of the region: a preview can apply them to the hospital's own cases only. */
export function regionalRules({ ratioMoney, rules, blank }: Policy): readonly string[] {
  return [
    // Means of earlier years need not list every group: the others are compared with the cases themselves.
    ...(ratioMoney === 'groupMean' || ratioMoney === 'levelMean' ? ['ratioBase'] : []),
    ...(blank === null ? [] : ['blankGroup']),
    ...(rules.volumeCap.size > 0 ? ['volumeCap'] : []),
    ...(rules.early?.mode === 'proRata' ? ['earlyDeath'] : []),
    ...(rules.review === null ? [] : ['review']),
    ...(rules.elastic === null ? [] : ['elastic']),
  ]
}

/** Values a hospital's cases at a price range and sums them up; every table adds up to the total to the fen. */
export function previewHospital(input: PreviewInput): Preview {
  const { cases, policy } = input
  const { values } = valueRegion({ ...input, hospitals: [input.hospital] })
  const inside = poolClasses(policy)
  const money = moneyOf(input)
  const all = Array.from({ length: cases.count }, (_, at): PreviewCase => {
    const number = values.class[at]!
    const isInside = inside[number] === 1
    const name = CLASSES[number]!
    return {
      at,
      class: name,
      deviates: name !== 'normal',
      ...(isInside ? money(at, values.points[at]!, values.paid[at]!) : NOTHING),
    }
  })
  const sums = (keyOf: (one: PreviewCase) => string): PreviewRow[] =>
    [...Map.groupBy(all, keyOf)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, list]) => sumOf(key, list, inside))
  const labelled = (list: readonly string[] | undefined, column: Uint16Array | undefined): PreviewRow[] =>
    list === undefined || list.length === 0 || column === undefined
      ? []
      : sums(one => (column[one.at] === NO_LABEL ? '' : list[column[one.at]!]!))
  const { details } = cases
  const byMonth = sums(one => cases.months[cases.month[one.at]!]!)
  const total = sumOf('', all, inside)
  return {
    cases: all.toSorted((a, b) => Number(b.deviates) - Number(a.deviates) || a.surplus - b.surplus || a.at - b.at),
    total,
    certainty: certaintyOf(policy, total, byMonth),
    byMonth,
    byInsurance: sums(one => cases.insurances[cases.insurance[one.at]!]!),
    byGroup: sums(one => cases.groups[cases.group[one.at]!]!),
    byClass: sums(one => one.class),
    byDepartment: labelled(details?.departments, details?.department),
    byDoctor: labelled(details?.doctors, details?.doctor),
  }
}

const MONEY_KEYS = ['points', 'firm', 'cost', 'patient', 'billed', 'low', 'gross', 'high', 'due', 'surplus'] as const
const NOTHING: PreviewMoney = {
  points: 0,
  firm: 0,
  cost: 0,
  patient: 0,
  billed: 0,
  low: 0,
  gross: 0,
  high: 0,
  due: 0,
  surplus: 0,
}

/** The money of a case in the pool: points at each price, rounded half up, and what is paid in money. */
function moneyOf({
  cases,
  policy,
  prices,
  payRatios,
}: PreviewInput): (at: number, points: Points, firm: Fen) => PreviewMoney {
  const scale = (price: Decimal): Decimal => price.times(100).div(POINT_UNIT)
  const ranges = cases.insurances.map(insurance => {
    const range = prices.get(insurance)
    return range === undefined
      ? null
      : { low: scale(range.low), expected: scale(range.expected), high: scale(range.high) }
  })
  const shares = cases.insurances.map(insurance => payRatios.get(insurance) ?? new Decimal(1))
  return (at, points, firm) => {
    const range = ranges[cases.insurance[at]!] ?? null
    if (points > 0 && range === null) throw new Error('a case in points needs a point value')
    const priced = (price: Decimal | undefined): Fen => (price === undefined ? 0 : roundFen(price.times(points))) + firm
    const gross = priced(range?.expected)
    const [cost, patient] = [cases.cost[at]!, cases.patient[at]!]
    const due =
      policy.document.patientShare === 'subtract'
        ? gross - patient
        : roundFen(shares[cases.insurance[at]!]!.times(gross))
    return {
      points,
      firm,
      cost,
      patient,
      billed: cases.fund[at]!,
      low: priced(range?.low),
      gross,
      high: priced(range?.high),
      due,
      surplus: gross - cost,
    }
  }
}

function sumOf(key: string, list: readonly PreviewCase[], inside: Uint8Array): PreviewRow {
  const sums = Object.fromEntries(
    MONEY_KEYS.map(name => [name, list.reduce((all, one) => all + one[name], 0)]),
  ) as Record<(typeof MONEY_KEYS)[number], number>
  return {
    key,
    cases: list.length,
    outside: list.filter(one => inside[CLASSES.indexOf(one.class)] === 0).length,
    deviating: list.filter(one => one.deviates).length,
    ...sums,
  }
}

function certaintyOf(policy: Policy, total: PreviewRow, months: readonly PreviewRow[]): Certainty {
  const { theta, deposit } = cycleTerms(policy)
  const paidMonthly = months.reduce((all, month) => all + roundFen(theta.times(month.due)), 0)
  const held = months.reduce((all, month) => all + roundFen(deposit.times(month.due)), 0)
  return {
    gross: total.gross,
    due: total.due,
    firm: total.firm,
    byPoints: total.gross - total.firm,
    low: total.low,
    high: total.high,
    paidMonthly,
    deposit: held,
    atClearing: total.due - paidMonthly - held,
  }
}
