import { Fault } from '../../messages/index.ts'
import { Decimal } from '../../numbers/index.ts'
import type { BandClass, BandFlag, HighFormula, LowDocument, LowFormula } from './bands-document.ts'
import { type CaseRules, compileCaseRules, setOf } from './case-rules.ts'
import type { SpecialDocument } from './cases-document.ts'
import type { PolicyDocument } from './document.ts'
import type { NumeralTable } from './field.ts'
import type { Linear } from './formula.ts'
import { type GroupMeans, groupMeansOf } from './group-means.ts'
import { compileLimit, type LimitRule } from './limit.ts'
import { bandsOfOutliers, outlierRules } from './outliers.ts'
import { type PriceTable, priceTable, type Setting } from './prices.ts'

interface LowRule {
  readonly threshold: LimitRule
  readonly op: '<' | '<='
  readonly formula: LowFormula
  readonly timesK: boolean
  readonly share: Decimal | null
}

interface TaperRule {
  readonly upTo: Decimal
  readonly op: '<' | '<='
  readonly beta: Decimal
}

interface HighRule {
  readonly limit: LimitRule
  readonly op: '>' | '>='
  readonly formula: HighFormula
  readonly a: Decimal
  readonly b: Decimal
  readonly d: Decimal
}

/** One band of a general policy: v = α·x + ακ·x·k + β·w + γ·w·k + γκ·w·k² + ρ·r·w + ρκ·r·w·k while the ratio is `op` `upTo`. */
export interface LinearBand extends Linear {
  readonly class: BandClass
  readonly upTo: Decimal | null
  readonly op: '<' | '<='
  /** Whether an auxiliary coefficient multiplies what the band gives. */
  readonly auxiliary: boolean
  readonly flag: BandFlag | null
}

/** The group for what is left (空白病组): RW × cost / mean of the group × factor, without k and a. */
interface BlankGroup {
  readonly group: string
  readonly factor: Decimal
}

/** What a case without a normal group earns. */
type SpecialRule =
  | { readonly kind: 'costShare'; readonly share: Decimal }
  | { readonly kind: 'weight'; readonly weight: Decimal }
  | { readonly kind: 'ownWeight' | 'low' | 'zero' | 'outside' }

interface StayRule {
  /** A stay of so many days or fewer is excluded; -1: none. */
  readonly shortMax: number
  /** A stay of so many days or more is excluded; Infinity: none. */
  readonly longMin: number
  readonly mode: 'ffs' | 'outside'
}

interface BaseGroupRule {
  readonly mode: 'k' | 'capK' | 'rateOfLevel'
  /** Coefficient (k, capK). */
  readonly value: Decimal
  /** Level whose rate is paid (rateOfLevel). */
  readonly level: string
  readonly list: ReadonlySet<string>
  /** Whether the cases that a DIP catalogue marks as grassroots ones are base cases. */
  readonly marked: boolean
  /** Coefficients of single groups or ADRGs in place of `value`. */
  readonly factors: ReadonlyMap<string, Decimal>
}

/** Coefficients that a policy itself gives. */
type OwnCoefficients = ReadonlyMap<string, Decimal | ReadonlyMap<string, Decimal>>

/** Bounds of coefficients, and how far they may move from last year's. */
interface CoefficientBounds {
  readonly min: Decimal | null
  readonly max: Decimal | null
  /** What a table does not list. */
  readonly unlisted: Decimal
  readonly lastYear: OwnCoefficients | null
  /** Lowest and highest coefficient, given last year's. */
  readonly low: (last: Decimal) => Decimal | null
  readonly high: (last: Decimal) => Decimal | null
}

/** A policy ready for use: decimals parsed, insurance names as codes, defaults filled in. */
export interface Policy {
  readonly id: string
  readonly document: PolicyDocument
  readonly method: 'points' | 'rate'
  /** A floating rate: points whose mean is the provisional rate. */
  readonly floating: boolean
  /** Points per unit of weight; 1 for rates. */
  readonly scale: Decimal
  /** Mean cost A in yuan per unit of weight; null: taken from the weights. */
  readonly avgCost: Decimal | null
  /** Year-start point value in yuan per point. */
  readonly pointValue: PriceTable
  /** Rate in yuan per unit of weight. */
  readonly rate: PriceTable
  readonly ratioMoney: 'mean' | 'rate' | 'pointValue' | 'groupMean' | 'levelMean' | 'meanFactor'
  readonly ratioTimesK: boolean
  readonly low: LowRule | null
  readonly taper: TaperRule | null
  readonly high: HighRule | null
  readonly linearBands: readonly LinearBand[] | null
  /** What statements call the bands: the rule set of outliers, or linear. */
  readonly bandName: string
  /** Yuan per point that the cost is compared with under ratio base `meanFactor`. */
  readonly meanFactor: PriceTable
  /** Whether a price depends on the hospital. */
  readonly byHospital: boolean
  /** Means of earlier years that stand before those of the cases; null: none. */
  readonly groupMeans: GroupMeans | null
  readonly blank: BlankGroup | null
  /** Whether a group without weight is paid its bill, whatever `unstable` says. */
  readonly paysBill: boolean
  /** By status 1 ambiguous, 2 not grouped, 3 invalid; null where the policy is silent. Entry 0 is unused. */
  readonly special: readonly [null, SpecialRule | null, SpecialRule | null, SpecialRule]
  readonly stay: StayRule | null
  readonly unstable: PolicyDocument['unstable']['mode']
  /** Groups that count as unstable whatever their weight rests on (单议病组). */
  readonly unstableList: ReadonlySet<string>
  readonly base: BaseGroupRule | null
  /** What coefficients depend on; a ladder gives one to every hospital. */
  readonly coefficientKind: Exclude<PolicyDocument['coefficient']['kind'], 'ladder' | 'basePlus'>
  readonly coefficients: OwnCoefficients | null
  readonly bounds: CoefficientBounds
  /** Everything beyond the cost bands. */
  readonly rules: CaseRules
}

