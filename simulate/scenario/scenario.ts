import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { home, readDocument, say } from '../../files/index.ts'
import { Fault, type Text } from '../../messages/index.ts'
import { type Decimal, parseDecimal } from '../../numbers/index.ts'
import { placeIn } from '../place.ts'
import { deepFreeze } from './parameters.ts'
import { isDated, periodProblem } from './period.ts'

/** A document that a change rests on. */
export interface Reference {
  readonly title: string
  readonly href?: string | undefined
}

/** A figure that a scenario assumes, where it sets it, and what it might be instead. */
export interface Assumption {
  readonly figure: Text
  /** A key of `set` and the fields below it; null: the figure stands in no one place. */
  readonly path: string | null
  readonly low: string | null
  readonly high: string | null
  readonly source: Text
  readonly confidence: 'P' | 'R' | 'S' | 'C' | 'A'
}

/** A change of parameters, as its file states it. */
export interface Scenario {
  readonly file: string
  readonly title: Text
  readonly author: string | null
  /** Id of the region or policy that it was written for; null: any. */
  readonly baseline: string | null
  readonly description: Text | null
  readonly reference: readonly Reference[]
  /** Figures that nobody has measured, with what they might be instead. */
  readonly assumptions: readonly Assumption[]
  /** Date on which it was written, YYYY-MM-DD. */
  readonly date: string | null
  /** Scenarios that are applied first, in this order. */
  readonly stack: readonly Scenario[]
  /** New values by path. Applied first, in file order. A value may be a map by period. */
  readonly set: Readonly<Record<string, unknown>>
  /** `+5%`, `-3%` or `*1.05` by path. Applied to the result of `set`. */
  readonly scale: Readonly<Record<string, unknown>>
}

type Document = Omit<Scenario, 'file' | 'stack'> & { readonly stack: readonly string[] }

const word = z.string().min(1)
const text = z.strictObject({ zh: word, en: word })
const numeral = z.string({
  error: say('数值写成带引号的小数，如 "0.3"', 'A number is written as a decimal in quotes, such as "0.3"'),
})
const SCALING = say('请写带引号的 "+5%"、"-3%" 或 "*1.05"', 'Write "+5%", "-3%" or "*1.05", in quotes')
const scaling = z.string({ error: SCALING }).refine(value => parseFactor(value) !== undefined, SCALING)
const dated = z.record(word, z.unknown()).superRefine((value, context) => {
  const problem = isDated(value) ? periodProblem(value) : undefined
  if (problem === undefined) return
  const message = say(
    `时段 ${problem} 与其他时段重叠，或不是时段；请写 2026、2026-03-01 或 2026-03-01.2026-05-31`,
    `Period ${problem} overlaps another or is none; write 2026, 2026-03-01 or 2026-03-01.2026-05-31`,
  )
  context.addIssue({ code: 'custom', message, path: [problem] })
})
const SCHEMA: z.ZodType<Document> = z.strictObject({
  title: text,
  author: word.nullable().default(null),
  baseline: word.nullable().default(null),
  description: z
    .union([word.transform(both => ({ zh: both, en: both })), text], {
      error: say('请写一段文字，或 {zh: …, en: …}', 'Write a text, or {zh: …, en: …}'),
    })
    .nullable()
    .default(null),
  reference: z.array(z.strictObject({ title: word, href: word.optional() })).default([]),
  assumptions: z
    .array(
      z.strictObject({
        figure: text,
        path: word.nullable().default(null),
        low: numeral.nullable().default(null),
        high: numeral.nullable().default(null),
        source: text,
        confidence: z.enum(['P', 'R', 'S', 'C', 'A']),
      }),
    )
    .default([]),
  date: z
    .string()
    .regex(
      /^\d{4}-\d\d-\d\d$/,
      say('须为带引号的日期，如 "2026-01-01"', 'Must be a date such as "2026-01-01", in quotes'),
    )
    .nullable()
    .default(null),
  stack: z.array(word).default([]),
  set: z.record(word, z.union([dated, z.unknown()])).default({}),
  scale: z.record(word, z.union([scaling, z.record(word, scaling)], { error: SCALING })).default({}),
}) as unknown as z.ZodType<Document>

