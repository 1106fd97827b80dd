import type { Sink } from '../files/index.ts'
import type { Console } from './console.ts'

/** Standard output as a sink; what has been written cannot be taken back. */
export function standardOutput(console: Console): Sink {
  return {
    write: bytes => void console.out.write(typeof bytes === 'string' ? bytes : bytes.slice()),
    finish: () => {},
    abort: () => {},
  }
}
