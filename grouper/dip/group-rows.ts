import type { Text } from '../../messages/index.ts'
import { foldTitle } from '../scheme/columns.ts'
import { cellOf } from '../scheme/tables.ts'
import { type Aliases, aliasValue, type DipColumn, isAlias } from './aliases.ts'
import { printExpression } from './expression.ts'
import { propertyNumber } from './facts.ts'
import { conditionsOf } from './row-conditions.ts'
import { DIAGNOSES, dxIn, withDegree } from './row-diagnoses.ts'
import { figuresOf } from './row-figures.ts'
import { operationsIn } from './row-operations.ts'
import { badCell, type RowContext, type RowReader } from './row-reader.ts'
import type { DipTable } from './source.ts'
import {
  DIP_LAYERS,
  type DipGroup,
  type DipLayer,
  type GroupOrigin,
  type OperationProperty,
  type PropertyNumber,
} from './types.ts'

/** Reads the rows of a table of groups; what cannot be read becomes faults of the log. */
export function readGroups(table: DipTable, context: RowContext, nextSequence: () => number): DipGroup[] {
  const groups: DipGroup[] = []
  for (const row of table.rows) {
    const group = readRow({ table, row, ...context }, nextSequence)
    if (group !== undefined) groups.push(group)
  }
  return groups
}

function readRow(reader: RowReader, nextSequence: () => number): DipGroup | undefined {
  const { table, row, aliases, names, log } = reader
  const cell = (column: DipColumn): string => cellOf(table, row, column)
  const before = log.faults.length
  const layer = layerOf(reader)
  if (layer === undefined) return undefined
  const sequence = cell('sequence') === '' ? nextSequence() : Number(cell('sequence'))
  if (!Number.isSafeInteger(sequence) || sequence < 1) log.faults.push(badCell(reader, 'sequence', WHOLE))
  const code = cell('code') === '' ? `${layer}-${cell('sequence') === '' ? sequence : cell('sequence')}` : cell('code')

  const anywhere = cell('merged') !== '' || isAnywhere(aliases, cell('note'))
  const [main, ...rest] =
    anywhere && cell('merged') !== '' ? operationsIn(reader, 'merged') : operationsIn(reader, 'main')
  const related = [...rest, ...operationsIn(reader, 'related')]
  const newborn = layer === 'XQ' && (cell('age') !== '' || cell('weight') !== '')
  const given = dxIn(reader, 'dx', layer)
  const dx = newborn ? [] : withDegree(reader, given)
  if (!newborn && dx.length === 0 && layer !== 'XQ' && log.faults.length === before) {
    log.faults.push(badCell(reader, 'dx', DIAGNOSES))
  }
  const property = propertyOf(reader, layer, code)
  const group: DipGroup = {
    code,
    layer,
    sequence,
    name: cell('name') === '' ? (names[code] ?? composedName(reader)) : cell('name'),
    dx,
    main: main ?? [],
    related,
    position: anywhere ? 'any' : 'main',
    conditions: conditionsOf(reader, newborn ? given : []),
    ...(property === undefined ? {} : { property }),
    origin: (aliasValue(aliases.values.origin, cell('origin')) ?? 'national') as GroupOrigin,
    figures: figuresOf(reader),
  }
  const source = { sheet: table.table, row: row.line, ...rawOf(reader, group) }
  if (log.faults.length > before) return undefined
  if (isGrassroots(reader)) {
    for (const term of dx) reader.tags.push({ tag: 'grassroots', dx: term, operations: group.main, name: group.name })
  }
  return { ...group, source }
}

const WHOLE: Text = { zh: '请填写正整数。', en: 'Write a whole number from 1.' }

function layerOf(reader: RowReader): DipLayer | undefined {
  const { table, row, aliases, log } = reader
  const cell = cellOf(table, row, 'layer') === '' ? cellOf(table, row, 'type') : cellOf(table, row, 'layer')
  if (cell === '') return table.kind === 'comprehensive' ? 'ZH' : 'JC'
  const layer = aliasValue(aliases.values.layer, cell)
  if (layer !== undefined) return layer as DipLayer
  if (isGrassroots(reader)) return 'JC'
  const column = cellOf(table, row, 'layer') === '' ? 'type' : 'layer'
  log.faults.push(
    badCell(reader, column, {
      zh: `请填写 ${DIP_LAYERS.join('、')} 或其中文名称（先期、并项、诊断辅助细分、基本、综合）。`,
      en: `Write ${DIP_LAYERS.join(', ')} or the Chinese name of the layer.`,
    }),
  )
  return undefined
}

/** Whether the type of a row says that it is a grassroots group. */
function isGrassroots({ table, row, aliases }: RowReader): boolean {
  const cell = cellOf(table, row, 'type')
  return cell !== '' && isAlias(aliases.values.grassroots, cell)
}

/** Whether the remark of a row says that its operations count wherever they stand. */
function isAnywhere(aliases: Aliases, note: string): boolean {
  const folded = foldTitle(note)
  return aliases.values.anyPosition.some(text => folded.includes(foldTitle(text)))
}

/** The property of a comprehensive row: its own cell, else the number behind its code (`I25-4`). */
function propertyOf(reader: RowReader, layer: DipLayer, code: string): PropertyNumber | undefined {
  if (layer !== 'ZH') return undefined
  const { table, row, aliases, intervention, log } = reader
  for (const column of ['property', 'number', 'numberName'] as const) {
    const cell = cellOf(table, row, column)
    if (cell === '') continue
    const property = aliasValue(aliases.values.property, cell)
    if (property !== undefined) return propertyNumber(property as OperationProperty, intervention)
    if (column === 'property') {
      log.faults.push(
        badCell(reader, column, {
          zh: '请填写 手术、介入、治疗性操作、诊断性操作 或 保守治疗。',
          en: 'Write 手术, 介入, 治疗性操作, 诊断性操作 or 保守治疗.',
        }),
      )
      return undefined
    }
  }
  const suffix = /-([1-4])$/.exec(code)?.[1]
  return suffix === undefined ? undefined : (Number(suffix) as PropertyNumber)
}

/** A name of what the row prints beside its codes, in a table without a column for names; '' where it prints none. */
function composedName({ table, row }: RowReader): string {
  if (table.header.at.has('name')) return ''
  const columns = ['dxName', 'mainName', 'mergedName', 'relatedName', 'numberName'] as const
  return columns
    .map(column => cellOf(table, row, column))
    .filter(text => text !== '')
    .join('，')
}

/** The code cells as printed, where we write them otherwise. */
function rawOf({ table, row, aliases }: RowReader, { dx, main, related, conditions }: DipGroup): { raw?: string[] } {
  const cell = (column: DipColumn): string => cellOf(table, row, column)
  const raw = [cell('dx'), cell('merged') === '' ? cell('main') : cell('merged'), cell('related')]
  const all = printExpression([...(main.length === 0 ? [] : [main]), ...related])
  const written = [
    dx.length > 0 ? dx.join('|') : (conditions.anyDx ?? []).join('|'),
    cell('related') === '' ? all : main.join('|'),
    cell('related') === '' ? '' : printExpression(related),
  ]
  const usual = [...aliases.values.anyDiagnosis, ...aliases.values.conservative]
  const odd = raw.some((text, place) => text !== written[place] && !usual.includes(text))
  return odd ? { raw } : {}
}
