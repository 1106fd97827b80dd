import type { Text } from '../../messages/index.ts'
import { type Decimal, type Fen, formatFen, formatPoints, type Points } from '../../numbers/index.ts'
import type { Decided } from '../../weights/index.ts'
import type { BandFlag } from '../policy/bands-document.ts'
import type { CaseClass } from './classes.ts'
import type { TcmStandard } from './tcm-standard.ts'

/** One step of an explanation: the rule, the numbers it used, and a sentence. */
export interface TraceLine {
  /** Id of the rule, e.g. 'band.high.H2', the path of the policy parameter where there is one. */
  readonly rule: string
  readonly numbers: Readonly<Record<string, string>>
  readonly text: Text
}

/** A number as a reader sees it: at most four places. */
export const show = (value: Decimal): string => value.toDecimalPlaces(4).toString()

/** The coefficient of a base group took the place of the hospital's. */
export function baseGroup(mode: string, before: Decimal, after: Decimal): TraceLine {
  return {
    rule: `base.${mode}`,
    numbers: { before: before.toString(), after: after.toString() },
    text: {
      zh: `基础病组：系数由 ${before} 改为 ${after}。`,
      en: `Base group: coefficient ${after} instead of ${before}.`,
    },
  }
}

/** The stay is too short or too long to be paid by group. */
export function stay(days: number, mode: 'ffs' | 'outside'): TraceLine {
  return {
    rule: `los.${mode}`,
    numbers: { days: String(days) },
    text:
      mode === 'ffs'
        ? { zh: `住院 ${days} 天，不按病组，按费用支付。`, en: `Stay of ${days} days: paid at cost, not by group.` }
        : { zh: `住院 ${days} 天，不在支付范围内。`, en: `Stay of ${days} days: outside the payment scope.` },
  }
}

/** The group has no usable weight. */
export function unstable(withoutWeight: boolean, inMoney: boolean): TraceLine {
  const why = withoutWeight
    ? { zh: '病组无权重', en: 'The group has no weight' }
    : { zh: '非稳定病组', en: 'Unstable group' }
  return {
    rule: withoutWeight ? 'unstable.noWeight' : `unstable.${inMoney ? 'ffs' : 'actualPoints'}`,
    numbers: {},
    text: inMoney
      ? { zh: `${why.zh}：按费用支付。`, en: `${why.en}: paid at cost.` }
      : { zh: `${why.zh}：按实际费用折算。`, en: `${why.en}: worth its cost at the regional mean.` },
  }
}

/** The case has no normal group. */
export function special(status: number, kind: string, share: Decimal | null): TraceLine {
  const who =
    status === 1
      ? { zh: '歧义病例', en: 'Ambiguous case' }
      : status === 2
        ? { zh: '未入组病例', en: 'Ungrouped case' }
        : { zh: '无效病例', en: 'Invalid case' }
  const rule = `special.${status === 1 ? 'ambiguous' : status === 2 ? 'ungrouped' : 'invalid'}.${kind}`
  if (share !== null) {
    return {
      rule,
      numbers: { share: share.toString() },
      text: {
        zh: `${who.zh}：按费用的 ${show(share.times(100))}% 支付。`,
        en: `${who.en}: paid ${show(share.times(100))} % of its cost.`,
      },
    }
  }
  const how: Readonly<Record<string, Text>> = {
    weight: { zh: '按规定权重支付', en: 'paid by a fixed weight' },
    ownWeight: { zh: '按该组自身权重支付', en: 'paid by the weight of its own group' },
    low: { zh: '按低倍率病例支付', en: 'paid as a low case' },
    zero: { zh: '不支付', en: 'earns nothing' },
    outside: { zh: '不在支付范围内', en: 'outside the payment scope' },
  }
  const manner = how[kind] ?? { zh: kind, en: kind }
  return { rule, numbers: {}, text: { zh: `${who.zh}：${manner.zh}。`, en: `${who.en}: ${manner.en}.` } }
}

/** The cost against its base, in yuan. */
export function ratio(ratio: Decimal, base: Decimal): TraceLine {
  return {
    rule: 'ratioBase',
    numbers: { ratio: show(ratio), base: show(base) },
    text: {
      zh: `费用为倍率基数 ${show(base)} 元的 ${show(ratio)} 倍。`,
      en: `The cost is ${show(ratio)} times the base of ${show(base)} yuan.`,
    },
  }
}

