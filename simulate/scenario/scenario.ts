import { z } from 'zod'
import { readDocument } from '../../files/index.ts'
import { Fault, type Text } from '../../messages/index.ts'
import { type Decimal, parseDecimal } from '../../numbers/index.ts'
import { placeIn } from '../place.ts'
import type { PolicyDocument } from '../policy/document.ts'
import { deepFreeze, PARAMETERS, type Parameters } from './parameters.ts'
import { allPaths, matchPaths, nearest, valueAt, withValue } from './path.ts'

/** A change of parameters, as its file states it. */
export interface Scenario {
  readonly file: string
  readonly title: Text
  readonly description: string | null
  readonly reference: readonly { readonly title: string; readonly href?: string | undefined }[]
  /** New values by path. Applied first, in file order. */
  readonly set: Readonly<Record<string, unknown>>
  /** `+5%`, `-3%` or `*1.05` by path. Applied to the result of `set`. */
  readonly scale: Readonly<Record<string, string>>
}

const word = z.string().min(1)
const SCHEMA: z.ZodType<Omit<Scenario, 'file'>> = z.strictObject({
  title: z.strictObject({ zh: word, en: word }),
  description: z.string().nullable().default(null),
  reference: z.array(z.strictObject({ title: word, href: word.optional() })).default([]),
  set: z.record(word, z.unknown()).default({}),
  scale: z
    .record(
      word,
      z
        .string({ error: 'Write "+5%", "-3%" or "*1.05", in quotes' })
        .refine(text => parseFactor(text) !== undefined, 'Write "+5%", "-3%" or "*1.05"'),
    )
    .default({}),
})

/** Reads a scenario file. Whether its paths exist is known once there is a baseline: see `applyScenario`. */
export function readScenario(file: string): Scenario {
  return deepFreeze({ file, ...readDocument(file, SCHEMA) })
}

/** The parameters under a scenario; the baseline's own stay as they are. */
export function applyScenario(baseline: Parameters, scenario: Scenario): Parameters {
  let tree = baseline
  const change = (section: 'set' | 'scale', pattern: string, next: (before: unknown) => unknown): void => {
    const paths = matchPaths(tree, pattern)
    if (paths.length === 0) throw unknownPath(scenario, section, pattern, tree)
    for (const path of paths) {
      const why = WITHOUT_EFFECT[path.slice(0, 2).join('.')]
      if (why !== undefined) throw withoutEffect(scenario, section, pattern, why)
    }
    for (const path of paths) tree = withValue(tree, path, next(valueAt(tree, path)))
    // Checked after every change, so that the fault names the change that caused it.
    const checked = PARAMETERS.safeParse(tree)
    if (!checked.success) throw wrongValue(scenario, section, pattern, checked.error.issues[0])
  }
  for (const [pattern, value] of Object.entries(scenario.set)) change('set', pattern, () => structuredClone(value))
  for (const [pattern, text] of Object.entries(scenario.scale)) {
    const factor = parseFactor(text)
    change('scale', pattern, before => {
      const number = typeof before === 'string' ? parseDecimal(before) : undefined
      if (number === undefined || factor === undefined) throw notANumber(scenario, pattern)
      const scaled = number.times(factor)
      // Money stays money: whole fen, half up.
      return pattern.startsWith('budget.') ? scaled.toFixed(2) : scaled.toFixed()
    })
  }
  for (const [section, patterns] of [
    ['set', scenario.set],
    ['scale', scenario.scale],
  ] as const) {
    for (const pattern of Object.keys(patterns)) {
      const why = idleUnder(tree.policy, pattern)
      if (why !== undefined) throw withoutEffect(scenario, section, pattern, why)
    }
  }
  return deepFreeze(PARAMETERS.parse(tree))
}

/** The factor that a scaling text means: '+5%' → 1.05, '*1.05' → 1.05; undefined when it is neither. */
export function parseFactor(text: string): Decimal | undefined {
  const percent = /^([+-]\d+(?:\.\d+)?)%$/.exec(text)
  if (percent !== null) {
    const factor = parseDecimal(percent[1] ?? '')
      ?.div(100)
      .plus(1)
    return factor?.isNegative() === true ? undefined : factor
  }
  const times = /^\*(\d+(?:\.\d+)?)$/.exec(text)
  return times === null ? undefined : parseDecimal(times[1] ?? '')
}

function place(scenario: Scenario, section: string, pattern: string): Fault['at'] {
  return placeIn(scenario.file, [section, pattern])
}

const FOR_READERS: Text = {
  zh: '它只供阅读，不参与计算',
  en: 'it is for readers and takes no part in the calculation',
}
/** Parameters that no figure of a comparison depends on, and why. */
const WITHOUT_EFFECT: Readonly<Record<string, Text>> = {
  ...Object.fromEntries(
    ['id', 'version', 'title', 'validFrom', 'validTo', 'policyBasis', 'documentedJumps'].map(key => [
      `policy.${key}`,
      FOR_READERS,
    ]),
  ),
  'policy.scheme': {
    zh: '病例已按地区文件的方案分组，情景不会重新分组',
    en: 'the cases are grouped by the scheme of the region file, and a scenario does not group them again',
  },
  'policy.cycle': {
    zh: '它只影响月度预拨和清算，情景比较的是全年应付',
    en: 'it moves monthly payments and clearing only, and scenarios compare the dues of the year',
  },
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
  const names = [policy.base?.list, policy.coefficient.table]
  if (
    (key === 'base' || key === 'coefficient') &&
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
  const guess = nearest(pattern, allPaths(tree))
  return new Fault({
    code: 'SCN-001',
    at: place(scenario, section, pattern),
    what: { zh: `没有参数 ${pattern}。`, en: `There is no parameter ${pattern}.` },
    fix:
      guess === undefined
        ? { zh: '可用参数见 docs/settlement.md。', en: 'docs/settlement.md lists the parameters.' }
        : { zh: `是否要写 ${guess}？`, en: `Did you mean ${guess}?` },
  })
}

function wrongValue(
  scenario: Scenario,
  section: string,
  pattern: string,
  issue: { message: string; path: PropertyKey[] } | undefined,
): Fault {
  const field = issue?.path.join('.') ?? pattern
  const message = issue?.message ?? ''
  return new Fault({
    code: 'SCN-002',
    at: place(scenario, section, pattern),
    what: { zh: `改动后 ${field} 不符合要求：${message}。`, en: `After the change ${field} is not valid: ${message}.` },
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
