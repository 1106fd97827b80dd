import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCli } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'verify-'))

function write(name: string, content: unknown): string {
  const file = join(folder, name)
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

const scale = (points: string) => ({
  id: `scale ${points}`,
  kind: 'scale',
  inputs: { rw: '1', scale: '1000', pointValue: '13.28' },
  expected: { points, pay: '13280.00' },
})

test('examples that hold end with 0, one that differs with 1 and its steps', async () => {
  const good = await runCli(`verify ${write('good.json', [scale('1000')])}`)
  expect(good.code).toBe(0)
  expect(good.out).toContain('1 examples, 1 hold')
  const bad = await runCli(`verify ${write('bad.json', [scale('1000'), scale('999')])}`)
  expect(bad.code).toBe(1)
  expect(bad.out).toContain('✗ scale 999')
  expect(bad.out).toContain('points: expected 999, got 1000')
  expect(bad.out).toContain('1000.0000 points at 13.28 yuan')
  expect(bad.err).toContain('VER-003')
})

test('an example whose pack is not there says which file it looked for', async () => {
  const example = {
    id: 'lost',
    kind: 'case-rule',
    inputs: { pack: '.', case: { rw: '1', cost: '1', level: '2' } },
    expected: {},
  }
  for (const lang of ['zh', 'en'] as const) {
    const { out, code } = await runCli(`verify ${write('lost.json', [example])}`, lang)
    expect([code, out]).toEqual([1, expect.stringContaining(`FIL-001 ${join(folder, 'policy.yaml')}  `)])
  }
})

test('a file that holds no examples says what it may hold', async () => {
  expect((await runCli(`verify ${write('no.json', '{')}`)).err).toContain('VER-001')
  const other = await runCli(`verify ${write('other.json', { cases: [] })} --lang zh`, 'zh')
  expect(other.code).toBe(65)
  expect(other.err).toContain('VER-002')
  expect(other.err).toContain('结算示例')
  expect((await runCli(`verify ${folder}/none.json`)).err).toContain('FIL-001')
})

test('DIP examples are known by their document', async () => {
  const inputs = { baseMeanCost: '100', withRelated: { stent: '110' }, thresholdPercent: '10' }
  const example = { id: 'one', inputs, expected: { stent: { keepAsOwnGroup: true } } }
  const result = await runCli(`verify ${write('dip.json', { title: 'DIP', examples: [example] })}`)
  expect([result.code, result.out]).toEqual([0, expect.stringContaining('1 examples, 1 hold')])
})

test('DIP cases are grouped under a catalogue, and one that differs is explained', async () => {
  const one = (group: string) => ({
    id: group,
    principalDiagnosis: 'I50.900',
    operations: ['33.6x00'],
    expected: { status: 'grouped', group },
  })
  const good = await runCli(`verify ${write('dip.json', { cases: [one('XQ-1')] })} --scheme dip-3.0-sample`)
  expect(good.out).toContain('1 examples, 1 hold')
  const bad = await runCli(`verify ${write('dip-bad.json', { cases: [one('XQ-1'), one('XQ-2')] })}`)
  expect(bad.code).toBe(1)
  expect(bad.out).toContain('group: expected grouped XQ-2, got grouped XQ-1')
  expect(bad.out).toContain('33.6x00')
})
