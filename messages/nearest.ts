/**
 * The candidate that `word` was most likely meant to be: the same but for case, or few edits away (at most a third of
 * the longer length), else the only one that begins with it. Ties go to the earlier candidate; undefined when none is near,
 * and for a code of digits (310, H009): a neighbour's code is no misspelling.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (/^[a-z]?\d+$/i.test(word)) return undefined
  const wanted = word.toUpperCase()
  let best: string | undefined
  let least = Number.POSITIVE_INFINITY
  const begun: string[] = []
  for (const candidate of candidates) {
    if (word.length > 2 && candidate.toUpperCase().startsWith(wanted)) begun.push(candidate)
    const limit = Math.min(least - 1, Math.floor(Math.max(word.length, candidate.length) / 3))
    if (Math.abs(candidate.length - word.length) > limit) continue
    const edits = distance(wanted, candidate.toUpperCase())
    if (edits > limit) continue
    best = candidate
    least = edits
  }
  return best ?? (begun.length === 1 ? begun[0] : undefined)
}

/** Edits (insert, delete, replace, swap of neighbours) between two short words. */
function distance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let edits = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) edits = Math.min(edits, before[j - 2]! + 1)
      row.push(edits)
    }
    before = last
    last = row
  }
  return last[b.length]!
}
