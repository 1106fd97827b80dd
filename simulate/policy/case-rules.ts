import { Decimal, type Fen, roundFen } from '../../numbers/index.ts'
import type { ReviewOutcome } from './cases-document.ts'
import type { PolicyDocument } from './document.ts'
import { type Node, namesOf, parseExpression } from './expression.ts'
import type { GroupList } from './field.ts'
import { insuranceCode } from './insurance.ts'
import { perDiemRules } from './per-diem-document.ts'
import { type PriceTable, priceTable } from './prices.ts'
import { CASE_NAMES, RULE_NAMES, type RuleDocument } from './rules-document.ts'

/** One rule of payment by the day (床日); the first that fits a case counts. */
export interface PerDiemRule {
  readonly title: { readonly zh: string; readonly en: string } | null
  readonly groups: ReadonlySet<string>
  readonly departments: ReadonlySet<string>
  /** Whether the cases that a DIP catalogue marks as by the day count too. */
  readonly marked: boolean
  /** Whether a case has to meet each condition of the three that is stated; else one of them is enough. */
  readonly all: boolean
  readonly levels: ReadonlySet<string> | null
  readonly classes: ReadonlySet<string> | null
  /** Codes of insurances. */
  readonly insurances: ReadonlySet<string> | null
  /** Shortest and longest stay that is paid by the day. */
  readonly from: number
  readonly to: number
  /** Points a day, or yuan a day under a rate. */
  readonly perDay: PriceTable
  readonly bands: readonly { readonly upTo: number; readonly factor: Decimal }[]
  readonly maxDays: number
  readonly timesK: boolean
}

interface EarlyRule {
  readonly mode: 'ffs' | 'proRata' | 'group7'
  /** A stay of so many days or fewer is early. */
  readonly most: number
  /** Discharge ways: 2 transfer, 5 died. */
  readonly ways: ReadonlySet<number>
}

interface DaySurgeryRule {
  readonly mode: 'standard' | 'shareOfStandard' | 'ownWeight'
  readonly share: Decimal
  readonly weights: ReadonlyMap<string, Decimal>
  readonly isDischarge: boolean
}

/** Special-case review (特例单议): how many, which, and what an accepted case is paid. */
interface ReviewRule {
  readonly quota: Decimal
  readonly ratio: Decimal | null
  readonly days: number | null
  readonly applications: 'marked' | 'eligible'
  readonly rank: 'excess' | 'ratio' | 'cost'
  readonly outcome: ReviewOutcome
  readonly value: Decimal
  readonly fundedBy: 'pool' | 'separate'
}

interface Redirection {
  readonly id: string
  readonly group: string
  /** Group whose weight and coefficient count; null: the own weight times `share`. */
  readonly to: string | null
  readonly share: Decimal
}

interface AgeBand {
  readonly from: number
  readonly to: number
  readonly unit: 'years' | 'days'
  readonly factor: Decimal
  readonly beforeBands: boolean
}

/** An item that is paid on top (除外支付). */
interface AddOnItem {
  readonly id: string
  readonly title: { readonly zh: string; readonly en: string }
  /** Fixed amount in fen; null where it is a share of the item's cost, or points. */
  readonly amount: Fen | null
  readonly share: Decimal | null
  readonly points: Decimal | null
  readonly cap: Fen
  readonly fundedBy: 'pool' | 'separate'
  readonly removed: boolean
}

/** The own standard of Chinese-medicine cases of a group. */
export interface TcmRule {
  readonly weight: Decimal | null
  /** Group whose weight counts. */
  readonly like: string | null
  /** Fen. */
  readonly amount: Fen | null
  readonly share: Decimal
  readonly timesK: boolean
  readonly bands: boolean
}

/** A cap on the cases of a group in a year (总控人次). */
interface VolumeCap {
  readonly quota: number
  /** What a case beyond the quota counts. */
  readonly factor: Decimal
  /** Cases count in order of their months; else the cap is spread over all of them. */
  readonly byDate: boolean
}

