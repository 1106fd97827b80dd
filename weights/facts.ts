import { type CaseFacts, type CaseMark, type GroupedCases, NO_AGE, NO_LABEL, NO_MARK } from './grouped.ts'

/** Cases with the facts that only some payment rules ask for: their details, and the marks of single cases by id. */
export function withFacts(
  cases: GroupedCases,
  ids: readonly string[],
  marks: ReadonlyMap<string, CaseMark>,
): GroupedCases {
  const { count, details } = cases
  const list: CaseMark[] = [NO_MARK]
  const mark = new Uint32Array(count)
  if (marks.size > 0) {
    const position = new Map<string, number>()
    for (let i = 0; i < count; i++) {
      const id = ids[i] ?? ''
      const found = marks.get(id)
      if (found === undefined) continue
      if (!position.has(id)) position.set(id, list.push(found) - 1)
      mark[i] = position.get(id) ?? 0
    }
  }
  const facts: CaseFacts = {
    age: details?.age ?? new Int16Array(count).fill(NO_AGE),
    ageDays: details?.ageDays ?? new Int16Array(count).fill(NO_AGE),
    departments: details?.departments ?? [],
    department: details?.department ?? new Uint16Array(count).fill(NO_LABEL),
    marks: list,
    mark,
  }
  return { ...cases, facts }
}
