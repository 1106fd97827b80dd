import type { CodeTable } from '../codes/keyword.ts'
import type { PaddingTable } from '../codes/padding.ts'
import type { Labels } from './labels.ts'
import { DEPARTMENT, HOSPITAL, INSURANCE, MONTH } from './opcodes.ts'
import type { RejectReason } from './reject.ts'

/** Labels of the text columns of one run, shared by all its files. */
export interface LabelSet {
  readonly hospital: Labels
  readonly insurance: Labels
  readonly month: Labels
  readonly department: Labels
  readonly doctor: Labels
}

/** The texts of the label columns by number. */
export type LabelTexts = Readonly<Record<keyof LabelSet, readonly string[]>>

export function labelTexts({ hospital, insurance, month, department, doctor }: LabelSet): LabelTexts {
  return {
    hospital: hospital.texts,
    insurance: insurance.texts,
    month: month.texts,
    department: department.texts,
    doctor: doctor.texts,
  }
}

export interface Scan {
  /** Opcode by column. */
  readonly ops: Uint8Array
  readonly dxTable: CodeTable
  readonly pxTable: CodeTable
  /** Procedure codes by their value as a number; undefined where damaged codes are not read. */
  readonly pxPadding: PaddingTable | undefined
  /** Called for a code that is not in the table as written: id after repair or 0; gives the id to keep. */
  readonly oddCode: ((id: number, isDx: boolean, text: Uint8Array, line: number) => number) | undefined
  readonly labels: LabelSet
  /** Line of the next row. */
  line: number
  /** Rows met, blank lines not counted; and those handed to `reject`. */
  rows: number
  rejected: number
  readonly reject: (reason: RejectReason, column: number, from: number, to: number) => void
  readonly pace: Pace
}

/** How the last rows were read, from which the way of the next ones is chosen. */
export interface Pace {
  /** Rows met since the last choice, and those of them that the plain way left to the careful one. */
  met: number
  left: number
  /** Rows that are still to be read the careful way before the plain one is tried again. */
  careful: number
}

export function createPace(): Pace {
  return { met: 0, left: 0, careful: 0 }
}

/** The labels of a column. */
export function listOf(labels: LabelSet, op: number): Labels {
  if (op === HOSPITAL) return labels.hospital
  if (op === INSURANCE) return labels.insurance
  if (op === MONTH) return labels.month
  return op === DEPARTMENT ? labels.department : labels.doctor
}
