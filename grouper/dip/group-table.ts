import { Fault } from '../../messages/index.ts'
import { formatFen, formatPoints, parseDecimal, parseYuan, roundPoints } from '../../numbers/index.ts'
import type { PackRow } from '../scheme/rows.ts'
import { parseExpression, printExpression } from './expression.ts'
import { parseTerm } from './keys.ts'
import {
  DIP_LAYERS,
  type DipConditions,
  type DipFigures,
  type DipGroup,
  type DipLayer,
  type GroupOrigin,
  type PropertyNumber,
  type RowSource,
} from './types.ts'

/** Columns of groups.tsv. */
export const GROUP_HEADER = [
  'code',
  'layer',
  'sequence',
  'name',
  'dx',
  'main',
  'related',
  'position',
  'anyDx',
  'otherDx',
  'ageDaysBelow',
  'weight',
  'burnDegree',
  'burnArea',
  'drugResistant',
  'property',
  'origin',
  'score',
  'meanCost',
  'meanDays',
  'grassrootsFactor',
  'sheet',
  'row',
  'raw',
] as const

type Column = (typeof GROUP_HEADER)[number]

/** A group as the cells of its row in groups.tsv. */
export function groupCells(group: Omit<DipGroup, 'source'> & { readonly source: RowSource | undefined }): string[] {
  const { conditions, figures, source } = group
  const cells: Record<Column, string> = {
    code: group.code,
    layer: group.layer,
    sequence: String(group.sequence),
    name: group.name,
    dx: group.dx.join('|'),
    main: group.main.join('|'),
    related: printExpression(group.related),
    position: group.position === 'main' ? '' : 'any',
    anyDx: (conditions.anyDx ?? []).join('|'),
    otherDx: (conditions.otherDx ?? []).join('|'),
    ageDaysBelow: numberText(conditions.ageDaysBelow),
    weight: (conditions.weight ?? []).join('-'),
    burnDegree: numberText(conditions.burnDegree),
    burnArea: (conditions.burnArea ?? []).join('-'),
    drugResistant: conditions.drugResistant === undefined ? '' : conditions.drugResistant ? 'yes' : 'no',
    property: numberText(group.property),
    origin: group.origin === 'national' ? '' : group.origin,
    score: figures.score === undefined ? '' : formatPoints(figures.score),
    meanCost: figures.meanCost === undefined ? '' : formatFen(figures.meanCost),
    meanDays: figures.meanDays ?? '',
    grassrootsFactor: figures.grassrootsFactor ?? '',
    sheet: source?.sheet ?? '',
    row: numberText(source?.row),
    raw: (source?.raw ?? []).join(' ¦ '),
  }
  return GROUP_HEADER.map(column => cells[column])
}

function numberText(value: number | undefined): string {
  return value === undefined ? '' : String(value)
}

/** Reads a row of groups.tsv; throws DIP-002 with line and column for a cell that it cannot read. */
export function readGroup(row: PackRow): DipGroup {
  const cell = (column: Column): string => row.cells[GROUP_HEADER.indexOf(column)]!
  const bad = (column: Column): Fault => unreadableCell(row, column, cell(column))
  const whole = (column: Column): number => {
    if (!/^\d{1,9}$/.test(cell(column))) throw bad(column)
    return Number(cell(column))
  }
  const terms = (column: Column): string[] => {
    if (cell(column) === '') return []
    return cell(column)
      .split('|')
      .map(text => {
        const term = parseTerm(text)
        if (term === undefined) throw bad(column)
        return term
      })
  }
  const pair = (column: Column): readonly [number, number] => {
    const found = /^(\d{1,5})-(\d{1,5})$/.exec(cell(column))
    if (found === null || Number(found[1]) > Number(found[2])) throw bad(column)
    return [Number(found[1]), Number(found[2])]
  }
  const oneOf = <T extends string>(column: Column, values: readonly T[]): T => {
    const found = values.find(value => value === cell(column))
    if (found === undefined) throw bad(column)
    return found
  }
  const factors = (column: Column): readonly (readonly string[])[] => {
    const read = parseExpression(cell(column))
    if ('part' in read) throw bad(column)
    return read
  }
  const main = factors('main')
  if (main.length > 1) throw bad('main')
  const has = (column: Column): boolean => cell(column) !== ''
  const conditions: DipConditions = {
    ...(has('anyDx') ? { anyDx: terms('anyDx') } : {}),
    ...(has('otherDx') ? { otherDx: terms('otherDx') } : {}),
    ...(has('ageDaysBelow') ? { ageDaysBelow: whole('ageDaysBelow') } : {}),
    ...(has('weight') ? { weight: pair('weight') } : {}),
    ...(has('burnDegree') ? { burnDegree: Number(oneOf('burnDegree', ['2', '3'])) as 2 | 3 } : {}),
    ...(has('burnArea') ? { burnArea: pair('burnArea') } : {}),
    ...(has('drugResistant') ? { drugResistant: oneOf('drugResistant', ['yes', 'no']) === 'yes' } : {}),
  }
  const score = has('score') ? parseDecimal(cell('score')) : undefined
  const meanCost = has('meanCost') ? parseYuan(cell('meanCost')) : 0
  if (has('score') && score?.lt(0) !== false) throw bad('score')
  if (meanCost === undefined) throw bad('meanCost')
  for (const column of ['meanDays', 'grassrootsFactor'] as const) {
    if (has(column) && !/^\d{1,9}(\.\d{1,12})?$/.test(cell(column))) throw bad(column)
  }
  const figures: DipFigures = {
    ...(score === undefined ? {} : { score: roundPoints(score) }),
    ...(has('meanCost') ? { meanCost } : {}),
    ...(has('meanDays') ? { meanDays: cell('meanDays') } : {}),
    ...(has('grassrootsFactor') ? { grassrootsFactor: cell('grassrootsFactor') } : {}),
  }
  if (!has('code')) throw bad('code')
  return {
    code: cell('code'),
    layer: oneOf<DipLayer>('layer', DIP_LAYERS),
    sequence: whole('sequence'),
    name: cell('name'),
    dx: terms('dx'),
    main: main[0] ?? [],
    related: factors('related'),
    position: oneOf('position', ['', 'any']) === 'any' ? 'any' : 'main',
    conditions,
    ...(has('property') ? { property: Number(oneOf('property', ['1', '2', '3', '4'])) as PropertyNumber } : {}),
    origin: has('origin') ? oneOf<GroupOrigin>('origin', ['changed', 'local']) : 'national',
    figures,
    ...(has('sheet') || has('row')
      ? {
          source: {
            sheet: cell('sheet'),
            row: has('row') ? whole('row') : 0,
            ...(has('raw') ? { raw: cell('raw').split(' ¦ ') } : {}),
          },
        }
      : {}),
  }
}

/** The fault for a cell of a pack's table. */
export function unreadableCell(row: PackRow, column: string, found: string): Fault {
  return new Fault({
    code: 'DIP-002',
    at: { file: row.file, line: row.line, field: column },
    what: { zh: `无法读取“${found}”。`, en: `"${found}" cannot be read.` },
    fix: {
      zh: '请按 docs/dip-format.md 的写法改正，或从原表重新导入。',
      en: 'Write it as docs/dip-format.md shows, or import the source again.',
    },
  })
}
