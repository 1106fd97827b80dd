import { join } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import { checkOutputs, writeText } from '../files/index.ts'
import type { Lang, Text } from '../messages/index.ts'
import { countText, decimalText, type Grid, moneyText, numberColumn, percentText, textColumn } from '../report/index.ts'
import {
  breakdown,
  CAUSES,
  type Cause,
  compare,
  type Difference,
  layersOf,
  readScenario,
  runScenario,
  type Scenario,
  type ScenarioComparison,
  type Settlement,
} from '../simulate/index.ts'
import { CAUSE_TEXTS } from './cause-names.ts'
import { type Console, tell } from './console.ts'
import { type Duplicates, duplicatesOption } from './grouped-files.ts'
import { settleFile } from './pipeline.ts'
import { programVersion } from './run-note.ts'
import { differencesGrid, differencesOf } from './scenario-explain.ts'
import { scenarioFiles } from './scenario-files.ts'
import { insuranceNames, scenariosGrid } from './tables.ts'

/** `dianzhi scenario page`: a page in Chinese and English on what a scenario changes and what comes of it. */
export function pageCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  return new Command('page')
    .description(
      zh
        ? '为情景写一页中英文说明：改了什么、结果如何'
        : 'write a page in Chinese and English: what a scenario changes and what comes of it',
    )
    .argument(
      '<scenarios>',
      zh ? '情景文件、文件夹或内置情景的名称' : 'scenario file or folder, or the name of a shipped one',
    )
    .requiredOption('--region <file>', zh ? '地区文件（region.yaml）' : 'region file (region.yaml)')
    .requiredOption('--out <folder>', zh ? '写入的文件夹' : 'folder to write')
    .addOption(duplicatesOption(console))
    .action((path, options) => {
      const files = scenarioFiles(path)
      const pages = files.map(file => join(options.out, `${nameOf(file)}.md`))
      checkOutputs(pages, [options.region, ...files])
      const settled = settleFile(console, options.region, {
        scenarios: files,
        duplicates: options.duplicates as Duplicates,
      })
      const { baseline } = settled
      for (const [i, file] of files.entries()) {
        const scenario = readScenario(file)
        const outcome = runScenario(baseline, scenario)
        const comparison = compare(baseline, [outcome])
        const found = differencesOf(scenario, options.region)
        const region = settled.region.title
        const parts = (['zh', 'en'] as const).map(lang =>
          pageText(
            {
              scenario,
              found,
              region,
              one: comparison.scenarios[0]!,
              before: baseline.settlement,
              grid: scenariosGrid(comparison, lang),
            },
            lang,
          ),
        )
        const footer = `dianzhi ${programVersion()} · ${settled.book.schemeId} · ${settled.policy.id} · \`dianzhi scenario page\``
        writeText(pages[i]!, `${parts.join('\n---\n\n')}\n${footer}\n`)
      }
      tell(console, {
        zh: `已写入 ${pages.length} 页：${options.out}`,
        en: `${pages.length} pages written to ${options.out}`,
      })
    }) as unknown as Command
}

function nameOf(file: string): string {
  return file.replace(/^.*[/\\]/, '').replace(/\.ya?ml$/, '')
}

interface PageInput {
  readonly scenario: Scenario
  readonly found: readonly Difference[]
  readonly region: Text
  readonly one: ScenarioComparison
  readonly before: Settlement
  readonly grid: Grid
}

function pageText({ scenario, found, region, one, before, grid }: PageInput, lang: Lang): string {
  const zh = lang === 'zh'
  const sources = layersOf(scenario).flatMap(layer =>
    layer.reference.map(({ title, href }) => (href === undefined ? title : `[${title}](${href})`)),
  )
  return [
    `# ${scenario.title[lang]}`,
    '',
    scenario.description?.[lang].trim() ?? '',
    '',
    ...(sources.length === 0 ? [] : [`${zh ? '依据' : 'Sources'}: ${[...new Set(sources)].join('; ')}`, '']),
    `## ${zh ? '答案' : 'Answer'}`,
    '',
    ...answer(one, before, lang).map(line => `* ${line}`),
    '',
    `## ${zh ? '改了什么' : 'What changes'}`,
    '',
    markdown(differencesGrid(found, lang)),
    `## ${zh ? '点值与受益受损' : 'Point values, winners and losers'}`,
    '',
    markdown(grid),
    `## ${zh ? '医疗机构' : 'Hospitals'}`,
    '',
    markdown(hospitalGrid(one, lang)),
    `## ${zh ? '按级别' : 'By level'}`,
    '',
    markdown(levelGrid(one, before, lang)),
    `${zh ? '地区' : 'Region'}: ${region[lang]}`,
    '',
  ].join('\n')
}

