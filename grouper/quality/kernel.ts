import type { CaseBatch } from '../cases/batch.ts'
import type { GroupColumns } from '../drg/kernel.ts'
import type { Masks } from './masks.ts'
import * as layout from './masks.ts'

/**
 * The fast engine of the quality rules: finds the ways of breaking a rule that a case may go, by tables alone. No strings,
 * objects or closures per case; `evaluate.ts` is what it must agree with.
 */

/** Columns of a batch that the masks are put to, and how many codes of each row were repaired. */
export interface CheckedColumns {
  readonly batch: CaseBatch
  readonly groups: GroupColumns
  readonly repaired: Uint16Array
}

/** Writes the bits of rows `from` … `to - 1` to `out`, from 0. */
export type QualityKernel = (columns: CheckedColumns, from: number, to: number, out: Int32Array) => void

// Constants of this module become constants of the compiled loops; imported ones do not.
const { MAIN_DX, MAIN_PX, OTHER_DX, OTHER_PX, SEEN } = layout

/** The kernel of some masks: a pass over the codes, then one over each column of facts that makes a difference. */
export function createQualityKernel(masks: Masks): QualityKernel {
  const { sex, dischargeWay, reason, status, age, ageDays, weight, los, repaired, cost, costs } = masks
  const differs = (table: Int32Array): boolean => table.some(bits => bits !== -1)
  const readCodes = codeReader(masks)
  const asks = { sex: differs(sex), way: differs(dischargeWay), reason: differs(reason), status: differs(status) }
  const asksOf = { age: differs(age), days: differs(ageDays), weight: differs(weight), los: differs(los) }
  const more = { repaired: differs(repaired), cost: differs(cost) }

  return (columns, from, to, out) => {
    const { batch, groups } = columns
    readCodes(batch, from, to, out)
    if (asks.sex) bytes(batch.sex, sex, from, to, out)
    if (asks.way) bytes(batch.dischargeWay, dischargeWay, from, to, out)
    if (asks.reason) bytes(groups.reason, reason, from, to, out)
    if (asks.status) bytes(groups.status, status, from, to, out)
    if (asksOf.age) shortIntegers(batch.age, age, from, to, out)
    if (asksOf.days) integers(batch.ageDays, ageDays, from, to, out)
    if (asksOf.weight) integers(batch.weight, weight, from, to, out)
    if (asksOf.los) integers(batch.los, los, from, to, out)
    if (more.repaired) counts(columns.repaired, repaired, from, to, out)
    if (more.cost) amounts(batch.cost, costs, cost, from, to, out)
  }
}

/** A function that writes the bits that codes, their numbers and their repetitions leave. */
function codeReader({
  always,
  codes,
  flags,
  diagnoses,
  procedures,
}: Masks): (batch: CaseBatch, from: number, to: number, out: Int32Array) => void {
  const mostDx = diagnoses.length - 1
  const mostPx = procedures.length - 1
  let mark = 0

  return ({ dx, dxStart, px, pxStart }, from, to, out) => {
    let dxEnd = dxStart[from]! | 0
    let pxEnd = pxStart[from]! | 0
    for (let i = from; i < to; i++) {
      mark = (mark + 1) | 0
      const dxFrom = dxEnd
      const pxFrom = pxEnd
      dxEnd = dxStart[i + 1]! | 0
      pxEnd = pxStart[i + 1]! | 0
      let bits = always
      let flag = 0
      if (dxFrom < dxEnd) {
        const main = dx[dxFrom]!
        bits |= codes[MAIN_DX + main]!
        for (let k = dxFrom + 1; k < dxEnd; k++) {
          const code = dx[k]!
          bits |= codes[OTHER_DX + code]!
          if (code === main) flag |= 2
          if (codes[SEEN + code] === mark) flag |= 4
          codes[SEEN + code] = mark
        }
      }
      let count = pxEnd - pxFrom
      if (count > 0) {
        const main = px[pxFrom]!
        bits |= codes[MAIN_PX + main]!
        if (main === 0) {
          flag |= 1
          count--
        }
        for (let k = pxFrom + 1; k < pxEnd; k++) bits |= codes[OTHER_PX + px[k]!]!
      }
      bits &= flags[flag]! & diagnoses[Math.min(dxEnd - dxFrom, mostDx)]! & procedures[Math.min(count, mostPx)]!
      out[i - from] = bits
    }
  }
}

// Each kind of column has a loop of its own, which is then compiled for that kind.

function bytes(column: Uint8Array, table: Int32Array, from: number, to: number, out: Int32Array): void {
  for (let i = from; i < to; i++) out[i - from]! &= table[column[i]!]!
}

function shortIntegers(column: Int16Array, table: Int32Array, from: number, to: number, out: Int32Array): void {
  const last = table.length - 1
  for (let i = from; i < to; i++) out[i - from]! &= table[Math.min(Math.max(column[i]!, -1) + 1, last)]!
}

function integers(column: Int32Array, table: Int32Array, from: number, to: number, out: Int32Array): void {
  const last = table.length - 2
  for (let i = from; i < to; i++) out[i - from]! &= table[Math.min(Math.max(column[i]!, -1), last) + 1]!
}

function counts(column: Uint16Array, table: Int32Array, from: number, to: number, out: Int32Array): void {
  const last = table.length - 1
  for (let i = from; i < to; i++) out[i - from]! &= table[Math.min(column[i]!, last)]!
}

function amounts(
  column: Float64Array,
  changes: Float64Array,
  table: Int32Array,
  from: number,
  to: number,
  out: Int32Array,
): void {
  for (let i = from; i < to; i++) {
    const amount = column[i]!
    let reached = 0
    if (amount >= 0) {
      reached = 1
      for (let k = 0; k < changes.length; k++) reached += amount >= changes[k]! ? 1 : 0
    }
    out[i - from]! &= table[reached]!
  }
}
