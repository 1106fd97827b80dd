import { Command } from '@commander-js/extra-typings'
import { countsOf, importTables, listSchemes, loadScheme, writePack } from '../grouper/index.ts'
import { type Console, count, print, tell } from './console.ts'
import { inspectCommands } from './inspect.ts'

/** `dianzhi scheme`: grouping schemes. */
export function schemeCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  const scheme = new Command('scheme').description(zh ? '分组方案' : 'grouping schemes')
  scheme
    .command('list')
    .description(zh ? '列出内置方案' : 'list the built-in schemes')
    .action(() => {
      for (const id of listSchemes()) print(console, `${id}\t${loadScheme(id).manifest.name[console.lang]}`)
    })
  scheme
    .command('show')
    .description(zh ? '显示方案的来源和规模' : 'show where a scheme comes from and its size')
    .argument('<scheme>', zh ? '方案编号或方案包文件夹' : 'id or pack folder')
    .option('--json', zh ? '以 JSON 输出' : 'print JSON')
    .action((id, options) => {
      const found = loadScheme(id)
      const { manifest, hash } = found
      const counts = countsOf(found)
      if (options.json) {
        print(console, JSON.stringify({ ...manifest, hash, counts }, null, 2))
        return
      }
      print(console, `${manifest.id}  ${manifest.name[console.lang]}`)
      print(console, `${zh ? '校验码' : 'hash'}  ${hash}`)
      print(console, `${zh ? '编码' : 'codes'}  ${manifest.codeSystem.diagnosis}, ${manifest.codeSystem.procedure}`)
      for (const [key, value] of Object.entries(manifest.source)) print(console, `${key}  ${value}`)
      for (const [key, n] of Object.entries(counts)) print(console, `${key}  ${count(n)}`)
    })
  scheme
    .command('import')
    .description(
      zh ? '由官方六张表（CSV 文件夹）制作方案包' : 'make a pack from the six official tables (a folder of CSV files)',
    )
    .argument('<folder>', 'MDC.csv, ADRG.csv, DRG.csv, 集合.csv, CC.csv, 排除表.csv')
    .requiredOption('--out <pack>', zh ? '写入的方案包文件夹' : 'pack folder to write')
    .option('--id <id>', zh ? '方案编号' : 'id of the scheme')
    .option(
      '--manifest <file>',
      zh
        ? '名称、编码版本、来源（默认取文件夹内的 manifest.yaml）'
        : 'name, code systems, source (default: manifest.yaml in the folder)',
    )
    .action((folder, options) => {
      const { scheme: made, report } = importTables(folder, {
        ...(options.id === undefined ? {} : { id: options.id }),
        ...(options.manifest === undefined ? {} : { manifest: options.manifest }),
      })
      writePack(made, report, options.out)
      const { mdc, adrg, drg, sets, setRows, cc, exclusions } = report.counts
      tell(console, {
        zh: `${made.manifest.id}：${mdc} 个 MDC，${adrg} 行 ADRG，${drg} 行 DRG，${sets} 个集合 ${count(setRows)} 个编码，${count(cc)} 个 MCC/CC，排除表 ${count(exclusions)} 行`,
        en: `${made.manifest.id}: ${mdc} MDCs, ${adrg} ADRG rows, ${drg} DRG rows, ${sets} sets of ${count(setRows)} codes, ${count(cc)} MCC and CC, ${count(exclusions)} exclusion rows`,
      })
      const [notes, warnings, errors] = (['note', 'warning', 'error'] as const).map(
        severity => report.findings.filter(finding => finding.severity === severity).length,
      )
      tell(console, {
        zh: `已写入 ${options.out}；处理 ${notes} 项、请核对 ${warnings} 项、方案自身错误 ${errors} 项，见 import-report.txt`,
        en: `Written to ${options.out}; ${notes} repairs, ${warnings} warnings, ${errors} errors of the scheme itself: see import-report.txt`,
      })
    })
  for (const command of inspectCommands(console)) scheme.addCommand(command)
  return scheme as unknown as Command
}
