import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { csvRow, parseTable } from '../../files/index.ts'
import { readDelimited } from '../../formats/read/delimited.ts'
import type { TablePlan } from '../../formats/read/plan.ts'

const folder = mkdtempSync(join(tmpdir(), 'dianzhi-delimited-'))
const WIDTH = 14
let files = 0

const cell = fc.oneof(
  { weight: 8, arbitrary: fc.constant('-') },
  { weight: 6, arbitrary: fc.constant('') },
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      '—',
      '无',
      '--',
      '/',
      'A1',
      '名称',
      '名,称',
      '"引"号',
      '两\n行',
      ' a b ',
      "it's",
      '12.5',
    ),
  },
  { weight: 2, arbitrary: fc.string({ maxLength: 6 }) },
)
const NOTHING = ['-', '--', '/', '—', '无']

/** The wanted cells of every row as the reader gives them. */
function read(plan: TablePlan): { readonly rows: string[][]; readonly bad: string[] } {
  const rows: string[][] = []
  const bad: string[] = []
  const taker = {
    row: (cells: readonly string[], line: number, width: number) =>
      void rows.push([String(line), String(width), ...cells]),
    bad: (line: number, reason: string) => void bad.push(`${line} ${reason}`),
  }
  for (const _ of readDelimited(plan, taker));
  return { rows, bad }
}

function planOf(name: string, content: Uint8Array, more: Partial<TablePlan>): TablePlan {
  const file = join(folder, name)
  writeFileSync(file, content)
  return {
    file,
    container: 'csv',
    encoding: 'utf-8',
    delimiter: 44,
    sheet: 0,
    firstLine: 2,
    width: WIDTH,
    columns: [],
    ...more,
  }
}

const columns = (indices: readonly number[]): TablePlan['columns'] =>
  indices.map(index => ({ index, header: `c${index}`, field: 'id' }))

describe('rows of wide tables', () => {
  it.each(['utf-8', 'gb18030'] as const)('have the wanted cells that a plain parser finds, in %s', encoding => {
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: WIDTH, maxLength: WIDTH }), { minLength: 1, maxLength: 12 }),
        fc.uniqueArray(fc.nat(WIDTH - 1), { minLength: 1 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        (made, wanted, ending, isQuoted) => {
          // Control characters have no meaning in a cell, and a lone surrogate has no bytes.
          const clean = (text: string): string => text.toWellFormed().replace(/(?!\n)\p{Cc}/gu, ' ')
          const rows = made.map(cells => cells.map(clean))
          const line = (cells: readonly string[]): string =>
            isQuoted ? `${cells.map(text => `"${text.replaceAll('"', '""')}"`).join(',')}\n` : csvRow(cells)
          const header = Array.from({ length: WIDTH }, (_, i) => `c${i}`)
          const text = [csvRow(header), ...rows.map(line)].join('')
          const bytes = iconv.encode(ending === '\n' ? text : text.replaceAll('\n', '\r\n'), encoding)
          const parsed = parseTable(text, 'x').rows.filter(({ cells }) => cells.some(one => one !== ''))
          const plan = planOf(`${encoding}-${files++}.csv`, bytes, { encoding, columns: columns(wanted) })
          const found = read(plan)
          expect(found.bad).toEqual([])
          expect(found.rows.filter(row => row.slice(2).some(one => one !== '')).map(row => row.slice(2))).toEqual(
            parsed
              .map(({ cells }) => wanted.map(at => cells[at]!.replaceAll('\n', '\v')))
              .map(cells => cells.map(one => (NOTHING.includes(one) ? '' : one)))
              .filter(cells => cells.some(one => one !== '')),
          )
        },
      ),
      { numRuns: 200 },
    )
  })

  it('keep their lines and widths: short rows, long ones, blank lines, breaks in quotes, stray quotes, damaged bytes', () => {
    const text = [
      'h0,h1,h2,h3',
      'a,b,c,d',
      '',
      'a,b',
      '"x\ny",b,"c ""c""",d',
      '-,-,-,-',
      ',,,',
      'a,b,c,d,,',
      'a,b,c,d,e',
      '"a",b,c,"d",""',
      'a,"stray,c,d',
      'a,b,c,d"e',
      'a,"b"x,c,d',
      'last,b,c,d',
    ].join('\n')
    const damaged = Buffer.concat([Buffer.from(text), Buffer.from('\na,\xff\xfe,c,d\nend,b,c,d', 'latin1')])
    const { rows, bad } = read(planOf('lines.csv', damaged, { width: 4, columns: columns([3, 0]) }))
    expect(rows).toEqual([
      ['2', '4', 'd', 'a'],
      ['4', '2', '', 'a'],
      ['5', '4', 'd', 'x\vy'],
      ['7', '4', '', ''],
      ['8', '4', '', ''],
      ['9', '6', 'd', 'a'],
      ['11', '5', 'd', 'a'],
      ['13', '4', 'd"e', 'a'],
      ['14', '4', 'd', 'a'],
      ['15', '4', 'd', 'last'],
      ['17', '4', 'd', 'end'],
    ])
    expect(bad).toEqual(['10 too-many-columns', '12 open-quote', '16 encoding'])
  })
})
