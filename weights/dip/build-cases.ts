import { COST_BUCKETS, compileDipBook, type DipCatalogue } from '../../grouper/index.ts'
import { Fault } from '../../messages/index.ts'
import type { CaseSource } from './build-source.ts'
import { gather, type StorePart } from './build-task.ts'
import type { BuildThreads } from './build-threads.ts'
import {
  type CaseColumns,
  createProfileTable,
  type ProfilePlan,
  type ProfileTable,
  takeOver,
} from './profile-kernel.ts'
import { openProfiles, type Profiles, planProfiles } from './profiles.ts'

/** Position of a case that lies in none of the years. */
export const NO_YEAR = 65_535

/** The cases of all years in one table. */
export interface BuildCases {
  readonly columns: CaseColumns
  readonly count: number
  readonly profiles: Profiles
  /** Years, ascending; `columns.month` holds positions in them. */
  readonly years: readonly string[]
  /** 1: has a cost and lies in one of the years. */
  readonly used: Uint8Array
  readonly withoutCost: number
  readonly outsideYears: number
}

const MONTH = /^(\d{4})-(0[1-9]|1[0-2])$/

/**
 * Reads all cases of a source, and numbers what can decide their groups under the catalogue or one with fewer of its rows.
 * The numbers go by first appearance, so neither threads nor blocks show in them.
 *
 * @param years years that count, ascending; empty: the last three that the cases have
 */
export async function collectCases(
  catalogue: DipCatalogue,
  source: CaseSource,
  years: readonly string[],
  threads?: BuildThreads,
): Promise<BuildCases> {
  const plan = planProfiles(catalogue, compileDipBook(catalogue))
  const count = source.cases
  const columns = createColumns(count)
  const table =
    threads === undefined
      ? gatherAll(plan, source, columns)
      : await gatherInThreads(plan, source, columns, count, threads)
  const known: string[] = []
  let from = 0
  for (const { trailer } of source.stores) {
    // Each store numbers its months for itself.
    const year = trailer.labels.month.map(text => MONTH.exec(text.trim())?.[1] ?? '')
    for (const one of year) if (one !== '' && !known.includes(one)) known.push(one)
    const position = Uint16Array.from(year, one => (one === '' ? NO_YEAR : known.indexOf(one)))
    const to = from + trailer.cases
    for (let i = from; i < to; i++) columns.month[i] = position[columns.month[i]!] ?? NO_YEAR
    from = to
  }
  if (known.length === 0) throw withoutMonths(source)
  const chosen = years.length > 0 ? years : [...known].sort().slice(-3)
  const missing = chosen.filter(year => !known.includes(year))
  if (missing.length > 0) throw withoutCases(source, missing, known)
  const settled = settleYears(columns, count, chosen, known)
  return { columns, count, years: chosen, ...settled, profiles: openProfiles(table, plan, columns, settled.used) }
}

function gatherAll(plan: ProfilePlan, { stores }: CaseSource, columns: CaseColumns): ProfileTable {
  const table = createProfileTable()
  gather({ plan, parts: stores, columns, from: 0 }, table)
  return table
}

/** Each thread takes a run of blocks; their profiles are taken over in the order of the runs. */
async function gatherInThreads(
  plan: ProfilePlan,
  source: CaseSource,
  columns: CaseColumns,
  count: number,
  threads: BuildThreads,
): Promise<ProfileTable> {
  const runs = runsOf(source, Math.ceil(count / threads.count))
  const starts = [0]
  for (const run of runs) starts.push(starts.at(-1)! + run.cases)
  const found = runs.map(({ parts }, r) => threads.gather({ kind: 'gather', plan, parts, columns, from: starts[r]! }))
  const table = createProfileTable()
  for (const [r, one] of (await Promise.all(found)).entries()) {
    takeOver(table, one, columns.profile, starts[r]!, starts[r + 1]!)
  }
  return table
}

/** The blocks of all stores in runs of about so many cases. */
function runsOf({ stores }: CaseSource, size: number): { readonly parts: StorePart[]; readonly cases: number }[] {
  const runs: { parts: StorePart[]; cases: number }[] = []
  for (const { file, trailer } of stores) {
    for (const block of trailer.blocks) {
      let run = runs.at(-1)
      if (run === undefined || run.cases >= size) {
        run = { parts: [], cases: 0 }
        runs.push(run)
      }
      const part = run.parts.at(-1)
      const { compression, fees = COST_BUCKETS } = trailer
      if (part?.file === file)
        run.parts[run.parts.length - 1] = {
          file,
          trailer: { compression, fees, blocks: [...part.trailer.blocks, block] },
        }
      else run.parts.push({ file, trailer: { compression, fees, blocks: [block] } })
      run.cases += block.count
    }
  }
  return runs
}

function settleYears(
  columns: CaseColumns,
  count: number,
  years: readonly string[],
  known: readonly string[],
): Pick<BuildCases, 'used' | 'withoutCost' | 'outsideYears'> {
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
  return { used, withoutCost, outsideYears }
}

/** Columns in shared memory, which threads write to. */
function createColumns(count: number): CaseColumns {
  return {
    profile: new Uint32Array(new SharedArrayBuffer(count * 4)),
    month: new Uint16Array(new SharedArrayBuffer(count * 2)),
    cost: new Float64Array(new SharedArrayBuffer(count * 8)),
    los: new Uint16Array(new SharedArrayBuffer(count * 2)),
  }
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
