import type { CaseBatch } from '../cases/batch.ts'
import type { CaseField } from '../cases/columns.ts'
import type { ReadOptions } from '../cases/reader.ts'
import type { LabelSet } from '../cases/scan.ts'
import { convertBatch, createConversionCounts } from '../codes/reading.ts'
import type { GroupColumns } from '../drg/kernel.ts'
import { checkBatch } from './check.ts'
import { type Checker, planRules, type RulePlan } from './checker.ts'
import { codeText, strayId } from './code-index.ts'
import type { QualityFinding } from './finding.ts'

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
export function createTableCheck(checker: Checker, found: (finding: QualityFinding) => void): TableCheck {
  const { reading } = checker.options
  const counts = createConversionCounts()
  let repairs: Repair[] = []
  let plan: RulePlan = planRules(checker, new Set(), ['case'])
  return {
    options: {
      dxTable: reading.dxTable,
      pxTable: reading.pxTable,
      pxPadding: reading.pxPadding,
      // Findings name the hospital; no rule asks for another label.
      labels: 'hospital',
      oddCode(id, isDx, text, line) {
        if (id === 0) return strayId(isDx ? checker.dx : checker.px, text, 0, text.length)
        repairs.push({ line, isDx, before: new TextDecoder().decode(text), id })
        return id
      },
    },
    open(fields) {
      plan = planRules(checker, new Set(fields.filter(field => field !== undefined)), ['case'])
    },
    batch(batch, labels) {
      const before = repairsByRow(checker, batch, repairs)
      repairs = []
      convertBatch(reading, batch, counts)
      const more = { facts: new Map(), repairs: before }
      return checkBatch(checker, { batch, hospitals: labels.hospital.texts, plan, more }, found)
    },
  }
}

function repairsByRow(checker: Checker, batch: CaseBatch, repairs: readonly Repair[]): Map<number, string[]> {
  const byRow = new Map<number, string[]>()
  if (repairs.length === 0) return byRow
  const rowOf = new Map<number, number>()
  for (let i = 0; i < batch.count; i++) rowOf.set(batch.line[i]!, i)
  const { dx, px } = checker.options.reading
  for (const { line, isDx, before, id } of repairs) {
    const row = rowOf.get(line)
    if (row === undefined) continue
    const after = (isDx ? dx : px)?.from.codes[id] ?? codeText(isDx ? checker.dx : checker.px, id)
    byRow.set(row, [...(byRow.get(row) ?? []), `${before} → ${after}`])
  }
  return byRow
}
