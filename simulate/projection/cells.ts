import { Decimal } from '../../numbers/index.ts'
import type { Hospital } from '../../weights/index.ts'
import type { Policy } from '../policy/policy.ts'
import type { Growth } from '../scenario/counted.ts'
import { select } from '../scenario/where.ts'
import { classNumber } from '../settle/classes.ts'
import { type Cells, type Ledger, ledgerFrom, SUM_KEYS, type Sums } from '../settle/ledger.ts'
import type { ProjectionConfig } from './config.ts'

/** Factors on the number of cases and on the cost of a case, by cell of a ledger. */
export interface CellFactors {
  readonly volume: Float64Array
  readonly price: Float64Array
}

/** The year that factors are wanted for: t years after the start. */
export interface YearTerms {
  readonly t: number
  /** The calendar year. */
  readonly year: number
  /** Cases of each insurance as a multiple of the start. */
  readonly cases: readonly number[]
  /** Cost of a case as a multiple of the start. */
  readonly price: number
}

/** Factors on the cases of a hospital, insurance, month and group, and on their cost; positions are those of the labels. */
type FactorsAt = (
  hospital: number,
  insurance: number,
  month: number,
) => (group: number) => { readonly volume: number; readonly price: number }

/** The factors of a year: the region's growth, trends of some cases on top, and what befalls some of them. */
function factorsAt(
  labels: Parameters<typeof select>[1],
  { t, year, cases, price }: YearTerms,
  { trends, events }: Pick<ProjectionConfig, 'trends' | 'events'>,
  hospitals: readonly Hospital[],
): FactorsAt {
  const shifts = [
    ...trends.map(one => ({ where: one.where, volume: (1 + one.use) ** t, price: (1 + one.cost) ** t })),
    ...events
      .filter(({ from, to }) => from <= year && (to === null || year <= to))
      .map(one => ({ where: one.where, volume: one.volume, price: one.cost })),
  ].map(({ where, ...factors }) => ({ ...factors, at: select(where, labels, hospitals) }))
  return (h, s, m) => {
    const here = shifts.filter(({ at }) => at.hospital[h] === 1 && at.insurance[s] === 1 && at.month[m] === 1)
    return group => {
      let [volume, cost] = [cases[s] ?? 1, price]
      for (const shift of here) {
        if (shift.at.group[group] !== 1) continue
        volume *= shift.volume
        cost *= shift.price
      }
      return { volume, price: cost }
    }
  }
}

/** The factors of a year by cell of a ledger. */
export function cellFactors(
  ledger: Ledger,
  terms: YearTerms,
  config: Pick<ProjectionConfig, 'trends' | 'events'>,
  hospitals: readonly Hospital[],
): CellFactors {
  const at = factorsAt(ledger, terms, config, hospitals)
  const { cells, insurances, months } = ledger
  const [volumes, prices] = [new Float64Array(cells.group.length), new Float64Array(cells.group.length)]
  for (let row = 0; row + 1 < cells.start.length; row++) {
    const unit = Math.floor(row / months.length)
    const here = at(Math.floor(unit / insurances.length), unit % insurances.length, row % months.length)
    for (let cell = cells.start[row]!; cell < cells.start[row + 1]!; cell++) {
      const { volume, price } = here(cells.group[cell]!)
      volumes[cell] = volume
      prices[cell] = price
    }
  }
  return { volume: volumes, price: prices }
}

/** How many cases of a year stand for each, as volume caps count them. */
export function growthOf(
  terms: YearTerms,
  config: Pick<ProjectionConfig, 'trends' | 'events'>,
  hospitals: readonly Hospital[],
): Growth {
  return labels => {
    const at = factorsAt(labels, terms, config, hospitals)
    const exact = new Map<number, Decimal>()
    const known = new Map<number, Decimal>()
    const { groups, insurances, months } = labels
    return (h, s, m, g) => {
      const key = ((h * insurances.length + s) * months.length + m) * groups.length + g
      const found = known.get(key)
      if (found !== undefined) return found
      const { volume } = at(h, s, m)(g)
      const factor = exact.get(volume) ?? new Decimal(volume)
      exact.set(volume, factor)
      known.set(key, factor)
      return factor
    }
  }
}

