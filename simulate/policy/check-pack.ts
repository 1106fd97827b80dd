import type { Text } from '../../messages/index.ts'
import { Decimal } from '../../numbers/index.ts'
import { type Band, bandsOf } from './bands.ts'
import type { LimitsDocument } from './bands-document.ts'
import { evaluate, parseExpression } from './expression.ts'
import { type Jump, jumpsOf, settlementRatio } from './jumps.ts'
import type { LimitQuestion } from './limit.ts'
import { fallsOf } from './monotone.ts'
import { longStayFindings, perDiemFindings } from './per-diem-check.ts'
import type { Policy } from './policy.ts'
import { deadRules } from './rule-samples.ts'
import { JUMP_NAMES } from './rules-document.ts'

/** Something about a pack that its author should know: an error contradicts the pack's own text. */
export interface PackFinding {
  readonly severity: 'error' | 'warning' | 'note'
  /** Field of the pack. */
  readonly field: string
  readonly text: Text
}

/** The cost bands that hold for some weights, at a level and insurance. */
export interface BandSetting {
  readonly question: LimitQuestion
  readonly bands: readonly Band[]
}

/** A jump at one setting and coefficient. */
export interface JumpRow extends Jump {
  readonly weight: Decimal
  readonly coefficient: Decimal
  readonly level: string
  readonly insurance: string
  /** Whether the pack documents a jump of this size there; null where the size depends on the point value. */
  readonly documented: boolean | null
}

const LEVELS = ['1', '2', '3'] as const
const INSURANCES = ['310', '390'] as const
const COEFFICIENTS: readonly Decimal[] = ['0.8', '1', '1.2'].map(text => new Decimal(text))
const NOTHING: Decimal = new Decimal(0)

/** Checks what a schema cannot see: branches that no case can reach, bands out of order, jumps that are not documented. */
export function checkPack(policy: Policy): readonly PackFinding[] {
  return [
    ...idle(policy),
    ...bandFindings(policy),
    ...jumpFindings(policy),
    ...fallFindings(policy),
    ...depositFindings(policy),
    ...ageGaps(policy),
    ...boundFindings(policy),
    ...perDiemFindings(policy),
    ...longStayFindings(policy),
    ...deadRules(policy),
  ]
}

/** The settings in which the bands differ: one weight a band of the limits, levels and insurances that the pack tells apart. */
export function bandSettings(policy: Policy): readonly BandSetting[] {
  const { low, high, coefficient } = policy.document
  const byLevel = [low?.byLevel, high?.byLevel].some(map => map != null)
  const byInsurance =
    high?.byScheme != null || (low !== null && typeof low.threshold === 'object' && low.threshold !== null)
  const named = [low?.byLevel, high?.byLevel].flatMap(map => Object.keys(map ?? {}))
  const levels = byLevel ? [...new Set([...named, ...(coefficient.kind === 'level' ? LEVELS : [])])] : ['3']
  const groups = ['', ...Object.keys(low?.byGroup ?? {}), ...Object.keys(high?.byGroup ?? {})]
  const settings: BandSetting[] = []
  for (const level of levels) {
    for (const insurance of byInsurance ? INSURANCES : (['310'] as const)) {
      for (const group of new Set(groups)) {
        for (const weight of weightsOf(policy)) {
          const question = { weight, level, insurance, group, parent: group }
          if (isPriced(policy, question)) settings.push({ question, bands: bandsOf(policy, question) })
        }
      }
    }
  }
  return settings
}

/** Whether the pack has a limit for the setting; one that it lacks is refused when a region needs it. */
function isPriced({ low, high }: Policy, question: LimitQuestion): boolean {
  return [low?.threshold, high?.limit].every(rule => rule === undefined || rule(question) !== undefined)
}

/** Weights that fall into every band of the limits: each upper weight itself, and one above the last. */
function weightsOf({ document: { low, high } }: Policy): readonly Decimal[] {
  const of = (limits: Partial<LimitsDocument> | null): readonly (string | null)[] => {
    const lists = [limits?.bands, ...Object.values(limits?.byLevel ?? {}), ...Object.values(limits?.byScheme ?? {})]
    return lists.flatMap(list => (list == null || typeof list === 'string' ? [] : list.map(([upTo]) => upTo)))
  }
  const bounds = [...of(low), ...of(high)].filter(value => value !== null)
  const sorted = [...new Set(bounds)].map(text => new Decimal(text)).sort((a, b) => a.comparedTo(b))
  const last = sorted.at(-1)
  return last === undefined ? [new Decimal(1)] : [...sorted, last.plus(1)]
}

/** The jumps in every setting, at three coefficients; documented ones are recomputed. */
export function jumpRows(policy: Policy): readonly JumpRow[] {
  return bandSettings(policy).flatMap(({ question }) =>
    COEFFICIENTS.flatMap(coefficient =>
      jumpsOf(policy, question, coefficient).map(jump => ({
        ...jump,
        weight: question.weight,
        coefficient,
        level: question.level,
        insurance: question.insurance,
        documented: jump.size === null ? null : isDocumented(policy, question, coefficient, jump),
      })),
    ),
  )
}

