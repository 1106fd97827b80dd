import { Command, Option } from '@commander-js/extra-typings'
import {
  dipReportText,
  exportCatalogue,
  exportScheme,
  findingText,
  type Imported,
  importCatalogue,
  importSource,
  isCatalogue,
  isDipSource,
  loadCatalogue,
  loadScheme,
  writeDipPack,
  writePack,
} from '../grouper/index.ts'
import { Fault } from '../messages/index.ts'
import { type Console, count, tell } from './console.ts'
import { checkEnding } from './ending.ts'
import { checkEncoding, outputEncodingOption } from './table-output.ts'

/** `dianzhi scheme import`: a pack from the official tables. */
export function importCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  const command = new Command('import')
    .description(
      zh
        ? '由官方工作簿（xlsx）或 CSV 表制作方案包：DRG 方案或 DIP 病种目录'
        : 'make a pack from an official workbook (xlsx) or tables as CSV files: a DRG scheme or a DIP catalogue',
    )
    .argument(
      '<source>',
      zh
        ? '工作簿、CSV 文件夹；DIP 也可为单个 CSV 或 JSON'
        : 'workbook or folder of CSV files; for DIP also one CSV or JSON file',
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
    .addOption(
      new Option(
        '--kind <kind>',
        zh ? '来源是 DRG 方案还是 DIP 目录' : 'whether the source is a DRG scheme or a DIP catalogue',
      )
        .choices(['auto', 'drg', 'dip'])
        .default('auto'),
    )
    .action(async (source, options) => {
      if (options.kind === 'dip' || (options.kind === 'auto' && (await isDipSource(source)))) {
        if (options.amend !== undefined || options.extends !== undefined) throw drgOnly()
        await importDip(console, source, options)
        return
      }
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
    .addOption(outputEncodingOption(zh))
    .action(async (id, options) => {
      checkEnding(options.out, ['.xlsx'])
      const { out, outputEncoding: encoding } = options
      checkEncoding(encoding, /\.xlsx$/i.test(out) ? 'xlsx' : 'csv')
      if (isCatalogue(id)) await exportCatalogue(loadCatalogue(id), out, encoding)
      else await exportScheme(loadScheme(id), out, encoding)
      tell(console, { zh: `${id} 已写入 ${options.out}`, en: `${id} written to ${options.out}` })
    })
  return command as unknown as Command
}

interface DipOptions {
  readonly out: string
  readonly id?: string | undefined
  readonly manifest?: string | undefined
}

async function importDip(console: Console, source: string, { out, id, manifest }: DipOptions): Promise<void> {
  const { catalogue, report } = await importCatalogue(source, {
    ...(id === undefined ? {} : { id }),
    ...(manifest === undefined ? {} : { manifest }),
  })
  writeDipPack(catalogue, out, `${dipReportText(report, 'zh')}\n${dipReportText(report, 'en')}`)
  const { XQ, BX, FZ, JC, ZH, excludedDiagnoses, excludedOperations, tags } = report.counts
  tell(console, {
    zh: `${report.id}：${count(catalogue.groups.length)} 个病种（先期 ${XQ}，并项 ${count(BX)}，辅助细分 ${FZ}，基本 ${count(JC)}，综合 ${count(ZH)}）；不纳入分组的诊断 ${count(excludedDiagnoses)}、手术操作 ${count(excludedOperations)}；基层等清单 ${count(tags)} 行`,
    en: `${report.id}: ${count(catalogue.groups.length)} groups (XQ ${XQ}, BX ${count(BX)}, FZ ${FZ}, JC ${count(JC)}, comprehensive ${count(ZH)}); ${count(excludedDiagnoses)} diagnoses and ${count(excludedOperations)} operations excluded; ${count(tags)} rows of grassroots and other lists`,
  })
  tellFindings(console, out, report.findings)
  const serious = report.findings.filter(({ severity }) => severity !== 'note')
  for (const finding of serious.slice(0, SHOWN)) {
    tell(console, { zh: findingText(finding, 'zh'), en: findingText(finding, 'en') })
  }
  if (serious.length > SHOWN) tell(console, { zh: '……', en: '…' })
}

/** Warnings and errors of an import that are told at once. */
const SHOWN = 8

function drgOnly(): Fault {
  return new Fault({
    code: 'DIP-018',
    what: { zh: '--amend 和 --extends 只用于 DRG 方案。', en: '--amend and --extends are for DRG schemes only.' },
    fix: {
      zh: '请在导入清单中用 tables、lists、names 补充（见 docs/dip-format.md）；来源确是 DRG 方案时用 --kind drg。',
      en: 'Add to a catalogue by tables, lists and names of its manifest (docs/dip-format.md); give --kind drg if this is a DRG scheme.',
    },
    status: 64,
  })
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
  tellFindings(console, out, report.findings)
}

function tellFindings(console: Console, out: string, findings: Imported['report']['findings']): void {
  const [notes, warnings, errors] = (['note', 'warning', 'error'] as const).map(
    severity => findings.filter(finding => finding.severity === severity).length,
  )
  tell(console, {
    zh: `已写入 ${out}；处理 ${notes} 项、请核对 ${warnings} 项、方案自身错误 ${errors} 项，见 import-report.txt`,
    en: `Written to ${out}; ${notes} repairs, ${warnings} warnings, ${errors} errors of the scheme itself: see import-report.txt`,
  })
}
