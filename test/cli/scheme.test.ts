import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readWorkbook, writeWorkbook } from '../../files/index.ts'
import { loadScheme } from '../../grouper/index.ts'
import { put, temporaryFolder } from '../temporary.ts'
import { runCli } from './run.ts'

const folder = temporaryFolder()

/** The groups of a result file by case. */
function groupsIn(file: string): Record<string, string> {
  const [head, ...rows] = readFileSync(file, 'utf8').trimEnd().split('\n')
  const [id, drg] = ['id', 'drg'].map(title => head!.split(',').indexOf(title))
  return Object.fromEntries(rows.map(row => [row.split(',')[id!], row.split(',')[drg!]]))
}

describe('a city scheme that is not in the repository', () => {
  // Yancheng's tables under another name, its gall-bladder group split by age.
  const workbook = join(folder, '某市.xlsx')
  const pack = join(folder, 'city-2026')

  it('is imported from its workbook by the same command', async () => {
    await runCli(['scheme', 'export', 'yancheng-2023', '--out', workbook])
    const sheets = (await readWorkbook(workbook)).map(({ name, rows }) => ({
      name,
      rows: rows.map(({ cells }) => [...cells]),
    }))
    const drgs = sheets.find(({ name }) => name === 'DRG')!.rows
    drgs.push(['HC2G', '胆囊切除手术，70岁及以上', 'NL >= 70', 'HC2', 'MDCH', '0'])
    await writeWorkbook(workbook, sheets)
    put(folder, '某市.yaml', 'id: city-2026\nname: 某市 DRG 2026\nextends: yancheng-2023\n')
    const { err } = await runCli(['scheme', 'import', workbook, '--out', pack])
    expect(err).toContain('city-2026: 26 MDCs, 376 ADRG rows, 629 DRG rows')
    expect(err).toContain('written as an overlay on yancheng-2023')
    expect(readFileSync(join(pack, 'drg.tsv'), 'utf8').split('\n').slice(1)).toEqual([
      'added\tHC2G\t胆囊切除手术，70岁及以上\tNL >= 70\tHC2\t\t',
      '',
    ])
  })

  it('groups by the same command', async () => {
    const cases = put(
      folder,
      'cases.csv',
      'id,gender,age,ageDay,weight,dept,los,leavingType,dx,proc\n1,1,71,,,,5,1,K80.101,51.2300\n2,1,69,,,,5,1,K80.101,51.2300\n',
    )
    for (const [scheme, groups] of [
      [pack, { 1: 'HC2G', 2: 'HC29' }],
      ['yancheng-2023', { 1: 'HC29', 2: 'HC29' }],
    ] as const) {
      const out = join(folder, 'groups.csv')
      await runCli(['group', cases, '--scheme', scheme, '--out', out])
      expect(groupsIn(out)).toEqual(groups)
    }
  })

  it('is compared with what it came from', async () => {
    const { out, err } = await runCli(['scheme', 'diff', 'yancheng-2023', pack, '--json'])
    const diff = JSON.parse(out) as { drgs: { added: unknown[]; removed: unknown[] }; sets: unknown[] }
    expect(diff.drgs.added).toEqual([{ code: 'HC2G', name: '胆囊切除手术，70岁及以上' }])
    expect([diff.drgs.removed, diff.sets, err]).toEqual([[], [], ''])
    expect((await runCli(['scheme', 'diff', 'yancheng-2023', pack])).out).toContain(
      '\n  + HC2G 胆囊切除手术，70岁及以上\n',
    )
  })
})

describe('amendments on the command line', () => {
  it('are carried out and shown', async () => {
    const tables = join(folder, 'tables')
    const pack = join(folder, 'amended')
    await runCli(['scheme', 'export', 'chs-drg-1.1', '--out', tables])
    const [code] = loadScheme('chs-drg-1.1').sets.get('OP_BJ1')!.codes
    const amend = put(folder, 'amend.csv', `表,操作,理由,集合编号,ICD编码\n集合,删,本市不认定,OP_BJ1,${code}\n`)
    const { err } = await runCli(['scheme', 'import', tables, '--out', pack, '--id', 'amended', '--amend', amend])
    expect(err).toContain('123 rows changed by 3 amendments')
    expect((await runCli(['scheme', 'show', pack])).out).toContain('amended  +0 -1 ~0: 本市不认定\n')
  })
})
