import type { Text } from '../../messages/index.ts'

/** A worked example as its file states it: inputs and what must come out, by kind. */
export interface Example {
  readonly id: string
  readonly kind: string
  readonly inputs: Readonly<Record<string, unknown>>
  /** Expected values by field, and under `tolerance` the difference allowed after rounding, by field or `*`. */
  readonly expected: Readonly<Record<string, unknown>>
}

/** One expected value against what the program gives, both as text. */
export interface ExampleCheck {
  /** Path of the field, e.g. 'standard.level2'. */
  readonly field: string
  readonly expected: string
  /** Rounded to the decimals of the expected value; null where the kind gives no such field. */
  readonly got: string | null
  readonly holds: boolean
}

/** What the program makes of the inputs: fields by name, and how it got there. */
export interface Answer {
  readonly fields: Readonly<Record<string, unknown>>
  /** Lines of the statement, as the settlement itself explains the case. */
  readonly statement: readonly Text[]
}

/** An example that was run. */
export interface ExampleResult {
  readonly id: string
  readonly kind: string
  readonly checks: readonly ExampleCheck[]
  readonly statement: readonly Text[]
  /** Why it could not be run; null where it was. */
  readonly problem: Text | null
}

/** Whether an example was run and every value agrees. */
export function holds(result: ExampleResult): boolean {
  return result.problem === null && result.checks.every(check => check.holds)
}

/** An example that cannot be run, with the reason; caught by example, so that the others still run. */
export class ExampleProblem extends Error {
  readonly text: Text

  constructor(text: Text) {
    super(text.en)
    this.name = 'ExampleProblem'
    this.text = text
  }
}
