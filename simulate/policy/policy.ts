import { Fault } from '../../messages/index.ts'
import { Decimal } from '../../numbers/index.ts'
import type { BandClass, HighFormula, LowFormula, PolicyDocument, SpecialDocument } from './document.ts'
import { insuranceCode } from './insurance.ts'
import type { LimitRule } from './limit.ts'
import { compileLimit } from './limit.ts'

/** Who is treated where: what prices, thresholds and limits may depend on. */
export interface Setting {
  /** Hospital level as the hospital table names it, e.g. '3'. */
  readonly level: string
  /** Code of the insurance scheme, e.g. '310'. */
  readonly insurance: string
}

/** A number that may depend on level and insurance; `undefined` where the policy gives none. */
type PriceTable = (setting: Setting) => Decimal | undefined

interface LowRule {
  readonly threshold: PriceTable
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

/** One band of a general policy: v = α·x + ακ·x·k + β·w + γ·w·k while the ratio is `op` `upTo`. */
interface LinearBand {
  readonly class: BandClass
  readonly upTo: Decimal | null
  readonly op: '<' | '<='
  readonly alpha: Decimal
  readonly alphaK: Decimal
  readonly beta: Decimal
  readonly gamma: Decimal
  /** At most the base points w·k. */
  readonly capped: boolean
  /** Pays the cost itself, outside the point value. */
  readonly costPaid: boolean
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
}

/** Coefficients that a policy itself gives. */
type OwnCoefficients = ReadonlyMap<string, Decimal | ReadonlyMap<string, Decimal>>

/** A policy ready for use: decimals parsed, insurance names as codes, defaults filled in. */
export interface Policy {
  readonly id: string
  readonly document: PolicyDocument
  readonly method: 'points' | 'rate'
  /** Points per unit of weight; 1 for rates. */
  readonly scale: Decimal
  /** Mean cost A in yuan per unit of weight; null: taken from the weights. */
  readonly avgCost: Decimal | null
  /** Year-start point value in yuan per point. */
  readonly pointValue: PriceTable
  /** Rate in yuan per unit of weight. */
  readonly rate: PriceTable
  readonly ratioMoney: 'mean' | 'rate' | 'pointValue'
  readonly ratioTimesK: boolean
  readonly low: LowRule | null
  readonly taper: TaperRule | null
  readonly high: HighRule | null
  readonly linearBands: readonly LinearBand[] | null
  /** By status 1 ambiguous, 2 not grouped, 3 invalid; null where the policy is silent. Entry 0 is unused. */
  readonly special: readonly [null, SpecialRule | null, SpecialRule | null, SpecialRule]
  readonly stay: StayRule | null
  readonly unstable: 'actualPoints' | 'ffs' | 'standard'
  readonly base: BaseGroupRule | null
  readonly coefficientKind: PolicyDocument['coefficient']['kind']
  readonly coefficients: OwnCoefficients | null
}

/** Compiles a checked document whose side tables have been read in (`loadPolicy` does both). */
export function compilePolicy(document: PolicyDocument): Policy {
  return {
    id: document.id,
    document,
    method: document.method,
    scale: new Decimal(document.scale ?? '1'),
    avgCost: document.avgCost === null || document.avgCost === 'fromData' ? null : new Decimal(document.avgCost),
    pointValue: priceTable(document.pointValue),
    rate: priceTable(document.rate),
    ratioMoney: document.ratioBase.startsWith('avg')
      ? 'mean'
      : document.ratioBase.startsWith('rate')
        ? 'rate'
        : 'pointValue',
    ratioTimesK: document.ratioBase.endsWith('K'),
    low: document.low && {
      threshold: priceTable(document.low.threshold),
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
        capped: band.cap === 'base',
        costPaid: band.costPaid,
      })) ?? null,
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
    base: document.base && {
      mode: document.base.mode,
      value: new Decimal(document.base.value),
      level: document.base.value,
      list: new Set(isList(document.base.list) ? document.base.list : []),
    },
    coefficientKind: document.coefficient.kind,
    coefficients: ownCoefficients(document),
  }
}

/** The price for a setting; a fault when the policy has none, because no case may be paid by a guess. */
export function priceOf(policy: Policy, name: 'rate' | 'pointValue', setting: Setting): Decimal {
  const price = policy[name](setting)
  if (price !== undefined) return price
  const { level, insurance } = setting
  throw new Fault({
    code: 'POL-003',
    at: { field: name },
    what: {
      zh: `政策 ${policy.id} 没有险种 ${insurance}、级别 ${level} 的${name === 'rate' ? '费率' : '点值'}。`,
      en: `Policy ${policy.id} has no ${name} for insurance ${insurance} at level ${level}.`,
    },
    fix: { zh: `请在政策文件的 ${name} 中补上。`, en: `Add it to ${name} in the policy file.` },
  })
}

/** Whether a group, or its parent ADRG, is a base group (基础病组) of the policy. */
export function isBaseGroup(policy: Policy, group: string, parent: string): boolean {
  return policy.base !== null && (policy.base.list.has(group) || policy.base.list.has(parent))
}

function isList(list: readonly string[] | { readonly file: string }): list is readonly string[] {
  return Array.isArray(list)
}

function specialRule(document: SpecialDocument): SpecialRule {
  if (document.costShare !== undefined) return { kind: 'costShare', share: new Decimal(document.costShare) }
  if (document.weight !== undefined) return { kind: 'weight', weight: new Decimal(document.weight) }
  return { kind: document.mode ?? 'outside' }
}

function priceTable(given: string | Readonly<Record<string, string>> | null): PriceTable {
  if (given === null) return () => undefined
  if (typeof given === 'string') {
    const price = new Decimal(given)
    return () => price
  }
  const prices = new Map<string, Decimal>()
  for (const [key, text] of Object.entries(given)) {
    prices.set(key.split('.').map(insuranceCode).join('.'), new Decimal(text))
  }
  // The most exact key wins: level and insurance, then level, then insurance.
  return ({ level, insurance }) =>
    prices.get(`level${level}.${insurance}`) ?? prices.get(`level${level}`) ?? prices.get(insurance)
}

function ownCoefficients(document: PolicyDocument): OwnCoefficients | null {
  const { table } = document.coefficient
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
