import type { Column } from '../../grouper/index.ts'
import type { InfantAgeUnit } from './age.ts'
import type { Values } from './layout.ts'
import type { Refunds } from './refunds.ts'

/** What the bytes of a file are. */
export type Container = 'csv' | 'json' | 'xlsx' | 'parquet' | 'duckdb'

/** A column that is read. */
export interface PlannedColumn {
  /** Position in the file, from 0. */
  readonly index: number
  readonly header: string
  /** A `SourceField`; of a table beside a main one, a fact of its node. */
  readonly field: string
}

/** How the cells of a source are to be understood. */
export interface ReadingRules {
  readonly infantAgeUnit: InfantAgeUnit
  readonly weightUnit: 'g' | 'kg' | 'auto'
  /** Which weight of a newborn is read: a scheme says which it means. */
  readonly newbornWeight: 'birth' | 'admission'
  /** Whether the first other procedure moves up where the slot of the main one is empty; default it does not. */
  readonly mainProcedure: 'keep' | 'promote'
  /** Whether blanks separate codes within a cell. */
  readonly joinsCodes: boolean
  readonly values: Values
}

/** Where the rows of a table lie, and which of their columns are read. Plain data, so that a thread can be told it. */
export interface TablePlan {
  readonly file: string
  readonly container: Container
  readonly encoding: 'utf-8' | 'gb18030'
  /** Byte between cells of CSV. */
  readonly delimiter: number
  /** XLSX: position of the sheet, from 0. */
  readonly sheet: number
  /** Line of the file, or row of the sheet, behind the header. */
  readonly firstLine: number
  /** Columns that the header has. */
  readonly width: number
  readonly columns: readonly PlannedColumn[]
}

/** What a table beside a main one holds. */
export type SideRole = 'stay' | 'diagnoses' | 'procedures' | 'fees' | 'funds' | 'icu'

/** A table or messages beside the main ones, joined by settlement id. */
export interface SidePlan extends TablePlan {
  /** The file, with its sheet where it has several. */
  readonly name: string
  readonly role: SideRole
}

/** All that is needed to read the cases of one table of one file: what was found, or asked for. */
export interface SourcePlan extends TablePlan {
  /** The file, with its sheet where it has several. */
  readonly name: string
  /** Id of the layout. */
  readonly form: string
  readonly rules: ReadingRules
  /** What a case becomes: columns of the simple table, headers as the file has them. */
  readonly output: readonly Column[]
  readonly sides: readonly SidePlan[]
  /** What becomes of the rows of settlements that have refunds. */
  readonly refunds?: Refunds
}
