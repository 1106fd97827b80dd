import { availableParallelism } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { Command, Option } from '@commander-js/extra-typings'
import { checkOutputs, fileSink, isStream } from '../files/index.ts'
import { type Counters, codeReading, startThreads, worthThreads } from '../grouper/index.ts'
import { Fault } from '../messages/index.ts'
import { areStores } from './case-files.ts'
import { mapOption, openInput, tellNoRows, tellNotes } from './case-input.ts'
import { codeSystemOption, createConverter, openReading, tellCodes } from './code-system.ts'
import { type Console, count, tell } from './console.ts'
import { checkEnding } from './ending.ts'
import { type Grouping, groupingFor } from './grouping.ts'
import { rejectsSink } from './rejects.ts'
import { writeRunNote } from './run-note.ts'
import { standardOutput } from './standard-output.ts'
import { outputEncodingOption, RESULT_FORMATS, resultForm, TEMPLATE_ENCODING, templateOption } from './table-output.ts'
import { whole } from './whole.ts'

/** `dianzhi group`: files of cases in, one row a case out, rejects aside. */
export function groupCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  return new Command('group')
    .argument(
      '<cases...>',
      zh
        ? '病例文件（CSV、XLSX、JSON、Parquet，可多个）或病例库 .dzc'
        : 'case files (CSV, XLSX, JSON, Parquet), or case stores (.dzc)',
    )
    .requiredOption(
      '--scheme <id>',
      zh ? 'DRG 方案或 DIP 目录的编号或文件夹' : 'DRG scheme or DIP catalogue: id or pack folder',
    )
    .addOption(codeSystemOption(zh))
    .addOption(mapOption(zh))
    .option('--out <file>', zh ? '结果文件（默认标准输出）' : 'result file (default: stdout)')
    .option(
      '--rejects <file>',
      zh
        ? '无法读取的行（默认：结果文件名加 .rejects.csv）'
        : 'rows that cannot be read (default: the result file with .rejects.csv)',
    )
    .addOption(
      new Option(
        '--format <format>',
        zh
          ? '结果格式（默认按 --out 的扩展名，否则 csv）'
          : 'result format (default: by the ending of --out, else csv)',
      ).choices(RESULT_FORMATS),
    )
    .addOption(templateOption(zh))
    .addOption(outputEncodingOption(zh, TEMPLATE_ENCODING))
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
    .option(
      '--threads <n>',
      zh ? '线程数（默认为可用核数，不影响结果）' : 'threads (default: cores; results do not depend on it)',
      whole(1, 256),
      availableParallelism(),
    )
    .action(async (files, options) => {
      const form = resultForm(options)
      const beside = options.out === undefined || isStream(options.out) ? undefined : options.out
      const rejectsFile = options.rejects ?? (beside === undefined ? undefined : `${beside}.rejects.csv`)
      const noteFile = beside === undefined ? undefined : `${beside}.run.json`
      checkOutputs(
        [options.out, rejectsFile, noteFile].filter(path => path !== undefined),
        [...files, ...(options.map ?? [])],
      )
      checkEnding(options.rejects, ['.csv'])
      const several = options.threads > 1 && worthThreads(files)
      // Many heaps make the memory: none of them lets its young generation grow from 1 MiB to 16.
      if (several && options.threads > 2) setFlagsFromString('--semi-space-growth-factor=1')
      // They start while the scheme is compiled.
      const threads = several ? startThreads(options.threads) : undefined
      try {
        const grouping = groupingFor(options.scheme)
        const { coded: scheme, book } = grouping
        const input = openInput(console, files, {
          encoding: options.encoding,
          map: options.map,
          newbornWeight: grouping.newbornWeight,
        })
        const encoding = options.encoding as 'auto'
        const how = { encoding, duplicates: options.duplicates as 'reject', open: input.open }
        const stores = fromStores(files, options.codeSystem)
        const reading = stores
          ? codeReading(scheme, '', book)
          : openReading(
              { scheme, book, asked: options.codeSystem ?? input.codeSystem, files: input.files, how },
              console,
            )
        const codes = createConverter(scheme, reading)
        const out = options.out === undefined ? standardOutput(console) : fileSink(options.out)
        const rejects = rejectsSink(rejectsFile, console, form.encoding)
        try {
          grouping.start(form, out, console.lang, input)
          const summary = stores
            ? grouping.stores(files, codes.convert)
            : await grouping.files(input.files, {
                ...how,
                codes,
                threads: threads ?? 1,
                ...(options.batch === undefined ? {} : { batchSize: options.batch }),
                signal: interruption(threads !== undefined),
                onReject: rejects.add,
              })
          grouping.finish()
          rejects.finish()
          if (noteFile !== undefined) {
            const { rows, cases, rejected } = summary
            writeRunNote(noteFile, { command: 'group', book, inputs: files, counts: { rows, cases, rejected } })
          }
          report(console, summary, grouping, rejectsFile)
          if (form.encoding !== undefined && form.format !== 'csv') {
            tell(console, {
              zh: `${form.format} 不分编码，--output-encoding 只用于 ${rejectsFile}`,
              en: `${form.format} has no encoding to choose; --output-encoding applies to ${rejectsFile} only`,
            })
          }
          tellCodes(console, scheme, codes, summary)
          tellNotes(console, input)
        } catch (error) {
          out.abort()
          rejects.abort()
          throw error
        }
      } finally {
        await threads?.pool.destroy()
      }
    }) as unknown as Command
}

