import { Command } from '@commander-js/extra-typings'
import { encodedSink, fileSink, writeInto } from '../files/index.ts'
import {
  checkCatalogue,
  checkReach,
  checkScheme,
  checkWeightOrder,
  compileBook,
  findingText,
  isCatalogue,
  loadCatalogue,
  loadDictionary,
  loadScheme,
  programmedRules,
  type Scheme,
  witnessTable,
} from '../grouper/index.ts'
import { Decimal } from '../numbers/index.ts'
import { readWeightTable } from '../weights/index.ts'
import { type Console, count, print, tell } from './console.ts'
import { checkEnding } from './ending.ts'
import { findCommand } from './find.ts'
import { standardOutput } from './standard-output.ts'
import { outputEncodingOption } from './table-output.ts'

/** The subcommands of `dianzhi scheme` that look into a scheme: check, witness, find. */
export function inspectCommands(console: Console): Command[] {
  return [checkCommand(console), witnessCommand(console), findCommand(console)]
}

function checkCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  return new Command('check')
    .description(
      zh
        ? '检查方案：不可达的组、空集合、字典外编码等'
        : 'check a scheme: unreachable groups, empty sets, foreign codes …',
    )
    .argument('<scheme>', zh ? '方案编号或方案包文件夹' : 'id or pack folder')
    .option(
      '--weights <file>',
      zh ? '该方案的权重表：另查严重程度与权重是否一致' : 'its weights: also check them against severity',
    )
    .option('--json', zh ? '以 JSON 输出，含每个组的病例' : 'print JSON, with a case for every group')
    .action((id, options) => {
      if (isCatalogue(id)) {
        checkDip(console, id, options.json === true)
        return
      }
      const scheme = loadScheme(id)
      const reach = checkReach(scheme)
      const inverted = options.weights === undefined ? [] : checkWeightOrder(scheme, weightsIn(options.weights))
      const findings = [...checkScheme(scheme, dictionariesOf(scheme)), ...reach.findings, ...inverted]
      const leaves = leafCount(scheme)
      const programmed = programmedRules(compileBook(scheme))
      if (options.json) {
        const witnesses = reach.witnesses.map(({ leaf, given }) => ({
          mdc: leaf.mdc.code,
          adrg: leaf.adrg.code,
          drg: leaf.drg.code,
          case: given,
        }))
        print(console, JSON.stringify({ findings, leaves, witnesses, programmed }, null, 2))
      } else for (const finding of findings) print(console, findingText(finding, console.lang))
      tell(console, {
        zh: `共 ${findings.length} 条；${count(leaves)} 个叶子中 ${count(reach.witnesses.length)} 个有病例可到达（用 scheme witness 写出）`,
        en: `${findings.length} findings; cases reach ${count(reach.witnesses.length)} of ${count(leaves)} leaves (scheme witness writes them)`,
      })
      const { adrgs, drgs } = programmed
      const named = [...adrgs, ...drgs].join(' ')
      tell(console, {
        zh: `掩码不能单独判定、需运行小程序的规则（结果相同，稍慢）：ADRG ${adrgs.length} 条，DRG ${drgs.length} 条${named && `：${named}`}`,
        en: `Rules that masks do not decide alone, so that a program is asked (right, but slower): ${adrgs.length} of ADRGs, ${drgs.length} of DRGs${named && `: ${named}`}`,
      })
    }) as unknown as Command
}

function checkDip(console: Console, id: string, json: boolean): void {
  const catalogue = loadCatalogue(id)
  const findings = checkCatalogue(catalogue)
  if (json) print(console, JSON.stringify({ findings, groups: catalogue.groups.length }, null, 2))
  else for (const finding of findings) print(console, findingText(finding, console.lang))
  const unreached = findings.filter(({ severity }) => severity === 'error').length
  tell(console, {
    zh: `共 ${findings.length} 条；${count(catalogue.groups.length)} 个病种中 ${count(unreached)} 个没有病例可到达`,
    en: `${findings.length} findings; no case reaches ${count(unreached)} of ${count(catalogue.groups.length)} groups`,
  })
}

function witnessCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  return new Command('witness')
    .description(zh ? '为每个可到达的组写出一个病例' : 'write a case for every group that can be reached')
    .argument('<scheme>', zh ? '方案编号或方案包文件夹' : 'id or pack folder')
    .option('--out <file>', zh ? '结果文件（默认标准输出）' : 'result file (default: stdout)')
    .addOption(outputEncodingOption(zh))
    .action((id, options) => {
      checkEnding(options.out, ['.csv'])
      const scheme = loadScheme(id)
      const { witnesses } = checkReach(scheme)
      const table = witnessTable(witnesses)
      const out = options.out === undefined ? standardOutput(console) : fileSink(options.out)
      writeInto(encodedSink(out, options.outputEncoding), sink => sink.write(table))
      tell(console, {
        zh: `${count(leafCount(scheme))} 个叶子，${count(witnesses.length)} 个病例`,
        en: `${count(leafCount(scheme))} leaves, ${count(witnesses.length)} cases`,
      })
    }) as unknown as Command
}

/** The published dictionaries, without the codes that the scheme added to them. */
function dictionariesOf({ manifest: { codeSystem } }: Scheme): Parameters<typeof checkScheme>[1] {
  return { diagnosis: loadDictionary(codeSystem.diagnosis), procedure: loadDictionary(codeSystem.procedure) }
}

function weightsIn(file: string): (drg: string) => Decimal | null {
  // The mean cost of a case has no part in the order of weights.
  const { groups, weight } = readWeightTable(file, new Decimal(1))
  const weights = new Map(groups.map((group, i) => [group, weight[i]!]))
  return drg => weights.get(drg) ?? null
}

function leafCount(scheme: Scheme): number {
  return scheme.mdcs.flatMap(mdc => mdc.adrgs.flatMap(adrg => adrg.drgs)).length
}
