import { Command, Option } from '@commander-js/extra-typings'
import { checkOutputs, fileSink } from '../files/index.ts'
import { createPseudonyms, mappingOf, pseudonymise, readKey } from '../formats/index.ts'
import type { Encoding } from '../grouper/index.ts'
import { mapOption } from './case-input.ts'
import { type Console, count, tell } from './console.ts'
import { whole } from './whole.ts'

/** `dianzhi pseudonymise`: the same cases without what identifies persons. */
export function pseudonymiseCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  return new Command('pseudonymise')
    .argument('<file>', zh ? '病例文件' : 'case file')
    .requiredOption('--out <file>', zh ? '结果（CSV；报文为 JSONL）' : 'result (CSV; of messages JSON Lines)')
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
      new Option('--encoding <name>', zh ? '文件编码' : 'encoding of the file')
        .choices(['auto', 'utf-8', 'gb18030'])
        .default('auto'),
    )
    .action(async (file, options) => {
      checkOutputs(
        [options.out],
        [file, options.keyFile, ...(options.map ?? [])].filter(path => path !== undefined),
      )
      const key = readKey({ file: options.keyFile, variable: options.keyEnv })
      const sink = fileSink(options.out)
      try {
        const done = await pseudonymise(file, sink, {
          encoding: options.encoding as Encoding,
          mapping: mappingOf(options.map ?? [], file),
          pseudonyms: createPseudonyms(key, options.shiftDays),
        })
        sink.finish()
        tell(console, {
          zh: `${count(done.rows)} 行已写入 ${options.out}；未写出的列或键 ${count(done.dropped)} 个`,
          en: `${count(done.rows)} rows written to ${options.out}; ${count(done.dropped)} columns or keys left out`,
        })
      } catch (error) {
        sink.abort()
        throw error
      }
    }) as unknown as Command
}
