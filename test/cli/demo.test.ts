import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readTable } from '../../files/index.ts'
import { temporaryFolder } from '../temporary.ts'
import { runCli } from './run.ts'

const folder = temporaryFolder()

it.each([
  [1, 1],
  [1, 2],
  [9, 30],
])('the demo runs whole with %i cases of %i hospitals', async (cases, hospitals) => {
  const out = `${folder}/${cases}-${hospitals}`
  const { code, err } = await runCli(`demo --cases ${cases} --hospitals ${hospitals} --out ${out}`)
  expect(code).toBe(0)
  const table = readTable(`${out}/region/cases.csv`)
  const column = table.header.indexOf('hospital')
  const has = table.rows.some(({ cells }) => cells[column] === 'H001')
  expect(err.includes('Scenario h001-volume-plus-10 was left out')).toBe(!has)
  expect(new Set(readTable(`${out}/scenarios.csv`).rows.map(({ cells }) => cells[0])).size).toBe(has ? 3 : 2)
  expect(readFileSync(`${out}/report.html`, 'utf8')).toContain('</html>')
})

it('refuses a scheme that is none, or of another kind, before it begins', async () => {
  for (const lang of ['zh', 'en'] as const) {
    const unknown = await runCli(`demo --scheme chs-dip-2.0 --out ${folder}/none`, lang)
    expect(unknown.err).toMatch(/^PCK-008 \[--scheme\] {2}/)
    expect(unknown.err).toContain(lang === 'zh' ? '演示用 DRG 方案' : 'The demo takes a DRG scheme')
    expect(unknown.err).not.toMatch(/Did you mean|是否应为/)
    const other = await runCli(`demo --scheme dip-3.0-sample --out ${folder}/none`, lang)
    expect(other.err).toMatch(/^PCK-014 /)
  }
  // No DRG scheme is meant by a name of DIP.
  expect((await runCli('scheme show chs-dip-2.0')).err).not.toContain('Did you mean')
  expect((await runCli('scheme show chs-drgs-2.0')).err).toContain('Did you mean chs-drg-2.0?')
  expect(existsSync(`${folder}/none`)).toBe(false)
})
