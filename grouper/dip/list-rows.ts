import { z } from 'zod'
import { Fault } from '../../messages/index.ts'
import type { ImportLog } from '../scheme/log.ts'
import { cellOf, codeCellOf } from '../scheme/tables.ts'
import { aliasValue, type DipColumn } from './aliases.ts'
import { isOperation, parseExpression } from './expression.ts'
import { bareDiagnosis, parseTerm } from './keys.ts'
import { PROPERTIES } from './list-tables.ts'
import { dxIn } from './row-diagnoses.ts'
import { operationsIn } from './row-operations.ts'
import { badCell, type RowContext, type RowReader } from './row-reader.ts'
import type { DipTable } from './source.ts'
import {
  DIP_TAGS,
  type DipGroup,
  type DipLists,
  type DipTag,
  type ExcludedOperation,
  type OperationProperty,
  type PropertyNumber,
  type TagRow,
} from './types.ts'

/** Lists as a manifest gives them; tagged rows in short, `K64[49.4500|49.4600]`. */
export interface GivenLists {
  readonly excludedDiagnoses?: string[] | undefined
  readonly excludedOperations?:
    | { readonly code: string; readonly rule: ExcludedOperation['rule']; readonly scope?: string | undefined }[]
    | undefined
  readonly drugResistant?: string[] | undefined
  readonly grassroots?: string[] | undefined
  readonly tcm?: string[] | undefined
  readonly 'bed-day'?: string[] | undefined
  readonly 'day-surgery'?: string[] | undefined
  /** Codes by property; not the other way round, because YAML reads a code that is a key as a number. */
  readonly properties?: Partial<Record<OperationProperty, string[]>> | undefined
}

const codes = z.array(z.string().min(1)).optional()
export const givenLists: z.ZodType<GivenLists> = z.strictObject({
  excludedDiagnoses: codes,
  excludedOperations: z
    .array(
      z.strictObject({
        code: z.string().min(1),
        rule: z.enum(['conservative', 'not-main', 'limited']),
        scope: z.string().optional(),
      }),
    )
    .optional(),
  drugResistant: codes,
  grassroots: codes,
  tcm: codes,
  'bed-day': codes,
  'day-surgery': codes,
  properties: z.partialRecord(z.enum(PROPERTIES), z.array(z.string().min(1))).optional(),
})

/** The lists of a catalogue while they are read. */
export interface ListGatherer extends DipLists {
  readonly excludedDiagnoses: Set<string>
  readonly excludedOperations: Map<string, ExcludedOperation>
  readonly tags: TagRow[]
  readonly drugResistant: Set<string>
  readonly properties: Map<string, OperationProperty>
}

/** Lists with what a manifest gives; what cannot be read becomes faults of the log. */
export function newLists(given: GivenLists = {}, { file, log }: { file: string; log: ImportLog }): ListGatherer {
  const lists: ListGatherer = {
    excludedDiagnoses: new Set(given.excludedDiagnoses),
    excludedOperations: new Map(),
    tags: [],
    drugResistant: new Set(given.drugResistant),
    properties: new Map(),
  }
  const bad = (field: string, found: string): void => {
    log.faults.push(
      new Fault({
        code: 'DIP-014',
        at: { file, field },
        what: { zh: `无法读取“${found}”。`, en: `"${found}" cannot be read.` },
        fix: { zh: '请按 docs/dip-format.md 改正。', en: 'Write it as docs/dip-format.md shows.' },
      }),
    )
  }
  for (const { code, rule, scope } of given.excludedOperations ?? []) {
    const terms = scopeTerms(scope ?? '')
    if (terms === undefined || (rule === 'limited') !== terms.length > 0) bad('lists.excludedOperations', code)
    else lists.excludedOperations.set(code, { code, rule, scope: terms })
  }
  for (const property of PROPERTIES) {
    for (const code of given.properties?.[property] ?? []) {
      if (isOperation(code)) lists.properties.set(code, property)
      else bad('lists.properties', code)
    }
  }
  for (const tag of DIP_TAGS) {
    for (const short of given[tag] ?? []) {
      const row = parseTagged(tag, short)
      if (row === undefined) bad(`lists.${tag}`, short)
      else lists.tags.push(row)
    }
  }
  return lists
}

/** `A00-A09|D01` as terms; undefined where one is none. */
export function scopeTerms(scope: string): string[] | undefined {
  if (scope.trim() === '') return []
  const terms = scope
    .replaceAll(/\s/g, '')
    .split('|')
    .filter(part => part !== '')
    .map(parseTerm)
  return terms.every(term => term !== undefined) ? terms : undefined
}

/** `K64[49.4500|49.4600]`, `I10`: a diagnosis term and the operations of which one is the main one. */
export function parseTagged(tag: DipTag, short: string): TagRow | undefined {
  const found = /^([^[\]]+)(?:\[([^[\]]+)\])?$/.exec(short.trim())
  const dx = parseTerm(found?.[1] ?? '')
  const operations = parseExpression(found?.[2] ?? '')
  if (dx === undefined || 'part' in operations || operations.length > 1) return undefined
  return { tag, dx, operations: operations[0] ?? [], name: '' }
}

