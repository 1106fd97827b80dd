import type { CodeTable } from '../codes/keyword.ts'
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
  /** Class of a code id: codes that stand in the same lists share one. */
  readonly dxClass: Uint16Array
  readonly pxClass: Uint16Array
  /** Lists of a class as bits: `dxRows[class * dxWords + (list >> 5)] >>> (list & 31) & 1`. */
  readonly dxRows: Int32Array
  readonly pxRows: Int32Array
  readonly dxWords: number
  readonly pxWords: number
  /**
   * Two words a diagnosis id: class * 4 + what it is as principal (0 unknown, 1 allowed, 2 barred, 3 a grey code that the
   * scheme refuses); row of `exclusions` as principal, a row being a bit per exclusion table.
   */
  readonly dxFacts: Int32Array
  /** By diagnosis id exclusion table (0 = never excluded) * 4 + complication level (1 CC, 2 MCC); 0 where it is none. */
  readonly complications: Int32Array
  readonly exclusions: Int32Array
  readonly exclusionWords: number
  /** Words of a rank mask. */
  readonly rankWords: number
  /**
   * Ranks that a principal diagnosis leaves open: entries `candidateStart[k] … candidateStart[k + 1] - 1` of
   * (word, mask), where k = class * 2 + (1 when under one year).
   */
  readonly candidateStart: Int32Array
  readonly candidates: Int32Array
  /** Ranks that a principal procedure class leaves open, and those for which a class meets "some procedure in …". */
  readonly mainMask: Int32Array
  readonly anyMask: Int32Array
  /** Ranks that can do without a procedure of a list. */
  readonly freeMask: Int32Array
  /** Ranks that ask for a diagnosis; the bits of which one must be pulled, by rank; the bits a diagnosis class pulls. */
  readonly triggered: Int32Array
  readonly rankTrigger: Int32Array
  readonly dxTrigger: Int32Array
  /** By rank: MDC, program of what the masks do not decide (-1: nothing), first and end leaf. */
  readonly rankMdc: Int32Array
  readonly rankProgram: Int32Array
  readonly rankLeaf: Int32Array
  /** By MDC: program of what the masks do not decide, and the whole rule where it asks for a diagnosis (else -1). */
  readonly mdcProgram: Int32Array
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
    dxTable: { slots: shorts('dxSlots'), keys: words('dxKeys'), tails: words('dxTails') },
    pxTable: { slots: shorts('pxSlots'), keys: words('pxKeys'), tails: words('pxTails') },
    dxClass: shorts('dxClass'),
    pxClass: shorts('pxClass'),
    dxRows: words('dxRows'),
    pxRows: words('pxRows'),
    dxWords: sizes[0]!,
    pxWords: sizes[1]!,
    dxFacts: words('dxFacts'),
    complications: words('compl'),
    exclusions: words('excl'),
    exclusionWords: sizes[2]!,
    rankWords: sizes[3]!,
    candidateStart: words('candStar'),
    candidates: words('cand'),
    mainMask: words('mainMask'),
    anyMask: words('anyMask'),
    freeMask: words('freeMask'),
    triggered: words('triggerd'),
    rankTrigger: words('rankTrig'),
    dxTrigger: words('dxTrig'),
    rankMdc: words('rankMdc'),
    rankProgram: words('rankProg'),
    rankLeaf: words('rankLeaf'),
    mdcProgram: words('mdcProg'),
    mdcWhole: words('mdcWhole'),
    leafTest: bytes('leafTest'),
    leafProgram: words('leafProg'),
    leafKind: bytes('leafKind'),
    program: words('program'),
  }
}
