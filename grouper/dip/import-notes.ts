import { Fault, type Text } from '../../messages/index.ts'
import { loadDictionary } from '../codes/library.ts'
import { addFinding, type ImportLog } from '../scheme/log.ts'
import { cellOf } from '../scheme/tables.ts'
import { type Aliases, aliasValue, type DipColumn } from './aliases.ts'
import { guessColumn, guessSheet } from './guess.ts'
import type { DipCounts } from './manifest.ts'
import type { DipTable, SourceSheet } from './source.ts'
import type { DipCatalogue } from './types.ts'

/** What an import of a catalogue says about its tables as a whole: what is missing, not read, or foreign. */

/** The fault for a source in which no table has a known column of diagnoses, with what its cells suggest. */
export function noGroups(file: string, sheets: readonly SourceSheet[]): Fault {
  const names = sheets.map(({ name }) => name)
  const has: Text =
    names.length === 0 ? { zh: '', en: '' } : { zh: `；现有 ${names.join('、')}`, en: `; it has ${names.join(', ')}` }
  const guessed = sheets.flatMap(({ rows }) => guessSheet(rows))
  const keys = (['dx', 'main'] as const).flatMap(field => {
    const one = guessed.find(({ guess }) => guess === field)
    return one === undefined ? [] : [`${field}: [${one.title}]`]
  })
  const hint: Text =
    keys.length === 0
      ? { zh: '', en: '' }
      : {
          zh: `从内容看，可写 headers: { ${keys.join(', ')} }。`,
          en: ` By their cells it may be headers: { ${keys.join(', ')} }.`,
        }
  return new Fault({
    code: 'DIP-011',
    at: { file },
    what: { zh: `没有找到病种表${has.zh}。`, en: `No table of groups was found${has.en}.` },
    fix: {
      zh: `病种表至少要有“主要诊断编码”列；其他表头请在导入清单的 headers 中声明（见 docs/dip-format.md）。${hint.zh}`,
      en: `A table of groups has a column 主要诊断编码 at least; declare other titles as headers in the manifest (docs/dip-format.md).${hint.en}`,
    },
  })
}

/** The fault for a table of groups without rows. */
export function noRows(file: string): Fault {
  return new Fault({
    code: 'DIP-011',
    at: { file },
    what: { zh: '病种表中没有一行病种。', en: 'The table of groups has no row.' },
    fix: { zh: '请检查文件是否完整。', en: 'Check that the file is whole.' },
  })
}

/** A table without a known column of operations, but with one that holds them, would be read as conservative throughout. */
export function refuseUnreadOperations(tables: readonly DipTable[], log: ImportLog): void {
  for (const table of tables) {
    const { kind, header, unread } = table
    if (kind !== 'groups' || header.at.has('main') || header.at.has('merged')) continue
    const column = unread.find(({ index }) => guessColumn(cellsAt(table, index)) === 'main')
    if (column === undefined) continue
    log.faults.push(
      new Fault({
        code: 'DIP-016',
        at: { ...placeOfHeader(table), column: column.index + 1 },
        what: {
          zh: `“${column.title}”列是手术操作编码，但不是认得的表头。`,
          en: `The column ${column.title} holds operation codes, and its title is not known.`,
        },
        fix: {
          zh: `请在导入清单中写 headers: { main: [${column.title}] }。`,
          en: `Write headers: { main: [${column.title}] } in the manifest.`,
        },
      }),
    )
  }
}

function cellsAt({ rows }: DipTable, index: number): string[] {
  return rows.map(({ cells }) => cells[index] ?? '')
}

function placeOfHeader({ file, sheet, header }: DipTable): { file: string; sheet?: string; line: number } {
  return { file, ...(sheet === undefined ? {} : { sheet }), line: header.line }
}

/** Codes that the dictionaries lack: kept as codes of this catalogue, and told once. */
export function noteForeignCodes(catalogue: DipCatalogue, tables: readonly DipTable[], log: ImportLog): void {
  const known = loadDictionary(catalogue.manifest.codeSystem.procedure)
  const foreign = catalogue.procedures.codes.filter(code => code !== '' && !known.ids.has(code))
  if (foreign.length === 0) return
  const shown = foreign
    .slice(0, 8)
    .map(code => withZeros(code, known.ids))
    .join(', ')
  const more = foreign.length > 8 ? ' …' : ''
  addFinding(
    log,
    'warning',
    'DIP-102',
    { table: tables[0]! },
    {
      zh: `${foreign.length} 个手术操作编码不在字典 ${known.id} 中，作为本目录的编码保留：${shown}${more}`,
      en: `${foreign.length} operation codes are not in ${known.id} and are kept as codes of this catalogue: ${shown}${more}`,
    },
  )
}

/** A code that may have lost its zeros, with the one that it then was: `47.01 (47.0100?)`. */
function withZeros(code: string, ids: ReadonlyMap<string, number>): string {
  const whole = /^\d{2}\.\d{1,3}$/.test(code) ? code.padEnd(7, '0') : code
  return whole !== code && ids.has(whole) ? `${code} (${whole}?)` : code
}

/** Columns of tables of groups that were not read; a table whose operations were not found is all conservative. */
export function noteUnread(tables: readonly DipTable[], { values }: Aliases, log: ImportLog): void {
  for (const table of tables) {
    const { kind, header, unread } = table
    if (kind !== 'groups') continue
    // Comprehensive groups ask for no operation of their own.
    const isCore = (row: DipTable['rows'][number]): boolean =>
      !['layer', 'type'].some(column => aliasValue(values.layer, cellOf(table, row, column)) === 'ZH')
    const blind =
      !['main', 'merged', 'age'].some(column => header.at.has(column as DipColumn)) && table.rows.some(isCore)
    if (unread.length === 0 && !blind) continue
    const coded = unread.filter(({ index }) => guessColumn(cellsAt(table, index)) !== undefined)
    const list = unread.length === 0 ? '–' : unread.map(({ title }) => title).join('、')
    addFinding(
      log,
      blind || coded.length > 0 ? 'warning' : 'note',
      'DIP-104',
      { table },
      {
        zh: `${blind ? '没有手术操作编码列，各行均作为保守治疗；' : ''}未读取的列：${list}${coded.length === 0 ? '' : `，其中 ${coded.map(({ title }) => title).join('、')} 是编码`}（可在导入清单的 headers 中声明）`,
        en: `${blind ? 'there is no column of operations, so that all rows are conservative; ' : ''}columns not read: ${list}${coded.length === 0 ? '' : `, of which ${coded.map(({ title }) => title).join(', ')} hold codes`} (the manifest can declare them as headers)`,
      },
    )
  }
}

/** Compares what was read with what the manifest promises: a table cut short shows here. */
export function noteCounts(promised: DipCounts | undefined, counts: DipCounts, log: ImportLog): void {
  if (promised === undefined) return
  for (const key of Object.keys(promised) as (keyof DipCounts)[]) {
    if (promised[key] === counts[key]) continue
    log.findings.push({
      code: 'DIP-103',
      severity: 'warning',
      place: { table: key },
      text: {
        zh: `导入清单记录为 ${promised[key]}，实际读到 ${counts[key]}`,
        en: `the manifest promises ${promised[key]}, ${counts[key]} were read`,
      },
    })
  }
}
