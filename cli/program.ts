import { Command, type HelpConfiguration, Option, type OutputConfiguration } from '@commander-js/extra-typings'
import { nearest } from '../messages/index.ts'
import { COMMANDS } from './commands.ts'
import type { Console } from './console.ts'
import { descriptionInChinese, titleInChinese, usageInChinese } from './usage-texts.ts'
import { programVersion } from './version.ts'

/**
 * The command line for the words that were given. Of the commands that they do not name it knows the name and what the
 * overview says, which is enough for help and for a misspelt name.
 */
export async function createProgram(console: Console, words: readonly string[]): Promise<Command> {
  const zh = console.lang === 'zh'
  const meant = await meantBelow(console, words)
  const program = new Command('dianzhi')
    .description(
      zh
        ? '点值：DRG/DIP 分组、权重、点数与区域总额结算'
        : 'dianzhi (点值): DRG/DIP groups, weights, points, and regional budgets settled to the fen',
    )
    .version(programVersion())
    .addOption(langOption(zh))
    .configureOutput(outputOf(console, message => withMeant(message, meant)))
    .configureHelp({ ...helpOf(zh), subcommandTerm: command => command.name() })
    .exitOverride()
    .showHelpAfterError(zh ? '（用 --help 查看用法）' : '(use --help for usage)')
  for (const { name, about, load } of COMMANDS) {
    const called = words.includes(name)
    const command = called ? (await load())(console) : new Command(name)
    program.addCommand(inherit(command.description(about[console.lang]) as unknown as Command, console, words))
  }
  return program as unknown as Command
}

/** Where a first word that is no command is one below another: `project` is `scenario project`. */
async function meantBelow(console: Console, words: readonly string[]): Promise<string[]> {
  const name = words.find((word, i) => !word.startsWith('-') && words[i - 1] !== '--lang')
  if (name === undefined || name === 'help' || COMMANDS.some(command => command.name === name)) return []
  const commands = await Promise.all(COMMANDS.map(async ({ load }) => (await load())(console)))
  return commands
    .filter(command => command.commands.some(child => child.name() === name))
    .map(command => `${command.name()} ${name}`)
}

/** A command of that very name was rather meant than one of a like name. */
function withMeant(message: string, meant: readonly string[]): string {
  if (meant.length === 0 || !message.startsWith('error: unknown command')) return message
  const [line] = message.split('\n')
  return `${line}\n(Did you mean ${meant.length > 1 ? 'one of ' : ''}${meant.join(', ')}?)\n`
}

/** Subcommands take `--lang` too, wherever it stands, and end like the program itself. */
function inherit(command: Command, console: Console, words: readonly string[]): Command {
  command.copyInheritedSettings(
    new Command()
      .exitOverride()
      .configureOutput(outputOf(console, message => misspelt(command, message, words)))
      .configureHelp(helpOf(console.lang === 'zh'))
      .showHelpAfterError(console.lang === 'zh' ? '（用 --help 查看用法）' : '(use --help for usage)'),
  )
  if (command.commands.length === 0) command.addOption(langOption(console.lang === 'zh'))
  for (const child of command.commands) inherit(child as unknown as Command, console, words)
  return command
}

/** A required option may be missing because it is misspelt, which the library does not say: the unknown one goes before. */
function misspelt(command: Command, message: string, words: readonly string[]): string {
  if (!message.startsWith('error: required option')) return message
  const known = new Set(['--help', ...command.options.flatMap(option => option.long ?? [])])
  const strange = words.map(word => word.split('=')[0]!).filter(word => /^--\w/.test(word) && !known.has(word))
  const lines = strange.map(word => {
    const guess = nearest(word, known)
    return `error: unknown option '${word}'\n${guess === undefined ? '' : `(Did you mean ${guess}?)\n`}`
  })
  return `${lines.join('')}${message}`
}

/** Where the library writes, and errors in the user's language. */
function outputOf({ out, err, lang }: Console, more = (message: string): string => message): OutputConfiguration {
  return {
    writeOut: text => out.write(text),
    writeErr: text => err.write(text),
    outputError: (text, write) => write(lang === 'zh' ? usageInChinese(more(text)) : more(text)),
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
