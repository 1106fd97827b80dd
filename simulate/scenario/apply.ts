import { textOf } from '../../files/index.ts'
import { Fault, nearest, someOf, type Text } from '../../messages/index.ts'
import { parseDecimal } from '../../numbers/index.ts'
import { placeIn } from '../place.ts'
import type { PolicyDocument } from '../policy/document.ts'
import { BRANCHES, deepFreeze, OPEN, type Parameters } from './parameters.ts'
import { allPaths, matchPaths, valueAt, withValue } from './path.ts'
import { isDated, valueIn } from './period.ts'
import { layersOf, parseFactor, type Scenario } from './scenario.ts'
import { type Labels, unmatched } from './where.ts'

type Section = 'set' | 'scale'

/** A stretch of the settlement year in which a scenario's parameters stay the same. */
export interface Segment {
  /** Months 'YYYY-MM' in order. */
  readonly months: readonly string[]
  readonly parameters: Parameters
}

/** The parameters under a scenario for the months of a year, neighbours in one segment where they are the same. */
export function segmentsOf(baseline: Parameters, scenario: Scenario, months: readonly string[]): readonly Segment[] {
  const segments = cut(baseline, scenario, months)
  if (segments.some(({ parameters }) => parameters.policy.reclassifyAtYearEnd)) throw reclassifies(scenario)
  return segments
}

function cut(baseline: Parameters, scenario: Scenario, months: readonly string[]): readonly Segment[] {
  const layers = layersOf(scenario)
  const isDatedAnywhere = layers.some(layer => [...entriesOf(layer)].some(({ value }) => isDated(value)))
  if (!isDatedAnywhere) {
    const [month] = months
    if (month === undefined) return []
    return [{ months, parameters: layers.reduce((tree, layer) => applyLayer(tree, layer, month), baseline) }]
  }
  const byParameters = Map.groupBy(months, month =>
    JSON.stringify(
      layers.map(layer =>
        [layer.set, layer.scale].map(entries => Object.values(entries).map(one => holdsIn(one, month))),
      ),
    ),
  )
  const segments = [...byParameters.values()].map(
    (own): Segment => ({
      months: own,
      parameters: layers.reduce((tree, layer) => applyLayer(tree, layer, own[0]!), baseline),
    }),
  )
  for (const layer of layers) {
    for (const { section, pattern, value } of entriesOf(layer)) {
      if (!isDated(value)) continue
      if (months.every(month => valueIn(value, month) === undefined)) throw outsideYear(layer, section, pattern, months)
      if (segments.length > 1 && isForYear(pattern)) throw withinYear(layer, section, pattern)
    }
  }
  return segments
}

/** A value in a month; a key of the value where it is dated, so that months compare by period. */
function holdsIn(value: unknown, month: string): unknown {
  return isDated(value) ? { value: valueIn(value, month) } : 'always'
}

function* entriesOf(
  scenario: Scenario,
): Generator<{ readonly section: Section; readonly pattern: string; readonly value: unknown }> {
  for (const section of ['set', 'scale'] as const) {
    for (const [pattern, value] of Object.entries(scenario[section])) yield { section, pattern, value }
  }
}

function applyLayer(baseline: Parameters, scenario: Scenario, month: string): Parameters {
  let tree = baseline
  // A change may need another of the same scenario: outlier rules with their ratio base. Only what is left at the end counts.
  let open: { readonly branch: keyof Parameters; readonly fault: Fault } | undefined
  for (const { section, pattern, value: given } of entriesOf(scenario)) {
    const paths = matchPaths(tree, pattern, section === 'set' ? OPEN : [])
    if (paths.length === 0) throw open?.fault ?? unknownPath(scenario, section, pattern, tree)
    for (const path of paths) {
      const why = WITHOUT_EFFECT[path.slice(0, 2).join('.')]
      if (why !== undefined) throw withoutEffect(scenario, section, pattern, why)
    }
    const value = valueIn(given, month)
    if (value === undefined) continue
    for (const path of paths) {
      const next =
        section === 'set' ? structuredClone(value) : scaled(scenario, pattern, valueAt(tree, path), String(value))
      tree = withValue(tree, path, next)
    }
    // Checked after every change, so that the fault names the change that caused it.
    const branch = paths[0]![0] as keyof Parameters
    const found = check(tree, branch, scenario, section, pattern)
    if (found instanceof Fault) open ??= { branch, fault: found }
    else {
      tree = found
      if (open?.branch === branch) open = undefined
    }
  }
  if (open !== undefined) throw open.fault
  for (const { section, pattern } of entriesOf(scenario)) {
    const why = idleUnder(tree.policy, pattern)
    if (why !== undefined) throw withoutEffect(scenario, section, pattern, why)
  }
  return deepFreeze(tree)
}

