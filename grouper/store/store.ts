import { closeSync, fstatSync, readSync } from 'node:fs'
import * as zlib from 'node:zlib'
import { Fault } from '../../messages/index.ts'
import { type CaseBatch, MISSING, ROW_COLUMNS } from '../cases/batch.ts'
import { FEE_BUCKETS } from '../cases/columns.ts'
import { openFile, type ReadOptions, type ReadSummary, readCases } from '../cases/reader.ts'
import type { LabelSet } from '../cases/scan.ts'
import { codeTable } from '../codes/keyword.ts'
import { paddingTable } from '../codes/padding.ts'
import type { CodeReading } from '../codes/reading.ts'
import { readByStem } from '../dip/odd-code.ts'
import { openSections, packSections, type Section } from '../drg/sections.ts'
import type { Coded } from '../scheme/types.ts'

/**
 * The case store (.dzc): encoded cases as columns, so that later runs need neither read text nor look codes up.
 *
 * magic "DZC1", version · blocks · trailer (JSON) · length and CRC-32 of the trailer, magic "DZCE"
 *
 * A block is a batch, packed as `sections.ts` does it and loaded straight into shared memory. The trailer names the
 * dictionaries that the code ids count in. A store is bound to their content, not to a scheme: any scheme over the
 * same dictionaries reads it. A scheme that adds local codes numbers all codes anew, has a dictionary hash of its own,
 * and needs a store of its own.
 */
const MAGIC = 0x31435a44 // "DZC1"
const END_MAGIC = 0x45435a44 // "DZCE"
const VERSION = 2
const HEAD_BYTES = 8
const END_BYTES = 12

/** Columns of variable length, with the column of their row starts. */
const LISTS = { dx: 'dxStart', px: 'pxStart', idBytes: 'idStart' } as const
/** `offset` is of no use outside a reader. */
const COLUMNS = ROW_COLUMNS.filter(name => name !== 'offset')

export interface StoreBlock {
  /** Position in the file, bytes there, and bytes unpacked. */
  readonly at: number
  readonly stored: number
  readonly raw: number
  readonly count: number
  /** CRC-32 of the bytes in the file: a changed bit would be another code, or one that no dictionary has. */
  readonly crc: number
}

export interface StoreTrailer {
  readonly compression: 'none' | 'zstd'
  readonly cases: number
  /** Dictionaries by id and content hash. */
  readonly dictionaries: Readonly<Record<'diagnoses' | 'procedures', { readonly id: string; readonly hash: string }>>
  /** Texts of the label columns by number. */
  readonly labels: Readonly<Record<keyof LabelSet, readonly string[]>>
  readonly blocks: readonly StoreBlock[]
  /** Charges that each row has, in this order. */
  readonly fees: readonly string[]
}

export interface EncodeOptions
  extends Pick<ReadOptions, 'encoding' | 'duplicates' | 'open' | 'batchSize' | 'onReject'> {
  /** Default 'none'; 'zstd' is a third of the size and costs time on both ways. */
  readonly compression?: 'none' | 'zstd'
  /** How codes of another system are read, and made those of the scheme; default those of the scheme as they are. */
  readonly codes?: { readonly reading: CodeReading; convert(batch: CaseBatch): void }
  readonly write: (bytes: Uint8Array) => void
}

/**
 * Reads case files and writes them as a case store over the dictionaries of a DRG scheme or a DIP catalogue; under the
 * latter a diagnosis that it lacks is read as its subcategory or category, as in grouping.
 */
