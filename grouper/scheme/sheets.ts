import { readWorkbook, type Sheet } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import { findHeader, foldTitle, TABLE_NAMES, type TableName } from './columns.ts'
import { type SourceTable, type SourceTables, TITLE_ROWS } from './tables.ts'

/** Reads the six sheets of an official workbook; they are found by name, other sheets are left aside. */
export async function readSheets(file: string): Promise<SourceTables> {
  const sheets = await readWorkbook(file)
  const found = new Map<TableName, Sheet>()
  for (const sheet of sheets) {
    const table = TABLE_NAMES.find(name => name === foldTitle(sheet.name))
    if (table === undefined) continue
    const before = found.get(table)
    if (before !== undefined) throw repeatedSheet(file, table, [before.name, sheet.name])
    found.set(table, sheet)
  }
  const missing = TABLE_NAMES.filter(table => !found.has(table))
  if (missing.length > 0) throw missingSheets(file, missing, sheets)
  const tables = TABLE_NAMES.map(table => [table, tableOf(table, found.get(table)!, file)] as const)
  return Object.fromEntries(tables) as SourceTables
}

function tableOf(table: TableName, { name: sheet, rows }: Sheet, file: string): SourceTable {
  const header = findHeader(table, rows.slice(0, TITLE_ROWS), { file, sheet })
  return { table, file, sheet, header, rows: rows.filter(({ line }) => line > header.line) }
}

function repeatedSheet(file: string, table: string, names: readonly string[]): Fault {
  return new Fault({
    code: 'IMP-014',
    at: { file, sheet: table },
    what: {
      zh: `有 ${names.length} 张工作表名为 ${table}：${names.map(name => `“${name}”`).join('、')}。`,
      en: `${names.length} sheets have the name ${table}: ${names.map(name => `"${name}"`).join(', ')}.`,
    },
    fix: { zh: '请删除或改名多余的一张。', en: 'Delete or rename the one that is not meant.' },
  })
}

function missingSheets(file: string, missing: readonly string[], sheets: readonly Sheet[]): Fault {
  const names = sheets.map(({ name }) => name)
  return new Fault({
    code: 'IMP-001',
    at: { file },
    what: {
      zh: `工作簿中缺少工作表 ${missing.join('、')}；现有 ${names.join('、')}。`,
      en: `The workbook lacks the sheets ${missing.join(', ')}; it has ${names.join(', ')}.`,
    },
    fix: {
      zh: '请按官方工作簿命名六张工作表：MDC、ADRG、DRG、集合、CC、排除表。',
      en: 'Name the six sheets as the official workbook does: MDC, ADRG, DRG, 集合, CC, 排除表.',
    },
  })
}
