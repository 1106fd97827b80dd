import { Command } from '@commander-js/extra-typings'
import { importDictionary, listDictionaries, loadDictionary } from '../grouper/index.ts'
import { type Console, count, print, tell } from './console.ts'
import { importCrosswalkCommand } from './crosswalk.ts'

/** `dianzhi codes`: dictionaries of code systems. */
export function codesCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  const codes = new Command('codes')
  codes
    .command('list')
    .description(zh ? '列出随软件附带的字典' : 'list the dictionaries that ship with the program')
    .action(() => {
      for (const id of listDictionaries()) {
        const { codes: list, hash } = loadDictionary(id)
        print(console, `${id}\t${count(list.length - 1)}\t${hash.slice(0, 12)}`)
      }
    })
  codes
    .command('import')
    .description(zh ? '由发布的编码表制作字典' : 'make a dictionary from a published list')
    .requiredOption('--list <file>', zh ? 'TSV：code、name' : 'TSV with the columns code and name')
    .option('--changes <file>', zh ? 'TSV：system、change、code、name' : 'TSV with system, change, code, name')
    .option('--grey <file>', zh ? 'TSV：灰码表，列 code' : 'TSV with a column code: the grey codes')
    .option(
      '--crosswalk <file>',
      zh ? 'TSV：对照表，其 from 列中缺少的编码一并加入' : 'TSV: a crosswalk whose from codes come in too',
    )
    .option('--names-from <id>', zh ? '名称相同处不再写出的字典' : 'dictionary whose names are not written again')
    .requiredOption('--system <id>', 'icd10-yb-2.0, icd9cm3-yb-2.0 …')
    .requiredOption('--name-zh <text>', zh ? '中文名称' : 'name in Chinese')
    .requiredOption('--name-en <text>', zh ? '英文名称' : 'name in English')
    .requiredOption('--source <text>', zh ? '来源' : 'where the list comes from')
    .option('--link <url>', zh ? '来源链接' : 'link of the source')
    .requiredOption('--licence <text>', zh ? '许可' : 'licence of the source')
    .requiredOption('--edition <text>', zh ? '版本' : 'edition')
    .option('--date <date>', zh ? '日期' : 'date')
    .requiredOption('--out <folder>', zh ? '写入的文件夹' : 'folder to write')
    .action(options => {
      const { edition, date, link, licence } = options
      const dictionary = importDictionary({
        list: options.list,
        ...(options.changes === undefined ? {} : { changes: options.changes }),
        ...(options.grey === undefined ? {} : { grey: options.grey }),
        ...(options.crosswalk === undefined ? {} : { crosswalk: options.crosswalk }),
        ...(options.namesFrom === undefined ? {} : { namesFrom: options.namesFrom }),
        system: options.system,
        name: { zh: options.nameZh, en: options.nameEn },
        source: {
          title: options.source,
          edition,
          ...(date === undefined ? {} : { date }),
          ...(link === undefined ? {} : { link }),
          licence,
        },
        out: options.out,
      })
      const n = count(dictionary.codes.length - 1)
      tell(console, {
        zh: `${options.system}：${n} 个编码，已写入 ${options.out}`,
        en: `${options.system}: ${n} codes written to ${options.out}`,
      })
    })
  codes.addCommand(importCrosswalkCommand(console))
  return codes as unknown as Command
}