/** Compiles a checked document whose side tables have been read in (`loadPolicy` does both). */
export function compilePolicy(document: PolicyDocument): Policy {
  const floating = document.method === 'floating'
  const outliers = outlierRules(document.outliers)
  return {
    id: document.id,
    document,
    method: floating ? 'points' : document.method === 'rate' ? 'rate' : 'points',
    floating,
    scale: new Decimal(document.scale ?? '1'),
    avgCost: document.avgCost === null || document.avgCost === 'fromData' ? null : new Decimal(document.avgCost),
    pointValue: floating ? startValue(document) : priceTable(document.pointValue),
    rate: priceTable(document.rate),
    ratioMoney: ratioMoney(document),
    ratioTimesK: document.ratioBase.endsWith('K'),
    low: document.low && {
      threshold: compileLimit(lowLimits(document.low)),
      op: document.low.op,
      formula: document.low.formula,
      timesK: document.low.timesK,
      share: document.low.share === null ? null : new Decimal(document.low.share),
    },
    taper: document.taper && {
      upTo: new Decimal(document.taper.upTo),
      op: document.taper.op,
      beta: new Decimal(document.taper.beta),
    },
    high: document.high && {
      limit: compileLimit(document.high),
      op: document.high.op,
      formula: document.high.formula,
      a: new Decimal(document.high.a ?? '0'),
      b: new Decimal(document.high.b ?? '0'),
      d: new Decimal(document.high.d ?? '0'),
    },
    linearBands:
      document.linearBands?.map(band => ({
        class: band.class,
        upTo: band.upTo === null ? null : new Decimal(band.upTo),
        op: band.op,
        alpha: new Decimal(band.alpha),
        alphaK: new Decimal(band.alphaK),
        beta: new Decimal(band.beta),
        gamma: new Decimal(band.gamma),
        gammaK: new Decimal(band.gammaK),
        rho: new Decimal(band.rho),
        rhoK: new Decimal(band.rhoK),
        capped: band.cap === 'base',
        costPaid: band.costPaid,
        auxiliary: band.auxiliary,
        flag: band.flag,
      })) ??
      (outliers && bandsOfOutliers(outliers)),
    bandName: typeof document.outliers === 'string' ? document.outliers : outliers === null ? 'linear' : 'outliers',
    meanFactor: priceTable(document.meanFactor as NumeralTable | null),
    byHospital: Object.keys(Object(document.meanFactor)).some(key => key.startsWith('hospital:')),
    groupMeans: groupMeansOf(document.groupMeans),
    blank:
      document.blankGroup === null || outliers?.blankGroup == null
        ? null
        : { group: document.blankGroup, factor: new Decimal(outliers.blankGroup.factor) },
    paysBill: outliers?.noScore === 'payBill',
    special: [
      null,
      document.special.ambiguous && specialRule(document.special.ambiguous),
      document.special.ungrouped && specialRule(document.special.ungrouped),
      specialRule(document.special.invalid),
    ],
    stay: document.los && {
      shortMax: document.los.short === null ? -1 : Number(document.los.short) - (document.los.shortOp === '<' ? 1 : 0),
      longMin:
        document.los.long === null
          ? Number.POSITIVE_INFINITY
          : Number(document.los.long) + (document.los.longOp === '>' ? 1 : 0),
      mode: document.los.mode,
    },
    unstable: document.unstable.mode,
    unstableList: setOf(document.unstable.list),
    base: document.base && {
      mode: document.base.mode,
      value: new Decimal(document.base.value),
      level: document.base.value,
      list: setOf(document.base.list),
      marked: document.base.marked,
      factors: numbersOf(document.base.factors),
    },
    coefficientKind: kindOf(document.coefficient.kind),
    coefficients: ownCoefficients(document.coefficient.table),
    bounds: boundsOf(document.coefficient),
    rules: compileCaseRules(document),
  }
}

/**
 * Whether the opening value of a point is not published but follows from the cases: mean cost over scale, the weighted cost
 * over the weighted score of the same cases (DIP 3.0 draft).
 */
export function opensAtMean({ unit, pointValue }: PolicyDocument): boolean {
  return unit === 'score' && pointValue === null
}

