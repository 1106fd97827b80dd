import { join } from 'node:path'
import { Command, Option } from '@commander-js/extra-typings'
import { checkOutputs, writeText } from '../files/index.ts'
import { type Cell, type TableColumn, writeTable } from '../formats/index.ts'
import type { Lang } from '../messages/index.ts'
import {
  decimalText,
  type Grid,
  moneyText,
  numberColumn,
  percentText,
  terminalOptions,
  terminalTable,
  textColumn,
} from '../report/index.ts'
import {
  convergence,
  draws,
  intervalOf,
  publishedErrors,
  type Replicates,
  readScenario,
  readUncertainty,
  runScenario,
  simulateYears,
  type UncertaintySettings,
  type WeightError,
} from '../simulate/index.ts'
import { bootstrap, readWeightRanges } from '../weights/index.ts'
import { type Console, count, print, tell } from './console.ts'
import { type Duplicates, duplicatesOption } from './grouped-files.ts'
import { type SettledRegion, settleFile } from './pipeline.ts'
import { scenarioFiles } from './scenario-files.ts'
import { withProgress } from './sweep.ts'
import { checkEncoding, outputEncodingOption } from './table-output.ts'
import { insuranceName } from './tables.ts'
import { uncertaintyPage } from './uncertainty-page.ts'
import { programVersion } from './version.ts'
import { whole } from './whole.ts'

/** `dianzhi scenario uncertainty`: how sure point values and settlements are. */
export function uncertaintyCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  return new Command('uncertainty')
    .description(
      zh
        ? '随机模拟：点值和每家机构结算的区间；各情景用同一组随机数'
        : 'draw the year many times: intervals of point values and of every settlement, with common random numbers',
    )
    .requiredOption('--region <file>', zh ? '地区文件（region.yaml）' : 'region file (region.yaml)')
    .option(
      '--scenarios <path>',
      zh ? '情景文件、文件夹或内置情景的名称' : 'scenario file or folder, or the name of a shipped one',
    )
    .option(
      '--settings <file>',
      zh
        ? '不确定性设定（默认 policies/uncertainty-default.yaml）'
        : 'settings (default policies/uncertainty-default.yaml)',
    )
    .option('--replicates <n>', zh ? '模拟次数' : 'number of draws', whole(10, 1e7))
    .option('--seed <n>', zh ? '随机种子' : 'seed', whole(0, Number.MAX_SAFE_INTEGER))
    .requiredOption('--out <folder>', zh ? '写入的文件夹' : 'folder to write')
    .option('--threads <n>', zh ? '线程数（不影响结果）' : 'threads; results do not depend on it', whole(1, 256), 1)
    .option(
      '--run <folder>',
      zh ? '保存中间结果的文件夹，中断后可续算' : 'folder of finished stretches, to go on after an end',
    )
    .addOption(
      new Option('--format <form>', zh ? '表格的格式' : 'format of the tables')
        .choices(['csv', 'parquet'])
        .default('csv'),
    )
    .addOption(outputEncodingOption(zh, { zh: 'utf-8-bom', en: 'utf-8-bom' }))
    .addOption(duplicatesOption(console))
    .action(async options => {
      checkEncoding(options.outputEncoding, options.format)
      const given = readUncertainty(options.settings)
      const settings = {
        ...given,
        replicates: options.replicates ?? given.replicates,
        seed: options.seed ?? given.seed,
      }
      const files = options.scenarios === undefined ? [] : scenarioFiles(options.scenarios)
      const names = ['intervals', 'convergence'].map(name => join(options.out, `${name}.${options.format}`))
      const html = join(options.out, 'uncertainty.html')
      checkOutputs(
        [...names, html],
        [options.region, ...files, ...(options.settings === undefined ? [] : [options.settings])],
      )
      const settled = settleFile(console, options.region, {
        scenarios: files,
        duplicates: options.duplicates as Duplicates,
      })
      const { baseline } = settled
      const intervals = settings.weights ? await weightErrors(console, settled, settings, options.threads) : null
      const outcomes = files.map(file => runScenario(baseline, readScenario(file)))
      const result = await withProgress(console, zh ? '模拟' : 'draws', settings.replicates, options, run =>
        simulateYears(baseline, outcomes, settings, intervals, run),
      )
      const { insurances } = baseline.input.cases
      const form = {
        format: options.format as 'csv' | 'parquet',
        lang: console.lang,
        header: 'key' as const,
        ...(options.outputEncoding === undefined ? {} : { encoding: options.outputEncoding }),
      }
      writeTable(names[0]!, INTERVALS, intervalRows(result), form)
      writeTable(names[1]!, CONVERGENCE, convergenceRows(result, insurances), form)
      print(
        console,
        zh
          ? `${count(settings.replicates)} 次模拟，种子 ${settings.seed}，90% 区间`
          : `${count(settings.replicates)} draws, seed ${settings.seed}, 90 % intervals`,
      )
      print(console, terminalTable(valuesGrid(result, insurances, console.lang), terminalOptions(console.out)))
      print(console, zh ? '收敛（基线）' : 'Convergence (baseline)')
      print(console, terminalTable(convergenceGrid(result, insurances, console.lang), terminalOptions(console.out)))
      print(console, zh ? '各机构基金应付（基线）' : 'Fund due by hospital (baseline)')
      print(console, terminalTable(duesGrid(result, settled, console.lang), terminalOptions(console.out)))
      const { lang } = console
      const text = uncertaintyPage(result, baseline.settlement, insurances, {
        title: `${settled.region.title[lang]} · ${zh ? '结果有多确定' : 'how sure results are'}`,
        subtitle: zh
          ? `${count(settings.replicates)} 次抽样，种子 ${settings.seed}`
          : `${count(settings.replicates)} draws, seed ${settings.seed}`,
        footer: `dianzhi ${programVersion()} · ${settled.book.schemeId} · ${settled.policy.id} · seed ${settings.seed}`,
        lang,
        values: valuesGrid(result, insurances, lang),
        dues: duesGrid(result, settled, lang),
      })
      writeText(html, text)
      tell(console, { zh: `已写入 ${[...names, html].join('、')}`, en: `Written to ${[...names, html].join(', ')}` })
    }) as unknown as Command
}

