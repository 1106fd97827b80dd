import { Fault } from '../../messages/index.ts'
import { isListField, type SourceField } from './field.ts'
import { type KnownColumn, type Layout, plainHeader, tableLayouts } from './layout.ts'
import type { Mapping } from './mapping.ts'
import type { PlannedColumn } from './plan.ts'
import type { SampleRow, TableSample } from './sample.ts'

/** The header of a table and what was recognised in it. */
export interface Header {
  readonly layout: Layout
  readonly row: SampleRow
  /** All rows of the sample. */
  readonly sample: readonly SampleRow[]
  /** How many rows belong to the header: two where codes and titles stand one above the other. */
  readonly rows: number
  readonly columns: readonly PlannedColumn[]
  /** Headers that the layout has, those that it has not, and those that are never read. */
  readonly known: number
  readonly unknown: readonly string[]
  readonly hidden: number
}

/** Rows that may stand above a header. */
const HEADER_ROWS = 12

/** Finds the header row and the layout that knows most of it; undefined where none knows enough. */
export function findHeader(sample: TableSample, mapping: Mapping, file: string): Header | undefined {
  const layouts = tableLayouts().filter(layout => mapping.form === undefined || layout.id === mapping.form)
  let best: { layout: Layout; at: number; score: number } | undefined
  const rows = sample.rows.slice(0, HEADER_ROWS)
  rows.forEach((row, at) => {
    if (mapping.headerLine !== undefined && row.line !== mapping.headerLine) return
    for (const layout of layouts) {
      const score = scoreOf(layout, row, mapping)
      if (score > (best?.score ?? 0)) best = { layout, at, score }
    }
  })
  if (best === undefined || (best.score < 3 && mapping.columns === undefined)) return undefined
  const { layout, at, score } = best
  const row = rows[at]!
  const next = sample.rows[at + 1]
  const second = next !== undefined && scoreOf(layout, next, {}) * 2 >= score && score >= 4
  return { ...columnsOf(layout, row, mapping, file), layout, row, sample: sample.rows, rows: second ? 2 : 1 }
}

function scoreOf(layout: Layout, row: SampleRow, mapping: Mapping): number {
  const plain = row.cells.map(plainHeader)
  if (!layout.signature.every(header => plain.includes(header)) && mapping.form === undefined) return 0
  return row.cells.filter(
    cell => knownColumn(layout, cell) !== undefined || mapping.columns?.[cell.trim()] !== undefined,
  ).length
}

/** What a layout says of a header: by its name, its title, or both glued together. */
export function knownColumn(layout: Layout, header: string): KnownColumn | undefined {
  const plain = plainHeader(header)
  const known = layout.columns.get(plain)
  if (known !== undefined) return known
  const number = /^(.*?)0*(\d{1,3})(\D*)$/.exec(plain)
  const field = number === null ? undefined : layout.numbered.get(`${number[1]}#${number[3]}`)
  if (field !== undefined) return { field, slot: Number(number![2]), isPrivate: false }
  const inBrackets = /[(（]([A-F]\d{2}(?:x\d{2})?[CN]?)[)）]\s*$/i.exec(header)?.[1]
  const code = inBrackets ?? /^([a-f]\d{2}(?:x\d{2})?[cn]?)(?=[^a-z0-9])/i.exec(plain)?.[1]
  return code === undefined ? undefined : layout.columns.get(code.toLowerCase())
}

function columnsOf(
  layout: Layout,
  row: SampleRow,
  mapping: Mapping,
  file: string,
): Pick<Header, 'columns' | 'known' | 'unknown' | 'hidden'> {
  const found: (PlannedColumn & { readonly slot: number; readonly field: SourceField })[] = []
  const unknown: string[] = []
  let [known, hidden] = [0, 0]
  row.cells.forEach((cell, index) => {
    const header = cell.trim()
    const asked = mapping.columns?.[header]
    const column = knownColumn(layout, header)
    if (column !== undefined) known++
    else if (asked === undefined && header !== '') unknown.push(header)
    // Identifying columns are not read unless a mapping asks for them by name.
    if (column?.isPrivate === true && asked === undefined) {
      hidden++
      return
    }
    const field = asked ?? column?.field
    if (field === undefined || field === 'ignore') return
    found.push({ index, header, field, slot: asked === undefined ? (column?.slot ?? 0) : index })
  })
  // Keys of messages are synonyms, the first that is there counts; headers of people are not.
  if (layout.id === 'platform') keepFirst(found)
  refuseTwins(found, row, file)
  // Slots are in the order of their numbers: some forms print them in another one.
  found.sort((a, b) => (a.field === b.field ? a.slot - b.slot || a.index - b.index : a.index - b.index))
  return { columns: grouped(found), known, unknown, hidden }
}

function keepFirst(found: (PlannedColumn & { readonly slot: number; readonly field: SourceField })[]): void {
  const kept = [...Map.groupBy(found, column => column.field).values()].flatMap(columns =>
    isListField(columns[0]!.field) ? columns : [columns.reduce((a, b) => (b.slot < a.slot ? b : a))],
  )
  found.splice(0, found.length, ...kept)
}

/** Columns of a list one behind another, which the sort of mixed fields does not promise. */
function grouped(found: readonly (PlannedColumn & { readonly slot: number })[]): PlannedColumn[] {
  const byField = Map.groupBy(found, column => column.field)
  return [...byField.values()].flatMap(columns =>
    columns
      .toSorted((a, b) => a.slot - b.slot || a.index - b.index)
      .map(({ index, header, field }) => ({ index, header, field })),
  )
}

/** Two columns for one fact: only the user knows which one counts. */
function refuseTwins(found: readonly (PlannedColumn & { field: SourceField })[], row: SampleRow, file: string): void {
  for (const [field, columns] of Map.groupBy(found, column => column.field)) {
    if (columns.length < 2 || isListField(field)) continue
    const headers = columns.map(column => column.header)
    throw new Fault({
      code: 'FMT-002',
      at: { file, line: row.line, column: columns[1]!.index + 1, field },
      what: {
        zh: `列${headers.map(header => `“${header}”`).join('和')}都表示 ${field}。`,
        en: `The columns ${headers.map(header => `"${header}"`).join(' and ')} all mean ${field}.`,
      },
      fix: {
        zh: `请在映射文件（--map）的 columns 中把不用的一列设为 ignore：{ "columns": { "${headers[1]}": "ignore" } }。`,
        en: `Set those that do not count to ignore in a mapping file (--map): { "columns": { "${headers[1]}": "ignore" } }.`,
      },
    })
  }
}
