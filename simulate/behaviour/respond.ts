import { Fault, someOf } from '../../messages/index.ts'
import { Decimal, type Fen, POINT_UNIT } from '../../numbers/index.ts'
import { placeIn } from '../place.ts'
import { siblings } from '../scenario/cases.ts'
import { grownLedger } from '../scenario/counted.ts'
import type { Baseline } from '../scenario/run.ts'
import { type ClaimTable, claimsOf } from '../settle/claims.ts'
import { type Ledger, sumByGroup } from '../settle/ledger.ts'
import { type ClaimTables, cutLedger, divideTables } from '../settle/table-division.ts'
import { type CappedNow, capClaims, cappedOf } from './cap-claims.ts'
import type { BehaviourConfig } from './config.ts'
import { type Equilibrium, equilibrium, type Solver } from './equilibrium.ts'
import {
  type Action,
  deterrence,
  type Payoff,
  type Player,
  payoff,
  pointValues,
  type Rules,
  STILL,
  sumOthers,
} from './game.ts'
import { type PoolName, type Race, racesOf } from './races.ts'

/** How a region responds under one method of payment. */
export interface Response {
  readonly method: Rules['method']
  readonly players: readonly Player[]
  readonly rules: Rules
  readonly pools: readonly PoolName[]
  readonly equilibrium: Equilibrium
  /** What each hospital gets while all do as before. */
  readonly still: readonly Payoff[]
  /** Whether a second search, from the other end of every range, ends at the same actions. */
  readonly unique: boolean
  /** π(1 + φ) from which upcoding pays for no hospital. */
  readonly deterrence: number
  /** Fund due of every hospital as before and at the end, settled to the fen; null under a rate. */
  readonly due: readonly { readonly before: Fen; readonly after: Fen }[]
}

/**
 * Hospitals respond to the point value, and, as the textbook comparison, to a fixed rate at the same start. Cases that a
 * part of a budget pays as billed or by head, and visitors paid as billed, take no part in the race; they go with the volume.
 */
export function respond(baseline: Baseline, config: BehaviourConfig, file?: string): readonly Response[] {
  const tables = tablesOf(baseline.valued.ledger, baseline.input)
  const pools = racesOf(tables, baseline.input)
  const claims = tables.main
  const caps = capClaims(baseline)
  const players = playersOf(baseline, pools, config, cappedOf(caps, tables, pools))
  const movers = moversOf(claims.hospitals, config, file)
  const budget = Float64Array.from(pools, race => race.budget / 100)
  const n = (value: Decimal): number => value.toNumber()
  const shared = {
    budget,
    earning: pools.map(pool => pool.earning),
    ...(caps === null ? {} : { caps: caps.caps }),
    patientPayScales: config.patientPayScales,
    detection: n(config.audit.detection),
    fine: n(config.audit.fine),
    bounds: {
      volume: [n(config.volume.min), n(config.volume.max)] as const,
      upcoding: n(config.upcoding.max),
      effort: n(config.effort.max),
      splitting: n(config.splitting.max),
      refusal: n(config.refusal.max),
    },
  }
  const solver: Solver = { damping: n(config.solver.damping), eps: n(config.solver.eps), rounds: config.solver.rounds }
  const still = players.map(() => STILL)
  const rate = pointValues(players, still, { ...shared, method: 'points', rate: budget })
  return (['points', 'rate'] as const).map((method): Response => {
    const rules: Rules = { ...shared, method, rate }
    const found = equilibrium(players, rules, solver, movers)
    const { bounds } = rules
    const far: Action = {
      m: bounds.volume[1],
      u: bounds.upcoding,
      e: bounds.effort,
      y: bounds.splitting,
      x: bounds.refusal,
    }
    const second = equilibrium(
      players,
      rules,
      solver,
      movers,
      players.map((_, h) => (movers.includes(h) ? far : STILL)),
    )
    return {
      method,
      players,
      rules,
      pools: pools.map(pool => pool.name),
      equilibrium: found,
      still: players.map((player, h) => payoff(player, STILL, sumOthers(players, still, rules, h), rate, rules)),
      unique: found.actions.every((one, h) => isNear(one, second.actions[h]!)),
      deterrence: deterrence(players, found.actions, rules),
      due: method === 'rate' ? [] : settleActions(baseline, tables, players, found.actions),
    }
  })
}

