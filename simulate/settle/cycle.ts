import { Decimal, type Fen, POINT_UNIT, roundFen } from '../../numbers/index.ts'
import type { Policy } from '../policy/policy.ts'
import { priceOf } from '../policy/policy.ts'
import { adjustDues, byScore, type UnitDue } from './adjust.ts'
import type { CycleFacts, UnitFacts } from './cycle-facts.ts'
import { type Deadlines, deadlinesOf } from './deadlines.ts'
import type { MonthRow, Settlement } from './region.ts'

/** How the year is paid (§6.1). */
export interface CycleTerms {
  /** Share of the provisional amount that is paid each month (月度预拨比例). */
  readonly theta: Decimal
  /** Share held back as quality deposit (质量保证金), part of what theta leaves. */
  readonly deposit: Decimal
  /** Share of the deposit that is given back at clearing. */
  readonly depositReturn: Decimal
  /** Advance (预付金) in average months of the provisional amount. */
  readonly advanceMonths: Decimal
  /** Default: the advance is taken back at clearing. */
  readonly advanceRecovery?: 'atClearing' | 'rollOver'
  /** Working capital (周转金) in average months of the provisional amount; default: none. */
  readonly workingCapitalMonths?: Decimal
  readonly workingCapitalRecovery?: 'atClearing' | 'rollOver'
  /** Default: a negative final payment is paid back. */
  readonly negativeFinal?: 'payBack' | 'carryOver'
}

/** A hospital's month under one insurance. Fen. */
export interface MonthPayment {
  readonly month: string
  /** `paid`: provisionally settled; `open`: not yet, nothing has been paid. */
  readonly state: 'paid' | 'open'
  /** Last day on which it is to be paid, YYYY-MM-DD; '' where it is not known. */
  readonly payBy: string
  /** (points · PV0 + paid in money − patient payments), or times ρ; negative where patients paid more. */
  readonly provisional: Fen
  /** Taken off by audit in this month. */
  readonly deduction: Fen
  /** theta · provisional − deduction. */
  readonly paid: Fen
  readonly deposit: Fen
}

/**
 * A hospital's year: prepaid by the month, cleared at the end. Fen.
 * `payable = due + appraisal + control − deductions + sharing`;
 * `prepaid + advance + workingCapital + final = payable − lostDeposit + (carriedIn − carriedOut) + (advanceAfter −
 * advanceBefore) + (workingCapitalAfter − workingCapitalBefore)`.
 */
export interface Clearing {
  readonly hospital: string
  /** '' where it is not told apart. */
  readonly insurance: string
  /** `open`: months are still to come; what is not paid yet stands in `carriedOut`. */
  readonly state: 'cleared' | 'open'
  /** Last day on which the year is to be cleared, YYYY-MM-DD; '' where it is not known. */
  readonly clearBy: string
  /** What cases earned. */
  readonly due: Fen
  /** By the appraisal coefficient, and its redistribution. */
  readonly appraisal: Fen
  /** By the control total of the hospital, and its redistribution. */
  readonly control: Fen
  /** Audit deductions of the months and of the year. */
  readonly deductions: Fen
  /** By the sharing of surplus and overspend. */
  readonly sharing: Fen
  readonly payable: Fen
  readonly months: readonly MonthPayment[]
  readonly prepaid: Fen
  /** Advance paid this year; negative: paid back. */
  readonly advance: Fen
  readonly advanceBefore: Fen
  /** What the hospital still holds at the end. */
  readonly advanceAfter: Fen
  /** Working capital paid this year (negative: paid back), held from last year, and still held at the end. */
  readonly workingCapital: Fen
  readonly workingCapitalBefore: Fen
  readonly workingCapitalAfter: Fen
  /** The part of the deposit that is not given back. */
  readonly lostDeposit: Fen
  /** Owed to the hospital from last year (+), or by it (−); and to next year. */
  readonly carriedIn: Fen
  readonly carriedOut: Fen
  /** Paid at clearing; negative: the hospital pays back. */
  readonly final: Fen
}

