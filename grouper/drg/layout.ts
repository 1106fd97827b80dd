/**
 * How the words of a rule book are laid out. The kernel, which is compiled to machine code, reads this file too, so it holds
 * nothing but whole numbers.
 */

/** Parts of a word of `dxWords`; negative where the diagnosis cannot be principal. */
export const CLASS = 0xffff
export const LEVEL_SHIFT = 16
/** Bit 18: its class pulls a trigger. */
export const PULLS = 0x40000
export const TABLE_SHIFT = 19
/** As many exclusion tables have numbers of the twelve bits below the sign. */
export const MOST_TABLES = 0x1000

/**
 * Keys a class of diagnoses: sex * `SEXES` (1, 2, and 3 where it is not stated), + age * `AGES` (0 from one year on; under
 * one year 1 up to `dayCut` days, 2 beyond, 3 where the days are not known), + 2 when a diagnosis pulls a trigger, + 1 when
 * there is a procedure.
 */
export const KEYS = 64
export const SEXES = 16
export const AGES = 4

/** Parts of a word of `leafOf` above the leaf: its kind (`leafKind`), and bit 18 where severity decides. */
export const KIND_SHIFT = 16
export const GRADED = 0x40000

/** In `leafTest`: the leaf has a program. */
export const BY_PROGRAM = 255

/** In `dxPrincipal`: what is no row of exclusions, plus one of the numbers below. */
export const NO_PRINCIPAL = 0xfffc
export const PRINCIPAL_UNKNOWN = 0
export const PRINCIPAL_BARRED = 1
export const PRINCIPAL_GREY = 2

/** Instructions of a program, which `program.ts` writes: (op, a, b). */
export const OP_END = 0
/** a: fields as bits (1 ZYZD, 2 QTZD, 4 ZYSS, 8 QTSS); b: list. */
export const OP_IN = 1
/**
 * a: high << `HIGH_SHIFT`, + position in `SCALARS` << `SCALAR_SHIFT`, + position in `COMPARISONS`; the value is high * `LOW` + b:
 * amounts in fen go beyond 32 bits.
 */
export const OP_COMPARE = 2
/** a: severity mask, 1 CC, 2 MCC. */
export const OP_SEVERITY = 3
export const OP_NOT = 4
/** a: address to go on at when the truth value is false (true). */
export const OP_JUMP_FALSE = 5
export const OP_JUMP_TRUE = 6
/** a: list * 16 + fields; b: value * 8 + comparison. */
export const OP_LENGTH = 7
/** a: 0 or 1. */
export const OP_CONST = 8
/** What the low word of a compared value counts up to, 2^31. */
export const LOW = 2147483648
export const HIGH_SHIFT = 6
export const SCALAR_SHIFT = 3
/** Bits of a scalar, and of a comparison. */
export const SCALAR_MASK = 7
/** Words of an instruction. */
export const OP_WORDS = 3
