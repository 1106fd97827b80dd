/** Whether a value is an object with named children. */
export function isBranch(node: unknown): node is Readonly<Record<string, unknown>> {
  return typeof node === 'object' && node !== null && !Array.isArray(node)
}

/**
 * The paths of a tree that match a pattern such as `budget.*.fund`; `*` stands for one part. In a branch of `open` a
 * last part that is not there yet matches too: it may be added.
 */
export function matchPaths(
  tree: unknown,
  pattern: string,
  open: readonly string[] = [],
): readonly (readonly string[])[] {
  const parts = pattern.split('.')
  let found: { node: unknown; path: readonly string[] }[] = [{ node: tree, path: [] }]
  for (const [i, part] of parts.entries()) {
    found = found.flatMap(({ node, path }) => {
      if (!isBranch(node)) return []
      const isNew = i === parts.length - 1 && part !== '*' && part !== '' && open.includes(path.join('.'))
      const keys = part === '*' ? Object.keys(node) : Object.hasOwn(node, part) || isNew ? [part] : []
      return keys.map(key => ({ node: node[key], path: [...path, key] }))
    })
  }
  return found.map(({ path }) => path)
}

/** The value at a path. */
export function valueAt(tree: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((node, key) => (isBranch(node) ? node[key] : undefined), tree)
}

/** A copy of the tree with another value at the path; what the path does not touch is shared. */
export function withValue<T>(tree: T, path: readonly string[], value: unknown): T {
  const [key, ...rest] = path
  if (key === undefined) return value as T
  return { ...tree, [key]: withValue((tree as Record<string, unknown>)[key], rest, value) }
}

/** Every path of a tree, branches too, for "did you mean". */
export function allPaths(tree: unknown, prefix = ''): readonly string[] {
  if (!isBranch(tree)) return []
  return Object.entries(tree).flatMap(([key, node]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`
    return [path, ...allPaths(node, path)]
  })
}

/** The leaves of a tree that differ between two versions, by path; what one of them lacks is undefined. */
export function differences(
  before: unknown,
  after: unknown,
  path: readonly string[] = [],
): readonly { readonly path: string; readonly before: unknown; readonly after: unknown }[] {
  if (before === after) return []
  if (isBranch(before) && isBranch(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap(key =>
      differences(before[key], after[key], [...path, key]),
    )
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path: path.join('.'), before, after }]
}
