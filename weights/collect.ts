import { type CaseBatch, FEE_BUCKETS, MISSING } from '../grouper/index.ts'
import {
  type AuxiliaryChoice,
  type CaseDetails,
  type GroupedCases,
  LONGEST_STAY,
  NO_AGE,
  NO_LABEL,
  NO_STAY,
} from './grouped.ts'
import { insuranceCode } from './insurance.ts'
import type { Unpayable, UnpayableReason } from './unpayable.ts'

/**
 * What the cases are collected for: weights need a cost only, coefficients of earlier years hospital and month too, a
 * settlement all that a payment depends on.
 */
export type Need = 'weights' | 'coefficients' | 'settlement'

export interface CollectOptions {
  readonly need: Need
  /** Year that the months of a settlement must lie in; default: any. */
  readonly year?: number | undefined
  /** Whether departments, doctors and ages are wanted; weights always have them. */
  readonly detailed?: boolean | undefined
  /** Under a DIP catalogue: the auxiliary classes with a coefficient that batches point to; absent under a DRG scheme. */
  readonly choices?: readonly AuxiliaryChoice[] | undefined
}

/** The groups that leaves of results stand for. */
interface Leaves {
  readonly leaves: readonly { readonly drg: string; readonly adrg: string }[]
}

/** The groups of the cases of a batch; under a DIP catalogue also their marks and auxiliary classes (`DipMarks`). */
export interface GroupedBatch {
  readonly leaf: Uint16Array
  readonly status: Uint8Array
  readonly tags?: Uint8Array
  readonly auxiliary?: Uint32Array
}

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/

const LABELS = ['hospital', 'insurance', 'month', 'department', 'doctor'] as const
type LabelName = (typeof LABELS)[number]

/** The text by which a label is known; '' where it says nothing. */
const CANONICAL: Readonly<Record<LabelName, (text: string) => string>> = {
  hospital: text => text.trim(),
  insurance: insuranceCode,
  month: text => (MONTH.test(text.trim()) ? text.trim() : ''),
  department: text => text.trim(),
  doctor: text => text.trim(),
}

/** Collects grouped batches into one table of columns: add → finish. */
export interface Collector {
  readonly book: Leaves
  readonly options: CollectOptions
  count: number
  /** How many of them can be paid. */
  payable: number
  columns: Columns
  /** Charges by case and bucket; empty until a batch carries some. */
  fees: Float64Array
  /** Canonical texts of the labels met so far, by the reader's numbers. */
  readonly texts: Readonly<Record<LabelName, string[]>>
  readonly unpayable: Unpayable[]
}

interface Columns {
  readonly group: Uint16Array
  readonly status: Uint8Array
  readonly hospital: Uint16Array
  readonly insurance: Uint16Array
  readonly month: Uint16Array
  readonly department: Uint16Array
  readonly doctor: Uint16Array
  readonly age: Int16Array
  readonly ageDays: Int16Array
  readonly los: Uint16Array
  readonly dischargeWay: Uint8Array
  readonly cost: Float64Array
  readonly fund: Float64Array
  readonly patient: Float64Array
  readonly tags: Uint8Array
  readonly auxiliary: Uint32Array
  /** 1: the case can be paid. */
  readonly payable: Uint8Array
}

export function createCollector(book: Leaves, options: CollectOptions): Collector {
  return {
    book,
    options,
    count: 0,
    payable: 0,
    columns: createColumns(1 << 16, options),
    fees: new Float64Array(0),
    texts: { hospital: [], insurance: [], month: [], department: [], doctor: [] },
    unpayable: [],
  }
}

/** A settlement looks at none of the details unless it is asked to. */
function isDetailed({ need, detailed }: CollectOptions): boolean {
  return need !== 'settlement' || detailed === true
}

function createColumns(capacity: number, options: CollectOptions): Columns {
  const detailed = isDetailed(options) ? capacity : 0
  const marked = options.choices === undefined ? 0 : capacity
  return {
    department: new Uint16Array(detailed),
    doctor: new Uint16Array(detailed),
    age: new Int16Array(detailed),
    ageDays: new Int16Array(detailed),
    group: new Uint16Array(capacity),
    status: new Uint8Array(capacity),
    hospital: new Uint16Array(capacity),
    insurance: new Uint16Array(capacity),
    month: new Uint16Array(capacity),
    los: new Uint16Array(capacity),
    dischargeWay: new Uint8Array(capacity),
    cost: new Float64Array(capacity),
    fund: new Float64Array(capacity),
    patient: new Float64Array(capacity),
    tags: new Uint8Array(marked),
    auxiliary: new Uint32Array(marked),
    payable: new Uint8Array(capacity),
  }
}