export function encodeCases(scheme: Coded, files: readonly string[], options: EncodeOptions): ReadSummary {
  const { write } = options
  const compression = options.compression ?? 'none'
  const pack = compression === 'zstd' ? zstd().zstdCompressSync : (bytes: Uint8Array) => bytes
  write(new Uint8Array(Uint32Array.of(MAGIC, VERSION).buffer))
  const blocks: StoreBlock[] = []
  let at = HEAD_BYTES
  const { write: _, compression: __, codes, ...how } = options
  const reading = codes?.reading
  const isOwn = reading?.dx === undefined && reading?.px === undefined
  const dxTable = reading?.dxTable ?? codeTable(scheme.diagnoses)
  const summary = readCases(files, {
    ...how,
    dxTable,
    // Ids of another system are not the catalogue's.
    ...('lists' in scheme && isOwn
      ? { oddCode: (id: number, isDx: boolean, text: Uint8Array) => readByStem({ dxTable }, id, isDx, text) }
      : {}),
    pxTable: reading?.pxTable ?? codeTable(scheme.procedures),
    pxPadding: reading?.pxPadding ?? paddingTable(scheme.procedures),
    onBatch(batch) {
      codes?.convert(batch)
      const raw = new Uint8Array(encodedColumns(batch)).slice()
      const stored = pack(raw)
      write(stored)
      blocks.push({ at, stored: stored.length, raw: raw.length, count: batch.count, crc: zlib.crc32(stored) })
      at += stored.length
    },
  })
  const { diagnoses, procedures } = scheme
  const trailer: StoreTrailer = {
    compression,
    cases: summary.cases,
    dictionaries: {
      diagnoses: { id: diagnoses.id, hash: diagnoses.hash },
      procedures: { id: procedures.id, hash: procedures.hash },
    },
    labels: {
      hospital: summary.labels.hospital.texts,
      insurance: summary.labels.insurance.texts,
      month: summary.labels.month.texts,
      department: summary.labels.department.texts,
      doctor: summary.labels.doctor.texts,
    },
    blocks,
    fees: FEE_BUCKETS,
  }
  const text = new TextEncoder().encode(JSON.stringify(trailer))
  write(text)
  write(new Uint8Array(Uint32Array.of(text.length, zlib.crc32(text), END_MAGIC).buffer))
  return summary
}

/** A batch's columns, cut to its cases and packed as a block of the store. */
export function encodedColumns(batch: CaseBatch): SharedArrayBuffer {
  const sections: Record<string, Section> = {}
  for (const name of COLUMNS) sections[name] = batch[name].subarray(0, batch.count)
  for (const [list, starts] of Object.entries(LISTS) as [keyof typeof LISTS, (typeof LISTS)[keyof typeof LISTS]][]) {
    sections[starts] = batch[starts].subarray(0, batch.count + 1)
    sections[list] = batch[list].subarray(0, batch[starts][batch.count])
  }
  if (batch.fees.length > 0) sections.fees = batch.fees.subarray(0, batch.count * FEE_BUCKETS.length)
  return packSections(sections)
}

/** Reads the batches of a store one after another; each has memory of its own. */
export function readStore(
  file: string,
  scheme: Coded,
  onBatch: (batch: CaseBatch, trailer: StoreTrailer) => void,
): StoreTrailer {
  const trailer = openStore(file, scheme)
  readBlocks(file, trailer, trailer.blocks, batch => onBatch(batch, trailer), { reuse: false })
  return trailer
}

/** What a store holds; refused where it was encoded with other dictionaries than the scheme's. */
export function openStore(file: string, scheme: Coded): StoreTrailer {
  const descriptor = openFile(file)
  try {
    const trailer = readTrailer(file, descriptor)
    checkDictionaries(file, scheme, trailer)
    return trailer
  } finally {
    closeSync(descriptor)
  }
}

/** Reads some blocks of a store one after another; with `reuse` each into the memory of the one before. */
export function readBlocks(
  file: string,
  { compression, fees }: Pick<StoreTrailer, 'compression' | 'fees'>,
  blocks: readonly StoreBlock[],
  onBatch: (batch: CaseBatch) => void,
  { reuse }: { readonly reuse: boolean },
): void {
  const descriptor = openFile(file)
  const largest = (size: (block: StoreBlock) => number): number =>
    blocks.reduce((most, one) => Math.max(most, size(one)), 0)
  let buffer = new SharedArrayBuffer(reuse ? largest(block => block.raw) : 0)
  const packed = new Uint8Array(compression === 'none' ? 0 : largest(block => block.stored))
  try {
    for (const block of blocks) {
      if (!reuse) buffer = new SharedArrayBuffer(block.raw)
      const bytes = new Uint8Array(buffer, 0, block.raw)
      const stored = compression === 'none' ? bytes : packed.subarray(0, block.stored)
      fill(file, descriptor, stored, block.at)
      if (zlib.crc32(stored) !== block.crc) throw damaged(file)
      if (stored !== bytes) bytes.set(zstd().zstdDecompressSync(stored))
      onBatch(batchOf(openSections(buffer), block.count, fees))
    }
  } finally {
    closeSync(descriptor)
  }
}

