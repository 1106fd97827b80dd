import { type CaseBatch, type GroupColumns, type LabelSet, MISSING, type RuleBook } from '../grouper/index.ts'
import type { GroupedCases } from './grouped.ts'

/** Why a case that was read cannot be paid. */
export type UnpayableReason =
  | 'cost-missing'
  | 'shares-missing'
  | 'shares-exceed-cost'
  | 'hospital-missing'
  | 'insurance-missing'
  | 'month-invalid'

/** A case that takes no part in weights and settlement, by its place in the input. */
export interface Unpayable {
  readonly line: number
  readonly reason: UnpayableReason
}

/** Ways to write the two insurance schemes; other codes stay as they are. */
const INSURANCES: Readonly<Record<string, string>> = {
  '1': '310',
  '01': '310',
  职工: '310',
  职工医保: '310',
  '2': '390',
  '02': '390',
  居民: '390',
  居民医保: '390',
}

const NO_LABEL = 0
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/

/** Collects grouped batches into one table of columns: add → finish. */
export interface Collector {
  readonly book: RuleBook
  count: number
  columns: Columns
  /** Whether a month label is `YYYY-MM`, by label. */
  readonly monthOk: boolean[]
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
}

export function createCollector(book: RuleBook): Collector {
  return { book, count: 0, columns: createColumns(1 << 16), monthOk: [], unpayable: [] }
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
  }
}

/**
 * Adds the cases of a batch. A case without cost, hospital, insurance or month, or without a split of its cost between
 * fund and patient, goes to `unpayable`. Of the two shares one is enough: the other is what is left of the cost.
 */
export function collectBatch(collector: Collector, batch: CaseBatch, groups: GroupColumns, labels: LabelSet): void {
  const { texts } = labels.month
  while (collector.monthOk.length < texts.length) collector.monthOk.push(MONTH.test(texts[collector.monthOk.length]!))
  if (collector.count + batch.count > collector.columns.group.length) {
    const larger = createColumns((collector.count + batch.count) * 2)
    for (const key of Object.keys(larger) as (keyof Columns)[]) larger[key].set(collector.columns[key])
    collector.columns = larger
  }
  const { columns, unpayable, monthOk } = collector
  for (let i = 0; i < batch.count; i++) {
    const cost = batch.cost[i]!
    let fund = batch.fund[i]!
    let patient = batch.patient[i]!
    const split = fund !== MISSING || patient !== MISSING
    if (split && fund === MISSING) fund = cost - patient
    if (split && patient === MISSING) patient = cost - fund
    const reason =
      cost === MISSING
        ? 'cost-missing'
        : !split
          ? 'shares-missing'
          : fund < 0 || patient < 0
            ? 'shares-exceed-cost'
            : batch.hospital[i] === NO_LABEL
              ? 'hospital-missing'
              : batch.insurance[i] === NO_LABEL
                ? 'insurance-missing'
                : !monthOk[batch.month[i]!]
                  ? 'month-invalid'
                  : undefined
    if (reason !== undefined) {
      unpayable.push({ line: batch.line[i]!, reason })
      continue
    }
    const at = collector.count++
    columns.group[at] = groups.leaf[i]!
    columns.status[at] = groups.status[i]!
    columns.hospital[at] = batch.hospital[i]!
    columns.insurance[at] = batch.insurance[i]!
    columns.month[at] = batch.month[i]!
    columns.los[at] = Math.max(batch.los[i]!, 0)
    columns.dischargeWay[at] = batch.dischargeWay[i]!
    columns.cost[at] = cost
    columns.fund[at] = fund
    columns.patient[at] = patient
  }
}

/** The collected cases and those that cannot be paid; labels are sorted, so that the order of the input does not show. */
export function finishCollecting(
  collector: Collector,
  labels: LabelSet,
): { readonly cases: GroupedCases; readonly unpayable: readonly Unpayable[] } {
  const { book, columns, count } = collector
  const hospitals = sorted(labels.hospital.texts, text => text)
  const insurances = sorted(labels.insurance.texts, text => INSURANCES[text] ?? text)
  const months = sorted(
    labels.month.texts.filter((text, i) => i === 0 || MONTH.test(text)),
    text => text,
  )
  const hospital = new Uint16Array(count)
  const insurance = new Uint8Array(count)
  const month = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    hospital[i] = hospitals.position[columns.hospital[i]!]!
    insurance[i] = insurances.position[columns.insurance[i]!]!
    month[i] = months.position[columns.month[i]!]!
  }
  return {
    cases: {
      count,
      groups: book.leaves.map(leaf => leaf.drg),
      parents: book.leaves.map(leaf => leaf.adrg),
      hospitals: hospitals.labels,
      insurances: insurances.labels,
      months: months.labels,
      group: columns.group.slice(0, count),
      status: columns.status.slice(0, count),
      hospital,
      insurance,
      month,
      los: columns.los.slice(0, count),
      dischargeWay: columns.dischargeWay.slice(0, count),
      cost: columns.cost.slice(0, count),
      fund: columns.fund.slice(0, count),
      patient: columns.patient.slice(0, count),
    },
    unpayable: collector.unpayable,
  }
}

/** Texts (0 is the empty one) as sorted labels without repetition, and the position of each text among them. */
function sorted(
  texts: readonly string[],
  canonical: (text: string) => string,
): { readonly labels: readonly string[]; readonly position: Int32Array } {
  const labels = [...new Set(texts.slice(1).map(canonical))].sort()
  const places = new Map(labels.map((label, i) => [label, i]))
  return { labels, position: Int32Array.from(texts, text => places.get(canonical(text)) ?? -1) }
}
