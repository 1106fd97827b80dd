import { type Adrg, type Case, type Drg, type Expr, interpret, type Mdc, type Scheme } from '../grouper/index.ts'
import { at, createDraws, type Draws, unit } from '../numbers/index.ts'
import { codesOf, isComplication, type ScalarField, type SchemeCodes, unionOf } from './codes.ts'
import { conjunction, type Interval, type Literal } from './cube.ts'
import { allowedBeside, type Demand, DOMAIN, demandOf, type Need, type Taken } from './demand.ts'

/** A leaf of a scheme with the groups above it. */
export interface Leaf {
  readonly mdc: Mdc
  readonly adrg: Adrg
  readonly drg: Drg
}

/**
 * A pattern of cases that reach one leaf: these codes, and scalars anywhere within these bounds. Codes that are
 * neutral in the scheme may be added at the end of either list.
 */
export interface Archetype {
  /** Principal first. */
  readonly diagnoses: readonly string[]
  readonly procedures: readonly string[]
  /** 1 male, 2 female, 0 either. */
  readonly sex: 0 | 1 | 2
  /** Completed years. */
  readonly age: Interval
  /** Days; set exactly when `age` is 0 to 0. */
  readonly ageDays?: Interval
  /** Grams; set for newborns. */
  readonly weight?: Interval
  /** Days. */
  readonly los: Interval
  /** Discharge way. */
  readonly discharge: Interval
  /** Hours; set only where the rules ask for it. */
  readonly icuHours?: Interval
  /** Total cost in whole yuan; set only where the rules ask for it. */
  readonly cost?: Interval
}

/**
 * Why no archetype was found: an earlier leaf of the ADRG always holds; the rules contradict themselves; or other
 * leaves took every candidate (how many each; none where no candidate could be put together).
 */
export type Unreached =
  | { readonly kind: 'shadowed' }
  | { readonly kind: 'contradiction'; readonly facts: readonly string[] }
  | { readonly kind: 'taken'; readonly by: ReadonlyMap<string, number> }

