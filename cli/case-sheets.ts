import { join } from 'node:path'
import { csvText, writeText } from '../files/index.ts'
import {
  type CaseFiles,
  type Cell,
  type Fact,
  loadTemplate,
  monthSheet,
  openTable,
  type Particulars,
  type TableFormat,
  type TableOptions,
  type Template,
  templateColumns,
  templateRow,
} from '../formats/index.ts'
import type { Text } from '../messages/index.ts'
import { type Console, count, tell } from './console.ts'
import type { CasePlace } from './grouped-files.ts'
import { originNotes } from './run-note.ts'
import { caseFacts, departmentFacts, type SheetCases } from './sheet-facts.ts'

/** What a sheet is asked to be. */
export interface SheetOptions extends Pick<TableOptions, 'format' | 'encoding'> {
  readonly folder: string
  /** Name of the file without its ending. */
  readonly name: string
  readonly template: string
}

/**
 * Writes cases as a settlement sheet in a column template, one sheet a month in XLSX, and beside it which of its columns
 * are empty and why. `list` are positions of cases of one hospital. Returns the names of the files.
 */
export function writeCaseSheet(
  console: Console,
  sheet: SheetCases,
  list: readonly number[],
  { folder, name, template, format, encoding }: SheetOptions,
): string[] {
  const { lang } = console
  const layout = loadTemplate(template)
  const { book, policy, cases } = sheet
  const month = new WeakMap<readonly Cell[], string>()
  const filled = layout.columns.map(() => 0)
  let rows = 0
  const table = openTable(join(folder, `${name}.${format}`), templateColumns(layout), {
    format,
    ...(encoding === undefined ? {} : { encoding }),
    lang,
    sheet: row => monthSheet(month.get(row) ?? ''),
    notes: [...originNotes({ book, policy }), ['hospital', list.length === 0 ? '' : sheet.hospitalOf(list[0]!).code]],
  })
  const byMonth = list.toSorted((a, b) => cases.month[a]! - cases.month[b]! || a - b)
  try {
    for (const facts of template === 'hospital-month'
      ? departmentFacts(sheet, list)
      : each(byMonth, at => caseFacts(sheet, at, lang))) {
      // biome-ignore format: one loop
      const row = templateRow(layout, facts)
      for (let i = 0; i < row.length; i++) if (row[i] !== null && row[i] !== undefined && row[i] !== '') filled[i]!++
      rows++
      month.set(row, String(facts.month ?? ''))
      table.row(row)
    }
    table.finish()
  } catch (error) {
    table.abort()
    throw error
  }
  const columns = `${name}-columns.csv`
  writeText(join(folder, columns), columnsCsv(layout, filled, rows), encoding)
  const empty = filled.filter(n => n === 0).length
  if (empty > 0 && rows > 0) {
    tell(console, {
      zh: `${name}.${format}：${count(filled.length)} 列中 ${count(empty)} 列为空，原因见 ${columns}`,
      en: `${name}.${format}: ${count(empty)} of ${count(filled.length)} columns are empty; ${columns} says why`,
    })
  }
  return [`${name}.${format}`, columns]
}

function* each<T>(list: readonly number[], of: (at: number) => T): Generator<T> {
  for (const at of list) yield of(at)
}

/** Facts that only the files of cases can give. */
const FROM_FILES: ReadonlySet<Fact> = new Set<Fact>([
  'settleId', 'personId', 'sex', 'birthDate', 'age', 'ageDays', 'birthWeight', 'admitWeight', 'admitDate', 'dischargeDate',
  'settleDate', 'department', 'doctor', 'los', 'dischargeWay', 'mainDiagnosis', 'otherDiagnoses', 'mainProcedure',
  'otherProcedures', 'procedures', 'selfPay', 'ownPay', 'drugCost', 'materialCost', 'drugShare', 'materialShare',
]) // biome-ignore format: one list

