import { createHash } from 'node:crypto'
import { openCaseFiles } from '../../formats/index.ts'
import {
  type CaseBatch,
  type CodeReading,
  codeReading,
  compileBook,
  FEE_BUCKETS,
  idText,
  type ReadOptions,
  type Reject,
  type RuleBook,
  readCases,
} from '../../grouper/index.ts'
import { SCHEME, type Stay } from './cases.ts'
import type { Fact } from './forms.ts'

const book: RuleBook = compileBook(SCHEME)
const reading: CodeReading = codeReading(SCHEME, '', book)

/** A case as a batch has it, ids of codes and all. */
export interface ReadRow {
  readonly [field: string]: string | number | readonly number[]
}

export interface ReadFiles {
  readonly rows: ReadRow[]
  readonly rejects: (Reject & { readonly file: string })[]
  /** Rows of side tables that were joined, by table. */
  readonly beside: ReadonlyMap<string, number>
  readonly notes: Readonly<Record<string, number>>
  readonly counts: { readonly rows: number; readonly cases: number; readonly rejected: number }
}

/** Reads files of any form and takes the batches apart. */
export function readAll(
  files: readonly string[],
  options: Parameters<typeof openCaseFiles>[1] & Pick<ReadOptions, 'batchSize' | 'duplicates'> = {},
): ReadFiles {
  const { batchSize, duplicates, ...opening } = options
  const input = openCaseFiles(files, opening)
  const rows: ReadRow[] = []
  const rejects: (Reject & { file: string })[] = []
  const {
    rows: all,
    cases,
    rejected,
  } = readCases(input.files, {
    open: input.open,
    dxTable: book.dxTable,
    pxTable: book.pxTable,
    pxPadding: reading.pxPadding,
    ...(batchSize === undefined ? {} : { batchSize }),
    ...(duplicates === undefined ? {} : { duplicates }),
    onReject: (reject, file) => rejects.push({ ...reject, file }),
    onBatch(batch, labels) {
      for (let i = 0; i < batch.count; i++) {
        const infant = batch.age[i] === 0
        rows.push({
          id: idText(batch, i),
          sex: batch.sex[i]!,
          age: batch.age[i]!,
          // Days count under one year only, weights under 29 days.
          ageDays: infant ? batch.ageDays[i]! : -1,
          weight: batch.weight[i] === 0 ? -1 : batch.weight[i]!,
          los: batch.los[i]!,
          way: batch.dischargeWay[i]!,
          icuHours: Math.max(batch.icuHours[i]!, 0),
          cost: batch.cost[i]!,
          fund: batch.fund[i]!,
          patient: batch.patient[i]!,
          dx: [...batch.dx.subarray(batch.dxStart[i], batch.dxStart[i + 1])],
          px: [...batch.px.subarray(batch.pxStart[i], batch.pxStart[i + 1])],
          hospital: labels.hospital.texts[batch.hospital[i]!]!,
          insurance: labels.insurance.texts[batch.insurance[i]!]!,
          month: labels.month.texts[batch.month[i]!]!,
          department: labels.department.texts[batch.department[i]!]!,
          drug: feeOf(batch, i, 'drug'),
          consumable: feeOf(batch, i, 'consumable'),
        })
      }
    },
  })
  const notes: Record<string, number> = {}
  const beside = new Map<string, number>()
  for (const [name, map] of input.notes)
    for (const [kind, note] of map) {
      if (kind === 'side-joined') beside.set(name, note.count)
      else notes[kind] = (notes[kind] ?? 0) + note.count
    }
  return { rows, rejects, beside, notes, counts: { rows: all, cases, rejected } }
}

function feeOf(batch: CaseBatch, row: number, bucket: 'drug' | 'consumable'): number {
  return batch.fees.length === 0 ? -1 : batch.fees[row * FEE_BUCKETS.length + FEE_BUCKETS.indexOf(bucket)]!
}

/** What a reader must make of a stay, straight from it: no reader has a part in this. */
export function expected(stay: Stay): ReadRow {
  return {
    id: stay.id,
    sex: stay.sex,
    age: stay.age,
    ageDays: stay.days ?? -1,
    weight: stay.weight ?? -1,
    los: stay.los,
    way: stay.way,
    icuHours: Math.floor(stay.icuMinutes / 60),
    cost: stay.cost,
    fund: stay.cost - stay.self - stay.own,
    patient: stay.self + stay.own,
    dx: stay.dx.map(code => SCHEME.diagnoses.ids.get(code)!),
    px: stay.px.map(code => SCHEME.procedures.ids.get(code)!),
    hospital: stay.hospital,
    insurance: stay.insurance,
    month: stay.discharge.slice(0, 7),
    department: stay.department,
    drug: stay.drugs.reduce((a, b) => a + b),
    consumable: stay.consumable,
  }
}

const CORE = ['id', 'sex', 'age', 'ageDays', 'weight', 'los', 'way', 'cost', 'dx', 'px']

/** The fields that a form carries, of every row, as one hash. */
export function hashOf(rows: readonly ReadRow[], carries: readonly Fact[]): string {
  const fields = [...CORE, ...[...carries].sort()]
  return createHash('sha256')
    .update(JSON.stringify(rows.map(row => fields.map(field => row[field]))))
    .digest('hex')
}
