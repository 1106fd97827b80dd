import { formatFen, parseYuan } from '../../numbers/index.ts'
import type { PackRow } from '../scheme/rows.ts'
import { isOperation } from './expression.ts'
import { unreadableCell } from './group-table.ts'
import { parseTerm } from './keys.ts'
import {
  DIP_TAGS,
  type DipGroup,
  type DipLists,
  type ExcludedOperation,
  type ExclusionRule,
  type OperationProperty,
  type TagRow,
} from './types.ts'

/** Columns of the list files of a pack. */
export const LIST_HEADERS = {
  excludedOperations: ['code', 'rule', 'scope'],
  tags: ['tag', 'dx', 'operations', 'name', 'minDays'],
  properties: ['code', 'property'],
  relatedCosts: ['group', 'cost'],
} as const

const RULES: readonly ExclusionRule[] = ['conservative', 'not-main', 'limited']

export const PROPERTIES: readonly OperationProperty[] = ['surgery', 'intervention', 'therapeutic', 'diagnostic', 'none']

/** The excluded operations as rows, by code. */
export function excludedOperationCells({ excludedOperations }: DipLists): string[][] {
  return [...excludedOperations.values()]
    .sort((a, b) => (a.code < b.code ? -1 : 1))
    .map(({ code, rule, scope }) => [code, rule, scope.join('|')])
}

/** The tagged rows, in the order of their lists. */
export function tagCells({ tags }: DipLists): string[][] {
  return tags.map(({ tag, dx, operations, name, minDays }) => [
    tag,
    dx,
    operations.join('|'),
    name,
    minDays === undefined ? '' : String(minDays),
  ])
}

/** What related operations of groups cost, in yuan, by the code of the group. */
export function relatedCostCells(groups: readonly DipGroup[]): string[][] {
  return groups.flatMap(({ code, figures: { relatedCost } }) =>
    relatedCost === undefined ? [] : [[code, formatFen(relatedCost)]],
  )
}

/** Reads a row of related costs: code of the group, fen. */
export function readRelatedCost(row: PackRow): readonly [string, number] {
  const [code, text] = row.cells as [string, string]
  const cost = parseYuan(text)
  if (cost === undefined || cost < 0) throw unreadableCell(row, 'cost', text)
  return [code, cost]
}

/** The properties of operations as rows, by code. */
export function propertyCells({ properties }: DipLists): string[][] {
  return [...properties].sort(([a], [b]) => (a < b ? -1 : 1))
}

export function readExcludedOperation(row: PackRow): ExcludedOperation {
  const [code, rule, scope] = row.cells as [string, string, string]
  const found = RULES.find(one => one === rule)
  if (found === undefined) throw unreadableCell(row, 'rule', rule)
  if (!isOperation(code)) throw unreadableCell(row, 'code', code)
  return { code, rule: found, scope: scope === '' ? [] : scope.split('|').map(text => termOf(row, 'scope', text)) }
}

export function readTag(row: PackRow): TagRow {
  const [tag, dx, operations, name, minDays] = row.cells as [string, string, string, string, string]
  const found = DIP_TAGS.find(one => one === tag)
  if (found === undefined) throw unreadableCell(row, 'tag', tag)
  if (!/^\d{0,5}$/.test(minDays)) throw unreadableCell(row, 'minDays', minDays)
  return {
    tag: found,
    dx: termOf(row, 'dx', dx),
    operations: operations === '' ? [] : operations.split('|'),
    name,
    ...(minDays === '' ? {} : { minDays: Number(minDays) }),
  }
}

export function readProperty(row: PackRow): readonly [string, OperationProperty] {
  const [code, property] = row.cells as [string, string]
  const found = PROPERTIES.find(one => one === property)
  if (found === undefined) throw unreadableCell(row, 'property', property)
  return [code, found]
}

function termOf(row: PackRow, column: string, text: string): string {
  const term = parseTerm(text)
  if (term === undefined) throw unreadableCell(row, column, text)
  return term
}