function batchOf(sections: Map<string, Section>, count: number, stored: readonly string[]): CaseBatch {
  const none = new Uint32Array(new SharedArrayBuffer(count * 4))
  const ids = new Int32Array(new SharedArrayBuffer(0))
  const fees = feesOf(sections.get('fees'), count, stored)
  const columns = { ...Object.fromEntries(sections), fees, offset: none, ids }
  return { ...(columns as unknown as Omit<CaseBatch, 'count' | 'capacity'>), count, capacity: count }
}

/** The charges of a block in the order of `FEE_BUCKETS`; those that the store does not know are missing. */
function feesOf(section: Section | undefined, count: number, stored: readonly string[]): Float64Array {
  if (!(section instanceof Float64Array)) return new Float64Array(new SharedArrayBuffer(0))
  if (stored.length === FEE_BUCKETS.length && FEE_BUCKETS.every((name, b) => name === stored[b])) return section
  const fees = new Float64Array(new SharedArrayBuffer(count * FEE_BUCKETS.length * 8)).fill(MISSING)
  for (const [b, name] of FEE_BUCKETS.entries()) {
    const at = stored.indexOf(name)
    if (at < 0) continue
    for (let i = 0; i < count; i++) fees[i * FEE_BUCKETS.length + b] = section[i * stored.length + at]!
  }
  return fees
}

function readTrailer(file: string, descriptor: number): StoreTrailer {
  const { size } = fstatSync(descriptor)
  if (size < HEAD_BYTES + END_BYTES) throw damaged(file)
  const words = (position: number, count: number): number[] => {
    const bytes = new Uint8Array(count * 4)
    fill(file, descriptor, bytes, position)
    const view = new DataView(bytes.buffer)
    return Array.from({ length: count }, (_, k) => view.getUint32(k * 4, true))
  }
  const [magic, version] = words(0, 2)
  if (magic !== MAGIC || version !== VERSION) throw damaged(file)
  const [length, crc, end] = words(size - END_BYTES, 3)
  if (end !== END_MAGIC || length! > size - HEAD_BYTES - END_BYTES) throw damaged(file)
  const text = new Uint8Array(length!)
  fill(file, descriptor, text, size - END_BYTES - length!)
  if (zlib.crc32(text) !== crc) throw damaged(file)
  return JSON.parse(new TextDecoder().decode(text)) as StoreTrailer
}

function fill(file: string, descriptor: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    const got = readSync(descriptor, bytes, done, bytes.length - done, position + done)
    if (got === 0) throw damaged(file)
    done += got
  }
}

function checkDictionaries(file: string, scheme: Coded, { dictionaries }: StoreTrailer): void {
  for (const kind of ['diagnoses', 'procedures'] as const) {
    const { id, hash } = scheme[kind]
    const found = dictionaries[kind]
    if (found.hash === hash) continue
    const [theirs, ours] = [`${found.id} (${found.hash.slice(0, 12)})`, `${id} (${hash.slice(0, 12)})`]
    throw new Fault({
      code: 'STO-002',
      at: { file },
      what: {
        zh: `病例库按字典 ${theirs} 编码，方案 ${scheme.manifest.id} 使用 ${ours}。`,
        en: `The store was encoded with the dictionary ${theirs}; scheme ${scheme.manifest.id} uses ${ours}.`,
      },
      fix: {
        zh: `请用 dianzhi encode --scheme ${scheme.manifest.id} 重新生成病例库。`,
        en: `Make it again with dianzhi encode --scheme ${scheme.manifest.id}.`,
      },
    })
  }
}

function damaged(file: string): Fault {
  return new Fault({
    code: 'STO-001',
    at: { file },
    what: {
      zh: '不是完整的病例库文件，或已损坏，或版本不同。',
      en: 'This is no whole case store, a damaged one, or one of another version.',
    },
    fix: { zh: '请用 dianzhi encode 重新生成。', en: 'Make it again with dianzhi encode.' },
  })
}

/** The zstd functions, which came to Node in 22.15. */
function zstd(): Pick<typeof zlib, 'zstdCompressSync' | 'zstdDecompressSync'> {
  if (typeof zlib.zstdCompressSync === 'function') return zlib
  throw new Fault({
    code: 'STO-003',
    what: { zh: '当前 Node 版本没有 zstd。', en: 'This version of Node has no zstd.' },
    fix: { zh: '请使用 Node 22.15 或更新版本，或不压缩。', en: 'Use Node 22.15 or later, or do not compress.' },
  })
}
