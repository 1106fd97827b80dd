import { type Decimal, parseYuan } from '../../numbers/index.ts'
import { tableOf } from '../policy/coefficients.ts'
import type { PolicyDocument } from '../policy/document.ts'
import { compilePolicy, type Policy } from '../policy/policy.ts'
import { CLAIM_KEYS, type ClaimTable } from '../settle/claims.ts'
import type { DivisionTerms } from '../settle/division.ts'
import type { RegionInput } from '../settle/region.ts'
import { type ClaimTables, cutVisitors, divideTables } from '../settle/table-division.ts'
import { type Segment, segmentsOf } from './apply.ts'
import { changeCases } from './cases.ts'
import { type Prepared, prepareCells } from './cell-list.ts'
import type { Change } from './change.ts'
import { factorOf, times } from './factor.ts'
import type { Parameters } from './parameters.ts'
import { allChanges, type Baseline, casePolicy, onlyVolume, runScenario, withoutBands } from './run.ts'
import type { Scenario } from './scenario.ts'
import { isSummable, listed, type SortedRegion, sortCases, sortKey } from './sorted.ts'
import { changedTables } from './tables.ts'
import { createValuer, type Valuer } from './valuer.ts'
import { volumesOf } from './volumes.ts'

/** The money of a region without its rows: what many scenarios are compared by. Hospitals in order of code; fen. */
export interface Summary {
  readonly hospitals: readonly string[]
  readonly insurances: readonly string[]
  /** Yuan per point by insurance; null where its pool has none. */
  readonly pointValue: readonly (Decimal | null)[]
  readonly residual: number
  readonly due: Float64Array
  readonly gross: Float64Array
  readonly cost: Float64Array
}

/** Evaluates scenarios of one region; stages that several scenarios share run once. */
export interface Evaluator {
  evaluate(scenario: Scenario): Summary
}

/** Stages kept at most; older ones make room. */
const KEPT = 8

/** Cases sorted under a policy, and the key of all that they depend on. */
interface Store {
  readonly key: string
  readonly input: RegionInput
  readonly sorted: SortedRegion
}

/** What the evaluator needs of a baseline; the whole one is made when a scenario needs its rows. */
export type Ground = Pick<Baseline, 'input' | 'parameters'>

/**
 * An evaluator of a region. `whole` gives the baseline with its ledger for scenarios that need it: periods, parts inside
 * the budget, volumes by group or month. `sorted`: the region's cases as `sortCases` gives them, else they are sorted here.
 */
export function createEvaluator(
  { input, parameters }: Ground,
  whole: () => Baseline,
  sorted?: SortedRegion,
): Evaluator {
  const stores = new Map<string, Store>()
  const valuers = new Map<string, Valuer>()
  const prepared = new Map<string, Prepared>()
  const claims = new Map<string, ClaimTable>()
  const isPlain = input.budgets.every(budget => (budget.within ?? []).length === 0)
  const home = homes(input)
  const labels = { ...input.cases }

  /** Compiled once a document: branches that a scenario does not touch are the same object. */
  const compiled = new WeakMap<object, Policy>()
  const policyOf = (document: PolicyDocument): Policy => {
    const policy = compiled.get(document) ?? compilePolicy(document)
    compiled.set(document, policy)
    return policy
  }
  /** Short names of branches: one a content. */
  const nameOf = createTexts(branch => branch)
  const casesText = createTexts(casePolicy)
  const rulesText = createTexts(withoutBands)
  const tablesText = ({ coefficient, weights }: Parameters): string => `${nameOf(coefficient)}\n${nameOf(weights)}`
  const baseKey = sortKey(input.policy, () => tablesText(parameters))

  /** The cases of a segment, sorted, with the tables by which they are valued. */
  const storeOf = (tree: Parameters, policy: Policy, changes: Readonly<Record<string, Change>>): Store => {
    const isVolume = onlyVolume(changes)
    const order = sortKey(policy, () => tablesText(tree))
    const key = JSON.stringify([tree.scheme, isVolume ? {} : changes, tree.weights.from, order])
    return kept(stores, key, () => {
      const own = tree.scheme === parameters.scheme ? input : { ...input, ...whole().means.regroup!(tree.scheme) }
      const cases = isVolume ? own.cases : changeCases(own.cases, changes, own).cases
      const changed = { ...own, cases }
      const derived =
        tree.weights.from === 'cases' ? { ...changed, ...whole().means.reweigh!(cases, own.hospitals) } : changed
      const isBase = isVolume && derived === changed && own === input && order === baseKey
      const sort = (): SortedRegion =>
        sortCases({
          ...derived,
          cases: { ...cases, insurances: cases.insurances.map(home) },
          policy,
          ...changedTables(derived, policy, tree),
          hospitals: listed(derived),
        })
      return { key, input: derived, sorted: isBase && sorted !== undefined ? sorted : sort() }
    })
  }

  /** Changed costs leave the cells alone: what was prepared for the same rules serves again. */
  const valuerOf = (store: Store, tree: Parameters, policy: Policy, rules: string): Valuer => {
    const { input: own, sorted: region } = store
    const given = { ...own, policy, ...changedTables(own, policy, tree), priced: own.cases.insurances.map(home) }
    const key = `${tree.scheme}\n${tree.weights.from}\n${rules}`
    // Weights that are derived or balanced depend on how many cases there are.
    const isFree = tree.weights.from === 'cases' || tree.weights.balance === 'total'
    const found = isFree ? undefined : prepared.get(key)
    if (found?.fits(region) === true) return createValuer(region, given, found)
    const made = prepareCells(region, given)
    prepared.delete(key)
    kept(prepared, key, () => made)
    return createValuer(region, given, made)
  }

  const claimsOf = (scenario: Scenario): { readonly table: ClaimTable; readonly segment: Segment } | null => {
    if (!isPlain) return null
    const segments = segmentsOf(parameters, scenario, labels.months)
    const [segment] = segments
    if (segments.length > 1 || segment === undefined) return null
    const { parameters: tree } = segment
    const changes = allChanges(tree)
    const named = Object.values(changes)
    // Volumes by group or month, and those between other changes, need the cells of the ledger.
    if (named.some(one => one.kind === 'volume' && (!onlyVolume(changes) || one.where.group || one.where.month)))
      return null
    const policy = policyOf(tree.policy)
    const shifts = ['region', 'level', 'insurance', 'hospital'] as const
    const isStill = named.length === 0 && shifts.every(one => tree[one] === parameters[one])
    // Volume caps count cases as the volumes leave them.
    if (policy.rules.volumeCap.size > 0 && !isStill) return null
    if (!isSummable(input.cases, policy)) return null
    const store = storeOf(tree, policy, changes)
    const rules = `${rulesText(tree.policy)}\n${tablesText(tree)}`
    const table = kept(claims, `${casesText(tree.policy)}\n${tablesText(tree)}\n${store.key}`, () =>
      kept(valuers, `${rules}\n${store.key}`, () => valuerOf(store, tree, policy, rules)).claims(policy),
    )
    if (isStill) return { table, segment }
    const { factors, at } = volumesOf(tree, onlyVolume(changes) ? named : [], store.input.cases, store.input.hospitals)
    if (factors.length === 1) return { table, segment }
    const position = table.hospitals.map(code => store.input.cases.hospitals.indexOf(code))
    const width = table.insurances.length
    const exact = factors.map(factorOf)
    const scaled = (column: Float64Array): Float64Array =>
      column.map((value, i) => times(value, exact[at(position[Math.floor(i / width)]!, i % width, 0, 0)]!))
    const columns = Object.fromEntries(CLAIM_KEYS.map(one => [one, scaled(table[one])]))
    return { table: { ...table, ...columns }, segment }
  }

  return {
    evaluate(scenario) {
      const found = claimsOf(scenario)
      if (found === null) return summaryOf(whole(), scenario)
      const { table, segment } = found
      const policy = policyOf(segment.parameters.policy)
      const budgets = Object.entries(segment.parameters.budget).map(([insurance, { fund }]) => ({
        insurance,
        fund: parseYuan(fund) ?? 0,
      }))
      return divide(cutVisitors(table, input.visitors), { policy, budgets, visitors: input.visitors })
    },
  }
}

