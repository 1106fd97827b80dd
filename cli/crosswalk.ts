import { Command } from '@commander-js/extra-typings'
import { importCrosswalk, loadDictionary } from '../grouper/index.ts'
import { type Console, count, tell } from './console.ts'

/** `dianzhi codes import-crosswalk`: a published table between two code systems. */
export function importCrosswalkCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  return new Command('import-crosswalk')
    .description(zh ? '由发布的对照表制作编码转换表' : 'make a crosswalk from a published table')
    .requiredOption('--table <file>', zh ? 'TSV：from、to' : 'TSV with the columns from and to')
    .requiredOption('--from <id>', zh ? '原字典' : 'dictionary of the codes to convert')
    .requiredOption('--to <id>', zh ? '目标字典' : 'dictionary of the targets')
    .requiredOption('--source <text>', zh ? '来源' : 'where the table comes from')
    .requiredOption('--edition <text>', zh ? '版本' : 'edition')
    .option('--date <date>', zh ? '日期' : 'date')
    .option('--link <url>', zh ? '来源链接' : 'link of the source')
    .requiredOption('--licence <text>', zh ? '许可' : 'licence of the source')
    .requiredOption('--out <folder>', zh ? '写入的文件夹' : 'folder to write')
    .action(options => {
      const { edition, date, link, licence } = options
      const { counts } = importCrosswalk({
        table: options.table,
        from: loadDictionary(options.from),
        to: loadDictionary(options.to),
        source: {
          title: options.source,
          edition,
          ...(date === undefined ? {} : { date }),
          ...(link === undefined ? {} : { link }),
          licence,
        },
        out: options.out,
      })
      const [codes, changed, missing, uncovered] = [
        counts.codes,
        counts.changed,
        counts.missingTargets,
        counts.uncovered,
      ].map(count)
      tell(console, {
        zh: `${options.from} → ${options.to}：${codes} 个编码，${changed} 个改变，${missing} 个目标不在字典中，${uncovered} 个未覆盖；已写入 ${options.out}`,
        en: `${options.from} → ${options.to}: ${codes} codes, ${changed} change, ${missing} targets are not in the dictionary, ${uncovered} are not covered; written to ${options.out}`,
      })
    }) as unknown as Command
}
