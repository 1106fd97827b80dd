import { at, createDraws, type Draws, unit } from '../../numbers/index.ts'
import type { Case } from '../cases/case.ts'
import { interpret } from '../drg/interpret.ts'
import type { Expr, LeafPath, ScalarField, Scheme } from '../scheme/types.ts'
import { type Archetype, type Terrain, thresholdsOf, widen } from './box.ts'
import { conjunction, type Interval, type Literal } from './cube.ts'
import { allowedBeside, type Demand, DOMAIN, demandOf, type Need, type Taken } from './demand.ts'
import { codesOf, isComplication, type SchemeCodes, unionOf } from './scheme-codes.ts'

/**
 * Why no archetype was found: an earlier leaf of the ADRG always holds; the rules contradict themselves; or other
 * leaves took every candidate (how many each; none where no candidate could be put together).
 */
export type Unreached =
  | { readonly kind: 'shadowed' }
  | { readonly kind: 'contradiction'; readonly facts: readonly string[] }
  | { readonly kind: 'taken'; readonly by: ReadonlyMap<string, number> }

export interface LeafArchetypes {
  readonly leaf: LeafPath
  readonly archetypes: readonly Archetype[]
  /** Set exactly when there are none. */
  readonly unreached?: Unreached
}

export interface ArchetypeOptions {
  readonly seed: number
  /** Archetypes wanted a leaf. Default 16. */
  readonly perLeaf?: number
  /** Candidates tried at most a leaf. Default 400. */
  readonly tries?: number
}

/** Conjunctions looked at, at most, for one leaf. */
const CUBES = 4096
/** Satisfiable conjunctions used for one leaf. */
const DEMANDS = 48
/** Candidates in a row that repeat a known one before a leaf is taken for exhausted. */
const REPEATS = 40
/** Counter of draws that belongs to this module. */
const STREAM = 0x41524348

/**
 * Finds archetypes for every leaf of a scheme, in the order of the scheme: the rules of MDC, ADRG and DRG, and the
 * negations of the earlier leaves of the ADRG, are solved for codes and bounds, and every candidate is put to the
 * interpreter, which alone decides.
 */
export function findArchetypes(scheme: Scheme, options: ArchetypeOptions): LeafArchetypes[] {
  const codes = codesOf(scheme)
  const solver: Solver = {
    scheme,
    codes,
    draws: createDraws(options.seed),
    perLeaf: options.perLeaf ?? 16,
    tries: options.tries ?? 400,
    thresholds: thresholdsOf(scheme),
  }
  const found: LeafArchetypes[] = []
  const principals = new Set<string>()
  for (const mdc of scheme.mdcs) {
    const inMdc = { principals: new Set(principals), mainProcedures: new Set<string>() }
    for (const adrg of mdc.adrgs) {
      for (const [position, drg] of adrg.drgs.entries()) {
        const earlier = adrg.drgs.slice(0, position).map(one => one.rule.expr)
        found.push(solveLeaf({ mdc, adrg, drg }, earlier, inMdc, solver, found.length))
      }
      take(adrg.rule.expr, codes, inMdc.principals, inMdc.mainProcedures)
    }
    take(mdc.rule.expr, codes, principals, new Set())
  }
  return found
}

/**
 * Why conditions never hold together, one fact for each way to meet them; undefined where some way is free of
 * contradiction, or where there are too many ways to look at.
 */
export function contradictionsOf(scheme: Scheme, path: readonly Expr[]): readonly string[] | undefined {
  const codes = codesOf(scheme)
  const facts = new Set<string>()
  let seen = 0
  for (const literals of conjunction(path, true)) {
    const demand = demandOf(literals, codes, { principals: new Set(), mainProcedures: new Set() })
    if (!('contradiction' in demand) || ++seen === CUBES) return undefined
    facts.add(demand.contradiction)
  }
  return [...facts]
}

interface Solver extends Terrain {
  readonly codes: SchemeCodes
  readonly draws: Draws
  readonly perLeaf: number
  readonly tries: number
}

/** Notes what a rule takes that one list of principal codes decides. */
function take(expr: Expr, codes: SchemeCodes, principals: Set<string>, procedures: Set<string>): void {
  if (expr.op !== 'in') return
  for (const code of unionOf(codes, expr.sets)) {
    if (expr.fields.includes('ZYZD')) principals.add(code)
    if (expr.fields.includes('ZYSS')) procedures.add(code)
  }
}