function scaled(scenario: Scenario, pattern: string, before: unknown, text: string): string {
  const number = typeof before === 'string' ? parseDecimal(before) : undefined
  const factor = parseFactor(text)
  if (number === undefined || factor === undefined) throw notANumber(scenario, pattern)
  const after = number.times(factor)
  // Money stays money: whole fen, half up.
  return pattern.startsWith('budget.') ? after.toFixed(2) : after.toFixed()
}

/** The tree with one branch checked and completed, or what is wrong with it; the others are unchanged since they were. */
function check(
  tree: Parameters,
  branch: keyof Parameters,
  scenario: Scenario,
  section: Section,
  pattern: string,
): Parameters | Fault {
  const result = BRANCHES[branch].safeParse(tree[branch])
  if (!result.success) {
    const [issue] = result.error.issues
    return wrongValue(scenario, section, pattern, issue && { ...issue, path: [branch, ...issue.path] })
  }
  return { ...tree, [branch]: result.data }
}

/** What the changes of a scenario name and the region does not have; `known` gives the labels by part. */
export function checkLabels(scenario: Scenario, parameters: Parameters, known: Labels): void {
  const parts = Object.entries(parameters.changes).flatMap(([name, change]) => [
    { name, where: change.where, section: 'where' },
    ...(change.kind === 'transfer' ? [{ name, where: change.to, section: 'to' }] : []),
  ])
  const groups = Object.keys(parameters.weights.group)
  for (const { name, where, section } of parts) {
    const lost = unmatched(where, known)
    if (lost !== undefined) throw noSuchLabel(scenario, `changes.${name}`, `${section}.${lost.part}`, lost)
  }
  const lost = unmatched({ group: groups }, known)
  if (lost !== undefined) throw noSuchLabel(scenario, `weights.group.${lost.word}`, 'group', lost)
}

function place(scenario: Scenario, section: string, pattern: string): Fault['at'] {
  return placeIn(scenario.file, [section, pattern])
}

const FOR_READERS: Text = {
  zh: '它只供阅读，不参与计算',
  en: 'it is for readers and takes no part in the calculation',
}
/** Parameters that no figure of a comparison depends on, and why. */
const AFTER_DUES: Text = {
  zh: '它只影响月度预拨和清算，情景比较的是全年应付',
  en: 'it moves monthly payments and clearing only, and scenarios compare the dues of the year',
}
const WITHOUT_EFFECT: Readonly<Record<string, Text>> = {
  ...Object.fromEntries(
    ['id', 'version', 'title', 'validFrom', 'validTo', 'policyBasis', 'documentedJumps', 'monotone'].map(key => [
      `policy.${key}`,
      FOR_READERS,
    ]),
  ),
  'policy.scheme': {
    zh: '病例已按地区文件的方案分组，情景不会重新分组',
    en: 'the cases are grouped by the scheme of the region file, and a scenario does not group them again',
  },
  ...Object.fromEntries(['cycle', 'appraisal', 'control', 'sharing'].map(key => [`policy.${key}`, AFTER_DUES])),
}

