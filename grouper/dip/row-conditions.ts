import { cellOf } from '../scheme/tables.ts'
import { type DipColumn, isAlias } from './aliases.ts'
import { foldSigns } from './expression.ts'
import { degreeOf, dxIn } from './row-diagnoses.ts'
import { badCell, type RowReader } from './row-reader.ts'
import type { DipConditions } from './types.ts'

/** What a row asks for beside principal diagnosis and operations. */
export function conditionsOf(reader: RowReader, anyDx: readonly string[]): DipConditions {
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
