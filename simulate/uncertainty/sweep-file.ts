import { dirname } from 'node:path'
import { z } from 'zod'
import { readDocument, say } from '../../files/index.ts'
import type { Text } from '../../messages/index.ts'
import { Decimal } from '../../numbers/index.ts'
import { readScenario, type Scenario, stackOf } from '../scenario/scenario.ts'
import { type Design, gridDesign, latinDesign, sobolDesign, tornadoDesign } from './design.ts'

/** A parameter that a sweep moves. */
export interface SweptLever {
  /** Path or pattern of the parameter. */
  readonly path: string
  readonly label: Text
  /** `set` writes the value; `scale` multiplies what the baseline has. */
  readonly mode: 'set' | 'scale'
  /** Texts as they are set: the values of a grid, else the two ends. */
  readonly values: readonly string[]
  /** Digits behind the point of values between two ends. */
  readonly digits: number
}

/** A sweep as its file states it. */
export interface Sweep {
  readonly file: string
  readonly title: Text
  readonly design: 'grid' | 'latin' | 'tornado' | 'sobol'
  readonly samples: number
  readonly seed: number
  /** Scenarios that every row starts from. */
  readonly stack: readonly Scenario[]
  readonly levers: readonly SweptLever[]
}

const word = z.string().min(1)
const text = z.strictObject({ zh: word, en: word })
const decimal = z
  .string({
    error: say('数字请写成带引号的小数，如 "0.3"', 'A number is written as a decimal in quotes, such as "0.3"'),
  })
  .regex(/^\d+(\.\d+)?$/, say('请写成 "0.3" 这样的小数', 'Write a decimal such as "0.3"'))

interface Document extends Omit<Sweep, 'file' | 'stack' | 'levers'> {
  readonly stack: readonly string[]
  readonly levers: readonly {
    readonly path: string
    readonly label?: Text | undefined
    readonly mode: 'set' | 'scale'
    readonly values?: readonly string[] | undefined
    readonly low?: string | undefined
    readonly high?: string | undefined
    readonly steps?: number | undefined
    readonly digits: number
  }[]
}

const lever = z
  .strictObject({
    path: word,
    label: text.optional(),
    mode: z.enum(['set', 'scale']).default('set'),
    values: z.array(word).min(1).optional(),
    low: decimal.optional(),
    high: decimal.optional(),
    steps: z.int().min(2).max(10_000).optional(),
    digits: z.int().min(0).max(6).default(4),
  })
  .refine(
    one => (one.values === undefined) === (one.low !== undefined && one.high !== undefined),
    'Give either values, or low and high',
  )

const SCHEMA: z.ZodType<Document> = z
  .strictObject({
    title: text,
    design: z.enum(['grid', 'latin', 'tornado', 'sobol']),
    samples: z.int().min(2).max(1_000_000).default(200),
    seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).default(1),
    stack: z.array(word).default([]),
    levers: z.array(lever).min(1),
  })
  .superRefine(({ design, levers }, context) => {
    for (const [i, one] of levers.entries()) {
      if (design === 'grid' && one.values === undefined && one.steps === undefined)
        context.addIssue({
          code: 'custom',
          message: say('网格（grid）需要 values，或 low、high 和 steps', 'A grid needs values, or low, high and steps'),
          path: ['levers', i],
        })
      if (design !== 'grid' && one.low === undefined)
        context.addIssue({
          code: 'custom',
          message: say(`设计 ${design} 需要 low 和 high`, `A ${design} design needs low and high`),
          path: ['levers', i],
        })
    }
  }) as unknown as z.ZodType<Document>

/** Reads a sweep file with the scenarios that it starts from. */
export function readSweep(file: string): Sweep {
  const { stack, levers, ...document } = readDocument(file, SCHEMA)
  return {
    file,
    ...document,
    stack: stackOf(file, stack, dirname(file)).map(path => readScenario(path)),
    levers: levers.map(one => ({
      path: one.path,
      label: one.label ?? { zh: one.path, en: one.path },
      mode: one.mode,
      values:
        one.values ??
        (one.steps === undefined ? [one.low!, one.high!] : between(one.low!, one.high!, one.steps, one.digits)),
      digits: one.digits,
    })),
  }
}

function between(low: string, high: string, steps: number, digits: number): string[] {
  const [from, to] = [new Decimal(low), new Decimal(high)]
  return Array.from({ length: steps }, (_, i) =>
    from
      .plus(
        to
          .minus(from)
          .times(i)
          .div(steps - 1),
      )
      .toDecimalPlaces(digits)
      .toFixed(),
  )
}

/** The design of a sweep. */
export function designOf({ design, levers, samples, seed }: Sweep): Design {
  switch (design) {
    case 'grid':
      return gridDesign(levers.map(({ values }) => values.length))
    case 'tornado':
      return tornadoDesign(levers.length)
    case 'latin':
      return latinDesign(levers.length, samples, seed)
    case 'sobol':
      return sobolDesign(levers.length, samples, seed)
  }
}

/** The text of a lever at a position of its range; undefined where it stays as it is. */
export function valueAtPlace({ values, digits }: SweptLever, place: number, isGrid: boolean): string | undefined {
  if (Number.isNaN(place)) return undefined
  if (isGrid) return values[Math.round(place * (values.length - 1))]!
  const [low, high] = [new Decimal(values[0]!), new Decimal(values.at(-1)!)]
  return low.plus(high.minus(low).times(place)).toDecimalPlaces(digits).toFixed()
}

/** The texts of all levers in every row. */
export function rowsOf(sweep: Sweep): readonly (readonly (string | undefined)[])[] {
  const isGrid = sweep.design === 'grid'
  return designOf(sweep).rows.map(row => sweep.levers.map((one, k) => valueAtPlace(one, row[k]!, isGrid)))
}

/** One row as a scenario. */
export function scenarioOf({ file, title, stack, levers }: Sweep, row: readonly (string | undefined)[]): Scenario {
  const entries = levers.flatMap((one, k) => (row[k] === undefined ? [] : [{ ...one, value: row[k] }]))
  const pick = (mode: SweptLever['mode'], write: (value: string) => string): Record<string, string> =>
    Object.fromEntries(entries.filter(one => one.mode === mode).map(({ path, value }) => [path, write(value)]))
  return {
    file,
    title,
    author: null,
    baseline: null,
    description: null,
    reference: [],
    assumptions: [],
    date: null,
    stack,
    set: pick('set', value => value),
    scale: pick('scale', value => `*${value}`),
  }
}
