import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { z } from 'zod'
import { decodeUtf8, parseDocumentText, unreadable } from '../../files/index.ts'
import { SOURCE_FIELDS, type SourceField } from './field.ts'

/** What a user says of files, against what would be found: every part may be missing. */
export interface Mapping {
  readonly $schema?: string | undefined
  /** Files that it is for, by name; `*` stands for any text. Default all. */
  readonly file?: string | undefined
  readonly form?: string | undefined
  readonly encoding?: 'utf-8' | 'gb18030' | undefined
  readonly delimiter?: ',' | ';' | '\t' | undefined
  readonly headerLine?: number | undefined
  readonly sheet?: string | undefined
  /** By header as the file has it. */
  readonly columns?: Readonly<Record<string, SourceField | 'ignore'>> | undefined
  readonly infantAgeUnit?: 'day' | 'month' | 'month-fraction' | 'auto' | undefined
  readonly weightUnit?: 'g' | 'kg' | 'auto' | undefined
  readonly newbornWeight?: 'birth' | 'admission' | undefined
  readonly mainProcedure?: 'keep' | 'promote' | undefined
  readonly values?: Readonly<Partial<Record<SourceField, Readonly<Record<string, string>>>>> | undefined
  readonly codeSystem?: string | undefined
  readonly notes?: readonly string[] | undefined
}

const fields = SOURCE_FIELDS as [SourceField, ...SourceField[]]

/** The schema of mapping files; schemas/mapping.schema.json is made of it, for editors. */
const mappingSchema = z.strictObject({
  $schema: z.string().optional(),
  file: z
    .string()
    .optional()
    .describe('Files that this is for, by name; * stands for any text. / 适用的文件名，* 代表任意文字'),
  form: z
    .enum(['simple', 'hqms', 'n041', 'inspection', 'flat-list', 'platform', 'canonical'])
    .optional()
    .describe('Layout of the file / 版式'),
  encoding: z.enum(['utf-8', 'gb18030']).optional().describe('Encoding of the text / 文件编码'),
  delimiter: z.enum([',', ';', '\t']).optional().describe('What separates cells / 分隔符'),
  headerLine: z.int().min(1).optional().describe('Line or row of the header, from 1 / 表头所在行'),
  sheet: z.string().optional().describe('Sheet of a workbook; default all that hold cases / 工作表'),
  columns: z
    .record(z.string(), z.enum([...fields, 'ignore']))
    .optional()
    .describe('Field of each header, or ignore / 每个表头对应的字段'),
  infantAgeUnit: z
    .enum(['day', 'month', 'month-fraction', 'auto'])
    .optional()
    .describe('Unit of ages under one year / 不足一周岁年龄的单位'),
  weightUnit: z.enum(['g', 'kg', 'auto']).optional().describe('Unit of newborn weights / 新生儿体重的单位'),
  newbornWeight: z.enum(['birth', 'admission']).optional().describe('Which weight is read / 取出生体重还是入院体重'),
  mainProcedure: z
    .enum(['keep', 'promote'])
    .optional()
    .describe('Whether the first other procedure moves up into an empty main slot / 主要手术为空时是否提升'),
  values: z
    .partialRecord(z.enum(fields), z.record(z.string(), z.string()))
    .optional()
    .describe('Codes of a field that the file writes in a way of its own / 字段取值的换算'),
  codeSystem: z.string().optional().describe('Code system of the cases, as --code-system / 编码版本'),
  notes: z.array(z.string()).optional().describe('What was found, for people / 说明'),
})

/** Reads a mapping file. JSON is YAML: faults name line and column. */
export function readMapping(file: string): Mapping {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    throw unreadable(file, error)
  }
  return parseDocumentText(decodeUtf8(bytes, file), file, mappingSchema)
}

/** The JSON schema of mapping files. */
export function mappingJsonSchema(): object {
  return { ...z.toJSONSchema(mappingSchema), title: 'dianzhi mapping of case files' }
}

/** What the mappings that are for a file say of it; later ones win. */
export function mappingFor(mappings: readonly Mapping[], file: string): Mapping {
  const name = basename(file)
  const mine = mappings.filter(({ file: pattern = '*' }) => {
    const expression = pattern
      .split('*')
      .map(part => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
      .join('.*')
    return new RegExp(`^${expression}$`, 'i').test(name)
  })
  return Object.assign({}, ...mine) as Mapping
}

/** What mapping files say of a file. */
export function mappingOf(files: readonly string[], file: string): Mapping {
  return mappingFor(files.map(readMapping), file)
}
