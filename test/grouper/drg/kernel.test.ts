import { describe, expect, it } from 'vitest'
import {
  type CaseBatch,
  compileBook,
  createGroupColumns,
  groupBatch,
  interpret,
  loadScheme,
  type RuleBook,
  readCases,
  resultRow,
} from '../../../grouper/index.ts'
import { put, temporaryFolder } from '../../temporary.ts'
import { CASE_HEADER, caseRow, randomCase, urnOf } from './random-case.ts'

const COUNT = 700
const ROW_COLUMNS = ['sex', 'age', 'ageDays', 'weight', 'los', 'dischargeWay', 'icuHours', 'cost'] as const

interface Drawn {
  readonly book: RuleBook
  readonly batch: CaseBatch
  /** Group and reason by the rules as written. */
  readonly expected: readonly string[]
}

const folder = temporaryFolder()
const [national, older] = ['chs-drg-2.0', 'chs-drg-1.1'].map(draw) as [Drawn, Drawn]

function draw(id: string): Drawn {
  const scheme = loadScheme(id)
  const book = compileBook(scheme)
  const urn = urnOf(scheme)
  const cases = Array.from({ length: COUNT }, (_, i) => randomCase(urn, 11, i))
  const file = put(folder, `${id}.csv`, [CASE_HEADER, ...cases.map(caseRow), ''].join('\n'))
  const batches: CaseBatch[] = []
  const { dxTable, pxTable } = book
  readCases([file], { dxTable, pxTable, batchSize: COUNT, onBatch: batch => batches.push({ ...batch }) })
  const expected = cases.map(one => {
    const { drg, reason } = interpret(scheme, one)
    return `${drg} ${reason}`
  })
  return { book, batch: batches[0]!, expected }
}

/** The cases over and over until there are `count`, behind so many codes that no row has, in memory that threads do not share. */
function repeated(batch: CaseBatch, count: number, before: number): CaseBatch {
  const rows = Array.from({ length: count }, (_, i) => i % COUNT)
  const column = (name: (typeof ROW_COLUMNS)[number]) => {
    const values = batch[name]
    return new (values.constructor as new (from: number[]) => typeof values)(rows.map(row => values[row]!))
  }
  const list = (name: 'dx' | 'px') => {
    const starts = batch[`${name}Start`]
    const codes: number[] = Array.from({ length: before }, () => 7)
    const ends = rows.map(row => {
      codes.push(...batch[name].subarray(starts[row], starts[row + 1]))
      return codes.length
    })
    return { [name]: Uint16Array.from(codes), [`${name}Start`]: Uint32Array.of(before, ...ends) }
  }
  const columns = Object.fromEntries(ROW_COLUMNS.map(name => [name, column(name)]))
  return { ...batch, ...columns, ...list('dx'), ...list('px'), count }
}

function grouped(book: RuleBook, batch: CaseBatch): string[] {
  const groups = createGroupColumns(batch.count)
  groupBatch(book, batch, groups)
  return Array.from({ length: batch.count }, (_, i) => {
    const { drg, reason } = resultRow(book, batch, groups, i)
    return `${drg} ${reason}`
  })
}

describe('the kernel', () => {
  it.each([1, 16, 17, 2047, 2048, 2049, 5000])('groups %i rows as the rules say, wherever their codes begin', count => {
    const expected = Array.from({ length: count }, (_, i) => national.expected[i % COUNT])
    for (const before of [0, 3, 600_000]) {
      expect(grouped(national.book, repeated(national.batch, count, before))).toEqual(expected)
    }
  })

  it('keeps the books of several schemes apart', () => {
    for (const { book, batch, expected } of [national, older, national, older]) {
      expect(grouped(book, batch)).toEqual(expected)
    }
  })

  it('takes nothing for a value that a column does not have', () => {
    const batch = repeated(national.batch, 200, 0)
    const short = [
      { ...batch, sex: batch.sex.subarray(0, 100) },
      { ...batch, dxStart: batch.dxStart.subarray(0, 200) },
      { ...batch, dx: batch.dx.subarray(0, 10) },
      { ...batch, count: 1, dx: new Uint16Array(2_000_000), dxStart: Uint32Array.of(0, 2_000_000) },
    ]
    for (const one of short) expect(() => grouped(national.book, one)).toThrow(RangeError)
  })
})
