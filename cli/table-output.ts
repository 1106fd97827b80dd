import { Option } from '@commander-js/extra-typings'
import {
  formatOfName,
  listTemplates,
  loadTemplate,
  TABLE_ENCODINGS,
  TABLE_FORMATS,
  type TableEncoding,
  type TableFormat,
  type Template,
} from '../formats/index.ts'
import { Fault } from '../messages/index.ts'

/** `--template`: the columns of a table. */
export function templateOption(zh: boolean): Option<'--template <name>'> {
  const names = listTemplates().join(zh ? '、' : ', ')
  return new Option('--template <name>', zh ? `列模板：${names}` : `column template: ${names}`)
}

/** `--output-encoding`: that of CSV which is written; `--encoding` is that of the files read. */
export function outputEncodingOption(zh: boolean): Option<'--output-encoding <name>'> {
  return new Option(
    '--output-encoding <name>',
    zh
      ? '结果 CSV 的编码（默认 utf-8；用模板时 utf-8-bom）'
      : 'encoding of a CSV result (default utf-8; with a template utf-8-bom)',
  ).choices(TABLE_ENCODINGS) as unknown as Option<'--output-encoding <name>'>
}

/** In which form the rows of a result are written. */
export interface ResultForm {
  /** `json` is one array; it has neither template nor encoding. */
  readonly format: TableFormat | 'json'
  readonly template: Template | undefined
  readonly encoding: TableEncoding | undefined
}

/** What the options say, the format where it is not given by the ending of the output. */
export function resultForm(options: {
  readonly format?: string | undefined
  readonly template?: string | undefined
  readonly outputEncoding?: string | undefined
  readonly out?: string | undefined
}): ResultForm {
  const { template: id, out } = options
  const format = (options.format ?? (out === undefined ? 'csv' : (formatOfName(out) ?? jsonOfName(out)))) as TableFormat
  const template = id === undefined ? undefined : loadTemplate(id)
  const encoding = options.outputEncoding as TableEncoding | undefined
  if (template !== undefined && !template.columns.some(({ from }) => from === 'caseId' || from === 'group')) {
    throw wrong('--template', {
      zh: `模板 ${template.id} 不是一例一行的表。`,
      en: `The template ${template.id} has no row a case.`,
    })
  }
  if (template !== undefined && (format as string) === 'json') {
    throw wrong('--format', { zh: 'json 没有列模板。', en: 'json has no column template.' })
  }
  if (encoding !== undefined && format !== 'csv') {
    throw wrong('--output-encoding', { zh: `${format} 不分编码。`, en: `${format} has no encoding to choose.` })
  }
  if (out === undefined && (format === 'xlsx' || format === 'parquet')) {
    throw wrong('--out', { zh: `${format} 不能写到标准输出。`, en: `${format} cannot go to stdout.` })
  }
  return { format, template, encoding }
}

function jsonOfName(file: string): 'json' | 'csv' {
  return /\.json$/i.test(file) ? 'json' : 'csv'
}

/** Formats of the result of a command. */
export const RESULT_FORMATS: readonly string[] = [...TABLE_FORMATS, 'json']

function wrong(field: string, what: { readonly zh: string; readonly en: string }): Fault {
  return new Fault({
    code: 'TAB-003',
    at: { field },
    what,
    fix: {
      zh: 'xlsx 和 parquet 用 --out 文件；--output-encoding 用于 csv；--template 用于 csv、xlsx、parquet、jsonl，且须一例一行。',
      en: 'xlsx and parquet need --out FILE, --output-encoding goes with csv, and --template with csv, xlsx, parquet or jsonl and a row a case.',
    },
    status: 64,
  })
}
