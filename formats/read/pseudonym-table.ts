import { cleanText } from './clean.ts'
import { type Header, knownColumn } from './header.ts'
import type { Mapping } from './mapping.ts'
import type { PlannedColumn, SidePlan, TablePlan } from './plan.ts'
import { type Pseudonyms, shiftBirth, shiftText } from './pseudonym.ts'
import { type BadRow, tableRows } from './side-rows.ts'

/** A table without what identifies persons. */
export interface PseudonymTable {
  readonly header: readonly string[]
  /** Columns whose content was left out, and those that are written. */
  readonly dropped: number
  readonly kept: number
  rows(bad: BadRow): Generator<readonly string[]>
}

/** Days by which the dates of a row are shifted, from its settlement id, person and case id. */
export type DaysOf = (settleId: string, person: string, id: string) => number

/** Fields whose cells are replaced by keyed hashes. */
export const PSEUDONYM_FIELDS: ReadonlySet<string> = new Set(['id', 'settleId', 'person', 'doctor'])

/** One column of a table and what is done with it. */
export interface Treated extends PlannedColumn {
  readonly how: 'keep' | 'hash' | 'drop' | 'birth'
}

/** All columns of a table and what is done with each. */
export function treatedColumns(header: Header, mapping: Mapping): Treated[] {
  return header.row.cells.map((cell, index): Treated => {
    const known = knownColumn(header.layout, cell.trim())
    const asked = mapping.columns?.[cell.trim()]
    const field = asked ?? known?.field ?? ''
    const isKnown = known !== undefined || asked !== undefined
    const how = PSEUDONYM_FIELDS.has(field)
      ? 'hash'
      : !isKnown || known?.isPrivate === true
        ? 'drop'
        : field === 'birthDate'
          ? 'birth'
          : 'keep'
    return { index, header: cell, field, how }
  })
}

/** A table of cases or settlements: all its columns, those that no layout knows empty. */
export function pseudonymTable(
  plan: TablePlan,
  header: Header,
  mapping: Mapping,
  names: Pseudonyms,
  daysOf: DaysOf,
): PseudonymTable {
  const treated = treatedColumns(header, mapping)
  const at = (field: string): number => treated.findIndex(column => column.field === field)
  const [settlement, person, id, admission] = ['settleId', 'person', 'id', 'admitTime'].map(at) as [
    number,
    number,
    number,
    number,
  ]
  const dropped = treated.filter(column => column.how === 'drop').length
  return {
    header: header.row.cells,
    dropped,
    kept: treated.length - dropped,
    *rows(bad) {
      for (const { cells } of tableRows({ ...plan, columns: treated }, bad)) {
        const text = (place: number): string => cleanText(cells[place] ?? '')
        const days = daysOf(text(settlement), text(person), text(id))
        yield treated.map(({ how, field }, i) => treat(how, field, cells[i] ?? '', days, cells[admission] ?? '', names))
      }
    },
  }
}

/** A table of diagnoses and the like: what is no fact of its node is left out; times are shifted as those of the stay. */
export function pseudonymSide(plan: SidePlan, names: Pseudonyms, daysOf: DaysOf): PseudonymTable {
  const { columns } = plan
  const keyAt = columns.findIndex(column => column.field === 'settleId')
  return {
    header: columns.map(column => column.header),
    dropped: Math.max(plan.width - columns.length, 0),
    kept: columns.length,
    *rows(bad) {
      for (const { cells } of tableRows(plan, bad)) {
        const days = daysOf(cleanText(cells[keyAt] ?? ''), '', '')
        yield columns.map(({ field }, i) =>
          treat(PSEUDONYM_FIELDS.has(field) ? 'hash' : 'keep', field, cells[i]!, days, '', names),
        )
      }
    },
  }
}

function treat(
  how: Treated['how'],
  field: string,
  cell: string,
  days: number,
  admission: string,
  names: Pseudonyms,
): string {
  if (how === 'drop' || cell === '') return ''
  if (how === 'hash') return names.id(field, cleanText(cell))
  if (how === 'birth') return shiftBirth(cleanText(cell), cleanText(admission), days)
  // Serial numbers pass for dates only where a date is due; here any column may hold one.
  return /^\d{1,7}(\.\d+)?$/.test(cell) ? cell : shiftText(cell, days)
}