/** What the money of normal cases follows: a rate the weights, a set amount the cases alone, all else the cost. */
export type MoneyFollows = 'cost' | 'weight' | 'cases'

/** How a policy pays normal cases in money. What cases of other classes get depends on their cost. */
export function moneyOf({ method, document: { elastic } }: Policy): MoneyFollows {
  if (method === 'rate' || elastic?.by === 'severity') return 'weight'
  return elastic?.by === 'costKind' ? 'cases' : 'cost'
}

/** Money of a ledger that does not follow costs, fen by insurance. */
export function setMoneyOf({ cells, insurances, months }: Ledger, follows: MoneyFollows): ReadonlyMap<string, number> {
  const sums = new Float64Array(insurances.length)
  if (follows !== 'cost')
    for (let row = 0; row + 1 < cells.start.length; row++)
      for (let cell = cells.start[row]!; cell < cells.start[row + 1]!; cell++)
        if (cells.class[cell] === NORMAL)
          sums[Math.floor(row / months.length) % insurances.length]! += cells.sums.paid[cell]!
  return new Map(insurances.map((code, s) => [code, sums[s]!]))
}

const NORMAL = classNumber('normal')

/**
 * The ledger of a year. Points follow the number of cases and the weights (`weight` by group), money follows cases and
 * cost, that of normal cases what `follows` says. Every sum of a unit is rounded half up once; its cells are cut from running totals, so that they add up.
 */
export function yearLedger(
  ledger: Ledger,
  { volume, price }: CellFactors,
  weight: Float64Array,
  follows: MoneyFollows = 'cost',
): Ledger {
  const { cells, hospitals, insurances, months } = ledger
  const scale = (column: Float64Array, factor: (cell: number) => number): Float64Array => {
    const out = new Float64Array(column.length)
    for (let unit = 0; unit < hospitals.length * insurances.length; unit++) {
      let [exact, given] = [0, 0]
      const last = cells.start[(unit + 1) * months.length]!
      for (let cell = cells.start[unit * months.length]!; cell < last; cell++) {
        exact += column[cell]! * factor(cell)
        const next = Math.round(exact)
        out[cell] = next - given
        given = next
      }
    }
    return out
  }
  const money = (cell: number): number => volume[cell]! * price[cell]!
  const points = (cell: number): number => volume[cell]! * weight[cells.group[cell]!]!
  const paid = (cell: number): number => {
    if (follows === 'cost' || cells.class[cell] !== NORMAL) return money(cell)
    return follows === 'weight' ? points(cell) : volume[cell]!
  }
  const factorOf: Readonly<Record<keyof Sums, (cell: number) => number>> = {
    cases: cell => volume[cell]!,
    outside: cell => volume[cell]!,
    points,
    fundPoints: points,
    paid,
    fundPaid: paid,
    cost: money,
    patient: money,
    fund: money,
  }
  const scaled = Object.fromEntries(
    SUM_KEYS.map(key => [key, scale(cells.sums[key], factorOf[key])]),
  ) as unknown as Sums
  // A cell lies outside the pool as a whole or not at all.
  for (let cell = 0; cell < cells.group.length; cell++) {
    if (cells.sums.outside[cell]! > 0) scaled.outside[cell] = scaled.cases[cell]!
  }
  const made: Cells = { ...cells, sums: scaled }
  return ledgerFrom(ledger, made)
}

/** Cases in the pool and their cost by group under some factors. */
export interface GroupSums {
  readonly cases: Float64Array
  readonly cost: Float64Array
}

/** What each group costs in a year, unrounded. */
export function groupSums({ cells, groups }: Ledger, { volume, price }: CellFactors): GroupSums {
  const [cases, cost] = [new Float64Array(groups.length), new Float64Array(groups.length)]
  for (let cell = 0; cell < cells.group.length; cell++) {
    const group = cells.group[cell]!
    cases[group]! += (cells.sums.cases[cell]! - cells.sums.outside[cell]!) * volume[cell]!
    cost[group]! += cells.sums.cost[cell]! * volume[cell]! * price[cell]!
  }
  return { cases, cost }
}