/** Why a parameter is idle under the rest of the policy as the scenario leaves it; undefined: it is not. */
function idleUnder(policy: PolicyDocument, pattern: string): Text | undefined {
  const [first, key] = pattern.split('.')
  if (first !== 'policy') return undefined
  if (key === 'pointValue' && !policy.ratioBase.startsWith('pv')) {
    return {
      zh: 'ratioBase 不用年初点值时，它只用于月度预拨',
      en: 'unless ratioBase takes it, it prices the monthly payments only',
    }
  }
  if (key === 'payRatio' && policy.patientShare === 'subtract')
    return {
      zh: '只有比例法（patientShare: ratio）用到它',
      en: 'only the ratio convention (patientShare: ratio) uses it',
    }
  if (key === 'coefficient' && policy.coefficient.ladder !== null)
    return {
      zh: '阶梯系数按本地病例计算一次，情景不再推导',
      en: 'a ladder is worked out once from the cases of the region; change coefficient.* instead',
    }
  const names = [
    policy.base?.list,
    policy.base?.factors,
    policy.coefficient.table,
    policy.meanFactor,
    policy.groupMeans,
  ]
  if (
    ['base', 'coefficient', 'meanFactor', 'groupMeans'].includes(key ?? '') &&
    names.some(node => typeof node === 'object' && node !== null && 'file' in node)
  )
    return { zh: '情景不读取附表文件', en: 'a scenario reads no side tables' }
  return undefined
}

function withoutEffect(scenario: Scenario, section: string, pattern: string, why: Text): Fault {
  return new Fault({
    code: 'SCN-006',
    at: place(scenario, section, pattern),
    what: { zh: `${pattern} 不会改变结果：${why.zh}。`, en: `${pattern} cannot change a result: ${why.en}.` },
    fix: {
      zh: '请删除这一行；附表请直接写出其中的值。',
      en: 'Remove the line; write the values of a table themselves.',
    },
  })
}

function unknownPath(scenario: Scenario, section: string, pattern: string, tree: unknown): Fault {
  const paths = allPaths(tree)
  const hospital = /^hospital\.([^.*]+)\./.exec(pattern)?.[1]
  const hospitals = [...new Set(paths.flatMap(path => /^hospital\.([^.]+)\./.exec(path)?.[1] ?? []))]
  // A neighbour's code is no misspelling: another hospital would be changed.
  if (hospital !== undefined && hospitals.length > 0 && !hospitals.includes(hospital)) {
    const some = someOf(hospitals)
    return new Fault({
      code: 'SCN-001',
      at: place(scenario, section, pattern),
      what: {
        zh: `没有参数 ${pattern}：地区中没有医疗机构 ${hospital} 的病例。`,
        en: `There is no parameter ${pattern}: the region has no case of hospital ${hospital}.`,
      },
      fix: { zh: `有病例的机构：${some.zh}。`, en: `Hospitals with cases: ${some.en}.` },
    })
  }
  const near = paths.filter(path => isNeighbour(pattern, path))
  const some = someOf(near)
  const guess = nearest(pattern, paths)
  return new Fault({
    code: 'SCN-001',
    at: place(scenario, section, pattern),
    what: { zh: `没有参数 ${pattern}。`, en: `There is no parameter ${pattern}.` },
    fix:
      near.length > 0
        ? { zh: `可用的有：${some.zh}。`, en: `There are ${some.en}.` }
        : guess === undefined
          ? { zh: '可用参数见 docs/scenarios.md。', en: 'docs/scenarios.md lists the parameters.' }
          : { zh: `是否要写 ${guess}？`, en: `Did you mean ${guess}?` },
  })
}

/** Whether a path is another only by a code of digits, such as that of an insurance. */
function isNeighbour(pattern: string, path: string): boolean {
  const [ours, theirs] = [pattern.split('.'), path.split('.')]
  return ours.length === theirs.length && ours.every((part, i) => part === theirs[i] || /^\d+$/.test(part))
}

