import type { Text } from '../../messages/index.ts'
import { Decimal } from '../../numbers/index.ts'
import { isListed } from '../policy/case-rules.ts'
import { highLimits, lowThresholds } from '../policy/conflicts.ts'
import { insuranceCode } from '../policy/insurance.ts'
import { isBaseGroup, type Policy } from '../policy/policy.ts'
import type { CaseInput } from '../settle/case-input.ts'
import type { CasePayment } from '../settle/case-payment.ts'
import { ageBand } from '../settle/case-test.ts'

/** A worked case of a pack: what went in and what came out. */
export interface WorkedCase {
  readonly one: CaseInput
  readonly payment: CasePayment
}

/** A way that a case can take through the rules of a pack, and whether a worked case takes it. */
export interface Branch {
  /** Field of the pack, e.g. 'high.limit 2.5', 'los.short'. */
  readonly id: string
  readonly text: Text
  readonly isHit: boolean
}

/** How near to a boundary a worked case must lie to show on which side the boundary itself belongs: a fen. */
const FEN = new Decimal('0.01')

/** Every branch of a pack with whether the worked cases take it, in the order in which rules are asked. */
export function branchesOf(policy: Policy, worked: readonly WorkedCase[]): readonly Branch[] {
  const found: Branch[] = []
  const add = (id: string, zh: string, en: string, test: (one: WorkedCase) => boolean): void => {
    found.push({ id, text: { zh, en }, isHit: worked.some(test) })
  }
  addPrices(policy, add)
  addOtherRules(policy, add)
  addBands(policy, add)
  addModifiers(policy, add)
  return found
}

type Add = (id: string, zh: string, en: string, test: (one: WorkedCase) => boolean) => void

function hasRule(start: string): (one: WorkedCase) => boolean {
  return ({ payment }) => payment.trace.some(({ rule }) => rule === start || rule.startsWith(`${start}.`))
}

/** Every key of a rate by level and insurance. */
function addPrices({ document }: Policy, add: Add): void {
  if (document.rate === null || typeof document.rate === 'string') return
  for (const key of Object.keys(document.rate)) {
    const parts = key.split('.').map(insuranceCode)
    const fits = ({ one }: WorkedCase): boolean =>
      parts.every(part => part === `level${one.level}` || part === one.insurance)
    add(`rate.${key}`, `费率 ${key}`, `rate of ${key}`, fits)
  }
}

/** Rules that pay otherwise than by the cost bands. */
function addOtherRules(policy: Policy, add: Add): void {
  const { document, stay, rules, base } = policy
  const status = ['', 'ambiguous', 'ungrouped', 'invalid'] as const
  for (const name of status.slice(1)) {
    if (name !== '' && document.special[name] !== null)
      add(`special.${name}`, `special.${name} 的病例`, `a case of special.${name}`, hasRule(`special.${name}`))
  }
  const days = (one: WorkedCase): number => one.one.los ?? Number.NaN
  const isOut = hasRule('los')
  if (stay !== null && stay.shortMax >= 0) {
    add(
      'los.short',
      `住院 ${stay.shortMax} 天（最长的过短住院）`,
      `a stay of ${stay.shortMax} days, the longest short one`,
      one => isOut(one) && days(one) === stay.shortMax,
    )
    add(
      'los.short+1',
      `住院 ${stay.shortMax + 1} 天（不再过短）`,
      `a stay of ${stay.shortMax + 1} days, no longer short`,
      one => !isOut(one) && days(one) === stay.shortMax + 1,
    )
  }
  if (stay !== null && stay.longMin < Number.POSITIVE_INFINITY) {
    add(
      'los.long',
      `住院 ${stay.longMin} 天（最短的过长住院）`,
      `a stay of ${stay.longMin} days, the shortest long one`,
      one => isOut(one) && days(one) === stay.longMin,
    )
    add(
      'los.long-1',
      `住院 ${stay.longMin - 1} 天（尚不过长）`,
      `a stay of ${stay.longMin - 1} days, not yet long`,
      one => !isOut(one) && days(one) === stay.longMin - 1,
    )
  }
  if (document.unstable.mode !== 'standard') add('unstable', '非稳定病组', 'an unstable group', hasRule('unstable'))
  if (base !== null && (base.list.size > 0 || base.marked))
    add(
      'base',
      '基础病组',
      'a base group',
      ({ one }) => one.status === 0 && isBaseGroup(policy, one.group, one.parent, one.detail?.grassroots),
    )
  const { perDiem, longStay, early, daySurgery, review, redirect, blank } = { ...rules, blank: policy.blank }
  for (const [r, rule] of perDiem.entries()) {
    const isSingle = perDiem.length === 1
    const id = isSingle ? 'perDiem' : `perDiem.${r}`
    const [zh, en] = isSingle ? ['', ''] : [`第 ${r + 1} 条`, ` by rule ${r + 1}`]
    add(id, `按床日${zh}`, `a stay paid by the day${en}`, hasRule(id))
    let from = 0
    for (const [i, { upTo }] of rule.bands.entries()) {
      const above = from
      add(
        `${id}.bands.${i}`,
        `床日${zh}第 ${i + 1} 段`,
        `days in band ${i + 1}${en}`,
        one => hasRule(id)(one) && days(one) > above && days(one) <= upTo,
      )
      from = upTo
    }
  }
  if (longStay !== null && longStay.groups.size > 0)
    add('longStay', '长住院病组', 'a long-stay group', hasRule('longStay'))
  if (longStay !== null && longStay.groups.size > 0 && longStay.standardDays !== null)
    add(
      'longStay.standardDays',
      '天数不同于其标准的长住院',
      'a long stay of other days than its standard',
      one => hasRule('longStay.standard')(one) && days(one) !== longStay.standardDays,
    )
  if (early !== null && early.mode !== 'group7')
    add('earlyDeath', '早期死亡或转院', 'an early death or transfer', hasRule('earlyDeath'))
  if (daySurgery !== null) add('daySurgery', '日间手术', 'a day surgery', hasRule('daySurgery'))
  if (review !== null) add('review', '特例单议通过的病例', 'an accepted special case', hasRule('review'))
  for (const id of redirect.keys())
    add(`redirect.${id}`, `参照支付 ${id}`, `redirection ${id}`, ({ one }) => one.detail?.redirect === id)
  for (const rule of rules.own)
    add(`rules.${rule.id}`, `本地规则：${rule.title.zh}`, `own rule: ${rule.title.en}`, hasRule(`rules.${rule.id}`))
  if (blank !== null) add('blankGroup', '空白病组', 'the group for what is left', hasRule('blankGroup'))
}

