import { foldSigns, isOperation } from './expression.ts'
import { parseTerm } from './keys.ts'

/** What the cells of a column look like, for titles that nobody knows. */
export type Guess = 'dx' | 'main'

/** Cells looked at, and the share of them that must be codes. */
const SAMPLE = 200
const MOST = 0.8

/** Whether cells hold diagnosis or operation codes; undefined for neither, or no text at all. */
export function guessColumn(cells: readonly string[]): Guess | undefined {
  const texts = cells.map(foldSigns).filter(text => text !== '')
  const sample = texts.slice(0, SAMPLE)
  const share = (isCode: (part: string) => boolean): number =>
    sample.filter(text => text.split(/[|/,;、+]/).every(isCode)).length / sample.length
  if (sample.length === 0) return undefined
  if (share(part => isOperation(part.replaceAll('X', 'x'))) >= MOST) return 'main'
  return share(part => parseTerm(part) !== undefined) >= MOST ? 'dx' : undefined
}

/** A column that looks like codes, in rows with a title above them. */
export interface GuessedColumn {
  readonly title: string
  readonly guess: Guess
}

/** The columns of a sheet that look like codes, each with the last text above its codes as title. */
export function guessSheet(rows: readonly { readonly cells: readonly string[] }[]): GuessedColumn[] {
  const width = Math.max(0, ...rows.slice(0, SAMPLE).map(({ cells }) => cells.length))
  const found: GuessedColumn[] = []
  for (let column = 0; column < width; column++) {
    const cells = rows.map(row => row.cells[column] ?? '')
    const first = cells.findIndex(cell => guessColumn([cell]) !== undefined)
    const guess = first < 1 ? undefined : guessColumn(cells.slice(first))
    const title = cells.slice(0, Math.max(0, first)).findLast(cell => cell.trim() !== '')
    if (guess !== undefined && title !== undefined) found.push({ title: title.trim(), guess })
  }
  return found
}
