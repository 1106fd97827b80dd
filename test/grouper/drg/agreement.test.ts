import { describe, expect, it } from 'vitest'
import {
  type Case,
  compileBook,
  createGroupColumns,
  groupBatch,
  interpret,
  listSchemes,
  loadScheme,
  openBook,
  readCases,
  resultRow,
  type Scheme,
} from '../../../grouper/index.ts'
import { put, temporaryFolder } from '../../temporary.ts'
import { CASE_HEADER, caseRow, randomCase, urnOf } from './random-case.ts'

const folder = temporaryFolder()

/** Groups of the kernel, by way of a file. */
function kernelResults(scheme: Scheme, cases: readonly Case[]): string[] {
  const file = put(folder, `${scheme.manifest.id}.csv`, [CASE_HEADER, ...cases.map(caseRow), ''].join('\n'))
  const book = openBook(compileBook(scheme).buffer)
  const groups = createGroupColumns(5_000)
  const results: string[] = []
  const summary = readCases([file], {
    dxTable: book.dxTable,
    pxTable: book.pxTable,
    batchSize: 5_000,
    onBatch(batch) {
      groupBatch(book, batch, groups)
      for (let i = 0; i < batch.count; i++) {
        const { mdc, adrg, drg, status, reason } = resultRow(book, batch, groups, i)
        results.push([mdc, adrg, drg, status, reason].join())
      }
    },
  })
  expect(summary.rejected).toBe(0)
  return results
}

function literalResult(scheme: Scheme, given: Case): string {
  const { mdc, adrg, drg, status, reason } = interpret(scheme, given)
  return [mdc, adrg, drg, status, reason].join()
}

describe('kernel and interpreter agree', () => {
  const SEED = 20261122
  it.each(listSchemes())('on 50,000 random cases of %s', id => {
    const scheme = loadScheme(id)
    const urn = urnOf(scheme)
    const cases = Array.from({ length: 50_000 }, (_, i) => randomCase(urn, SEED, i))
    const fast = kernelResults(scheme, cases)
    const leaves = new Set<string>()
    cases.forEach((given, i) => {
      const literal = literalResult(scheme, given)
      leaves.add(literal)
      if (fast[i] !== literal) expect.fail(`seed ${SEED} case ${i}: kernel ${fast[i]}, interpreter ${literal}`)
    })
    // The draw is worth something only when it reaches most of the scheme.
    expect(leaves.size).toBeGreaterThan(450)
  })
})
