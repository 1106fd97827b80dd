import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileSink, makeFolder, writeText } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'

/** Rows of numbers that are computed in stretches, in any order, by any number of threads. */
export interface RowWork {
  readonly rows: number
  /** Numbers in a row. */
  readonly width: number
  /** Rows of one stretch; results do not depend on it. */
  readonly stretch: number
  /** What the rows depend on, as text: a run folder holds the rows of one such text only. */
  readonly identity: string
  /** Rows from `from` up to `to`, side by side. */
  compute(from: number, to: number): Promise<Float64Array> | Float64Array
}

export interface RowOptions {
  /** Folder in which finished stretches are kept, so that an ended run goes on where it was. */
  readonly folder?: string | undefined
  /** Stretches under way at the same time; default 1. */
  readonly atOnce?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((rows: number) => void) | undefined
}

/**
 * Computes all rows. With a folder every finished stretch is written aside and renamed with a hash of its bytes; a run with
 * the same identity takes whole stretches from there and computes the others, so that its result has the same bytes
 * however often it was ended. A folder of another run is refused.
 */
export async function computeRows(work: RowWork, options: RowOptions = {}): Promise<Float64Array> {
  const { rows, width, stretch } = work
  const out = new Float64Array(rows * width)
  const identity = sha256(Buffer.from(`${work.identity}\n${rows} ${width} ${stretch}`))
  if (options.folder !== undefined) openFolder(options.folder, identity)
  let done = 0
  let next = 0
  const one = async (): Promise<void> => {
    while (next < rows) {
      options.signal?.throwIfAborted()
      const from = next
      const to = Math.min(from + stretch, rows)
      next = to
      const file =
        options.folder === undefined ? undefined : join(options.folder, `rows-${String(from).padStart(9, '0')}.bin`)
      const kept = file === undefined ? undefined : readPart(file, identity, (to - from) * width)
      const part = kept ?? (await work.compute(from, to))
      if (part.length !== (to - from) * width) throw new Error(`rows ${from}–${to} have ${part.length} numbers`)
      if (kept === undefined && file !== undefined) writePart(file, identity, part)
      out.set(part, from * width)
      done += to - from
      options.onProgress?.(done)
    }
  }
  await Promise.all(Array.from({ length: Math.max(options.atOnce ?? 1, 1) }, one))
  return out
}

/** A part on disk: hash of identity and bytes, then the bytes. */
function writePart(file: string, identity: string, part: Float64Array): void {
  const bytes = Buffer.from(part.buffer, part.byteOffset, part.byteLength)
  const sink = fileSink(file)
  sink.write(Buffer.from(sha256(Buffer.concat([Buffer.from(identity), bytes])), 'hex'))
  sink.write(bytes)
  sink.finish()
}

/** The rows of a part; undefined where the file is missing, cut short or altered. */
function readPart(file: string, identity: string, length: number): Float64Array | undefined {
  if (!existsSync(file)) return undefined
  const bytes = readFileSync(file)
  if (bytes.length !== 32 + length * 8) return undefined
  const body = bytes.subarray(32)
  if (sha256(Buffer.concat([Buffer.from(identity), body])) !== bytes.subarray(0, 32).toString('hex')) return undefined
  return new Float64Array(Uint8Array.from(body).buffer)
}

function openFolder(folder: string, identity: string): void {
  const file = join(folder, 'run.txt')
  makeFolder(folder)
  if (!existsSync(file)) {
    writeText(file, `${identity}\n`)
    return
  }
  if (readFileSync(file, 'utf8').trim() === identity) return
  throw new Fault({
    code: 'RUN-003',
    at: { file: folder },
    what: {
      zh: '该文件夹保存的是另一次运行的中间结果（数据、政策、情景或设定不同）。',
      en: 'The folder holds the rows of another run: other data, policy, scenarios or settings.',
    },
    fix: { zh: '请换一个文件夹，或删除其中的文件。', en: 'Name another folder, or delete the files in it.' },
    status: 64,
  })
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
