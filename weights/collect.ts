import { type CaseBatch, type GroupColumns, type LabelSet, MISSING, type RuleBook } from '../grouper/index.ts'
import { type GroupedCases, LONGEST_STAY, NO_LABEL, NO_STAY } from './grouped.ts'
import { insuranceCode } from './insurance.ts'
import type { Unpayable, UnpayableReason } from './unpayable.ts'

/** What the cases are collected for: weights need a cost only, a settlement all that a payment depends on. */
export type Need = 'weights' | 'settlement'

export interface CollectOptions {
  readonly need: Need
  /** Year that the months of a settlement must lie in; default: any. */
  readonly year?: number | undefined
}

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/

type LabelName = 'hospital' | 'insurance' | 'month'

/** The text by which a label is known; '' where it says nothing. */
const CANONICAL: Readonly<Record<LabelName, (text: string) => string>> = {
  hospital: text => text.trim(),
  insurance: insuranceCode,
  month: text => (MONTH.test(text.trim()) ? text.trim() : ''),
}

/** Collects grouped batches into one table of columns: add → finish. */
export interface Collector {
  readonly book: RuleBook
  readonly options: CollectOptions
  count: number
  /** How many of them can be paid. */
  payable: number
  columns: Columns
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
  readonly los: Uint16Array
  readonly dischargeWay: Uint8Array
  readonly cost: Float64Array
  readonly fund: Float64Array
  readonly patient: Float64Array
  /** 1: the case can be paid. */
  readonly payable: Uint8Array
}

export function createCollector(book: RuleBook, options: CollectOptions): Collector {
  return {
    book,
    options,
    count: 0,
    payable: 0,
    columns: createColumns(1 << 16),
    texts: { hospital: [], insurance: [], month: [] },
    unpayable: [],
  }
}

function createColumns(capacity: number): Columns {
  return {
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
  groups: GroupColumns,
  labels: LabelSet,
  file: string,
): void {
  for (const name of ['hospital', 'insurance', 'month'] as const) {
    const known = collector.texts[name]
    for (let i = known.length; i < labels[name].texts.length; i++) known.push(CANONICAL[name](labels[name].texts[i]!))
  }
  if (collector.count + batch.count > collector.columns.group.length) {
    const larger = createColumns((collector.count + batch.count) * 2)
    for (const key of Object.keys(larger) as (keyof Columns)[]) larger[key].set(collector.columns[key])
    collector.columns = larger
  }
  const { columns, unpayable } = collector
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
    columns.los[at] = batch.los[i] === MISSING ? NO_STAY : Math.min(batch.los[i]!, LONGEST_STAY)
    columns.dischargeWay[at] = batch.dischargeWay[i]!
    columns.cost[at] = cost
    columns.fund[at] = fund !== MISSING ? fund : patient !== MISSING ? cost - patient : 0
    columns.patient[at] = patient !== MISSING ? patient : fund !== MISSING ? cost - fund : 0
    columns.payable[at] = reason === undefined ? 1 : 0
    if (reason === undefined) collector.payable++
  }
}

/** Why case `i` of a batch cannot be used as it is needed; undefined: it can. */
function reasonAgainst({ options, texts }: Collector, batch: CaseBatch, i: number): UnpayableReason | undefined {
  const cost = batch.cost[i]!
  if (cost === MISSING) return 'cost-missing'
  if (options.need === 'weights') return undefined
  const fund = batch.fund[i]!
  const patient = batch.patient[i]!
  if (fund === MISSING && patient === MISSING) return 'shares-missing'
  if (fund > cost || patient > cost) return 'shares-exceed-cost'
  // Exports round each amount on its own, so a fen of difference is no contradiction.
  if (fund !== MISSING && patient !== MISSING && Math.abs(fund + patient - cost) > 1) return 'shares-do-not-add-up'
  if (texts.hospital[batch.hospital[i]!] === '') return 'hospital-missing'
  if (texts.insurance[batch.insurance[i]!] === '') return 'insurance-missing'
  const month = texts.month[batch.month[i]!]!
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
  const picked = createColumns(rows.length)
  for (const key of Object.keys(picked) as (keyof Columns)[]) {
    const [to, from] = [picked[key], columns[key]]
    for (let at = 0; at < rows.length; at++) to[at] = from[rows[at]!]!
  }
  return { cases, payable: tableOf(collector, picked, rows.length), unpayable }
}

/** The first `count` rows of collected columns as a table, with labels in place of the reader's numbers. */
function tableOf({ book, texts }: Collector, columns: Columns, count: number): GroupedCases {
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
