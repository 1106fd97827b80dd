import { join } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import { checkOutputs, csvText, writeText } from '../files/index.ts'
import type { Lang, Text } from '../messages/index.ts'
import { formatFen, formatPoints } from '../numbers/index.ts'
import {
  countText,
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
  checkProjection,
  type Projection,
  project,
  readProjection,
  readRegion,
  type YearRow,
} from '../simulate/index.ts'
import { type Console, print, tell } from './console.ts'
import { type Duplicates, duplicatesOption } from './grouped-files.ts'
import { settleFile } from './pipeline.ts'
import { projectionPage } from './project-page.ts'
import { outputEncodingOption } from './table-output.ts'
import { insuranceName } from './tables.ts'
import { programVersion } from './version.ts'

const LEVELS: Readonly<Record<YearRow['level'], Text>> = {
  red: { zh: '红色', en: 'red' },
  orange: { zh: '橙色', en: 'orange' },
  green: { zh: '正常', en: 'green' },
  excess: { zh: '偏多', en: 'excess' },
}

/** `dianzhi scenario project`: a settled region over the years, with the fund's income, spending, balance and warnings. */
export function projectCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  return new Command('project')
    .description(
      zh
        ? '多年预测：人口、点值、基金收支、可支付月数和预警'
        : 'project over years: population, point value, fund, months payable, warnings',
    )
    .requiredOption('--region <file>', zh ? '地区文件（region.yaml）' : 'region file (region.yaml)')
    .option(
      '--projection <file>',
      zh
        ? '预测参数（默认 policies/projection-default.yaml）'
        : 'parameters (default policies/projection-default.yaml)',
    )
    .requiredOption('--out <folder>', zh ? '写入的文件夹' : 'folder to write')
    .addOption(duplicatesOption(console))
    .addOption(outputEncodingOption(zh))
    .action(options => {
      const config = readProjection(options.projection)
      const names = ['projection.csv', 'projection-hospitals.csv', 'projection-weights.csv', 'projection.html']
      const files = names.map(name => join(options.out, name))
      const scenarios = config.reforms.map(({ scenario }) => scenario)
      const own = options.projection === undefined ? [] : [options.projection]
      checkOutputs(files, [options.region, ...own, ...scenarios])
      const { year, hospitals, budgets } = readRegion(options.region)
      const labels = {
        hospital: hospitals.map(({ code }) => code),
        level: [...new Set(hospitals.map(({ level }) => level))],
        insurance: budgets.map(({ insurance }) => insurance),
      }
      const reforms = checkProjection(config, { firstYear: year, labels }, options.projection)
      const settled = settleFile(console, options.region, { scenarios, duplicates: options.duplicates as Duplicates })
      const { baseline } = settled
      checkProjection(
        config,
        { firstYear: year, labels: { ...labels, group: baseline.input.cases.groups } },
        options.projection,
      )
      const projection = project(baseline, year, config, reforms)
      print(console, config.title[console.lang])
      print(console, terminalTable(yearsGrid(projection, console.lang), terminalOptions(console.out)))
      writeText(files[0]!, table(projection), options.outputEncoding)
      writeText(files[1]!, hospitalTable(projection), options.outputEncoding)
      writeText(files[2]!, weightTable(projection, settled.nameOf), options.outputEncoding)
      const footer = `dianzhi ${programVersion()} · ${settled.book.schemeId} · ${settled.policy.id} · ${config.id}`
      const html = projectionPage(projection, {
        title: settled.region.title[console.lang],
        footer,
        lang: console.lang,
        grid: yearsGrid(projection, console.lang),
        config,
        reforms: reforms.map(({ from, scenario }) => ({ from, title: scenario.title })),
        settlement: baseline.settlement,
        nameOf: settled.nameOf,
      })
      writeText(files[3]!, html)
      tell(console, { zh: `已写入 ${files.join('、')}`, en: `Written to ${files.join(', ')}` })
    }) as unknown as Command
}

function yearsGrid({ rows, fans }: Projection, lang: Lang): Grid {
  const zh = lang === 'zh'
  return {
    columns: [
      textColumn(zh ? '年度' : 'Year'),
      textColumn(zh ? '险种' : 'Insurance'),
      ...(zh
        ? ['参保人数', '病例（倍）', '次均费用（倍）', '预算', '点值', '基金收入', '基金支出', '结余', '可支付月数']
        : [
            'Insured',
            'Cases (times)',
            'Cost (times)',
            'Budget',
            'Point value',
            'Income',
            'Spending',
            'Balance',
            'Months payable',
          ]
      ).map(numberColumn),
      textColumn(zh ? '预警' : 'Level'),
      numberColumn(zh ? '红色概率' : 'Chance of red'),
    ],
    rows: rows.map((row, i) => [
      String(row.year),
      insuranceName(row.insurance, lang),
      countText(row.insured),
      decimalText(row.cases.toFixed(8), 3),
      decimalText(row.cost.toFixed(8), 3),
      moneyText(row.budget, lang),
      row.pointValue === null ? '–' : decimalText(row.pointValue.toFixed(8), 2),
      moneyText(row.income, lang),
      moneyText(row.spending, lang),
      moneyText(row.balance, lang),
      decimalText(row.months.toFixed(8), 1),
      LEVELS[row.level][lang],
      percentText(fans[i]!.red.toFixed(6), 1),
    ]),
  }
}

const six = (value: number | undefined): string => value?.toFixed(6) ?? ''

function table({ rows, fans }: Projection): string {
  return csvText(
    ['year', 'insurance', 'insured', 'cases', 'cost', 'budget', 'pointValue', 'pointValueLow', 'pointValueHigh', 'income', 'spending', 'balance', 'months', 'monthsLow', 'monthsHigh', 'level', 'chanceRed'],
    rows.map((row, i) => {
      const { pointValue, months, red } = fans[i]!
      return [
        row.year, row.insurance, row.insured, six(row.cases), six(row.cost), formatFen(row.budget), six(row.pointValue ?? undefined), six(pointValue?.wide[0]), six(pointValue?.wide[1]),
        ...[row.income, row.spending, row.balance].map(formatFen), six(row.months), six(months.wide[0]), six(months.wide[1]), row.level, six(red),
      ] // biome-ignore format: a row
    }),
  ) // biome-ignore format: header in one line
}

/** One row a year and hospital; dues of a year add up to its budget. */
function hospitalTable({ hospitals }: Projection): string {
  return csvText(
    ['year', 'hospital', 'name', 'level', 'cases', 'points', 'cost', 'gross', 'due', 'surplus'],
    hospitals.map(({ year, hospital, cases, points, cost, gross, due, surplus }) => [
      year,
      hospital.code,
      hospital.name,
      hospital.level,
      cases,
      formatPoints(points),
      ...[cost, gross, due, surplus].map(formatFen),
    ]),
  )
}

/** One row a year and group: its weight over that of the start. */
function weightTable({ weights }: Projection, nameOf: (group: string) => string): string {
  return csvText(
    ['year', 'group', 'name', 'index'],
    weights.map(({ year, group, index }) => [year, group, nameOf(group), six(index)]),
  )
}
