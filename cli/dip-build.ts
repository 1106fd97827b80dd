import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, InvalidArgumentError } from '@commander-js/extra-typings'
import { checkOutputs, copyFile, fileSink, home, type TextEncoding, writeText } from '../files/index.ts'
import {
  type AuxiliaryPack,
  type DipCatalogue,
  encodeCases,
  loadCatalogue,
  readAuxiliaryPack,
  unknownListCodes,
  writeDipPack,
} from '../grouper/index.ts'
import {
  auxiliaryCsv,
  buildCatalogue,
  builtGroupsCsv,
  comparisonCsv,
  deriveAuxiliaries,
  figuresOf,
  keysCsv,
  readBuildConfig,
  readWeightConfig,
  storeSource,
} from '../weights/index.ts'
import { checkColumns } from './case-files.ts'
import { mapOption, openInput, tellNotes } from './case-input.ts'
import { type Console, count, print, tell } from './console.ts'
import { type DipReportInput, dipReport } from './dip-page.ts'
import { countLeftOut, type LeftOut, noneUsable } from './grouped-files.ts'
import { rejectsSink } from './rejects.ts'
import { writeRunNote } from './run-note.ts'
import { outputEncodingOption } from './table-output.ts'
import { programVersion } from './version.ts'
import { whole } from './whole.ts'

/** `dianzhi dip`: work on DIP catalogues beside grouping. */
export function dipCommand(console: Console): Command {
  return new Command('dip').addCommand(buildCommand(console)) as unknown as Command
}

function buildCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  return new Command('build')
    .description(
      zh
        ? '由近几年病例和国家目录形成本地病种目录，附分值、辅助分型和报告'
        : 'form a local catalogue with scores from the cases of some years and a national one, with a report',
    )
    .argument(
      '<cases...>',
      zh ? '病例文件或病例库 .dzc，须有结算月份和费用' : 'case files or case stores (.dzc) with month and cost',
    )
    .requiredOption('--scheme <id>', zh ? '国家病种目录：编号或方案包文件夹' : 'national catalogue: id or pack folder')
    .requiredOption('--out <pack>', zh ? '写入的方案包文件夹' : 'pack folder to write')
    .option('--id <id>', zh ? '本地目录编号' : 'id of the local catalogue', 'dip-local')
    .option(
      '--years <list>',
      zh ? '年份，逗号分隔（默认最近三年）' : 'years, by commas (default: the last three)',
      yearsOf,
    )
    .option(
      '--config <file>',
      zh
        ? '形成参数（默认 policies/dip-build-default.yaml）'
        : 'how it is formed (default policies/dip-build-default.yaml)',
    )
    .option(
      '--weights <file>',
      zh
        ? '分值测算参数（默认 policies/weights-dip.yaml）'
        : 'how scores are derived (default policies/weights-dip.yaml)',
    )
    .option(
      '--auxiliary <id>',
      zh ? '辅助分型：dip3-draft、ladder-1.0 或文件' : 'auxiliary types: dip3-draft, ladder-1.0 or a file',
    )
    .option(
      '--threads <n>',
      zh ? '线程数（默认为可用核数，不影响结果）' : 'threads (default: cores; results do not depend on it)',
      whole(1, 256),
      availableParallelism(),
    )
    .addOption(mapOption(zh))
    .addOption(outputEncodingOption(zh))
    .action(async (files, options) => {
      const config = readBuildConfig(options.config)
      const weights = readWeightConfig(options.weights ?? home('policies', 'weights-dip.yaml'))
      const auxiliary = options.auxiliary === undefined ? undefined : readAuxiliaryPack(options.auxiliary)
      const national = loadCatalogue(options.scheme)
      if (auxiliary !== undefined) tellUnknown(console, auxiliary, national)
      const folder = join(options.out, 'build')
      checkOutputs(
        [join(options.out, 'groups.tsv'), ...OUTPUTS.map(name => join(folder, name))],
        [...files, options.config, options.weights].filter(path => path !== undefined),
      )
      const { stores, counts, rejects, cleanUp } = encoded(console, national, files, options)
      try {
        const source = storeSource(national, stores, files)
        const build = await buildCatalogue(national, source, {
          id: options.id,
          name: { zh: `本地病种目录 ${options.id}`, en: `Local DIP catalogue ${options.id}` },
          years: options.years ?? [],
          config,
          weights,
          threads: source.cases < LEAST_CASES ? 1 : options.threads,
        })
        const auxiliaries =
          auxiliary === undefined
            ? undefined
            : deriveAuxiliaries(auxiliary, build.catalogue, source, build.cases, build.after, config.auxiliary)
        const { catalogue, screening, threshold } = build
        writeDipPack(catalogue, options.out)
        if (rejects === undefined) rmSync(join(folder, 'rejects.csv'), { force: true })
        else copyFile(rejects, join(folder, 'rejects.csv'))
        const figures = figuresOf(build)
        const footer = `dianzhi ${programVersion()} · ${catalogue.manifest.id} ${catalogue.hash.slice(0, 12)} · ${national.manifest.id} ${national.hash.slice(0, 12)}`
        writeReport(folder, { build, figures, auxiliaries, footer, lang: console.lang }, options.outputEncoding)
        writeRunNote(join(folder, 'run.json'), {
          command: 'dip build',
          book: { schemeId: national.manifest.id, hash: national.hash },
          inputs: files,
          ids: {
            catalogue: catalogue.manifest.id,
            catalogueHash: catalogue.hash,
            config: config.id,
            weights: weights.id,
          },
          counts: { ...counts, cases: screening.cases, groupable: screening.groupable, threshold },
        })
        for (const notice of build.notices) tell(console, notice)
        const { national: kept, local, comprehensive, none } = figures.coverage
        print(
          console,
          zh
            ? `核心病种 ${count(kept.groups + local.groups)} 个（国家 ${count(kept.groups)}、本地 ${count(local.groups)}），综合病种 ${count(comprehensive.groups)} 个；未入组 ${count(none.cases)} 例`
            : `${count(kept.groups + local.groups)} core groups (${count(kept.groups)} national, ${count(local.groups)} local), ${count(comprehensive.groups)} comprehensive; ${count(none.cases)} cases ungrouped`,
        )
        const absent = [
          ...(rejects === undefined ? ['rejects.csv'] : []),
          ...(auxiliaries === undefined ? ['auxiliary.csv'] : []),
        ]
        const written = OUTPUTS.filter(name => !absent.includes(name))
        tell(console, {
          zh: `已写入 ${options.out}；报告与表在 ${folder}：${written.join('、')}`,
          en: `Written to ${options.out}; report and tables in ${folder}: ${written.join(', ')}`,
        })
      } finally {
        cleanUp()
      }
    }) as unknown as Command
}

/** Codes of the lists beside auxiliary types that no case can have. */
function tellUnknown(console: Console, pack: AuxiliaryPack, { diagnoses }: DipCatalogue): void {
  for (const [list, codes] of unknownListCodes(pack, diagnoses)) {
    const shown = codes.slice(0, 5)
    tell(console, {
      zh: `辅助分型 ${pack.id} 的列表 ${list} 中有 ${count(codes.length)} 个编码不在诊断字典中，不会有病例符合：${shown.join('、')}${codes.length > shown.length ? ' …' : ''}`,
      en: `${count(codes.length)} codes of the list ${list} of the auxiliary types ${pack.id} are not in the dictionary of diagnoses and meet no case: ${shown.join(', ')}${codes.length > shown.length ? ' …' : ''}`,
    })
  }
}

/** Fewer cases are done before threads are there. */
const LEAST_CASES = 500_000

