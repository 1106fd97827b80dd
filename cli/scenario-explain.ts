import type { Lang } from '../messages/index.ts'
import { type Grid, numberColumn, terminalOptions, terminalTable, textColumn } from '../report/index.ts'
import {
  type Difference,
  explainScenario,
  layersOf,
  loadPolicy,
  parametersOf,
  readProvenance,
  readRegion,
  type Scenario,
} from '../simulate/index.ts'
import { type Console, print } from './console.ts'
import { scenarioTerms } from './pipeline.ts'

/** What a scenario changes in a region; no case is read. */
export function differencesOf(scenario: Scenario, regionFile: string): readonly Difference[] {
  const region = readRegion(regionFile)
  const policy = loadPolicy(region.policy)
  const { budgets, hospitals, months } = scenarioTerms(region, policy)
  const parameters = parametersOf({ policy: policy.document, budgets, hospitals })
  return explainScenario(parameters, scenario, months, readProvenance(region.policy))
}

/** Prints head and changes of a scenario. */
export function printExplanation(console: Console, scenario: Scenario, found: readonly Difference[]): void {
  const zh = console.lang === 'zh'
  print(console, scenario.title[console.lang])
  if (scenario.description !== null) print(console, scenario.description[console.lang].trim())
  const facts = [
    [zh ? '作者' : 'author', scenario.author],
    [zh ? '日期' : 'date', scenario.date],
    [zh ? '基线' : 'baseline', scenario.baseline],
    [zh ? '叠加于' : 'stacked upon', scenario.stack.map(one => one.title[console.lang]).join(zh ? '、' : ', ') || null],
  ] as const
  for (const [name, value] of facts) if (value !== null) print(console, `${name}  ${value}`)
  for (const { title, href } of layersOf(scenario).flatMap(layer => layer.reference)) {
    print(console, `${zh ? '依据' : 'source'}  ${title}${href === undefined ? '' : `  ${href}`}`)
  }
  if (found.length === 0) print(console, zh ? '没有改动任何参数。' : 'It changes no parameter.')
  else print(console, terminalTable(differencesGrid(found, console.lang), terminalOptions(console.out)))
}

/** One row a parameter: where, what, before, after, when, origin of the old value. */
export function differencesGrid(found: readonly Difference[], lang: Lang): Grid {
  const zh = lang === 'zh'
  return {
    columns: [
      textColumn(zh ? '参数' : 'Parameter'),
      textColumn(zh ? '含义' : 'Meaning'),
      numberColumn(zh ? '基线' : 'Before'),
      numberColumn(zh ? '情景' : 'After'),
      textColumn(zh ? '单位' : 'Unit'),
      textColumn(zh ? '月份' : 'Months'),
      textColumn(zh ? '基线的依据' : 'Origin of the old value'),
    ],
    rows: found.map(({ path, label, before, after, unit, months, origin }) => [
      path,
      label[lang],
      before,
      after,
      unit[lang],
      months === null ? (zh ? '全年' : 'all') : months.join(' – '),
      origin === null ? '–' : [origin.confidence, origin.source].filter(part => part !== null).join(' '),
    ]),
  }
}
