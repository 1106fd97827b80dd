import { Command } from '@commander-js/extra-typings'
import { exportScheme, type Imported, importSource, loadScheme, writePack } from '../grouper/index.ts'
import { type Console, count, tell } from './console.ts'

/** `dianzhi scheme import`: a pack from the official tables. */
export function importCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  const command = new Command('import')
    .description(
      zh
        ? '由官方工作簿（xlsx）或六张 CSV 表制作方案包'
        : 'make a pack from the official workbook (xlsx) or its six tables as CSV files',
    )
    .argument(
      '<source>',
      zh ? '工作簿，或含 MDC.csv … 排除表.csv 的文件夹' : 'workbook, or folder with MDC.csv … 排除表.csv',
    )
    .requiredOption('--out <pack>', zh ? '写入的方案包文件夹' : 'pack folder to write')
    .option('--id <id>', zh ? '方案编号' : 'id of the scheme')
    .option(
      '--manifest <file>',
      zh
        ? '名称、编码版本、来源、修订（默认取文件夹内的 manifest.yaml 或工作簿旁的同名 .yaml）'
        : 'name, code systems, source, amendments (default: manifest.yaml in the folder, or X.yaml beside X.xlsx)',
    )
    .option(
      '--amend <file...>',
      zh
        ? '修订文件（YAML 或 CSV）：增、删、改的行及理由'
        : 'amendment files (YAML or CSV): rows to add, remove, replace, and why',
    )
    .option(
      '--extends <scheme>',
      zh ? '写成该方案之上的差异包，只含不同之处' : 'write an overlay on this scheme, which holds only what differs',
    )
    .action(async (source, options) => {
      const imported = await importSource(source, {
        ...(options.id === undefined ? {} : { id: options.id }),
        ...(options.manifest === undefined ? {} : { manifest: options.manifest }),
        ...(options.amend === undefined ? {} : { amend: options.amend }),
        ...(options.extends === undefined ? {} : { extends: options.extends }),
      })
      const base = imported.extends === undefined ? undefined : loadScheme(imported.extends)
      writePack(imported.scheme, imported.report, options.out, base)
      tellImported(console, imported, options.out)
    })
  return command as unknown as Command
}

/** `dianzhi scheme export`: the official tables from a pack. */
export function exportCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  const command = new Command('export')
    .description(
      zh
        ? '把方案写成官方布局的工作簿或 CSV 表；再导入得到同一方案'
        : 'write a scheme as a workbook in the official layout or as CSV tables; importing them gives the same scheme',
    )
    .argument('<scheme>', zh ? '方案编号或方案包文件夹' : 'id or pack folder')
    .requiredOption('--out <path>', zh ? '工作簿 X.xlsx 或文件夹' : 'workbook X.xlsx or a folder')
    .action(async (id, options) => {
      const scheme = loadScheme(id)
      await exportScheme(scheme, options.out)
      tell(console, {
        zh: `${scheme.manifest.id} 已写入 ${options.out}`,
        en: `${scheme.manifest.id} written to ${options.out}`,
      })
    })
  return command as unknown as Command
}

function tellImported(console: Console, { scheme, report, extends: base }: Imported, out: string): void {
  const { id } = scheme.manifest
  const { mdc, adrg, drg, sets, setRows, cc, exclusions } = report.counts
  tell(console, {
    zh: `${id}：${mdc} 个 MDC，${adrg} 行 ADRG，${drg} 行 DRG，${sets} 个集合 ${count(setRows)} 个编码，${count(cc)} 个 MCC/CC，排除表 ${count(exclusions)} 行`,
    en: `${id}: ${mdc} MDCs, ${adrg} ADRG rows, ${drg} DRG rows, ${sets} sets of ${count(setRows)} codes, ${count(cc)} MCC and CC, ${count(exclusions)} exclusion rows`,
  })
  const changes = report.amendments.reduce((n, { added, removed, replaced }) => n + added + removed + replaced, 0)
  if (changes > 0) {
    tell(console, {
      zh: `按 ${report.amendments.length} 项修订改动了 ${count(changes)} 行`,
      en: `${count(changes)} rows changed by ${report.amendments.length} amendments`,
    })
  }
  if (base !== undefined) tell(console, { zh: `写成 ${base} 之上的差异包`, en: `written as an overlay on ${base}` })
  const [notes, warnings, errors] = (['note', 'warning', 'error'] as const).map(
    severity => report.findings.filter(finding => finding.severity === severity).length,
  )
  tell(console, {
    zh: `已写入 ${out}；处理 ${notes} 项、请核对 ${warnings} 项、方案自身错误 ${errors} 项，见 import-report.txt`,
    en: `Written to ${out}; ${notes} repairs, ${warnings} warnings, ${errors} errors of the scheme itself: see import-report.txt`,
  })
}