function isDocumented(policy: Policy, question: LimitQuestion, coefficient: Decimal, jump: Jump): boolean {
  const { low, high, document } = policy
  const names: Readonly<Record<string, Decimal>> = {
    w: question.weight,
    k: coefficient,
    l: low?.threshold(question) ?? NOTHING,
    L: high?.limit(question) ?? NOTHING,
    a: high?.a ?? NOTHING,
    b: high?.b ?? NOTHING,
    d: high?.d ?? NOTHING,
    q: settlementRatio(policy, question) ?? NOTHING,
  }
  return document.documentedJumps.some(({ at, formula }) => {
    const parsed = at === jump.at ? parseExpression(formula, JUMP_NAMES) : undefined
    if (parsed === undefined || 'error' in parsed) return false
    const value = evaluate(parsed.node, name => names[name] ?? null)
    return value instanceof Decimal && jump.size !== null && value.minus(jump.size).abs().lt('1e-20')
  })
}

function* jumpFindings(policy: Policy): Generator<PackFinding> {
  const rows = jumpRows(policy)
  for (const at of ['low', 'taper', 'high'] as const) {
    const here = rows.filter(row => row.at === at && row.size !== null)
    const wrong = here.find(row => row.documented === false && row.size?.isZero() === false)
    if (wrong === undefined) continue
    const stated = policy.document.documentedJumps.find(jump => jump.at === at)
    const [w, k, size] = [wrong.weight.toString(), wrong.coefficient.toString(), wrong.size?.toString() ?? '']
    yield stated === undefined
      ? {
          severity: 'warning',
          field: 'documentedJumps',
          text: {
            zh: `${at} 类边界处有跳变（w = ${w}、k = ${k} 时为 ${size} 个权重），政策包没有说明。`,
            en: `The value jumps where class ${at} ends (by ${size} of weight at w = ${w}, k = ${k}); the pack does not document it.`,
          },
        }
      : {
          severity: 'error',
          field: 'documentedJumps',
          text: {
            zh: `${at} 类边界处的跳变不是“${stated.formula}”：w = ${w}、k = ${k} 时为 ${size}。`,
            en: `The jump where class ${at} ends is not ${stated.formula}: at w = ${w}, k = ${k} it is ${size}.`,
          },
        }
  }
}

/** Where a pack that says `monotone` lets a dearer case earn less; the first place of each kind. */
function* fallFindings(policy: Policy): Generator<PackFinding> {
  if (!policy.document.monotone) return
  const seen = new Set<string>()
  const questions = bandSettings(policy).map(({ question }) => question)
  for (const { at, name, weight, coefficient, size } of fallsOf(policy, questions)) {
    if (seen.has(`${at} ${name}`)) continue
    seen.add(`${at} ${name}`)
    const place = `w = ${weight}, k = ${coefficient}`
    const how =
      at === 'rule'
        ? {
            zh: `本地规则 ${name} 与费用有关，无法核对`,
            en: `own rule ${name} asks for the cost, which this check cannot follow`,
          }
        : at === 'inside'
          ? {
              zh: `类别 ${name} 内费用越高支付越少（${place}）`,
              en: `inside class ${name} a dearer case earns less (${place})`,
            }
          : size === null
            ? {
                zh: `类别 ${name} 的上界处取决于政策包没有写明的点值或均费`,
                en: `where class ${name} ends it depends on a point value or mean that the pack does not state`,
              }
            : {
                zh: `类别 ${name} 的上界处下降 ${size.neg()} 个权重（${place}）`,
                en: `where class ${name} ends it drops by ${size.neg()} of weight (${place})`,
              }
    yield {
      severity: 'error',
      field: 'monotone',
      text: { zh: `支付并非随费用单调：${how.zh}。`, en: `Payment is not monotone in the cost: ${how.en}.` },
    }
  }
}