const CLASS_NAMES: Readonly<Record<CaseClass, string>> = {
  outside: '支付范围外',
  outsideLos: '住院天数超限',
  ungrouped: '未入组',
  ambiguous: '歧义',
  perDiem: '床日',
  review: '特例单议',
  daySurgery: '日间手术',
  longStay: '长住院',
  ownRule: '本地规则',
  early: '早期死亡或转院',
  unstable: '非稳定病组',
  ultraLow: '极低倍率',
  low: '低倍率',
  taper: '过渡',
  normal: '正常倍率',
  high: '高倍率',
  ultraHigh: '极高倍率',
}

/** The class that the ratio gives, and what the formula gives in weights (`v`; null where the cost itself is paid). */
export function band(name: CaseClass, formula: string, limit: Decimal | null, v: Decimal | null = null): TraceLine {
  const bound = limit === null ? { zh: '', en: '' } : { zh: `，高倍率界值 ${limit}`, en: `, high limit ${limit}` }
  return {
    rule: `band.${name}.${formula}`,
    numbers: { ...(limit === null ? {} : { limit: limit.toString() }), ...(v === null ? {} : { v: show(v) }) },
    text: {
      zh: `类别${CLASS_NAMES[name]}，公式 ${formula}${bound.zh}。`,
      en: `Class ${name}, formula ${formula}${bound.en}.`,
    },
  }
}

/** A negative result counts as zero. */
export function floor(): TraceLine {
  return {
    rule: 'floor',
    numbers: {},
    text: { zh: '公式结果为负，按零计。', en: 'The formula gives a negative amount; it counts as zero.' },
  }
}

/** Points, and the payment where a point value is known. */
export function points(points: Points, pay: Fen | null, pointValue: Decimal | null): TraceLine {
  const text = formatPoints(points)
  if (pay === null || pointValue === null) {
    return { rule: 'points', numbers: { points: text }, text: { zh: `${text} 点。`, en: `${text} points.` } }
  }
  return {
    rule: 'points',
    numbers: { points: text, pointValue: pointValue.toString(), pay: formatFen(pay) },
    text: {
      zh: `${text} 点，点值 ${show(pointValue)} 元，支付 ${formatFen(pay)} 元。`,
      en: `${text} points at ${show(pointValue)} yuan: ${formatFen(pay)} yuan.`,
    },
  }
}

/** Points at a point value, with what is paid in money beside them. */
export function priced(points: Points, pointValue: Decimal, pay: Fen, paid: Fen): TraceLine {
  const [p, value, amount] = [formatPoints(points), show(pointValue), formatFen(pay)]
  const [zh, en] = paid === 0 ? ['', ''] : [`，另加 ${formatFen(paid)} 元`, `, and ${formatFen(paid)} yuan in money`]
  return line(
    'pointValue',
    { points: p, pointValue: pointValue.toString(), pay: amount },
    `${p} 点 × 点值 ${value} 元 = ${amount} 元${zh}。`,
    `${p} points at ${value} yuan: ${amount} yuan${en}.`,
  )
}

/** The set amount for drugs and consumables; what the case is worth beyond it goes by points. */
export function fixedAmount(amount: Fen): TraceLine {
  const money = formatFen(amount)
  return line(
    'elastic.costKind',
    { pay: money },
    `药品和耗材按定额 ${money} 元支付，其余按点数。`,
    `Drugs and consumables at a set ${money} yuan, the rest by points.`,
  )
}

/** A payment in money. */
export function paid(paid: Fen): TraceLine {
  return {
    rule: 'paid',
    numbers: { pay: formatFen(paid) },
    text: { zh: `支付 ${formatFen(paid)} 元。`, en: `Pays ${formatFen(paid)} yuan.` },
  }
}

/** A line of one sentence with its numbers. */
export function line(rule: string, numbers: TraceLine['numbers'], zh: string, en: string): TraceLine {
  return { rule, numbers, text: { zh, en } }
}

/** Payment by the day; `at` is the place of the rule where there are several. */
export function perDiem(
  at: number | null,
  title: Text | null,
  { los, days, perDay }: { readonly los: number; readonly days: Decimal; readonly perDay: Decimal },
  method: 'points' | 'rate',
): TraceLine {
  const [zh, en] = method === 'rate' ? ['元', 'yuan'] : ['点', 'points']
  const named = title === null ? { zh: '', en: '' } : { zh: `（${title.zh}）`, en: ` (${title.en})` }
  return line(
    at === null ? 'perDiem' : `perDiem.${at}`,
    { los: String(los), days: days.toString(), perDay: perDay.toString() },
    `按床日${named.zh}：住院 ${los} 天，计 ${show(days)} 天，每天 ${perDay} ${zh}。`,
    `By the day${named.en}: a stay of ${los} days counts ${show(days)}, at ${perDay} ${en} each.`,
  )
}