const OUTPUTS = [
  'report.html',
  'report.md',
  'groups.csv',
  'comparison.csv',
  'keys.csv',
  'auxiliary.csv',
  'rejects.csv',
  'run.json',
] as const

function writeReport(folder: string, input: DipReportInput, encoding: TextEncoding | undefined): void {
  const { html, md } = dipReport(input)
  const { build, figures, auxiliaries } = input
  writeText(join(folder, 'report.html'), html)
  writeText(join(folder, 'report.md'), md)
  writeText(join(folder, 'groups.csv'), builtGroupsCsv(figures, build.cases.years), encoding)
  writeText(join(folder, 'comparison.csv'), comparisonCsv(figures), encoding)
  writeText(join(folder, 'keys.csv'), keysCsv(build.keys), encoding)
  // An old table must not stay beside new results.
  if (auxiliaries === undefined) rmSync(join(folder, 'auxiliary.csv'), { force: true })
  else writeText(join(folder, 'auxiliary.csv'), auxiliaryCsv(auxiliaries.coefficients), encoding)
}

interface Encoded {
  readonly stores: readonly string[]
  readonly counts: { readonly rows: number; readonly rejected: number }
  /** The file of rejects, which lies aside until there is a result that it belongs to; undefined where there is none. */
  readonly rejects: string | undefined
  readonly cleanUp: () => void
}

/** The files as case stores: those that are none are encoded aside first, since a build reads its cases several times. */
function encoded(
  console: Console,
  catalogue: DipCatalogue,
  files: readonly string[],
  options: { readonly map?: readonly string[] | undefined; readonly outputEncoding?: TextEncoding | undefined },
): Encoded {
  const given = files.filter(file => file.endsWith('.dzc'))
  const texts = files.filter(file => !file.endsWith('.dzc'))
  if (texts.length === 0) return { stores: given, counts: { rows: 0, rejected: 0 }, rejects: undefined, cleanUp() {} }
  const input = openInput(console, texts, { map: options.map, newbornWeight: 'birth' })
  checkColumns(input.files, 'weights', input.open)
  const folder = mkdtempSync(join(tmpdir(), 'dianzhi-dip-'))
  const rejectsFile = join(folder, 'rejects.csv')
  const rejects = rejectsSink(rejectsFile, console, options.outputEncoding)
  const leftOut = new Map<LeftOut['reason'], LeftOut>()
  const cleanUp = (): void => rmSync(folder, { recursive: true, force: true })
  const counts = { rows: 0, rejected: 0 }
  try {
    const made = input.files.map((file, i) => {
      const store = join(folder, `${i}.dzc`)
      const out = fileSink(store)
      const { rows, rejected } = encodeCases(catalogue, [file], {
        open: input.open,
        duplicates: 'reject',
        write: bytes => out.write(bytes),
        onReject(reject, from) {
          rejects.add(reject, from)
          countLeftOut(leftOut, reject, from)
        },
      })
      out.finish()
      counts.rows += rows
      counts.rejected += rejected
      return store
    })
    rejects.finish()
    if (given.length === 0 && counts.rows === counts.rejected)
      throw noneUsable(texts[0]!, counts.rows, [...leftOut.values()])
    tell(console, {
      zh: `读入 ${count(counts.rows)} 行，拒收 ${count(counts.rejected)} 行`,
      en: `${count(counts.rows)} rows in, ${count(counts.rejected)} rejects`,
    })
    tellNotes(console, input)
    return { stores: [...given, ...made], counts, rejects: counts.rejected === 0 ? undefined : rejectsFile, cleanUp }
  } catch (error) {
    rejects.abort()
    cleanUp()
    throw error
  }
}

function yearsOf(text: string): string[] {
  const years = text.split(/[,，]/).map(part => part.trim())
  if (years.every(year => /^\d{4}$/.test(year)) && new Set(years).size === years.length) return years.sort()
  throw new InvalidArgumentError('It must be years such as 2023,2024,2025.')
}
