import { join } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import { checkOutputs, writeText } from '../files/index.ts'
import type { Lang } from '../messages/index.ts'
import {
  countText,
  type Grid,
  moneyText,
  numberColumn,
  percentText,
  type Section,
  textColumn,
} from '../report/index.ts'
import {
  assumptionsOf,
  breakdown,
  CAUSES,
  compare,
  type Difference,
  layersOf,
  readScenario,
  runScenario,
  type Scenario,
  type ScenarioComparison,
  type Settlement,
  withAssumed,
} from '../simulate/index.ts'
import { CAUSE_TEXTS } from './cause-names.ts'
import { type Console, tell } from './console.ts'
import { type Duplicates, duplicatesOption } from './grouped-files.ts'
import { markdown } from './markdown.ts'
import { type SettledRegion, settleFile } from './pipeline.ts'
import {
  answerGrid,
  assumptionsGrid,
  movedBetween,
  sourcesGrid,
  type Trial,
  trialsGrid,
  valuesText,
} from './scenario-answer.ts'
import { differencesGrid, differencesOf } from './scenario-explain.ts'
import { scenarioFiles } from './scenario-files.ts'
import { programVersion } from './version.ts'

/** `dianzhi scenario page`: a page in Chinese and English on what a scenario changes and what comes of it. */
export function pageCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  return new Command('page')
    .description(
      zh
        ? '为情景写一页中英文说明：答案、假设、假设变了会怎样'
        : 'write a page in Chinese and English: the answer, what is assumed, and what if that is wrong',
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
      for (const [i, file] of files.entries()) {
        const scenario = readScenario(file)
        const input = {
          name: nameOf(file),
          scenario,
          settled,
          found: differencesOf(scenario, options.region),
          one: outcomeOf(settled, scenario),
          trials: trialsOf(settled, scenario),
        }
        const footer = `dianzhi ${programVersion()} · ${settled.book.schemeId} · ${settled.policy.id} · \`dianzhi scenario page\``
        const [first, second] = (['zh', 'en'] as const).map(lang =>
          markdown(scenario.title[lang], sectionsOf(input, lang), lang === 'zh' ? '---' : footer),
        )
        writeText(pages[i]!, `${first}\n${second}`)
      }
      tell(console, {
        zh: `已写入 ${pages.length} 页：${options.out}`,
        en: `${pages.length} pages written to ${options.out}`,
      })
    }) as unknown as Command
}

function outcomeOf({ baseline }: SettledRegion, scenario: Scenario): ScenarioComparison {
  return compare(baseline, [runScenario(baseline, scenario)]).scenarios[0]!
}

/** The scenario with each assumed figure at its low and at its high end. */
function trialsOf(settled: SettledRegion, scenario: Scenario): readonly Trial[] {
  return assumptionsOf(scenario).flatMap(assumed =>
    [assumed.low, assumed.high].flatMap((value): Trial[] =>
      value === null ? [] : [{ assumed, value, one: outcomeOf(settled, withAssumed(scenario, assumed, value)) }],
    ),
  )
}

function nameOf(file: string): string {
  return file.replace(/^.*[/\\]/, '').replace(/\.ya?ml$/, '')
}

interface PageInput {
  readonly name: string
  readonly scenario: Scenario
  readonly settled: SettledRegion
  readonly found: readonly Difference[]
  readonly one: ScenarioComparison
  readonly trials: readonly Trial[]
}

