import { at, createDraws, type Draws, normal, unit } from '../../numbers/index.ts'
import { compilePolicy, type Policy } from '../policy/policy.ts'
import { divide } from '../scenario/evaluator.ts'
import type { Model, Piece } from './model.ts'
import { outputsOf, writeOutputs } from './outputs.ts'

/** What a draw is for: part of its name, so that no draw depends on another. */
const NAMES = {
  region: 1,
  level: 2,
  hospital: 3,
  cost: 4,
  hospitalCost: 5,
  group: 6,
  weight: 7,
  arrival: 8,
  review: 9,
} as const

/** What all replicates of a model share, made once a thread. */
interface Ready {
  /** By branch and piece. */
  readonly cells: readonly (readonly Sparse[])[]
  readonly policies: readonly Policy[]
}

const known = new WeakMap<Model, Ready>()

function readyFor(model: Model): Ready {
  const found = known.get(model) ?? {
    cells: model.branches.map(branch => branch.pieces.map(piece => sparse(model, piece))),
    policies: model.branches.map(branch => compilePolicy(branch.policy)),
  }
  known.set(model, found)
  return found
}

/** Cells of a branch that hold something, unit by unit. */
interface Sparse {
  readonly start: Uint32Array
  readonly group: Uint16Array
  readonly points: Float64Array
  readonly paid: Float64Array
  readonly cost: Float64Array
  readonly patient: Float64Array
  readonly fund: Float64Array
  readonly fundPoints: Float64Array | null
  readonly fundPaid: Float64Array | null
}

function sparse({ groups }: Model, branch: Piece): Sparse {
  const cells: number[] = []
  const start = [0]
  for (let cell = 0; cell < branch.cost.length; cell++) {
    if (branch.cost[cell] !== 0 || branch.points[cell] !== 0) cells.push(cell)
    if ((cell + 1) % groups === 0) start.push(cells.length)
  }
  const pick = (column: Float64Array): Float64Array => Float64Array.from(cells, cell => column[cell]!)
  return {
    start: Uint32Array.from(start),
    group: Uint16Array.from(cells, cell => cell % groups),
    points: pick(branch.points),
    paid: pick(branch.paid),
    cost: pick(branch.cost),
    patient: pick(branch.patient),
    fund: pick(branch.fund),
    fundPoints: branch.fundPoints === undefined ? null : pick(branch.fundPoints),
    fundPaid: branch.fundPaid === undefined ? null : pick(branch.fundPaid),
  }
}

/**
 * Replicates `from` up to `to` of every branch of a model: rows of outputs, branch by branch within a replicate. All
 * branches meet the same draws (common random numbers), each of which is named by seed, purpose, place and replicate, so
 * that neither threads nor stretches show. Every replicate is divided to the fen.
 */
