import type { Writable } from 'node:stream'
import { type Lang, langOfLocale, type Text } from '../messages/index.ts'

/** What a command needs of a stream; a terminal also has a width. */
export interface Stream extends Pick<Writable, 'write'> {
  readonly isTTY?: boolean
  readonly columns?: number
}

/** Where a command writes: results to `out`, progress and messages to `err`. */
export interface Console {
  readonly out: Stream
  readonly err: Stream
  readonly lang: Lang
}

/** The language asked for, else that of the locale. */
export function chooseLang(asked: string | undefined, environment: NodeJS.ProcessEnv): Lang {
  if (asked === 'zh' || asked === 'en') return asked
  return langOfLocale(environment.LC_ALL || environment.LC_MESSAGES || environment.LANG)
}

/** One line for the user on stderr. */
export function tell(console: Console, text: Text): void {
  console.err.write(`${text[console.lang]}\n`)
}

/** One line of a result on stdout. */
export function print(console: Console, line: string): void {
  console.out.write(`${line}\n`)
}

/** A count with thousands marks, the same in both languages. */
export function count(n: number): string {
  return n.toLocaleString('en-US')
}
