import { say } from '../../files/index.ts'
import { parseDecimal } from '../../numbers/index.ts'
import type { PolicyDocument } from './document.ts'
import { type OutlierReference, outlierSets } from './outliers-document.ts'
import { hasGroups } from './per-diem-document.ts'

/** Checks that concern several fields of a pack; each names the field to change. */
export function* conflicts(pack: PolicyDocument): Generator<readonly [field: string, message: string]> {
  yield* methodConflicts(pack)
  yield* bandConflicts(pack)
  yield* caseConflicts(pack)
}

function* methodConflicts(pack: PolicyDocument): Generator<readonly [field: string, message: string]> {
  const { method, ratioBase } = pack
  if (pack.unit === 'score' && (method !== 'points' || pack.scale === null))
    yield [
      'unit',
      say(
        '分值需要 method: points 和 scale（平均费用病例的分值）',
        'Scores need method points and scale: the score of a case of mean cost',
      ),
    ]
  if (pack.unit === 'score' && !/^10*$/.test(pack.scale ?? '1'))
    yield [
      'scale',
      say(
        '分值的 scale 取 1、10、100 或 1000，使分值与权重之间不需舍入',
        'The scale of scores is 1, 10, 100 or 1000, so that a score is a weight without rounding',
      ),
    ]
  if ((ratioBase === 'meanFactor') !== (pack.meanFactor !== null))
    yield [
      'meanFactor',
      say(
        'ratioBase: meanFactor 与 meanFactor 表须同时给出',
        'Ratio base meanFactor and the table meanFactor need each other',
      ),
    ]
  if (method !== 'points') {
    if (pack.rate === null) yield ['rate', say(`method 为 ${method} 时需要 rate`, `Method ${method} needs rate`)]
    if (pack.avgCost !== null)
      yield ['avgCost', say(`method 为 ${method} 时没有 avgCost`, `Method ${method} has no avgCost`)]
    if (ratioBase.startsWith('avg') || ratioBase.startsWith('pv'))
      yield [
        'ratioBase',
        say(
          `method 为 ${method} 时可取 rateRw、rateRwK、groupMean、levelStandard 或 meanFactor`,
          `Method ${method} takes rateRw, rateRwK, groupMean, levelStandard or meanFactor`,
        ),
      ]
  }
  if (method === 'rate' && pack.scale !== null)
    yield ['scale', say('method 为 rate 时没有 scale', 'Method rate has no scale')]
  if (method === 'floating' && typeof pack.rate === 'object' && pack.rate !== null) {
    const byLevel = Object.keys(pack.rate).find(key => key.startsWith('level'))
    if (byLevel !== undefined)
      yield [
        'rate',
        say(
          '浮动费率各等级相同；等级差别由系数表示',
          'A floating rate is one for all levels; levels differ by coefficients',
        ),
      ]
  }
  if (method === 'points') {
    if (pack.rate !== null) yield ['rate', say('method 为 points 时没有 rate', 'Method points has no rate')]
    if (ratioBase.startsWith('rate'))
      yield [
        'ratioBase',
        say('rateRw 和 rateRwK 需要 method: rate 或 floating', 'rateRw and rateRwK need method rate or floating'),
      ]
    if (ratioBase.startsWith('pv') && pack.pointValue === null && pack.unit !== 'score')
      yield ['ratioBase', say('pvRw 和 pvRwK 需要 pointValue', 'pvRw and pvRwK need pointValue')]
  }
  if (pack.coefficient.kind === 'class' && pack.coefficient.table === null)
    yield [
      'coefficient',
      say(
        'kind: class 需要 table：类别系数不能由费用算出',
        'Kind class needs a table: coefficients of classes do not follow from costs',
      ),
    ]
  if (method !== 'rate' && pack.base?.mode === 'rateOfLevel')
    yield ['base', say('rateOfLevel 需要 method: rate', 'rateOfLevel needs method rate')]
  if (pack.base?.mode === 'rateOfLevel' && hasKeys(pack.base.factors))
    yield [
      'base.factors',
      say('rateOfLevel 按级别费率付费，不用系数', 'rateOfLevel pays by a rate and takes no factors'),
    ]
  if (pack.groupMeans !== null && !['groupMean', 'levelStandard'].includes(ratioBase) && pack.blankGroup === null)
    yield [
      'groupMeans',
      say(
        '只有 ratioBase 为 groupMean 或 levelStandard，或有 blankGroup 时才用到病组均费',
        'Means of groups count with ratioBase groupMean or levelStandard, or with a blankGroup',
      ),
    ]
  if (method === 'rate' && pack.elastic !== null)
    yield ['elastic', say('method 为 rate 时每个病组的费率固定', 'Under method rate every group has a fixed rate')]
  yield* engineConflicts(pack)
  if (method === 'rate' && pack.addOn.some(item => item.points !== null))
    yield [
      'addOn',
      say('method 为 rate 时没有点数；请给出 amount 或 share', 'Method rate has no points; give amount or share'),
    ]
}

