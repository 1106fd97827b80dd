import type { Coded } from '../scheme/types.ts'
import { type Conversion, resolveConversion } from './conversion.ts'
import { type CodeTable, codeTable } from './keyword.ts'
import { type PaddingTable, paddingTable } from './padding.ts'
import { codeSystem } from './systems.ts'

/**
 * How the codes of cases are read and become those of a scheme: look-ups over the declared system, and the way from its
 * ids to the scheme's own. Typed arrays only, so that threads share it.
 */
export interface CodeReading {
  /** Id of the system; '' = the scheme's own. */
  readonly system: string
  readonly dxTable: CodeTable
  readonly pxTable: CodeTable
  readonly pxPadding: PaddingTable
  /** Undefined where the codes already are the scheme's. */
  readonly dx: Conversion | undefined
  readonly px: Conversion | undefined
}

/**
 * The reading of cases in a declared system; '' is the scheme's own.
 *
 * @param own look-ups over the scheme's codes, where they are made already (a rule book has them)
 */
export function codeReading(
  scheme: Coded,
  system: string,
  own?: Pick<CodeReading, 'dxTable' | 'pxTable'>,
): CodeReading {
  const declared = system === '' ? scheme.manifest.codeSystem : codeSystem(system)
  const dx = resolveConversion(declared.diagnosis, scheme.diagnoses)
  const px = resolveConversion(declared.procedure, scheme.procedures)
  const procedures = px?.from ?? scheme.procedures
  return {
    system,
    dxTable: dx === undefined && own !== undefined ? own.dxTable : codeTable(dx?.from ?? scheme.diagnoses),
    pxTable: px === undefined && own !== undefined ? own.pxTable : codeTable(procedures),
    pxPadding: paddingTable(procedures),
    dx,
    px,
  }
}

/** Codes met by a conversion, by position in `CONVERSION_OUTCOMES`. */
export interface ConversionCounts {
  readonly dx: Float64Array
  readonly px: Float64Array
}

export function createConversionCounts(): ConversionCounts {
  return { dx: new Float64Array(4), px: new Float64Array(4) }
}

/** The columns of a case batch that hold codes. */
export interface CodeColumns {
  readonly count: number
  readonly dx: Uint16Array
  readonly dxStart: Uint32Array
  readonly px: Uint16Array
  readonly pxStart: Uint32Array
}

/** Turns the codes of a batch into those of the scheme, in place, and counts what became of them. Once a batch. */
export function convertBatch(reading: CodeReading, batch: CodeColumns, counts: ConversionCounts): void {
  if (reading.dx !== undefined) convertColumn(reading.dx, batch.dx, batch.dxStart[batch.count]!, counts.dx)
  if (reading.px !== undefined) convertColumn(reading.px, batch.px, batch.pxStart[batch.count]!, counts.px)
}

function convertColumn(conversion: Conversion, column: Uint16Array, end: number, counts: Float64Array): void {
  const { target, outcome } = conversion
  for (let k = 0; k < end; k++) {
    const id = column[k]!
    // Ids beyond the dictionary were given by a reader to codes that it lacks.
    if (id >= target.length) continue
    counts[outcome[id]!]!++
    column[k] = target[id]!
  }
}
