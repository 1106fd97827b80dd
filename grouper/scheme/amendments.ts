import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { decodeText, decodeUtf8, parseDocumentText, say, unreadable } from '../../files/index.ts'
import type { Place, Text } from '../../messages/index.ts'
import { type Amendment, amendmentOf, type Cells, fieldsOf, keyed, type RowChange } from './amendment.ts'
import { readAmendmentTable } from './amendment-table.ts'
import { TABLE_NAMES, type TableName } from './columns.ts'

interface AmendmentFile {
  readonly amendments: readonly {
    readonly reason: string | Text
    readonly source?: string | undefined
    readonly add?: Partial<Record<TableName, readonly Cells[] | undefined>> | undefined
    readonly remove?: Partial<Record<TableName, readonly Cells[] | undefined>> | undefined
    readonly replace?:
      | Partial<Record<TableName, readonly { readonly where: Cells; readonly with: Cells }[] | undefined>>
      | undefined
  }[]
}

// An order may be a number; a code must not: YAML would read 47.0100 as 47.01.
const cells: z.ZodType<Cells> = z
  .record(z.string(), z.union([z.string(), z.number(), z.array(z.string()).min(1)]))
  .superRefine((row, context) => {
    for (const [title, value] of Object.entries(row)) {
      if (typeof value !== 'number' || title.endsWith('排序')) continue
      context.addIssue({
        code: 'custom',
        path: [title],
        message: say(`请给 ${value} 加上引号，零也要写全`, `put ${value} in quotes, with all its zeros`),
      })
    }
  })
  .transform(row => {
    const text = ([title, value]: [string, string | number | string[]]): [string, string | string[]] => {
      return [title, typeof value === 'number' ? String(value) : value]
    }
    return Object.fromEntries(Object.entries(row).map(text))
  })

function byTable<T>(row: z.ZodType<T>): z.ZodType<Partial<Record<TableName, readonly T[] | undefined>>> {
  const rows = z.array(row).min(1).optional()
  return z.strictObject({ MDC: rows, ADRG: rows, DRG: rows, 集合: rows, CC: rows, 排除表: rows })
}

const fileSchema: z.ZodType<AmendmentFile> = z.strictObject({
  amendments: z.array(
    z.strictObject({
      reason: z.union([z.string().min(1), z.strictObject({ zh: z.string().min(1), en: z.string().min(1) })]),
      source: z.string().min(1).optional(),
      add: byTable<Cells>(cells).optional(),
      remove: byTable<Cells>(cells).optional(),
      replace: byTable<{ where: Cells; with: Cells }>(z.strictObject({ where: cells, with: cells })).optional(),
    }),
  ),
})

/** Reads an amendment file: YAML, or a CSV table with the columns 操作, 表, 理由, 来源 and those of the official tables. */
export function readAmendments(file: string): Amendment[] {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    throw unreadable(file, error)
  }
  if (/\.csv$/i.test(file)) return readAmendmentTable(decodeText(bytes, file), file)
  return readYaml(decodeUtf8(bytes, file), file)
}

function readYaml(text: string, file: string): Amendment[] {
  return parseDocumentText(text, file, fileSchema).amendments.map(({ reason, source, ...actions }, index) => {
    const changes: RowChange[] = []
    const place = (action: string, table: string, row: number): Place => {
      return { file, field: `amendments.${index}.${action}.${table}.${row}` }
    }
    for (const table of TABLE_NAMES) {
      for (const [row, replaced] of (actions.replace?.[table] ?? []).entries()) {
        const at = place('replace', table, row)
        for (const where of fieldsOf(table, replaced.where, at)) {
          for (const cells of fieldsOf(table, replaced.with, at)) {
            changes.push({ action: 'replace', table, where: keyed(table, where, at), row: cells, at })
          }
        }
      }
      for (const [row, removed] of (actions.remove?.[table] ?? []).entries()) {
        const at = place('remove', table, row)
        for (const where of fieldsOf(table, removed, at)) {
          changes.push({ action: 'remove', table, where: keyed(table, where, at), row: new Map(), at })
        }
      }
      for (const [row, added] of (actions.add?.[table] ?? []).entries()) {
        const at = place('add', table, row)
        for (const cells of fieldsOf(table, added, at)) {
          changes.push({ action: 'add', table, where: new Map(), row: keyed(table, cells, at), at })
        }
      }
    }
    return amendmentOf(reason, source, changes)
  })
}
