import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readTable } from '../../files/index.ts'
import { put, temporaryFolder } from '../temporary.ts'
import { runCli } from './run.ts'

const folder = temporaryFolder()
const cases = put(
  folder,
  'cases.csv',
  `id,gender,age,dx,proc,hospital
1,1,45,K80.101|I50.900,51.2300,H001
2,1,30,O00.100,,H001
3,1,60,O80.000,,H002
4,1,60,K80.101,99.9999,H002
`,
)

describe('dianzhi check --html', () => {
  it('shows the findings and the summary on a page that names no case', async () => {
    const [findings, html] = [join(folder, 'findings.csv'), join(folder, 'page.html')]
    const ran = await runCli(`check ${cases} --scheme chs-drg-2.0 --out ${findings} --html ${html}`)
    expect(ran.code).toBe(0)
    const { rows } = readTable(findings)
    const page = readFileSync(html, 'utf8')
    for (const [name, severity] of [
      ['Errors', 'E'],
      ['Warnings', 'W'],
      ['Notes', 'I'],
    ]) {
      const found = rows.filter(({ cells }) => cells[3] === severity).length
      expect(page).toContain(`<th scope="row">${name}</th><td>${found}</td>`)
    }
    expect(page).toContain('<th scope="row">Cases checked</th><td>4</td>')
    for (const hospital of ['H001', 'H002']) {
      const found = rows.filter(({ cells }) => cells[1] === hospital).length
      expect(found).toBeGreaterThan(0)
      expect(page).toMatch(new RegExp(`<td>${hospital}</td>.*<td class="n">2</td><td class="n">${found}</td>`))
    }
    for (const rule of new Set(rows.map(({ cells }) => cells[2]))) {
      const found = rows.filter(({ cells }) => cells[2] === rule).length
      expect(page).toMatch(new RegExp(`<td>${rule}</td><td>[^<]+</td><td class="n">${found}</td>`))
    }
  })
})
