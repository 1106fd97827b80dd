import { type Document, isMap, isNode, isSeq, type Node, type YAMLMap } from 'yaml'

const META: ReadonlySet<string> = new Set(['value', 'unit', 'label', 'source', 'confidence'])

/** A value of a document with what is said of it. */
interface Cited {
  readonly value: unknown
  readonly confidence?: unknown
  readonly source?: unknown
}

/** Whether a node of a document is a value that carries unit, label, source or confidence. */
export function isCited(node: unknown): node is Cited {
  return (
    typeof node === 'object' &&
    node !== null &&
    Object.hasOwn(node, 'value') &&
    Object.keys(node).every(key => META.has(key))
  )
}

/** Whether a node of a YAML file is such a value. */
export function isCitedNode(node: unknown): node is YAMLMap {
  return isMap(node) && node.has('value') && node.items.every(({ key }) => META.has(String(key)))
}

/** What stands at a path; a value that carries its source is passed through as if it stood alone. */
export function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let at = root
  for (const part of [null, ...path]) {
    if (part !== null) {
      if (typeof at !== 'object' || at === null) return undefined
      at = (at as Record<PropertyKey, unknown>)[part]
    }
    while (isCited(at)) at = at.value
  }
  return at
}

/** The nodes of a YAML file from its root along a path, as far as the file goes; values with their source pass as in `valueAt`. */
export function nodesAlong(document: Document, path: readonly PropertyKey[]): readonly Node[] {
  const nodes: Node[] = []
  let at: unknown = document.contents
  for (let depth = 0; isNode(at); depth++) {
    nodes.push(at)
    while (isCitedNode(at)) at = at.get('value', true)
    at = depth < path.length && (isMap(at) || isSeq(at)) ? at.get(path[depth], true) : undefined
  }
  return nodes
}
