import type { CaseBatch } from '../cases/batch.ts'
import type { CaseField } from '../cases/columns.ts'
import type { ReadOptions } from '../cases/reader.ts'
import type { LabelSet } from '../cases/scan.ts'
import { convertBatch, createConversionCounts } from '../codes/reading.ts'
import type { GroupColumns } from '../drg/kernel.ts'
import { checkGrouped, createRuleCheck, type RuleCheck } from './check.ts'
import { type Checker, planRules } from './checker.ts'
import { codeText, strayId } from './code-index.ts'
import type { FindingReceiver } from './finding.ts'
import { groupsOf } from './row.ts'

/** A code that was read after repair, until its row is known to be kept. */
interface Repair {
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
}

/** Checks the batches of case tables. */
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
  let repairs: Repair[] = []
  let check: RuleCheck | undefined
  return {
    options: {
      dxTable: reading.dxTable,
      pxTable: reading.pxTable,
      pxPadding: reading.pxPadding,
      // Findings name the hospital; no rule asks for another label.
      labels: 'hospital',
      oddCode(id, isDx, text, line) {
        if (id === 0) return strayId(isDx ? checker.dx : checker.px, text, 0, text.length)
        repairs.push({ line, isDx, before: decoder.decode(text), id })
        return id
      },
    },
    open(fields) {
      check = ready(fields)
    },
    batch(batch, labels) {
      const before = repairsByRow(checker, batch, repairs)
      repairs = []
      convertBatch(reading, batch, counts)
      const groups = groupsOf(checker, batch)
      check ??= ready([])
      checkGrouped(check, { batch, hospitals: labels.hospital.texts, repairs: before }, groups, out)
      return groups
    },
  }
}

function repairsByRow(checker: Checker, batch: CaseBatch, repairs: readonly Repair[]): Map<number, string[]> {
  const byRow = new Map<number, string[]>()
  if (repairs.length === 0) return byRow
  const { dx, px } = checker.options.reading
  for (const { line, isDx, before, id } of repairs) {
    const row = rowOf(batch, line)
    if (row < 0) continue
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
