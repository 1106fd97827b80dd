import { join } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import { checkOutputs, csvText, writeText } from '../files/index.ts'
import type { Lang, Text } from '../messages/index.ts'
import { formatFen } from '../numbers/index.ts'
import {
  countText,
  decimalText,
  type Grid,
  lineChart,
  moneyText,
  numberColumn,
  page,
  type Section,
  terminalOptions,
  terminalTable,
  textColumn,
} from '../report/index.ts'
import { type Projection, project, readProjection, type YearRow } from '../simulate/index.ts'
import { type Console, print, tell } from './console.ts'
import { type Duplicates, duplicatesOption } from './grouped-files.ts'
import { settleFile } from './pipeline.ts'
import { programVersion } from './run-note.ts'
import { insuranceName } from './tables.ts'

const LEVELS: Readonly<Record<YearRow['level'], Text>> = {
  red: { zh: '红色预警', en: 'red' },
  orange: { zh: '橙色预警', en: 'orange' },
  green: { zh: '正常', en: 'green' },
  excess: { zh: '结余偏多', en: 'excess' },
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
    .action(options => {
      const config = readProjection(options.projection)
      const files = ['projection.csv', 'projection.html'].map(name => join(options.out, name))
      checkOutputs(files, [options.region, ...(options.projection === undefined ? [] : [options.projection])])
      const settled = settleFile(console, options.region, { duplicates: options.duplicates as Duplicates })
      const projection = project(settled.baseline.settlement, settled.region.year, config)
      print(console, config.title[console.lang])
      print(console, terminalTable(yearsGrid(projection, console.lang), terminalOptions(console.out)))
      writeText(files[0]!, table(projection))
      const footer = `dianzhi ${programVersion()} · ${settled.book.schemeId} · ${settled.policy.id} · ${config.id}`
      writeText(files[1]!, report(projection, settled.region.title[console.lang], footer, console.lang))
      tell(console, { zh: `已写入 ${files.join('、')}`, en: `Written to ${files.join(', ')}` })
    }) as unknown as Command
}

function yearsGrid({ rows }: Projection, lang: Lang): Grid {
  const zh = lang === 'zh'
  return {
    columns: [
      textColumn(zh ? '年度' : 'Year'),
      textColumn(zh ? '险种' : 'Insurance'),
      ...(zh
        ? ['参保人数', '病例（倍）', '预算', '点值', '基金收入', '基金支出', '结余', '可支付月数']
        : ['Insured', 'Cases (times)', 'Budget', 'Point value', 'Income', 'Spending', 'Balance', 'Months payable']
      ).map(numberColumn),
      textColumn(zh ? '预警' : 'Level'),
    ],
    rows: rows.map(row => [
      String(row.year),
      insuranceName(row.insurance, lang),
      countText(row.insured),
      decimalText(row.cases.toFixed(8), 3),
      moneyText(row.budget, lang),
      row.pointValue === null ? '–' : decimalText(row.pointValue.toFixed(8), 2),
      moneyText(row.income, lang),
      moneyText(row.spending, lang),
      moneyText(row.balance, lang),
      decimalText(row.months.toFixed(8), 1),
      LEVELS[row.level][lang],
    ]),
  }
}

function table({ rows, fans }: Projection): string {
  return csvText(
    ['year', 'insurance', 'insured', 'cases', 'budget', 'pointValue', 'pointValueLow', 'pointValueHigh', 'income', 'spending', 'balance', 'months', 'monthsLow', 'monthsHigh', 'level'],
    rows.map((row, i) => {
      const { pointValue, months } = fans[i]!
      const six = (value: number | undefined): string => value?.toFixed(6) ?? ''
      return [
        row.year, row.insurance, row.insured, six(row.cases), formatFen(row.budget), six(row.pointValue ?? undefined), six(pointValue?.[0]), six(pointValue?.[1]),
        ...[row.income, row.spending, row.balance].map(formatFen), six(row.months), six(months[0]), six(months[1]), row.level,
      ] // biome-ignore format: a row
    }),
  ) // biome-ignore format: header in one line
}

/** Fan charts of point value and months payable for each insurance. */
function report({ rows, fans }: Projection, title: string, footer: string, lang: Lang): string {
  const zh = lang === 'zh'
  const insurances = [...new Set(rows.map(row => row.insurance))]
  const fan = (insurance: string, key: 'pointValue' | 'months', name: string): Section[] => {
    const own = rows
      .map((row, i) => ({ row, band: fans[i]![key] }))
      .filter(({ row, band }) => row.insurance === insurance && band !== null)
    if (own.length === 0) return []
    const caption = `${insuranceName(insurance, lang)} · ${name}`
    return [
      {
        kind: 'figure',
        caption,
        chart: lineChart({
          title: caption,
          description: zh
            ? '实线为预期路径，色带为随机路径的中间 90%。'
            : 'The line is the expected path, the band the middle 90 % of drawn paths.',
          lang,
          x: { label: zh ? '年度' : 'Year', values: own.map(({ row }) => String(row.year)) },
          y: { label: name, decimals: key === 'months' ? 1 : 2 },
          series: [{ name: zh ? '预期' : 'Expected', values: own.map(({ row }) => row[key] ?? undefined) }],
          band: { name: '90 %', low: own.map(({ band }) => band![0]), high: own.map(({ band }) => band![1]) },
        }),
      },
    ]
  }
  return page({
    title: `${title} · ${zh ? '多年预测' : 'projection'}`,
    lang,
    footer,
    sections: [
      {
        kind: 'paragraph',
        note: true,
        text: zh ? '参数为假设；预测不是结算。' : 'Parameters are assumptions; a projection is no settlement.',
      },
      ...insurances.flatMap(code => [
        ...fan(code, 'pointValue', zh ? '点值（元/点）' : 'Point value (yuan per point)'),
        ...fan(code, 'months', zh ? '可支付月数' : 'Months payable'),
      ]),
      { kind: 'table', caption: zh ? '逐年结果' : 'Year by year', grid: yearsGrid({ rows, fans }, lang) },
    ],
  })
}
