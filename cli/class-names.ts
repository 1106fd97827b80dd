import type { Lang, Text } from '../messages/index.ts'

/** Names of the classes of a case in settlement. */
const NAMES: Readonly<Record<string, Text>> = {
  outside: { zh: '支付范围外', en: 'outside the pool' },
  outsideLos: { zh: '住院天数超限', en: 'stay out of range' },
  ungrouped: { zh: '未入组', en: 'not grouped' },
  ambiguous: { zh: '歧义', en: 'ambiguous' },
  perDiem: { zh: '床日', en: 'per diem' },
  review: { zh: '特例单议', en: 'special review' },
  daySurgery: { zh: '日间手术', en: 'day surgery' },
  longStay: { zh: '长住院', en: 'long stay' },
  ownRule: { zh: '本地规则', en: 'rule of the region' },
  early: { zh: '早期死亡或转院', en: 'early death or transfer' },
  unstable: { zh: '非稳定病组', en: 'unstable group' },
  ultraLow: { zh: '极低倍率', en: 'very low cost' },
  low: { zh: '低倍率', en: 'low cost' },
  taper: { zh: '过渡', en: 'taper' },
  normal: { zh: '正常倍率', en: 'normal' },
  high: { zh: '高倍率', en: 'high cost' },
  ultraHigh: { zh: '极高倍率', en: 'very high cost' },
}

/** Name of a class; its own word where it has none here. */
export function className(name: string, lang: Lang): string {
  return NAMES[name]?.[lang] ?? name
}
