import type { GroupedCases, Hospital } from '../../weights/index.ts'
import { insuranceCode } from '../policy/insurance.ts'

/**
 * Which cases a change concerns; a part that is not given concerns all. Groups are codes or their beginnings: `F` an MDC,
 * `FR1` an ADRG, `FR15` a leaf. Months are YYYY-MM, or MM in any year.
 */
export interface Where {
  readonly hospital?: readonly string[] | undefined
  readonly level?: readonly string[] | undefined
  readonly group?: readonly string[] | undefined
  readonly insurance?: readonly string[] | undefined
  readonly month?: readonly string[] | undefined
}

/** A selector as tables over the labels of some cases: 1 where the label is meant. */
export interface Selection {
  readonly hospital: Uint8Array
  readonly group: Uint8Array
  readonly insurance: Uint8Array
  readonly month: Uint8Array
}

/** The selector for the labels of some cases; `hospitals` gives the levels. */
export function select(
  where: Where,
  cases: Pick<GroupedCases, 'hospitals' | 'groups' | 'insurances' | 'months'>,
  hospitals: readonly Hospital[],
): Selection {
  const levelOf = new Map(hospitals.map(({ code, level }) => [code, level]))
  const mark = (labels: readonly string[], test: (label: string) => boolean): Uint8Array =>
    Uint8Array.from(labels, label => (test(label) ? 1 : 0))
  const insurances = where.insurance?.map(insuranceCode)
  return {
    hospital: mark(
      cases.hospitals,
      code => (where.hospital?.includes(code) ?? true) && (where.level?.includes(levelOf.get(code) ?? '') ?? true),
    ),
    group: mark(cases.groups, code => where.group?.some(start => code.startsWith(start)) ?? true),
    insurance: mark(cases.insurances, code => insurances?.includes(code) ?? true),
    month: mark(cases.months, month => where.month?.some(word => isMonth(month, word)) ?? true),
  }
}

/** Whether a month YYYY-MM is meant by a word: the month itself, or its number in any year. */
function isMonth(month: string, word: string): boolean {
  return month === word || (word.length === 2 && month.endsWith(`-${word}`))
}

/** The labels of a region, by part of a selector; a part that is not known yet is left out. */
export type Labels = { readonly [part in keyof Where]?: readonly string[] }

/** The part of a selector that nothing fits, e.g. a hospital that the region does not have; undefined: all parts fit. */
export function unmatched(
  where: Where,
  known: Labels,
): { readonly part: keyof Where; readonly word: string; readonly candidates: readonly string[] } | undefined {
  for (const part of ['hospital', 'level', 'group', 'insurance', 'month'] as const) {
    const candidates = known[part]
    if (candidates === undefined) continue
    for (const word of where[part] ?? []) {
      const code = part === 'insurance' ? insuranceCode(word) : word
      const fits = candidates.some(one =>
        part === 'group' ? one.startsWith(code) : part === 'month' ? isMonth(one, code) : one === code,
      )
      if (!fits) return { part, word, candidates }
    }
  }
  return undefined
}