/** The claims of a ledger, cut as the region's budgets are. */
function tablesOf(ledger: Ledger, input: Baseline['input']): ClaimTables {
  const cut = cutLedger(ledger, input)
  return {
    main: claimsOf(cut.main),
    parts: cut.parts.map(part => ({ claims: claimsOf(part.ledger), isEmpty: part.isEmpty })),
  }
}

function isNear(a: Action, b: Action): boolean {
  return (['m', 'u', 'e', 'y', 'x'] as const).every(key => Math.abs(a[key] - b[key]) < 1e-3)
}

/** The hospitals of a region as players. */
function playersOf(
  baseline: Baseline,
  pools: readonly Race[],
  config: BehaviourConfig,
  cappedAt: (hospital: number) => CappedNow | undefined,
): readonly Player[] {
  const { hospitals, insurances } = pools[0]!.claims
  const width = insurances.length
  const eta = config.upcoding.eta === 'data' ? upcodingGains(baseline) : undefined
  const dear = dearParts(baseline, config.refusal.ratio.toNumber())
  return hospitals.map((code, h): Player => {
    const sum = (key: 'points' | 'patient' | 'paid' | 'cost', unit: number): Float64Array =>
      Float64Array.from(
        pools,
        ({ claims, columns }) => columns.reduce((all, s) => all + claims[key][h * width + s]!, 0) / unit,
      )
    const cost = sum('cost', 100).reduce((all, value) => all + value, 0) * config.cost.marginal.toNumber()
    const points = sum('points', POINT_UNIT)
    const under = cappedAt(h)
    return {
      code,
      // What is settled stays settled: what caps left of their cases makes up for the rest.
      points: under === undefined ? points : points.map((all, s) => all - under.now[s]!),
      ...(under === undefined ? {} : { capped: under.capped }),
      patient: sum('patient', 100),
      visiting: Float64Array.from(
        pools,
        ({ claims, visiting }) => visiting.reduce((all, s) => all + claims.fund[h * width + s]!, 0) / 100,
      ),
      paid: sum('paid', 100),
      base: Float64Array.from(pools, ({ base }) => (base?.[h] ?? 0) / POINT_UNIT),
      cost,
      kappa: cost * config.cost.kappa.toNumber(),
      eta: eta?.get(code) ?? (config.upcoding.eta === 'data' ? 0 : config.upcoding.eta.toNumber()),
      psi: cost * config.effort.psi.toNumber(),
      splitPoints: config.splitting.points.toNumber(),
      splitCost: config.splitting.cost.toNumber(),
      dearPoints: dear.get(code)?.points ?? 0,
      dearCost: dear.get(code)?.cost ?? 0,
    }
  })
}

/** η of each hospital: Σ n·(w′ − w) / Σ n·w, w′ the weight of the next heavier group of the ADRG. */
function upcodingGains({ valued: { ledger }, input }: Baseline): ReadonlyMap<string, number> {
  const target = siblings(input.cases, input.weights, 'up')
  const weight = input.weights.weight.map(one => one?.toNumber() ?? 0)
  const { cases } = sumByGroup(ledger)
  return new Map(
    ledger.hospitals.map((code, h) => {
      let [gain, total] = [0, 0]
      for (let s = 0; s < ledger.insurances.length; s++) {
        for (let g = 0; g < ledger.groups.length; g++) {
          const n = cases[(h * ledger.insurances.length + s) * ledger.groups.length + g]!
          gain += n * (weight[target[g]!]! - weight[g]!)
          total += n * weight[g]!
        }
      }
      return [code, total > 0 ? gain / total : 0]
    }),
  )
}

