import { describe, expect, it } from 'vitest'
import { MUTATED_HEADER, mutatedRow } from '../../../bench/mutate.ts'
import { compileBook, createGroupColumns, groupBatch, loadScheme, readCases } from '../../../grouper/index.ts'
import { put, temporaryFolder } from '../../temporary.ts'

const folder = temporaryFolder()
const book = compileBook(loadScheme('chs-drg-2.0'))

/** `bench/fuzz.ts` does the same with a million rows. */
describe('damaged rows', () => {
  it.each([
    [10_000, false],
    [10_000, true],
  ])('%i of them (quotes and line breaks: %s): rows in = rows out + rejects', (count, hard) => {
    const rows = Array.from({ length: count }, (_, i) => mutatedRow(20261122, i, hard))
    const file = put(folder, 'mutated.csv', Buffer.concat([Buffer.from(`${MUTATED_HEADER}\n`), ...rows]))
    const groups = createGroupColumns(1_000)
    let [out, rejects] = [0, 0]
    const summary = readCases([file], {
      dxTable: book.dxTable,
      pxTable: book.pxTable,
      batchSize: 1_000,
      encoding: 'utf-8',
      onBatch: batch => {
        groupBatch(book, batch, groups)
        out += batch.count
      },
      onReject: () => rejects++,
    })
    expect(out + rejects).toBe(summary.rows)
    expect(summary).toMatchObject({ cases: out, rejected: rejects })
    if (!hard) expect(summary.rows).toBe(count)
    // Half of the rows are whole; ids that come again and damage keep the others apart.
    expect(out).toBeGreaterThan(count / 4)
    expect(rejects).toBeGreaterThan(count / 10)
  })
})
