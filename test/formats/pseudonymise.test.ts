import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fileSink } from '../../files/index.ts'
import { createPseudonyms, pseudonymise, readKey } from '../../formats/index.ts'
import { makeStays } from './cases.ts'
import { csv, HQMS, hqmsRow, message4101 } from './forms.ts'
import { readAll } from './read.ts'

const folder = mkdtempSync(join(tmpdir(), 'dianzhi-pseudonym-'))
const KEY = Buffer.from('0123456789abcdef-test-key')

async function run(file: string, out: string, key = KEY, range = 180): Promise<string> {
  const sink = fileSink(join(folder, out))
  await pseudonymise(join(folder, file), sink, {
    encoding: 'auto',
    mapping: {},
    pseudonyms: createPseudonyms(key, range),
  })
  sink.finish()
  return readFileSync(join(folder, out), 'utf8')
}

describe('pseudonyms', () => {
  it('are HMAC-SHA-256 of kind and text', () => {
    // printf 'id\\000007' | openssl dgst -sha256 -hmac 0123456789abcdef-test-key
    expect(createPseudonyms(KEY, 180).id('id', '007')).toBe('c31b1cf52aee657a114c9b9a')
    expect(createPseudonyms(KEY, 180).id('id', '')).toBe('')
  })

  it('shift every person by days of its own, within the range and never by none', () => {
    const { shiftOf } = createPseudonyms(KEY, 30)
    const shifts = Array.from({ length: 3000 }, (_, i) => shiftOf(String(i)))
    expect(new Set(shifts).size).toBe(60)
    expect([Math.min(...shifts), Math.max(...shifts)]).toEqual([-30, 30])
    expect(shifts.includes(0)).toBe(false)
    expect(createPseudonyms(KEY, 0).shiftOf('1')).toBe(0)
  })

  it('need a key of 16 bytes that does not stand on the command line', () => {
    writeFileSync(join(folder, 'short'), 'abc\n')
    expect(() => readKey({ file: join(folder, 'short') })).toThrow(expect.objectContaining({ code: 'PSN-001' }))
    expect(() => readKey({ variable: 'DIANZHI_NO_SUCH_KEY' })).toThrow(expect.objectContaining({ code: 'PSN-001' }))
  })

  it.each([
    ['hqms.csv', 'hqms.out.csv'],
    ['4101.jsonl', '4101.out.jsonl'],
  ])('leave nothing personal in %s, and the same cases otherwise', async (file, out) => {
    const stays = makeStays(200)
    writeFileSync(join(folder, 'hqms.csv'), csv(HQMS, stays.map(hqmsRow), '-'))
    writeFileSync(join(folder, '4101.jsonl'), stays.map(stay => JSON.stringify(message4101(stay))).join('\n'))
    const text = await run(file, out)
    for (const stay of stays)
      for (const id of [stay.id, stay.settleId, stay.person]) expect(text.includes(`${id}`), id).toBe(false)
    for (const word of ['测试患者', '000000000000000000', '示例省', '名称']) {
      // Names of diagnoses are no secrets, but messages are written without them.
      if (word !== '名称' || file.endsWith('l')) expect(text.includes(word), word).toBe(false)
    }
    const before = readAll([join(folder, file)])
    const after = readAll([join(folder, out)])
    expect(after.rejects).toEqual([])
    const core = ({ rows }: typeof before): object[] => rows.map(row => ({ ...row, id: '', month: '' }))
    expect(core(after)).toEqual(core(before))
    expect(after.rows.some((row, i) => row.month !== before.rows[i]!.month)).toBe(true)
    expect(await run(file, `again-${out}`)).toBe(text)
    expect(await run(file, `other-${out}`, Buffer.from('another key, also long'))).not.toBe(text)
  })
})
