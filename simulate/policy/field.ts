import { z } from 'zod'

const ANNOTATION = new Set(['value', 'confidence', 'source'])

/** Whether a node is `{value, confidence?, source?}`. */
export function isAnnotated(node: unknown): node is { value: unknown; confidence?: unknown; source?: unknown } {
  return (
    typeof node === 'object' &&
    node !== null &&
    Object.hasOwn(node, 'value') &&
    Object.keys(node).every(key => ANNOTATION.has(key))
  )
}

/** A value that may be written plainly or as `{value, confidence, source}`. */
export function leaf<T>(inner: z.ZodType<T>): z.ZodType<T> {
  return z.preprocess(node => (isAnnotated(node) ? node.value : node), inner)
}