/** The cases of a region sorted under its own policy. */
export function sortRegion(input: RegionInput): SortedRegion {
  const coefficients = tableOf(input.policy, input.coefficients, input.cases, input.hospitals)
  const cases = { ...input.cases, insurances: input.cases.insurances.map(homes(input)) }
  return sortCases({ ...input, cases, coefficients, hospitals: listed(input) })
}

/** Texts of branches of the tree, each written once. */
function createTexts<T extends object>(content: (branch: T) => unknown): (branch: T) => string {
  const known = new WeakMap<T, string>()
  return branch => {
    const text = known.get(branch) ?? JSON.stringify(content(branch))
    known.set(branch, text)
    return text
  }
}

/** Tables of claims divided. */
export function divide(tables: ClaimTables, terms: DivisionTerms): Summary {
  const { hospitals, insurances } = tables.main
  const { pools, due, gross, residual } = divideTables(tables, terms)
  const cost = new Float64Array(hospitals.length)
  const pointValue: (Decimal | null)[] = insurances.map(() => null)
  for (const { columns, shares } of pools) for (const s of columns) pointValue[s] = shares.pointValue
  for (const table of [tables.main, ...tables.parts.map(part => part.claims)])
    for (let i = 0; i < table.cost.length; i++) cost[Math.floor(i / insurances.length)]! += table.cost[i]!
  return { hospitals, insurances, pointValue, residual, due, gross, cost }
}

/** The insurance by whose prices the cases of another are valued: visitors' by that of the scheme they join. */
export function homes({ visitors }: Pick<RegionInput, 'visitors'>): (insurance: string) => string {
  const home = new Map((visitors ?? []).map(one => [one.insurance, one.as]))
  return insurance => home.get(insurance) ?? insurance
}

/** The summary of a scenario that is settled with all its rows. */
function summaryOf(baseline: Baseline, scenario: Scenario): Summary {
  const { settlement, ledger } = runScenario(baseline, scenario)
  const rows = settlement.hospitals
  return {
    hospitals: rows.map(row => row.hospital.code),
    insurances: ledger.insurances,
    pointValue: ledger.insurances.map(
      code => settlement.pools.find(pool => pool.insurances.includes(code))?.pointValue ?? null,
    ),
    residual: [...settlement.pools, ...settlement.parts].reduce((sum, one) => sum + one.residual, 0),
    due: Float64Array.from(rows, row => row.due),
    gross: Float64Array.from(rows, row => row.gross),
    cost: Float64Array.from(rows, row => row.cost),
  }
}

/** The value of a key, made where it is not kept yet. */
function kept<T>(cache: Map<string, T>, key: string, make: () => T): T {
  const found = cache.get(key)
  if (found !== undefined) return found
  const made = make()
  if (cache.size >= KEPT) cache.delete(cache.keys().next().value!)
  cache.set(key, made)
  return made
}
