import { addFinding } from '../scheme/log.ts'
import { cellOf } from '../scheme/tables.ts'
import { type DipColumn, isAlias } from './aliases.ts'
import { type Factors, foldSigns, parseExpression } from './expression.ts'
import { badCell, isNumber, notText, type RowReader } from './row-reader.ts'

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
