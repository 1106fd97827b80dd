import { type CodeTable, openTable } from '../codes/keyword.ts'
import type { LeafKind } from '../scheme/types.ts'
import { openSections, sectionOf } from './sections.ts'

/** A leaf of a scheme as results name it. Leaf 0 is "no leaf". */
export interface Leaf {
  readonly mdc: string
  readonly adrg: string
  readonly drg: string
  readonly name: string
  readonly kind: LeafKind
}

/**
 * A compiled scheme: everything the kernel needs, in one shared buffer. Ranks are the ADRGs in the order in which they
 * are tried, over all MDCs; a bit of a mask is a rank, the highest bit of a word being the first.
 */
export interface RuleBook {
  readonly buffer: SharedArrayBuffer
  readonly schemeId: string
  /** Content hash of the scheme (hex); it is on every result. */
  readonly hash: string
  readonly leaves: readonly Leaf[]
  readonly dxTable: CodeTable
  readonly pxTable: CodeTable
  /**
   * By diagnosis id: its class in the low half, codes that stand in the same lists sharing one; complication level (1 CC,
   * 2 MCC) << `LEVEL_SHIFT`; `PULLS` where its class pulls a trigger; exclusion table (0 = never excluded) << `TABLE_SHIFT`;
   * negative where it cannot be principal.
   */
  readonly dxWords: Int32Array
  /** By diagnosis id: row of `exclusions` as principal; from `NO_PRINCIPAL` on what keeps it from being principal. */
  readonly dxPrincipal: Uint16Array
  readonly pxClass: Uint16Array
  /** Lists of a class as bits: `dxRows[class * dxRowWords + (list >> 5)] >>> (list & 31) & 1`. */
  readonly dxRows: Int32Array
  readonly pxRows: Int32Array
  readonly dxRowWords: number
  readonly pxRowWords: number
  /** A row a kind of principal diagnosis: a bit per exclusion table. */
  readonly exclusions: Int32Array
  readonly exclusionWords: number
  /** Words of a rank mask. */
  readonly rankWords: number
  /**
   * Ranks that are open for a case by what is known at once: from `candidateStart[k]` on entries of (mask, word, sure, at),
   * a mask of 0 being the end; k = class * `KEYS` + its bits. Ranks in `sure` need no program; those of the others stand in
   * `residues` from `at` on.
   */
  readonly candidateStart: Int32Array
  readonly candidates: Int32Array
  readonly residues: Int32Array
  readonly dayCut: number
  /**
   * Two words a word of ranks, by procedure class: ranks that it leaves open as principal procedure, and those for which it
   * meets "some procedure in …".
   */
  readonly pxMasks: Int32Array
  /** Ranks that can do without a procedure of a list. */
  readonly freeMask: Int32Array
  /** Ranks that ask for a diagnosis; the bits of which one must be pulled, by rank; the bits a diagnosis class pulls. */
  readonly triggered: Int32Array
  readonly rankTrigger: Int32Array
  readonly dxTrigger: Int32Array
  /** By rank: first and end leaf. */
  readonly rankLeaf: Int32Array
  /**
   * By rank and severity (rank * 4 + bits: 1 CC, 2 MCC): the leaf with its kind, 0 where none fits,
   * + `GRADED` where severity matters; or -1 where a leaf has a program.
   */
  readonly leafOf: Int32Array
  /** By MDC: program of the whole rule where it asks for a diagnosis (else -1). */
  readonly mdcWhole: Int32Array
  /** By leaf: 0 always, 1–3 severity mask (1 CC, 2 MCC), 255 program; kind 0 grouped, 1 ambiguous, 2 fallback. */
  readonly leafTest: Uint8Array
  readonly leafProgram: Int32Array
  readonly leafKind: Uint8Array
  readonly program: Int32Array
}

/** A rule book over a buffer that another thread compiled. */
export function openBook(buffer: SharedArrayBuffer): RuleBook {
  const sections = openSections(buffer)
  const bytes = (name: string): Uint8Array => sectionOf(sections, name, Uint8Array)
  const shorts = (name: string): Uint16Array => sectionOf(sections, name, Uint16Array)
  const words = (name: string): Int32Array => sectionOf(sections, name, Int32Array)
  const label = JSON.parse(new TextDecoder().decode(bytes('label').slice())) as Pick<
    RuleBook,
    'schemeId' | 'hash' | 'leaves'
  >
  const sizes = words('sizes')
  return {
    buffer,
    ...label,
    dxTable: openTable('dx', words, shorts),
    pxTable: openTable('px', words, shorts),
    dxWords: words('dxWords'),
    dxPrincipal: shorts('dxPrinc'),
    pxClass: shorts('pxClass'),
    dxRows: words('dxRows'),
    pxRows: words('pxRows'),
    dxRowWords: sizes[0]!,
    pxRowWords: sizes[1]!,
    exclusions: words('excl'),
    exclusionWords: sizes[2]!,
    rankWords: sizes[3]!,
    candidateStart: words('candStar'),
    candidates: words('cand'),
    residues: words('residues'),
    dayCut: sizes[4]!,
    pxMasks: words('pxMasks'),
    freeMask: words('freeMask'),
    triggered: words('triggerd'),
    rankTrigger: words('rankTrig'),
    dxTrigger: words('dxTrig'),
    rankLeaf: words('rankLeaf'),
    leafOf: words('leafOf'),
    mdcWhole: words('mdcWhole'),
    leafTest: bytes('leafTest'),
    leafProgram: words('leafProg'),
    leafKind: bytes('leafKind'),
    program: words('program'),
  }
}