/** What a policy maker asks first: value, who gains and loses, why, what patients and fund bear, whether it is fairer. */
function answer(one: ScenarioComparison, before: Settlement, lang: Lang): string[] {
  const zh = lang === 'zh'
  const { pools, hospitals, settlement, winners, losers, inequality } = one
  const signed = (share: string): string => (share.startsWith('-') ? '' : '+') + percentText(share, 2)
  const values = pools.map(({ insurances, pointValue: [was, is], change }) => {
    const name = insuranceNames(insurances, lang)
    if (was === null || is === null || change === null) return `${name} –`
    return `${name} ${decimalText(was.toFixed(), 4)} → ${decimalText(is.toFixed(), 4)} (${signed(change.toFixed())})`
  })
  const sorted = hospitals.toSorted((a, b) => b.surplus[1] - b.surplus[0] - (a.surplus[1] - a.surplus[0]))
  const named = (row: (typeof sorted)[number]): string =>
    `${row.hospital.name} ${moneyText(row.surplus[1] - row.surplus[0], lang)}`
  const total = (cause: Cause): number => hospitals.reduce((sum, row) => sum + Math.abs(row.causes[cause]), 0)
  const main = CAUSES.toSorted((a, b) => total(b) - total(a))[0]!
  const moved = hospitals.reduce((sum, row) => sum + Math.abs(row.change), 0) / 2
  const sum = (from: Settlement, key: 'due' | 'patient' | 'surplus'): number =>
    from.hospitals.reduce((all, row) => all + row[key], 0)
  const [fund, patient, surplus] = (['due', 'patient', 'surplus'] as const).map(
    key => sum(settlement, key) - sum(before, key),
  )
  const gini = inequality.map(({ gini }) => decimalText(gini.toFixed(8), 4))
  return zh
    ? [
        `点值：${values.join('；')}。`,
        `基金应付：${winners} 家受益、${losers} 家受损（变动超过 0.1%）；机构之间移动 ${moneyText(Math.round(moved), lang)}。`,
        `盈亏变化最大：${named(sorted[0]!)}；最小：${named(sorted.at(-1)!)}。`,
        `主要原因：${CAUSE_TEXTS[main].zh}。`,
        `基金支出变化 ${moneyText(fund!, lang)}，患者支付变化 ${moneyText(patient!, lang)}，机构盈亏合计变化 ${moneyText(surplus!, lang)}。`,
        `支付与费用之比的基尼系数 ${gini[0]} → ${gini[1]}（${Number(gini[1]) < Number(gini[0]) ? '更均衡' : Number(gini[1]) > Number(gini[0]) ? '更不均衡' : '不变'}）。`,
      ]
    : [
        `Point value: ${values.join('; ')}.`,
        `Fund due: ${winners} hospitals win and ${losers} lose (by more than 0.1 %); ${moneyText(Math.round(moved), lang)} moves between hospitals.`,
        `Largest change of surplus: ${named(sorted[0]!)}; smallest: ${named(sorted.at(-1)!)}.`,
        `Main cause: ${CAUSE_TEXTS[main].en}.`,
        `Change of what the fund pays ${moneyText(fund!, lang)}, of what patients pay ${moneyText(patient!, lang)}, of the surplus of all hospitals ${moneyText(surplus!, lang)}.`,
        `Gini of payment to cost ${gini[0]} → ${gini[1]} (${Number(gini[1]) < Number(gini[0]) ? 'more even' : Number(gini[1]) > Number(gini[0]) ? 'less even' : 'the same'}).`,
      ]
}

function hospitalGrid({ hospitals }: ScenarioComparison, lang: Lang): Grid {
  const zh = lang === 'zh'
  return {
    columns: [
      textColumn(zh ? '编码' : 'Code'),
      textColumn(zh ? '医疗机构' : 'Hospital'),
      numberColumn(zh ? '基金应付变化' : 'Change of fund due'),
      numberColumn('%'),
      numberColumn(zh ? '盈亏变化' : 'Change of surplus'),
      ...CAUSES.map(cause => numberColumn(CAUSE_TEXTS[cause][lang])),
    ],
    rows: hospitals.map(row => [
      row.hospital.code,
      row.hospital.name,
      moneyText(row.change, lang),
      row.share === null ? '–' : percentText(row.share.toFixed()),
      moneyText(row.surplus[1] - row.surplus[0], lang),
      ...CAUSES.map(cause => moneyText(row.causes[cause], lang)),
    ]),
  }
}

function levelGrid({ settlement }: ScenarioComparison, before: Settlement, lang: Lang): Grid {
  const zh = lang === 'zh'
  return {
    columns: [
      textColumn(zh ? '级别' : 'Level'),
      ...(zh
        ? ['病例数', '变化', '应付总额变化', '患者支付变化', '盈亏变化']
        : ['Cases', 'Change', 'Gross payment', 'Patients pay', 'Surplus']
      ).map(numberColumn),
    ],
    rows: breakdown(before, settlement, 'level').map(({ part, before: was, after: is }) => [
      part,
      countText(is.cases),
      countText(is.cases - was.cases),
      moneyText(is.gross - was.gross, lang),
      moneyText(is.patient - was.patient, lang),
      moneyText(is.surplus - was.surplus, lang),
    ]),
  }
}

/** A grid as a Markdown table. */
function markdown({ columns, rows }: Grid): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
  const rule = columns.map(column => (column.align === 'right' ? '--:' : '---'))
  return [line(columns.map(column => column.title)), line(rule), ...rows.map(line), ''].join('\n')
}
