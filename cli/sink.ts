import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { Fault } from '../messages/index.ts'
import type { Console } from './console.ts'

/** A file that is written aside and takes its name only when it is whole. */
export interface Sink {
  write(bytes: Uint8Array | string): void
  /** Puts the file in its place. */
  finish(): void
  /** Leaves no trace. */
  abort(): void
}

/** Opens a file for writing; folders are made. */
export function fileSink(file: string): Sink {
  const aside = `${file}.part`
  let descriptor: number
  try {
    mkdirSync(dirname(file), { recursive: true })
    descriptor = openSync(aside, 'w')
  } catch (error) {
    throw unwritable(file, error)
  }
  let open = true
  const close = (): void => {
    if (open) closeSync(descriptor)
    open = false
  }
  return {
    write(bytes) {
      const data = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
      try {
        for (let at = 0; at < data.length; ) at += writeSync(descriptor, data, at)
      } catch (error) {
        throw unwritable(file, error)
      }
    },
    finish() {
      close()
      renameSync(aside, file)
    },
    abort() {
      close()
      rmSync(aside, { force: true })
    },
  }
}

/** Standard output as a sink. */
export function standardOutput(console: Console): Sink {
  return {
    write: bytes => void console.out.write(typeof bytes === 'string' ? bytes : bytes.slice()),
    finish: () => {},
    abort: () => {},
  }
}

/** Writes a whole text file. */
export function writeText(file: string, text: string): void {
  const sink = fileSink(file)
  sink.write(text)
  sink.finish()
}

function unwritable(file: string, error: unknown): Fault {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  return new Fault({
    code: 'FIL-006',
    at: { file },
    what: { zh: `无法写入文件（${reason}）。`, en: `The file cannot be written (${reason}).` },
    fix: { zh: '请检查路径、权限和剩余空间。', en: 'Check the path, the permissions and the free space.' },
    status: 75,
  })
}
