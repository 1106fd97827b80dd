import { CommanderError } from 'commander'
import { Fault, faultText } from '../messages/index.ts'
import { chooseLang } from './console.ts'
import { createProgram } from './program.ts'

const EXIT_USAGE = 64
const EXIT_INTERNAL = 70

/** The language is needed before the command line is read, for the help and for errors in it. */
function askedLang(words: readonly string[]): string | undefined {
  const at = words.findIndex(word => word === '--lang' || word.startsWith('--lang='))
  return at < 0 ? undefined : (words[at]!.split('=')[1] ?? words[at + 1])
}

/** Runs a command line; the exit code says how it ended. */
export async function run(words: readonly string[]): Promise<void> {
  const lang = chooseLang(askedLang(words), process.env)

  // A reader that closes the pipe early (head, less) is no error.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0)
      throw error
    })
  }

  try {
    const program = await createProgram({ out: process.stdout, err: process.stderr, lang }, words)
    await program.parseAsync(words, { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE
    } else if (error instanceof Fault) {
      process.stderr.write(`${faultText(error, lang)}\n`)
      process.exitCode = error.status
    } else {
      const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
      const lead =
        lang === 'zh'
          ? '内部错误，请附上下面的信息报告（其中没有病案内容）：'
          : 'Internal error, please report it with what follows (it holds no case data):'
      process.stderr.write(`${lead}\n${stack}\n`)
      process.exitCode = EXIT_INTERNAL
    }
  }
}
