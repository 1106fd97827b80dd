import type { Align } from './columns.ts'

export interface Column {
  readonly title: string
  /** Default left; numbers stand right and are never cut. */
  readonly align?: Align
}

/** A table ready to be shown: texts only, numbers already formatted. */
export interface Grid {
  readonly columns: readonly Column[]
  /** As many cells a row as there are columns. */
  readonly rows: readonly (readonly string[])[]
}

/** A left-aligned column. */
export function textColumn(title: string): Column {
  return { title, align: 'left' }
}

/** A right-aligned column. */
export function numberColumn(title: string): Column {
  return { title, align: 'right' }
}

/** Refuses a grid whose rows are not all as wide as its header. */
export function checkGrid(grid: Grid): void {
  const width = grid.columns.length
  const at = grid.rows.findIndex(row => row.length !== width)
  if (at >= 0) throw new RangeError(`row ${at} has ${grid.rows[at]!.length} cells, the header has ${width}`)
}