export interface LeafArchetypes {
  readonly leaf: Leaf
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

interface Solver {
  readonly scheme: Scheme
  readonly codes: SchemeCodes
  readonly draws: Draws
  readonly perLeaf: number
  readonly tries: number
  readonly thresholds: ReadonlyMap<ScalarField, readonly number[]>
}

/** Notes what a rule takes that one list of principal codes decides. */
function take(expr: Expr, codes: SchemeCodes, principals: Set<string>, procedures: Set<string>): void {
  if (expr.op !== 'in') return
  for (const code of unionOf(codes, expr.sets)) {
    if (expr.fields.includes('ZYZD')) principals.add(code)
    if (expr.fields.includes('ZYSS')) procedures.add(code)
  }
}

function solveLeaf(leaf: Leaf, earlier: readonly Expr[], taken: Taken, solver: Solver, number: number): LeafArchetypes {
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

const CASE_FIELDS = {
  XB: 'sex',
  NL: 'ageYears',
  XSRTL: 'ageDays',
  XSRTZ: 'weight',
  ZYTS: 'losDays',
  LYFS: 'dischargeWay',
  ICUSC: 'icuHours',
  ZFY: 'totalCost',
} as const satisfies Record<ScalarField, keyof Case>

/**
 * Bounds within which a found case may vary. Rules see a scalar only through thresholds, so one value between two
 * neighbouring thresholds stands for all of them; the bounds grow span by span while the interpreter agrees. The
 * corners of the box are checked at the end; a box that fails shrinks to the case itself.
 */
function widen(found: Case, demand: Demand, drg: Drg, solver: Solver): Archetype {
  const reaches = (given: Case): boolean => interpret(solver.scheme, given).leaf?.drg === drg
  const box = new Map<ScalarField, Interval>()
  for (const scalar of Object.keys(CASE_FIELDS) as ScalarField[]) {
    const value = found[CASE_FIELDS[scalar]]
    if (value === undefined) continue
    const here = scalar === 'ZFY' ? value / 100 : value
    const room = boundsOf(scalar, found, demand)
    const spans = spansOf(room, solver.thresholds.get(scalar) ?? [])
    const start = spans.findIndex(span => here >= span.low && here <= span.high)
    let first = start
    let last = start
    const holdsIn = (span: Interval | undefined): boolean =>
      span !== undefined && reaches(withScalar(found, scalar, span.low))
    while (holdsIn(spans[first - 1])) first--
    while (holdsIn(spans[last + 1])) last++
    box.set(scalar, { low: spans[first]!.low, high: spans[last]!.high })
  }
  const corner = (end: 'low' | 'high'): Case => {
    let given = found
    for (const [scalar, bounds] of box) given = withScalar(given, scalar, bounds[end])
    return given
  }
  if (!reaches(corner('low')) || !reaches(corner('high'))) {
    for (const scalar of box.keys()) {
      const value = found[CASE_FIELDS[scalar]]!
      const here = scalar === 'ZFY' ? value / 100 : value
      box.set(scalar, { low: here, high: here })
    }
  }
  return archetypeOf(found, box)
}

function archetypeOf({ diagnoses, procedures }: Case, box: ReadonlyMap<ScalarField, Interval>): Archetype {
  const sex = box.get('XB')!
  const ageDays = box.get('XSRTL')
  const weight = box.get('XSRTZ')
  const icuHours = box.get('ICUSC')
  const cost = box.get('ZFY')
  return {
    diagnoses,
    procedures,
    sex: sex.low === sex.high ? (sex.low as 1 | 2) : 0,
    age: box.get('NL')!,
    ...(ageDays === undefined ? {} : { ageDays }),
    ...(weight === undefined ? {} : { weight }),
    los: box.get('ZYTS')!,
    discharge: box.get('LYFS')!,
    ...(icuHours === undefined ? {} : { icuHours }),
    ...(cost === undefined ? {} : { cost }),
  }
}

/** Where a scalar may go: within the demand; age in years does not cross one year, nor age in days the newborn period. */
function boundsOf(scalar: ScalarField, found: Case, demand: Demand): Interval {
  const { low, high } = demand.scalars.get(scalar) ?? DOMAIN[scalar]
  if (scalar === 'NL') return found.ageYears === 0 ? { low: 0, high: 0 } : { low: Math.max(1, low), high }
  if (scalar === 'XSRTL') {
    return found.ageDays! <= 28 ? { low, high: Math.min(28, high) } : { low: Math.max(29, low), high }
  }
  return { low, high }
}

/** The bounds cut at every threshold: t stands for a span of its own. */
function spansOf({ low, high }: Interval, thresholds: readonly number[]): Interval[] {
  const starts = new Set([low])
  for (const t of thresholds)
    for (const start of [Math.ceil(t), Math.floor(t) + 1]) {
      if (start > low && start <= high) starts.add(start)
    }
  const sorted = [...starts].sort((a, b) => a - b)
  return sorted.map((start, i) => ({ low: start, high: (sorted[i + 1] ?? high + 1) - 1 }))
}

function withScalar(given: Case, scalar: ScalarField, value: number): Case {
  return { ...given, [CASE_FIELDS[scalar]]: scalar === 'ZFY' ? value * 100 : value }
}

/** Every value that some rule compares a scalar with. Sex and discharge way count each of their codes. */
function thresholdsOf(scheme: Scheme): Map<ScalarField, number[]> {
  const values = new Map<ScalarField, number[]>([
    ['XB', [1, 2]],
    ['LYFS', [1, 2, 3, 4, 5]],
  ])
  const collect = (expr: Expr): void => {
    if (expr.op === 'and' || expr.op === 'or') expr.args.forEach(collect)
    else if (expr.op === 'not') collect(expr.arg)
    else if (expr.op === 'compare') values.set(expr.scalar, [...(values.get(expr.scalar) ?? []), expr.value])
  }
  for (const mdc of scheme.mdcs) {
    collect(mdc.rule.expr)
    for (const adrg of mdc.adrgs) {
      collect(adrg.rule.expr)
      for (const drg of adrg.drgs) collect(drg.rule.expr)
    }
  }
  return values
}

/** A case at one end of an archetype's bounds; a male where either sex will do. */
export function caseOf(archetype: Archetype, end: 'low' | 'high'): Case {
  const { diagnoses, procedures, sex, age, ageDays, weight, los, discharge, icuHours, cost } = archetype
  return {
    diagnoses,
    procedures,
    sex: sex === 0 ? (end === 'low' ? 1 : 2) : sex,
    ageYears: age[end],
    losDays: los[end],
    dischargeWay: discharge[end],
    ...(ageDays === undefined ? {} : { ageDays: ageDays[end] }),
    ...(weight === undefined ? {} : { weight: weight[end] }),
    ...(icuHours === undefined ? {} : { icuHours: icuHours[end] }),
    ...(cost === undefined ? {} : { totalCost: cost[end] * 100 }),
  }
}
