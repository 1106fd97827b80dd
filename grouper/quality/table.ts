import type { CaseBatch } from '../cases/batch.ts'
import type { CaseField } from '../cases/columns.ts'
import type { ReadOptions } from '../cases/reader.ts'
import type { LabelSet } from '../cases/scan.ts'
import { convertBatch, createConversionCounts } from '../codes/reading.ts'
import type { GroupColumns } from '../drg/kernel.ts'
import { checkGrouped, createRuleCheck, type RuleCheck } from './check.ts'
import { type Checker, planRules } from './checker.ts'
import { codeText, strayId } from './code-index.ts'
import type { FactName } from './facts.ts'
import { createFileCodes } from './file-codes.ts'
import type { FindingReceiver } from './finding.ts'
import { groupsOf } from './row.ts'

/** A code that was read after repair, or has no id (0), until its row is known to be kept. */
interface Odd {
  readonly line: number
  readonly isDx: boolean
  readonly before: string
  readonly id: number
}

/** The check of case tables: a part of the reading options, batches in, findings out. */
export interface TableCheck {
  readonly options: Pick<ReadOptions, 'dxTable' | 'pxTable' | 'pxPadding' | 'oddCode' | 'labels'>
  /** The columns of the next file: what it lacks is not checked. */
  open(fields: readonly (CaseField | undefined)[]): void
  /** Checks a batch and gives its groups. */
  batch(batch: CaseBatch, labels: LabelSet): GroupColumns
  /** Facts of the file that was read, for rules about it as a whole. */
  facts(): Partial<Record<FactName, number>>
}

/** Checks the batches of a case table. */
export function createTableCheck(checker: Checker, out: FindingReceiver): TableCheck {
  const { reading } = checker.options
  const counts = createConversionCounts()
  const decoder = new TextDecoder()
  const ready = (fields: readonly (CaseField | undefined)[]): RuleCheck =>
    createRuleCheck(
      checker,
      planRules(checker, new Set(fields.filter(field => field !== undefined)), ['case']),
      new Map(),
    )
  const codes = createFileCodes(checker)
  let odd: Odd[] = []
  let check: RuleCheck | undefined
  return {
    options: {
      dxTable: reading.dxTable,
      pxTable: reading.pxTable,
      pxPadding: reading.pxPadding,
      // Findings name the hospital; no rule asks for another label.
      labels: 'hospital',
      oddCode(id, isDx, text, line) {
        const kept = id === 0 ? strayId(isDx ? checker.dx : checker.px, text, 0, text.length) : id
        if (kept === id) odd.push({ line, isDx, before: decoder.decode(text), id })
        return kept
      },
    },
    open(fields) {
      check = ready(fields)
    },
    batch(batch, labels) {
      codes.count(batch)
      const kept = odd.map(one => ({ ...one, row: rowOf(batch, one.line) })).filter(({ row }) => row >= 0)
      for (const { before, id, isDx } of kept) codes.other(before, id, isDx)
      const before = repairsByRow(checker, kept)
      odd = []
      convertBatch(reading, batch, counts)
      const groups = groupsOf(checker, batch)
      check ??= ready([])
      checkGrouped(check, { batch, hospitals: labels.hospital.texts, repairs: before }, groups, out)
      return groups
    },
    facts: codes.facts,
  }
}

function repairsByRow(checker: Checker, odd: readonly (Odd & { readonly row: number })[]): Map<number, string[]> {
  const byRow = new Map<number, string[]>()
  const { dx, px } = checker.options.reading
  for (const { row, isDx, before, id } of odd) {
    if (id === 0) continue
    const after = (isDx ? dx : px)?.from.codes[id] ?? codeText(isDx ? checker.dx : checker.px, id)
    byRow.set(row, [...(byRow.get(row) ?? []), `${before} → ${after}`])
  }
  return byRow
}

/** The row of a line, by halves, since lines ascend; -1 where it was not kept. */
function rowOf({ line: lines, count }: CaseBatch, line: number): number {
  let from = 0
  for (let to = count; from < to; ) {
    const middle = (from + to) >> 1
    if (lines[middle]! < line) from = middle + 1
    else to = middle
  }
  return from < count && lines[from] === line ? from : -1
}
