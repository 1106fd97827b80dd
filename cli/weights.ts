import { createHash } from 'node:crypto'
import { type Dirent, existsSync, readdirSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import { stringify } from 'yaml'
import { checkOutputs, home, type TextEncoding, unreadable, writeText } from '../files/index.ts'
import { isCatalogue, loadScheme } from '../grouper/index.ts'
import { Fault } from '../messages/index.ts'
import { Decimal } from '../numbers/index.ts'
import { createProgress } from '../report/index.ts'
import { readHospitals } from '../simulate/index.ts'
import {
  bootstrap,
  checkComposite,
  compareSchemes,
  type GroupedCases,
  type Hospital,
  indicesOf,
  readHospitalIndices,
  readWeightConfig,
  type Weighing,
  type WeightConfig,
  type WeightInterval,
  type WeightTable,
  type Workbench,
  weigh,
  weightDrift,
} from '../weights/index.ts'
import { areStores, checkColumns } from './case-files.ts'
import { caseGrouper } from './case-grouper.ts'
import { mapOption, openInput } from './case-input.ts'
import { type Console, count, print, tell } from './console.ts'
import { type Duplicates, duplicatesOption, writeLeftOut } from './grouped-files.ts'
import { outputsIn, removeStale } from './outputs.ts'
import { publishedWeights } from './published-weights.ts'
import { needWeights } from './region-checks.ts'
import { fileHashes, writeRunNote } from './run-note.ts'
import { outputEncodingOption } from './table-output.ts'
import { readWeightCases } from './weight-cases.ts'
import { writeWorkbench } from './weight-files.ts'
import { weightsReport } from './weights-report.ts'
import { whole } from './whole.ts'

/** `dianzhi weights`: weights, coefficients and indices from cases with costs. */
export function weightsCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  return new Command('weights')
    .argument(
      '<cases...>',
      zh
        ? '病例文件（CSV、XLSX、JSON、Parquet，可多个）或病例库 .dzc'
        : 'case files (CSV, XLSX, JSON, Parquet), or case stores (.dzc)',
    )
    .requiredOption('--scheme <id>', zh ? '方案编号或方案包文件夹' : 'scheme id or pack folder')
    .option(
      '--config <file>',
      zh
        ? '测算参数（默认 policies/weights-default.yaml，病种目录为 weights-dip.yaml）'
        : 'how to derive them (default policies/weights-default.yaml; weights-dip.yaml under a DIP catalogue)',
    )
    .option(
      '--hospitals <file>',
      zh ? '医疗机构表 code,name,level（系数需要）' : 'table of hospitals code,name,level (coefficients need it)',
    )
    .option(
      '--last <file>',
      zh ? '上年权重表：比较变动、供空组借用' : "last year's weights: for drift and empty groups",
    )
    .option(
      '--against <id>',
      zh ? '另一分组方案：在同一批病例上比较分组质量' : 'another scheme: compare the quality on the same cases',
    )
    .option(
      '--threads <n>',
      zh
        ? '自助法的线程数（默认为可用核数，不影响结果）'
        : 'threads of the bootstrap (default: cores; results do not depend on it)',
      whole(1, 256),
      availableParallelism(),
    )
    .requiredOption('--out <folder>', zh ? '写入的文件夹' : 'folder to write')
    .addOption(mapOption(zh))
    .addOption(duplicatesOption(console))
    .addOption(outputEncodingOption(zh))
    .action(async (files, options) => {
      const encoding = options.outputEncoding
      const isDip = isCatalogue(options.scheme)
      const given = readWeightConfig(options.config ?? (isDip ? home('policies', 'weights-dip.yaml') : undefined))
      // Without levels there is nothing to tell coefficients apart by.
      const config =
        options.hospitals === undefined
          ? { ...given, coefficient: { ...given.coefficient, kind: 'none' as const } }
          : given
      const hospitals = options.hospitals === undefined ? [] : readHospitals(options.hospitals)
      const indices = options.hospitals === undefined ? undefined : readHospitalIndices(options.hospitals)
      checkComposite(config.coefficient, indices, options.hospitals)
      const against = options.against
      if (against !== undefined && (isDip || isCatalogue(against))) throw noComparison(against)
      const compared = against === undefined ? undefined : ([loadScheme(options.scheme), loadScheme(against)] as const)
      const grouper = caseGrouper(options.scheme)
      const { book } = grouper
      const inputs = [...files, options.config, options.hospitals, options.last].filter(path => path !== undefined)
      const groups = book.leaves.map(leaf => leaf.drg)
      const published =
        options.last === undefined
          ? undefined
          : publishedWeights(options.last, groups, isDip ? new Decimal(config.scale) : undefined)
      for (const notice of published?.notices ?? []) tell(console, notice)
      const known = outputsIn(options.out, 'weights')
      const below = insuranceFolders(options.out).flatMap(folder => outputsIn(folder, 'insurance'))
      checkOutputs(config.tables === 'perInsurance' ? [...known, ...below] : known, inputs)
      const input = openInput(console, files, { map: options.map, newbornWeight: grouper.newbornWeight })
      const need = config.coefficient.kind === 'none' ? 'weights' : 'coefficients'
      if (!areStores(files)) checkColumns(input.files, need, input.open)
      const duplicates = options.duplicates as Duplicates
      const grouped = readWeightCases(console, { input, grouper, compared, duplicates })
      const { cases, other } = grouped
      const last = published?.weights
      const weighing = weigh(cases, hospitals, config, {
        last,
        indices,
        configFile: options.config,
        hospitalFile: options.hospitals,
      })
      needWeights(weighing, files[0]!)

      const work = await workbenchOf(console, { weighing, config, last, threads: options.threads, other, hospitals })
      const mdcs = new Map(book.leaves.map(leaf => [leaf.drg, leaf.mdc]))
      const names = { nameOf: grouped.nameOf, mdcOf: (group: string) => mdcs.get(group) ?? '' }
      const written = await writeWorkbench(options.out, work, config, names, encoding)
      const split =
        config.tables === 'perInsurance'
          ? await writeByInsurance(options.out, { work, config, names, hospitals, last, indices, encoding })
          : []
      const text = configText(config)
      const configHash = createHash('sha256').update(text).digest('hex')
      writeText(join(options.out, 'config.yaml'), text)
      const report = weightsReport({
        work, config, names, configHash, scheme: { id: book.schemeId, hash: book.hash },
        rows: grouped.summary.rows, lang: console.lang,
        ...(compared === undefined ? {} : { against: compared[1].manifest.id }),
      }) // biome-ignore format: one value a word
      writeText(join(options.out, 'report.html'), report)
      const leftOut = writeLeftOut(console, options.out, grouped, encoding)
      writeRunNote(join(options.out, 'run.json'), {
        command: 'weights',
        book,
        inputs: files,
        ids: { weights: config.id },
        hashes: { config: configHash, ...(await fileHashes(inputs)) },
        counts: {
          rows: grouped.summary.rows,
          used: weighing.statistics.screening.used,
          rejected: grouped.summary.rejected,
        },
      })
      const all = [...written, ...split, 'report.html', 'config.yaml', ...leftOut]
      removeStale(console, options.out, [...known, ...below], { written: [...all, 'run.json'], inputs })
      const shown = [...new Set(all.map(name => name.replace(/\/.*/, '/')))]
      tellResult(console, weighing, { rows: grouped.summary.rows, out: options.out, files: shown })
    }) as unknown as Command
}