function sectionsOf({ name, scenario, settled, found, one, trials }: PageInput, lang: Lang): Section[] {
  const zh = lang === 'zh'
  const before = settled.baseline.settlement
  const assumed = assumptionsOf(scenario)
  const sources = layersOf(scenario).flatMap(layer =>
    layer.reference.map(({ title, href }) => (href === undefined ? title : `[${title}](${href})`)),
  )
  const table = (caption: string, grid: Grid): Section => ({ kind: 'table', caption, grid })
  return [
    { kind: 'paragraph', text: scenario.description?.[lang].trim() ?? '' },
    { kind: 'paragraph', note: true, text: inShort(one, lang) },
    { kind: 'heading', text: zh ? '问与答' : 'Questions and answers' },
    table(zh ? '与现状相比' : 'Against the region as it stands', answerGrid(one, before, settled, lang)),
    { kind: 'heading', text: zh ? '哪些是假设' : 'What is assumed' },
    ...(assumed.length === 0
      ? [
          {
            kind: 'paragraph',
            text: zh ? '情景没有列出假设的数值。' : 'The scenario lists no assumed figures.',
          } as const,
        ]
      : [table(zh ? '情景假设的数值' : 'Figures that the scenario assumes', assumptionsGrid(assumed, lang))]),
    table(zh ? '其余数值从哪里来' : 'Where the other figures come from', sourcesGrid(settled, lang)),
    ...(sources.length === 0
      ? []
      : [{ kind: 'paragraph', text: `${zh ? '依据' : 'Sources'}: ${[...new Set(sources)].join('; ')}` } as const]),
    ...(trials.length === 0
      ? []
      : [
          { kind: 'heading', text: zh ? '假设变了会怎样' : 'If an assumption is wrong' } as const,
          table(zh ? '每次只改一个假设' : 'One assumption at a time', trialsGrid(one, trials, lang)),
        ]),
    { kind: 'heading', text: zh ? '改了什么' : 'What changes' },
    table(zh ? '逐项参数' : 'Parameter by parameter', differencesGrid(found, lang)),
    { kind: 'heading', text: zh ? '医疗机构' : 'Hospitals' },
    table(
      zh
        ? '基金应付与盈亏的变化，及应付总额变化的原因'
        : 'Change of fund due and surplus, and why gross payment changes',
      hospitalGrid(one, lang),
    ),
    table(zh ? '按级别' : 'By level', levelGrid(one, before, lang)),
    { kind: 'heading', text: zh ? '这一页没有说的' : 'What this page does not say' },
    { kind: 'paragraph', text: limits(name, lang) },
  ]
}

/** The answer in two sentences. */
function inShort(one: ScenarioComparison, lang: Lang): string {
  const moved = movedBetween(one)
  const due = one.hospitals.reduce((sum, row) => sum + row.due[0], 0)
  const share = due === 0 ? '–' : percentText((moved / due).toFixed(8), 2)
  return lang === 'zh'
    ? `一句话：点值 ${valuesText(one, 'zh')}。机构之间转移 ${moneyText(moved, lang)}，占基金应付的 ${share}；${one.winners} 家受益，${one.losers} 家受损。`
    : `In short: point value ${valuesText(one, 'en')}. ${moneyText(moved, lang)} moves between hospitals, ${share} of what the fund owes; ${one.winners} gain and ${one.losers} lose.`
}

/** What a reader must not take from the page, and how to ask further. */
function limits(name: string, lang: Lang): string {
  return lang === 'zh'
    ? [
        '* 病例是已发生的病例：医院不会因新规则改变行为。要看反应，用 `dianzhi scenario respond`。',
        '* 这是一年的结果：权重随费用滞后更新、基金多年结余，用 `dianzhi scenario project`。',
        '* 结果有多确定，用 `dianzhi scenario uncertainty`；哪个参数影响最大，用 `dianzhi scenario sweep`。',
        `* 换成本地数据：\`dianzhi scenario page ${name} --region 本地/region.yaml --out 文件夹\`；改假设，复制情景文件后修改。`,
      ].join('\n')
    : [
        '* Cases are those that were treated: hospitals do not change what they do. `dianzhi scenario respond` shows how they might.',
        '* It is one year: weights that follow costs later, and the balance of the fund, are in `dianzhi scenario project`.',
        '* How sure it is, `dianzhi scenario uncertainty` says; which parameter matters most, `dianzhi scenario sweep`.',
        `* With figures of your own: \`dianzhi scenario page ${name} --region YOURS/region.yaml --out FOLDER\`; for other assumptions change a copy of the scenario file.`,
      ].join('\n')
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
