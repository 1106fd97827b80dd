import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeText, encodedSink, fileSink, readTable, type Sink, seenEncoding, writeText } from '../../files/index.ts'
import { put, temporaryFolder } from '../temporary.ts'

const folder = temporaryFolder()
// Another implementation of GB18030 than the one that writes.
const gb18030 = (bytes: Uint8Array): string =>
  new TextDecoder('gb18030', { fatal: true, ignoreBOM: true }).decode(bytes)
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

function memory(): Sink & { bytes(): Buffer } {
  const parts: Buffer[] = []
  // The bytes are copied: whoever writes may use its buffer again.
  return {
    write: data => void parts.push(Buffer.from(data as Uint8Array)),
    finish() {},
    abort() {},
    bytes: () => Buffer.concat(parts),
  }
}

/** Characters of Unicode without halves of pairs and without private use, for which GB18030 has changed its mind. */
const characters = (): string[] =>
  Array.from({ length: 0x110000 }, (_, code) => code)
    .filter(code => (code < 0xd800 || code > 0xf8ff) && code < 0xf0000)
    .map(code => String.fromCodePoint(code))

describe('a sink in another encoding', () => {
  it('writes every character of Unicode in GB18030, so that another decoder reads it', () => {
    const all = characters()
    const out = memory()
    const sink = encodedSink(out, 'gb18030')
    for (const one of all) sink.write(one)
    sink.finish()
    expect(gb18030(out.bytes()) === all.join('')).toBe(true)
  })

  it('writes what GBK has as GBK has it', () => {
    const out = memory()
    const sink = encodedSink(out, 'gb18030')
    // 中, 镕 and A as code page 936 has them.
    sink.write('中镕A')
    sink.finish()
    expect([...out.bytes()]).toEqual([0xd6, 0xd0, 0xe9, 0x46, 0x41])
  })

  it('takes texts and UTF-8 bytes cut anywhere, in any mixture', () => {
    const text = fc.string({ unit: 'grapheme-composite', maxLength: 40 })
    const parts = fc.array(fc.record({ text, cuts: fc.array(fc.nat(60), { maxLength: 4 }), asText: fc.boolean() }))
    fc.assert(
      fc.property(
        parts,
        fc.constantFrom('gb18030' as const, 'utf-8-bom' as const, 'utf-8' as const),
        (list, encoding) => {
          const out = memory()
          const sink = encodedSink(out, encoding)
          for (const { text, cuts, asText } of list) {
            if (asText) {
              sink.write(text)
              continue
            }
            const bytes = utf8(text)
            const ends = [0, ...cuts.map(cut => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length]
            for (const [i, end] of ends.slice(1).entries()) {
              // The buffer is overwritten after the call, as result rows do.
              const lent = bytes.slice(ends[i], end)
              sink.write(lent)
              lent.fill(0)
            }
          }
          sink.finish()
          const whole = list
            .map(part => part.text)
            .join('')
            .toWellFormed()
          const wanted = encoding === 'utf-8-bom' ? `\ufeff${whole}` : whole
          expect(encoding === 'gb18030' ? gb18030(out.bytes()) : out.bytes().toString()).toBe(wanted)
        },
      ),
    )
  })

  it('is the sink itself where no encoding is asked for', () => {
    const out = memory()
    expect(encodedSink(out, undefined)).toBe(out)
  })

  it('of a file leaves no trace when it is given up, and an empty one with a mark is its mark', () => {
    const file = put(folder, 'kept.csv', 'old')
    const sink = fileSink(file, 'gb18030')
    sink.write('新')
    sink.abort()
    expect(readFileSync(file, 'utf8')).toBe('old')
    writeText(file, '', 'utf-8-bom')
    expect([...readFileSync(file)]).toEqual([0xef, 0xbb, 0xbf])
  })
})

describe('the encoding of a text', () => {
  const inGb = (text: string): Buffer => {
    const out = memory()
    const sink = encodedSink(out, 'gb18030')
    sink.write(text)
    sink.finish()
    return out.bytes()
  }

  it.each([
    // Bytes that are valid in both: they would be letters of Latin, Cyrillic and Armenian.
    'id,sex\n1,女\n2,女\n',
    'code,name,level\nH1,一院,3\n',
    '机构编码,名称\nH1,第一人民医院\n',
    'id,dept\n1,\n2,\n3,\n4,骨科\n',
    'id,name\n1,𠮷田\n2,㐂\n',
    'id,name\n1,"a""b,女"\n',
  ])('is GB18030 for %j, and UTF-8 for the same in UTF-8', text => {
    expect(decodeText(inGb(text), 'x')).toBe(text)
    expect(decodeText(utf8(text), 'x')).toBe(text)
    expect(decodeText(utf8(`\ufeff${text}`), 'x')).toBe(text)
  })

  it.each([
    'name\nПривет, мир\nс\n',
    'name\nŁódź\nŠkoda\n',
    'name\nقىزىل ئالما\n',
    'a,b\n±5,β\n×,μg\n',
    'a\n°\n路 и Ů\n',
    'only ascii\n',
    '',
  ])('stays UTF-8 for %j', text => {
    expect(seenEncoding(utf8(text)).encoding).toBe('utf-8')
    expect(decodeText(utf8(text), 'x')).toBe(text)
  })

  it('stays UTF-8 where a few lines are damaged, or the damage only hangs on to cells of ASCII', () => {
    const rows = Array.from({ length: 20 }, (_, i) => Buffer.from(`${i},骨科\n`))
    const damaged = Buffer.concat([...rows, Buffer.from('20,'), Buffer.from([0xc4, 0xda]), Buffer.from('\n')])
    expect(seenEncoding(damaged)).toEqual({ encoding: 'utf-8', all: 21, bad: 1 })
    const hanging = Buffer.concat([Buffer.from('id,doctor\n1,D01\n2,D02'), Buffer.from([0xc4, 0xda, 10])])
    expect(seenEncoding(hanging)).toEqual({ encoding: 'utf-8', all: 1, bad: 1 })
  })

  it('is seen in every table beside cases', () => {
    const text = '病组,名称\nGE29,阑尾切除术\n'
    const read = (name: string, bytes: Uint8Array): unknown => readTable(put(folder, name, bytes))
    const wanted = { header: ['病组', '名称'], rows: [{ line: 2, cells: ['GE29', '阑尾切除术'] }] }
    expect(read('gb.csv', inGb(text))).toEqual({ file: join(folder, 'gb.csv'), ...wanted })
    expect(read('bom.csv', utf8(`\ufeff${text}`))).toEqual({ file: join(folder, 'bom.csv'), ...wanted })
  })
})