/** Groups whose weight is that of a day (长住院病组). */
interface LongStayRule {
  readonly groups: ReadonlySet<string>
  /** Shortest stay in days that the rule concerns. */
  readonly from: number
  readonly timesK: boolean
  /** Days of the standard that such a stay is compared with; null: those of the stay, so that its standard is what it is paid. */
  readonly standardDays: number | null
}

/** A rule of formulas, ready to evaluate. */
export interface OwnRule {
  readonly id: string
  readonly title: { readonly zh: string; readonly en: string }
  /** Conjuncts over facts of the single case only. */
  readonly guards: readonly Node[]
  /** The other conjuncts. */
  readonly when: readonly Node[]
  readonly kind: 'pay' | 'worth' | 'factor'
  readonly formula: Node
  /** Facts of the single case that `when` and the formula ask for. */
  readonly asks: readonly string[]
}

/** What a policy says beyond the cost bands. */
export interface CaseRules {
  readonly perDiem: readonly PerDiemRule[]
  /** Weights of new groups, by leaf or ADRG. */
  readonly newWeights: ReadonlyMap<string, Decimal>
  readonly longStay: LongStayRule | null
  readonly early: EarlyRule | null
  readonly daySurgery: DaySurgeryRule | null
  readonly review: ReviewRule | null
  readonly redirect: ReadonlyMap<string, Redirection>
  readonly age: readonly AgeBand[]
  readonly tcm: {
    readonly factor: Decimal
    readonly list: ReadonlySet<string>
    readonly standards: ReadonlyMap<string, TcmRule>
  } | null
  /** Auxiliary coefficients count, but for cases with these marks of the catalogue. */
  readonly auxiliary: { readonly except: ReadonlySet<string> } | null
  readonly addOn: ReadonlyMap<string, AddOnItem>
  readonly readmission: {
    readonly days: number
    readonly factor: Decimal
    readonly exempt: ReadonlySet<string>
    readonly isDischarge: boolean
  } | null
  readonly volumeCap: ReadonlyMap<string, VolumeCap>
  /** Smallest step of a result, in 1e-4 point and in fen. */
  readonly step: { readonly points: number; readonly money: number }
  readonly own: readonly OwnRule[]
  /** Groups paid at a fixed rate inside a points pool, yuan per unit of weight. */
  readonly elastic: { readonly groups: ReadonlySet<string>; readonly rate: PriceTable } | null
  /** Elastic rate by cost kind: what drugs and consumables of a group are paid in money, fen by group or ADRG. */
  readonly fixedAmounts: ReadonlyMap<string, Fen> | null
}

const ONE: Decimal = new Decimal(1)

