import { closeSync, fstatSync, statSync } from 'node:fs'
import { fillHead, HEAD, openFile } from '../cases/reader.ts'
import { type CaseTable, type Encoding, openTable } from '../cases/table.ts'
import { TextBuffer } from '../cases/text-buffer.ts'
import type { Range } from './chunk.ts'

const LEAST_CHUNK = 1 << 20
/** Of all threads together. */
const MOST_CHUNKS = 6 << 20
/** Fewer than most rows have, so that the batch of a chunk has room for nearly all of them. */
const ROW_BYTES = 128
const LEAST_BATCH = 256
/** A smaller file is read before threads are there. */
const LEAST_FILE = 8 << 20

/** Whether some file is so large that threads are of use. */
export function worthThreads(files: readonly string[]): boolean {
  return files.some(file => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) >= LEAST_FILE)
}

/** A file cut into ranges of bytes. */
export interface Plan {
  readonly file: string
  readonly table: CaseTable
  readonly chunks: readonly Range[]
  /** Cases in a batch of a thread. */
  readonly batchSize: number
}

/** Cuts a file behind its header; undefined where one thread is to read it. */
export function planChunks(
  file: string,
  encoding: Encoding,
  threads: number,
  given: number | undefined,
): Plan | undefined {
  const descriptor = openFile(file)
  try {
    const { size } = fstatSync(descriptor)
    const most = Math.floor(MOST_CHUNKS / threads)
    const chunkSize = given ?? Math.max(LEAST_CHUNK, Math.min(Math.ceil(size / (threads * 4)), most))
    if (size < (given === undefined ? LEAST_FILE : given * 2)) return undefined
    const text = new TextBuffer()
    fillHead(descriptor, text, HEAD)
    const begin = text.bytes.indexOf(10) + 1
    const table = openTable(file, text, { encoding, labels: 'none' })
    if (table.encoding !== 'utf-8' || begin === 0) return undefined
    const chunks: Range[] = []
    for (let from = begin; from < size; from += chunkSize) chunks.push({ from, to: Math.min(from + chunkSize, size) })
    return { file, table, chunks, batchSize: Math.max(LEAST_BATCH, Math.ceil(chunkSize / ROW_BYTES)) }
  } finally {
    closeSync(descriptor)
  }
}
