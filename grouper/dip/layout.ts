/** Numbers of a row, by place in its `ROW_WORDS` words of `rows`. */
export const ROW_WORDS = 20
/** Leaf of the row. */
export const ROW_LEAF = 0
/** First factor in `rowFactors` and their number. */
export const ROW_FACTORS = 1
export const ROW_FACTOR_COUNT = 2
/** Bits, see below. */
export const ROW_FLAGS = 3
/** Set of diagnoses that some other, or some, diagnosis must be in; -1 none. */
export const ROW_OTHER = 4
export const ROW_ANY = 5
/** Days at admission are below this; -1 any. */
export const ROW_AGE = 6
/** Birth weight from, to; -1 any. */
export const ROW_WEIGHT = 7
/** Burnt surface in percent from, to; -1 any. */
export const ROW_AREA = 9
/** 0 not drug-resistant, 1 drug-resistant, -1 either. */
export const ROW_RESISTS = 11
/** AND factors, the main operation included; distinct codes; list of the operations that `most-operations` counts. */
export const ROW_CONDITIONS = 12
export const ROW_WIDTH = 13
export const ROW_NAMED = 14
/** List of main operations, of rows of 先期; -1 none. */
export const ROW_MAIN = 15

/** List of all operations that a row names; -1 none, or no step asks for it. */
export const ROW_ALL = 16
/** First list in `rowFactors` of the full codes of each factor, the main one first; their number is `ROW_CONDITIONS`. */
export const ROW_FULL = 17
/** Worth of the row by `type-order`. */
export const ROW_TYPE = 18
/** 1: its related operations have to make up a share of the bill, see `rowBill`. */
export const ROW_SHARE = 19

/** Marks of a block: rows as they are written; taken by conditions alone; the same, unless a surgery group is there. */
export const BLOCK_WHOLE = 0
export const BLOCK_BLANK = 1
export const BLOCK_UNLESS_SURGERY = 2

/** Bits of `ROW_FLAGS`: operations count wherever they stand; for conservative cases only; asks something of the case. */
export const ANYWHERE = 1
export const BLANK = 2
export const CONDITIONAL = 4

/** Classes of main operations that are none: the case is conservative; its main operation is in no row of the diagnosis. */
export const CONSERVATIVE = 0
export const OTHER_MAIN = 65_535

/** Places in `settings`. */
export const SET_ANY_MAIN = 0
export const SET_DROPPED_ENDS = 1
export const SET_LIMITED_ENDS = 2
export const SET_HIGHEST = 3
export const SET_BLANK_LEAF = 4
export const SET_LEADING_STEPS = 5
/** A row of 先期 without operations may fit below this age in days; -1 never, -2 at any age. */
export const SET_FIRST_AGE = 6
export const SET_LARGEST_BLOCK = 7
export const SETTINGS = 8

/** Steps of a tie rule by number, in the order of `TIE_STEPS`; 0 is none, `STEP_FIRST` the lowest sequence number. */
export const STEP_CONDITIONS = 1
export const STEP_OPERATIONS = 2
export const STEP_NARROWEST = 3
export const STEP_SCORE = 4
export const STEP_COST = 5
export const STEP_EXACT = 6
export const STEP_MAIN = 7
export const STEP_FULL = 8
export const STEP_TYPE = 9
export const STEP_FIRST = 99

/** Slot of a key in a table of `2^n` slots. */
export function slotOf(key: number, mask: number): number {
  const mixed = Math.imul(key ^ (key >>> 15), 0x2c1b3c6d)
  return (mixed ^ (mixed >>> 12)) & mask
}
