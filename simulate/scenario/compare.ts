import type { Text } from '../../messages/index.ts'
import { Decimal, type Fen } from '../../numbers/index.ts'
import type { Hospital } from '../../weights/index.ts'
import type { HospitalRow, Settlement } from '../settle/region.ts'
import type { BlockParts } from './blocks.ts'
import { type CauseParts, causesOf, factorsOf, type SideFactors } from './decompose.ts'
import { type Inequality, inequality } from './inequality.ts'
import type { Baseline, Outcome, SettledPart, Stage, Start } from './run.ts'

/**
 * The pools before and after that share insurances; where one pool is split or pools are joined, one row a pair, so that
 * the money of a pool may stand in several rows and must not be added up over them. Money in fen, point values in yuan per point. */
export interface PoolChange {
  readonly insurances: readonly string[]
  readonly pointValue: readonly [before: Decimal | null, after: Decimal | null]
  /** Relative change of the point value; null without one. */
  readonly change: Decimal | null
  readonly budget: readonly [before: Fen, after: Fen]
  readonly residual: readonly [before: Fen, after: Fen]
}

export interface HospitalChange {
  readonly hospital: Hospital
  readonly due: readonly [before: Fen, after: Fen]
  readonly gross: readonly [before: Fen, after: Fen]
  readonly surplus: readonly [before: Fen, after: Fen]
  /** Change of the fund due in fen, and relative to it before; null where nothing was due. */
  readonly change: Fen
  readonly share: Decimal | null
  /** Place by fund due, 1 for the largest. */
  readonly rank: readonly [before: number, after: number]
  readonly verdict: 'winner' | 'loser' | 'unchanged'
  /** Change of the gross payment by its causes, in fen; they add up to it. */
  readonly causes: CauseParts
  /** The part of the rules by their blocks. */
  readonly rules: BlockParts
}

/** One scenario against the baseline. */
export interface ScenarioComparison {
  readonly title: Text
  readonly stage: Stage
  readonly pools: readonly PoolChange[]
  /** The settlement under the scenario. */
  readonly settlement: Settlement
  /** In order of hospital code. */
  readonly hospitals: readonly HospitalChange[]
  readonly winners: number
  readonly losers: number
  /** How unequally gross payment follows cost over hospitals. */
  readonly inequality: readonly [before: Inequality, after: Inequality]
  /** Σ due + Σ residual − Σ budget; zero, or the program is wrong. */
  readonly check: Fen
}

export interface Comparison {
  /** A hospital wins or loses when its fund due changes by more than this share. */
  readonly threshold: Decimal
  readonly baseline: Settlement
  readonly scenarios: readonly ScenarioComparison[]
}

/** The share by which a fund due must change for a hospital to win or lose, where nothing else is asked for. */
export const THRESHOLD: Decimal = new Decimal('0.001')

/** Compares scenarios with their baseline; a hospital wins or loses by more than `threshold` (default 0.1 %). */
export function compare(baseline: Baseline, outcomes: readonly Outcome[], threshold: Decimal = THRESHOLD): Comparison {
  return { threshold, baseline: baseline.settlement, scenarios: outcomes.map(comparer(baseline, threshold)) }
}

/** What compares one scenario after another with the same baseline. */
export function comparer(baseline: Start, threshold: Decimal): (outcome: Outcome) => ScenarioComparison {
  const { input, valued, coefficients, settlement } = baseline
  const { parents } = input.cases
  const factors = factorsOf({ ...input, coefficients, parents, ledger: valued.ledger, settlement })
  return outcome => compareOne(settlement, factors, outcome, threshold)
}

function compareOne(
  before: SettledPart,
  factors: SideFactors,
  outcome: Outcome,
  threshold: Decimal,
): ScenarioComparison {
  const { scenario, settlement: after, stage } = outcome
  const causes = causesOf(factors, outcome)
  const ranksBefore = ranks(before.hospitals)
  const ranksAfter = ranks(after.hospitals)
  const hospitals = before.hospitals.map((row, i): HospitalChange => {
    const now = after.hospitals[i]
    if (now?.hospital.code !== row.hospital.code) throw new Error('a scenario must keep the hospitals')
    const change = now.due - row.due
    const share = row.due === 0 ? null : new Decimal(change).div(Math.abs(row.due))
    const isLarge = share === null ? change !== 0 : share.abs().gt(threshold)
    return {
      hospital: row.hospital,
      due: [row.due, now.due],
      gross: [row.gross, now.gross],
      surplus: [row.surplus, now.surplus],
      change,
      share,
      rank: [ranksBefore.get(row.hospital.code) ?? 0, ranksAfter.get(row.hospital.code) ?? 0],
      verdict: isLarge ? (change > 0 ? 'winner' : 'loser') : 'unchanged',
      ...causes[i]!,
    }
  })
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)
  return {
    title: scenario.title,
    stage,
    pools: poolChanges(before, after),
    settlement: after,
    hospitals,
    winners: hospitals.filter(({ verdict }) => verdict === 'winner').length,
    losers: hospitals.filter(({ verdict }) => verdict === 'loser').length,
    inequality: [paidForCost(before), paidForCost(after)],
    check:
      sum(after.hospitals.map(({ due }) => due)) +
      sum([...after.pools, ...after.parts].map(({ residual }) => residual)) -
      agreed(after),
  }
}

/** How unequally hospitals are paid for what they spend. */
export function paidForCost({ hospitals }: Pick<Settlement, 'hospitals'>): Inequality {
  return inequality(hospitals.map(({ gross, cost }) => ({ have: gross, weigh: cost })))
}

/** Every pool after with each pool before that shares an insurance with it. */
function poolChanges(before: Pick<Settlement, 'pools'>, after: Pick<Settlement, 'pools'>): PoolChange[] {
  return after.pools.flatMap(now =>
    before.pools.flatMap((old): PoolChange[] => {
      const insurances = old.insurances.filter(code => now.insurances.includes(code))
      if (insurances.length === 0) return []
      const [was, is] = [old.pointValue, now.pointValue]
      return [
        {
          insurances,
          pointValue: [was, is],
          change: was === null || is === null || was.isZero() ? null : is.minus(was).div(was),
          budget: [old.budget, now.budget],
          residual: [old.residual, now.residual],
        },
      ]
    }),
  )
}

/** What the fund pays in a settlement: budgets less residuals, each pool and part once. */
export function fundPaid(settlement: Settlement): Fen {
  return [...settlement.pools, ...settlement.parts].reduce((all, { residual }) => all - residual, agreed(settlement))
}

/** The budgets of a settlement, with what visitors bring: what a part gave to a pool counts once. */
function agreed({ pools, parts }: Settlement): Fen {
  return (
    pools.reduce((all, { budget }) => all + budget, 0) + parts.reduce((all, part) => all + part.amount - part.toPool, 0)
  )
}

function ranks(rows: readonly HospitalRow[]): ReadonlyMap<string, number> {
  const sorted = rows.toSorted((a, b) => b.due - a.due || (a.hospital.code < b.hospital.code ? -1 : 1))
  return new Map(sorted.map((row, i) => [row.hospital.code, i + 1]))
}
