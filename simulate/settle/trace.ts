import type { Text } from '../../messages/index.ts'
import { type Decimal, type Fen, formatFen, formatPoints, type Points } from '../../numbers/index.ts'
import type { CaseClass } from './classes.ts'

/** One step of an explanation: the rule, the numbers it used, and a sentence. */
export interface TraceLine {
  /** Id of the rule, e.g. 'band.high.H2', the path of the policy parameter where there is one. */
  readonly rule: string
  readonly numbers: Readonly<Record<string, string>>
  readonly text: Text
}

const show = (value: Decimal): string => value.toDecimalPlaces(4).toString()

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
  unstable: '非稳定病组',
  ultraLow: '极低倍率',
  low: '低倍率',
  taper: '过渡',
  normal: '正常倍率',
  high: '高倍率',
  ultraHigh: '极高倍率',
}

/** The class that the ratio gives. */
export function band(name: CaseClass, formula: string, limit: Decimal | null): TraceLine {
  const bound = limit === null ? { zh: '', en: '' } : { zh: `，高倍率界值 ${limit}`, en: `, high limit ${limit}` }
  return {
    rule: `band.${name}.${formula}`,
    numbers: limit === null ? {} : { limit: limit.toString() },
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

/** A payment in money. */
export function paid(paid: Fen): TraceLine {
  return {
    rule: 'paid',
    numbers: { pay: formatFen(paid) },
    text: { zh: `支付 ${formatFen(paid)} 元。`, en: `Pays ${formatFen(paid)} yuan.` },
  }
}
