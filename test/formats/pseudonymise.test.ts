import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createPseudonyms, readKey } from '../../formats/index.ts'
import { runCli } from '../cli/run.ts'
import { makeStays } from './cases.ts'
import { csv, FORMS, HQMS, hqmsRow, message4101 } from './forms.ts'
import { readAll } from './read.ts'

const folder = mkdtempSync(join(tmpdir(), 'dianzhi-pseudonym-'))
const KEY = Buffer.from('0123456789abcdef-test-key')

async function run(file: string, out: string, key = '0123456789abcdef-test-key'): Promise<string> {
  writeFileSync(join(folder, 'key'), key)
  const words = ['pseudonymise', join(folder, file), '--out', join(folder, out), '--key-file', join(folder, 'key')]
  expect((await runCli(words)).code).toBe(0)
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
    expect(() => readKey({})).toThrow('No key is given')
    expect(() => readKey({ variable: 'PATH', file: join(folder, 'short') })).toThrow('Both --key-file and --key-env')
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
    expect(await run(file, `other-${out}`, 'another key, also long')).not.toBe(text)
  })

  const FORMS_BESIDE = ['long tables', 'long tables in one workbook', 'long tables in several forms', '4101A with 2304 replies', '4101A with a settlement table', 'simple table as XLSX, on two sheets', '4101A with 4101'] // biome-ignore format: one list

  it.each(FORMS_BESIDE)('are the same in all tables of %s, so that they join as before', async name => {
    const form = FORMS.find(one => one.name === name)!
    const stays = makeStays(60)
    const below = mkdtempSync(join(folder, 'form-'))
    const files = form.write(stays, below)
    const isBook = files.length === 1
    const out = join(below, isBook ? 'out.xlsx' : 'out')
    const words = ['pseudonymise', ...files, '--out', out, '--key-file', join(folder, 'key')]
    writeFileSync(join(folder, 'key'), KEY)
    const { code, err } = await runCli(words)
    expect([code, err]).toEqual([0, expect.stringContaining(' 0 not written')])
    const written = isBook ? [out] : readdirSync(out).map(file => join(out, file))
    for (const file of isBook ? [] : written) {
      const text = readFileSync(file, 'utf8')
      for (const stay of stays)
        for (const id of [stay.id, stay.settleId, stay.person]) expect(text.includes(`${id}`), file).toBe(false)
      expect(text).not.toContain('测试患者')
    }
    const [before, after] = [readAll(files), readAll(written)]
    expect(after.rejects).toEqual([])
    const core = ({ rows }: typeof before): object[] => rows.map(row => ({ ...row, id: '', month: '' }))
    expect(core(after)).toEqual(core(before))
    // A month is no date.
    if (!name.startsWith('simple')) expect(after.rows.some((row, i) => row.month !== before.rows[i]!.month)).toBe(true)
  })

  it('shift all stays of a person alike, also where only a settlement id tells whose they are', async () => {
    const main = join(folder, 'two.csv')
    const icu = join(folder, 'icu.csv')
    writeFileSync(
      main,
      'setl_id,medcasno,psn_no,gend,age,adm_time,dscg_time\nS1,1,P1,1,52,2025-03-01 08:00,2025-03-09\nS2,2,P1,1,52,2025-05-01,2025-05-02\nS3,3,P2,1,52,2025-05-01,2025-05-02\n',
    )
    writeFileSync(
      icu,
      'setl_id,scs_cutd_inpool_time,scs_cutd_exit_time\nS2,2025-05-01 10:00,2025-05-01 20:00\nS1,2025-03-02 10:00,2025-03-03 20:00\nS1,cut\n"S3,x\n',
    )
    writeFileSync(join(folder, 'key'), KEY)
    const out = join(folder, 'shifted')
    const { err } = await runCli(['pseudonymise', icu, main, '--out', out, '--key-file', join(folder, 'key')])
    const cells = (file: string): string[][] =>
      readFileSync(join(out, file), 'utf8').trim().split(/\r?\n/).slice(1).map(line => line.split(',')) // biome-ignore format: one chain
    const days = (text: string): number => Date.parse(`${text.slice(0, 10)}T00:00Z`) / 86_400_000
    const [one, two, other] = cells('two.csv')
    const [second, first] = cells('icu.csv')
    const shift = createPseudonyms(KEY, 180).shiftOf('P1')
    expect(days(one![5]!) - days('2025-03-01')).toBe(shift)
    expect(days(two![5]!) - days('2025-05-01')).toBe(shift)
    expect(days(other![5]!) - days('2025-05-01')).toBe(createPseudonyms(KEY, 180).shiftOf('P2'))
    expect([first![1]!, second![1]!].map(days)).toEqual([days('2025-03-02') + shift, days('2025-05-01') + shift])
    expect(second![1]!.slice(10)).toBe(' 10:00')
    expect([second![0], first![0]]).toEqual([two![0], one![0]])
    expect(err).toContain('icu.csv line 5 was not written')
    expect(err).toContain('4 rows in = 3 rows written')
  })

  it('need a folder where one file does not hold them', async () => {
    const [a, b] = ['a.csv', 'b.csv'].map(name => join(folder, name))
    for (const file of [a!, b!]) writeFileSync(file, '病案号,性别,年龄,诊断编码\n1,1,52,K35.800x001\n')
    const { code, err } = await runCli(['pseudonymise', a!, b!, '--out', join(folder, 'x.csv'), '--key-file', join(folder, 'key')]) // biome-ignore format: one line
    expect([code, err]).toEqual([64, expect.stringContaining('PSN-002')])
  })
})