/** Rules on the point value, shares of the fund, reclassification. */
function* engineConflicts(pack: PolicyDocument): Generator<readonly [field: string, message: string]> {
  const { method, pools, pvMin, pvMax, elastic } = pack
  for (const key of ['pvMin', 'pvMax', 'pvDecimals'] as const)
    if (method === 'rate' && pack[key] !== null)
      yield [key, say('method 为 rate 时没有点值', 'Method rate has no point value')]
  const elasticValue = elastic?.by === 'volume' ? elastic.value : null
  for (const [key, value] of [['pvMin', pvMin], ['pvMax', pvMax], ['elastic.value', elasticValue]] as const) // biome-ignore format: pairs
    if (pools === 'joint' && typeof value === 'object' && value !== null && new Set(Object.values(value)).size > 1)
      yield [key, say('合并基金池只有一个点值，请只写一个数', 'A joint pool has one point value: give one number')]
  for (const insurance of new Set(
    [pvMin, pvMax].flatMap(one => (typeof one === 'object' && one !== null ? Object.keys(one) : [])),
  )) {
    const [low, high] = [pvMin, pvMax].map(one => (typeof one === 'object' && one !== null ? one[insurance] : one))
    if (low != null && high != null && parseDecimal(low)?.gt(high) === true)
      yield ['pvMin', say(`点值下限 ${low} 高于上限 ${high}`, `The floor ${low} lies above the ceiling ${high}`)]
  }
  if (typeof pvMin === 'string' && typeof pvMax === 'string' && parseDecimal(pvMin)?.gt(pvMax) === true)
    yield ['pvMin', say(`点值下限 ${pvMin} 高于上限 ${pvMax}`, `The floor ${pvMin} lies above the ceiling ${pvMax}`)]
  if (pack.ratioLevel !== 'region' && pack.patientShare === 'subtract')
    yield [
      'ratioLevel',
      say(
        '只有比例法（patientShare: ratio）用到基金支付比例',
        'Only the ratio convention (patientShare: ratio) has shares of the fund',
      ),
    ]
  if (pack.reclassifyAtYearEnd && !pack.ratioBase.startsWith('pv'))
    yield [
      'reclassifyAtYearEnd',
      say(
        '只有 ratioBase 为 pvRw 或 pvRwK 时，病例类别才与点值有关',
        'Classes depend on the point value with ratioBase pvRw or pvRwK only',
      ),
    ]
}

function* bandConflicts(pack: PolicyDocument): Generator<readonly [field: string, message: string]> {
  if (pack.linearBands !== null && (pack.low ?? pack.taper ?? pack.high) !== null) {
    yield [
      'linearBands',
      say(
        'linearBands 代替 low、taper 和 high，二者只能取一',
        'linearBands replaces low, taper and high; give one or the other',
      ),
    ]
  }
  yield* outlierConflicts(pack)
  const low = lowThresholds(pack)
  const ladder = [...low, ...(pack.taper === null ? [] : [pack.taper.upTo])]
  const first = highLimits(pack).sort((a, b) => Number(a) - Number(b))[0]
  if (first !== undefined && ladder.some(value => parseDecimal(value)?.gt(first))) {
    yield [
      'high',
      say(
        `最小的高倍率界限 ${first} 低于低倍率界限或过渡段`,
        `The smallest high limit, ${first}, lies below the low threshold or the taper`,
      ),
    ]
  }
  if (pack.taper !== null && low.some(value => parseDecimal(value)?.gt(pack.taper?.upTo ?? '0'))) {
    yield ['taper', say('过渡段的终点低于低倍率界限', 'The taper ends below the low threshold')]
  }
}

/** Against what the ratio is taken under each reference of outlier rules. */
const REFERENCES: Readonly<Record<OutlierReference, readonly string[]>> = {
  levelStandard: ['pvRwK', 'avgRwK', 'rateRwK'],
  groupMean: ['groupMean', 'levelStandard'],
  meanFactor: ['meanFactor'],
}

function* outlierConflicts(pack: PolicyDocument): Generator<readonly [field: string, message: string]> {
  const { outliers, low, taper, high, linearBands, ratioBase } = pack
  if (outliers === null) {
    if (pack.blankGroup !== null)
      yield [
        'blankGroup',
        say(
          '只有 outliers 规定剩余病组（blankGroup）如何支付',
          'Only outliers say how the group for what is left is paid',
        ),
      ]
    return
  }
  if ((low ?? taper ?? high ?? linearBands) !== null)
    yield [
      'outliers',
      say(
        'outliers 代替 low、taper、high 和 linearBands，二者只能取一',
        'outliers replaces low, taper, high and linearBands; give one or the other',
      ),
    ]
  const rules = typeof outliers === 'string' ? outlierSets().get(outliers) : outliers
  if (rules === undefined) return
  const fitting = REFERENCES[rules.reference]
  if (!fitting.includes(ratioBase))
    yield [
      'ratioBase',
      say(
        `该偏差规则以 ${rules.reference} 为基准，应取 ${fitting.join(' 或 ')}`,
        `The outlier rules compare with ${rules.reference}: take ${fitting.join(' or ')}`,
      ),
    ]
  if (pack.blankGroup !== null && rules.blankGroup === null)
    yield [
      'blankGroup',
      say('该偏差规则没有剩余病组的系数', 'The outlier rules have no factor for the group for what is left'),
    ]
}

