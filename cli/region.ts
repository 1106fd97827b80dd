import { join } from 'node:path'
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings'
import { type TextEncoding, writeText } from '../files/index.ts'
import { loadTemplate, TABLE_FORMATS, type TableFormat } from '../formats/index.ts'
import { Fault, type Text } from '../messages/index.ts'
import { Decimal, parseDecimal } from '../numbers/index.ts'
import { type Grid, terminalOptions, terminalTable } from '../report/index.ts'
import { type CompareOptions, type Comparison, compareScenarios, fundAccount, readScenario } from '../simulate/index.ts'
import { writeWeighing } from '../weights/index.ts'
import { mapOption } from './case-input.ts'
import { type Console, count, print, tell } from './console.ts'
import { writeCuts } from './cut-tables.ts'
import { type Duplicates, duplicatesOption, unpayableText, writeLeftOut } from './grouped-files.ts'
import { writeBudget, writeClearing, writeSettlement } from './ledgers.ts'
import { outputsIn, removeStale } from './outputs.ts'
import { auxiliaryOption, policyOption, schemeOption, weightsOption } from './overrides.ts'
import { type SettledRegion, settleFile } from './pipeline.ts'
import { regionInputs } from './region-checks.ts'
import { regionReport } from './report.ts'
import { writeRunNote } from './run-note.ts'
import { scenarioFiles } from './scenario-files.ts'
import { writeComparison } from './scenario-tables.ts'
import { writeComparisonWorkbook } from './scenario-workbook.ts'
import { allSheets, checkHospital, writeSettledSheets } from './settled-sheets.ts'
import { writeSettlementSheets } from './settlement-sheets.ts'
import {
  checkExplain,
  checkNeeds,
  explainCases,
  explainJsonOption,
  explainOption,
  explainPageOption,
} from './statement-option.ts'
import { settledStatements } from './statement-sources.ts'
import { checkEncoding, outputEncodingOption, TEMPLATE_ENCODING } from './table-output.ts'
import { changesGrid, gridInUnit, hospitalsGrid, poolsGrid, scenariosGrid } from './tables.ts'
import { whole } from './whole.ts'

/** `dianzhi settle`: from the region file to each hospital's payment. */
export function settleCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  return new Command('settle')
    .requiredOption('--region <file>', zh ? '地区文件（region.yaml）' : 'region file (region.yaml)')
    .option('--out <folder>', zh ? '写入的文件夹' : 'folder to write')
    .addOption(schemeOption(zh))
    .addOption(policyOption(zh))
    .addOption(weightsOption(zh))
    .addOption(auxiliaryOption(zh))
    .addOption(mapOption(zh))
    .addOption(duplicatesOption(console))
    .option(
      '--sheets <template>',
      zh
        ? '另为每家医疗机构写一份按列模板的病例结算表（如 settlement-return）'
        : 'also a settlement sheet of the cases of every hospital in a column template, such as settlement-return',
    )
    .addOption(
      new Option('--format <format>', zh ? '结算表的格式' : 'format of the settlement sheets')
        .choices(TABLE_FORMATS)
        .default('xlsx'),
    )
    .addOption(outputEncodingOption(zh, TEMPLATE_ENCODING))
    .option('--hospital <code>', zh ? '只写这家医疗机构的结算表' : 'settlement sheet of this hospital only')
    .addOption(explainOption(zh))
    .addOption(explainJsonOption(zh))
    .addOption(explainPageOption(zh))
    .action(async options => {
      const { explain, json = false, page, map, scheme, policy, weights, auxiliary } = options
      const tried = { scheme, policy, weights, auxiliary }
      checkExplain(options)
      if (explain !== undefined) checkEncoding(options.outputEncoding, '--explain')
      checkNeeds('--hospital', options.hospital !== undefined, '--sheets', options.sheets !== undefined)
      if (explain !== undefined) {
        const duplicates = options.duplicates as Duplicates
        const settled = settleFile(console, options.region, { ...tried, duplicates, map, ids: true })
        const inputs = [options.region, ...settled.region.cases]
        explainCases(console, explain, settled, settledStatements(settled), { json, page, inputs })
        return
      }
      if (options.out === undefined) throw noFolder()
      if (options.sheets !== undefined) loadTemplate(options.sheets)
      if (options.hospital !== undefined) checkHospital(options.region, options.hospital)
      const settled = settleFile(console, options.region, {
        ...tried,
        out: options.out,
        duplicates: options.duplicates as Duplicates,
        map,
        ids: options.sheets !== undefined,
      })
      printSettlement(console, settled)
      const { sheets, format, outputEncoding, hospital } = options
      const written =
        sheets === undefined
          ? []
          : await writeSettledSheets(console, settled, {
              folder: options.out,
              template: sheets,
              format: format as TableFormat,
              ...(outputEncoding === undefined ? {} : { encoding: outputEncoding }),
              hospital,
            })
      writeAll(console, settled, undefined, { folder: options.out, sheets: written, encoding: outputEncoding })
    }) as unknown as Command
}

