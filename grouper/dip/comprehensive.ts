import { append } from '../scheme/append.ts'
import { bareDiagnosis, categoryOf, type KeyLevel, keysOfTerm, levelOf, meetsTerm } from './keys.ts'
import type { DipCatalogue, DipGroup, PropertyNumber } from './types.ts'

/** A comprehensive group as results name it. */
export type Comprehensive = Pick<DipGroup, 'code' | 'name'>

/** Names of the four properties of comprehensive groups. */
export const PROPERTY_NAMES: Readonly<Record<PropertyNumber, string>> = {
  1: '内科诊疗组',
  2: '诊断性操作组',
  3: '治疗性操作组',
  4: '相关手术组',
}

/** The comprehensive group of a principal diagnosis and property; undefined where the catalogue has none. */
export function comprehensiveOf(
  catalogue: DipCatalogue,
  principal: string,
  property: PropertyNumber,
): Comprehensive | undefined {
  const { comprehensive } = catalogue.manifest.matching
  if (comprehensive === 'none') return undefined
  if (comprehensive === 'listed') return listedFor(catalogue, principal, property)
  const category = categoryOf(principal)
  return { code: `${category}-${property}`, name: `${category} ${PROPERTY_NAMES[property]}` }
}

/**
 * The listed group: the longest key first, then the narrowest range, the category with the mark of the case (`A17+`,
 * `G01*`), a group of the property before one of any property, the lowest sequence number.
 */
function listedFor(catalogue: DipCatalogue, principal: string, property: PropertyNumber): DipGroup | undefined {
  let best: ComprehensiveRow | undefined
  for (const row of comprehensiveRows(catalogue).get(categoryOf(principal)) ?? []) {
    if (row.group.property !== undefined && row.group.property !== property) continue
    if (!meetsTerm(principal, row.term)) continue
    if (best === undefined || compareRows(row, best, markOf(principal)) < 0) best = row
  }
  return best?.group
}

/** A comprehensive group under one of its diagnosis terms. */
interface ComprehensiveRow {
  readonly group: DipGroup
  readonly term: string
  readonly level: KeyLevel
  /** Categories that the term spans. */
  readonly width: number
}

const rowsOf = new WeakMap<DipCatalogue, ReadonlyMap<string, readonly ComprehensiveRow[]>>()

/** Comprehensive groups by each category that one of their terms spans. */
function comprehensiveRows(catalogue: DipCatalogue): ReadonlyMap<string, readonly ComprehensiveRow[]> {
  const known = rowsOf.get(catalogue)
  if (known !== undefined) return known
  const rows = new Map<string, ComprehensiveRow[]>()
  for (const group of catalogue.groups) {
    if (group.layer !== 'ZH') continue
    for (const term of group.dx) {
      const keys = keysOfTerm(term)
      const row = { group, term, level: levelOf(term), width: keys.length }
      for (const key of keys) append(rows, categoryOf(key), row)
    }
  }
  rowsOf.set(catalogue, rows)
  return rows
}

function compareRows(a: ComprehensiveRow, b: ComprehensiveRow, mark: string): number {
  return (
    b.level - a.level ||
    a.width - b.width ||
    Number(markOfGroup(b) === mark) - Number(markOfGroup(a) === mark) ||
    Number(a.group.property === undefined) - Number(b.group.property === undefined) ||
    a.group.sequence - b.group.sequence
  )
}

/** The dagger or asterisk behind the first code of a diagnosis; '' where it has none. */
function markOf(code: string): string {
  return /^[+*]/.exec(code.trim().slice(bareDiagnosis(code).length))?.[0] ?? ''
}

/** The mark of a category in the code of its group, such as `A17+-4`. */
function markOfGroup({ group, term }: ComprehensiveRow): string {
  return group.code.startsWith(term) ? markOf(group.code) : ''
}
