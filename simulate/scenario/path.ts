/** Whether a value is an object with named children. */
function isBranch(node: unknown): node is Readonly<Record<string, unknown>> {
  return typeof node === 'object' && node !== null && !Array.isArray(node)
}

/** The paths of a tree that match a pattern such as `budget.*.fund`; `*` stands for one part. */
export function matchPaths(tree: unknown, pattern: string): readonly (readonly string[])[] {
  let found: { node: unknown; path: readonly string[] }[] = [{ node: tree, path: [] }]
  for (const part of pattern.split('.')) {
    found = found.flatMap(({ node, path }) => {
      if (!isBranch(node)) return []
      const keys = part === '*' ? Object.keys(node) : Object.hasOwn(node, part) ? [part] : []
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

/** The candidate nearest to a text by edit distance, or undefined when none is near. */
export function nearest(text: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined
  let least = Math.max(2, Math.floor(text.length / 3)) + 1
  for (const candidate of candidates) {
    const distance = editDistance(text, candidate)
    if (distance < least) {
      least = distance
      best = candidate
    }
  }
  return best
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
