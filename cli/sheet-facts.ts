import type { Particulars } from '../formats/index.ts'
import type { Lang } from '../messages/index.ts'
import { Decimal, type Fen, formatPoints, roundFen } from '../numbers/index.ts'
import type { CasePayment, Policy } from '../simulate/index.ts'
import { type GroupedCases, type Hospital, NO_LABEL, NO_STAY, type WeightTable } from '../weights/index.ts'
import { type Facts, STATUS_NAMES } from './case-facts.ts'
import type { GroupBook } from './case-grouper.ts'
import { className } from './class-names.ts'
import type { SchemeNames } from './group-names.ts'
import { particularFacts } from './particular-facts.ts'

/** What a case came to: foreseen or settled. Fen. */
export interface SheetMoney {
  readonly class: string
  readonly points: number
  readonly gross: Fen
  readonly due: Fen
  /** gross − cost; zero outside the pool. */
  readonly surplus: Fen
}

/** Cases as sheets take them, from a preview or a settled region. */
export interface SheetCases {
  readonly book: GroupBook
  readonly names: SchemeNames
  readonly policy: Policy
  readonly cases: GroupedCases
  readonly ids: readonly string[]
  readonly weights: WeightTable
  readonly hospitalOf: (at: number) => Hospital
  readonly priceOf: (insurance: string) => Decimal | null
  readonly pay: (at: number) => CasePayment
  readonly money: (at: number) => SheetMoney
  readonly particulars: (at: number) => Particulars | undefined
}

const four = (value: Decimal): string => value.toDecimalPlaces(4).toFixed()

/** Department of a case; '' without. */
export function departmentOf({ details }: GroupedCases, at: number): string {
  const department = details?.department[at] ?? NO_LABEL
  return department === NO_LABEL ? '' : details!.departments[department]!
}

/** All facts of one case that templates may ask for. */
export function caseFacts(sheet: SheetCases, at: number, lang: Lang): Facts {
  const { book, names, policy, cases, ids, weights } = sheet
  const { details } = cases
  const group = cases.group[at]!
  const leaf = book.leaves[group]!
  const hospital = sheet.hospitalOf(at)
  const insurance = cases.insurances[cases.insurance[at]!]!
  const doctor = details?.doctor[at] ?? NO_LABEL
  const payment = sheet.pay(at)
  const money = sheet.money(at)
  const price = sheet.priceOf(insurance)
  const rate = policy.method === 'rate' ? (policy.rate({ level: hospital.level, insurance }) ?? null) : price
  const weight = weights.weight[group] ?? null
  const status = cases.status[at]!
  return {
    ...givenFacts(sheet, at),
    caseId: ids[at],
    hospitalCode: hospital.code,
    hospitalName: hospital.name,
    insurance,
    department: departmentOf(cases, at) || null,
    doctor: doctor === NO_LABEL ? null : details?.doctors[doctor],
    age: details === undefined || details.age[at]! < 0 ? null : details.age[at],
    ageDays: (details?.ageDays?.[at] ?? -1) < 0 ? null : details!.ageDays![at],
    month: cases.months[cases.month[at]!],
    los: cases.los[at] === NO_STAY ? null : cases.los[at],
    dischargeWay: cases.dischargeWay[at] === 0 ? null : String(cases.dischargeWay[at]),
    scheme: book.schemeId,
    schemeHash: book.hash,
    status: STATUS_NAMES[lang][status],
    mdc: leaf.mdc,
    mdcName: names.mdc(leaf.mdc) || null,
    adrg: leaf.adrg,
    adrgName: names.adrg(leaf.adrg) || null,
    group: leaf.drg,
    groupName: leaf.name,
    groupType: names.groupType(status === 0 ? (leaf.layer ?? '') : '', lang) || null,
    ...auxiliaryFacts(payment, names, lang),
    severity: names.severity(leaf.adrg, leaf.drg) || null,
    isAmbiguous: status === 1 ? '1' : '0',
    isUnstable: weights.stable[group] === true ? '0' : '1',
    weight: weight && four(weight),
    basePoints: weight === null || policy.method === 'rate' ? null : four(weight.times(policy.scale)),
    points: policy.method === 'rate' ? null : formatPoints(money.points),
    pointValue: price && four(price),
    rate: rate && four(rate),
    coefficient: four(payment.coefficient),
    standard: payment.standard === null ? null : roundFen(payment.standard.times(100)),
    ratio: payment.ratio && four(payment.ratio),
    settledRatio:
      payment.standard === null || payment.standard.isZero()
        ? null
        : four(new Decimal(cases.cost[at]!).div(100).div(payment.standard)),
    band: className(money.class, lang),
    totalCost: cases.cost[at],
    benchmarkCost: payment.base === null ? null : roundFen(payment.base.times(100)),
    costDifference: payment.base === null ? null : cases.cost[at]! - roundFen(payment.base.times(100)),
    payable: money.gross,
    fundPay: money.due,
    patientPay: cases.patient[at],
    balance: money.surplus,
    messages: money.class === 'normal' ? null : payment.trace.map(line => line.text[lang]).join(' '),
    ruleIds: payment.trace.map(line => line.rule).join(' '),
  }
}

