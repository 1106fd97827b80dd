import { at, createDraws, Decimal, unit } from '../../numbers/index.ts'
import { type GroupedCases, type Hospital, LONGEST_STAY, NO_STAY, type WeightTable } from '../../weights/index.ts'
import type { Change } from './change.ts'
import { type Factor, factorOf, times } from './factor.ts'
import { type Selection, select } from './where.ts'

/** Cases after some changes. */
export interface ChangedCases {
  readonly cases: GroupedCases
  /** Factor of each case by `factorOf[i]`; entry 0 is 1. */
  readonly factors: readonly Decimal[]
  readonly factorOf: Uint16Array
  /** Position of each case among those that were given. */
  readonly origin: Uint32Array
}

interface Around {
  readonly hospitals: readonly Hospital[]
  readonly weights: WeightTable
  /** Mean cost of each group in fen over the cases as they were; 0 where there is none. */
  readonly meanCost: Float64Array
}

/** Key of all draws of scenarios: the same case meets the same chance in every scenario. */
const SEED = 20_250_101

/** Carries changes out in their order. The given cases stay as they are; columns that nothing touches are shared. */
export function changeCases(
  given: GroupedCases,
  changes: Readonly<Record<string, Change>>,
  around: Omit<Around, 'meanCost'>,
): ChangedCases {
  const whole: Around = { ...around, meanCost: meanCosts(given) }
  let state: ChangedCases = {
    cases: given,
    factors: [new Decimal(1)],
    factorOf: new Uint16Array(given.count),
    origin: Uint32Array.from({ length: given.count }, (_, i) => i),
  }
  for (const [name, change] of Object.entries(changes)) state = apply(state, name, change, whole)
  return state
}

/** A copy of cases in another order, or of some of them, whatever columns they have. */
export function pickCases(cases: GroupedCases, order: Uint32Array): GroupedCases {
  return { ...(picked(cases, cases.count, order) as GroupedCases), count: order.length }
}

/** The columns of an object, and of the objects in it, in another order; a case may have several places in a column. */
function picked(columns: object, count: number, order: Uint32Array): object {
  return Object.fromEntries(
    Object.entries(columns).map(([key, column]: [string, unknown]) => {
      if (typeof column === 'object' && column !== null && !Array.isArray(column) && !ArrayBuffer.isView(column))
        return [key, picked(column, count, order)]
      if (!ArrayBuffer.isView(column)) return [key, column]
      const from = column as unknown as Float64Array
      const width = from.length / count
      const to = new (from.constructor as Float64ArrayConstructor)(order.length * width)
      for (let i = 0; i < order.length; i++) {
        for (let k = 0; k < width; k++) to[i * width + k] = from[order[i]! * width + k]!
      }
      return [key, to]
    }),
  )
}

function meanCosts({ count, groups, group, cost }: GroupedCases): Float64Array {
  const sum = new Float64Array(groups.length)
  const n = new Float64Array(groups.length)
  for (let i = 0; i < count; i++) {
    sum[group[i]!]! += cost[i]!
    n[group[i]!]! += 1
  }
  return sum.map((value, g) => (n[g]! > 0 ? value / n[g]! : 0))
}

function apply(state: ChangedCases, name: string, change: Change, around: Around): ChangedCases {
  const meant = matched(state.cases, select(change.where, state.cases, around.hospitals))
  const drawn = (share: string): Uint32Array => drawFrom(state, meant, name, new Decimal(share).toNumber())
  switch (change.kind) {
    case 'volume':
      return volume(state, meant, new Decimal(change.factor))
    case 'cost':
      return {
        ...state,
        cases: costs(state.cases, meant, new Decimal(change.factor).minus(1).times(change.share).plus(1)),
      }
    case 'patient':
      return { ...state, cases: patients(state.cases, meant, factorOf(new Decimal(change.factor))) }
    case 'stay':
      return { ...state, cases: stays(state.cases, meant, factorOf(new Decimal(change.factor))) }
    case 'coding':
      return { ...state, cases: coding(state.cases, drawn(change.share), change.to, around.weights) }
    case 'splitting':
      return splitting(state, drawn(change.share), new Decimal(change.cost))
    case 'refusal': {
      const ratio = new Decimal(change.ratio).toNumber()
      const { group, cost } = state.cases
      const limit = around.meanCost.map(mean => mean * ratio)
      return without(
        state,
        drawn(change.share).filter(i => cost[i]! > limit[group[i]!]!),
      )
    }
    case 'transfer': {
      const targets = select(change.to, state.cases, around.hospitals).hospital
      const moved = transfer(state, drawn(change.share), name, targets)
      return { ...state, cases: costs(moved.cases, moved.moved, new Decimal(change.cost)) }
    }
  }
}

/** Positions of the cases that a selection means. */
function matched({ count, hospital, group, insurance, month }: GroupedCases, selection: Selection): Uint32Array {
  const out = new Uint32Array(count)
  let n = 0
  for (let i = 0; i < count; i++) {
    if (
      selection.hospital[hospital[i]!] === 1 &&
      selection.group[group[i]!] === 1 &&
      selection.insurance[insurance[i]!] === 1 &&
      selection.month[month[i]!] === 1
    )
      out[n++] = i
  }
  return out.subarray(0, n)
}

/** A share of some cases, drawn case by case: a larger share holds all cases of a smaller one. */
function drawFrom({ origin }: ChangedCases, from: Uint32Array, name: string, share: number): Uint32Array {
  const draws = createDraws(SEED)
  const key = hashOf(name)
  return from.filter(i => unit(at(draws, origin[i]!, key, 0, 0)[0]!) < share)
}

