import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { z } from 'zod'
import { decodeUtf8, issueOf, unreadable } from '../../files/index.ts'
import { Fault, type Text } from '../../messages/index.ts'
import { printExpression } from './expression.ts'
import type { SourceSheet } from './source.ts'

/** One row of the official scheme as a JSON document holds it. */
interface DocumentRow {
  readonly id: string
  readonly kind: string
  readonly seq: number
  readonly dx: string
  readonly main: string[]
  readonly rel: string[][]
  /** AND factors that operations at any position meet. */
  readonly any_position?: string[][] | undefined
  readonly any_dx_prefix?: string | undefined
  readonly age_days_lt?: number | undefined
  readonly weight?: number[] | undefined
  readonly burn_degree?: number | undefined
  readonly burn_area?: string | undefined
  readonly other_dx_range?: string[] | undefined
  /** The operations may stand in any order. */
  readonly any_order?: boolean | undefined
  readonly drug_resistant?: boolean | undefined
  readonly seq_inferred?: boolean | undefined
}

const alternatives = z.array(z.string())
const row: z.ZodType<DocumentRow> = z.strictObject({
  id: z.string().min(1),
  kind: z.string().min(1),
  seq: z.int().min(1),
  dx: z.string().min(1),
  main: alternatives,
  rel: z.array(alternatives),
  any_position: z.array(alternatives).optional(),
  any_dx_prefix: z.string().optional(),
  age_days_lt: z.int().optional(),
  weight: z.array(z.int()).length(2).optional(),
  burn_degree: z.int().optional(),
  burn_area: z.string().optional(),
  other_dx_range: z.array(z.string()).length(2).optional(),
  any_order: z.boolean().optional(),
  drug_resistant: z.boolean().optional(),
  seq_inferred: z.boolean().optional(),
})
const schema: z.ZodType<{ readonly rows: DocumentRow[] }> = z.looseObject({ rows: z.array(row) })

/** The header that the rows of a document are given: titles of the official workbook. */
const HEADER = [
  '分类',
  '序号',
  '主要诊断编码',
  '主要手术操作编码',
  '相关手术操作编码',
  '主要手术操作/相关手术操作编码',
  '其他诊断编码',
  '烧伤腐蚀伤程度',
  '烧伤腐蚀伤面积',
  '是否耐药',
  '天龄',
  '出生体重',
  '说明',
]

/** Reads `{ "rows": [ … ] }` as a sheet with the titles of the official workbook; throws DIP-010. */
export function rowsDocumentSheet(file: string): SourceSheet {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    throw unreadable(file, error)
  }
  const { rows } = parseRows(decodeUtf8(bytes, file), file)
  const lines = rows.map((each, index) => ({ line: index + 2, cells: cellsOf(each) }))
  return { file, name: basename(file), inWorkbook: false, rows: [{ line: 1, cells: HEADER }, ...lines] }
}

function cellsOf(given: DocumentRow): string[] {
  const { any_position: anyPosition, any_order: anyOrder, other_dx_range: range, weight } = given
  const operations = printExpression([...(given.main.length === 0 ? [] : [given.main]), ...given.rel])
  const merged = anyOrder === true
  return [
    given.kind,
    String(given.seq),
    given.any_dx_prefix ?? (given.dx === '*' ? '所有诊断' : given.dx),
    anyPosition === undefined ? (merged ? '' : given.main.join('|')) : printExpression(anyPosition),
    merged ? '' : printExpression(given.rel),
    merged ? operations : '',
    range === undefined ? '' : [...new Set(range)].join('-'),
    given.burn_degree === undefined ? '' : `${given.burn_degree}度`,
    given.burn_area ?? '',
    given.drug_resistant === undefined ? '' : given.drug_resistant ? '是' : '否',
    given.age_days_lt === undefined ? '' : `<${given.age_days_lt}天`,
    weight === undefined ? '' : `出生体重${weight.join('-')}克`,
    anyPosition === undefined ? '' : '不限定为主要手术操作',
  ]
}

function parseRows(text: string, file: string): { readonly rows: readonly DocumentRow[] } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw notRows(file, error instanceof Error ? error.message : String(error))
  }
  const read = schema.safeParse(value)
  if (read.success) return read.data
  const { message, path } = issueOf(schema, value, read.error)
  throw notRows(file, message, path.join('.'))
}

function notRows(file: string, found: string | Text, field?: string): Fault {
  const text = typeof found === 'string' ? { zh: found, en: found } : found
  return new Fault({
    code: 'DIP-010',
    at: { file, ...(field === undefined || field === '' ? {} : { field }) },
    what: {
      zh: `不是病种行的 JSON 文件：${text.zh.replace(/[.。]$/, '')}。`,
      en: `This is no JSON document of catalogue rows: ${text.en.replace(/\.$/, '')}.`,
    },
    fix: {
      zh: '请按 docs/dip-format.md 给出 rows，或导入工作簿、CSV 表。',
      en: 'Give rows as docs/dip-format.md shows, or import a workbook or CSV tables.',
    },
  })
}
