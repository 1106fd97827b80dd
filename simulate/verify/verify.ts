import { dirname } from 'node:path'
import { z } from 'zod'
import type { Policy } from '../policy/policy.ts'
import { payCase } from '../settle/case-payment.ts'
import { caseAnswer, paymentAnswer, policyOf, problemText, workedCase } from './case.ts'
import { checkFields } from './check.ts'
import { type Branch, branchesOf } from './coverage.ts'
import { type Answer, type Example, ExampleProblem, type ExampleResult } from './example.ts'
import { fundAnswer, intervalAnswer, reportAnswer } from './indices.ts'
import { decimal, numeral, readInputs } from './inputs.ts'
import { raceAnswer, regionAnswer } from './region.ts'
import { standardAnswer } from './standard.ts'

/** Where an example may find what it names. */
export interface VerifyPlaces {
  /** The file of the examples; packs are named relative to it. */
  readonly file: string
  /** Folder of published tables, where they do not lie beside the examples. */
  readonly tables?: string | undefined
}

const EXAMPLE: z.ZodType<Example> = z.looseObject({
  id: z.string(),
  kind: z.string(),
  inputs: z.record(z.string(), z.unknown()),
  expected: z.record(z.string(), z.unknown()),
})

const EXAMPLES: z.ZodType<readonly Example[]> = z.array(EXAMPLE).min(1)

/** Whether a document is a list of worked examples of the settlement. */
export function isExampleList(document: unknown): boolean {
  return EXAMPLES.safeParse(document).success
}

/** Runs every example of a document through the code that settles; one that cannot be run says why. */
export function runExamples(document: unknown, places: VerifyPlaces): readonly ExampleResult[] {
  return EXAMPLES.parse(document).map(example => runExample(example, places))
}

function runExample({ id, kind, inputs, expected }: Example, places: VerifyPlaces): ExampleResult {
  try {
    const run = KINDS[kind]
    if (run === undefined) {
      const known = Object.keys(KINDS).join(', ')
      throw new ExampleProblem({
        zh: `不认识 kind“${kind}”；可用的有 ${known}。`,
        en: `Kind "${kind}" is not known; there are ${known}.`,
      })
    }
    const { fields, statement } = run(inputs, expected, places)
    const checks = checkFields(expected, fields)
    if (checks.length === 0) {
      throw new ExampleProblem({ zh: '示例没有写明应得的结果。', en: 'The example states no expected value.' })
    }
    return { id, kind, checks, statement, problem: null }
  } catch (error) {
    return { id, kind, checks: [], statement: [], problem: problemText(error) }
  }
}

/** The branches of a pack, and which of them the worked cases of a document take; examples of other packs do not count. */
export function coverageOf(policy: Policy, pack: string, document: unknown, file: string): readonly Branch[] {
  const worked = EXAMPLES.parse(document).flatMap(({ kind, inputs }) => {
    if (kind !== 'case-rule') return []
    try {
      const one = workedCase(inputs, dirname(file))
      return one.pack === pack ? [one] : []
    } catch (error) {
      problemText(error)
      return []
    }
  })
  return branchesOf(policy, worked)
}

const SCALE = z.strictObject({ rw: numeral, coefficient: numeral.default('1'), scale: numeral, pointValue: numeral })

/** Points and pay of a normal case at a points scale. */
function scaleAnswer(inputs: unknown): Answer {
  const given = readInputs(inputs, SCALE)
  const policy = policyOf({ method: 'points', scale: given.scale, avgCost: '1', ratioBase: 'avgRw' }, 'inputs')
  const one = {
    group: '',
    parent: '',
    status: 0,
    weight: decimal(given.rw),
    stable: true,
    coefficient: decimal(given.coefficient),
    level: '3',
    insurance: '310',
    cost: 100,
    los: null,
  } as const
  return paymentAnswer(payCase(policy, one, { meanCost: null, pointValue: decimal(given.pointValue) }))
}

type Runner = (inputs: unknown, expected: Example['expected'], places: VerifyPlaces) => Answer

/** How each kind of example is run. */
const KINDS: Readonly<Record<string, Runner>> = {
  'case-rule': (inputs, _, { file }) => caseAnswer(inputs, dirname(file)),
  'published-standard': standardAnswer,
  'published-cutoffs': standardAnswer,
  'rate-interval': (inputs, _, { file, tables }) =>
    intervalAnswer(inputs, [...(tables === undefined ? [] : [tables]), dirname(file), '.']),
  'region-base': regionAnswer,
  'point-race': raceAnswer,
  scale: scaleAnswer,
  'report-arithmetic': reportAnswer,
  'fund-months': fundAnswer,
}
