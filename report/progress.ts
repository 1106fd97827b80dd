import type { Lang } from '../messages/index.ts'
import { fit } from './columns.ts'
import { countText, percentOf } from './number.ts'
import { plainLine, type Terminal } from './terminal.ts'

export interface ProgressStream extends Terminal {
  write(text: string): unknown
}

export interface ProgressOptions {
  readonly stream: ProgressStream
  /** Clock in milliseconds, e.g. `performance.now`. */
  readonly now: () => number
  readonly label: string
  readonly lang: Lang
  /** Units in all; without it only count and rate are shown. */
  readonly total?: number
}

export interface Progress {
  /** Says how many units are done; draws at most ten times a second. */
  update(done: number): void
  /** Draws the last state and ends the line. */
  finish(): void
}

const INTERVAL = 100

/** One line of progress (count, share, rate) on a terminal; silent where the stream is not one. */
export function createProgress(options: ProgressOptions): Progress {
  const { stream, now } = options
  if (stream.isTTY !== true) return { update() {}, finish() {} }
  const began = now()
  let done = 0
  let drawn = Number.NEGATIVE_INFINITY
  let finished = false

  const draw = (time: number): void => {
    drawn = time
    // One column stays free: a line that fills the last one wraps on some terminals.
    stream.write(`\r${fit(progressLine(options, done, time - began), (stream.columns ?? 80) - 1)}\u001b[K`)
  }
  return {
    update(count) {
      done = count
      const time = now()
      if (!finished && time - drawn >= INTERVAL) draw(time)
    },
    finish() {
      if (finished) return
      finished = true
      draw(now())
      stream.write('\n')
    },
  }
}

/** The line itself; `elapsed` in milliseconds. */
export function progressLine(
  options: Pick<ProgressOptions, 'label' | 'lang' | 'total'>,
  done: number,
  elapsed: number,
): string {
  const { label, lang, total } = options
  const parts = [plainLine(label), total === undefined ? countText(done) : `${countText(done)} / ${countText(total)}`]
  if (total !== undefined && total > 0) parts.push(percentOf(done, total, 1))
  if (elapsed > 0) parts.push(`${countText(Math.round((done * 1000) / elapsed))}${lang === 'zh' ? '/秒' : '/s'}`)
  return parts.join('  ')
}
