import { Command, Option } from '@commander-js/extra-typings'
import { checkOutputs, fileSink } from '../files/index.ts'
import { encodeCases, isCatalogue, loadCatalogue, loadScheme } from '../grouper/index.ts'
import { mapOption, openInput, tellNoRows, tellNotes } from './case-input.ts'
import { codeSystemOption, createConverter, openReading, tellCodes } from './code-system.ts'
import { type Console, count, tell } from './console.ts'
import { checkEnding } from './ending.ts'
import { rejectsSink } from './rejects.ts'
import { outputEncodingOption } from './table-output.ts'

/** `dianzhi encode`: files of cases in, a case store out. */
export function encodeCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  return new Command('encode')
    .argument(
      '<cases...>',
      zh ? '病例文件（CSV、XLSX、JSON、Parquet，可多个）' : 'case files (CSV, XLSX, JSON, Parquet)',
    )
    .requiredOption(
      '--scheme <id>',
      zh ? 'DRG 方案或 DIP 目录的编号或文件夹' : 'DRG scheme or DIP catalogue: id or pack folder',
    )
    .requiredOption('--out <file>', zh ? '病例库文件（.dzc）' : 'case store (.dzc)')
    .addOption(codeSystemOption(zh))
    .addOption(mapOption(zh))
    .addOption(
      new Option('--encoding <name>', zh ? '文件编码' : 'encoding of the files')
        .choices(['auto', 'utf-8', 'gb18030'])
        .default('auto'),
    )
    .addOption(
      new Option('--compress <how>', zh ? '压缩方式' : 'compression').choices(['none', 'zstd']).default('none'),
    )
    .addOption(
      new Option('--duplicates <what>', zh ? '病案号重复的行' : 'rows whose id stood before')
        .choices(['reject', 'keep'])
        .default('reject'),
    )
    .addOption(outputEncodingOption(zh))
    .action((files, options) => {
      const rejectsFile = `${options.out}.rejects.csv`
      checkOutputs([options.out, rejectsFile], [...files, ...(options.map ?? [])])
      checkEnding(options.out, ['.dzc'])
      const scheme = isCatalogue(options.scheme) ? loadCatalogue(options.scheme) : loadScheme(options.scheme)
      const newbornWeight = 'mdcs' in scheme ? scheme.manifest.newbornWeight : 'birth'
      const encoding = options.encoding as 'auto'
      const input = openInput(console, files, { encoding, map: options.map, newbornWeight })
      const how = { encoding, duplicates: options.duplicates as 'reject', open: input.open }
      const asked = options.codeSystem ?? input.codeSystem
      const codes = createConverter(scheme, openReading({ scheme, asked, files: input.files, how }, console))
      const out = fileSink(options.out)
      const rejects = rejectsSink(rejectsFile, console, options.outputEncoding)
      try {
        const summary = encodeCases(scheme, input.files, {
          ...how,
          codes,
          compression: options.compress as 'none',
          write: bytes => out.write(bytes),
          onReject: rejects.add,
        })
        out.finish()
        rejects.finish()
        const { rows, cases, rejected } = summary
        tell(console, {
          zh: `读入 ${count(rows)} 行 = 写入 ${count(cases)} 例 + 拒收 ${count(rejected)} 行`,
          en: `${count(rows)} rows in = ${count(cases)} cases written + ${count(rejected)} rejects`,
        })
        tellNoRows(console, rows)
        tellCodes(console, scheme, codes, summary)
        tellNotes(console, input)
      } catch (error) {
        out.abort()
        rejects.abort()
        throw error
      }
    }) as unknown as Command
}
