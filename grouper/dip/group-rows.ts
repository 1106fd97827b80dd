import { columnLetters } from '../../files/index.ts'
import { Fault, type Text } from '../../messages/index.ts'
import { parseDecimal, parseYuan, roundPoints } from '../../numbers/index.ts'
import { foldTitle, type HeaderRow } from '../scheme/columns.ts'
import { addFinding, type ImportLog } from '../scheme/log.ts'
import { cellOf, placeOf } from '../scheme/tables.ts'
import { type Aliases, aliasValue, type DipColumn, isAlias } from './aliases.ts'
import { type Factors, foldSigns, parseExpression, printExpression } from './expression.ts'
import { propertyNumber } from './facts.ts'
import { keysOfTerm, parseTerm } from './keys.ts'
import type { DipTable } from './source.ts'
import {
  DIP_LAYERS,
  type Dialect,
  type DipConditions,
  type DipFigures,
  type DipGroup,
  type DipLayer,
  type GroupOrigin,
  type OperationProperty,
  type PropertyNumber,
  type TagRow,
} from './types.ts'

/** What rows are read with. */
export interface RowContext {
  readonly aliases: Aliases
  readonly dialect: Dialect
  /** Names of groups by code, for tables without them. */
  readonly names: Readonly<Record<string, string>>
  readonly intervention: 3 | 4
  /** Where marks go that rows of groups give by their type. */
  readonly tags: TagRow[]
  readonly log: ImportLog
}

/** Reads the rows of a table of groups; what cannot be read becomes faults of the log. */
export function readGroups(table: DipTable, context: RowContext, nextSequence: () => number): DipGroup[] {
  const groups: DipGroup[] = []
  for (const row of table.rows) {
    const group = readRow({ table, row, ...context }, nextSequence)
    if (group !== undefined) groups.push(group)
  }
  return groups
}