export function replicate(model: Model, from: number, to: number): Float64Array {
  const { hospitals, insurances, groups, branches, spread, accepted } = model
  const units = hospitals.length * insurances.length
  const width = outputsOf(model).length
  const out = new Float64Array((to - from) * branches.length * width)
  const draws = createDraws(model.seed)
  const { cells, policies } = readyFor(model)
  const mix = new Float64Array(groups)
  const worth = new Float64Array(groups)
  const volume = new Float64Array(units)
  const pieces = model.arrival.length
  const price = new Float64Array(pieces * units)
  const earned = new Float64Array(pieces * units)
  const extra = new Float64Array(pieces * units)
  const tables = branches.map(branch =>
    branch.pieces.map(piece => ({ hospitals, insurances, ...noSums(piece, units) })),
  )
  for (let r = from; r < to; r++) {
    drawGroups(model, draws, r, mix, worth)
    const region = spread.region * draw(draws, NAMES.region, 0, r)
    const cost = spread.cost * draw(draws, NAMES.cost, 0, r)
    for (let h = 0; h < hospitals.length; h++) {
      const v =
        region +
        spread.level * draw(draws, NAMES.level, model.level[h]!, r) +
        spread.hospital * draw(draws, NAMES.hospital, h, r)
      const c = cost + spread.hospitalCost * draw(draws, NAMES.hospitalCost, h, r)
      const part = unit(at(draws, NAMES.review, h, r, 0)[0]!)
      for (let s = 0; s < insurances.length; s++) {
        const u = h * insurances.length + s
        volume[u] = Math.exp(v)
        for (let n = 0; n < pieces; n++) {
          const root = model.arrival[n]!
          const words = at(draws, NAMES.arrival, u, r, n)
          const z0 = normal(words[0]!, words[1]!)
          const z1 = normal(words[2]!, words[3]!)
          const [a, b, d] = [root[u * 3]!, root[u * 3 + 1]!, root[u * 3 + 2]!]
          price[n * units + u] = Math.exp(c) * Math.max(1 + b * z0 + d * z1, 0)
          earned[n * units + u] = Math.exp(model.elasticity[u]! * c) * Math.max(1 + a * z0, 0)
          extra[n * units + u] = model.excess[n]![u]! * (accepted[0] + part * (accepted[1] - accepted[0]))
        }
      }
    }
    for (let k = 0; k < branches.length; k++) {
      for (let n = 0; n < pieces; n++) {
        const sums = tables[k]![n]!
        sumUnits(cells[k]![n]!, mix, worth, sums)
        for (let u = 0; u < units; u++) {
          const place = n * units + u
          const costs = volume[u]! * price[place]!
          if (sums.fundPoints !== undefined) {
            sums.fundPoints[u] = Math.round(sums.fundPoints[u]! * volume[u]! * earned[place]!)
            sums.fundPaid![u] = Math.round(sums.fundPaid![u]! * costs)
          }
          sums.points[u] = Math.round(sums.points[u]! * volume[u]! * earned[place]!)
          sums.paid[u] = Math.round(sums.paid[u]! * costs + extra[place]! * costs)
          sums.cost[u] = Math.round(sums.cost[u]! * costs)
          sums.patient[u] = Math.round(sums.patient[u]! * costs)
          sums.fund[u] = Math.round(sums.fund[u]! * costs)
        }
      }
      const at = ((r - from) * branches.length + k) * width
      const { budgets, visitors, pieces: own } = branches[k]!
      const [main, ...parts] = tables[k]!
      const tablesOf = { main: main!, parts: parts.map((claims, n) => ({ claims, isEmpty: own[n + 1]!.isEmpty })) }
      writeOutputs(divide(tablesOf, { policy: policies[k]!, budgets, visitors }), out.subarray(at, at + width))
    }
  }
  return out
}

/** Factors of groups: their cases, with mean 1 over the draws, and their weights with the total weight kept. */
function drawGroups(model: Model, draws: Draws, r: number, mix: Float64Array, worth: Float64Array): void {
  const { groups, spread, weightError, weightMass } = model
  let before = 0
  let after = 0
  for (let g = 0; g < groups; g++) {
    const sd = spread.group
    mix[g] = sd === 0 ? 1 : Math.exp(sd * draw(draws, NAMES.group, g, r) - (sd * sd) / 2)
    const error = Math.min(weightError[g]!, 1)
    worth[g] = error === 0 ? 1 : Math.exp(error * draw(draws, NAMES.weight, g, r) - (error * error) / 2)
    before += weightMass[g]!
    after += weightMass[g]! * worth[g]!
  }
  const keep = after > 0 ? before / after : 1
  for (let g = 0; g < groups; g++) worth[g] = worth[g]! * keep
}

function draw(draws: Draws, name: number, place: number, r: number): number {
  const words = at(draws, name, place, r, 0)
  return normal(words[0]!, words[1]!)
}

type PieceSums = Omit<Piece, 'isEmpty'>

function noSums({ fundPoints }: Piece, units: number): PieceSums {
  const column = (): Float64Array => new Float64Array(units)
  return {
    points: column(),
    paid: column(),
    cost: column(),
    patient: column(),
    fund: column(),
    ...(fundPoints === undefined ? {} : { fundPoints: column(), fundPaid: column() }),
  }
}

function sumUnits(
  { start, group, points, paid, cost, patient, fund, fundPoints, fundPaid }: Sparse,
  mix: Float64Array,
  worth: Float64Array,
  sums: PieceSums,
): void {
  for (let u = 0; u + 1 < start.length; u++) {
    let [p, m, c, q, f] = [0, 0, 0, 0, 0]
    for (let i = start[u]!; i < start[u + 1]!; i++) {
      const g = group[i]!
      const n = mix[g]!
      p += points[i]! * n * worth[g]!
      m += paid[i]! * n
      c += cost[i]! * n
      q += patient[i]! * n
      f += fund[i]! * n
    }
    sums.points[u] = p
    sums.paid[u] = m
    sums.cost[u] = c
    sums.patient[u] = q
    sums.fund[u] = f
    if (fundPoints === null || fundPaid === null) continue
    let [rated, settled] = [0, 0]
    for (let i = start[u]!; i < start[u + 1]!; i++) {
      const g = group[i]!
      rated += fundPoints[i]! * mix[g]! * worth[g]!
      settled += fundPaid[i]! * mix[g]!
    }
    sums.fundPoints![u] = rated
    sums.fundPaid![u] = settled
  }
}