/**
 * Adds the cases of a batch, which comes from `file`. A case without a cost is of no use to anyone; one without
 * hospital, insurance or month, or without a split of its cost between fund and patient, still counts for weights, but a
 * settlement cannot pay it. Of the two shares one is enough: the other is what is left of the cost.
 */
export function collectBatch(
  collector: Collector,
  batch: CaseBatch,
  groups: GroupedBatch,
  labels: Readonly<Record<LabelName, { readonly texts: readonly string[] }>>,
  file: string,
): void {
  for (const name of LABELS) {
    const known = collector.texts[name]
    for (let i = known.length; i < labels[name].texts.length; i++) known.push(CANONICAL[name](labels[name].texts[i]!))
  }
  if (collector.count + batch.count > collector.columns.group.length) {
    const larger = createColumns((collector.count + batch.count) * 2, collector.options)
    for (const key of Object.keys(larger) as (keyof Columns)[]) larger[key].set(collector.columns[key])
    collector.columns = larger
  }
  const { columns, unpayable } = collector
  const detailed = isDetailed(collector.options)
  const charged = collector.options.need !== 'settlement' && makeRoomForFees(collector, batch)
  for (let i = 0; i < batch.count; i++) {
    const reason = reasonAgainst(collector, batch, i)
    if (reason !== undefined) unpayable.push({ file, line: batch.line[i]!, reason })
    const cost = batch.cost[i]!
    if (cost === MISSING) continue
    const fund = batch.fund[i]!
    const patient = batch.patient[i]!
    const at = collector.count++
    columns.group[at] = groups.leaf[i]!
    columns.status[at] = groups.status[i]!
    columns.hospital[at] = batch.hospital[i]!
    columns.insurance[at] = batch.insurance[i]!
    columns.month[at] = batch.month[i]!
    if (detailed) {
      columns.department[at] = batch.department[i]!
      columns.doctor[at] = batch.doctor[i]!
      columns.age[at] = batch.age[i]!
      // Exports carry the days of a whole life; they count in the first year only.
      columns.ageDays[at] = batch.age[i] === 0 && batch.ageDays[i]! <= 366 ? batch.ageDays[i]! : NO_AGE
      if (charged) copyFees(batch.fees, i, collector.fees, at)
    }
    if (groups.tags !== undefined) {
      columns.tags[at] = groups.tags[i]!
      columns.auxiliary[at] = groups.auxiliary?.[i] ?? 0
    }
    columns.los[at] = batch.los[i] === MISSING ? NO_STAY : Math.min(batch.los[i]!, LONGEST_STAY)
    columns.dischargeWay[at] = batch.dischargeWay[i]!
    columns.cost[at] = cost
    columns.fund[at] = fund !== MISSING ? fund : patient !== MISSING ? cost - patient : 0
    columns.patient[at] = patient !== MISSING ? patient : fund !== MISSING ? cost - fund : 0
    columns.payable[at] = reason === undefined ? 1 : 0
    if (reason === undefined) collector.payable++
  }
}

/** Makes room for the charges of a batch, and says whether there are any to collect. */
function makeRoomForFees(collector: Collector, batch: CaseBatch): boolean {
  if (batch.fees.length === 0 && collector.fees.length === 0) return false
  const length = collector.columns.group.length * FEE_BUCKETS.length
  if (collector.fees.length < length) {
    const larger = new Float64Array(length).fill(MISSING)
    larger.set(collector.fees)
    collector.fees = larger
  }
  return batch.fees.length > 0
}

function copyFees(from: Float64Array, i: number, to: Float64Array, at: number): void {
  const width = FEE_BUCKETS.length
  for (let b = 0; b < width; b++) to[at * width + b] = from[i * width + b]!
}

/** Why case `i` of a batch cannot be used as it is needed; undefined: it can. */
function reasonAgainst({ options, texts }: Collector, batch: CaseBatch, i: number): UnpayableReason | undefined {
  const cost = batch.cost[i]!
  if (cost === MISSING) return 'cost-missing'
  if (options.need === 'weights') return undefined
  const hospital = texts.hospital[batch.hospital[i]!]!
  const month = texts.month[batch.month[i]!]!
  if (options.need === 'coefficients')
    return hospital === '' ? 'hospital-missing' : month === '' ? 'month-invalid' : undefined
  const fund = batch.fund[i]!
  const patient = batch.patient[i]!
  if (fund === MISSING && patient === MISSING) return 'shares-missing'
  if (fund > cost || patient > cost) return 'shares-exceed-cost'
  // Exports round each amount on its own, so a fen of difference is no contradiction.
  if (fund !== MISSING && patient !== MISSING && Math.abs(fund + patient - cost) > 1) return 'shares-do-not-add-up'
  if (hospital === '') return 'hospital-missing'
  if (texts.insurance[batch.insurance[i]!] === '') return 'insurance-missing'
  if (month === '') return 'month-invalid'
  if (options.year !== undefined && Number(month.slice(0, 4)) !== options.year) return 'month-outside-year'
  return undefined
}