function* caseConflicts(pack: PolicyDocument): Generator<readonly [field: string, message: string]> {
  const asLow = Object.entries(pack.special).find(([, rule]) => rule?.mode === 'low')
  if (asLow !== undefined && !['L1', 'L2', 'L2k'].includes(pack.low?.formula ?? '')) {
    yield [
      `special.${asLow[0]}`,
      say(
        'mode: low 需要 low.formula 为 L1、L2 或 L2k：其他公式需要权重',
        'Mode low needs low.formula L1, L2 or L2k: the others need a weight',
      ),
    ]
  }
  const { los } = pack
  if (los?.short != null && los.long !== null && Number(los.short) >= Number(los.long))
    yield [
      'los',
      say('短住院界限达到长住院界限，中间没有剩下的天数', 'The short stay reaches the long one: no stay is left'),
    ]
  if (
    pack.base !== null &&
    !hasGroups(pack.base.list) &&
    !hasKeys(pack.base.factors) &&
    !pack.base.marked &&
    pack.unit === 'score'
  )
    yield [
      'base',
      say(
        '请列出病组；如用目录标注的基层病种，请写 marked',
        'Name groups, or say marked for the cases that the catalogue marks as grassroots ones',
      ),
    ]
  for (const [i, a] of pack.age.entries()) {
    const b = pack.age.slice(0, i).find(one => one.unit === a.unit && overlap(one, a))
    if (b !== undefined)
      yield [
        'age',
        say(
          `年龄段 ${a.from}–${a.to ?? '…'} 与 ${b.from}–${b.to ?? '…'} 重叠`,
          `Ages ${a.from} to ${a.to ?? '…'} overlap ages ${b.from} to ${b.to ?? '…'}`,
        ),
      ]
  }
  const { review } = pack
  const asWorth = ['standardTimes', 'excessShare', 'points'].includes(review?.outcome ?? '')
  if (review?.fundedBy === 'separate' && asWorth && pack.method !== 'rate')
    yield [
      'review',
      say(
        '单列资金按金额支付：outcome 取 cost 或 shareOfCost',
        'A separate line pays money: outcome cost or shareOfCost',
      ),
    ]
  if (review?.outcome === 'points' && pack.method === 'rate')
    yield ['review', say('method 为 rate 时没有点数；outcome 取 cost', 'Method rate has no points: outcome cost')]
  if (
    pack.review !== null &&
    pack.method !== 'rate' &&
    pack.review.ratio !== null &&
    pack.pointValue === null &&
    pack.rate === null &&
    pack.unit !== 'score'
  )
    yield [
      'review',
      say(
        '触发条件与以元计的标准比较，需要 pointValue',
        'The trigger compares with the standard in yuan, which needs pointValue',
      ),
    ]
  const items = pack.addOn.map(item => item.id)
  if (new Set(items).size < items.length) yield ['addOn', say('有两项的 id 相同', 'Two items have the same id')]
  if (pack.rules.length > 16) yield ['rules', say('最多 16 条规则', 'At most 16 rules')]
  const ids = pack.redirect.map(one => one.id)
  if (new Set(ids).size < ids.length)
    yield ['redirect', say('有两条调整的 id 相同', 'Two redirections have the same id')]
}

function hasKeys(map: object): boolean {
  return Object.keys(map).length > 0
}

function overlap(
  a: { readonly from: string; readonly to: string | null },
  b: { readonly from: string; readonly to: string | null },
): boolean {
  const end = (one: typeof a): number => (one.to === null ? Number.POSITIVE_INFINITY : Number(one.to))
  return Number(a.from) <= end(b) && Number(b.from) <= end(a)
}

function limitsOf(list: readonly (string | readonly (readonly [string | null, string])[] | null)[]): string[] {
  return list
    .filter(value => value !== null)
    .flatMap(value => (typeof value === 'string' ? [value] : value.map(([, size]) => size)))
}

/** Every low threshold that a pack states. */
export function lowThresholds({ low }: PolicyDocument): string[] {
  if (low === null) return []
  const { threshold } = low
  const stated = threshold === null || typeof threshold === 'string' ? [threshold] : Object.values(threshold)
  return limitsOf([...stated, low.bands, ...Object.values(low.byLevel ?? {}), ...Object.values(low.byGroup ?? {})])
}

/** Every high limit that a pack states. */
export function highLimits({ high }: PolicyDocument): string[] {
  if (high === null) return []
  const { limit, bands, byLevel, byScheme, byGroup } = high
  return limitsOf([
    limit,
    bands,
    ...Object.values(byLevel ?? {}),
    ...Object.values(byScheme ?? {}),
    ...Object.values(byGroup ?? {}),
  ])
}
