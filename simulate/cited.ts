import { z } from 'zod'
import { isCited, readDocument } from '../files/index.ts'

type Tree = { readonly [key: string]: unknown }

/** Whether a node of a document is a mapping. */
export function isTree(node: unknown): node is Tree {
  return typeof node === 'object' && node !== null && !Array.isArray(node)
}

/** A value that stands alone or carries unit, label, source and confidence, which are dropped. */
export function cited<T>(schema: z.ZodType<T>): z.ZodType<T> {
  return z.preprocess(node => (isCited(node) ? node.value : node), schema)
}

/** A document in which every value, whole mappings and lists too, may carry what is said of it, which is dropped. */
export function citedThroughout<T>(schema: z.ZodType<T>): z.ZodType<T> {
  return z.preprocess(uncited, schema)
}

/** A node without what is said of the values in it. */
export function uncited(node: unknown): unknown {
  if (isCited(node)) return uncited(node.value)
  if (Array.isArray(node)) return node.map(uncited)
  return isTree(node) ? Object.fromEntries(Object.entries(node).map(([key, value]) => [key, uncited(value)])) : node
}

/** `over` laid on `base`: mappings merge, everything else, and a cited value as a whole, is replaced. */
function overlay(base: Tree, over: Tree): Tree {
  const merged: Record<string, unknown> = { ...base }
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key]
    merged[key] = isTree(value) && isTree(below) && !('value' in value) ? overlay(below, value) : value
  }
  return merged
}

/** The document of a file, complete with the defaults for what it does not name; without a file the defaults. */
export function readOver<T>(defaults: string, file: string | undefined, schema: z.ZodType<T>): T {
  if (file === undefined) return readDocument(defaults, schema)
  const below = readDocument(defaults, z.record(z.string(), z.unknown()))
  const whole = z.preprocess(own => (isTree(own) ? overlay(below, own) : own), schema)
  return readDocument(file, whole as unknown as z.ZodType<T>)
}