/** Reads a table that is not one of core groups; comprehensive groups are added to `into.groups`. */
export function readListTable(
  table: DipTable,
  context: RowContext,
  lists: ListGatherer,
  into: { groups: DipGroup[]; next: () => number },
): void {
  for (const row of table.rows) {
    const reader: RowReader = { ...context, table, row }
    switch (table.kind) {
      case 'excludedDiagnoses':
      case 'drugResistant': {
        const code = codeCellOf(table, row, 'dx')
        if (parseTerm(code) === undefined) context.log.faults.push(badCell(reader, 'dx', CODE_TEXT))
        else lists[table.kind].add(table.kind === 'drugResistant' ? bareDiagnosis(code) : code)
        break
      }
      case 'excludedOperations':
        readExcluded(reader, lists)
        break
      case 'properties':
        readPropertyRow(reader, lists)
        break
      case 'comprehensive':
        readComprehensive(reader, into)
        break
      case 'groups':
        break
      default:
        readTagRow(reader, table.kind, lists)
    }
  }
}

const CODE_TEXT = { zh: '请填写一个诊断编码。', en: 'Write one diagnosis code.' }

function readExcluded(reader: RowReader, lists: ListGatherer): void {
  const { table, row, log } = reader
  const [factor] = operationsIn(reader, 'main')
  if (factor === undefined) {
    if (cellOf(table, row, 'main') === '')
      log.faults.push(badCell(reader, 'main', { zh: '请填写一个手术操作编码。', en: 'Write one operation code.' }))
    return
  }
  const note = cellOf(table, row, 'note').replaceAll(/\s/g, '')
  for (const code of factor) {
    const entry = ruleOf(code, note)
    if (entry === undefined) {
      log.faults.push(
        badCell(reader, 'note', {
          zh: '请填写 按保守治疗入组、不可作为主要手术操作 或 “A00-A09|… 作为主要诊断，可作为主要手术操作”。',
          en: 'Write 按保守治疗入组, 不可作为主要手术操作 or "A00-A09|… 作为主要诊断，可作为主要手术操作".',
        }),
      )
      return
    }
    lists.excludedOperations.set(code, entry)
  }
}

/** The rule of a remark; undefined where it is none of the three. */
function ruleOf(code: string, note: string): ExcludedOperation | undefined {
  if (note.includes('按保守治疗入组')) return { code, rule: 'conservative', scope: [] }
  const scope = /^([^作]+)作为主要诊断/.exec(note)?.[1]
  if (scope !== undefined) {
    const terms = scopeTerms(scope)
    return terms === undefined || terms.length === 0 ? undefined : { code, rule: 'limited', scope: terms }
  }
  return note.includes('不可作为主要手术') ? { code, rule: 'not-main', scope: [] } : undefined
}

function readPropertyRow(reader: RowReader, lists: ListGatherer): void {
  const { table, row, aliases, log } = reader
  const byLevel = cellOf(table, row, 'property') === '' && table.header.at.has('level')
  const column = byLevel ? 'level' : 'property'
  const property = aliasValue(aliases.values[column], cellOf(table, row, column))
  if (property === undefined) {
    log.faults.push(
      badCell(
        reader,
        column,
        byLevel
          ? { zh: '请填写手术级别 1 到 4。', en: 'Write the level of the operation, 1 to 4.' }
          : {
              zh: '请填写 手术、介入、治疗性操作、诊断性操作 或 其他。',
              en: 'Write 手术, 介入, 治疗性操作, 诊断性操作 or 其他.',
            },
      ),
    )
    return
  }
  for (const code of operationsIn(reader, 'main').flat()) lists.properties.set(code, property as OperationProperty)
}

/** A row of 综合病种字典: code `A17+-4`, category `A17+`, number 1–4. */
function readComprehensive(reader: RowReader, { groups, next }: { groups: DipGroup[]; next: () => number }): void {
  const { table, row, aliases, log } = reader
  const cell = (column: DipColumn): string => cellOf(table, row, column)
  const dx = dxIn(reader, table.header.at.has('category') ? 'category' : 'dx', 'ZH')
  const given = cell('number') === '' ? cell('numberName') : cell('number')
  const property = aliasValue(aliases.values.property, given === '' ? cell('property') : given)
  const number = property === undefined ? /-([1-4])$/.exec(cell('code'))?.[1] : NUMBERS[property as OperationProperty]
  if (number === undefined || cell('code') === '') {
    log.faults.push(
      badCell(reader, cell('code') === '' ? 'code' : 'number', {
        zh: '请填写综合病种编码（类目-组编号，如 I25-4）和组编号 1–4。',
        en: 'Write the code of the comprehensive group (category-number, as I25-4) and its number 1–4.',
      }),
    )
    return
  }
  groups.push({
    code: cell('code'),
    layer: 'ZH',
    sequence: next(),
    name: cell('name') === '' ? cell('numberName') : cell('name'),
    dx,
    main: [],
    related: [],
    position: 'main',
    conditions: {},
    property: Number(number) as PropertyNumber,
    origin: 'local',
    figures: {},
    source: { sheet: table.table, row: row.line },
  })
}

const NUMBERS: Readonly<Record<OperationProperty, string>> = {
  surgery: '4',
  intervention: '4',
  therapeutic: '3',
  diagnostic: '2',
  none: '1',
}

function readTagRow(reader: RowReader, tag: DipTag, lists: ListGatherer): void {
  const { table, row, log } = reader
  const days = cellOf(table, row, 'minDays')
  if (!/^\d{0,5}$/.test(days)) {
    log.faults.push(badCell(reader, 'minDays', { zh: '请填写天数。', en: 'Write a number of days.' }))
    return
  }
  const [operations = []] = operationsIn(reader, 'main')
  for (const dx of dxIn(reader, 'dx', 'JC')) {
    lists.tags.push({
      tag,
      dx,
      operations,
      name: cellOf(table, row, 'dxName'),
      ...(days === '' ? {} : { minDays: Number(days) }),
    })
  }
}
