import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { shippedScenarios } from '../../cli/scenario-files.ts'
import { temporaryFolder } from '../temporary.ts'
import { runCli } from './run.ts'

/** Columns of the comparison that a golden keeps: everything exact that a scenario can move. */
const KEPT = ['hospital', 'dueAfter', 'change', 'surplusAfter', 'rankAfter', 'verdict']

describe('every shipped scenario gives its golden result', () => {
  const folder = temporaryFolder()
  beforeAll(async () => {
    await runCli(`synth --cases 2500 --hospitals 6 --scheme chs-drg-2.0 --seed 11 --out ${folder}/cases.csv`)
  })

  it.each(shippedScenarios())('$name', async ({ name, file }) => {
    const { code, err } = await runCli(
      `simulate --region ${folder}/region.yaml --scenarios ${file} --out ${folder}/${name}`,
    )
    expect(code, err).toBe(0)
    const [header, ...rows] = readFileSync(join(folder, name, 'scenarios.csv'), 'utf8')
      .trimEnd()
      .split('\n')
      .map(row => row.split(','))
    const at = KEPT.map(key => header!.length - (header!.length - header!.indexOf(key)))
    // The title may hold commas: columns count from the end.
    const text = [KEPT.join(','), ...rows.map(row => at.map(k => row[row.length - header!.length + k]).join(','))].join(
      '\n',
    )
    const golden = file.replace(/\.yaml$/, '.golden.csv')
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(golden, `${text}\n`)
    expect(existsSync(golden)).toBe(true)
    expect(`${text}\n`).toBe(readFileSync(golden, 'utf8'))
  })

  it('pages answer in both languages', async () => {
    const { code } = await runCli(`scenario page one-pool --region ${folder}/region.yaml --out ${folder}/pages`)
    expect(code).toBe(0)
    const page = readFileSync(join(folder, 'pages', 'one-pool.md'), 'utf8')
    for (const part of ['## 问与答', '## Questions and answers', '## 哪些是假设', '## What is assumed', 'policy.pools'])
      expect(page).toContain(part)
  })

  it('a page says what is assumed, and what if that is wrong', async () => {
    const { code } = await runCli(
      `scenario page upcoding-level-two --region ${folder}/region.yaml --out ${folder}/pages`,
    )
    expect(code).toBe(0)
    const page = readFileSync(join(folder, 'pages', 'upcoding-level-two.md'), 'utf8')
    expect(page).toContain('| 二级医院高套病例的比例 | 0.1 | 0.05 – 0.13 |')
    const trials = page.slice(page.indexOf('## If an assumption is wrong'), page.indexOf('## What changes'))
    for (const row of ['| As above |', 'coded higher 0.05 |', 'coded higher 0.13 |']) expect(trials).toContain(row)
    expect(page).toContain('编码变化：级别 2；涉及比例 0.1')
  })
})
