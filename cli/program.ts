import { Command, type HelpConfiguration, Option, type OutputConfiguration } from '@commander-js/extra-typings'
import { checkCommand } from './check.ts'
import { codesCommand } from './codes.ts'
import { compareCommand } from './compare.ts'
import type { Console } from './console.ts'
import { demoCommand } from './demo.ts'
import { dipCommand } from './dip-build.ts'
import { encodeCommand } from './encode.ts'
import { explainCommand } from './explain.ts'
import { groupCommand } from './group.ts'
import { inspectFileCommand } from './inspect-file.ts'
import { policyCommand } from './policy.ts'
import { previewCommand } from './preview.ts'
import { pseudonymiseCommand } from './pseudonymise.ts'
import { reconcileCommand } from './reconcile.ts'
import { settleCommand, simulateCommand } from './region.ts'
import { programVersion } from './run-note.ts'
import { scenarioCommand } from './scenario.ts'
import { schemeCommand } from './scheme.ts'
import { synthCommand } from './synth.ts'
import { descriptionInChinese, titleInChinese, usageInChinese } from './usage-texts.ts'
import { verifyCommand } from './verify.ts'
import { weightsCommand } from './weights.ts'

/** The whole command line. */
export function createProgram(console: Console): Command {
  const zh = console.lang === 'zh'
  const program = new Command('dianzhi')
    .description(
      zh
        ? '点值：DRG/DIP 分组、权重、点数与区域总额结算'
        : 'dianzhi (点值): DRG/DIP groups, weights, points, and regional budgets settled to the fen',
    )
    .version(programVersion())
    .addOption(langOption(zh))
    .configureOutput(outputOf(console))
    .configureHelp(helpOf(zh))
    .exitOverride()
    .showHelpAfterError(zh ? '（用 --help 查看用法）' : '(use --help for usage)')
  for (const command of [
    demoCommand(console),
    synthCommand(console),
    schemeCommand(console),
    codesCommand(console),
    inspectFileCommand(console),
    pseudonymiseCommand(console),
    encodeCommand(console),
    groupCommand(console),
    checkCommand(console),
    explainCommand(console),
    compareCommand(console),
    weightsCommand(console),
    policyCommand(console),
    dipCommand(console),
    settleCommand(console),
    previewCommand(console),
    reconcileCommand(console),
    simulateCommand(console),
    verifyCommand(console),
    scenarioCommand(console),
  ]) {
    program.addCommand(inherit(command, console))
  }
  return program as unknown as Command
}

/** Subcommands take `--lang` too, wherever it stands, and end like the program itself. */
function inherit(command: Command, console: Console): Command {
  command.copyInheritedSettings(
    new Command()
      .exitOverride()
      .configureOutput(outputOf(console))
      .configureHelp(helpOf(console.lang === 'zh'))
      .showHelpAfterError(console.lang === 'zh' ? '（用 --help 查看用法）' : '(use --help for usage)'),
  )
  if (command.commands.length === 0) command.addOption(langOption(console.lang === 'zh'))
  for (const child of command.commands) inherit(child as unknown as Command, console)
  return command
}

/** Where the library writes, and errors in the user's language. */
function outputOf({ out, err, lang }: Console): OutputConfiguration {
  return {
    writeOut: text => out.write(text),
    writeErr: text => err.write(text),
    outputError: (text, write) => write(lang === 'zh' ? usageInChinese(text) : text),
  }
}

/** Headings and defaults of the help in the user's language. */
function helpOf(zh: boolean): HelpConfiguration {
  if (!zh) return {}
  return { styleTitle: titleInChinese, styleDescriptionText: descriptionInChinese }
}

function langOption(zh: boolean): Option {
  return new Option(
    '--lang <lang>',
    zh ? '语言（默认取自系统区域设置）' : 'language (default from the locale)',
  ).choices(['zh', 'en'])
}