/** Accepted in special-case review. */
export function review(outcome: string, value: Decimal): TraceLine {
  const how: Readonly<Record<string, Text>> = {
    cost: { zh: '按费用支付', en: 'paid at cost' },
    shareOfCost: { zh: `按费用的 ${show(value.times(100))}% 支付`, en: `paid ${show(value.times(100))} % of its cost` },
    standardTimes: { zh: `按标准的 ${value} 倍支付`, en: `paid ${value} times its standard` },
    excessShare: {
      zh: `按标准加超出部分的 ${show(value.times(100))}% 支付`,
      en: `paid its standard and ${show(value.times(100))} % of what exceeds it`,
    },
    points: {
      zh: value.eq(1) ? '按实际费用折算点数' : `按实际费用的 ${show(value.times(100))}% 折算点数`,
      en: value.eq(1) ? 'its cost in points' : `${show(value.times(100))} % of its cost in points`,
    },
  }
  const manner = how[outcome] ?? { zh: outcome, en: outcome }
  return line(
    `review.${outcome}`,
    { value: value.toString() },
    `特例单议通过：${manner.zh}。`,
    `Special case accepted: ${manner.en}.`,
  )
}

/** What the experts decided for one special case. */
export function decided({ unit, value }: Decided): TraceLine {
  const text = unit === 'money' ? formatFen(value) : formatPoints(value)
  const [zh, en] = unit === 'money' ? ['元', 'yuan'] : ['点', 'points']
  return line(
    'review.decided',
    { [unit === 'money' ? 'pay' : 'points']: text },
    `特例单议通过：评审核定 ${text} ${zh}。`,
    `Special case accepted: the experts decided ${text} ${en}.`,
  )
}

/** Day surgery. */
export function daySurgery(mode: string, share: Decimal, weight: Decimal): TraceLine {
  return line(
    `daySurgery.${mode}`,
    { share: share.toString(), weight: weight.toString() },
    `日间手术：权重 ${weight}，按标准的 ${show(share.times(100))}% 支付。`,
    `Day surgery: weight ${weight}, paid ${show(share.times(100))} % of the standard.`,
  )
}

/** A weight for every day of the stay. */
export function longStay(los: number, weight: Decimal): TraceLine {
  return line(
    'longStay',
    { los: String(los), weight: weight.toString() },
    `长住院病组：每天权重 ${weight}，共 ${los} 天。`,
    `Long-stay group: weight ${weight} a day, ${los} days.`,
  )
}

/** The standard of a long stay, in yuan at the mean cost or the rate, and the cost against it. */
export function longStayStandard(days: number, standard: Decimal, cost: Decimal): TraceLine {
  const ratio = show(cost.div(standard))
  return line(
    'longStay.standard',
    { days: String(days), standard: show(standard), ratio },
    `长住院的支付标准按 ${days} 天计，为 ${show(standard)} 元，费用为其 ${ratio} 倍；所付仍按实际天数。`,
    `The standard of a long stay is that of ${days} days, ${show(standard)} yuan; the cost is ${ratio} times it. The days of the stay are what is paid.`,
  )
}

/** A rule of the city's own. */
export function ownRule(id: string, title: Text): TraceLine {
  return line(`rules.${id}`, {}, `本地规则：${title.zh}。`, `Own rule: ${title.en}.`)
}

/** Early death or transfer. */
export function early(mode: string, los: number): TraceLine {
  const [zh, en] = mode === 'ffs' ? ['按费用支付', 'paid at cost'] : ['按住院天数折算', 'paid for the days of the stay']
  return line(
    `earlyDeath.${mode}`,
    { los: String(los) },
    `第 ${los} 天死亡或转院：${zh}。`,
    `Died or was transferred on day ${los}: ${en}.`,
  )
}

/** Paid as another group. */
export function redirected(from: string, to: string): TraceLine {
  return line('redirect', { from, to }, `${from} 参照 ${to} 支付。`, `${from} is paid as ${to}.`)
}

