import { Command } from '@commander-js/extra-typings'
import { type Grid, numberColumn, terminalOptions, terminalTable, textColumn } from '../report/index.ts'
import {
  type Difference,
  explainScenario,
  layersOf,
  loadPolicy,
  parametersOf,
  readProvenance,
  readRegion,
  readScenario,
  type Scenario,
} from '../simulate/index.ts'
import { type Console, print } from './console.ts'
import { scenarioTerms } from './pipeline.ts'
import { respondCommand } from './respond.ts'
import { scenarioFile, shippedScenarios } from './scenario-files.ts'
import { sweepCommand } from './sweep.ts'
import { uncertaintyCommand } from './uncertainty.ts'

/** `dianzhi scenario`: what scenarios there are and what each changes. */
export function scenarioCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  const command = new Command('scenario').description(
    zh ? '情景：列出、说明改动' : 'scenarios: list them, explain what they change',
  )
  command
    .command('list')
    .description(zh ? '列出随程序提供的情景' : 'list the scenarios that ship with the program')
    .option('--json', zh ? '以 JSON 输出' : 'print JSON')
    .action(options => {
      const shipped = shippedScenarios().map(({ name, file }) => ({ name, ...readScenario(file) }))
      if (options.json) {
        print(
          console,
          JSON.stringify(
            shipped.map(({ name, title, description }) => ({ name, title, description })),
            null,
            2,
          ),
        )
        return
      }
      for (const { name, title } of shipped) print(console, `${name}\t${title[console.lang]}`)
    })
  command
    .command('explain')
    .description(
      zh ? '逐项说明情景改了哪些参数、依据是什么' : 'what a scenario changes, parameter by parameter, and why',
    )
    .argument('<scenario>', zh ? '情景文件，或内置情景的名称' : 'scenario file, or the name of a shipped one')
    .requiredOption('--region <file>', zh ? '地区文件（region.yaml）' : 'region file (region.yaml)')
    .option('--json', zh ? '以 JSON 输出' : 'print JSON')
    .action((name, options) => {
      const scenario = readScenario(scenarioFile(name))
      const found = differencesOf(scenario, options.region)
      if (options.json) print(console, JSON.stringify({ title: scenario.title, differences: found }, null, 2))
      else printExplanation(console, scenario, found)
    })
  for (const child of [sweepCommand(console), uncertaintyCommand(console), respondCommand(console)]) {
    command.addCommand(child)
  }
  return command as unknown as Command
}

/** What a scenario changes in a region; no case is read. */
export function differencesOf(scenario: Scenario, regionFile: string): readonly Difference[] {
  const region = readRegion(regionFile)
  const policy = loadPolicy(region.policy)
  const { budgets, hospitals, months } = scenarioTerms(region, policy)
  const parameters = parametersOf({ policy: policy.document, budgets, hospitals })
  return explainScenario(parameters, scenario, months, readProvenance(region.policy))
}

function printExplanation(console: Console, scenario: Scenario, found: readonly Difference[]): void {
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
  else print(console, terminalTable(differencesGrid(found, console), terminalOptions(console.out)))
}

/** One row a parameter: where, what, before, after, when, origin of the old value. */
function differencesGrid(found: readonly Difference[], { lang }: Console): Grid {
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