/** Facts that the readers of case files do not take over. */
const NOT_READ: ReadonlySet<Fact> = new Set<Fact>([
  'careType', 'insuredRegion', 'accountPay', 'mutualAccountPay', 'deductible',
]) // biome-ignore format: one list

const REASONS = {
  file: { zh: '病例文件没有这一列，或没有值', en: 'the case files have no such column, or no value in it' },
  names: { zh: '方案或字典没有名称', en: 'the scheme or its dictionary has no name' },
  notRead: { zh: '读取病例文件时不取这一项', en: 'not taken over from case files' },
  other: { zh: '不由分组和结算产生（考核、审核、疑点等其他系统的结果）', en: 'no result of grouping and settlement' },
  none: { zh: '该列在模板中没有对应的事实', en: 'the template has no fact for it' },
  severity: {
    zh: '病例没有按并发症细分的病组（病种目录均无）',
    en: 'no group of the cases goes by complications; a DIP catalogue has none',
  },
  dip: { zh: 'DRG 方案没有，或病例均无辅助分型', en: 'a DRG scheme has none, or no case an auxiliary class' },
  policy: { zh: '该政策不使用（如费率法没有点数）', en: 'the policy does not use it, as a rate has no points' },
} as const satisfies Readonly<Record<string, Text>>

const OF_POLICY: ReadonlySet<Fact> = new Set<Fact>(['points', 'basePoints', 'pointValue', 'rate', 'ratio', 'benchmarkCost', 'costDifference', 'weight', 'standard', 'messages', 'settledRatio']) // biome-ignore format: one line

const OF_DIP: ReadonlySet<Fact> = new Set<Fact>(['groupType', 'auxiliaryType', 'auxiliaryClass', 'auxiliaryFactor'])

/** Why a column is empty in every row. */
function reasonFor(from: Fact | undefined): Text {
  if (from === undefined) return REASONS.none
  if (FROM_FILES.has(from)) return REASONS.file
  if (NOT_READ.has(from)) return REASONS.notRead
  if (from.endsWith('Name')) return REASONS.names
  if (OF_DIP.has(from)) return REASONS.dip
  if (from === 'severity') return REASONS.severity
  return OF_POLICY.has(from) ? REASONS.policy : REASONS.other
}

function columnsCsv({ columns }: Template, filled: readonly number[], rows: number): string {
  return csvText(
    ['column', 'zh', 'en', 'fact', 'filled', 'rows', 'reasonZh', 'reasonEn'],
    columns.map(({ header, label, from }, i) => {
      const reason = filled[i] === 0 ? reasonFor(from) : { zh: '', en: '' }
      return [header, label.zh, label.en, from ?? '', filled[i]!, rows, reason.zh, reason.en]
    }),
  )
}

/**
 * Reads the files of cases once more for what they say of the cases at `list`: by file, line and id, so that nothing is
 * mixed up where a file has several cases on a line.
 */
export async function particularsFor(
  input: CaseFiles,
  { ids, places }: { readonly ids: readonly string[]; readonly places: readonly CasePlace[] },
  list: readonly number[],
): Promise<(at: number) => Particulars | undefined> {
  const waiting = new Map<string, number[]>()
  for (const at of list) {
    const { file, line } = places[at]!
    const key = `${file}\n${line}\n${ids[at]!}`
    const same = waiting.get(key)
    if (same === undefined) waiting.set(key, [at])
    else same.push(at)
  }
  const found = new Map<number, Particulars>()
  for (const file of input.files) {
    await input.particulars(file, one => {
      const at = waiting.get(`${one.name}\n${one.line}\n${one.id}`)?.shift()
      if (at !== undefined) found.set(at, one)
    })
  }
  return at => found.get(at)
}

/** Templates of cases and departments that a sheet may have, with every form, as files of a folder. */
export function sheetNames(names: readonly string[], formats: readonly TableFormat[]): string[] {
  return names.flatMap(name => [...formats.map(format => `${name}.${format}`), `${name}-columns.csv`])
}