/** Compiles the rules of a checked document whose side tables have been read in. */
export function compileCaseRules(document: PolicyDocument): CaseRules {
  const { longStay, earlyDeath, daySurgery, review, tcm, readmission, rounding, elastic } = document
  return {
    perDiem: perDiemRules(document.perDiem).map(one => ({
      title: one.title,
      groups: setOf(one.groups),
      departments: new Set(one.departments),
      marked: one.marked,
      all: one.match === 'all',
      levels: one.levels && new Set(one.levels),
      classes: one.classes && new Set(one.classes),
      insurances: one.insurances && new Set(one.insurances.map(insuranceCode)),
      from: Number(one.from),
      to: daysOf(one.to),
      perDay: priceTable(one.perDay),
      bands: one.bands.map(({ upTo, factor }) => ({ upTo: daysOf(upTo), factor: new Decimal(factor) })),
      maxDays: daysOf(one.maxDays),
      timesK: one.timesK,
    })),
    newWeights: newWeights(document),
    longStay: longStay && {
      groups: setOf(longStay.groups),
      from: Number(longStay.from),
      timesK: longStay.timesK,
      standardDays: longStay.standardDays === null ? null : Number(longStay.standardDays),
    },
    early: earlyDeath && {
      mode: earlyDeath.mode,
      most: Number(earlyDeath.days) - (earlyDeath.op === '<' ? 1 : 0),
      ways: new Set(earlyDeath.ways.map(Number)),
    },
    daySurgery: daySurgery && {
      mode: daySurgery.mode,
      share: new Decimal(daySurgery.share ?? '1'),
      weights: new Map(Object.entries(daySurgery.weights ?? {}).map(([group, w]) => [group, new Decimal(w)])),
      isDischarge: daySurgery.countsAsDischarge,
    },
    review: review && {
      quota: new Decimal(review.quota),
      ratio: review.ratio === null ? null : new Decimal(review.ratio),
      days: review.days === null ? null : Number(review.days),
      applications: review.applications,
      rank: review.rank,
      outcome: review.outcome,
      value: new Decimal(review.value ?? '1'),
      fundedBy: review.fundedBy,
    },
    redirect: new Map(
      document.redirect.map(({ id, group, to, share }) => [id, { id, group, to, share: new Decimal(share ?? '1') }]),
    ),
    age: document.age.map(({ from, to, unit, factor, beforeBands }) => ({
      from: Number(from),
      to: to === null ? Number.POSITIVE_INFINITY : Number(to),
      unit,
      factor: new Decimal(factor),
      beforeBands,
    })),
    tcm: tcm && {
      factor: new Decimal(tcm.factor),
      list: setOf(tcm.list),
      standards: new Map(
        tcm.standards.map(({ group, weight, like, amount, share, timesK, bands }) => [
          group,
          {
            weight: weight === null ? null : new Decimal(weight),
            like,
            amount: amount === null ? null : fenOf(amount),
            share: new Decimal(share),
            timesK,
            bands,
          },
        ]),
      ),
    },
    auxiliary: document.auxiliary && { except: new Set(document.auxiliary.except) },
    addOn: new Map(
      document.addOn.map(item => [
        item.id,
        {
          id: item.id,
          title: item.title,
          amount: item.amount === null ? null : fenOf(item.amount),
          share: item.share === null ? null : new Decimal(item.share),
          points: item.points === null ? null : new Decimal(item.points),
          cap: item.cap === null ? Number.POSITIVE_INFINITY : fenOf(item.cap),
          fundedBy: item.fundedBy,
          removed: item.costRemovedFromRatio,
        },
      ]),
    ),
    readmission: readmission && {
      days: Number(readmission.days),
      factor: new Decimal(readmission.factor),
      exempt: setOf(readmission.exempt),
      isDischarge: readmission.countsAsDischarge,
    },
    volumeCap: new Map(
      document.volumeCap.map(({ group, quota, factor, cut }) => [
        group,
        { quota: Number(quota), factor: new Decimal(factor), byDate: cut === 'byDate' },
      ]),
    ),
    step: { points: 10 ** (4 - Number(rounding.points)), money: rounding.money === 'yuan' ? 100 : 1 },
    own: document.rules.map(compileRule),
    elastic: elastic?.by === 'severity' ? { groups: setOf(elastic.groups), rate: priceTable(elastic.rate) } : null,
    fixedAmounts: elastic?.by === 'costKind' ? amountsOf(elastic.amounts) : null,
  }
}

function compileRule(rule: RuleDocument): OwnRule {
  const parse = (text: string): Node => {
    const parsed = parseExpression(text, RULE_NAMES)
    if ('error' in parsed) throw new Error(`rule ${rule.id}: ${parsed.error}`)
    return parsed.node
  }
  const conjuncts = conjunctsOf(parse(rule.when))
  const isGuard = (node: Node): boolean => namesOf(node).every(name => CASE_NAMES.has(name))
  const when = conjuncts.filter(node => !isGuard(node))
  const formula = parse(rule.pay ?? rule.worth ?? rule.factor ?? '1')
  const asked = [...when, formula].flatMap(namesOf).filter(name => CASE_NAMES.has(name))
  return {
    id: rule.id,
    title: rule.title,
    guards: conjuncts.filter(isGuard),
    when,
    kind: rule.pay !== null ? 'pay' : rule.worth !== null ? 'worth' : 'factor',
    formula,
    asks: [...new Set(asked)].sort(),
  }
}

