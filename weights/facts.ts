import {
  type CaseFacts,
  type CaseMark,
  type DipMarks,
  type GroupedCases,
  NO_AGE,
  NO_LABEL,
  NO_MARK,
} from './grouped.ts'

/**
 * Cases with the facts that only some payment rules ask for: their details, the marks of single cases by id, and what a
 * DIP catalogue says of them.
 */
export function withFacts(
  { dip, ...cases }: GroupedCases,
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
    ...(dip === undefined ? { marks: list, mark } : joined(list, mark, dip)),
  }
  return { ...cases, facts }
}

/** Bits of `DipMarks.tags`. */
const TAG = { grassroots: 1, tcm: 2, bedDay: 4, daySurgery: 8 } as const
const TAGS = 16

/** The marks of a table and those of a catalogue as one list, each combination that occurs once. */
function joined(
  given: readonly CaseMark[],
  mark: Uint32Array,
  { tags, auxiliary, choices }: DipMarks,
): Pick<CaseFacts, 'marks' | 'mark'> {
  const marks: CaseMark[] = [NO_MARK]
  const known = new Map<number, number>([[0, 0]])
  const column = new Uint32Array(mark.length)
  for (let i = 0; i < mark.length; i++) {
    const key = (mark[i]! * (choices.length + 1) + auxiliary[i]!) * TAGS + tags[i]!
    let at = known.get(key)
    if (at === undefined) {
      const own = given[mark[i]!]!
      const has = (bit: number): boolean => (tags[i]! & bit) !== 0
      at =
        marks.push({
          ...own,
          daySurgery: own.daySurgery || has(TAG.daySurgery),
          tcm: own.tcm || has(TAG.tcm),
          grassroots: has(TAG.grassroots),
          bedDay: has(TAG.bedDay),
          auxiliary: auxiliary[i] === 0 ? null : choices[auxiliary[i]! - 1]!,
        }) - 1
      known.set(key, at)
    }
    column[i] = at
  }
  return { marks, mark: column }
}
