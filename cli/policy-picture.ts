import type { Lang } from '../messages/index.ts'
import { Decimal } from '../numbers/index.ts'
import { type Chart, lineChart, yuanText } from '../report/index.ts'
import { type Policy, payCase } from '../simulate/index.ts'

/** Mean cost that the picture takes where a pack leaves it to the data, yuan. */
const SAMPLE_MEAN = new Decimal(10_000)
const STEPS = 80
const WIDTH = 0.05
const COEFFICIENTS = ['0.8', '1', '1.2'] as const

/**
 * What a case of weight 1 earns at costs from 0.05 to 4 times the amount per weight, for three coefficients, beside the
 * cost itself: steps are the jumps between classes.
 */
export function payCurve(policy: Policy, lang: Lang): Chart {
  const zh = lang === 'zh'
  const level = levelOf(policy)
  const setting = { level, insurance: '310' }
  const price = policy.method === 'rate' ? null : (policy.pointValue(setting) ?? null)
  const mean =
    policy.method === 'rate' || policy.floating
      ? (policy.rate(setting) ?? SAMPLE_MEAN)
      : (policy.avgCost ?? SAMPLE_MEAN)
  const pointValue = policy.method === 'rate' ? null : (price ?? mean.div(policy.scale))
  const ratios = Array.from({ length: STEPS }, (_, i) => (i + 1) * WIDTH)
  const weight = new Decimal(1)
  const paid = (k: string): (number | undefined)[] =>
    ratios.map(ratio => {
      const cost = mean.times(ratio).times(100).toDecimalPlaces(0).toNumber()
      const one = {
        group: '', parent: '', status: 0, weight, stable: true, coefficient: new Decimal(k), level, insurance: '310', cost, los: 8,
      } as const // biome-ignore format: one case
      const group = { n: mean, d: new Decimal(1) }
      const { pay } = payCase(policy, one, { meanCost: mean, pointValue, groupMean: group, levelMean: group })
      return pay === null ? undefined : pay / 100
    })
  return lineChart({
    title: zh ? '支付与费用' : 'Payment against cost',
    description: zh
      ? `权重 1、职工、级别 ${level}，住院 8 天；横轴为费用与 ${yuanText(Math.round(mean.toNumber() * 100))} 元之比，灰线为费用本身。`
      : `Weight 1, employees, level ${level}, 8 days; across: cost over ${yuanText(Math.round(mean.toNumber() * 100))} yuan; one line is the cost itself.`,
    lang,
    x: { label: zh ? '费用 ÷ 每权重金额' : 'cost ÷ amount per weight', values: ratios.map(ratio => ratio.toFixed(2)) },
    y: { label: zh ? '元' : 'yuan' },
    series: [
      ...COEFFICIENTS.map(k => ({ name: zh ? `支付，k = ${k}` : `paid, k = ${k}`, values: paid(k) })),
      { name: zh ? '费用' : 'cost', values: ratios.map(ratio => mean.toNumber() * ratio) },
    ],
  })
}

/** A level that the pack has prices for. */
function levelOf(policy: Policy): string {
  return ['3', '2', '1'].find(level => policy.rate({ level, insurance: '310' }) !== undefined) ?? '3'
}
