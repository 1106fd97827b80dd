import type { DipCatalogue, OperationProperty } from '../../grouper/index.ts'

/**
 * The property of an operation by its chapter in ICD-9-CM-3, where a region has no property table: 00–86 operations,
 * 87–92 diagnostic, 93–99 therapeutic. Within the operations, closed biopsies, endoscopies and the like are diagnostic by
 * their rubric (…1–…2 of most chapters), which is not told apart here.
 */
export function propertyByChapter(code: string): OperationProperty {
  const chapter = Number(code.slice(0, 2))
  if (!Number.isInteger(chapter)) return 'none'
  if (chapter <= 86) return 'surgery'
  return chapter <= 92 ? 'diagnostic' : 'therapeutic'
}

/** A property for every operation of the catalogue's dictionary that its table lacks and that may be a main operation. */
export function completeProperties({ lists, procedures }: DipCatalogue): {
  readonly properties: ReadonlyMap<string, OperationProperty>
  readonly added: number
} {
  const properties = new Map(lists.properties)
  let added = 0
  for (const code of procedures.codes.slice(1)) {
    if (properties.has(code)) continue
    const rule = lists.excludedOperations.get(code)?.rule
    if (rule === 'conservative' || rule === 'not-main') continue
    properties.set(code, propertyByChapter(code))
    added++
  }
  return { properties, added }
}
