import { csvRow, fileSink, type TextEncoding } from '../files/index.ts'
import { REJECT_TEXTS, type Reject } from '../grouper/index.ts'
import type { Console } from './console.ts'

/** Where rejected rows go. */
export interface Rejects {
  readonly add: (reject: Reject, file: string) => void
  finish(): void
  abort(): void
}

/** A file of rejects, none without a name. It is always made: an old one must not stay beside new results. */
export function rejectsSink(file: string | undefined, console: Console, encoding: TextEncoding | undefined): Rejects {
  if (file === undefined) return { add() {}, finish() {}, abort() {} }
  const sink = fileSink(file, encoding)
  sink.write(csvRow(['file', 'line', 'reason', 'field', 'message', 'row']))
  return {
    add({ line, reason, field, row }, source) {
      sink.write(csvRow([source, line, reason, field, REJECT_TEXTS[reason][console.lang], row]))
    },
    finish: () => sink.finish(),
    abort: () => sink.abort(),
  }
}