/** Errors of weights: drawn for a region's own, from their table or the settings for published ones. */
async function weightErrors(
  console: Console,
  { region, scoresOf, weighing, config, baseline }: SettledRegion,
  settings: UncertaintySettings,
  threads: number,
): Promise<readonly (WeightError | null)[]> {
  const { groups, parents } = baseline.input.cases
  if (region.weights === null && scoresOf === null)
    return bootstrap(weighing.statistics, weighing.weights, parents, config, { threads })
  const ranges = region.weights === null ? null : readWeightRanges(region.weights, groups)
  const error = settings.publishedWeights.error.toFixed()
  tell(
    console,
    ranges === null
      ? {
          zh: `权重表没有区间（下限、上限）列，各权重的相对误差取 ${error}（设定中的 publishedWeights.error）`,
          en: `The weight table has no interval (low, high): the relative error of every weight is taken as ${error} (publishedWeights.error)`,
        }
      : {
          zh: `权重误差取自权重表的区间（${ranges.filter(one => one !== null).length} 个病组），其余取 ${error}`,
          en: `Errors of weights are those of the table's intervals (${ranges.filter(one => one !== null).length} groups), ${error} for the others`,
        },
  )
  return publishedErrors(ranges, groups.length, settings)
}

function valuesGrid(result: Replicates, insurances: readonly string[], lang: Lang): Grid {
  const zh = lang === 'zh'
  return {
    columns: [
      textColumn(zh ? '情景' : 'Scenario'),
      textColumn(zh ? '险种' : 'Insurance'),
      ...(zh ? ['5%', '中位', '95%', '均值', '均值标准误'] : ['5 %', 'Median', '95 %', 'Mean', 'Error of mean']).map(
        numberColumn,
      ),
      numberColumn(zh ? '高于基线的概率' : 'Above the baseline'),
    ],
    rows: result.titles.flatMap((title, k) =>
      insurances.map(code => {
        const own = draws(result, k, `pointValue:${code}`)
        const base = draws(result, 0, `pointValue:${code}`)
        const { low, median, high, mean, error } = intervalOf(own)
        const above = own.reduce((n, value, i) => n + (value > base[i]! ? 1 : 0), 0) / own.length
        const four = (value: number): string => (Number.isNaN(value) ? '–' : decimalText(value.toFixed(8), 4))
        return [
          title[lang],
          insuranceName(code, lang),
          ...[low, median, high, mean, error].map(four),
          k === 0 ? '–' : percentText(above.toFixed(6), 1),
        ]
      }),
    ),
  }
}