/** Terms of a policy; the return of the deposit by its score, where the policy goes by scores. */
export function cycleTerms(policy: Policy, score: Decimal | null = null): CycleTerms {
  const { theta, deposit, depositReturn, advanceMonths, advanceRecovery, negativeFinal, workingCapital } =
    policy.document.cycle
  return {
    theta: new Decimal(theta),
    deposit: new Decimal(deposit),
    depositReturn: typeof depositReturn === 'string' ? new Decimal(depositReturn) : byScore(depositReturn, score),
    advanceMonths: typeof advanceMonths === 'string' ? new Decimal(advanceMonths) : byScore(advanceMonths, score),
    advanceRecovery,
    negativeFinal,
    ...(workingCapital === null
      ? {}
      : {
          workingCapitalMonths: new Decimal(workingCapital.months),
          workingCapitalRecovery: workingCapital.recovery,
        }),
  }
}

/** What changes a unit's due before it is paid, and what it brings from last year. */
export interface ClearingFacts {
  readonly insurance?: string
  readonly adjusted?: Pick<Clearing, 'appraisal' | 'deductions' | 'sharing'> & Partial<Pick<Clearing, 'control'>>
  readonly facts?: UnitFacts
  /** The last month that has been settled; default: all. */
  readonly through?: string | null
  readonly deadlines?: Deadlines
}

/** Clears one hospital, given its provisional fund amounts by month and its due of the year. */
export function clearHospital(
  hospital: string,
  due: Fen,
  provisional: readonly { readonly month: string; readonly amount: Fen }[],
  terms: CycleTerms,
  { insurance = '', adjusted, facts, through = null, deadlines }: ClearingFacts = {},
): Clearing {
  const { appraisal, control = 0, deductions, sharing } = adjusted ?? { appraisal: 0, deductions: 0, sharing: 0 }
  const [carriedIn, advanceBefore] = [facts?.balance ?? 0, facts?.advance ?? 0]
  const months = provisional.map(({ month, amount }): MonthPayment => {
    const isOpen = through !== null && month > through
    const deduction = isOpen ? 0 : (facts?.deductions.get(month) ?? 0)
    return {
      month,
      state: isOpen ? 'open' : 'paid',
      payBy: deadlines?.payBy(month).date ?? '',
      provisional: amount,
      deduction,
      paid: isOpen ? 0 : roundFen(terms.theta.times(amount)) - deduction,
      deposit: isOpen ? 0 : roundFen(terms.deposit.times(amount)),
    }
  })
  const isOpen = months.some(month => month.state === 'open')
  const sum = (key: 'provisional' | 'paid' | 'deposit'): number => months.reduce((all, month) => all + month[key], 0)
  const prepaid = sum('paid')
  const meanMonths = (factor: Decimal): Fen =>
    months.length === 0 ? 0 : roundFen(factor.times(sum('provisional')).div(months.length))
  const held = (target: Fen, recovery: 'atClearing' | 'rollOver' | undefined): Fen =>
    isOpen || recovery === 'rollOver' ? target : 0
  const target = meanMonths(terms.advanceMonths)
  const advance = target - advanceBefore
  const advanceAfter = held(target, terms.advanceRecovery)
  const capital = facts?.workingCapital ?? meanMonths(terms.workingCapitalMonths ?? new Decimal(0))
  const workingCapitalBefore = facts?.workingCapitalBefore ?? 0
  const workingCapital = capital - workingCapitalBefore
  const workingCapitalAfter = held(capital, terms.workingCapitalRecovery)
  const lostDeposit = isOpen ? 0 : roundFen(new Decimal(1).minus(terms.depositReturn).times(sum('deposit')))
  const payable = due + appraisal + control - deductions + sharing
  const left = payable - lostDeposit + carriedIn - prepaid + advanceAfter - target + workingCapitalAfter - capital
  const carries = isOpen || (left < 0 && terms.negativeFinal === 'carryOver')
  return {
    hospital,
    insurance,
    state: isOpen ? 'open' : 'cleared',
    clearBy: deadlines?.clearBy ?? '',
    due,
    appraisal,
    control,
    deductions,
    sharing,
    payable,
    months,
    prepaid,
    advance,
    advanceBefore,
    advanceAfter,
    workingCapital,
    workingCapitalBefore,
    workingCapitalAfter,
    lostDeposit,
    carriedIn,
    carriedOut: carries ? left : 0,
    final: carries ? 0 : left,
  }
}

/** What clearing a region needs besides the settlement. */
export interface ClearOptions {
  /** Provisional point value by insurance, yuan per point; else the policy's year-start value. */
  readonly provisional?: ReadonlyMap<string, Decimal>
  readonly facts?: CycleFacts
}

