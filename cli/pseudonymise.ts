import { basename, extname, join } from 'node:path'
import { Command, Option } from '@commander-js/extra-typings'
import { checkOutputs, csvRow, fileSink, type TextEncoding, writeInto } from '../files/index.ts'
import {
  createPseudonyms,
  mappingOf,
  type Pseudonymised,
  pseudonymise,
  readKey,
  type TableColumn,
  writeSheets,
} from '../formats/index.ts'
import { type Encoding, REJECT_TEXTS, type RejectReason } from '../grouper/index.ts'
import { Fault } from '../messages/index.ts'
import { mapOption } from './case-input.ts'
import { type Console, count, tell } from './console.ts'
import { checkEnding } from './ending.ts'
import { checkEncoding, outputEncodingOption } from './table-output.ts'
import { whole } from './whole.ts'

/** `dianzhi pseudonymise`: the same cases without what identifies persons. */
export function pseudonymiseCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  return new Command('pseudonymise')
    .description(
      zh
        ? '去标识：编号换成带密钥的散列，日期按人平移，不写出姓名、证件号等列；主表、从表一起给出，结果仍能连接'
        : 'replace ids by keyed hashes, shift dates by person, leave out names, addresses and the like; give main and side tables together, and they can still be joined',
    )
    .argument('<files...>', zh ? '病例文件，及其从表' : 'case files, and the tables beside them')
    .requiredOption(
      '--out <path>',
      zh
        ? '结果：一个文件时为 CSV（报文为 JSONL），工作簿也可写成 .xlsx；几个文件时为文件夹'
        : 'result: of one file CSV (of messages JSON Lines), of a workbook .xlsx too; of several files a folder',
    )
    .option('--key-file <file>', zh ? '密钥文件' : 'file with the key')
    .option('--key-env <name>', zh ? '含密钥的环境变量名' : 'environment variable with the key')
    .option(
      '--shift-days <n>',
      zh ? '日期最多平移的天数，0 为不平移' : 'most days by which dates are shifted, 0 leaves them',
      whole(0, 3650),
      180,
    )
    .addOption(mapOption(zh))
    .addOption(
      new Option('--encoding <name>', zh ? '文件编码' : 'encoding of the files')
        .choices(['auto', 'utf-8', 'gb18030'])
        .default('auto'),
    )
    .addOption(outputEncodingOption(zh, { zh: 'utf-8-bom', en: 'utf-8-bom' }))
    .action((files, options) => {
      const key = readKey({ file: options.keyFile, variable: options.keyEnv })
      const tables = pseudonymise(files, {
        encoding: options.encoding as Encoding,
        mapping: file => mappingOf(options.map ?? [], file),
        pseudonyms: createPseudonyms(key, options.shiftDays),
      })
      const outputs = outputsOf(tables, files, options.out)
      checkOutputs(
        [...outputs.keys()],
        [...files, options.keyFile, ...(options.map ?? [])].filter(path => path !== undefined),
      )
      const forms = [...outputs].map(([out, list]) => {
        const form = formOf(out, list)
        checkEnding(out, form === 'jsonl' ? ['.jsonl', '.json'] : [`.${form}`])
        return form
      })
      checkEncoding(options.outputEncoding, forms.find(form => form === 'csv') ?? forms[0]!)
      for (const [out, list] of outputs) write(console, out, list, options.outputEncoding)
    }) as unknown as Command
}

/** Which tables go into which file: a workbook takes all sheets of one, a folder a file for each. */
function outputsOf(
  tables: readonly Pseudonymised[],
  files: readonly string[],
  out: string,
): Map<string, readonly Pseudonymised[]> {
  const isBook = /\.xlsx$/i.test(out)
  if (tables.length === 1 && !isBook) return new Map([[out, tables]])
  if (isBook && files.length === 1 && tables.every(({ header }) => header !== undefined))
    return new Map([[out, tables]])
  if (extname(out) !== '') {
    throw new Fault({
      code: 'PSN-002',
      at: { file: out },
      what: {
        zh: `要写出 ${tables.length} 个表，一个文件放不下。`,
        en: `${tables.length} tables are to be written, which one such file cannot hold.`,
      },
      fix: {
        zh: '请把 --out 写成文件夹；只有一个工作簿时可写成 .xlsx。',
        en: 'Name a folder with --out; of a single workbook .xlsx will do.',
      },
      status: 64,
    })
  }
  const named = new Map<string, Pseudonymised[]>()
  for (const table of tables) {
    const stem = basename(table.file, extname(table.file))
    const sheet = table.sheet === '' ? '' : `-${table.sheet.replace(/[^\p{L}\p{N}._-]/gu, '_')}`
    const ending = table.header === undefined ? 'jsonl' : 'csv'
    let name = `${stem}${sheet}.${ending}`
    for (let n = 2; named.has(join(out, name)); n++) name = `${stem}${sheet}-${n}.${ending}`
    named.set(join(out, name), [table])
  }
  return named
}

function formOf(out: string, [table]: readonly Pseudonymised[]): 'xlsx' | 'jsonl' | 'csv' {
  if (/\.xlsx$/i.test(out)) return 'xlsx'
  return table?.header === undefined ? 'jsonl' : 'csv'
}

function write(
  console: Console,
  out: string,
  tables: readonly Pseudonymised[],
  encoding: TextEncoding = 'utf-8-bom',
): void {
  const form = formOf(out, tables)
  const counts = new Map(tables.map(table => [table, { rows: 0, rejected: 0 }]))
  const rowsOf = function* (table: Pseudonymised): Generator<readonly string[]> {
    const counted = counts.get(table)!
    const bad = (line: number, reason: RejectReason): void => {
      counted.rejected++
      tell(console, {
        zh: `${nameOf(table)} 第 ${line} 行未写出：${REJECT_TEXTS[reason].zh}`,
        en: `${nameOf(table)} line ${line} was not written: ${REJECT_TEXTS[reason].en}`,
      })
    }
    for (const row of table.rows(bad)) {
      counted.rows++
      yield row
    }
  }
  if (form === 'xlsx') {
    const sheets = tables.map(table => ({
      name: table.sheet || 'Data',
      columns: table.header!.map((name): TableColumn => ({ key: name, title: { zh: name, en: name }, kind: 'text' })),
      rows: rowsOf(table),
    }))
    writeSheets(out, sheets, { lang: console.lang })
  } else {
    const [table] = tables
    writeInto(fileSink(out, form === 'csv' ? encoding : undefined), sink => {
      if (table!.header !== undefined) sink.write(csvRow(table!.header))
      for (const row of rowsOf(table!)) sink.write(table!.header === undefined ? `${row[0]!}\n` : csvRow(row))
    })
  }
  for (const [table, { rows, rejected }] of counts) {
    const dropped = table.dropped()
    tell(console, {
      zh: `${nameOf(table)}：读入 ${count(rows + rejected)} 行 = 写入 ${out} ${count(rows)} 行 + 未写出 ${count(rejected)} 行；略去的列或键 ${count(dropped)} 个`,
      en: `${nameOf(table)}: ${count(rows + rejected)} rows in = ${count(rows)} rows written to ${out} + ${count(rejected)} not written; ${count(dropped)} columns or keys left out`,
    })
  }
}

function nameOf({ file, sheet }: Pseudonymised): string {
  return sheet === '' ? file : `${file}!${sheet}`
}
