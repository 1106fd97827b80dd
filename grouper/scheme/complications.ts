import { Fault } from '../../messages/index.ts'
import type { HeaderRow } from './columns.ts'
import { addFinding, type ImportLog } from './log.ts'
import { type Listed, nameOf, noteCleaned, noteRepeated, tally } from './names.ts'
import { codeCellOf, placeOf, type SourceTable } from './tables.ts'
import type { Complication, Severity } from './types.ts'

/** Complications by code with the rows they came from; a code listed twice is settled and reported. */
export function readComplications(
  table: SourceTable,
  exclusions: ReadonlyMap<string, unknown>,
  log: ImportLog,
): { map: Map<string, Complication>; rows: Listed[] } {
  const map = new Map<string, Complication>()
  const rows: Listed[] = []
  const repeated = tally()
  for (const row of table.rows) {
    const code = nameOf(table, row, 'code', log)
    const level = levelOf(table, row, log)
    if (code === undefined || level === undefined) continue
    const exclusion = codeCellOf(table, row, 'table')
    if (exclusion !== '' && !exclusions.has(exclusion)) {
      log.faults.push(
        new Fault({
          code: 'IMP-009',
          at: placeOf(table, row, 'table'),
          what: {
            zh: `${code} 的排除表 ${exclusion} 不存在。`,
            en: `${code} names the exclusion table ${exclusion}, which does not exist.`,
          },
          fix: {
            zh: '请在排除表中补上它，或将单元格留空（表示从不排除）。',
            en: 'Add it to the exclusion tables, or leave the cell empty, which means never excluded.',
          },
        }),
      )
      continue
    }
    const before = map.get(code)
    const complication = { level, table: exclusion }
    if (before === undefined) {
      map.set(code, complication)
      rows.push({ code, row })
    } else if (before.level === level && before.table === exclusion) {
      repeated.add(row)
    } else {
      // The higher level wins, and of one level the earlier row: MCC is what both lists together say.
      const kept = level === 'MCC' && before.level === 'CC' ? complication : before
      map.set(code, kept)
      const [a, b, c] = [before, complication, kept].map(({ level, table }) => `${level} ${table === '' ? '-' : table}`)
      addFinding(
        log,
        'warning',
        'IMP-106',
        { table, row, field: 'level', code },
        {
          zh: `同一编码既为 ${a} 又为 ${b}，按 ${c} 处理`,
          en: `listed as ${a} and as ${b}, taken as ${c}`,
        },
      )
    }
  }
  noteRepeated(table, repeated, log)
  noteCleaned(table, log)
  return { map, rows }
}

function levelOf(table: SourceTable, row: HeaderRow, log: ImportLog): Severity | undefined {
  const text = codeCellOf(table, row, 'level').toUpperCase()
  if (text === 'MCC' || text === 'CC') return text
  log.faults.push(
    new Fault({
      code: 'IMP-008',
      at: placeOf(table, row, 'level'),
      what: { zh: `级别“${text}”无法识别。`, en: `"${text}" is no level.` },
      fix: { zh: '请写 MCC 或 CC。', en: 'Write MCC or CC.' },
    }),
  )
  return undefined
}
