import { join } from 'node:path'
import { stringify } from 'yaml'
import { type TextEncoding, writeCsv, writeText, writeWorkbook } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import type { Dictionary } from '../codes/dictionary.ts'
import { TABLE_NAMES, type TableName, titlesOf } from './columns.ts'
import { importScheme, manifestBeside } from './import.ts'
import type { ImportManifest } from './manifest.ts'
import type { SourceTables } from './tables.ts'
import type { CodeKind, Scheme } from './types.ts'

/** A table as cells; its header are the official workbook's titles. */
type Rows = readonly (readonly (string | number)[])[]

const KIND_TITLE: Record<CodeKind, string> = { diagnosis: '诊断', procedure: '手术操作' }

/** Title above the header of the sheet MDC, as the official workbook has one. */
function titleOf(scheme: Scheme): string {
  return `${scheme.manifest.name.zh}分组方案配置信息`
}

/**
 * Writes a scheme as a workbook in the official layout (`X.xlsx`) or, under any other name, as a folder of CSV tables in `encoding`.
 * What the tables cannot say (id, name, code systems, source) goes into the manifest that an import finds beside them.
 */
export async function exportScheme(scheme: Scheme, out: string, encoding: TextEncoding | undefined): Promise<void> {
  const tables = tablesOf(scheme)
  refuseLossy(scheme, tables)
  const manifest = stringify(manifestOf(scheme), { lineWidth: 120 })
  if (/\.xlsx$/i.test(out)) {
    const sheets = TABLE_NAMES.map(name => {
      const rows = [headerOf(name), ...tables[name]]
      return { name, rows: name === 'MDC' ? [[titleOf(scheme)], ...rows] : rows }
    })
    await writeWorkbook(out, sheets)
    writeText(manifestBeside(out), manifest)
    return
  }
  for (const name of TABLE_NAMES) writeCsv(join(out, `${name}.csv`), headerOf(name), tables[name], encoding)
  writeText(join(out, 'manifest.yaml'), manifest)
}

function headerOf(table: TableName): string[] {
  return [...titlesOf(table).values()]
}

function tablesOf(scheme: Scheme): Record<TableName, Rows> {
  const { diagnoses, procedures } = scheme
  const rows: Record<TableName, (string | number)[][]> = { MDC: [], ADRG: [], DRG: [], 集合: [], CC: [], 排除表: [] }
  for (const [m, mdc] of scheme.mdcs.entries()) {
    rows.MDC.push([mdc.code, mdc.name, mdc.rule.text, m + 1])
    for (const [a, adrg] of mdc.adrgs.entries()) {
      rows.ADRG.push([adrg.code, adrg.name, adrg.rule.text, mdc.code, a + 1])
      for (const [d, { code, name, rule }] of adrg.drgs.entries()) {
        rows.DRG.push([code, name, rule.text, adrg.code, mdc.code, d + 1])
      }
    }
  }
  for (const { id, kind, codes } of scheme.sets.values()) {
    const dictionary = kind === 'diagnosis' ? diagnoses : procedures
    for (const code of codes) rows.集合.push([id, code, nameIn(dictionary, code), KIND_TITLE[kind]])
  }
  for (const [code, { level, table }] of scheme.complications) {
    rows.CC.push([code, nameIn(diagnoses, code), table, level])
  }
  for (const [id, codes] of scheme.exclusions) {
    for (const code of codes) rows.排除表.push([id, code, nameIn(diagnoses, code)])
  }
  return rows
}

function nameIn(dictionary: Dictionary, code: string): string {
  return dictionary.names[dictionary.ids.get(code) ?? 0] ?? ''
}

function manifestOf(scheme: Scheme): ImportManifest {
  const { id, name, codeSystem, newbornWeight, source, amendments } = scheme.manifest
  const barred = [...scheme.barredPrincipal]
  return {
    id,
    name,
    codeSystem,
    newbornWeight,
    source,
    ...(amendments === undefined ? {} : { amendments }),
    ...(barred.length === 0 ? {} : { barredPrincipal: barred }),
  }
}

/** Imports what is about to be written: a pack edited by hand may hold what the six tables cannot say. */
function refuseLossy(scheme: Scheme, tables: Record<TableName, Rows>): void {
  const source = Object.fromEntries(
    TABLE_NAMES.map(table => {
      const fields = [...titlesOf(table)]
      const header = {
        line: 1,
        columns: fields.map(([field, header], index) => ({ field, header, column: index + 1 })),
        at: new Map(fields.map(([field], index) => [field, index])),
      }
      const rows = tables[table].map((cells, index) => ({ line: index + 2, cells: cells.map(String) }))
      return [table, { table, file: table, header, rows }]
    }),
  ) as unknown as SourceTables
  let reason: { zh: string; en: string }
  try {
    const { scheme: again } = importScheme(source, { manifest: manifestOf(scheme), amendmentFiles: [] })
    if (again.hash === scheme.hash) return
    reason = {
      zh: '重新导入后内容不同（例如空集合、兜底行的位置、类别与编码不符的叶子）',
      en: 'importing it again would give other content (an empty set, the place of a fallback row, a leaf whose kind its code does not show)',
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    reason = error.what
  }
  throw new Fault({
    code: 'EXP-001',
    at: { field: scheme.manifest.id },
    what: {
      zh: `该方案无法用官方工作簿的六张表完整表达：${reason.zh}。`,
      en: `The six tables of the official workbook cannot hold this scheme: ${reason.en}.`,
    },
    fix: {
      zh: '请用 dianzhi scheme check 查看并改正，或直接使用方案包。',
      en: 'See dianzhi scheme check and correct it, or pass the pack on as it is.',
    },
  })
}
