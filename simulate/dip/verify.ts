import { z } from 'zod'
import { textOf } from '../../files/index.ts'
import { Decimal } from '../../numbers/index.ts'
import { problemText } from '../verify/case.ts'
import type { ExampleCheck, ExampleResult } from '../verify/example.ts'
import { type Answer, KINDS } from './examples.ts'

const example = z.object({
  id: z.string(),
  title: z.string().default(''),
  inputs: z.record(z.string(), z.unknown()),
  expected: z.record(z.string(), z.unknown()),
  roundedTo: z.record(z.string(), z.int().min(0).max(30)).default({}),
})
const document = z.object({ examples: z.array(example).min(1) })
type Example = z.infer<typeof example>

/** Whether a document is one of worked DIP examples: {examples: [{id, inputs, expected, roundedTo}]}. */
export function isDipExamples(value: unknown): boolean {
  return document.safeParse(value).success
}

/**
 * Runs worked DIP examples through the code that scores and settles: scores by three methods, regional settlement, case
 * sheets, the rule for related operations, outlier grids, weighting over years; the inputs tell the kind. A value that is
 * listed in `roundedTo` is compared rounded half up to that many decimals, any other exactly; one that the code does not
 * know does not hold. An example that cannot be run says why.
 */
export function runDipExamples(value: unknown): readonly ExampleResult[] {
  return document.parse(value).examples.map(run)
}

function run(one: Example): ExampleResult {
  const kind = KINDS.find(({ keys }) => keys.every(key => key in one.inputs))
  const result = { id: one.id, kind: kind?.name ?? '', checks: [], statement: [] }
  if (kind === undefined) {
    const given = Object.keys(one.inputs)
    return {
      ...result,
      problem: {
        zh: `输入（${given.join('、')}）不属于任何已知类型，见 docs/dip-build.md。`,
        en: `The inputs (${given.join(', ')}) are of no known kind; see docs/dip-build.md.`,
      },
    }
  }
  try {
    const answer = kind.answer(one.inputs, { text: `${one.id} ${one.title}`, expected: one.expected })
    return { ...result, checks: [...compare(one.expected, answer, '', one.roundedTo)], problem: null }
  } catch (error) {
    if (!(error instanceof z.ZodError)) return { ...result, problem: problemText(error) }
    const { path, message } = error.issues[0]!
    const text = textOf(message)
    const at = ['inputs', ...path].join('.')
    return { ...result, problem: { zh: `${at}：${text.zh}。`, en: `${at}: ${text.en}.` } }
  }
}

/** Every leaf of what is expected, with what was found at its place. */
function* compare(
  expected: Readonly<Record<string, unknown>>,
  answer: Answer | undefined,
  above: string,
  roundedTo: Readonly<Record<string, number>>,
): Generator<ExampleCheck> {
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

function compareLeaf(field: string, wanted: unknown, found: Answer[string] | undefined, digits?: number): ExampleCheck {
  const expected = typeof wanted === 'string' ? wanted : JSON.stringify(wanted)
  if (Decimal.isDecimal(found)) {
    const value = digits === undefined ? found : found.toDecimalPlaces(digits, Decimal.ROUND_HALF_UP)
    const isNumber = /^[+-]?\d+(\.\d+)?$/.test(expected)
    return { field, expected, got: value.toString(), holds: isNumber && value.eq(expected) }
  }
  const got = found === undefined || found === null || typeof found === 'object' ? null : String(found)
  return { field, expected, got, holds: got === expected }
}