/** What was collected. Labels are those of the cases in each table, sorted, so that the order of input does not show. */
export interface Collected {
  /** Every case with a cost: what weights rest on. */
  readonly cases: GroupedCases
  /** Those that can be paid; the same table where all can. */
  readonly payable: GroupedCases
  readonly unpayable: readonly Unpayable[]
}

export function finishCollecting(collector: Collector): Collected {
  const { columns, count, unpayable } = collector
  const cases = tableOf(collector, columns, count)
  if (collector.payable === count) return { cases, payable: cases, unpayable }
  const rows = new Uint32Array(collector.payable)
  for (let i = 0, at = 0; i < count; i++) if (columns.payable[i] === 1) rows[at++] = i
  const picked = createColumns(rows.length, collector.options)
  for (const key of Object.keys(picked) as (keyof Columns)[]) {
    const [to, from] = [picked[key], columns[key]]
    for (let at = 0; at < to.length; at++) to[at] = from[rows[at]!]!
  }
  const fees = new Float64Array(collector.fees.length === 0 ? 0 : rows.length * FEE_BUCKETS.length)
  if (fees.length > 0) for (let at = 0; at < rows.length; at++) copyFees(collector.fees, rows[at]!, fees, at)
  return { cases, payable: tableOf({ ...collector, fees }, picked, rows.length), unpayable }
}

/** The first `count` rows of collected columns as a table, with labels in place of the reader's numbers. */
function tableOf({ book, texts, fees, options }: Collector, columns: Columns, count: number): GroupedCases {
  const hospitals = numbered(texts.hospital, columns.hospital, count)
  const insurances = numbered(texts.insurance, columns.insurance, count)
  const months = numbered(texts.month, columns.month, count)
  return {
    count,
    groups: book.leaves.map(leaf => leaf.drg),
    parents: book.leaves.map(leaf => leaf.adrg),
    hospitals: hospitals.labels,
    insurances: insurances.labels,
    months: months.labels,
    group: columns.group.slice(0, count),
    status: columns.status.slice(0, count),
    hospital: hospitals.column,
    insurance: insurances.column,
    month: months.column,
    los: columns.los.slice(0, count),
    dischargeWay: columns.dischargeWay.slice(0, count),
    cost: columns.cost.slice(0, count),
    fund: columns.fund.slice(0, count),
    patient: columns.patient.slice(0, count),
    ...(!isDetailed(options) ? {} : { details: detailsOf(texts, fees, columns, count) }),
    ...(options.choices === undefined
      ? {}
      : {
          dip: {
            tags: columns.tags.slice(0, count),
            auxiliary: columns.auxiliary.slice(0, count),
            choices: options.choices,
          },
        }),
  }
}

function detailsOf(texts: Collector['texts'], fees: Float64Array, columns: Columns, count: number): CaseDetails {
  const departments = numbered(texts.department, columns.department, count)
  const doctors = numbered(texts.doctor, columns.doctor, count)
  return {
    departments: departments.labels,
    doctors: doctors.labels,
    department: departments.column,
    doctor: doctors.column,
    age: columns.age.slice(0, count),
    ageDays: columns.ageDays.slice(0, count),
    ...(fees.length === 0 ? {} : { fees: fees.slice(0, count * FEE_BUCKETS.length) }),
  }
}

/** The labels that a column uses, sorted and without repetition, and the column as positions among them. */
function numbered(
  texts: readonly string[],
  column: Uint16Array,
  count: number,
): { readonly labels: readonly string[]; readonly column: Uint16Array } {
  const used = new Uint8Array(texts.length)
  for (let i = 0; i < count; i++) used[column[i]!] = 1
  const labels = [...new Set(texts.filter((text, i) => used[i] === 1 && text !== ''))].sort()
  const places = new Map(labels.map((label, i) => [label, i]))
  const position = Uint16Array.from(texts, text => places.get(text) ?? NO_LABEL)
  const numbers = new Uint16Array(count)
  for (let i = 0; i < count; i++) numbers[i] = position[column[i]!]!
  return { labels, column: numbers }
}
