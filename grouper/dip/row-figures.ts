import type { Text } from '../../messages/index.ts'
import { parseDecimal, parseYuan, roundPoints } from '../../numbers/index.ts'
import { cellOf } from '../scheme/tables.ts'
import type { DipColumn } from './aliases.ts'
import { badCell, type RowReader } from './row-reader.ts'
import type { DipFigures } from './types.ts'

const NUMBER: Text = { zh: '请填写不小于 0 的数字。', en: 'Write a number of 0 or more.' }
const MONEY: Text = {
  zh: '请填写以元为单位的金额，最多两位小数。',
  en: 'Write an amount in yuan with at most two decimals.',
}

/** The figures that a region publishes with a row. */
export function figuresOf(reader: RowReader): DipFigures {
  const { table, row, log } = reader
  const cell = (column: DipColumn): string => cellOf(table, row, column).replaceAll(',', '')
  const score = cell('score') === '' ? undefined : parseDecimal(cell('score'))
  if (cell('score') !== '' && score?.lt(0) !== false) log.faults.push(badCell(reader, 'score', NUMBER))
  const meanCost = cell('meanCost') === '' ? undefined : parseYuan(cell('meanCost'))
  if (cell('meanCost') !== '' && (meanCost === undefined || meanCost < 0)) {
    log.faults.push(badCell(reader, 'meanCost', MONEY))
  }
  const relatedCost = cell('relatedCost') === '' ? undefined : parseYuan(cell('relatedCost'))
  if (cell('relatedCost') !== '' && (relatedCost === undefined || relatedCost < 0)) {
    log.faults.push(badCell(reader, 'relatedCost', MONEY))
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
    ...(relatedCost === undefined ? {} : { relatedCost }),
  }
}