/** Prepays and clears a settled region, one row a hospital and insurance, in their order. */
export function clearRegion(settlement: Settlement, policy: Policy, options: ClearOptions = {}): readonly Clearing[] {
  const { provisional = new Map<string, Decimal>(), facts } = options
  const ratioOf = new Map(
    settlement.pools.flatMap(pool => pool.insurances.map(insurance => [insurance, pool.payRatio] as const)),
  )
  const levels = new Map(settlement.hospitals.map(({ hospital }) => [hospital.code, hospital.level]))
  const monthsOf = Map.groupBy(settlement.months, row => `${row.hospital}\n${row.insurance}`)
  const amounts = ({ hospital, insurance }: UnitDue): { month: string; amount: Fen }[] =>
    (monthsOf.get(`${hospital}\n${insurance}`) ?? []).map(row => {
      const home = facts?.home.get(insurance) ?? insurance
      const price =
        settlement.method === 'rate'
          ? new Decimal(0)
          : (provisional.get(home) ??
            priceOf(policy, 'pointValue', { level: levels.get(hospital) ?? '', insurance: home }))
      const region = ratioOf.get(insurance) ?? null
      // By hospital or case the month's own bills say the share: those of the year are not known yet.
      const isOwn = region !== null && policy.document.ratioLevel !== 'region' && row.cost > 0
      return {
        month: row.month,
        amount: provisionalAmount(row, price, isOwn ? new Decimal(row.fund).div(row.cost) : region),
      }
    })
  const year = yearOf(settlement)
  const deadlines = year === null ? undefined : deadlinesOf(policy.document.cycle, year)
  return adjustDues(settlement, policy, facts).map(unit => {
    const score = facts?.appraisal.get(unit.hospital)?.score ?? null
    const own = facts?.units.get(`${unit.hospital}\n${unit.insurance}`)
    return clearHospital(unit.hospital, unit.due, amounts(unit), cycleTerms(policy, score), {
      insurance: unit.insurance,
      adjusted: unit,
      ...(own === undefined ? {} : { facts: own }),
      through: facts?.through ?? null,
      ...(deadlines === undefined ? {} : { deadlines }),
    })
  })
}

/** The fiscal year of a settlement: that of its last month; null without a month. */
export function yearOf({ months }: Settlement): number | null {
  const last = months
    .map(row => row.month)
    .sort()
    .at(-1)
  return last === undefined ? null : Number(last.slice(0, 4))
}

/** The rows of clearing by hospital: insurances added up, months too. */
export function clearingByHospital(clearings: readonly Clearing[]): readonly Clearing[] {
  return [...Map.groupBy(clearings, one => one.hospital)].map(([hospital, list]) => {
    const sum = (key: SumKey): number => list.reduce((all, one) => all + one[key], 0)
    const months = [
      ...Map.groupBy(
        list.flatMap(one => one.months),
        one => one.month,
      ),
    ]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([month, rows]) => {
        const of = (key: 'provisional' | 'deduction' | 'paid' | 'deposit'): number =>
          rows.reduce((all, row) => all + row[key], 0)
        const state = rows.some(row => row.state === 'open') ? ('open' as const) : ('paid' as const)
        return {
          month,
          state,
          payBy: rows[0]!.payBy,
          provisional: of('provisional'),
          deduction: of('deduction'),
          paid: of('paid'),
          deposit: of('deposit'),
        }
      })
    const state = list.some(one => one.state === 'open') ? ('open' as const) : ('cleared' as const)
    const sums = Object.fromEntries(CLEARING_SUMS.map(key => [key, sum(key)])) as Record<SumKey, Fen>
    return { hospital, insurance: '', state, clearBy: list[0]!.clearBy, months, ...sums }
  })
}

/** The amounts of a clearing, in the order of the account. */
export const CLEARING_SUMS = [
  'due', 'appraisal', 'control', 'deductions', 'sharing', 'payable', 'prepaid', 'advance', 'advanceBefore', 'advanceAfter',
  'workingCapital', 'workingCapitalBefore', 'workingCapitalAfter',
  'lostDeposit', 'carriedIn', 'carriedOut', 'final',
] as const // biome-ignore format: one list
type SumKey = (typeof CLEARING_SUMS)[number]

function provisionalAmount(row: MonthRow, price: Decimal, payRatio: Decimal | null): Fen {
  const gross = price.times(100).times(row.points).div(POINT_UNIT).plus(row.paid)
  return roundFen(payRatio === null ? gross.minus(row.patient) : gross.times(payRatio))
}
