/** Digits by words of four bytes: a loop by bytes leaves at a place that the processor cannot foresee. */

/** Taken off a word (by ^), it leaves the values of digits. */
export const DIGITS = 0x30303030

/** Bits where a byte of a word, `DIGITS` taken off, is no digit; 0 where all are. */
export const noDigits = (word: number): number => (((word & 0x7f7f7f7f) + 0x76767676) | word) & 0x80808080

/** The number of four bytes from 0 to 9, the first of which counts most. */
export const fourDigits = (word: number): number => Math.imul((Math.imul(word, 2561) >>> 8) & 0xff00ff, 6553601) >>> 16