function conjunctsOf(node: Node): Node[] {
  return node.kind === 'logic' && node.op === 'and' ? [...conjunctsOf(node.left), ...conjunctsOf(node.right)] : [node]
}

/** Whether a group or its ADRG stands in a list. */
export function isListed(list: ReadonlySet<string>, group: string, parent: string): boolean {
  return list.has(group) || list.has(parent)
}

/** Weighted days of a stay: Σ factor × days of each band, up to the most days that are paid. */
export function weightedDays(rule: Pick<PerDiemRule, 'bands' | 'maxDays'>, days: number): Decimal {
  const paid = Math.min(days, rule.maxDays)
  if (rule.bands.length === 0) return new Decimal(paid)
  let sum = new Decimal(0)
  let from = 0
  for (const { upTo, factor } of rule.bands) {
    const within = Math.max(Math.min(paid, upTo) - from, 0)
    sum = sum.plus(factor.times(within))
    from = upTo
  }
  return sum
}

/** How many cases count against a cap: in the year, in the months before that of a case, and in that month. */
export interface VolumeCount {
  readonly cases: Decimal
  readonly before: Decimal
  readonly inMonth: Decimal
}

/** How many of the n cases that share a factor are within a cap, and n. */
export function withinCap(
  { quota, byDate }: Pick<VolumeCap, 'quota' | 'byDate'>,
  { cases, before, inMonth }: VolumeCount,
): { readonly within: Decimal; readonly of: Decimal } {
  const [left, of] = byDate ? [before.neg().plus(quota), inMonth] : [new Decimal(quota), cases]
  return { within: Decimal.min(Decimal.max(left, 0), of), of }
}

/**
 * The factor of a volume cap on a case: q of n cases are within the quota, the others count φ, so each (q + φ·(n − q)) / n.
 * Spread, n are all cases of the year; by date those of the case's month, of which what earlier months left of the quota is
 * within it: months before the boundary count in full, the boundary month pro rata, later ones φ.
 */
export function volumeFactor(cap: VolumeCap, count: VolumeCount): { readonly n: Decimal; readonly d: Decimal } {
  const { within, of } = withinCap(cap, count)
  return within.eq(of) ? { n: ONE, d: ONE } : { n: cap.factor.times(of.minus(within)).plus(within), d: of }
}

function newWeights({ provisionalWeights, unit, scale }: PolicyDocument): ReadonlyMap<string, Decimal> {
  const entries = Object.entries(provisionalWeights ?? {}) as [string, string][]
  return new Map(
    entries.map(([group, text]) => [group, new Decimal(text).div(unit === 'score' ? (scale ?? '1') : '1')]),
  )
}

/** The weight of a group: that of its table, else the provisional one of a new group, own or of its ADRG; null without. */
export function weightOf(
  { newWeights }: Pick<CaseRules, 'newWeights'>,
  given: Decimal | null,
  group: string,
  parent: string,
): { readonly weight: Decimal | null; readonly isProvisional: boolean } {
  if (given !== null && !given.isZero()) return { weight: given, isProvisional: false }
  const weight = newWeights.size === 0 ? null : (newWeights.get(group) ?? newWeights.get(parent) ?? null)
  return { weight, isProvisional: weight !== null }
}

/** Codes of a list; side tables have been read in before. */
export function setOf(list: GroupList): ReadonlySet<string> {
  return new Set('file' in list ? [] : list)
}

function daysOf(text: string | null): number {
  return text === null ? Number.POSITIVE_INFINITY : Number(text)
}

/** Set amounts in fen by group; side tables have been read in before. */
function amountsOf(amounts: Readonly<Record<string, string>> | { readonly file: string }): ReadonlyMap<string, Fen> {
  return new Map(Object.entries(amounts).map(([group, yuan]) => [group, fenOf(yuan)]))
}

function fenOf(yuan: string): Fen {
  return roundFen(new Decimal(yuan).times(100))
}
