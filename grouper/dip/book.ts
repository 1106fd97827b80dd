import { type CodeTable, openTable } from '../codes/keyword.ts'
import { openSections, sectionOf } from '../drg/sections.ts'
import type { DipType } from './outcome.ts'
import type { DipLayer } from './types.ts'

/** A group as results name it. Leaf 0 is "no group". */
export interface DipLeaf {
  readonly code: string
  readonly name: string
  readonly layer: DipLayer | ''
  readonly type: DipType
}

/**
 * A compiled catalogue: everything that the kernel needs, in one shared buffer. Rows have numbers in the order of the
 * catalogue, from 0; lists are sets of operations, sets are sets of diagnoses, both as bits by class or id.
 */
export interface DipBook {
  readonly buffer: SharedArrayBuffer
  readonly schemeId: string
  /** Content hash of the catalogue (hex); it is on every result. */
  readonly hash: string
  readonly leaves: readonly DipLeaf[]
  readonly dxTable: CodeTable
  readonly pxTable: CodeTable
  /** Operation codes by id, for results. */
  readonly procedures: readonly string[]
  /** Principal diagnosis by id: 0 unknown, 1 allowed, 2 excluded. */
  readonly dxState: Uint8Array
  /** Class of a principal diagnosis: ids with the same keys, ranges and marks share one. */
  readonly dxClass: Uint16Array
  /** Burnt surface by id: 0 none, else tens of percent + 1. */
  readonly dxArea: Uint8Array
  /** Whether an id among the other diagnoses says drug resistance. */
  readonly dxResists: Uint8Array
  /** Sets of an id as bits: `dxSets[id * dxWords + (set >> 5)] >>> (set & 31) & 1`. */
  readonly dxSets: Int32Array
  readonly dxWords: number
  /** By class of the principal diagnosis: whether it says drug resistance; whether some core row has it. */
  readonly classResists: Uint8Array
  readonly classListed: Uint8Array
  /** Ranges of `limited` operations that a class lies in, as bits. */
  readonly classScopes: Int32Array
  readonly scopeWords: number
  /** Comprehensive leaf by class * 4 + property number - 1; 0 none. */
  readonly classLeaf: Uint16Array
  /** Marks of a class: entries `tagStart[class] … tagStart[class + 1] - 1` of (tag, list or -1, least days or -1). */
  readonly tagStart: Int32Array
  readonly tagRows: Int32Array
  /** Operation by id: 0 usable, 1 related only, 2 dropped, 3 + n main only in range n. */
  readonly pxUse: Uint8Array
  readonly pxProperty: Uint8Array
  /** Whether an operation has the property `none`. */
  readonly pxNone: Uint8Array
  /** Class of a main operation for look-ups; 0 = in no row. Whether it is in a list of 先期. */
  readonly pxMain: Uint16Array
  readonly pxFirst: Uint8Array
  /** Lists of an operation as bits, by its class. */
  readonly pxClass: Uint16Array
  readonly pxLists: Int32Array
  readonly pxWords: number
  /** Look-up of (class of diagnosis, class of main operation) → place in `blocks`; 0 is an empty slot. */
  readonly slotKeys: Int32Array
  readonly slotPlaces: Int32Array
  /** Blocks of rows that are tried together: (number of rows, a `BLOCK_…` mark, rows …) …, 0. */
  readonly blocks: Int32Array
  /** Numbers of each row, `ROW_WORDS` of them; see `compile.ts`. */
  readonly rows: Int32Array
  readonly rowFactors: Int32Array
  readonly rowScore: Float64Array
  readonly rowMean: Float64Array
  /** Largest bill in fen that a row with `ROW_SHARE` takes. */
  readonly rowBill: Float64Array
  /** Rows of 先期, in order; and below which age in days one without operations may fit (-1 never). */
  readonly firstRows: Int32Array
  /** Tie rule: steps, and how many of them belong to the match itself. */
  readonly steps: Int32Array
  /** Settings of the matching rules; see `compile.ts`. */
  readonly settings: Int32Array
}

/** A compiled catalogue over a buffer that another thread made. */
export function openDipBook(buffer: SharedArrayBuffer): DipBook {
  const sections = openSections(buffer)
  const bytes = (name: string): Uint8Array => sectionOf(sections, name, Uint8Array)
  const shorts = (name: string): Uint16Array => sectionOf(sections, name, Uint16Array)
  const words = (name: string): Int32Array => sectionOf(sections, name, Int32Array)
  const label = JSON.parse(new TextDecoder().decode(bytes('label').slice())) as Pick<
    DipBook,
    'schemeId' | 'hash' | 'leaves' | 'procedures'
  >
  const sizes = words('sizes')
  return {
    buffer,
    ...label,
    dxTable: openTable('dx', words, shorts),
    pxTable: openTable('px', words, shorts),
    dxState: bytes('dxState'),
    dxClass: shorts('dxClass'),
    dxArea: bytes('dxArea'),
    dxResists: bytes('dxResists'),
    dxSets: words('dxSets'),
    dxWords: sizes[0]!,
    classResists: bytes('clResists'),
    classListed: bytes('clListed'),
    classScopes: words('clScopes'),
    scopeWords: sizes[1]!,
    classLeaf: shorts('clLeaf'),
    tagStart: words('tagStart'),
    tagRows: words('tagRows'),
    pxUse: bytes('pxUse'),
    pxProperty: bytes('pxProperty'),
    pxNone: bytes('pxNone'),
    pxMain: shorts('pxMain'),
    pxFirst: bytes('pxFirst'),
    pxClass: shorts('pxClass'),
    pxLists: words('pxLists'),
    pxWords: sizes[2]!,
    slotKeys: words('slotKeys'),
    slotPlaces: words('slotPlaces'),
    blocks: words('blocks'),
    rows: words('rows'),
    rowFactors: words('rowFactors'),
    rowScore: sectionOf(sections, 'rowScore', Float64Array),
    rowMean: sectionOf(sections, 'rowMean', Float64Array),
    rowBill: sectionOf(sections, 'rowBill', Float64Array),
    firstRows: words('firstRows'),
    steps: words('steps'),
    settings: words('settings'),
  }
}
