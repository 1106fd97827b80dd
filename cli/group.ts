import { Command, Option } from '@commander-js/extra-typings'
import { checkOutputs, csvRow, csvText, fileSink, type Sink } from '../files/index.ts'
import {
  type CaseBatch,
  compileBook,
  createGroupColumns,
  createResultWriter,
  type GroupColumns,
  groupBatch,
  loadScheme,
  REJECT_TEXTS,
  RESULT_HEADER,
  type ReadSummary,
  type Reject,
  type RuleBook,
  readCases,
  resultBytes,
  resultRow,
  STATUSES,
} from '../grouper/index.ts'
import { codeSystemOption, createConverter, openReading, tellCodes } from './code-system.ts'
import { type Console, count, tell } from './console.ts'
import { standardOutput } from './standard-output.ts'
import { whole } from './whole.ts'

/** `dianzhi group`: files of cases in, one row a case out, rejects aside. */
export function groupCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  return new Command('group')
    .description(zh ? '对病例文件分组' : 'group files of cases')
    .argument('<cases...>', zh ? 'CSV 文件（可多个）' : 'CSV files')
    .requiredOption('--scheme <id>', zh ? '方案编号或方案包文件夹' : 'scheme id or pack folder')
    .addOption(codeSystemOption(zh))
    .option('--out <file>', zh ? '结果文件（默认标准输出）' : 'result file (default: stdout)')
    .option(
      '--rejects <file>',
      zh
        ? '无法读取的行（默认：结果文件名加 .rejects.csv）'
        : 'rows that cannot be read (default: the result file with .rejects.csv)',
    )
    .addOption(
      new Option('--format <format>', zh ? '结果格式' : 'result format').choices(['csv', 'json']).default('csv'),
    )
    .addOption(
      new Option('--encoding <name>', zh ? '文件编码' : 'encoding of the files')
        .choices(['auto', 'utf-8', 'gb18030'])
        .default('auto'),
    )
    .addOption(
      new Option('--duplicates <what>', zh ? '病案号重复的行' : 'rows whose id stood before')
        .choices(['reject', 'keep'])
        .default('reject'),
    )
    .option(
      '--batch <cases>',
      zh ? '每批病例数（不影响结果）' : 'cases in a batch (results do not depend on it)',
      whole(1, 1_000_000),
    )
    .action((files, options) => {
      const rejectsFile = options.rejects ?? (options.out === undefined ? undefined : `${options.out}.rejects.csv`)
      checkOutputs(
        [options.out, rejectsFile].filter(path => path !== undefined),
        files,
      )
      const scheme = loadScheme(options.scheme)
      const book = compileBook(scheme)
      const how = { encoding: options.encoding as 'auto', duplicates: options.duplicates as 'reject' }
      const reading = openReading({ scheme, book, asked: options.codeSystem, files, how }, console)
      const codes = createConverter(scheme, reading)
      const out = options.out === undefined ? standardOutput(console) : fileSink(options.out)
      const rejects = rejectsSink(rejectsFile)
      try {
        const writer = options.format === 'csv' ? csvRows(book, out) : jsonRows(book, out)
        const byStatus = new Float64Array(STATUSES.length)
        const groups = createGroupColumns(options.batch ?? 32_768)
        writer.begin()
        const summary = readCases(files, {
          ...reading,
          ...how,
          batchSize: groups.leaf.length,
          onBatch: batch => {
            codes.convert(batch)
            groupBatch(book, batch, groups)
            for (let i = 0; i < batch.count; i++) byStatus[groups.status[i]!]!++
            writer.rows(batch, groups)
          },
          onReject: (reject, file) => rejects.add(reject, file, console),
        })
        writer.end()
        out.finish()
        rejects.finish()
        report(console, summary, byStatus, { schemeId: book.schemeId, hash: book.hash, rejectsFile })
        tellCodes(console, scheme, codes, summary)
      } catch (error) {
        out.abort()
        rejects.abort()
        throw error
      }
    }) as unknown as Command
}

interface Rows {
  begin(): void
  rows(batch: CaseBatch, groups: GroupColumns): void
  end(): void
}

function csvRows(book: RuleBook, out: Sink): Rows {
  const writer = createResultWriter(book)
  return {
    begin: () => out.write(`${RESULT_HEADER}\n`),
    rows: (batch, groups) => out.write(resultBytes(writer, batch, groups)),
    end: () => {},
  }
}

/** One array, one object a line. */
function jsonRows(book: RuleBook, out: Sink): Rows {
  let first = true
  return {
    begin: () => out.write('['),
    rows(batch, groups) {
      const lines: string[] = []
      for (let i = 0; i < batch.count; i++) lines.push(JSON.stringify(resultRow(book, batch, groups, i)))
      out.write(`${first ? '\n' : ',\n'}${lines.join(',\n')}`)
      first = false
    },
    end: () => out.write('\n]\n'),
  }
}

interface Rejects {
  add(reject: Reject, file: string, console: Console): void
  finish(): void
  abort(): void
}

/** The rejects file is always made: an old one must not stay beside new results. */
function rejectsSink(file: string | undefined): Rejects {
  if (file === undefined) return { add() {}, finish() {}, abort() {} }
  const sink = fileSink(file)
  sink.write(csvText(['file', 'line', 'reason', 'field', 'message', 'row'], []))
  return {
    add({ line, reason, field, row }, source, console) {
      sink.write(csvRow([source, line, reason, field, REJECT_TEXTS[reason][console.lang], row]))
    },
    finish: () => sink.finish(),
    abort: () => sink.abort(),
  }
}

function report(
  console: Console,
  summary: ReadSummary,
  byStatus: Float64Array,
  about: { schemeId: string; hash: string; rejectsFile: string | undefined },
): void {
  const { rows, cases, rejected } = summary
  const [grouped, ambiguous, notGrouped, invalid] = [...byStatus].map(count)
  tell(console, {
    zh: `方案 ${about.schemeId}（${about.hash.slice(0, 12)}）`,
    en: `Scheme ${about.schemeId} (${about.hash.slice(0, 12)})`,
  })
  tell(console, {
    zh: `读入 ${count(rows)} 行 = 输出 ${count(cases)} 行 + 拒收 ${count(rejected)} 行`,
    en: `${count(rows)} rows in = ${count(cases)} rows out + ${count(rejected)} rejects`,
  })
  tell(console, {
    zh: `分组成功 ${grouped}，歧义 ${ambiguous}，未入组 ${notGrouped}，校验不通过 ${invalid}`,
    en: `${grouped} grouped, ${ambiguous} ambiguous, ${notGrouped} not grouped, ${invalid} invalid`,
  })
  if (rejected > 0) {
    tell(console, {
      zh: about.rejectsFile === undefined ? '用 --rejects 文件 保存拒收的行' : `拒收的行和原因：${about.rejectsFile}`,
      en:
        about.rejectsFile === undefined
          ? 'Keep the rejected rows with --rejects FILE'
          : `Rejected rows and reasons: ${about.rejectsFile}`,
    })
  }
}