/** The auxiliary class whose coefficient the payment counts. */
function auxiliaryFacts({ trace }: CasePayment, names: SchemeNames, lang: Lang): Facts {
  const counted = trace.find(({ rule }) => rule === 'auxiliary')?.numbers
  if (counted === undefined) return {}
  const { type, class: name } = names.auxiliary(counted.type ?? '', counted.class ?? '', lang)
  return { auxiliaryType: type, auxiliaryClass: name, auxiliaryFactor: counted.coefficient ?? null }
}

/** What only the file of the case says, with names. */
function givenFacts({ cases, names, particulars }: SheetCases, at: number): Facts {
  const one = particulars(at)
  if (one === undefined) return {}
  return {
    ...particularFacts(one, cases.cost[at]!),
    mainDiagnosisName: names.diagnosis(one.diagnoses[0] ?? '') || null,
    mainProcedureName: names.procedure(one.procedures[0] ?? '') || null,
  }
}

/** One set of facts a month and department of one hospital, in their order. */
export function* departmentFacts(sheet: SheetCases, list: readonly number[]): Generator<Facts> {
  const { cases, weights } = sheet
  const keyOf = (at: number): string => `${cases.months[cases.month[at]!]!}\n${departmentOf(cases, at)}`
  const groups = [...Map.groupBy(list, keyOf)].sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [key, own] of groups) {
    const [month = '', department = ''] = key.split('\n')
    const money = own.map(at => sheet.money(at))
    const sum = (of: (one: SheetMoney, i: number) => number): number =>
      money.reduce((all, one, i) => all + of(one, i), 0)
    const count = (...wanted: string[]): number => money.filter(one => wanted.includes(one.class)).length
    const cost = sum((_, i) => cases.cost[own[i]!]!)
    const weighed = own.flatMap(at => weights.weight[cases.group[at]!] ?? [])
    const total = weighed.reduce((all, weight) => all.plus(weight), new Decimal(0))
    yield {
      month,
      hospitalName: sheet.hospitalOf(own[0]!).name,
      department,
      totalCost: cost,
      cases: own.length,
      meanCost: roundFen(new Decimal(cost).div(own.length)),
      normalCases: count('normal'),
      highCases: count('high', 'ultraHigh'),
      lowCases: count('low', 'ultraLow'),
      points: formatPoints(sum(one => one.points)),
      paid: sum(one => one.gross),
      paidDifference: sum(one => one.surplus),
      cmi: weighed.length === 0 ? null : four(total.div(weighed.length)),
      weights: four(total),
      groups: new Set(own.map(at => cases.group[at])).size,
    }
  }
}
