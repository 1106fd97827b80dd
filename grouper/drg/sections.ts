/**
 * One `SharedArrayBuffer` of named, typed sections: magic, version, number of sections, then a table
 * (16-byte name, element type, byte offset, element count), then the data. Threads share it without a copy.
 */
const MAGIC = 0x315a4e44 // "DNZ1"
const VERSION = 3
const NAME = 16
const ENTRY = NAME + 12

export type Section = Uint8Array | Uint16Array | Int32Array | Uint32Array | Int16Array | Float64Array

interface SectionType {
  readonly BYTES_PER_ELEMENT: number
  new (buffer: SharedArrayBuffer, offset: number, length: number): Section
}

const TYPES: readonly SectionType[] = [Uint8Array, Uint16Array, Int32Array, Uint32Array, Int16Array, Float64Array]

function viewOf(type: number, buffer: SharedArrayBuffer, offset: number, length: number): Section | undefined {
  const make = TYPES[type]
  if (make === undefined || offset + length * make.BYTES_PER_ELEMENT > buffer.byteLength) return undefined
  return new make(buffer, offset, length)
}

/** Packs sections into one shared buffer; each begins on a 64-byte boundary. */
export function packSections(sections: Readonly<Record<string, Section>>): SharedArrayBuffer {
  const entries = Object.entries(sections)
  let size = align(12 + entries.length * ENTRY)
  for (const [, section] of entries) size += align(section.byteLength)
  const buffer = new SharedArrayBuffer(size)
  const head = new DataView(buffer)
  head.setUint32(0, MAGIC, true)
  head.setUint32(4, VERSION, true)
  head.setUint32(8, entries.length, true)
  let offset = align(12 + entries.length * ENTRY)
  entries.forEach(([name, section], i) => {
    const at = 12 + i * ENTRY
    if (name.length > NAME) throw new RangeError(`section name longer than ${NAME}: ${name}`)
    for (let c = 0; c < name.length; c++) head.setUint8(at + c, name.charCodeAt(c))
    const type = TYPES.findIndex(make => section instanceof make)
    head.setUint32(at + NAME, type, true)
    head.setUint32(at + NAME + 4, offset, true)
    head.setUint32(at + NAME + 8, section.length, true)
    const bytes = new Uint8Array(section.buffer, section.byteOffset, section.byteLength)
    new Uint8Array(buffer, offset, section.byteLength).set(bytes)
    offset += align(section.byteLength)
  })
  return buffer
}

/** Views on the sections of a buffer that `packSections` made; each way of not being one has its own sentence. */
export function openSections(buffer: SharedArrayBuffer): Map<string, Section> {
  if (buffer.byteLength < 12) throw new RangeError('rule book: shorter than its header')
  const head = new DataView(buffer)
  if (head.getUint32(0, true) !== MAGIC) throw new RangeError('rule book: the data does not begin with DNZ1')
  const version = head.getUint32(4, true)
  if (version !== VERSION) throw new RangeError(`rule book: found version ${version}, this program reads ${VERSION}`)
  const sections = new Map<string, Section>()
  const count = head.getUint32(8, true)
  for (let i = 0; i < count; i++) {
    const at = 12 + i * ENTRY
    let name = ''
    for (let c = 0; c < NAME; c++) {
      const code = head.getUint8(at + c)
      if (code !== 0) name += String.fromCharCode(code)
    }
    const [type, offset, length] = [NAME, NAME + 4, NAME + 8].map(field => head.getUint32(at + field, true))
    const view = viewOf(type!, buffer, offset!, length!)
    if (view === undefined) throw new RangeError(`rule book: section ${name} lies outside the data`)
    sections.set(name, view)
  }
  return sections
}

/** A section that a book must have, of the type that it must have. */
export function sectionOf<T extends Section>(
  sections: ReadonlyMap<string, Section>,
  name: string,
  type: abstract new (...args: never[]) => T,
): T {
  const found = sections.get(name)
  if (found instanceof type) return found
  throw new RangeError(`rule book: section ${name} is missing`)
}

function align(bytes: number): number {
  return (bytes + 63) & ~63
}
