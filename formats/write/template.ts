import { readdirSync } from 'node:fs'
import { z } from 'zod'
import { home, readDocument } from '../../files/index.ts'
import { Fault, type Text } from '../../messages/index.ts'
import type { Cell, TableColumn } from './column.ts'
import { FACT_KINDS, type Fact } from './fact.ts'

/** A table that other programs expect: its headers, their order, and the fact that each column takes. */
export interface Template {
  readonly id: string
  readonly label: Text
  readonly source: string
  /** Whether an XLSX file has a sheet for each month. */
  readonly sheets: 'one' | 'month'
  readonly columns: readonly TemplateColumn[]
}

export interface TemplateColumn {
  readonly header: string
  readonly label: Text
  /** Empty in every row where there is none. */
  readonly from?: Fact | undefined
}

const text = z.strictObject({ zh: z.string(), en: z.string() })
const schema = z.strictObject({
  id: z.string(),
  label: text,
  source: z.string(),
  edition: z.string(),
  date: z.string(),
  confidence: z.enum(['official', 'observed', 'own']),
  sheets: z.enum(['one', 'month']),
  columns: z.array(
    z.strictObject({
      header: z.string(),
      label: text,
      from: z.enum(Object.keys(FACT_KINDS) as [Fact, ...Fact[]]).optional(),
    }),
  ),
})

/** Names of the templates that ship with the program. */
export function listTemplates(): string[] {
  return readdirSync(home('layouts', 'templates'))
    .map(name => name.replace(/\.yaml$/, ''))
    .sort()
}

/** A template by its name. */
export function loadTemplate(id: string): Template {
  const known = listTemplates()
  if (known.includes(id)) return readDocument(home('layouts', 'templates', `${id}.yaml`), schema)
  throw new Fault({
    code: 'TAB-002',
    what: { zh: `没有名为 ${id} 的表格模板。`, en: `There is no table template ${id}.` },
    fix: { zh: `可用的模板：${known.join('、')}。`, en: `Templates: ${known.join(', ')}.` },
    status: 64,
  })
}

/** The columns of a template; headers are the same in both languages, as programs expect them. */
export function templateColumns({ columns }: Template): TableColumn[] {
  return columns.map(({ header, from }) => ({
    key: header,
    title: { zh: header, en: header },
    kind: from === undefined ? 'text' : FACT_KINDS[from],
  }))
}

/** A row of a template; facts that are not known leave their cells empty. */
export function templateRow({ columns }: Template, facts: Readonly<Partial<Record<Fact, Cell>>>): Cell[] {
  return columns.map(({ from }) => (from === undefined ? null : facts[from]))
}

/** Name of the sheet of a month `YYYY-MM`, as the official returns have it: `3月`. */
export function monthSheet(month: string): string {
  const parts = /^\d{4}-(\d{2})/.exec(month)
  return parts === null ? '-' : `${Number(parts[1])}月`
}
