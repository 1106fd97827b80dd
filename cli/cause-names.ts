import type { Text } from '../messages/index.ts'
import type { Cause, RuleBlock } from '../simulate/index.ts'

/** What moves payments, in words. */
export const CAUSE_TEXTS: Readonly<Record<Cause, Text>> = {
  volume: { zh: '病例数', en: 'volume' },
  mix: { zh: '结构（病种和权重）', en: 'mix (groups and weights)' },
  coefficient: { zh: '系数', en: 'coefficients' },
  rule: { zh: '规则（倍率、按金额支付等）', en: 'rules (classes, money off the top)' },
  price: { zh: '点值', en: 'price (point value)' },
}

/** The blocks of rules, in words. */
export const BLOCK_TEXTS: Readonly<Record<RuleBlock, Text>> = {
  lowCost: { zh: '规则：低倍率', en: 'rule: low-cost cases' },
  highCost: { zh: '规则：高倍率', en: 'rule: high-cost cases' },
  special: { zh: '规则：未入组与歧义', en: 'rule: cases without a group' },
  unstable: { zh: '规则：非稳定病组', en: 'rule: unstable groups' },
  stay: { zh: '规则：床日、日间与住院天数', en: 'rule: per diem, day surgery, stay' },
  review: { zh: '规则：特例单议', en: 'rule: special review' },
  ownRule: { zh: '规则：本地规则', en: 'rule: the region’s own' },
  modifiers: { zh: '规则：正常病例的加成与上限', en: 'rule: multipliers and caps' },
  money: { zh: '规则：按金额支付不随点值', en: 'rule: money that the price does not move' },
  other: { zh: '规则：其他', en: 'rule: other' },
}
