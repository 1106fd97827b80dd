import { z } from 'zod'
import { Fault } from '../../messages/index.ts'
import { Decimal } from '../../numbers/index.ts'
import { type Answer, KINDS } from './examples.ts'

/** One expected value of an example and what the code makes of it. */
export interface ExampleValue {
  /** Path below `expected`, e.g. `score.甲`. */
  readonly field: string
  readonly expected: string
  /** As written for comparison: rounded where the example says so; '' where the code has no such value. */
  readonly got: string
  readonly holds: boolean
}

export interface ExampleResult {
  readonly id: string
  readonly title: string
  readonly kind: string
  readonly values: readonly ExampleValue[]
}

const example = z.object({
  id: z.string(),
  title: z.string().default(''),
  inputs: z.record(z.string(), z.unknown()),
  expected: z.record(z.string(), z.unknown()),
  roundedTo: z.record(z.string(), z.int().min(0).max(30)).default({}),
})
const document = z.object({ examples: z.array(example).min(1) })
type Example = z.infer<typeof example>

/** Whether a parsed JSON document is one of worked DIP examples, by its shape. */
export function holdsDipExamples(value: unknown): boolean {
  const parsed = document.safeParse(value)
  return parsed.success && parsed.data.examples.every(one => kindOf(one) !== undefined)
}

/**
 * Runs worked DIP examples through the code that scores and settles: scores by three methods, regional settlement, case
 * sheets, the rule for related operations, outlier grids, weighting over years. A value that is listed in `roundedTo`
 * is compared rounded half up to that many decimals, any other exactly. A value that the code does not know does not hold.
 *
 * @param value parsed JSON
 * @param file for messages
 */
export function verifyDipExamples(value: unknown, file: string): ExampleResult[] {
  const parsed = document.safeParse(value)
  if (!parsed.success) throw notExamples(file, parsed.error.issues[0]!)
  return parsed.data.examples.map(one => verify(one, file))
}

function kindOf({ inputs }: Example): (typeof KINDS)[number] | undefined {
  return KINDS.find(({ keys }) => keys.every(key => key in inputs))
}

function verify(one: Example, file: string): ExampleResult {
  const kind = kindOf(one)
  if (kind === undefined) {
    throw new Fault({
      code: 'VER-002',
      at: { file, field: one.id },
      what: {
        zh: `算例 ${one.id} 的输入（${Object.keys(one.inputs).join('、')}）不属于任何已知类型。`,
        en: `The inputs of example ${one.id} (${Object.keys(one.inputs).join(', ')}) are of no known kind.`,
      },
      fix: { zh: '已知类型见 docs/dip-build.md。', en: 'docs/dip-build.md lists the kinds.' },
    })
  }
  let answer: Answer
  try {
    answer = kind.answer(one.inputs, { text: `${one.id} ${one.title}`, expected: one.expected })
  } catch (error) {
    if (error instanceof z.ZodError) throw notExamples(file, error.issues[0]!, one.id)
    throw error
  }
  return {
    id: one.id,
    title: one.title,
    kind: kind.name,
    values: [...compare(one.expected, answer, '', one.roundedTo)],
  }
}

/** Every leaf of what is expected, with what was found at its place. */
function* compare(
  expected: Readonly<Record<string, unknown>>,
  answer: Answer | undefined,
  above: string,
  roundedTo: Readonly<Record<string, number>>,
): Generator<ExampleValue> {
  for (const [key, wanted] of Object.entries(expected)) {
    const field = `${above}${key}`
    const found = answer !== undefined && Object.hasOwn(answer, key) ? answer[key] : undefined
    if (typeof wanted === 'object' && wanted !== null && !Array.isArray(wanted)) {
      const below = typeof found === 'object' && found !== null && !(found instanceof Decimal) ? found : undefined
      yield* compare(wanted as Record<string, unknown>, below, `${field}.`, roundedTo)
      continue
    }
    // The digits of a value are given under its own name or under that of the block in which it stands.
    const block = field.split('.').findLast(part => Object.hasOwn(roundedTo, part))
    yield compareLeaf(field, wanted, found, block === undefined ? undefined : roundedTo[block])
  }
}

function compareLeaf(field: string, wanted: unknown, found: Answer[string] | undefined, digits?: number): ExampleValue {
  const expected = typeof wanted === 'string' ? wanted : JSON.stringify(wanted)
  if (Decimal.isDecimal(found)) {
    const value = digits === undefined ? found : found.toDecimalPlaces(digits, Decimal.ROUND_HALF_UP)
    const isNumber = /^[+-]?\d+(\.\d+)?$/.test(expected)
    return { field, expected, got: value.toString(), holds: isNumber && value.eq(expected) }
  }
  const got = found === undefined || found === null || typeof found === 'object' ? '' : String(found)
  return { field, expected, got, holds: got !== '' && got === expected }
}

function notExamples(file: string, issue: z.core.$ZodIssue, id?: string): Fault {
  const path = [...(id === undefined ? [] : [id, 'inputs']), ...issue.path].join('.')
  return new Fault({
    code: 'VER-001',
    at: { file, ...(path === '' ? {} : { field: path }) },
    what: {
      zh: `不是 DIP 算例文件应有的内容：${issue.message}。`,
      en: `Not as worked DIP examples are written: ${issue.message}.`,
    },
    fix: {
      zh: '应为 {"examples": [{"id", "inputs", "expected", "roundedTo"}]}，见 docs/dip-build.md。',
      en: 'Write {"examples": [{"id", "inputs", "expected", "roundedTo"}]}; see docs/dip-build.md.',
    },
  })
}
