import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { MUTATED_HEADER, mutatedRow } from '../../../bench/mutate.ts'
import {
  type CaseBatch,
  codeReading,
  compileBook,
  createResultWriter,
  encodeCases,
  type GroupColumns,
  groupCases,
  groupStores,
  loadScheme,
  readStore,
  resultBytes,
  type Scheme,
} from '../../../grouper/index.ts'
import { put, temporaryFolder } from '../../temporary.ts'

const folder = temporaryFolder()
const scheme = loadScheme('chs-drg-2.0')
const book = compileBook(scheme)
const rows = Array.from({ length: 3_000 }, (_, i) => mutatedRow(5, i, false))
const csv = put(folder, 'cases.csv', Buffer.concat([Buffer.from(`${MUTATED_HEADER}\n`), ...rows]))

function encode(name: string, compression: 'none' | 'zstd', of: Scheme = scheme): string {
  const file = join(folder, name)
  const parts: Uint8Array[] = []
  encodeCases(of, [csv], { compression, batchSize: 700, write: bytes => parts.push(bytes.slice()) })
  writeFileSync(file, Buffer.concat(parts))
  return file
}

function collector(): { onBatch: (batch: CaseBatch, groups: GroupColumns) => void; text: () => string } {
  const writer = createResultWriter(book)
  const parts: string[] = []
  return {
    onBatch: (batch, groups) =>
      parts.push(new TextDecoder('latin1').decode(resultBytes(writer, batch, groups).slice())),
    text: () => parts.join(''),
  }
}

describe('case store', () => {
  it.each(['none', 'zstd'] as const)('groups as the text does (compression %s)', async compression => {
    const fromText = collector()
    const read = await groupCases(book, [csv], {
      ...fromText,
      codes: { reading: codeReading(scheme, '', book), convert() {} },
    })
    const fromStore = collector()
    const counts = groupStores({ scheme, book }, [encode(`${compression}.dzc`, compression)], fromStore.onBatch)
    expect(fromStore.text()).toBe(fromText.text())
    const { cases, unknownDx, unknownPx, repaired, padded } = read
    expect(counts).toEqual({ rows: cases, rejected: 0, cases, unknownDx, unknownPx, repaired, padded })
  })

  it('keeps amounts, lines and labels', () => {
    const file = encode('labels.dzc', 'none')
    const lines: number[] = []
    let cost = 0
    const trailer = readStore(file, scheme, batch => {
      for (let i = 0; i < batch.count; i++) {
        lines.push(batch.line[i]!)
        cost += Math.max(batch.cost[i]!, 0)
      }
    })
    expect(trailer.labels.department).toContain('04M')
    expect(lines.length).toBe(trailer.cases)
    expect(lines).toEqual([...lines].sort((a, b) => a - b))
    expect(cost).toBeGreaterThan(0)
  })

  it('is refused by a scheme over another dictionary, such as one with local codes', () => {
    const { hash } = scheme.diagnoses
    const local: Scheme = { ...scheme, diagnoses: { ...scheme.diagnoses, hash: hash.replace(/^.{4}/, 'beef') } }
    const dictionary = `${scheme.diagnoses.id} (${hash.slice(0, 12)})`
    expect(() => readStore(encode('other.dzc', 'none'), local, () => {})).toThrow(
      `The store was encoded with the dictionary ${dictionary}; scheme chs-drg-2.0 uses ${scheme.diagnoses.id} (beef`,
    )
  })

  it.each(['none', 'zstd'] as const)('is refused when a bit of it is another one (compression %s)', compression => {
    const whole = readFileSync(encode('bits.dzc', compression))
    const positions = Array.from({ length: 200 }, (_, k) => Math.floor((k * whole.length) / 200))
    for (const position of [...positions, whole.length - 300, whole.length - 12, whole.length - 5, whole.length - 1]) {
      const other = Buffer.from(whole)
      other[position]! ^= 1 << (position % 8)
      const file = put(folder, 'bit.dzc', other)
      expect(() => readStore(file, scheme, () => {})).toThrow(/^STO-001 /)
    }
  })

  it('is refused when it is cut off, of another version, or no store at all', () => {
    const whole = readFileSync(encode('whole.dzc', 'none'))
    const other = Buffer.from(whole)
    other[4] = 9
    for (const bytes of [whole.subarray(0, -1), whole.subarray(0, 9), other, Buffer.alloc(100), Buffer.alloc(0)]) {
      const file = put(folder, 'damaged.dzc', bytes)
      expect(() => readStore(file, scheme, () => {})).toThrow(/^STO-001 .*Make it again with dianzhi encode\.$/)
    }
  })
})
