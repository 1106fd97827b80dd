import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CaseBatch, compileBook, loadScheme, type RuleBook, readCases, type Scheme } from '../grouper/index.ts'
import { readRegionParameters, writeRegion } from '../synth/index.ts'

/** What all variants work on. */
export interface Input {
  readonly scheme: Scheme
  readonly book: RuleBook
  readonly folder: string
  /** Cases without rejects, unknown codes and codes to repair, so that the naive reader gets the same answers. */
  readonly file: string
  /** The same cases, encoded, in one batch. */
  readonly batch: CaseBatch
}

/** Draws cases (seed 7) and keeps the clean rows. */
export function createInput(folder: string, cases: number): Input {
  const scheme = loadScheme('chs-drg-2.0')
  const book = compileBook(scheme)
  const { dxTable, pxTable } = book
  const parameters = readRegionParameters()
  writeRegion({ scheme, parameters, seed: 7, cases, folder, name: 'drawn.csv', schemeName: 'chs-drg-2.0' })
  const drawn = join(folder, 'drawn.csv')
  const lines = readFileSync(drawn, 'utf8').split('\n')
  const kept = [lines[0]!]
  readCases([drawn], {
    dxTable,
    pxTable,
    labels: 'none',
    onBatch(batch) {
      for (let i = 0; i < batch.count; i++) {
        if (batch.unknownDx[i]! + batch.unknownPx[i]! + batch.repaired[i]! === 0) kept.push(lines[batch.line[i]! - 1]!)
      }
    },
  })
  const file = join(folder, 'cases.csv')
  writeFileSync(file, `${kept.join('\n')}\n`)
  const batches: CaseBatch[] = []
  readCases([file], {
    dxTable,
    pxTable,
    labels: 'none',
    batchSize: cases,
    onBatch: batch => batches.push({ ...batch }),
  })
  return { scheme, book, folder, file, batch: batches[0]! }
}
