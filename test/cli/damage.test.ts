import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseTable } from '../../files/index.ts'
import { loadScheme } from '../../grouper/index.ts'
import { readRegionParameters, streamCases } from '../../synth/index.ts'
import { dice } from '../grouper/drg/random-case.ts'
import { put, temporaryFolder } from '../temporary.ts'
import { runCli } from './run.ts'

const folder = temporaryFolder()

/** 20,000 synthetic rows as bytes, without line breaks; the header apart. */
function syntheticRows(): { header: Buffer; rows: Buffer[] } {
  const parts: Buffer[] = []
  const scheme = loadScheme('chs-drg-2.0')
  streamCases({ scheme, parameters: readRegionParameters(), seed: 11, cases: 20_000 }, bytes =>
    parts.push(Buffer.from(bytes)),
  )
  const [header, ...rows] = Buffer.concat(parts).toString('latin1').trimEnd().split('\n')
  return { header: Buffer.from(header!, 'latin1'), rows: rows.map(row => Buffer.from(row, 'latin1')) }
}

/** Ways to damage a row, and whether the row must then be rejected (an unknown code only makes the case invalid). */
const DAMAGES: readonly { name: string; rejected: boolean; apply(row: string, before: string): Buffer }[] = [
  { name: 'bad encoding', rejected: true, apply: row => Buffer.concat([Buffer.from(row), Buffer.from([0xc4, 0xda])]) },
  { name: 'missing columns', rejected: true, apply: row => Buffer.from(row.split(',').slice(0, 9).join()) },
  { name: 'too many columns', rejected: true, apply: row => Buffer.from(`${row},x`) },
  { name: 'wrong type', rejected: true, apply: row => Buffer.from(cell(row, 2, 'forty')) },
  { name: 'wrong money', rejected: true, apply: row => Buffer.from(cell(row, 10, '1.2.3')) },
  {
    name: 'duplicated id of one hospital',
    rejected: true,
    apply: (row, before) => Buffer.from(cell(cell(row, 0, before.split(',')[0]!), 13, before.split(',')[13]!)),
  },
  { name: 'unknown code', rejected: false, apply: row => Buffer.from(cell(row, 8, 'Q00.000x999')) },
]

function cell(row: string, column: number, value: string): string {
  const cells = row.split(',')
  cells[column] = value
  return cells.join()
}

describe('a file with 1 % damaged rows', () => {
  it('groups the rest, and the counts add up', async () => {
    const { header, rows } = syntheticRows()
    const clean = put(
      folder,
      'clean.csv',
      Buffer.concat([header, Buffer.from('\n'), ...rows.map(row => Buffer.concat([row, Buffer.from('\n')]))]),
    )
    await runCli(
      `group ${clean} --scheme chs-drg-2.0 --out ${folder}/clean.out.csv --rejects ${folder}/clean.rejects.csv`,
    )
    const cleanRejects = parseTable(readFileSync(`${folder}/clean.rejects.csv`, 'utf8'), 'rejects').rows.map(row =>
      Number(row.cells[1]),
    )

    const damaged = new Map<number, (typeof DAMAGES)[number]>()
    const { below } = dice(5, 0)
    while (damaged.size < 200) {
      const at = 1 + below(rows.length - 1)
      const free =
        ![at - 1, at, at + 1].some(near => damaged.has(near)) &&
        !cleanRejects.includes(at + 1) &&
        !cleanRejects.includes(at + 2)
      if (free) damaged.set(at, DAMAGES[damaged.size % DAMAGES.length]!)
    }
    const bytes = rows.flatMap((row, i) => {
      const damage = damaged.get(i)
      const text = (one: Buffer | undefined): string => one?.toString('latin1') ?? ''
      return [damage === undefined ? row : damage.apply(text(row), text(rows[i - 1])), Buffer.from('\n')]
    })
    const file = put(folder, 'damaged.csv', Buffer.concat([header, Buffer.from('\n'), ...bytes]))
    const { code, err } = await runCli(`group ${file} --scheme chs-drg-2.0 --out ${folder}/damaged.out.csv`)
    expect(code).toBe(0)

    const expectedLines = [...damaged].filter(([, damage]) => damage.rejected).map(([i]) => i + 2)
    const rejects = parseTable(readFileSync(`${folder}/damaged.out.csv.rejects.csv`, 'utf8'), 'rejects')
    const lines = rejects.rows.map(row => Number(row.cells[1]))
    expect(lines).toEqual([...expectedLines, ...cleanRejects].sort((a, b) => a - b))
    expect(err).toContain(
      `20,000 rows in = ${(20_000 - lines.length).toLocaleString('en-US')} rows out + ${lines.length} rejects`,
    )

    // Every row that was not damaged has the group that it has in the clean file, in the same order.
    const touched = new Set([...damaged.keys()].map(i => rows[i]!.toString('latin1').split(',')[0]))
    const untouched = (name: string): string[] =>
      readFileSync(`${folder}/${name}`, 'utf8')
        .split('\n')
        .filter(line => !touched.has(line.split(',')[0]))
    expect(untouched('damaged.out.csv')).toEqual(untouched('clean.out.csv'))

    // An unknown code is no reason to lose the case: it comes out as invalid.
    const unknown = [...damaged]
      .filter(([, damage]) => !damage.rejected)
      .map(([i]) => rows[i]!.toString('latin1').split(',')[0]!)
    const results = new Map(
      readFileSync(`${folder}/damaged.out.csv`, 'utf8')
        .split('\n')
        .map(line => [line.split(',')[0], line]),
    )
    for (const id of unknown) expect(results.get(id)).toBe(`${id},0000,0000,0000,invalid,principal-unknown`)
  })
})
