import { CommanderError } from 'commander'
import { createProgram } from '../../cli/program.ts'
import { Fault, faultText, type Lang } from '../../messages/index.ts'

export interface Ran {
  readonly out: string
  readonly err: string
  /** Both, in the order in which they came. */
  readonly all: string
  /** Exit status that the command line would give. */
  readonly code: number
}

/** Runs a command line in this process; a text is split at blanks. */
export async function runCli(command: string | readonly string[], lang: Lang = 'en'): Promise<Ran> {
  const texts = { out: '', err: '', all: '' }
  const stream = (name: 'out' | 'err') => ({
    write(part: string | Uint8Array): boolean {
      const text = typeof part === 'string' ? part : new TextDecoder().decode(part)
      texts[name] += text
      texts.all += text
      return true
    },
  })
  try {
    const words = typeof command === 'string' ? command.split(' ') : command
    const program = await createProgram({ out: stream('out'), err: stream('err'), lang }, words)
    await program.parseAsync(words, { from: 'user' })
    return { ...texts, code: 0 }
  } catch (error) {
    if (error instanceof CommanderError) return { ...texts, code: error.exitCode === 0 ? 0 : 64 }
    if (error instanceof Fault) return { ...texts, err: `${texts.err}${faultText(error, lang)}\n`, code: error.status }
    throw error
  }
}