/** National rules that a local pack may be older than, and what its own say against each other. */
function* depositFindings({ document: { cycle, review } }: Policy): Generator<PackFinding> {
  const share = typeof cycle.clearingShare === 'string' ? cycle.clearingShare : cycle.clearingShare?.at(-1)?.share
  const left = new Decimal(1).minus(cycle.theta)
  if (share !== undefined && share !== null && left.gt(share))
    yield {
      severity: 'warning',
      field: 'cycle.clearingShare',
      text: {
        zh: `按月拨付后留下 ${left}，高于留待清算的比例 ${share}。`,
        en: `The months leave ${left} to the clearing, more than the share of ${share} that is meant for it.`,
      },
    }
  if (cycle.settleWorkingDays !== null && Number(cycle.settleWorkingDays) > 30)
    yield {
      severity: 'warning',
      field: 'cycle.settleWorkingDays',
      text: {
        zh: `${cycle.settleWorkingDays} 个工作日超过 30 个工作日（医保办发〔2024〕9号）。`,
        en: `${cycle.settleWorkingDays} working days exceed 30 (医保办发〔2024〕9号).`,
      },
    }
  if (new Decimal(cycle.deposit).gt('0.05'))
    yield {
      severity: 'warning',
      field: 'cycle.deposit',
      text: {
        zh: `质量保证金 ${cycle.deposit} 高于 5%（医保办发〔2025〕2号第二十六条）。`,
        en: `A deposit of ${cycle.deposit} exceeds 5 % (医保办发〔2025〕2号 Art. 26).`,
      },
    }
  if (review !== null && new Decimal(review.quota).gt('0.05'))
    yield {
      severity: 'warning',
      field: 'review.quota',
      text: {
        zh: `特例单议数量上限 ${review.quota} 高于出院人次的 5%（医保发〔2025〕18号第二十条）。`,
        en: `A review quota of ${review.quota} exceeds 5 % of the discharges (医保发〔2025〕18号 Art. 20).`,
      },
    }
}

/** Bands that hold no ratio, and limits in the wrong order for some weight. */
function* bandFindings(policy: Policy): Generator<PackFinding> {
  const seen = new Set<string>()
  for (const { question, bands } of bandSettings(policy)) {
    for (const [i, band] of bands.entries()) {
      const before = bands[i - 1]
      if (band.upTo === null || before?.upTo == null || seen.has(band.class)) continue
      const order = band.upTo.comparedTo(before.upTo)
      const isPoint = order === 0 && before.op === '<' && band.op === '<='
      if (order > 0 || isPoint) continue
      seen.add(band.class)
      const where = { w: question.weight.toString(), level: question.level }
      yield {
        severity: order < 0 ? 'error' : 'warning',
        field: policy.linearBands === null ? (band.class === 'normal' ? 'high' : band.class) : 'linearBands',
        text: {
          zh: `类别 ${band.class} 没有病例能到达：权重 ${where.w}、级别 ${where.level} 时它止于 ${band.upTo}，而上一类止于 ${before.upTo}。`,
          en: `No case reaches class ${band.class}: at weight ${where.w} and level ${where.level} it ends at ${band.upTo}, the class before at ${before.upTo}.`,
        },
      }
    }
  }
}

/** Rules that wait for a list. */
function* idle({ document, base, rules }: Policy): Generator<PackFinding> {
  const empty: readonly (readonly [field: string, isEmpty: boolean])[] = [
    ['base.list', base !== null && base.list.size === 0 && !base.marked],
    ['longStay.groups', rules.longStay?.groups.size === 0],
    ['elastic.groups', rules.elastic?.groups.size === 0],
  ]
  for (const [field, isEmpty] of empty) {
    if (!isEmpty) continue
    yield {
      severity: 'note',
      field,
      text: { zh: '名单为空，该规则目前不起作用。', en: 'The list is empty: the rule does nothing yet.' },
    }
  }
  for (const { id, group, to } of document.redirect) {
    if (to !== group) continue
    yield {
      severity: 'warning',
      field: 'redirect',
      text: { zh: `${id} 把 ${group} 改到它自己。`, en: `${id} redirects ${group} to itself.` },
    }
  }
}

/** Coefficients of a table that its bounds change. */
function* boundFindings({ coefficients, bounds: { min, max } }: Policy): Generator<PackFinding> {
  const values = [...(coefficients ?? [])].flatMap(([key, value]) =>
    value instanceof Decimal ? [[key, value] as const] : [...value].map(([at, one]) => [`${key}.${at}`, one] as const),
  )
  const beyond = values.filter(([, value]) => min?.gt(value) === true || max?.lt(value) === true)
  const [first] = beyond
  if (first === undefined) return
  const [key, value] = first
  yield {
    severity: 'note',
    field: 'coefficient.table',
    text: {
      zh: `表中有 ${beyond.length} 个系数超出 ${min ?? '–'} 至 ${max ?? '–'}，按界值计，如 ${key} 的 ${value}。`,
      en: `${beyond.length} coefficients of the table lie beyond ${min ?? '–'} to ${max ?? '–'} and count as the bound, such as ${value} of ${key}.`,
    },
  }
}

/** Ages between two bands to which no factor applies. */
function* ageGaps({ rules }: Policy): Generator<PackFinding> {
  for (const unit of ['days', 'years'] as const) {
    const bands = rules.age.filter(band => band.unit === unit).sort((a, b) => a.from - b.from)
    for (const [i, band] of bands.entries()) {
      const before = bands[i - 1]
      if (before === undefined || band.from === before.to + 1) continue
      const [from, to] = [before.to + 1, band.from - 1]
      yield {
        severity: 'note',
        field: 'age',
        text: {
          zh: `${from} 至 ${to} ${unit === 'days' ? '天' : '岁'}没有年龄系数。`,
          en: `No factor for ages ${from} to ${to} (${unit}).`,
        },
      }
    }
  }
}
