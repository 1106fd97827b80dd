import { csvText } from '../files/index.ts'
import { REJECT_TEXTS, type Reject } from '../grouper/index.ts'
import type { Console } from './console.ts'
import { fileSink, type Sink } from './sink.ts'

/** Where rejected rows go. */
export interface Rejects {
  readonly add: (reject: Reject, file: string) => void
  finish(): void
  abort(): void
}

/** A file of rejects, which is only made when there is something to write; none without a name. */
export function rejectsSink(file: string | undefined, console: Console): Rejects {
  let sink: Sink | undefined
  return {
    add(reject, source) {
      if (file === undefined) return
      const { line, reason, field, row } = reject
      const cells = [source, line, reason, field, REJECT_TEXTS[reason][console.lang], row]
      if (sink === undefined) {
        sink = fileSink(file)
        sink.write(csvText(['file', 'line', 'reason', 'field', 'message', 'row'], [cells]))
      } else sink.write(csvText(cells.map(String), []))
    },
    finish: () => sink?.finish(),
    abort: () => sink?.abort(),
  }
}
