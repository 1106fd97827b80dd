import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CaseBatch, compileBook, loadScheme, type RuleBook, readCases, type Scheme } from '../grouper/index.ts'
import { readRegionParameters, writeRegion } from '../synth/index.ts'

const SCHEME = 'chs-drg-2.0'
const FILE = 'cases.csv'

/** What all variants work on. */
export interface Input {
  readonly scheme: Scheme
  readonly book: RuleBook
  readonly folder: string
  /** Cases without rejects, unknown codes and codes to repair, so that the naive reader gets the same answers. */
  readonly file: string
  /** The same cases, encoded, in one batch; read when it is first asked for. */
  readonly batch: CaseBatch
}

/** Draws cases (seed 7) and keeps the clean rows. */
export function createInput(folder: string, cases: number): Input {
  const scheme = loadScheme(SCHEME)
  const book = compileBook(scheme)
  const { dxTable, pxTable } = book
  const parameters = readRegionParameters()
  writeRegion({ scheme, parameters, seed: 7, cases, folder, name: 'drawn.csv', schemeName: SCHEME })
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
  writeFileSync(join(folder, FILE), `${kept.join('\n')}\n`)
  return inputOf(folder, scheme, book)
}

/** What `createInput` made, for another process. */
export function openInput(folder: string): Input {
  const scheme = loadScheme(SCHEME)
  return inputOf(folder, scheme, compileBook(scheme))
}

function inputOf(folder: string, scheme: Scheme, book: RuleBook): Input {
  const file = join(folder, FILE)
  let batch: CaseBatch | undefined
  return {
    scheme,
    book,
    folder,
    file,
    get batch() {
      batch ??= readBatch(book, file)
      return batch
    },
  }
}

function readBatch({ dxTable, pxTable }: RuleBook, file: string): CaseBatch {
  const batches: CaseBatch[] = []
  const batchSize = readFileSync(file, 'latin1').split('\n').length
  readCases([file], { dxTable, pxTable, labels: 'none', batchSize, onBatch: batch => batches.push({ ...batch }) })
  return batches[0]!
}