function convergenceGrid(result: Replicates, insurances: readonly string[], lang: Lang): Grid {
  const zh = lang === 'zh'
  const four = (value: number): string => (Number.isNaN(value) ? '–' : decimalText(value.toFixed(8), 4))
  return {
    columns: [
      textColumn(zh ? '险种' : 'Insurance'),
      ...(zh ? ['模拟次数', '均值', '标准误', '5%', '95%'] : ['Draws', 'Mean', 'Error', '5 %', '95 %']).map(
        numberColumn,
      ),
    ],
    rows: insurances.flatMap(code =>
      convergence(draws(result, 0, `pointValue:${code}`)).map(one => [
        insuranceName(code, lang),
        count(one.count),
        ...[one.mean, one.error, one.low, one.high].map(four),
      ]),
    ),
  }
}

function duesGrid(result: Replicates, { baseline }: SettledRegion, lang: Lang): Grid {
  const zh = lang === 'zh'
  const money = (value: number): string => moneyText(Math.round(value), lang)
  return {
    columns: [
      textColumn(zh ? '编码' : 'Code'),
      textColumn(zh ? '医疗机构' : 'Hospital'),
      ...(zh
        ? ['结算应付', '5%', '中位', '95%', '亏损概率']
        : ['As settled', '5 %', 'Median', '95 %', 'Chance of a loss']
      ).map(numberColumn),
    ],
    rows: baseline.settlement.hospitals.map(({ hospital, due }) => {
      const { low, median, high } = intervalOf(draws(result, 0, `due:${hospital.code}`))
      const surplus = draws(result, 0, `surplus:${hospital.code}`)
      const loss = surplus.reduce((n, value) => n + (value < 0 ? 1 : 0), 0) / surplus.length
      return [hospital.code, hospital.name, ...[due, low, median, high].map(money), percentText(loss.toFixed(6), 1)]
    }),
  }
}

const TEXT = (key: string): TableColumn => ({ key, title: { zh: key, en: key }, kind: 'text' })
const NUMBER = (key: string): TableColumn => ({ key, title: { zh: key, en: key }, kind: 'decimal', digits: 8 })
const INTERVALS: TableColumn[] = [
  TEXT('scenario'),
  TEXT('output'),
  ...['mean', 'error', 'low', 'median', 'high'].map(NUMBER),
]
const CONVERGENCE: TableColumn[] = [
  TEXT('scenario'), TEXT('output'), { key: 'draws', title: { zh: '次数', en: 'Draws' }, kind: 'integer' },
  ...['mean', 'error', 'low', 'median', 'high'].map(NUMBER),
] // biome-ignore format: one list

/** Money in yuan, point values in yuan per point. */
function cells(output: string, values: readonly number[]): Cell[] {
  const unit = output.startsWith('pointValue') ? 1 : 100
  return values.map(value => (Number.isNaN(value) ? null : (value / unit).toFixed(8)))
}

function* intervalRows(result: Replicates): Generator<Cell[]> {
  for (const [k, title] of result.titles.entries()) {
    for (const output of result.outputs) {
      const { mean, error, low, median, high } = intervalOf(draws(result, k, output))
      yield [title.en, output, ...cells(output, [mean, error, low, median, high])]
    }
  }
}

function* convergenceRows(result: Replicates, insurances: readonly string[]): Generator<Cell[]> {
  for (const [k, title] of result.titles.entries()) {
    for (const code of insurances) {
      const output = `pointValue:${code}`
      for (const one of convergence(draws(result, k, output)))
        yield [title.en, output, one.count, ...cells(output, [one.mean, one.error, one.low, one.median, one.high])]
    }
  }
}