function noFolder(): Fault {
  return new Fault({
    code: 'REG-011',
    at: { field: '--out' },
    what: { zh: '结算还需要 --out。', en: 'A settlement also needs --out.' },
    fix: {
      zh: '请给出写入的文件夹，或用 --explain 只看一个病例。',
      en: 'Name the folder to write, or look at one case with --explain.',
    },
    status: 64,
  })
}

/** `dianzhi simulate`: the same region under scenarios. */
export function simulateCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  return new Command('simulate')
    .requiredOption('--region <file>', zh ? '地区文件（region.yaml）' : 'region file (region.yaml)')
    .requiredOption(
      '--scenarios <path>',
      zh ? '情景文件、文件夹，或内置情景的名称' : 'scenario file or folder, or the name of a shipped scenario',
    )
    .option(
      '--threshold <share>',
      zh ? '基金应付变动超过该比例才算受益或受损' : 'share by which a fund due must change to win or lose',
      shareOption,
      new Decimal('0.001'),
    )
    .requiredOption('--out <folder>', zh ? '写入的文件夹' : 'folder to write')
    .addOption(schemeOption(zh))
    .addOption(policyOption(zh))
    .addOption(weightsOption(zh))
    .addOption(auxiliaryOption(zh))
    .addOption(mapOption(zh))
    .addOption(duplicatesOption(console))
    .option('--threads <n>', zh ? '线程数（不影响结果）' : 'threads; results do not depend on it', whole(1, 256), 1)
    .addOption(outputEncodingOption(zh))
    .action(async options => {
      const files = scenarioFiles(options.scenarios)
      const { scheme, policy, weights, auxiliary } = options
      const settled = settleFile(console, options.region, {
        scheme,
        policy,
        weights,
        auxiliary,
        out: options.out,
        scenarios: files,
        duplicates: options.duplicates as Duplicates,
        map: options.map,
      })
      const comparison = await runAll(settled, files, options)
      printScenarios(console, comparison)
      printChanges(console, comparison)
      writeAll(console, settled, comparison, { folder: options.out, encoding: options.outputEncoding })
    }) as unknown as Command
}

/** Runs scenarios and compares them with the baseline. */
async function runAll(
  { baseline }: SettledRegion,
  files: readonly string[],
  options?: CompareOptions,
): Promise<Comparison> {
  const scenarios = files.map(file => readScenario(file))
  return compareScenarios(baseline, scenarios, options)
}

/** A share such as 0.01 on the command line. */
function shareOption(text: string): Decimal {
  const value = parseDecimal(text)
  if (value?.gte(0) === true && value.lt(1)) return value
  throw new InvalidArgumentError('It must be a share from 0 to 1, such as 0.01.')
}

/** Where the tables of a settlement go, what stands there already, and the encoding of CSV. */
interface Place {
  readonly folder: string
  readonly sheets?: readonly string[]
  readonly encoding: TextEncoding | undefined
}

