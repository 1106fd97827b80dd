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

describe('dianzhi check of rules that it could not run', () => {
  const told = async (file: string, lang: 'zh' | 'en'): Promise<string[]> =>
    (await runCli(`check ${file} --scheme chs-drg-2.0 --out ${join(folder, 'told.csv')}`, lang)).err
      .split('\n')
      .filter(line => /^(Not checked|未检查| {2}Q)/.test(line))

  it('names each of them once, with the fields that it lacks and where each is read', async () => {
    const en = await told(cases, 'en')
    const summary = readTable(join(folder, 'told.csv.summary.csv')).rows.map(({ cells }) => cells)
    const named = en.flatMap(line => [...line.matchAll(/\bQ\d+\b/g)].map(([id]) => id))
    const never = [...Map.groupBy(summary, cells => cells[0]!)].filter(([, rows]) =>
      rows.every(cells => cells[2] === cells[5]),
    )
    expect(named.toSorted()).toEqual(never.map(([rule]) => rule).toSorted())
    expect(en.find(line => line.includes('Q48'))).toContain(
      'no "discharge way" (column leavingtype, dischargeway, 离院方式, lyfs; field dischargeWay in records of JSON)',
    )
    expect(en.find(line => line.includes('Q40'))).toContain('list LOW is empty')
    const zh = await told(cases, 'zh')
    expect(zh).toHaveLength(en.length)
    // A table has no place for these: one line says so, and those under it name the fields.
    const lead = zh.findIndex(line => line.includes('只有病例记录（JSON'))
    expect(zh.findIndex(line => line.includes('Q36'))).toBeGreaterThan(lead)
    expect(zh.find(line => line.includes('Q36'))).toBe('  Q36 住院天数不符：losDays；admitTime、dischargeTime')
    expect(en.filter(line => line.includes('records of JSON (docs'))).toHaveLength(1)
    expect(zh.find(line => line.includes('Q25'))).toContain('--weights')
  })

  it('names no field that is there', async () => {
    const priced = put(folder, 'priced.csv', 'id,gender,age,leavingType,dx,proc,totalCost\n1,1,45,1,K80.101,,9000\n')
    const of = (lines: string[], rule: string): string | undefined => lines.find(line => line.includes(`${rule} `))
    const lines = await told(priced, 'en')
    // The table has the total cost and the discharge way.
    expect(of(lines, 'Q37')).toMatch(/: fees24\/fees14$/)
    expect(of(lines, 'Q39')).toMatch(/: fees24; or groupMeanCost$/)
    expect(of(lines, 'Q41')).toMatch(/: setlinfo; or source\.form, autopsy$/)
    expect(of(lines, 'Q50')).toMatch(/: funds, accountPay, cashPay; or selfPay, ownPay, accountPay, cashPay$/)
    expect(of(await told(cases, 'en'), 'Q37')).toMatch(/: totalCost, fees24\/fees14$/)
    const record = '[{"caseId": "1", "sex": 1, "ageYears": 45, "diagnoses": ["K80.101"], "totalCost": "9"}]'
    expect(of(await told(put(folder, 'priced.json', record), 'zh'), 'Q37')).toMatch(/的字段 fees24\/fees14$/)
  })

  it('says where a column or field is there and empty in every case', async () => {
    const empty = put(
      folder,
      'empty.csv',
      'id,gender,age,los,leavingType,dx,proc\n1,1,45,,,K80.101,\n2,1,45,,,K80.101,\n',
    )
    expect((await told(empty, 'en')).find(line => line.includes('Q26'))).toContain(
      'no case has "length of stay in days"',
    )
    const record = put(folder, 'record.json', '[{"caseId": "1", "sex": 1, "ageYears": 45, "diagnoses": ["K80.101"]}]')
    const lines = await told(record, 'zh')
    expect(lines.find(line => line.includes('Q57'))).toContain('每例都没有病例（JSON）的字段 ventMinutes')
  })
})