/** Paid at a share of the weight. */
export function partial(share: Decimal, weight: Decimal): TraceLine {
  return line(
    'redirect.share',
    { share: share.toString(), weight: weight.toString() },
    `按本组权重的 ${show(share.times(100))}% 支付：权重 ${show(weight)}。`,
    `Paid at ${show(share.times(100))} % of the weight of its group: ${show(weight)}.`,
  )
}

/** The provisional weight of a new group. */
export function provisional(group: string, weight: Decimal): TraceLine {
  return line(
    'provisionalWeights',
    { weight: weight.toString() },
    `${group} 为新增病组，没有测算权重，用暂定权重 ${show(weight)}。`,
    `${group} is new and has no weight of its own: provisional weight ${show(weight)}.`,
  )
}

/** The own standard of a Chinese-medicine case, of the group given or like another. */
export function tcmStandard({ weight, amount, like, share, timesK }: TcmStandard, group: string): TraceLine {
  if (amount !== null) {
    const money = formatFen(amount)
    return line(
      'tcm.standard',
      { pay: money },
      `中医优势病种 ${group}：按定额 ${money} 元支付。`,
      `Chinese-medicine case of ${group}: a set ${money} yuan.`,
    )
  }
  const [zh, en] =
    like === null ? ['自有权重', 'a weight of its own'] : [`与 ${like} 同效`, `as ${like}, with the same effect`]
  const part = share.eq(1)
    ? { zh: '', en: '' }
    : { zh: `的 ${show(share.times(100))}%`, en: `, ${show(share.times(100))} % of it` }
  const k = timesK ? { zh: '', en: '' } : { zh: '，不乘机构系数', en: ', without the coefficient of the hospital' }
  return line(
    'tcm.standard',
    { weight: weight?.toString() ?? '', share: share.toString() },
    `中医优势病种 ${group}：${zh}${part.zh}，权重 ${weight === null ? '–' : show(weight)}${k.zh}。`,
    `Chinese-medicine case of ${group}: ${en}${part.en}: weight ${weight === null ? '–' : show(weight)}${k.en}.`,
  )
}

/** An item paid on top in money. */
export function addOn(title: Text, amount: Fen, fundedBy: 'pool' | 'separate'): TraceLine {
  const [zh, en] = fundedBy === 'pool' ? ['', ''] : ['（另行列支）', ', from a separate line']
  const money = formatFen(amount)
  return line(
    'addOn',
    { pay: money },
    `除外支付 ${title.zh}：${money} 元${zh}。`,
    `On top, ${title.en}: ${money} yuan${en}.`,
  )
}

/** An item paid on top in points. */
export function addOnPoints(title: Text, added: Points): TraceLine {
  const text = formatPoints(added)
  return line('addOn', { points: text }, `除外支付 ${title.zh}：${text} 点。`, `On top, ${title.en}: ${text} points.`)
}

/** A payment by a line outside the pool. */
export function separate(amount: Fen): TraceLine {
  const money = formatFen(amount)
  return line('separate', { pay: money }, `另行列支 ${money} 元。`, `A separate line pays ${money} yuan.`)
}

/** Score of the group and coefficient of the institution, before the bands. */
export function score(score: Decimal, coefficient: Decimal): TraceLine {
  return line(
    'score',
    { score: score.toString(), coefficient: coefficient.toString() },
    `病种分值 ${show(score)}，机构系数 ${coefficient}。`,
    `Score of the group ${show(score)}, institution coefficient ${coefficient}.`,
  )
}

/** The group for what is left is paid by its cost against the mean of the group. */
export function blank(factor: Decimal): TraceLine {
  return line(
    'blankGroup',
    { factor: factor.toString() },
    `空白病组：按费用与病组均费之比乘以 ${factor}，不乘系数。`,
    `Group for what is left: cost over the mean of the group, times ${factor}, without coefficients.`,
  )
}

const FLAGS: Readonly<Record<BandFlag, Text>> = {
  watch: { zh: '费用偏离标准，标记关注', en: 'The cost departs from the standard: flagged' },
  specialCaseReview: { zh: '可申请特例单议', en: 'May apply for special-case review' },
  expertReview: { zh: '须专家评审', en: 'To be reviewed by experts' },
}

/** What has to happen to the case beside its payment. */
export function flag(flag: BandFlag): TraceLine {
  return line(`flag.${flag}`, {}, `${FLAGS[flag].zh}。`, `${FLAGS[flag].en}.`)
}
