import type { Finding } from '../scheme/finding.ts'
import type { Mdc, Scheme } from '../scheme/types.ts'
import { cubesOf, type Literal } from '../witness/cube.ts'
import { asksFor, isFallback, principalsOf } from './gate.ts'
import { raise, some } from './raise.ts'

/** Conjunctions of a gate that are looked at; real gates have a handful, that of the multiple injuries some dozens. */
const CUBES = 512

/** Whether the diagnoses of an MDC's list and those of its ADRGs' lists are the same. */
export function* checkCoverage(scheme: Scheme): Generator<Finding> {
  for (const mdc of scheme.mdcs) {
    const ways = waysIn(mdc)
    yield* withoutMedicalAdrg(scheme, mdc, ways)
    yield* outsideMdc(scheme, mdc, ways)
  }
}

function waysIn(mdc: Mdc): readonly (readonly Literal[])[] {
  const ways: (readonly Literal[])[] = []
  for (const way of cubesOf(mdc.rule.expr)) {
    ways.push(way)
    if (ways.length === CUBES) break
  }
  return ways
}

/**
 * Diagnoses that alone open the MDC and then stand in no ADRG that asks for no procedure: a case without an operation
 * is in the MDC and in no group. Says nothing where a medical ADRG takes any diagnosis.
 */
function* withoutMedicalAdrg(scheme: Scheme, mdc: Mdc, ways: readonly (readonly Literal[])[]): Generator<Finding> {
  const medical = mdc.adrgs.filter(adrg => !isFallback([adrg]) && !asksFor(adrg.rule.expr, 'ZYSS', 'QTSS'))
  if (medical.some(adrg => !asksFor(adrg.rule.expr, 'ZYZD', 'QTZD'))) return
  const placed = new Set<string>()
  for (const adrg of medical) {
    for (const set of setsOfPrincipal(adrg.rule.expr)) for (const code of codesIn(scheme, set)) placed.add(code)
  }
  const missing = new Set<string>()
  for (const way of ways) {
    if (way.some(literal => literal.kind !== 'scalar' && !wantsPrincipal(literal))) continue
    const lists = way.filter(wantsPrincipal).map(literal => new Set(literal.sets.flatMap(set => codesIn(scheme, set))))
    const [first, ...others] = lists
    for (const code of first ?? []) {
      if (!placed.has(code) && others.every(list => list.has(code))) missing.add(code)
    }
  }
  if (missing.size === 0) return
  const codes = [...missing].sort()
  yield raise(
    'CHK-009',
    'warning',
    { table: 'MDC', item: mdc },
    [
      `列表中有 ${codes.length} 个诊断不在任何内科 ADRG 中，无手术的病例不能入组：${some(codes)}`,
      `${codes.length} diagnoses of its list are in no medical ADRG; without a procedure such a case gets no group: ${some(codes)}`,
    ],
    codes,
  )
}

/** Diagnoses that an ADRG wants as principal and that the MDC lets in by no way. */
function* outsideMdc(scheme: Scheme, mdc: Mdc, ways: readonly (readonly Literal[])[]): Generator<Finding> {
  if (ways.some(way => !way.some(wantsPrincipal))) return
  const inMdc = new Set<string>()
  for (const way of ways) {
    for (const literal of way.filter(wantsPrincipal)) {
      for (const set of literal.sets) for (const code of codesIn(scheme, set)) inMdc.add(code)
    }
  }
  const byAdrg = new Map<string, number>()
  const outside = new Set<string>()
  for (const adrg of mdc.adrgs) {
    for (const code of principalsOf(scheme, adrg.rule.expr)) {
      if (inMdc.has(code)) continue
      outside.add(code)
      byAdrg.set(adrg.code, (byAdrg.get(adrg.code) ?? 0) + 1)
    }
  }
  if (outside.size === 0) return
  const codes = [...outside].sort()
  const where = [...byAdrg].map(([adrg, n]) => `${adrg} ${n}`).join(', ')
  yield raise(
    'CHK-010',
    'warning',
    { table: 'MDC', item: mdc },
    [
      `ADRG 的列表中有 ${codes.length} 个诊断不在本 MDC 的列表中，永远到不了那里（${where}）：${some(codes)}`,
      `${codes.length} diagnoses in lists of its ADRGs are not in its own list and never get there (${where}): ${some(codes)}`,
    ],
    codes,
  )
}

type Principal = Extract<Literal, { kind: 'some' }>

function wantsPrincipal(literal: Literal): literal is Principal {
  return literal.kind === 'some' && literal.field === 'ZYZD'
}

function codesIn(scheme: Scheme, set: string): readonly string[] {
  return scheme.sets.get(set)?.codes ?? []
}

function setsOfPrincipal(expr: Mdc['rule']['expr']): readonly string[] {
  if (expr.op === 'and' || expr.op === 'or') return expr.args.flatMap(setsOfPrincipal)
  return expr.op === 'in' && expr.fields.includes('ZYZD') ? expr.sets : []
}