function noComparison(against: string): Fault {
  return new Fault({
    code: 'WGT-019',
    at: { field: '--against' },
    what: {
      zh: `不能在病种目录之间（或与 ${against}）比较分组质量。`,
      en: `The quality of DIP catalogues is not compared (asked for: ${against}).`,
    },
    fix: {
      zh: '请去掉 --against；两个目录可分别测算后比较 quality.csv。',
      en: 'Leave --against out; weigh under each catalogue and compare their quality.csv.',
    },
    status: 64,
  })
}

interface Asked {
  readonly weighing: Weighing
  readonly config: WeightConfig
  readonly last: WeightTable | undefined
  readonly threads: number
  readonly other: GroupedCases | undefined
  readonly hospitals: readonly Hospital[]
}

/** A weighing with intervals, drift, indices and comparison, as far as they are asked for. */
async function workbenchOf(
  console: Console,
  { weighing, config, last, threads, other, hospitals }: Asked,
): Promise<Workbench> {
  const { cases } = weighing.prepared
  const intervals =
    config.bootstrap.replicates === 0 ? undefined : await drawIntervals(console, weighing, config, threads)
  return {
    weighing,
    indices: indicesOf(weighing, config),
    ...(intervals === undefined ? {} : { intervals }),
    ...(last === undefined ? {} : { drift: weightDrift(weighing.weights, last, config) }),
    ...(other === undefined ? {} : { comparison: compareSchemes(cases, other, hospitals, config) }),
  }
}

