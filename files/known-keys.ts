import type { z } from 'zod'

/** What the library keeps of a schema, as far as it leads to the keys of a mapping. */
interface Definition {
  readonly type: string
  readonly shape?: Readonly<Record<string, z.ZodType>>
  readonly innerType?: z.ZodType
  readonly in?: z.ZodType
  readonly out?: z.ZodType
  readonly element?: z.ZodType
  readonly valueType?: z.ZodType
  readonly options?: readonly z.ZodType[]
}

/** The keys that a schema knows at a path, in any of the forms that a value may have there; none where any key will do. */
export function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  const { shape, innerType, in: before, out, element, valueType, options } = schema._zod.def as unknown as Definition
  const forms = [innerType, before, out, ...(options ?? [])].filter(form => form !== undefined)
  const keys = forms.flatMap(form => keysAt(form, path))
  const [step, ...rest] = path
  if (step === undefined) return [...new Set([...keys, ...Object.keys(shape ?? {})])]
  const below = shape?.[String(step)] ?? element ?? valueType
  return [...new Set([...keys, ...(below === undefined ? [] : keysAt(below, rest))])]
}