/** Parts of each hospital's points and cost that lie in cases above a multiple of their group's mean cost. */
function dearParts({ input, valued }: Baseline, ratio: number): ReadonlyMap<string, { points: number; cost: number }> {
  const { count, group, hospital, hospitals, groups, cost } = input.cases
  const [sum, n] = [new Float64Array(groups.length), new Float64Array(groups.length)]
  for (let i = 0; i < count; i++) {
    sum[group[i]!]! += cost[i]!
    n[group[i]!]! += 1
  }
  const all = hospitals.map(() => ({ points: 0, cost: 0, dearPoints: 0, dearCost: 0 }))
  for (let i = 0; i < count; i++) {
    const one = all[hospital[i]!]!
    const points = valued.values.points[i]!
    one.points += points
    one.cost += cost[i]!
    if (cost[i]! > (ratio * sum[group[i]!]!) / n[group[i]!]!) {
      one.dearPoints += points
      one.dearCost += cost[i]!
    }
  }
  return new Map(
    hospitals.map((code, h) => {
      const { points, cost: total, dearPoints, dearCost } = all[h]!
      return [code, { points: points > 0 ? dearPoints / points : 0, cost: total > 0 ? dearCost / total : 0 }]
    }),
  )
}

/** Positions of the hospitals that may act. */
function moversOf(
  hospitals: readonly string[],
  { players }: BehaviourConfig,
  file: string | undefined,
): readonly number[] {
  if (players === 'all') return hospitals.map((_, h) => h)
  return players.map((code, i) => {
    const at = hospitals.indexOf(code)
    if (at >= 0) return at
    const some = someOf(hospitals)
    throw new Fault({
      code: 'BHV-001',
      at: file === undefined ? { field: 'players' } : placeIn(file, ['players', i]),
      what: {
        zh: `该地区没有医疗机构 ${code} 的病例。`,
        en: `The region has no case of hospital ${code}.`,
      },
      // A neighbour's code is no misspelling.
      fix: { zh: `有病例的机构：${some.zh}。`, en: `Hospitals with cases: ${some.en}.` },
    })
  })
}

/**
 * The dues of a region under actions: points, money and volumes in whole units, divided to the fen. Under volume caps the
 * cases are valued again as the volumes leave them.
 */
function settleActions(
  { input, valued }: Baseline,
  tables: ClaimTables,
  players: readonly Player[],
  actions: readonly Action[],
): Response['due'] {
  const width = tables.main.insurances.length
  const scaled = (column: Float64Array, factors: readonly Decimal[]): Float64Array =>
    column.map((value, i) =>
      factors[Math.floor(i / width)]!.times(value).toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toNumber(),
    )
  const volume = actions.map(({ m }) => new Decimal(m.toFixed(9)))
  const points = actions.map(({ m, u, y, x }, h) => {
    const { eta, splitPoints, dearPoints } = players[h]!
    return new Decimal((m * (1 + u * eta + y * splitPoints) * (1 - x * dearPoints)).toFixed(9))
  })
  const after = (claims: ClaimTable): ClaimTable => ({
    ...claims,
    points: scaled(claims.points, points),
    paid: scaled(claims.paid, volume),
    cost: scaled(claims.cost, volume),
    patient: scaled(claims.patient, volume),
    fund: scaled(claims.fund, volume),
    ...(claims.fundPoints === undefined ? {} : { fundPoints: scaled(claims.fundPoints, points) }),
    ...(claims.fundPaid === undefined ? {} : { fundPaid: scaled(claims.fundPaid, volume) }),
  })
  const before = divideTables(tables, input).due
  const place = new Map(tables.main.hospitals.map((code, h) => [code, h]))
  const grown =
    input.policy.rules.volumeCap.size === 0
      ? tables
      : tablesOf(
          grownLedger(input, valued, labels => h => volume[place.get(labels.hospitals[h]!)!]!),
          input,
        )
  const now = divideTables(
    { main: after(grown.main), parts: grown.parts.map(part => ({ ...part, claims: after(part.claims) })) },
    input,
  ).due
  return tables.main.hospitals.map((_, h) => ({ before: before[h]!, after: now[h]! }))
}
