import type { RejectReason } from '../../grouper/index.ts'
import { tableElsewhere } from './bridge.ts'
import { readDelimited } from './delimited.ts'
import { jsonValues } from './json-values.ts'
import { plainHeader } from './layout.ts'
import { parseJson } from './message.ts'
import type { TablePlan } from './plan.ts'
import type { FileRow } from './rows-of.ts'

/** Called for a row that cannot be read. */
export type BadRow = (line: number, reason: RejectReason) => void

/**
 * The rows of a table, whatever kind of file it is in: cells in the order of the plan. Damaged rows are told to `bad`.
 *
 * @param needed place in the plan of a column that a row cut short must not lack
 */
export function* tableRows(plan: TablePlan, bad: BadRow = () => {}, needed = -1): Generator<FileRow> {
  if (plan.container === 'json') yield* objectRows(plan, bad)
  else if (plan.container !== 'csv') yield* tableElsewhere(plan)
  else {
    const least = (plan.columns[needed]?.index ?? -1) + 1
    let rows: FileRow[] = []
    const taker = {
      row(cells: readonly string[], line: number, width: number): void {
        if (width < least) bad(line, 'too-few-columns')
        else rows.push({ line, cells: [...cells] })
      },
      bad,
    }
    for (const _ of readDelimited(plan, taker)) {
      yield* rows
      rows = []
    }
  }
}

/** Objects of JSON as rows: their columns go by name. */
function* objectRows({ file, encoding, columns }: TablePlan, bad: BadRow): Generator<FileRow> {
  const names = columns.map(({ header }) => plainHeader(header))
  for (const { text, line, isCut } of jsonValues(file, encoding)) {
    const value = isCut ? undefined : parseJson(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      bad(line, 'not-a-message')
      continue
    }
    const cells = new Map(Object.entries(value).map(([key, cell]) => [plainHeader(key), textOf(cell)]))
    yield { line, cells: names.map(name => cells.get(name) ?? '') }
  }
}

function textOf(value: unknown): string {
  return value === null || value === undefined || typeof value === 'object' ? '' : String(value)
}
