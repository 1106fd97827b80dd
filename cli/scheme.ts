import { Command } from '@commander-js/extra-typings'
import {
  amendmentText,
  countsOf,
  DIP_COUNT_LABELS,
  dipCountsOf,
  isCatalogue,
  listCatalogues,
  listSchemes,
  loadCatalogue,
  loadScheme,
} from '../grouper/index.ts'
import { say } from '../messages/index.ts'
import { type Console, count, print } from './console.ts'
import { inspectCommands } from './inspect.ts'
import { diffCommand } from './scheme-diff.ts'
import { exportCommand, importCommand } from './scheme-tables.ts'

/** `dianzhi scheme`: grouping schemes. */
export function schemeCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  const scheme = new Command('scheme')
  scheme
    .command('list')
    .description(zh ? '列出内置的 DRG 方案和 DIP 目录' : 'list the built-in DRG schemes and DIP catalogues')
    .action(() => {
      for (const id of listSchemes()) print(console, `${id}\t${loadScheme(id).manifest.name[console.lang]}`)
      for (const id of listCatalogues()) print(console, `${id}\t${loadCatalogue(id).manifest.name[console.lang]}`)
    })
  scheme
    .command('show')
    .description(zh ? '显示方案的来源和规模' : 'show where a scheme comes from and its size')
    .argument('<scheme>', zh ? '方案编号或方案包文件夹' : 'id or pack folder')
    .option('--json', zh ? '以 JSON 输出' : 'print JSON')
    .action((id, options) => {
      if (isCatalogue(id)) {
        showCatalogue(console, id, options.json === true)
        return
      }
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
      printSource(console, manifest.source)
      for (const record of manifest.amendments ?? []) {
        print(console, `${zh ? '修订' : 'amended'}  ${amendmentText(record, console.lang)}`)
      }
      for (const [key, n] of Object.entries(counts)) print(console, `${named(key, console)}  ${count(n)}`)
    })
  for (const command of [
    importCommand(console),
    exportCommand(console),
    diffCommand(console),
    ...inspectCommands(console),
  ]) {
    scheme.addCommand(command)
  }
  return scheme as unknown as Command
}

/** Facts of a manifest and counts of a scheme in Chinese; in English their keys are words already. */
const CHINESE: Readonly<Record<string, string>> = {
  title: '文件',
  number: '文号',
  edition: '版本',
  date: '日期',
  link: '链接',
  licence: '许可',
  note: '说明',
  sets: '编码集合',
  setRows: '集合中的编码',
  cc: '并发症与合并症编码',
  exclusions: '排除关系',
}

const named = (key: string, { lang }: Console): string => (lang === 'zh' && CHINESE[key]) || key

function printSource(console: Console, source: object): void {
  for (const [key, value] of Object.entries(source)) print(console, `${named(key, console)}  ${value}`)
}

function showCatalogue(console: Console, id: string, json: boolean): void {
  const catalogue = loadCatalogue(id)
  const { manifest, hash } = catalogue
  const counts = dipCountsOf(catalogue)
  if (json) {
    print(console, JSON.stringify({ ...manifest, hash, counts }, null, 2))
    return
  }
  const zh = console.lang === 'zh'
  print(console, `${manifest.id}  ${manifest.name[console.lang]}`)
  print(console, `${zh ? '校验码' : 'hash'}  ${hash}`)
  print(console, `${zh ? '编码' : 'codes'}  ${manifest.codeSystem.diagnosis}, ${manifest.codeSystem.procedure}`)
  printSource(console, manifest.source)
  for (const [key, value] of Object.entries(manifest.matching)) {
    print(console, `matching.${key}  ${Array.isArray(value) ? value.join(', ') : value}`)
  }
  for (const [key, n] of Object.entries(counts)) {
    print(console, `${say(DIP_COUNT_LABELS[key as keyof typeof counts], console.lang)}  ${count(n)}`)
  }
}
