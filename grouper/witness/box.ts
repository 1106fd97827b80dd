import type { Case } from '../cases/case.ts'
import { interpret } from '../drg/interpret.ts'
import type { Drg, Expr, ScalarField, Scheme } from '../scheme/types.ts'
import type { Interval } from './cube.ts'
import { type Demand, DOMAIN } from './demand.ts'

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

/** A scheme with every value that its rules compare a scalar with. */
export interface Terrain {
  readonly scheme: Scheme
  readonly thresholds: ReadonlyMap<ScalarField, readonly number[]>
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
export function widen(found: Case, demand: Demand, drg: Drg, terrain: Terrain): Archetype {
  const reaches = (given: Case): boolean => interpret(terrain.scheme, given).leaf?.drg === drg
  const box = new Map<ScalarField, Interval>()
  for (const scalar of Object.keys(CASE_FIELDS) as ScalarField[]) {
    const value = found[CASE_FIELDS[scalar]]
    if (value === undefined) continue
    const here = scalar === 'ZFY' ? value / 100 : value
    const room = boundsOf(scalar, found, demand)
    const spans = spansOf(room, terrain.thresholds.get(scalar) ?? [])
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
export function thresholdsOf(scheme: Scheme): Map<ScalarField, number[]> {
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
