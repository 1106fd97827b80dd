import { Option } from '@commander-js/extra-typings'
import { TEXT_ENCODINGS, type TextEncoding } from '../files/index.ts'
import {
  formatOfName,
  listTemplates,
  loadTemplate,
  TABLE_FORMATS,
  type TableFormat,
  type Template,
} from '../formats/index.ts'
import { Fault, type Text } from '../messages/index.ts'
import { checkEnding } from './ending.ts'

/** `--template`: the columns of a table. */
export function templateOption(zh: boolean): Option<'--template <name>'> {
  const names = listTemplates().join(zh ? '、' : ', ')
  return new Option('--template <name>', zh ? `列模板：${names}` : `column template: ${names}`)
}

export type OutputEncodingOption = Option<
  '--output-encoding <name>',
  undefined,
  undefined,
  undefined,
  false,
  TextEncoding
>

/**
 * `--output-encoding`: that of every CSV table that a command writes; `--encoding` is that of the files read. `usual` says
 * what is written without it.
 */
export function outputEncodingOption(zh: boolean, usual: Text = { zh: 'utf-8', en: 'utf-8' }): OutputEncodingOption {
  return new Option(
    '--output-encoding <name>',
    zh
      ? `写出的 CSV 的编码；供中文版 Excel 直接打开用 utf-8-bom 或 gb18030（默认 ${usual.zh}）`
      : `encoding of the CSV files written; for Excel utf-8-bom, in Chinese Windows also gb18030 (default ${usual.en})`,
  ).choices(TEXT_ENCODINGS)
}

/** What is written without the option where tables in a column template are among the results. */
export const TEMPLATE_ENCODING: Text = { zh: 'utf-8，列模板的表为 utf-8-bom', en: 'utf-8; with a template utf-8-bom' }

/** Refuses `--output-encoding` where no CSV is written; `form` is what is written instead, or the option that prints. */
export function checkEncoding(encoding: TextEncoding | undefined, form: string): void {
  if (encoding === undefined || form === 'csv') return
  // Messages stay messages, and what is printed is no table: only a table can be had as CSV.
  const isTable = form === 'xlsx' || form === 'parquet'
  throw new Fault({
    code: 'TAB-003',
    at: { field: '--output-encoding' },
    what: {
      zh: `${form} 不写出 CSV，没有编码可选。`,
      en: `With ${form} no CSV is written: there is no encoding to choose.`,
    },
    fix: {
      zh: `请去掉该选项${isTable ? '，或写成 CSV' : ''}。`,
      en: `Leave the option out${isTable ? ', or have CSV written' : ''}.`,
    },
    status: 64,
  })
}

/** In which form the rows of a result are written. */
export interface ResultForm {
  /** `json` is one array; it has neither template nor encoding. */
  readonly format: TableFormat | 'json'
  readonly template: Template | undefined
  readonly encoding: TextEncoding | undefined
}

const ENDINGS: Readonly<Record<ResultForm['format'], readonly [string, ...string[]]>> = {
  csv: ['.csv'],
  xlsx: ['.xlsx'],
  parquet: ['.parquet'],
  json: ['.json'],
  jsonl: ['.jsonl', '.json'],
}

/** What the options say, the format where it is not given by the ending of the output. */
export function resultForm(options: {
  readonly format?: string | undefined
  readonly template?: string | undefined
  readonly outputEncoding?: TextEncoding | undefined
  readonly out?: string | undefined
  readonly rejects?: string | undefined
}): ResultForm {
  const { template: id, out, outputEncoding: encoding } = options
  const format = (options.format ?? (out === undefined ? 'csv' : (formatOfName(out) ?? jsonOfName(out)))) as TableFormat
  const template = id === undefined ? undefined : loadTemplate(id)
  if (template !== undefined && !template.columns.some(({ from }) => from === 'caseId' || from === 'group')) {
    throw wrong('--template', {
      zh: `模板 ${template.id} 不是一例一行的表。`,
      en: `The template ${template.id} has no row a case.`,
    })
  }
  if (template !== undefined && (format as string) === 'json') {
    throw wrong('--format', { zh: 'json 没有列模板。', en: 'json has no column template.' })
  }
  // Rejects that are asked for by name are CSV, whatever the form of the result.
  if (encoding !== undefined && format !== 'csv' && options.rejects === undefined) {
    throw wrong('--output-encoding', { zh: `${format} 不分编码。`, en: `${format} has no encoding to choose.` })
  }
  if (out === undefined && (format === 'xlsx' || format === 'parquet')) {
    throw wrong('--out', { zh: `${format} 不能写到标准输出。`, en: `${format} cannot go to stdout.` })
  }
  checkEnding(out, ENDINGS[format])
  return { format, template, encoding }
}

/** JSON where the name of a file ends so, else CSV. */
export function jsonOfName(file: string): 'json' | 'csv' {
  return /\.json$/i.test(file) ? 'json' : 'csv'
}

/** Formats of the result of a command. */
export const RESULT_FORMATS: readonly string[] = [...TABLE_FORMATS, 'json']

function wrong(field: string, what: Text): Fault {
  return new Fault({
    code: 'TAB-003',
    at: { field },
    what,
    fix: {
      zh: 'xlsx 和 parquet 用 --out 文件；--output-encoding 用于 csv（或 --rejects 的表）；--template 用于 csv、xlsx、parquet、jsonl，且须一例一行。',
      en: 'xlsx and parquet need --out FILE, --output-encoding goes with csv (or a table of --rejects), and --template with csv, xlsx, parquet or jsonl and a row a case.',
    },
    status: 64,
  })
}