function wrongValue(
  scenario: Scenario,
  section: string,
  pattern: string,
  issue: { message: string; path: PropertyKey[] } | undefined,
): Fault {
  const field = issue?.path.join('.') ?? pattern
  const message = textOf(issue?.message ?? '')
  return new Fault({
    code: 'SCN-002',
    at: place(scenario, section, pattern),
    what: {
      zh: `改动后 ${field} 不符合要求：${message.zh}。`,
      en: `After the change ${field} is not valid: ${message.en}.`,
    },
    fix: { zh: '请按 docs/policy-format.md 改正该值。', en: 'Correct the value as docs/policy-format.md says.' },
  })
}

function notANumber(scenario: Scenario, pattern: string): Fault {
  return new Fault({
    code: 'SCN-003',
    at: place(scenario, 'scale', pattern),
    what: { zh: `${pattern} 不是数值，不能按比例调整。`, en: `${pattern} is not a number and cannot be scaled.` },
    fix: {
      zh: '请用 set 写出新值，或指向其中的一个数值。',
      en: 'Use set to write the new value, or name a number inside it.',
    },
  })
}

/** Parameters of the year's account: they hold for all its months. */
function isForYear(pattern: string): boolean {
  const [first, second = ''] = pattern.split('.')
  const account = [
    'method',
    'scale',
    'patientShare',
    'payRatio',
    'negativeDue',
    'pools',
    'pvMin',
    'pvMax',
    'pvDecimals',
    'pvRounding',
    'ratioLevel',
    'closeRatio',
    'reclassifyAtYearEnd',
  ]
  return (
    first === 'budget' ||
    first === 'scheme' ||
    pattern === 'weights.from' ||
    (first === 'policy' && account.includes(second))
  )
}

function outsideYear(scenario: Scenario, section: Section, pattern: string, months: readonly string[]): Fault {
  const [from = '', to = ''] = [months[0], months.at(-1)]
  return new Fault({
    code: 'SCN-010',
    at: place(scenario, section, pattern),
    what: {
      zh: `${pattern} 的时段都不在结算年度（${from} 至 ${to}）内。`,
      en: `No period of ${pattern} lies within the year of settlement (${from} to ${to}).`,
    },
    fix: {
      zh: '请补上该年度的时段，或不写时段。',
      en: 'Add a period of that year, or write the value without periods.',
    },
  })
}

/** Classes that follow from the point value, and so from the budget, cannot be kept between scenarios. */
function reclassifies(scenario: Scenario): Fault {
  return new Fault({
    code: 'SCN-016',
    at: { file: scenario.file, field: 'policy.reclassifyAtYearEnd' },
    what: {
      zh: '政策按年终点值重新判定类别（reclassifyAtYearEnd），情景模拟不支持。',
      en: 'The policy decides classes again by the final point value (reclassifyAtYearEnd); scenarios cannot do that.',
    },
    fix: {
      zh: '请在政策中去掉 reclassifyAtYearEnd 再模拟，或用 settle 逐个结算。',
      en: 'Leave reclassifyAtYearEnd out of the policy for scenarios, or settle each case with settle.',
    },
  })
}

function withinYear(scenario: Scenario, section: Section, pattern: string): Fault {
  return new Fault({
    code: 'SCN-011',
    at: place(scenario, section, pattern),
    what: {
      zh: `${pattern} 按年核算，不能在年中改变。`,
      en: `${pattern} belongs to the account of the year and cannot change within it.`,
    },
    fix: { zh: '请写整年的值，例如 {"2026": …}。', en: 'Give one value for the year, such as {"2026": …}.' },
  })
}

function noSuchLabel(
  scenario: Scenario,
  pattern: string,
  field: string,
  { word, candidates }: { readonly word: string; readonly candidates: readonly string[] },
): Fault {
  const guess = nearest(word, candidates)
  const sample = candidates.slice(0, 5).join(', ')
  return new Fault({
    code: 'SCN-012',
    at: { ...place(scenario, 'set', pattern), field: `${pattern}.${field}` },
    what: { zh: `该地区没有“${word}”。`, en: `The region has no "${word}".` },
    fix:
      guess === undefined
        ? { zh: `已知的有：${sample} 等。`, en: `It knows ${sample} and others.` }
        : { zh: `是否要写 ${guess}？`, en: `Did you mean ${guess}?` },
  })
}
