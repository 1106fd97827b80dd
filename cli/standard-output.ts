import type { Sink } from '../files/index.ts'
import type { Console } from './console.ts'

/**
 * Standard output as a sink. What has been written cannot be taken back, so the first text (a header) waits for the
 * second: a run that refuses its input prints nothing.
 */
export function standardOutput(console: Console): Sink {
  let first: string | Uint8Array | undefined
  let isOpen = false
  const put = (bytes: string | Uint8Array): void =>
    void console.out.write(typeof bytes === 'string' ? bytes : bytes.slice())
  const open = (): void => {
    if (isOpen) return
    isOpen = true
    if (first !== undefined) put(first)
  }
  return {
    write(bytes) {
      if (!isOpen && first === undefined) {
        first = typeof bytes === 'string' ? bytes : bytes.slice()
        return
      }
      open()
      put(bytes)
    },
    finish: open,
    abort() {},
  }
}
