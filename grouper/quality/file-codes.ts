import type { CaseBatch } from '../cases/batch.ts'
import { repairCode } from '../cases/repair.ts'
import { type Census, countBatch, createCensus, detectSystem, type SystemEvidence } from '../codes/detect.ts'
import { CODE_PADDING, findCode } from '../codes/keyword.ts'
import { padCode } from '../codes/padding.ts'
import type { Checker } from './checker.ts'
import { type CodeIndex, codeText } from './code-index.ts'
import type { FactName } from './facts.ts'

/** Ids of codes are of two bytes. */
const IDS = 1 << 16

/**
 * How often each code stands in a file, counted while its cases are checked, so that code systems can be compared without
 * reading the file again. It holds a number for each code, whatever the number of cases.
 */
export interface FileCodes {
  /** Counts the codes of a batch before they are converted. */
  count(batch: CaseBatch): void
  /** A code of a row that was counted is another text in the file: it was repaired to `id`, or has no id (0). */
  other(text: string, id: number, isDx: boolean): void
  /** Facts of rules about the whole file, asked for once, at its end. */
  facts(): Partial<Record<FactName, number>>
}

/** Counts the codes of one file. */
export function createFileCodes(checker: Checker): FileCodes {
  const dx = { tokens: new Float64Array(IDS) }
  const px = { tokens: new Float64Array(IDS) }
  let unknown = 0
  let made: Census | undefined
  const encoder = new TextEncoder()
  /** Counts a text by the code of any system that it is, as a reader with the tables of all systems takes it. */
  const add = (text: string, isDx: boolean, tokens: number): void => {
    made ??= createCensus(checker.options.scheme)
    const kind = isDx ? made.dx : made.px
    const bytes = new Uint8Array(text.length * 3 + CODE_PADDING)
    const { written } = encoder.encodeInto(text, bytes)
    const id =
      findCode(kind.table, new DataView(bytes.buffer), 0, written) ||
      repairCode(kind.table, bytes, 0, written, isDx) ||
      (isDx ? 0 : padCode(made.pxPadding, bytes, 0, written))
    if (id === 0) unknown += tokens
    else kind.tokens[id]! += tokens
  }
  const addAll = (tokens: Float64Array, index: CodeIndex, codes: readonly string[], isDx: boolean): void => {
    for (let id = 1; id < IDS; id++) {
      if (tokens[id]! > 0) add(id < index.firstStray ? codes[id]! : codeText(index, id), isDx, tokens[id]!)
    }
  }
  return {
    count(batch) {
      countBatch(dx.tokens, px.tokens, batch)
    },
    other(text, id, isDx) {
      if (id > 0) (isDx ? dx : px).tokens[id]!--
      add(text, isDx, 1)
    },
    facts() {
      const { scheme, reading } = checker.options
      addAll(dx.tokens, checker.dx, (reading.dx?.from ?? scheme.diagnoses).codes, true)
      addAll(px.tokens, checker.px, (reading.px?.from ?? scheme.procedures).codes, false)
      const { evidence } = detectSystem(scheme, made ?? createCensus(scheme), unknown)
      const declared = reading.system || ownSystem(scheme.manifest.codeSystem.diagnosis, evidence)
      const own = evidence.find(one => one.system === declared)
      if (own === undefined) return {}
      return { declaredShare: own.share * 100, shareLead: (evidence[0]!.share - own.share) * 100 }
    },
  }
}

/** The code system of a scheme by the version in its dictionary's id. */
function ownSystem(diagnoses: string, evidence: readonly SystemEvidence[]): string | undefined {
  return evidence.find(({ system }) => diagnoses.endsWith(system))?.system
}
