import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { codesUnder } from '../../../grouper/dip/witness.ts'
import {
  type Case,
  compileDipBook,
  createDipColumns,
  type DipCatalogue,
  dipResultRow,
  groupDipBatch,
  matchCase,
  openDipBook,
  readByStem,
  readCases,
} from '../../../grouper/index.ts'
import type { Agreement } from '../drg/engines.ts'
import { CASE_HEADER, caseRow, dice } from '../drg/random-case.ts'

const PART = 50_000

/** Compares kernel and literal matcher on cases `0 … count - 1` of a seed, read from a file. */
export function compareDipEngines(catalogue: DipCatalogue, count: number, seed: number): Agreement {
  const urn = urnOf(catalogue)
  const results = new Set<string>()
  const folder = mkdtempSync(join(tmpdir(), 'dianzhi-dip-'))
  try {
    for (let from = 0; from < count; from += PART) {
      const cases = Array.from({ length: Math.min(PART, count - from) }, (_, i) => randomCase(urn, seed, from + i))
      const fast = kernelResults(catalogue, cases, join(folder, 'cases.csv'))
      for (const [i, given] of cases.entries()) {
        const literal = literalResult(catalogue, given)
        results.add(literal)
        if (fast[i] === literal) continue
        const shown = `${given.diagnoses.join('|')} + ${given.procedures.join('|')}`
        const difference = `${catalogue.manifest.id} seed ${seed} case ${from + i} (${shown}): kernel ${fast[i]}, literal ${literal}`
        return { cases: from, results: results.size, difference }
      }
    }
    return { cases: count, results: results.size, difference: undefined }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Writes random cases of a catalogue as a file; with `ids` below `count`, ids come again. */
export function writeRandomCases(
  catalogue: DipCatalogue,
  { count, seed, file, ids = count }: { count: number; seed: number; file: string; ids?: number },
): string {
  const urn = urnOf(catalogue)
  const rows = Array.from({ length: count }, (_, i) => caseRow(randomCase(urn, seed, i), i % ids))
  writeFileSync(file, [CASE_HEADER, ...rows, ''].join('\n'))
  return file
}

function literalResult(catalogue: DipCatalogue, given: Case): string {
  const { status, reason, code, layer, type, mainOperation, conservative, tags, candidates, decidedBy } = matchCase(
    catalogue,
    given,
  )
  // The reader gives no text to an operation that no dictionary has.
  const main = catalogue.procedures.ids.has(mainOperation) ? mainOperation : ''
  return [code, layer, type, status, reason, conservative, tags.join('|'), main, candidates.join('|'), decidedBy].join()
}

/** Results of the kernel, by way of a file and of a book as another thread would open it. */
function kernelResults(catalogue: DipCatalogue, cases: readonly Case[], file: string): string[] {
  writeFileSync(file, [CASE_HEADER, ...cases.map(caseRow), ''].join('\n'))
  const book = openDipBook(compileDipBook(catalogue).buffer)
  const groups = createDipColumns(5_000)
  const results: string[] = []
  readCases([file], {
    dxTable: book.dxTable,
    pxTable: book.pxTable,
    oddCode: (id, isDx, text) => readByStem(book, id, isDx, text),
    batchSize: 5_000,
    onBatch(batch) {
      groupDipBatch(book, batch, groups)
      for (let i = 0; i < batch.count; i++) {
        const { id: _, ...row } = dipResultRow(book, batch, groups, i)
        const { dip, layer, type, status, reason, conservative, marks, main, ties, tieRule } = row
        results.push([dip, layer, type, status, reason, conservative, marks, main, ties, tieRule].join())
      }
    },
  })
  return results
}

/** What random cases are drawn from: the rows of a catalogue, its lists, and any code of its dictionaries. */
interface Urn {
  readonly catalogue: DipCatalogue
  readonly terms: readonly string[]
  readonly otherTerms: readonly string[]
  readonly listed: readonly string[]
  readonly excluded: readonly string[]
  readonly operations: readonly string[]
  readonly tagged: readonly string[]
  /** Full codes by term, as they are asked for. */
  readonly codes: Map<string, readonly string[]>
}

function urnOf(catalogue: DipCatalogue): Urn {
  const { groups, lists, procedures } = catalogue
  return {
    catalogue,
    terms: [...new Set([...groups.flatMap(({ dx }) => dx), ...lists.tags.map(({ dx }) => dx)])],
    otherTerms: [
      'U84.300',
      'P07',
      'T31',
      'T32',
      'C34',
      'C78',
      ...groups.flatMap(each => each.conditions.otherDx ?? []),
    ],
    listed: [...lists.excludedDiagnoses, ...lists.drugResistant],
    excluded: [...lists.excludedOperations.keys()],
    operations: procedures.codes.slice(1),
    tagged: lists.tags.flatMap(({ operations }) => operations),
    codes: new Map(),
  }
}

/** A case near some row: its diagnosis and operations, then others that may spoil it or fit another row too. */
function randomCase(urn: Urn, seed: number, index: number): Case {
  const { below } = dice(seed, index)
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!
  const { groups } = urn.catalogue
  const row = pick(groups)
  const under = (terms: readonly string[]): string => {
    const term = pick(terms)
    const codes = urn.codes.get(term) ?? codesUnder(urn.catalogue, term)
    urn.codes.set(term, codes)
    return pick(codes)
  }
  const what = below(20)
  const principal =
    what === 0 && urn.listed.length > 0
      ? pick(urn.listed)
      : what === 1
        ? 'Z99.x99x999'
        : what === 2
          ? `${under(urn.terms).slice(0, 5)}99x777`
          : what < 5 || row.dx.length === 0
            ? under(urn.terms)
            : under(row.dx)
  const diagnoses = below(100) === 0 ? [] : [principal]
  if (diagnoses.length > 0) {
    for (let k = below(5); k > 0; k--) {
      const from = below(4)
      diagnoses.push(
        from === 0
          ? under(urn.terms)
          : from === 1 && row.conditions.otherDx
            ? under(row.conditions.otherDx)
            : under(urn.otherTerms),
      )
    }
  }
  const procedures: string[] = []
  if (below(8) > 0) {
    if (below(6) === 0 && urn.excluded.length > 0) procedures.push(pick(urn.excluded))
    if (row.main.length > 0) procedures.push(pick(row.main))
    for (const factor of row.related) if (below(6) > 0) procedures.push(pick(factor))
  }
  for (let k = below(4); k > 0; k--) {
    const other = pick(groups)
    const from = below(8)
    if (from === 0) procedures.push(pick(urn.operations))
    else if (from === 1) procedures.push('00.0000x999')
    else if (from === 2 && urn.tagged.length > 0) procedures.push(pick(urn.tagged))
    else if (from === 3 && urn.excluded.length > 0) procedures.push(pick(urn.excluded))
    else if (other.related.length > 0) procedures.push(pick(pick(other.related)))
    else if (other.main.length > 0) procedures.push(pick(other.main))
  }
  if (below(12) === 0) procedures.reverse()
  const newborn = row.conditions.weight !== undefined || below(10) === 0
  return {
    sex: 1,
    ageYears: newborn ? 0 : below(90),
    ...(below(6) === 0 ? {} : { ageDays: newborn ? below(40) : below(30_000) }),
    ...(below(3) === 0 ? {} : { weight: below(4) === 0 ? 0 : 400 + below(24) * 100 - below(2) }),
    losDays: below(90),
    ...(below(6) === 0 ? {} : { totalCost: below(5_000_000) }),
    diagnoses,
    procedures,
  }
}
