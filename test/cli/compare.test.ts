import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readXlsx } from 'hucre/xlsx'
import { parquetReadObjects } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import { parseTable } from '../../files/index.ts'
import { put, temporaryFolder } from '../temporary.ts'
import { runCli } from './run.ts'

const folder = temporaryFolder()
const cases = put(
  folder,
  'cases.csv',
  `id,gender,age,dx,proc
1,1,45,K80.101|I50.900,51.2300
2,1,45,K80.101,51.2300
3,2,30,O00.100,
4,2,60,T86.200,37.5100
5,1,68,I50.900|K80.101,51.2300
`,
)
const weightsA = put(folder, 'a.csv', 'group,weight\nHC29,1.30\nAA19,20\n')
const weightsB = put(folder, 'b.csv', 'group,weight\nHC23,1.50\nHC25,1.20\nAA29,21\n')
const both = ['--scheme', 'chs-drg-1.1', '--scheme', 'chs-drg-2.0']

const run = (...args: string[]) => runCli(['compare', cases, ...args])

describe('dianzhi compare', () => {
  it('writes transitions and changed cases, and tells the effect on weights', async () => {
    const [table, changed] = [join(folder, 't.csv'), join(folder, 'changed.csv')]
    const weights = ['--weights-a', weightsA, '--weights-b', weightsB]
    const { out: text } = await run(...both, '--out', table, '--cases-out', changed, ...weights)

    const { header, rows } = parseTable(readFileSync(table, 'utf8'), table)
    const cell = (cells: readonly string[], name: string): string => cells[header.indexOf(name)]!
    const columns = ['drg_a', 'drg_b', 'cases', 'change', 'effect']
    expect(rows.map(({ cells }) => columns.map(name => cell(cells, name)).join(' ')).sort()).toEqual([
      '0000 OT19 1 grouped ',
      'AA19 AA29 1 recoded 1',
      'FR25 FQY 1 ambiguous ',
      'HC29 HC23 1 redivided 0.2',
      'HC29 HC25 1 redivided -0.1',
    ])
    expect(readFileSync(changed, 'utf8')).toBe(
      'id,drg_a,drg_b,change\n1,HC29,HC23,redivided\n2,HC29,HC25,redivided\n3,0000,OT19,grouped\n5,FR25,FQY,ambiguous\n',
    )
    expect(text).toMatch(/^cases {2}5$/m)
    expect(text).toMatch(/^weights \(3 cases with one on both sides\) {2}A 22\.60, B 23\.70, change 1\.10/m)
  })

  it('writes changed cases in the form that the ending asks for', async () => {
    const rows = [
      ['1', 'HC29', 'HC23', 'redivided'],
      ['2', 'HC29', 'HC25', 'redivided'],
      ['3', '0000', 'OT19', 'grouped'],
      ['5', 'FR25', 'FQY', 'ambiguous'],
    ]
    const written = async (name: string): Promise<Buffer> => {
      await run(...both, '--out', join(folder, 'v.csv'), '--cases-out', join(folder, name))
      return readFileSync(join(folder, name))
    }
    const { sheets } = await readXlsx(await written('changed.xlsx'))
    expect(sheets[0]!.rows).toEqual([['id', 'drg_a', 'drg_b', 'change'], ...rows])
    expect(sheets[1]!.rows.map(row => row[0])).toContain('schemeBHash')
    const lines = (await written('changed.jsonl')).toString().trim().split('\n')
    expect(lines.map(line => Object.values(JSON.parse(line) as object))).toEqual(rows)
    const array = JSON.parse((await written('changed.json')).toString()) as object[]
    expect(array.map(row => Object.values(row))).toEqual(rows)
    const parquet = await written('changed.parquet')
    const file = parquet.buffer.slice(parquet.byteOffset, parquet.byteOffset + parquet.length) as ArrayBuffer
    expect((await parquetReadObjects({ file })).map(row => Object.values(row))).toEqual(rows)
  })

  it('shows the same numbers on a page', async () => {
    const file = join(folder, 'c.html')
    await run(...both, '--out', join(folder, 'u.csv'), '--html', file, '--weights-a', weightsA, '--weights-b', weightsB)
    const html = readFileSync(file, 'utf8')
    expect(html).toContain('<h1>chs-drg-1.1 → chs-drg-2.0</h1>')
    expect(html).toMatch(/<td>same ADRG, other division<\/td><td class="n">2<\/td><td class="n">40\.00%<\/td>/)
    // A 22.60, then +1 by a new code and +0.1 by another division, gives B 23.70.
    expect(html).toMatch(/<td>Scheme B<\/td>.*23\.70/)
    expect(html).toContain('2 cases lack a weight on one side')
  })

  it('wants two schemes, and weights for both or for neither', async () => {
    const out = ['--out', join(folder, 'x.csv')]
    expect((await run('--scheme', 'chs-drg-1.1', ...out)).err).toContain('CMP-001')
    expect((await run(...both, ...out, '--weights-a', weightsA)).err).toContain('CMP-002')
  })
})