/** Writes every table and the report. */
export function writeAll(
  console: Console,
  settled: SettledRegion,
  comparison: Comparison | undefined,
  { folder, sheets = [], encoding }: Place,
): void {
  const { baseline, weighing, config, nameOf, region, clearings } = settled
  const published = region.weights === null && settled.scoresOf === null ? undefined : baseline.input.weights
  const cuts = writeCuts(folder, settled, console.lang, encoding)
  const written = [
    ...writeWeighing(folder, weighing, config, nameOf, { used: published, encoding }),
    ...writeBudget(folder, region, baseline.settlement, encoding),
    ...writeSettlement(folder, baseline.settlement, encoding),
    ...writeClearing(folder, clearings, fundAccount(baseline.settlement, clearings), encoding),
    ...writeSettlementSheets(folder, settled, console.lang),
    ...cuts.names,
    ...sheets,
    ...(comparison === undefined
      ? []
      : [
          ...writeComparison(folder, comparison, encoding),
          ...writeComparisonWorkbook(folder, comparison, settled, console.lang),
        ]),
    ...writeLeftOut(console, folder, allLeftOut(settled), encoding),
  ]
  const report = regionReport({
    settled,
    levels: cuts.levels,
    ...(comparison === undefined ? {} : { comparison }),
    lang: console.lang,
  })
  writeText(join(folder, 'report.html'), report)
  const { summary, payable, unpayable, outside, book, earlier } = settled
  writeRunNote(join(folder, 'run.json'), {
    command: comparison === undefined ? 'settle' : 'simulate',
    book,
    inputs: [region.file, ...region.cases, ...region.coefficientCases],
    ids: { region: region.id, policy: settled.policy.id, weights: config.id },
    counts: {
      rows: summary.rows,
      settled: payable.count,
      outsidePool: outside,
      rejected: summary.rejected,
      unpayable: unpayable.length,
      ...(earlier === null
        ? {}
        : {
            earlierRows: earlier.rows,
            earlierCases: earlier.cases,
            earlierRejected: earlier.rejected,
            earlierLeftOut: earlier.unpayable.length,
          }),
    },
  })
  tell(console, {
    zh: `读入 ${count(summary.rows)} 行 = 结算 ${count(payable.count)} 例（其中支付范围外 ${count(outside)} 例）+ 拒收 ${count(summary.rejected)} 行 + 缺结算信息 ${count(unpayable.length)} 例`,
    en: `${count(summary.rows)} rows in = ${count(payable.count)} cases settled (${count(outside)} outside the pool) + ${count(summary.rejected)} rejects + ${count(unpayable.length)} without the facts to pay them`,
  })
  if (unpayable.length > 0) {
    tell(console, {
      zh: `缺结算信息的原因：${unpayableText(unpayable, 'zh')}，逐例见 unpayable.csv`,
      en: `What cannot be paid, and why: ${unpayableText(unpayable, 'en')}; unpayable.csv lists the cases`,
    })
  }
  removeStale(console, folder, [...outputsIn(folder, 'settlement'), ...allSheets(folder, region.hospitals)], {
    written: [...written, 'report.html', 'run.json'],
    inputs: regionInputs(region.file, region),
  })
  tell(console, {
    zh: `已写入 ${folder}：report.html、${written.join('、')}`,
    en: `Written to ${folder}: report.html, ${written.join(', ')}`,
  })
}

/** What was left out of the cases of this year, then of those of earlier years; every row names its file. */
function allLeftOut({ rejects, unpayable, earlier }: SettledRegion): Pick<SettledRegion, 'rejects' | 'unpayable'> {
  if (earlier === null) return { rejects, unpayable }
  return { rejects: [...rejects, ...earlier.rejects], unpayable: [...unpayable, ...earlier.unpayable] }
}

/** Prints tables under their titles. */
function printGrids(console: Console, grids: readonly (readonly [Text, Grid])[]): void {
  const options = terminalOptions(console.out)
  for (const [title, grid] of grids) {
    print(console, title[console.lang])
    print(console, terminalTable(grid, options))
  }
}

/** Budgets and point values, then hospitals. */
export function printSettlement(console: Console, { baseline: { settlement }, policy }: SettledRegion): void {
  printGrids(console, [
    [{ zh: '预算与点值', en: 'Budgets and point values' }, gridInUnit(policy, poolsGrid(settlement, console.lang))],
    [
      { zh: '医疗机构（按盈亏排序）', en: 'Hospitals by surplus' },
      gridInUnit(policy, hospitalsGrid(settlement.hospitals, console.lang)),
    ],
  ])
}

/** Scenarios against the baseline. */
export function printScenarios(console: Console, comparison: Comparison): void {
  printGrids(console, [[{ zh: '情景比较', en: 'Scenarios' }, scenariosGrid(comparison, console.lang)]])
}

/** What each hospital gains or loses. */
function printChanges(console: Console, comparison: Comparison): void {
  printGrids(console, [
    [
      { zh: '各医疗机构基金应付的变化', en: 'Change of the fund due by hospital' },
      changesGrid(comparison, console.lang),
    ],
  ])
}