function hashOf(name: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash
}

function volume(state: ChangedCases, meant: Uint32Array, factor: Decimal): ChangedCases {
  const factors = [...state.factors]
  const after = new Map<number, number>()
  const column = state.factorOf.slice()
  for (const i of meant) {
    const old = column[i]!
    let now = after.get(old)
    if (now === undefined) {
      const product = factors[old]!.times(factor)
      now = factors.findIndex(one => one.eq(product))
      if (now < 0) now = factors.push(product) - 1
      after.set(old, now)
    }
    column[i] = now
  }
  return { ...state, factors, factorOf: column }
}

function costs(cases: GroupedCases, meant: Uint32Array, exact: Decimal): GroupedCases {
  if (exact.eq(1)) return cases
  const factor = factorOf(exact)
  const [cost, patient, fund] = [cases.cost.slice(), cases.patient.slice(), cases.fund.slice()]
  for (const i of meant) {
    const isSplit = cost[i] === patient[i]! + fund[i]!
    cost[i] = times(cost[i]!, factor)
    patient[i] = times(patient[i]!, factor)
    fund[i] = isSplit ? cost[i]! - patient[i]! : times(fund[i]!, factor)
  }
  return { ...cases, cost, patient, fund }
}

function patients(cases: GroupedCases, meant: Uint32Array, factor: Factor): GroupedCases {
  const [patient, fund] = [cases.patient.slice(), cases.fund.slice()]
  for (const i of meant) {
    const both = patient[i]! + fund[i]!
    patient[i] = Math.min(times(patient[i]!, factor), both)
    fund[i] = both - patient[i]!
  }
  return { ...cases, patient, fund }
}

function stays(cases: GroupedCases, meant: Uint32Array, factor: Factor): GroupedCases {
  const los = cases.los.slice()
  for (const i of meant) {
    if (los[i] !== NO_STAY && los[i]! > 0) los[i] = Math.min(Math.max(times(los[i]!, factor), 1), LONGEST_STAY)
  }
  return { ...cases, los }
}

/** The next heavier or lighter group of the same ADRG; the group itself where there is none. */
export function siblings({ groups, parents }: GroupedCases, weights: WeightTable, to: 'up' | 'down'): Uint16Array {
  const byParent = Map.groupBy(groups.keys(), g => parents[g]!)
  return Uint16Array.from(groups, (_, g) => {
    const own = weights.weight[g]
    if (own == null) return g
    const wanted = byParent
      .get(parents[g]!)!
      .filter(other => {
        const weight = weights.weight[other]
        return weight != null && (to === 'up' ? weight.gt(own) : weight.lt(own))
      })
      .sort((a, b) => weights.weight[a]!.comparedTo(weights.weight[b]!))
    return (to === 'up' ? wanted[0] : wanted.at(-1)) ?? g
  })
}

function coding(cases: GroupedCases, drawn: Uint32Array, to: 'up' | 'down', weights: WeightTable): GroupedCases {
  const target = siblings(cases, weights, to)
  const group = cases.group.slice()
  for (const i of drawn) if (cases.status[i] === 0) group[i] = target[group[i]!]!
  return { ...cases, group }
}

function without(state: ChangedCases, dropped: Uint32Array): ChangedCases {
  const out = new Set(dropped)
  return reordered(
    state,
    Uint32Array.from({ length: state.cases.count }, (_, i) => i).filter(i => !out.has(i)),
  )
}

function reordered(state: ChangedCases, order: Uint32Array): ChangedCases {
  return {
    ...state,
    cases: pickCases(state.cases, order),
    factorOf: Uint16Array.from(order, i => state.factorOf[i]!),
    origin: Uint32Array.from(order, i => state.origin[i]!),
  }
}

function splitting(state: ChangedCases, drawn: Uint32Array, cost: Decimal): ChangedCases {
  const split = drawn.filter(i => state.cases.status[i] === 0)
  const { count } = state.cases
  const order = Uint32Array.from({ length: count + split.length }, (_, i) => (i < count ? i : split[i - count]!))
  const doubled = reordered(state, order)
  const both = Uint32Array.from({ length: 2 * split.length }, (_, i) =>
    i < split.length ? split[i]! : count + i - split.length,
  )
  const half = stays(doubled.cases, both, factorOf(new Decimal('0.5')))
  return { ...doubled, cases: costs(half, both, cost) }
}

function transfer(
  { cases, origin }: ChangedCases,
  drawn: Uint32Array,
  name: string,
  targets: Uint8Array,
): { readonly cases: GroupedCases; readonly moved: Uint32Array } {
  // Running shares of what each target treats; a draw falls between two of them.
  const treated = new Float64Array(targets.length)
  for (let i = 0; i < cases.count; i++) if (targets[cases.hospital[i]!] === 1) treated[cases.hospital[i]!]! += 1
  const total = treated.reduce((sum, value) => sum + value, 0)
  if (total === 0) return { cases, moved: new Uint32Array() }
  const moved = drawn.filter(i => targets[cases.hospital[i]!] === 0)
  const draws = createDraws(SEED)
  const key = hashOf(name)
  const hospital = cases.hospital.slice()
  for (const i of moved) {
    let left = unit(at(draws, origin[i]!, key, 1, 0)[0]!) * total
    let h = 0
    while (h < treated.length - 1 && left >= treated[h]!) left -= treated[h++]!
    hospital[i] = treated[h]! > 0 ? h : treated.findIndex(value => value > 0)
  }
  return { cases: { ...cases, hospital }, moved }
}
