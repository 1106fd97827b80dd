import { Command } from '@commander-js/extra-typings'
import { readScenario } from '../simulate/index.ts'
import { type Console, print } from './console.ts'
import { projectCommand } from './project.ts'
import { respondCommand } from './respond.ts'
import { differencesOf, printExplanation } from './scenario-explain.ts'
import { scenarioFile, shippedScenarios } from './scenario-files.ts'
import { pageCommand } from './scenario-page.ts'
import { sweepCommand } from './sweep.ts'
import { uncertaintyCommand } from './uncertainty.ts'

/** `dianzhi scenario`: what scenarios there are and what each changes. */
export function scenarioCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  const command = new Command('scenario')
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
  for (const child of [
    pageCommand(console),
    sweepCommand(console),
    uncertaintyCommand(console),
    respondCommand(console),
    projectCommand(console),
  ]) {
    command.addCommand(child)
  }
  return command as unknown as Command
}
