import { constants, crc32, deflateRawSync } from 'node:zlib'
import type { Sink } from '../../files/index.ts'

/** A part of a ZIP file: packed as it comes, held packed until its place in the file is known. */
export interface ZipPart {
  readonly name: string
  write(bytes: Uint8Array): void
  /** Packs what is left; nothing may be written afterwards. */
  end(): PackedPart
}

interface PackedPart {
  readonly name: string
  readonly packed: readonly Uint8Array[]
  readonly packedSize: number
  readonly size: number
  readonly crc: number
}

export function zipPart(name: string): ZipPart {
  const packed: Uint8Array[] = []
  let [packedSize, size, crc] = [0, 0, 0]
  const add = (bytes: Uint8Array, finishFlush: number): void => {
    const piece = deflateRawSync(bytes, { finishFlush })
    packed.push(piece)
    packedSize += piece.length
  }
  return {
    name,
    write(bytes) {
      crc = crc32(bytes, crc)
      size += bytes.length
      // Each piece ends on a byte and refers to nothing before it, so the pieces join to one stream.
      add(bytes, constants.Z_SYNC_FLUSH)
    },
    end() {
      add(new Uint8Array(0), constants.Z_FINISH)
      return { name, packed, packedSize, size, crc }
    },
  }
}

/** A ZIP file may be as long as this without the extension for larger ones. */
const LONGEST = 0xffff_ffff
/** 1980-01-01, the first day that ZIP knows: the same input gives the same bytes. */
const DAY = (1 << 5) | 1
const UTF8_NAMES = 0x0800
const DEFLATE = 8

/** Writes the parts and their directory; throws a `RangeError` where the file would be longer than 4 GiB. */
export function writeZip(sink: Sink, parts: readonly PackedPart[]): void {
  const directory: Buffer[] = []
  let at = 0
  for (const part of parts) {
    const { name, packed, packedSize, size, crc } = part
    if (Math.max(size, at + packedSize) > LONGEST) throw new RangeError(`${name} makes the file longer than 4 GiB`)
    const facts = Buffer.alloc(26)
    facts.writeUInt16LE(20, 0)
    facts.writeUInt16LE(UTF8_NAMES, 2)
    facts.writeUInt16LE(DEFLATE, 4)
    facts.writeUInt16LE(DAY, 8)
    facts.writeUInt32LE(crc, 10)
    facts.writeUInt32LE(packedSize, 14)
    facts.writeUInt32LE(size, 18)
    facts.writeUInt16LE(Buffer.byteLength(name), 22)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(20, 4)
    facts.copy(entry, 6)
    entry.writeUInt32LE(at, 42)
    directory.push(entry, Buffer.from(name))
    for (const bytes of [Buffer.from('PK\u0003\u0004'), facts, Buffer.from(name), ...packed]) {
      sink.write(bytes)
      at += bytes.length
    }
  }
  const list = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(parts.length, 8)
  end.writeUInt16LE(parts.length, 10)
  end.writeUInt32LE(list.length, 12)
  end.writeUInt32LE(at, 16)
  sink.write(list)
  sink.write(end)
}
