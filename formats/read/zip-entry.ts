import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs'
import { crc32, createInflateRaw } from 'node:zlib'

/** A part of a ZIP file. */
export interface ZipEntry {
  readonly file: string
  /** 0 stored, 8 deflated. */
  readonly method: number
  readonly crc: number
  readonly packed: number
  readonly size: number
  /** Position of its local header. */
  readonly at: number
}

const END = 0x0605_4b50
const CENTRAL = 0x0201_4b50
const END_SIZE = 22
const LONGEST_COMMENT = 0xffff
const LOCAL_SIZE = 30
const CHUNK = 1 << 18

/** The parts of a ZIP file by name; undefined where its directory is not whole, or of the large form. */
export function zipEntries(file: string): ReadonlyMap<string, ZipEntry> | undefined {
  const descriptor = openSync(file, 'r')
  try {
    const { size } = fstatSync(descriptor)
    const tail = Buffer.alloc(Math.min(size, END_SIZE + LONGEST_COMMENT))
    readSync(descriptor, tail, 0, tail.length, size - tail.length)
    let end = tail.length - END_SIZE
    while (end >= 0 && tail.readUInt32LE(end) !== END) end--
    if (end < 0) return undefined
    const [count, length, at] = [tail.readUInt16LE(end + 10), tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)]
    if (count === 0xffff || at + length > size) return undefined
    const directory = Buffer.alloc(length)
    readSync(descriptor, directory, 0, length, at)
    const entries = new Map<string, ZipEntry>()
    for (let i = 0, p = 0; i < count; i++) {
      if (p + 46 > length || directory.readUInt32LE(p) !== CENTRAL) return undefined
      const entry = {
        file,
        method: directory.readUInt16LE(p + 10),
        crc: directory.readUInt32LE(p + 16),
        packed: directory.readUInt32LE(p + 20),
        size: directory.readUInt32LE(p + 24),
        at: directory.readUInt32LE(p + 42),
      }
      const isEncrypted = (directory.readUInt16LE(p + 8) & 1) === 1
      const isLarge = entry.packed === 0xffff_ffff || entry.at === 0xffff_ffff
      if (isEncrypted || isLarge || (entry.method !== 0 && entry.method !== 8)) return undefined
      const [name, extra, comment] = [28, 30, 32].map(field => directory.readUInt16LE(p + field)) as [
        number,
        number,
        number,
      ]
      entries.set(directory.toString('utf8', p + 46, p + 46 + name), entry)
      p += 46 + name + extra + comment
    }
    return entries
  } finally {
    closeSync(descriptor)
  }
}

/** The bytes of a part as they are unpacked; fails behind the last of them where its checksum differs. */
export async function* entryBytes({ file, method, crc, packed, at }: ZipEntry): AsyncGenerator<Buffer> {
  const local = Buffer.alloc(LOCAL_SIZE)
  const descriptor = openSync(file, 'r')
  readSync(descriptor, local, 0, LOCAL_SIZE, at)
  closeSync(descriptor)
  const from = at + LOCAL_SIZE + local.readUInt16LE(26) + local.readUInt16LE(28)
  if (packed === 0) return
  const raw = createReadStream(file, { start: from, end: from + packed - 1, highWaterMark: CHUNK })
  const bytes = method === 0 ? raw : raw.pipe(createInflateRaw({ chunkSize: CHUNK }))
  raw.on('error', error => void bytes.destroy(error))
  let sum = 0
  for await (const piece of bytes as AsyncIterable<Buffer>) {
    sum = crc32(piece, sum)
    yield piece
  }
  if (sum !== crc) throw new Error('checksum differs')
}

/** A part as text. */
export async function entryText(entry: ZipEntry): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of entryBytes(entry)) pieces.push(piece)
  return Buffer.concat(pieces).toString('utf8')
}