/** A row under reading. */
export interface RowReader extends RowContext {
  readonly table: DipTable
  readonly row: HeaderRow
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
const NUMBER: Text = { zh: '请填写不小于 0 的数字。', en: 'Write a number of 0 or more.' }
const MONEY: Text = {
  zh: '请填写以元为单位的金额，最多两位小数。',
  en: 'Write an amount in yuan with at most two decimals.',
}
const DIAGNOSES: Text = {
  zh: '请填写类目（K80）、亚目（K31.7）、完整编码或类目区间（A15-A16），多个用 | 分隔。',
  en: 'Write a category (K80), a subcategory (K31.7), a full code or a range of categories (A15-A16), several with | between.',
}

/** The fault for a cell that cannot be read. */
export function badCell(reader: RowReader, column: DipColumn, fix: Text, part?: string): Fault {
  const { table, row } = reader
  const found = part ?? cellOf(table, row, column)
  return new Fault({
    code: 'DIP-014',
    at: placeOf(table, row, column),
    what:
      found === ''
        ? { zh: '单元格为空，或其中有空的一项。', en: 'The cell is empty, or a part of it is.' }
        : { zh: `无法读取“${found}”。`, en: `"${found}" cannot be read.` },
    fix,
  })
}

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

/** The factors of an operation cell; a code that stands twice in a factor is noted. */
export function operationsIn(reader: RowReader, column: DipColumn): Factors {
  const { table, row, aliases, dialect, log } = reader
  const text = foldSigns(cellOf(table, row, column))
  if (text === '' || isAlias(aliases.values.conservative, text)) return []
  if (isNumber(reader, column)) {
    log.faults.push(notText(reader, column))
    return []
  }
  const read = parseExpression(text, dialect)
  if ('part' in read) {
    log.faults.push(
      badCell(
        reader,
        column,
        {
          zh: `手术操作编码形如 47.0100 或 51.8800x009；“${dialect.or === '' ? '' : `${dialect.or}”为任一，“`}${dialect.and}”为同时具备；其他写法请在导入清单的 dialect 中声明。`,
          en: `Operation codes look like 47.0100 or 51.8800x009; ${dialect.or === '' ? '' : `"${dialect.or}" means any of them, `}"${dialect.and}" all of them; declare other signs as dialect in the manifest.`,
        },
        read.part,
      ),
    )
    return []
  }
  const written =
    dialect.or === '' ? text.split(dialect.and) : text.split(dialect.and).flatMap(f => f.split(dialect.or))
  const kept = read.reduce((n, factor) => n + factor.length, 0)
  if (written.length > kept) {
    addFinding(
      log,
      'note',
      'DIP-101',
      { table, row, field: column },
      {
        zh: `同一格内重复的编码只保留一次（${written.length - kept} 个）`,
        en: `a code that stands twice in the cell is kept once (${written.length - kept})`,
      },
    )
  }
  return read
}

function isNumber({ table, row }: RowReader, column: DipColumn): boolean {
  const index = table.header.at.get(column)
  return index !== undefined && row.kinds?.has(index) === true
}

function notText(reader: RowReader, column: DipColumn): Fault {
  const { table, row } = reader
  return new Fault({
    code: 'DIP-015',
    at: placeOf(table, row, column),
    what: {
      zh: `单元格是数字或日期 ${cellOf(table, row, column)}，不是文本，编码的零已丢失。`,
      en: `The cell holds the number or date ${cellOf(table, row, column)}, not text: zeros of the code are lost.`,
    },
    fix: {
      zh: `请把 ${columnLetters(table.header.at.get(column) ?? 0)} 列设为“文本”格式，按原发布的编码重新填写。`,
      en: `Format column ${columnLetters(table.header.at.get(column) ?? 0)} as text and write the codes again as published.`,
    },
  })
}

/** The terms of a diagnosis cell; comprehensive rows may be keyed by one or two characters (`K`, `K3`). */
export function dxIn(reader: RowReader, column: DipColumn, layer: DipLayer): string[] {
  const { table, row, aliases, log } = reader
  const text = foldSigns(cellOf(table, row, column))
  if (text === '' || isAlias(aliases.values.anyDiagnosis, text)) return []
  if (isNumber(reader, column)) {
    log.faults.push(notText(reader, column))
    return []
  }
  const terms: string[] = []
  for (const part of text.split(/[|,、;/]/)) {
    const term = layer === 'ZH' ? wideTerm(part) : parseTerm(part)
    if (term === undefined) log.faults.push(badCell(reader, column, remedyFor(part), part))
    else if (!terms.includes(term)) terms.push(term)
  }
  return terms
}

/** What to write instead of a part that is no diagnosis; a code without its dot is told. */
function remedyFor(part: string): Text {
  const found = /^([A-Z]\d{2})([0-9Xx][0-9A-Za-z]*)$/.exec(part)
  if (found === null) return DIAGNOSES
  const code = `${found[1]}.${found[2]}`
  return { zh: `是否为 ${code}？${DIAGNOSES.zh}`, en: `Is it ${code}? ${DIAGNOSES.en}` }
}

/** A term of a comprehensive row: also `K` = K00-K99 and `K3` = K30-K39. */
function wideTerm(text: string): string | undefined {
  if (/^[A-Z]$/i.test(text)) return parseTerm(`${text}00-${text}99`)
  if (/^[A-Z]\d$/i.test(text)) return parseTerm(`${text}0-${text}9`)
  return parseTerm(text)
}

/** Fourth characters that tell the degree of a burn or corrosion of T20–T25. */
const DEGREES: Readonly<Record<'2' | '3', readonly string[]>> = { '2': ['2', '6'], '3': ['3', '7'] }

/** Categories of a burn row as the subcategories of its degree; other terms as they are. */
function withDegree(reader: RowReader, terms: string[]): string[] {
  const degree = degreeOf(reader)
  if (degree === undefined) return terms
  return terms
    .flatMap(term => keysOfTerm(term))
    .flatMap(key => (key.length > 3 ? [key] : DEGREES[degree].map(character => `${key}.${character}`)))
}

function degreeOf({ table, row, aliases }: RowReader): '2' | '3' | undefined {
  const degree = aliasValue(aliases.values.degree, cellOf(table, row, 'degree'))
  return degree === '2' || degree === '3' ? degree : undefined
}

function conditionsOf(reader: RowReader, anyDx: readonly string[]): DipConditions {
  const { table, row, aliases, log } = reader
  const cell = (column: DipColumn): string => foldSigns(cellOf(table, row, column))
  const fault = (column: DipColumn, zh: string, en: string): void => {
    log.faults.push(badCell(reader, column, { zh, en }))
  }
  const degree = degreeOf(reader)
  if (cell('degree') !== '' && degree === undefined) fault('degree', '请填写 二度 或 三度。', 'Write 二度 or 三度.')
  const area = cell('area') === '' ? undefined : areaBand(cell('area'))
  if (cell('area') !== '' && area === undefined) {
    fault('area', '请写作 <10%、10-29%、30-49%、≥50%。', 'Write <10%, 10-29%, 30-49%, ≥50%.')
  }
  const weight = cell('weight') === '' ? undefined : bandIn(cell('weight'))
  if (cell('weight') !== '' && weight === undefined) {
    fault('weight', '请写作 出生体重1000-1499克。', 'Write it like 出生体重1000-1499克.')
  }
  const age = /^[<＜]?(\d{1,4})天?$/.exec(cell('age'))?.[1]
  if (cell('age') !== '' && age === undefined) fault('age', '请写作 <29天。', 'Write it like <29天.')
  const resistant = cell('resistant')
  const yes = isAlias(aliases.values.yes, resistant)
  if (resistant !== '' && !yes && !isAlias(aliases.values.no, resistant)) {
    fault('resistant', '请填写 是 或 否。', 'Write 是 or 否.')
  }
  // Beside an area the column lists the T31 and T32 codes of that area.
  const otherDx = area === undefined ? dxIn(reader, 'otherDx', 'FZ') : []
  return {
    ...(anyDx.length === 0 ? {} : { anyDx }),
    ...(otherDx.length === 0 ? {} : { otherDx }),
    ...(age === undefined ? {} : { ageDaysBelow: Number(age) }),
    ...(weight === undefined ? {} : { weight }),
    ...(degree === undefined ? {} : { burnDegree: Number(degree) as 2 | 3 }),
    ...(area === undefined ? {} : { burnArea: area }),
    ...(resistant === '' ? {} : { drugResistant: yes }),
  }
}

/** `<10%`, `10-29%`, `≥50%` as first and last percent. */
function areaBand(text: string): readonly [number, number] | undefined {
  const below = /^(?:<|小于|不足)(\d{1,3})/.exec(text)
  if (below !== null) return [0, Number(below[1]) - 1]
  const from = /^(?:>=|≥|≧)(\d{1,3})/.exec(text)
  if (from !== null) return [Number(from[1]), 100]
  return bandIn(text)
}

/** The first two numbers of a text with a dash between them. */
function bandIn(text: string): readonly [number, number] | undefined {
  const found = /(\d{1,5})(?:%|克|g)?[-–—~～至](\d{1,5})/.exec(text)
  return found === null || Number(found[1]) > Number(found[2]) ? undefined : [Number(found[1]), Number(found[2])]
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

function figuresOf(reader: RowReader): DipFigures {
  const { table, row, log } = reader
  const cell = (column: DipColumn): string => cellOf(table, row, column).replaceAll(',', '')
  const score = cell('score') === '' ? undefined : parseDecimal(cell('score'))
  if (cell('score') !== '' && score?.lt(0) !== false) log.faults.push(badCell(reader, 'score', NUMBER))
  const meanCost = cell('meanCost') === '' ? undefined : parseYuan(cell('meanCost'))
  if (cell('meanCost') !== '' && (meanCost === undefined || meanCost < 0)) {
    log.faults.push(badCell(reader, 'meanCost', MONEY))
  }
  for (const column of ['meanDays', 'factor'] as const) {
    if (cell(column) !== '' && !/^\d{1,9}(\.\d{1,12})?$/.test(cell(column))) {
      log.faults.push(badCell(reader, column, NUMBER))
    }
  }
  return {
    ...(score === undefined ? {} : { score: roundPoints(score) }),
    ...(meanCost === undefined ? {} : { meanCost }),
    ...(cell('meanDays') === '' ? {} : { meanDays: cell('meanDays') }),
    ...(cell('factor') === '' ? {} : { grassrootsFactor: cell('factor') }),
  }
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
