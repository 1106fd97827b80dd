import type { CaseBatch, DipCatalogue } from '../../grouper/index.ts'
import { Fault } from '../../messages/index.ts'
import { type BuildColumns, gatherCases } from './build-kernel.ts'
import { planOperations } from './operations.ts'

/** Where cases come from; every run through it gives the same batches in the same order. */
export interface CaseSource {
  /** Files, for messages. */
  readonly files: readonly string[]
  /** Hands over every batch, and after each file the texts of its month labels. */
  each(onBatch: (batch: CaseBatch) => void, onFile: (months: readonly string[]) => void): void
}

/** Position of a case that lies in none of the years. */
export const NO_YEAR = 65_535

/** The cases of all years in one table. */
export interface BuildCases {
  readonly columns: BuildColumns
  readonly count: number
  /** Years, ascending; `columns.month` holds positions in them. */
  readonly years: readonly string[]
  /** 1: has a cost and lies in one of the years. */
  readonly used: Uint8Array
  readonly withoutCost: number
  readonly outsideYears: number
}

const MONTH = /^(\d{4})-(0[1-9]|1[0-2])$/

/**
 * Reads all cases of a source.
 *
 * @param years years that count, ascending; empty: the last three that the cases have
 */
export function collectCases(catalogue: DipCatalogue, source: CaseSource, years: readonly string[]): BuildCases {
  const plan = planOperations(catalogue)
  let columns = createColumns(1 << 16)
  let count = 0
  let fileStart = 0
  const known: string[] = []
  source.each(
    batch => {
      columns = roomFor(columns, count, batch)
      gatherCases(plan, batch, columns, count)
      count += batch.count
    },
    months => {
      // Each file numbers its months for itself.
      const year = months.map(text => MONTH.exec(text.trim())?.[1] ?? '')
      for (const one of year) if (one !== '' && !known.includes(one)) known.push(one)
      const position = Uint16Array.from(year, one => (one === '' ? NO_YEAR : known.indexOf(one)))
      const { month } = columns
      for (let i = fileStart; i < count; i++) month[i] = position[month[i]!] ?? NO_YEAR
      fileStart = count
    },
  )
  if (known.length === 0) throw withoutMonths(source)
  const chosen = years.length > 0 ? years : [...known].sort().slice(-3)
  const missing = chosen.filter(year => !known.includes(year))
  if (missing.length > 0) throw withoutCases(source, missing, known)
  return settleYears(columns, count, chosen, known)
}

function settleYears(
  columns: BuildColumns,
  count: number,
  years: readonly string[],
  known: readonly string[],
): BuildCases {
  const place = Uint16Array.from(known, year => (years.includes(year) ? years.indexOf(year) : NO_YEAR))
  const used = new Uint8Array(count)
  let withoutCost = 0
  let outsideYears = 0
  for (let i = 0; i < count; i++) {
    const year = place[columns.month[i]!] ?? NO_YEAR
    columns.month[i] = year
    if (year === NO_YEAR) outsideYears++
    else if (!(columns.cost[i]! > 0)) withoutCost++
    else used[i] = 1
  }
  return { columns, count, years, used, withoutCost, outsideYears }
}

function createColumns(capacity: number): BuildColumns {
  return {
    dx: new Uint16Array(capacity),
    main: new Uint16Array(capacity),
    relatedStart: new Uint32Array(capacity + 1),
    related: new Uint16Array(capacity * 2),
    month: new Uint16Array(capacity),
    cost: new Float64Array(capacity),
    los: new Uint16Array(capacity),
  }
}

/** The columns with room for a batch; as they were where there is room. */
function roomFor(columns: BuildColumns, count: number, batch: CaseBatch): BuildColumns {
  const related = columns.relatedStart[count]! + batch.pxStart[batch.count]! - batch.pxStart[0]!
  if (related > columns.related.length) {
    const larger = new Uint16Array(Math.max(related, columns.related.length * 2))
    larger.set(columns.related)
    columns.related = larger
  }
  if (count + batch.count <= columns.dx.length) return columns
  const larger = { ...createColumns(Math.max(count + batch.count, columns.dx.length * 2)), related: columns.related }
  for (const name of ['dx', 'main', 'relatedStart', 'month', 'cost', 'los'] as const) larger[name].set(columns[name])
  return larger
}

function withoutMonths(source: CaseSource): Fault {
  return new Fault({
    code: 'DPB-001',
    at: { file: source.files[0] ?? '', field: 'month' },
    what: {
      zh: '病例没有结算月份（YYYY-MM），无法分年。',
      en: 'The cases have no month (YYYY-MM), so years cannot be told apart.',
    },
    fix: { zh: '请在病例文件中提供 month（结算月份）列。', en: 'Give the case files a column month.' },
  })
}

function withoutCases(source: CaseSource, missing: readonly string[], known: readonly string[]): Fault {
  return new Fault({
    code: 'DPB-002',
    at: { file: source.files[0] ?? '', field: 'years' },
    what: { zh: `没有 ${missing.join('、')} 年的病例。`, en: `There are no cases of ${missing.join(', ')}.` },
    fix: {
      zh: `病例所在年份为：${[...known].sort().join('、')}。`,
      en: `The cases are of ${[...known].sort().join(', ')}.`,
    },
  })
}
