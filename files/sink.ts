import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { Fault } from '../messages/index.ts'
import { unwritable } from './access.ts'
import { encodedSink, type TextEncoding } from './encoded-sink.ts'

/** A file that is written aside and takes its name only when it is whole. */
export interface Sink {
  write(bytes: Uint8Array | string): void
  /** Puts the file in its place. */
  finish(): void
  /** Leaves no trace. */
  abort(): void
}

/** Texts are gathered up to this length: a call of the system for every row would cost more than the row. */
const GATHERED = 1 << 16

/** Whether a path leads to a device or a pipe: what is written there passes on, and nothing can lie beside it. */
export function isStream(path: string): boolean {
  try {
    const there = statSync(path)
    return !there.isFile() && !there.isDirectory()
  } catch {
    return false
  }
}

/**
 * Makes a folder and those above it. Below a folder of the system (such as /proc) `mkdirSync` with `recursive` never
 * returns; made one by one, the first that cannot be is an error.
 */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  makeFolder(dirname(folder))
  try {
    mkdirSync(folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  }
}

/**
 * Opens a file for writing; folders are made. A device or a pipe is written where it stands, and a link stays one. What is
 * written is UTF-8 or no text, and stays as it is unless another encoding is asked for.
 */
export function fileSink(file: string, encoding?: TextEncoding): Sink {
  return encodedSink(plainSink(file), encoding)
}

function plainSink(file: string): Sink {
  let descriptor: number
  let target = file
  let aside = file
  try {
    const there = statSync(file, { throwIfNoEntry: false })
    if (there?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' })
    if (there === undefined) makeFolder(dirname(file))
    if (there === undefined || there.isFile()) {
      target = there === undefined ? file : realpathSync(file)
      aside = `${target}.part`
    }
    descriptor = openSync(aside, 'w')
  } catch (error) {
    throw unwritable(file, error)
  }
  let open = true
  const close = (): void => {
    if (open) closeSync(descriptor)
    open = false
  }
  const put = (data: Uint8Array): void => {
    try {
      for (let at = 0; at < data.length; ) at += writeSync(descriptor, data, at)
    } catch (error) {
      throw unwritable(file, error)
    }
  }
  let gathered = ''
  const putGathered = (): void => {
    if (gathered !== '') put(Buffer.from(gathered))
    gathered = ''
  }
  return {
    write(bytes) {
      if (typeof bytes === 'string') {
        gathered += bytes
        if (gathered.length >= GATHERED) putGathered()
        return
      }
      putGathered()
      put(bytes)
    },
    finish() {
      putGathered()
      close()
      if (aside === target) return
      try {
        renameSync(aside, target)
      } catch (error) {
        rmSync(aside, { force: true })
        throw unwritable(file, error)
      }
    },
    abort() {
      close()
      if (aside !== target) rmSync(aside, { force: true })
    },
  }
}

/** Writes a whole text file, in UTF-8 unless another encoding is asked for. */
export function writeText(file: string, text: string, encoding?: TextEncoding): void {
  writeInto(fileSink(file, encoding), sink => sink.write(text))
}

/** Writes to a sink and finishes it; where that fails nothing of it stays. */
export function writeInto<T>(sink: Sink, write: (sink: Sink) => T): T {
  try {
    const made = write(sink)
    sink.finish()
    return made
  } catch (error) {
    sink.abort()
    throw error
  }
}

/** Writes a file with the bytes of another, block by block: neither has to fit into a text. */
export function copyFile(from: string, to: string): void {
  const descriptor = openSync(from, 'r')
  try {
    writeInto(fileSink(to), sink => {
      const block = new Uint8Array(1 << 20)
      for (let n = readSync(descriptor, block); n > 0; n = readSync(descriptor, block)) sink.write(block.subarray(0, n))
    })
  } finally {
    closeSync(descriptor)
  }
}

/** Refuses outputs that are inputs of the same run, or one another, or cannot be written: before any work is done. */
export function checkOutputs(outputs: readonly string[], inputs: readonly string[]): void {
  const taken = new Set(inputs.map(real))
  for (const file of outputs) {
    const path = real(file)
    if (taken.has(path)) {
      throw new Fault({
        code: 'FIL-007',
        at: { file },
        what: {
          zh: '该文件是本次运行的输入，或已用作另一个输出。',
          en: 'The file is an input of this run, or another of its outputs.',
        },
        fix: { zh: '请换一个输出文件名。', en: 'Name another file for the output.' },
        status: 64,
      })
    }
    refuseUnwritable(file)
    taken.add(path)
  }
}

/** Sees where a file would lie, so that a long run does not fail at its end. */
function refuseUnwritable(file: string): void {
  if (isStream(file)) return
  try {
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' })
    let folder = dirname(resolve(file))
    while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder)
    if (!statSync(folder).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' })
    accessSync(folder, constants.W_OK)
  } catch (error) {
    throw unwritable(file, error)
  }
}

/** Whether two paths lead to one file. */
export function sameFile(one: string, other: string): boolean {
  return real(one) === real(other)
}

/** A path without links; of a file that is not there yet, that of its folder. */
function real(path: string): string {
  const whole = resolve(path)
  if (existsSync(whole)) return realpathSync(whole)
  return dirname(whole) === whole ? whole : join(real(dirname(whole)), basename(whole))
}
