import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Case,
  compileBook,
  createGroupColumns,
  groupBatch,
  interpret,
  openBook,
  readCases,
  resultRow,
  type Scheme,
} from '../../../grouper/index.ts'
import { CASE_HEADER, caseRow, randomCase, type Urn, urnOf } from './random-case.ts'

/** What the comparison of the two engines on random cases found. */
export interface Agreement {
  readonly cases: number
  /** Different results that were met: the draw is worth something only when it reaches most of a scheme. */
  readonly results: number
  /** The first difference, with what is needed to see it again. */
  readonly difference: string | undefined
}

const PART = 50_000

/** Compares kernel and interpreter on cases `0 … count - 1` of a seed. */
export function compareEngines(scheme: Scheme, count: number, seed: number): Agreement {
  const urn = urnOf(scheme)
  const results = new Set<string>()
  const folder = mkdtempSync(join(tmpdir(), 'dianzhi-engines-'))
  try {
    for (let from = 0; from < count; from += PART) {
      const difference = comparePart(scheme, { urn, seed, from, to: Math.min(count, from + PART) }, folder, results)
      if (difference !== undefined) return { cases: from, results: results.size, difference }
    }
    return { cases: count, results: results.size, difference: undefined }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Part {
  readonly urn: Urn
  readonly seed: number
  readonly from: number
  readonly to: number
}

function comparePart(scheme: Scheme, part: Part, folder: string, results: Set<string>): string | undefined {
  const cases = Array.from({ length: part.to - part.from }, (_, i) => randomCase(part.urn, part.seed, part.from + i))
  const fast = kernelResults(scheme, cases, join(folder, 'cases.csv'))
  for (const [i, given] of cases.entries()) {
    const { mdc, adrg, drg, status, reason } = interpret(scheme, given)
    const literal = [mdc, adrg, drg, status, reason].join()
    results.add(literal)
    if (fast[i] !== literal) {
      return `${scheme.manifest.id} seed ${part.seed} case ${part.from + i}: kernel ${fast[i]}, interpreter ${literal}`
    }
  }
  return undefined
}

/** Results of the kernel, by way of a file and of a book as another thread would open it. */
function kernelResults(scheme: Scheme, cases: readonly Case[], file: string): string[] {
  writeFileSync(file, [CASE_HEADER, ...cases.map(caseRow), ''].join('\n'))
  const book = openBook(compileBook(scheme).buffer)
  const groups = createGroupColumns(5_000)
  const results: string[] = []
  readCases([file], {
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
  return results
}
