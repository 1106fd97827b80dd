import { z } from 'zod'

/** An example of `schemes/quality/examples.yaml`: cases in which a rule finds nothing, cases in which it finds this. */
export interface Example {
  readonly rule: string
  readonly pass: readonly Record<string, unknown>[]
  readonly fail: readonly Record<string, unknown>[]
  /** Severity, field and value of the finding. */
  readonly finding: string
}

const cases = z.array(z.record(z.string(), z.unknown())).min(1)

export const exampleSchema: z.ZodType<Example[]> = z.array(
  z.strictObject({ rule: z.string(), pass: cases, fail: cases, finding: z.string() }),
)
