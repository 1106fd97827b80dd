import { basename, join } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import { home } from '../files/index.ts'
import { listSchemes, loadScheme, type Scheme } from '../grouper/index.ts'
import { Fault } from '../messages/index.ts'
import { compare, type Outcome, readScenario, runScenario } from '../simulate/index.ts'
import { readRegionParameters, writeRegion } from '../synth/index.ts'
import { type Console, count, tell } from './console.ts'
import { type SettledRegion, settleFile } from './pipeline.ts'
import { printScenarios, printSettlement, writeAll } from './region.ts'
import { scenarioFiles } from './scenario-files.ts'
import { outputEncodingOption } from './table-output.ts'
import { whole } from './whole.ts'

/** `dianzhi demo`: the whole way on data that ships with the program. */
export function demoCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  return new Command('demo')
    .option('--cases <n>', zh ? '病例数' : 'number of cases', whole(1, 1e12), 200_000)
    .option('--hospitals <n>', zh ? '医疗机构数' : 'number of hospitals', whole(1, 999), 40)
    .option('--seed <n>', zh ? '随机种子' : 'seed', whole(0, Number.MAX_SAFE_INTEGER), 2025)
    .option('--scheme <id>', zh ? 'DRG 分组方案' : 'DRG scheme', 'chs-drg-2.0')
    .option('--out <folder>', zh ? '写入的文件夹' : 'folder to write', 'out/demo')
    .addOption(outputEncodingOption(zh))
    .action(options => {
      const began = performance.now()
      const region = join(options.out, 'region')
      const step = (zhText: string, en: string): void => {
        const seconds = ((performance.now() - began) / 1000).toFixed(1)
        tell(console, { zh: `[${seconds} 秒] ${zhText}`, en: `[${seconds} s] ${en}` })
      }
      const scheme = drgScheme(options.scheme)
      step(
        `生成 ${count(options.cases)} 例、${options.hospitals} 家医疗机构`,
        `making ${count(options.cases)} cases of ${options.hospitals} hospitals`,
      )
      writeRegion({
        scheme,
        parameters: readRegionParameters(),
        seed: options.seed,
        cases: options.cases,
        hospitals: options.hospitals,
        folder: region,
        schemeName: options.scheme,
        encoding: options.outputEncoding,
      })
      step('读入、分组、测算权重、结算', 'reading, grouping, weighing, settling')
      const settled = settleFile(console, join(region, 'region.yaml'))
      step('三个情景', 'three scenarios')
      const comparison = compare(
        settled.baseline,
        outcomes(console, settled, scenarioFiles(home('policies', 'scenarios'))),
      )
      step('写入表格和报告', 'writing tables and the report')
      writeAll(console, settled, comparison, { folder: options.out, encoding: options.outputEncoding })
      printSettlement(console, settled)
      printScenarios(console, comparison)
      step(`完成，请打开 ${join(options.out, 'report.html')}`, `done, open ${join(options.out, 'report.html')}`)
    }) as unknown as Command
}

/** The scheme; of an unknown one the fault says which the demo can use. */
function drgScheme(id: string): Scheme {
  try {
    return loadScheme(id)
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'PCK-008') throw error
    const ids = listSchemes()
    throw new Fault({
      code: error.code,
      at: { field: '--scheme' },
      what: error.what,
      fix: {
        zh: `演示用 DRG 方案，内置的有：${ids.join('、')}。`,
        en: `The demo takes a DRG scheme; built-in: ${ids.join(', ')}.`,
      },
      status: 64,
    })
  }
}

/** What the scenarios come to; one is left out that names a hospital which has no case among so few. */
function outcomes(console: Console, { baseline }: SettledRegion, files: readonly string[]): Outcome[] {
  return files.flatMap(file => {
    try {
      return [runScenario(baseline, readScenario(file))]
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'SCN-001') throw error
      const name = basename(file, '.yaml')
      tell(console, {
        zh: `情景 ${name} 没有运行：${error.what.zh}用 --cases 要更多病例即可。`,
        en: `Scenario ${name} was left out. ${error.what.en} With more --cases it runs.`,
      })
      return []
    }
  })
}
