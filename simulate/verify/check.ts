import { Decimal, parseDecimal } from '../../numbers/index.ts'
import type { ExampleCheck } from './example.ts'

/**
 * Compares what is expected with what came out, field by field: a number is rounded half up to the decimals printed in the
 * example and may then differ by the tolerance of its field (settlement.md §0.4); anything else must be the same.
 */
export function checkFields(expected: Readonly<Record<string, unknown>>, got: unknown): readonly ExampleCheck[] {
  const { tolerance, ...fields } = expected
  const checks: ExampleCheck[] = []
  visit(fields, got, '', (tolerance ?? {}) as Readonly<Record<string, unknown>>, checks)
  return checks
}

function visit(
  expected: unknown,
  got: unknown,
  field: string,
  tolerance: Readonly<Record<string, unknown>>,
  checks: ExampleCheck[],
): void {
  if (typeof expected === 'object' && expected !== null) {
    const inner = typeof got === 'object' && got !== null && !Decimal.isDecimal(got) ? got : {}
    for (const [key, value] of Object.entries(expected)) {
      const path = field === '' ? key : `${field}.${key}`
      visit(value, (inner as Readonly<Record<string, unknown>>)[key], path, tolerance, checks)
    }
    return
  }
  const found = got === undefined || got === null ? null : Decimal.isDecimal(got) ? got.toFixed() : String(got)
  if (expected === null) {
    // "No ratio, no limit": the example states that there is none.
    checks.push({ field, expected: 'null', got: found, holds: found === null })
    return
  }
  const wanted = String(expected)
  const number = typeof expected === 'string' || typeof expected === 'number' ? parseDecimal(wanted) : undefined
  const actual = found === null ? undefined : parseDecimal(found)
  if (number === undefined || actual === undefined) {
    checks.push({ field, expected: wanted, got: found, holds: found === wanted })
    return
  }
  const decimals = wanted.split('.')[1]?.length ?? 0
  const rounded = actual.toDecimalPlaces(decimals, Decimal.ROUND_HALF_UP)
  const allowed = String(tolerance[field] ?? tolerance[field.split('.')[0] ?? ''] ?? tolerance['*'] ?? '0')
  const difference = rounded.minus(number).abs()
  checks.push({ field, expected: wanted, got: rounded.toFixed(decimals), holds: difference.lte(allowed) })
}