/** Whether the cases come from case stores, whose codes are those of the scheme already. */
function fromStores(files: readonly string[], codeSystem: string | undefined): boolean {
  const stores = areStores(files)
  if (stores && codeSystem !== undefined) {
    throw new Fault({
      code: 'STO-005',
      at: { file: files[0]! },
      what: {
        zh: '病例库的编码已是方案的编码，不能再用 --code-system。',
        en: 'A case store has the codes of the scheme already; --code-system cannot be used.',
      },
      fix: { zh: '请去掉该选项，或直接对文本文件分组。', en: 'Leave the option out, or group the text files.' },
    })
  }
  return stores
}

/** With threads the command is there to hear Ctrl-C, and leaves no half-written file. */
function interruption(threads: boolean): AbortSignal {
  const controller = new AbortController()
  const stop = (): void =>
    controller.abort(
      new Fault({
        code: 'RUN-002',
        what: { zh: '运行被中断。', en: 'The run was interrupted.' },
        fix: { zh: '没有写出结果，请重新运行。', en: 'No result was written; run it again.' },
        status: 75,
      }),
    )
  if (threads) process.once('SIGINT', stop)
  return controller.signal
}

function report(console: Console, summary: Counters, { book, told }: Grouping, rejectsFile: string | undefined): void {
  const { rows, cases, rejected } = summary
  tell(console, {
    zh: `方案 ${book.schemeId}（${book.hash.slice(0, 12)}）`,
    en: `Scheme ${book.schemeId} (${book.hash.slice(0, 12)})`,
  })
  tell(console, {
    zh: `读入 ${count(rows)} 行 = 输出 ${count(cases)} 行 + 拒收 ${count(rejected)} 行`,
    en: `${count(rows)} rows in = ${count(cases)} rows out + ${count(rejected)} rejects`,
  })
  tell(console, told())
  tellNoRows(console, rows)
  if (rejected > 0) {
    tell(console, {
      zh: rejectsFile === undefined ? '用 --rejects 文件 保存拒收的行' : `拒收的行和原因：${rejectsFile}`,
      en:
        rejectsFile === undefined
          ? 'Keep the rejected rows with --rejects FILE'
          : `Rejected rows and reasons: ${rejectsFile}`,
    })
  }
}