function kindOf(kind: PolicyDocument['coefficient']['kind']): Policy['coefficientKind'] {
  return kind === 'ladder' || kind === 'basePlus' ? 'hospital' : kind
}

/** The price for a setting; a fault when the policy has none, because no case may be paid by a guess. */
export function priceOf(policy: Policy, name: 'rate' | 'pointValue' | 'meanFactor', setting: Setting): Decimal {
  const price = policy[name](setting)
  if (price !== undefined) return price
  const { level, insurance, hospital } = setting
  const [inZh, inEn] = hospital === undefined ? ['', ''] : [`、医疗机构 ${hospital} `, `, hospital ${hospital}`]
  throw new Fault({
    code: 'POL-003',
    at: { field: name },
    what: {
      zh: `政策 ${policy.id} 没有险种 ${insurance}、级别 ${level}${inZh}的${name === 'rate' ? '费率' : name === 'pointValue' ? '点值' : '均次费用系数'}。`,
      en: `Policy ${policy.id} has no ${name} for insurance ${insurance} at level ${level}${inEn}.`,
    },
    fix: { zh: `请在政策文件的 ${name} 中补上。`, en: `Add it to ${name} in the policy file.` },
  })
}

/** Whether a group, or its parent ADRG, is a base group (基础病组) of the policy, or a case is marked as a grassroots one. */
export function isBaseGroup(policy: Policy, group: string, parent: string, grassroots = false): boolean {
  const { base } = policy
  if (base === null) return false
  const isListed = (code: string): boolean => base.list.has(code) || base.factors.has(code)
  return (grassroots && base.marked) || isListed(group) || isListed(parent)
}

/** The coefficient of a case of a base group in place of that of its hospital, `own`. */
export function baseCoefficient(
  { base }: Policy,
  { group, parent }: { readonly group: string; readonly parent: string },
  own: Decimal,
): Decimal {
  if (base === null || base.mode === 'rateOfLevel') return own
  const value = base.factors.get(group) ?? base.factors.get(parent) ?? base.value
  return base.mode === 'k' ? value : Decimal.min(own, value)
}

function numbersOf(map: Readonly<Record<string, string>> | { readonly file: string }): ReadonlyMap<string, Decimal> {
  return new Map(Object.entries(map).map(([key, text]) => [key, new Decimal(text)]))
}

function specialRule(document: SpecialDocument): SpecialRule {
  if (document.costShare !== undefined) return { kind: 'costShare', share: new Decimal(document.costShare) }
  if (document.weight !== undefined) return { kind: 'weight', weight: new Decimal(document.weight) }
  return { kind: document.mode ?? 'outside' }
}

/** The amount in yuan that the cost is compared with, per unit of weight, by the name of the ratio base. */
function ratioMoney(document: PolicyDocument): Policy['ratioMoney'] {
  const money = RATIO_MONEY[document.ratioBase.replace(/RwK?$/, '')] ?? 'mean'
  return money === 'pointValue' && opensAtMean(document) ? 'mean' : money
}

const RATIO_MONEY: Readonly<Record<string, Policy['ratioMoney']>> = {
  avg: 'mean',
  rate: 'rate',
  pv: 'pointValue',
  groupMean: 'groupMean',
  levelStandard: 'levelMean',
  meanFactor: 'meanFactor',
}

/** A low threshold has the same forms as a high limit; one map is by insurance. */
function lowLimits({ threshold, bands, byLevel, byGroup }: LowDocument): Parameters<typeof compileLimit>[0] {
  const isSingle = typeof threshold === 'string'
  return { limit: isSingle ? threshold : null, bands, byLevel, byScheme: isSingle ? null : threshold, byGroup }
}

/** The year-start value of a floating rate: the provisional rate per unit of weight, over the points of one. */
function startValue(document: PolicyDocument): PriceTable {
  const rate = priceTable(document.rate)
  const own = priceTable(document.pointValue)
  return setting => own(setting) ?? rate(setting)?.div(document.scale ?? '1')
}

function ownCoefficients(table: PolicyDocument['coefficient']['table']): OwnCoefficients | null {
  if (table === null || typeof table.file === 'string') return null
  return new Map(
    Object.entries(table).map(([key, value]) => [
      key,
      typeof value === 'string'
        ? new Decimal(value)
        : new Map(Object.entries(value).map(([level, text]) => [level, new Decimal(text)])),
    ]),
  )
}

function boundsOf({ min, max, newGroup, lastYear, change }: PolicyDocument['coefficient']): CoefficientBounds {
  const number = (text: string | null | undefined): Decimal | null => (text == null ? null : new Decimal(text))
  const [down, up] = [number(change?.down), number(change?.up)]
  const moved = (last: Decimal, by: Decimal): Decimal =>
    change?.of === 'difference' ? last.plus(by) : last.times(by.plus(1))
  return {
    min: number(min),
    max: number(max),
    unlisted: new Decimal(newGroup),
    lastYear: ownCoefficients(lastYear),
    low: last => down && moved(last, down.neg()),
    high: last => up && moved(last, up),
  }
}
