import type { Reject } from './reject.ts'
import type { CaseTable } from './table.ts'

/** The cases of a file of another form, or of one sheet of it, as rows of the simple table. */
export interface CaseSource extends Pick<CaseTable, 'encoding' | 'columns'> {
  /** The file, for messages, with its sheet where it has several. */
  readonly name: string
  /** The next piece of the file; undefined at its end. A source is read once. */
  read(): SourcePiece | undefined
}

/** A piece of a source. */
export interface SourcePiece {
  /**
   * Whole rows, one a line, of cells between unit separators (U+001F), as the columns say. Lines count as those of the
   * file do: for every line of the file that is no case a blank line stands here.
   */
  readonly text: Uint8Array
  /** Rows that the source itself could not read; `file` where they stand in another than the source's own. */
  readonly rejects: readonly (Reject & { readonly file?: string })[]
  /** Bytes of the file that are done. */
  readonly position: number
}