/**
 * Reads a scenario file with those that it stacks upon: files beside it, or the names of shipped ones. Whether its paths
 * exist is known once there is a baseline: see `applyScenario`.
 */
export function readScenario(file: string, above: readonly string[] = []): Scenario {
  const path = resolve(file)
  const { stack, ...document } = readDocument(file, SCHEMA)
  for (const section of ['set', 'scale'] as const) {
    for (const [pattern, value] of Object.entries(document[section])) {
      const problem = isDated(value) ? periodProblem(value) : undefined
      if (problem !== undefined) throw wrongPeriod(file, section, pattern, problem)
    }
  }
  const below = stackOf(file, stack, dirname(path)).map((found, i) => {
    if ([...above, path].includes(found)) throw cyclic(file, i, stack[i]!)
    return readScenario(found, [...above, path])
  })
  return deepFreeze({ file, ...document, stack: below })
}

/** The paths of the scenarios that a file's `stack` names: files of the folder, or shipped ones. */
export function stackOf(file: string, stack: readonly string[], folder: string): string[] {
  return stack.map((name, i) => {
    const found = stackedFile(name, folder)
    if (found === undefined) throw notFound(file, i, name)
    return found
  })
}

/** The path of a scenario named by another file: beside it, or a shipped one. */
export function stackedFile(name: string, folder: string): string | undefined {
  const names = /\.ya?ml$/.test(name) ? [name] : [`${name}.yaml`, `${name}.yml`]
  const folders = [folder, home('policies', 'scenarios'), home('policies', 'scenarios', 'questions')]
  return folders.flatMap(one => names.map(each => resolve(join(one, each)))).find(path => existsSync(path))
}

/** A scenario with those below it, in order of application. */
export function layersOf(scenario: Scenario): readonly Scenario[] {
  return [...scenario.stack.flatMap(layersOf), scenario]
}

/** The factor that a scaling text means: '+5%' → 1.05, '*1.05' → 1.05; undefined when it is neither. */
export function parseFactor(value: string): Decimal | undefined {
  const percent = /^([+-]\d+(?:\.\d+)?)%$/.exec(value)
  if (percent !== null) {
    const factor = parseDecimal(percent[1] ?? '')
      ?.div(100)
      .plus(1)
    return factor?.isNegative() === true ? undefined : factor
  }
  const times = /^\*(\d+(?:\.\d+)?)$/.exec(value)
  return times === null ? undefined : parseDecimal(times[1] ?? '')
}

function wrongPeriod(file: string, section: string, pattern: string, period: string): Fault {
  return new Fault({
    code: 'SCN-007',
    at: placeIn(file, [section, pattern, period]),
    what: {
      zh: `${pattern} 的时段“${period}”无效，或与另一时段重叠。`,
      en: `Period "${period}" of ${pattern} is none, or overlaps another.`,
    },
    fix: {
      zh: '请写 "2026"（全年）、"2026-03-01"（从该月起）或 "2026-03-01.2026-05-31"（区间，含首尾整月）。',
      en: 'Write "2026" (a year), "2026-03-01" (from that month on) or "2026-03-01.2026-05-31" (whole months).',
    },
  })
}

function notFound(file: string, i: number, name: string): Fault {
  return new Fault({
    code: 'SCN-008',
    at: placeIn(file, ['stack', i]),
    what: { zh: `找不到要叠加的情景“${name}”。`, en: `There is no scenario "${name}" to stack upon.` },
    fix: {
      zh: '请写同一文件夹中的情景文件名，或内置情景的名称。',
      en: 'Name a scenario file of the same folder, or one that ships with the program.',
    },
  })
}

function cyclic(file: string, i: number, name: string): Fault {
  return new Fault({
    code: 'SCN-009',
    at: placeIn(file, ['stack', i]),
    what: { zh: `情景“${name}”经由 stack 叠加到自身。`, en: `Scenario "${name}" stacks upon itself.` },
    fix: { zh: '请从 stack 中删除这一项。', en: 'Remove the entry from stack.' },
  })
}