async function drawIntervals(
  console: Console,
  { statistics, weights, prepared }: Weighing,
  config: WeightConfig,
  threads: number,
): Promise<(WeightInterval | null)[]> {
  const { err, lang } = console
  const label = lang === 'zh' ? '自助法' : 'bootstrap'
  const total = config.bootstrap.replicates * statistics.groups.reduce((sum, one) => sum + one.kept.n, 0)
  const progress = createProgress({ stream: err, now: () => performance.now(), label, lang, total })
  const found = await bootstrap(statistics, weights, prepared.cases.parents, config, {
    threads,
    onProgress: done => progress.update(done),
  })
  progress.finish()
  return found
}

interface Split {
  readonly work: Workbench
  readonly config: WeightConfig
  readonly names: Parameters<typeof writeWorkbench>[3]
  readonly hospitals: readonly Hospital[]
  readonly last: WeightTable | undefined
  readonly indices: ReturnType<typeof readHospitalIndices> | undefined
  readonly encoding: TextEncoding | undefined
}

const INSURANCE = 'insurance-'

/** The folders that earlier runs made for an insurance scheme each; one with a note of its own is another run. */
function insuranceFolders(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return []
  let entries: Dirent[]
  try {
    entries = readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    throw unreadable(folder, error)
  }
  return entries
    .filter(one => one.isDirectory() && one.name.startsWith(INSURANCE))
    .map(one => join(folder, one.name))
    .filter(inner => !existsSync(join(inner, 'run.json')))
}

/** The same tables for each insurance scheme that has cases, in folders of their own. */
async function writeByInsurance(
  folder: string,
  { work, config, names, hospitals, last, indices, encoding }: Split,
): Promise<string[]> {
  const { cases } = work.weighing.prepared
  const written: string[] = []
  for (const code of cases.insurances) {
    const own = { ...config, insurances: [code] }
    const weighing = weigh(cases, hospitals, own, { last, indices })
    if (weighing.statistics.screening.used === 0) continue
    const drift = last === undefined ? {} : { drift: weightDrift(weighing.weights, last, own) }
    const name = `${INSURANCE}${code.replace(/[^\p{L}\p{N}-]/gu, '_')}`
    const one = { weighing, indices: indicesOf(weighing, own), ...drift }
    for (const file of await writeWorkbench(join(folder, name), one, own, names, encoding))
      written.push(`${name}/${file}`)
  }
  return written
}

/** The complete configuration as a file that `--config` takes: the same run again. */
function configText(config: WeightConfig): string {
  const plain = JSON.parse(JSON.stringify(config)) as Record<string, unknown>
  return `# Complete, as it was used; --config takes it again.\n${stringify(plain)}`
}

function tellResult(
  console: Console,
  { weights, statistics }: Weighing,
  { rows, out, files }: { readonly rows: number; readonly out: string; readonly files: readonly string[] },
): void {
  const priced = weights.weight.filter(weight => weight !== null).length
  print(console, console.lang === 'zh' ? `有权重的病组 ${count(priced)} 个` : `${count(priced)} groups with a weight`)
  tell(console, {
    zh: `读入 ${count(rows)} 行，用于测算 ${count(statistics.screening.used)} 例`,
    en: `${count(rows)} rows in, ${count(statistics.screening.used)} cases used`,
  })
  const [found, left] = [weights.inversions.found.length, weights.inversions.left.length]
  tell(console, {
    zh: `严重程度倒挂 ${found} 对，发布权重中仍有 ${left} 对`,
    en: `${found} severity inversions found, ${left} left in the weights`,
  })
  tell(console, { zh: `已写入 ${out}：${files.join('、')}`, en: `Written to ${out}: ${files.join(', ')}` })
}
