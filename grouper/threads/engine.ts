import type { CaseBatch } from '../cases/batch.ts'
import type { Scan } from '../cases/scan.ts'
import type { CodeTable } from '../codes/keyword.ts'

/** A compiled scheme or catalogue as reading and grouping in threads sees it; `C` are its result columns. */
export interface Engine<C> {
  readonly kind: 'drg' | 'dip'
  /** What another thread opens. */
  readonly buffer: SharedArrayBuffer
  readonly dxTable: CodeTable
  readonly pxTable: CodeTable
  /** The id to keep for a code that the table does not have as written. */
  readonly oddCode: Scan['oddCode']
  columns(capacity: number): C
  group(batch: CaseBatch, columns: C): void
  /** The columns with one value a row, out of which rows can be dropped. */
  rowColumns(columns: C): readonly { copyWithin(to: number, from: number, end: number): unknown }[]
}

/** The engine over a buffer that another thread compiled. A thread loads only the modules of the engine that it runs. */
export async function openEngine(kind: Engine<unknown>['kind'], buffer: SharedArrayBuffer): Promise<Engine<unknown>> {
  const engine =
    kind === 'drg'
      ? (await import('./drg-engine.ts')).openDrgEngine(buffer)
      : (await import('./dip-engine.ts')).openDipEngine(buffer)
  // Columns only ever go back to the engine that made them.
  return engine as unknown as Engine<unknown>
}
