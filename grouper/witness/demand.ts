import type { ScalarField } from '../scheme/types.ts'
import type { Interval, Literal } from './cube.ts'
import { isComplication, type SchemeCodes, unionOf } from './scheme-codes.ts'

/** A number of codes that a case needs. */
export interface Need {
  readonly sets: readonly string[]
  readonly count: number
}

/** One conjunction of literals as what a case must have and must not have. */
export interface Demand {
  /** Codes that may be principal diagnosis. */
  readonly principals: readonly string[]
  /** Codes that may be principal procedure; empty = the case has none. */
  readonly mainProcedures: readonly string[]
  readonly otherDiagnoses: readonly Need[]
  readonly otherProcedures: readonly Need[]
  readonly barredDiagnoses: readonly string[]
  readonly barredProcedures: readonly string[]
  readonly scalars: ReadonlyMap<ScalarField, Interval>
  readonly missing: ReadonlySet<ScalarField>
}

/** What scalars can be in a case: years, days, grams, sex, stay in days, discharge way, hours, yuan. */
export const DOMAIN: Readonly<Record<ScalarField, Interval>> = {
  NL: { low: 0, high: 95 },
  XSRTL: { low: 0, high: 365 },
  XSRTZ: { low: 500, high: 5000 },
  XB: { low: 1, high: 2 },
  ZYTS: { low: 1, high: 365 },
  LYFS: { low: 1, high: 5 },
  ICUSC: { low: 0, high: 1000 },
  ZFY: { low: 1, high: 10_000_000 },
}

/** Principals and procedures that rules tried earlier would take; only what a single list decides. */
export interface Taken {
  readonly principals: ReadonlySet<string>
  readonly mainProcedures: ReadonlySet<string>
}

/** Why a conjunction cannot be met. */
export interface Contradiction {
  readonly contradiction: string
}

/**
 * Turns a conjunction into a demand, or says why it contradicts itself. `taken` codes are left out where others
 * remain; that an earlier rule holds does not yet mean that it takes the case.
 */
export function demandOf(literals: readonly Literal[], codes: SchemeCodes, taken: Taken): Demand | Contradiction {
  const scalars = new Map<ScalarField, Interval>()
  const missing = new Set<ScalarField>()
  const wanted = { ZYZD: [] as Need[], QTZD: [] as Need[], ZYSS: [] as Need[], QTSS: [] as Need[] }
  const barred = { ZYZD: [] as string[], QTZD: [] as string[], ZYSS: [] as string[], QTSS: [] as string[] }
  for (const literal of literals) {
    switch (literal.kind) {
      case 'some':
        wanted[literal.field].push({ sets: literal.sets, count: 1 })
        break
      case 'none':
        barred[literal.field].push(...literal.sets)
        break
      case 'count': {
        // At least n: all of them among the other codes. At most n: none at all, the simplest way to meet it.
        const { low, high } = literal.within
        const other = literal.fields.find(field => field === 'QTZD' || field === 'QTSS') ?? literal.fields[0]!
        if (high < Math.max(low, 0)) return { contradiction: `length of ${literal.set}` }
        if (low > 0) wanted[other].push({ sets: [literal.set], count: low })
        else if (high < Number.POSITIVE_INFINITY) for (const field of literal.fields) barred[field].push(literal.set)
        break
      }
      case 'missing':
        missing.add(literal.scalar)
        break
      case 'scalar': {
        const was = scalars.get(literal.scalar) ?? DOMAIN[literal.scalar]
        const now = { low: Math.max(was.low, literal.within.low), high: Math.min(was.high, literal.within.high) }
        if (now.low > now.high) return { contradiction: literal.scalar }
        scalars.set(literal.scalar, now)
      }
    }
  }
  for (const scalar of scalars.keys()) if (missing.has(scalar)) return { contradiction: scalar }
  if (scalars.has('XSRTL')) {
    const years = scalars.get('NL') ?? DOMAIN.NL
    if (years.low > 0) return { contradiction: 'NL, XSRTL' }
    scalars.set('NL', { low: 0, high: 0 })
  }

  const principals = choices(wanted.ZYZD, barred.ZYZD, codes.principals, codes, taken.principals)
  if (principals.length === 0) return { contradiction: `ZYZD: ${describe(wanted.ZYZD, barred.ZYZD)}` }
  const needsMain = wanted.ZYSS.length > 0
  const mainProcedures = needsMain
    ? choices(wanted.ZYSS, barred.ZYSS, codes.procedures, codes, taken.mainProcedures)
    : wanted.QTSS.length > 0
      ? codes.neutralProcedures
      : []
  if (needsMain && mainProcedures.length === 0) return { contradiction: `ZYSS: ${describe(wanted.ZYSS, barred.ZYSS)}` }
  for (const need of [...wanted.QTZD, ...wanted.QTSS]) {
    if (unionOf(codes, need.sets).size < need.count) return { contradiction: describe([need], []) }
  }
  return {
    principals,
    mainProcedures,
    otherDiagnoses: wanted.QTZD,
    otherProcedures: wanted.QTSS,
    barredDiagnoses: barred.QTZD,
    barredProcedures: barred.QTSS,
    scalars,
    missing,
  }
}

function describe(wanted: readonly Need[], barred: readonly string[]): string {
  return [...wanted.map(need => need.sets.join('|')), ...barred.map(set => `-${set}`)].join(' & ')
}

/** Codes in every wanted list and in no barred one; untaken ones only, where there are any. */
function choices(
  wanted: readonly Need[],
  barred: readonly string[],
  all: ReadonlySet<string>,
  codes: SchemeCodes,
  taken: ReadonlySet<string>,
): readonly string[] {
  const lists = wanted.map(need => unionOf(codes, need.sets)).sort((a, b) => a.size - b.size)
  const [least = all, ...others] = lists
  const out = unionOf(codes, barred)
  const found: string[] = []
  const free: string[] = []
  for (const code of least) {
    if (!all.has(code) || out.has(code) || !others.every(list => list.has(code))) continue
    found.push(code)
    if (!taken.has(code)) free.push(code)
  }
  return free.length > 0 ? free : found
}

/** Whether `code` may stand among the other diagnoses: in no barred list, and no complication that a barred level counts. */
export function allowedBeside(demand: Demand, codes: SchemeCodes, code: string, principal: string): boolean {
  return (
    code !== principal &&
    demand.barredDiagnoses.every(set =>
      set === 'MCC' || set === 'CC' ? !isComplication(codes, code, set, principal) : !codes.sets.get(set)?.has(code),
    )
  )
}
