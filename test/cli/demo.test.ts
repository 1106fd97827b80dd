import { readFileSync } from 'node:fs'
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
