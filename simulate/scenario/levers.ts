import type { Text } from '../../messages/index.ts'

/** What a parameter of the tree means to a reader. */
export interface Lever {
  /** Pattern of its path; `*` stands for one part, a last `**` for any rest. */
  readonly pattern: string
  readonly label: Text
  readonly unit: Text
}

const NONE: Text = { zh: '–', en: '–' }
const FACTOR: Text = { zh: '倍', en: 'times' }
const YUAN: Text = { zh: '元', en: 'yuan' }
const SHARE: Text = { zh: '比例', en: 'share' }
const RATIO: Text = { zh: '倍率', en: 'ratio' }
const DAYS: Text = { zh: '天', en: 'days' }
const POINT_VALUE: Text = { zh: '元/点', en: 'yuan per point' }

function lever(pattern: string, zh: string, en: string, unit: Text = NONE): Lever {
  return { pattern, label: { zh, en }, unit }
}

/** Labels and units of the parameters, the most exact first. */
const LEVERS: readonly Lever[] = [
  lever('scheme', '分组方案', 'grouping scheme'),
  lever('budget.*.fund', '基金预算', 'fund budget', YUAN),
  lever('coefficient.flatten', '医院系数向 1 收拢的程度', 'how far coefficients are drawn to 1', SHARE),
  lever('coefficient.level.*', '该级别医院系数的倍数', 'factor on the coefficients of a level', FACTOR),
  lever('weights.scale', '全部权重的倍数', 'factor on all weights', FACTOR),
  lever('weights.group.*', '病组权重的倍数', 'factor on the weights of groups', FACTOR),
  lever('weights.balance', '权重调整后总权重是否保持', 'whether the total weight is kept'),
  lever('weights.from', '权重来自基线还是按情景病例重新测算', 'weights of the baseline, or derived again'),
  lever('region.volume', '全部病例数的倍数', 'factor on all cases', FACTOR),
  lever('region.cost', '全部费用的倍数', 'factor on all costs', FACTOR),
  lever('level.*.volume', '该级别病例数的倍数', 'factor on the cases of a level', FACTOR),
  lever('level.*.cost', '该级别费用的倍数', 'factor on the costs of a level', FACTOR),
  lever('insurance.*.volume', '该险种病例数的倍数', 'factor on the cases of an insurance', FACTOR),
  lever('insurance.*.cost', '该险种费用的倍数', 'factor on the costs of an insurance', FACTOR),
  lever('hospital.*.volume', '该机构病例数的倍数', 'factor on the cases of a hospital', FACTOR),
  lever('hospital.*.cost', '该机构费用的倍数', 'factor on the costs of a hospital', FACTOR),
  lever('changes.*.factor', '病例变化的倍数', 'factor of a change of cases', FACTOR),
  lever('changes.*.share', '病例变化涉及的比例', 'share of a change of cases', SHARE),
  lever('changes.**', '病例变化', 'change of the cases'),
  lever('policy.method', '结算方式', 'method of settlement'),
  lever('policy.scale', '每单位权重的点数', 'points per unit of weight'),
  lever('policy.avgCost', '次均费用', 'mean cost', YUAN),
  lever('policy.pointValue.**', '年初点值', 'year-start point value', POINT_VALUE),
  lever('policy.pointValue', '年初点值', 'year-start point value', POINT_VALUE),
  lever('policy.rate.**', '费率', 'rate', YUAN),
  lever('policy.rate', '费率', 'rate', YUAN),
  lever('policy.ratioBase', '倍率的分母', 'base of the cost ratio'),
  lever('policy.low.threshold.**', '低倍率界值', 'low threshold', RATIO),
  lever('policy.low.threshold', '低倍率界值', 'low threshold', RATIO),
  lever('policy.low.op', '低倍率界值的边界', 'boundary of the low threshold'),
  lever('policy.low.formula', '低倍率公式', 'formula of low-cost cases'),
  lever('policy.low.**', '低倍率规则', 'rule for low-cost cases'),
  lever('policy.low', '低倍率规则', 'rule for low-cost cases'),
  lever('policy.taper.upTo', '过渡段上界', 'upper end of the taper', RATIO),
  lever('policy.taper.**', '过渡段规则', 'taper'),
  lever('policy.high.limit', '高倍率界值', 'high limit', RATIO),
  lever('policy.high.bands', '按权重的高倍率界值', 'high limits by weight', RATIO),
  lever('policy.high.op', '高倍率界值的边界', 'boundary of the high limit'),
  lever('policy.high.formula', '高倍率公式', 'formula of high-cost cases'),
  lever('policy.high.**', '高倍率规则', 'rule for high-cost cases'),
  lever('policy.high', '高倍率规则', 'rule for high-cost cases'),
  lever('policy.linearBands', '费用分段', 'cost bands'),
  lever('policy.special.**', '未入组和歧义病例的支付', 'payment of cases without a group'),
  lever('policy.los.**', '住院天数规则', 'rule for the length of stay'),
  lever('policy.los', '住院天数规则', 'rule for the length of stay'),
  lever('policy.unstable.**', '非稳定病组的支付', 'payment of unstable groups'),
  lever('policy.provisionalWeights.**', '新增病组的暂定权重', 'provisional weights of new groups'),
  lever('policy.control.**', '机构总额控制', 'control totals of institutions'),
  lever('policy.base.list', '基础病组目录', 'list of base groups'),
  lever('policy.base.**', '基础病组规则', 'rule for base groups'),
  lever('policy.base', '基础病组规则', 'rule for base groups'),
  lever('policy.perDiem.**', '床日规则', 'rule for payment by the day'),
  lever('policy.longStay.standardDays', '长住院标准所按天数', 'days of the standard of a long stay', DAYS),
  lever('policy.longStay.**', '长住院规则', 'rule for long-stay groups'),
  lever('policy.earlyDeath.**', '早期死亡或转院规则', 'rule for early death or transfer'),
  lever('policy.daySurgery.**', '日间手术规则', 'rule for day surgery'),
  lever('policy.age.**', '年龄系数', 'age bands'),
  lever('policy.tcm.**', '中医优势病种', 'Chinese-medicine groups'),
  lever('policy.addOn.**', '除外支付项目', 'items paid on top'),
  lever('policy.readmission.**', '再次住院规则', 'rule for readmissions'),
  lever('policy.volumeCap.**', '总控人次', 'volume cap'),
  lever('policy.redirect.**', '参照支付', 'redirections'),
  lever('policy.rules.**', '本地规则', 'own rules'),
  lever('policy.outliers.**', 'DIP 费用异常规则', 'outlier rules of DIP'),
  lever('policy.auxiliary.**', '辅助分型', 'auxiliary types'),
  lever('policy.meanFactor.**', '均次费用系数', 'mean-cost factor', POINT_VALUE),
  lever('policy.groupMeans.**', '上年病组均费', 'earlier means of groups', YUAN),
  lever('policy.linearBands.**', '费用分段', 'cost bands'),
  lever('policy.elastic.**', '弹性费率', 'elastic rate'),
  lever('policy.scheme', '适用的分组方案', 'scheme that it is written for'),
  lever('policy.monotone', '费用越高支付不减', 'a dearer case never earns less'),
  lever('policy.cycle.theta', '月度预拨比例', 'share paid monthly', SHARE),
  lever('policy.cycle.deposit', '质量保证金比例', 'quality deposit', SHARE),
  lever('policy.cycle.**', '月度预拨与清算', 'months and clearing'),
  lever('policy.appraisal.**', '考核', 'appraisal'),
  lever('policy.sharing.**', '结余留用与超支分担', 'sharing of surplus and overspend'),
  lever('policy.coefficient.kind', '系数种类', 'kind of coefficient'),
  lever('policy.coefficient.**', '医院系数', 'hospital coefficients'),
  lever('policy.review.**', '特例单议', 'special-case review'),
  lever('policy.patientShare', '患者支付的处理', 'treatment of patient payments'),
  lever('policy.payRatio', '基金支付比例', "the fund's share", SHARE),
  lever('policy.ratioLevel', '基金支付比例的口径', 'whose share of the fund counts'),
  lever('policy.pvMin.**', '点值下限', 'floor of the point value', POINT_VALUE),
  lever('policy.pvMin', '点值下限', 'floor of the point value', POINT_VALUE),
  lever('policy.pvMax.**', '点值上限', 'ceiling of the point value', POINT_VALUE),
  lever('policy.pvMax', '点值上限', 'ceiling of the point value', POINT_VALUE),
  lever('policy.pvDecimals', '点值小数位数', 'places of the point value'),
  lever('policy.elastic', '弹性费率', 'elastic rate'),
  lever('policy.negativeDue', '应付为负的处理', 'treatment of a negative due'),
  lever('policy.pools', '基金池的划分', 'pools'),
  lever('policy.unit', '计点单位（权重或分值）', 'unit of points: weights or scores'),
  lever('policy.blankGroup.**', '无权重病组的支付', 'payment of groups without a weight'),
  lever('policy.rounding.**', '点数与金额的取舍', 'rounding of points and money'),
  lever('policy.closeRatio', '比例法是否轧平预算', 'whether the ratio convention closes to the budget'),
  lever('policy.pvRounding', '点值的取舍', 'rounding of the point value'),
  lever('policy.reclassifyAtYearEnd', '年末点值是否重新归类', 'whether the final point value classes cases again'),
]

/** Label and unit of a path; the path itself where nothing is known. */
export function leverOf(path: string): Lever {
  const parts = path.split('.')
  const found = LEVERS.find(({ pattern }) => {
    const wanted = pattern.split('.')
    const open = wanted.at(-1) === '**'
    const fixed = open ? wanted.slice(0, -1) : wanted
    return (
      (open ? parts.length >= fixed.length : parts.length === fixed.length) &&
      fixed.every((part, i) => part === '*' || part === parts[i])
    )
  })
  return found ?? { pattern: path, label: { zh: path, en: path }, unit: NONE }
}