/** The classes, every limit that the pack states, and the boundaries themselves. */
function addBands(policy: Policy, add: Add): void {
  const { low, taper, high, linearBands } = policy
  const classes = linearBands?.map(band => band.class) ?? [
    ...(low === null ? [] : ['low' as const]),
    ...(taper === null ? [] : ['taper' as const]),
    'normal' as const,
    ...(high === null ? [] : ['high' as const]),
  ]
  for (const name of new Set(classes))
    add(`class ${name}`, `类别 ${name}`, `class ${name}`, one => hasRule('band')(one) && one.payment.class === name)
  for (const limit of new Set(highLimits(policy.document)))
    add(
      `high ${limit}`,
      `高倍率界值 ${limit}`,
      `high limit ${limit}`,
      ({ payment }) => payment.limit?.eq(limit) === true,
    )
  const ratios = (name: string, one: WorkedCase): readonly Decimal[] =>
    one.payment.cutoffs.flatMap(({ class: of, yuan }) =>
      of === name && one.payment.base !== null ? [yuan.div(one.payment.base)] : [],
    )
  for (const threshold of new Set(lowThresholds(policy.document)))
    add(`low ${threshold}`, `低倍率界值 ${threshold}`, `low threshold ${threshold}`, one =>
      ratios('low', one).some(ratio => ratio.minus(threshold).abs().lt('1e-20')),
    )
  const bounds =
    linearBands?.filter(band => band.upTo !== null).map(band => band.class) ?? classes.filter(name => name !== 'normal')
  for (const name of new Set(bounds)) {
    // A case whose cost is the boundary, or lies within a fen of it on the side of the class.
    const isAt = ({ one, payment }: WorkedCase): boolean =>
      payment.cutoffs.some(
        ({ class: of, yuan }) => of === name && new Decimal(one.cost).div(100).minus(yuan).abs().lt(FEN.times('1.01')),
      )
    add(`boundary ${name}`, `费用恰在类别 ${name} 的界值上`, `a cost at the boundary of class ${name}`, isAt)
  }
}

/** What changes a result afterwards, or comes on top. */
function addModifiers(policy: Policy, add: Add): void {
  const { rules } = policy
  for (const [i, band] of rules.age.entries())
    add(
      `age.${i}`,
      `年龄系数 ${band.factor}`,
      `age factor ${band.factor}`,
      ({ one, payment }) => ageBand(policy, one) === band && hasRule('age')({ one, payment }),
    )
  if (rules.tcm !== null && !(rules.tcm.factor.eq(1) && rules.tcm.list.size === 0))
    add('tcm', '中医病例', 'a Chinese-medicine case', one => one.payment.trace.some(({ rule }) => rule === 'tcm'))
  for (const group of rules.tcm?.standards.keys() ?? [])
    add(
      `tcm.standards.${group}`,
      `${group} 的中医病例`,
      `a Chinese-medicine case of ${group}`,
      one => hasRule('tcm.standard')(one) && [one.one.group, one.one.parent].includes(group),
    )
  for (const id of rules.addOn.keys())
    add(
      `addOn.${id}`,
      `除外支付 ${id}`,
      `item ${id}`,
      ({ one }) => one.detail?.addOns?.some(({ item }) => item === id) === true,
    )
  if (rules.readmission !== null) add('readmission', '再入院', 'a readmission', hasRule('readmission'))
  for (const [group, { byDate }] of rules.volumeCap) {
    const concerns = ({ one }: WorkedCase): boolean => [one.group, one.parent].includes(group)
    const places = byDate
      ? ([
          ['.within', '总控以内的月份', 'in a month within its quota'],
          ['.boundary', '总控用完的当月', 'in the month that uses up its quota'],
          ['.beyond', '总控用完以后', 'in a month beyond its quota'],
        ] as const)
      : ([['', '超总控人次', 'beyond its quota']] as const)
    for (const [place, zh, en] of places)
      add(
        `volumeCap.${group}${place}`,
        `${group} ${zh}`,
        `${group} ${en}`,
        one => hasRule(`volumeCap${place}`)(one) && concerns(one),
      )
  }
  if (rules.newWeights.size > 0)
    add(
      'provisionalWeights',
      '新增病组的暂定权重',
      'a new group with a provisional weight',
      hasRule('provisionalWeights'),
    )
  if (rules.auxiliary !== null) add('auxiliary', '辅助分型', 'an auxiliary type', hasRule('auxiliary'))
  const { elastic, fixedAmounts } = rules
  if (elastic !== null && elastic.groups.size > 0)
    add(
      'elastic',
      '按固定费率支付的病组',
      'a group at the fixed rate',
      ({ one }) => one.status === 0 && isListed(elastic.groups, one.group, one.parent),
    )
  if (fixedAmounts !== null)
    add('elastic.costKind', '药耗定额', 'a set amount for drugs and consumables', hasRule('elastic'))
}