function solveLeaf(
  leaf: LeafPath,
  earlier: readonly Expr[],
  taken: Taken,
  solver: Solver,
  number: number,
): LeafArchetypes {
  const { mdc, adrg, drg } = leaf
  const demands: Demand[] = []
  const contradictions = new Set<string>()
  let seen = 0
  for (const literals of pathCubes([mdc.rule.expr, adrg.rule.expr, drg.rule.expr], earlier)) {
    const demand = demandOf(literals, solver.codes, taken)
    if ('contradiction' in demand) contradictions.add(demand.contradiction)
    else demands.push(demand)
    if (++seen === CUBES || demands.length === DEMANDS) break
  }
  if (seen === 0) return { leaf, archetypes: [], unreached: { kind: 'shadowed' } }
  if (demands.length === 0) {
    return { leaf, archetypes: [], unreached: { kind: 'contradiction', facts: [...contradictions] } }
  }

  const archetypes: Archetype[] = []
  const known = new Set<string>()
  const by = new Map<string, number>()
  let repeats = 0
  for (let attempt = 0; attempt < solver.tries && repeats < REPEATS && archetypes.length < solver.perLeaf; attempt++) {
    const demand = demands[attempt % demands.length]!
    const candidate = candidateOf(demand, solver, { leaf: number, attempt, next: 0 })
    if (candidate === undefined) continue
    const key = `${candidate.diagnoses.join('|')},${candidate.procedures.join('|')},${candidate.ageYears === 0}`
    if (known.has(key)) {
      repeats++
      continue
    }
    known.add(key)
    repeats = 0
    const outcome = interpret(solver.scheme, candidate)
    if (outcome.leaf?.drg === drg) archetypes.push(widen(candidate, demand, drg, solver))
    else by.set(outcome.drg, (by.get(outcome.drg) ?? 0) + 1)
  }
  return archetypes.length > 0 ? { leaf, archetypes } : { leaf, archetypes, unreached: { kind: 'taken', by } }
}

/** Conjunctions of the path to a leaf, which no earlier sibling takes. */
function* pathCubes(path: readonly Expr[], earlier: readonly Expr[]): Generator<readonly Literal[]> {
  for (const yes of conjunction(path, true)) for (const no of conjunction(earlier, false)) yield [...yes, ...no]
}

/** Name of the next draw. */
interface Cursor {
  readonly leaf: number
  readonly attempt: number
  next: number
}

function draw(solver: Solver, cursor: Cursor): number {
  return unit(at(solver.draws, cursor.leaf, cursor.attempt, cursor.next++, STREAM)[0]!)
}

function pick<T>(list: readonly T[], solver: Solver, cursor: Cursor): T | undefined {
  return list[Math.floor(draw(solver, cursor) * list.length)]
}

/** A case that meets the demand, or undefined when the draws came to nothing. */
function candidateOf(demand: Demand, solver: Solver, cursor: Cursor): Case | undefined {
  const { codes } = solver
  const principal = pick(demand.principals, solver, cursor)!
  const diagnoses = [principal]
  for (const need of demand.otherDiagnoses) {
    const fits = (code: string): boolean =>
      allowedBeside(demand, codes, code, principal) &&
      need.sets.some(set =>
        set === 'MCC' || set === 'CC' ? isComplication(codes, code, set, principal) : codes.sets.get(set)?.has(code),
      )
    if (!addCodes(diagnoses, need, fits, solver, cursor)) return undefined
  }
  const procedures: string[] = []
  if (demand.mainProcedures.length > 0) procedures.push(pick(demand.mainProcedures, solver, cursor)!)
  for (const need of demand.otherProcedures) {
    const fits = (code: string): boolean => demand.barredProcedures.every(set => !codes.sets.get(set)?.has(code))
    if (!addCodes(procedures, need, fits, solver, cursor)) return undefined
  }

  const scalar = (name: ScalarField, usual: Interval): number => {
    const { low, high } = demand.scalars.get(name) ?? DOMAIN[name]
    const from = Math.max(low, Math.min(usual.low, high))
    const to = Math.min(high, Math.max(usual.high, low))
    return from + Math.floor(draw(solver, cursor) * (to - from + 1))
  }
  const ageYears = scalar('NL', { low: 18, high: 70 })
  const ageDays = ageYears === 0 && !demand.missing.has('XSRTL') ? scalar('XSRTL', { low: 1, high: 20 }) : undefined
  const newborn = ageDays !== undefined && ageDays <= 28
  const weighed = (newborn || demand.scalars.has('XSRTZ')) && !demand.missing.has('XSRTZ')
  return {
    sex: scalar('XB', DOMAIN.XB),
    ageYears,
    losDays: scalar('ZYTS', { low: 3, high: 14 }),
    dischargeWay: scalar('LYFS', { low: 1, high: 1 }),
    diagnoses,
    procedures,
    ...(ageDays === undefined ? {} : { ageDays }),
    ...(weighed ? { weight: scalar('XSRTZ', { low: 2500, high: 4000 }) } : {}),
    ...(demand.scalars.has('ICUSC') ? { icuHours: scalar('ICUSC', { low: 24, high: 120 }) } : {}),
    ...(demand.scalars.has('ZFY') ? { totalCost: 100 * scalar('ZFY', { low: 5000, high: 50_000 }) } : {}),
  }
}

/** Adds codes for one need; false when none that fits came up. */
function addCodes(to: string[], need: Need, fits: (code: string) => boolean, solver: Solver, cursor: Cursor): boolean {
  const list = listOf(solver.codes, need.sets)
  let wanted = need.count
  for (let attempt = 0; attempt < 40 && wanted > 0; attempt++) {
    const code = pick(list, solver, cursor)!
    if (to.includes(code) || !fits(code)) continue
    to.push(code)
    wanted--
  }
  return wanted === 0
}

const known = new WeakMap<ReadonlySet<string>, readonly string[]>()

function listOf(codes: SchemeCodes, sets: readonly string[]): readonly string[] {
  const union = unionOf(codes, sets)
  const list = known.get(union) ?? [...union]
  known.set(union, list)
  return list
}
