import { atoms, memberships } from '../scheme/atoms.ts'
import type { CodeField, Expr, Scheme } from '../scheme/types.ts'
import { candidateLists } from './compile-candidates.ts'
import { diagnosisSections } from './compile-diagnoses.ts'
import { asksDiagnosis } from './interpret.ts'
import { BY_PROGRAM, GRADED, KIND_SHIFT } from './layout.ts'
import { listBook } from './lists.ts'
import { emitProgram, type ListIndex } from './program.ts'
import { isProcedure, plainSets, residue } from './residue.ts'
import type { Section } from './sections.ts'

/**
 * Turns the rules of a scheme into masks and programs. The split is decided from the rules alone:
 *
 * 1. A rank (ADRG) is open for a principal diagnosis, or for a principal procedure, unless its rule can be shown to
 *    fail knowing only that code. These two masks may say "open" too often, never too seldom.
 * 2. A rank that needs some procedure of a list is closed unless one of the case's procedures is in the list.
 * 3. A rank that needs some diagnosis of a list, the other ones included, is closed unless one of the case's diagnoses
 *    pulls its trigger, a bit that a few ranks may share.
 * 4. What these masks do not decide exactly is left to a program: as much of the rule as the principal diagnosis, age,
 *    sex and having a procedure at all leave open. A rule made only of "principal diagnosis in …", "principal procedure
 *    in …" and one "any procedure in …", joined by `and`, needs none.
 */
export function compileRules(scheme: Scheme): Record<string, Section> {
  const dxLists = listBook(scheme, scheme.diagnoses)
  const pxLists = listBook(scheme, scheme.procedures)
  const lists: ListIndex = { of: (kind, sets) => (kind === 'dx' ? dxLists : pxLists).of(sets) }

  const code: number[] = []
  const ranks = scheme.mdcs.flatMap((mdc, m) => mdc.adrgs.map(adrg => ({ m, adrg })))
  const rankWords = Math.max(1, Math.ceil(ranks.length / 32))
  const mdcSplits = scheme.mdcs.map(mdc => split(mdc.rule.expr))
  const mdcWhole = scheme.mdcs.map(mdc => (asksDiagnosis(mdc.rule.expr) ? emitProgram(code, mdc.rule.expr, lists) : -1))

  const needs: (readonly string[] | undefined)[] = []
  const dxNeeds: (readonly string[] | undefined)[] = []
  const rests: (readonly Expr[])[] = []
  const rankLeaf: number[] = []
  const leafTest: number[] = [0]
  const leafProgram: number[] = [-1]
  const leafKind: number[] = [2]
  for (const { m, adrg } of ranks) {
    const own = split(adrg.rule.expr)
    const gate = mdcSplits[m]!
    // One rank has one "some procedure in" list; a second one, of the MDC, stays in the program.
    const rest = own.need !== undefined && gate.need !== undefined ? [...own.rest, gate.need] : own.rest
    const exact = own.need?.sets ?? gate.need?.sets
    needs.push(exact ?? needOf(adrg.rule.expr, 'px') ?? needOf(scheme.mdcs[m]!.rule.expr, 'px'))
    dxNeeds.push(needOf(adrg.rule.expr, 'dx') ?? needOf(scheme.mdcs[m]!.rule.expr, 'dx'))
    rests.push([...gate.rest, ...rest])
    rankLeaf.push(leafTest.length)
    for (const drg of adrg.drgs) {
      const severity = severityTest(drg.rule.expr)
      leafTest.push(severity ?? BY_PROGRAM)
      leafProgram.push(severity === undefined ? emitProgram(code, drg.rule.expr, lists) : -1)
      leafKind.push(drg.kind === 'grouped' ? 0 : drg.kind === 'ambiguous' ? 1 : 2)
    }
  }
  rankLeaf.push(leafTest.length)

  // Classes are made of all lists that any rule asks for, so they come when the last list is known.
  for (const mdc of scheme.mdcs) registerLists(mdc.rule.expr, lists)
  for (const { adrg } of ranks) registerLists(adrg.rule.expr, lists)
  for (const need of needs) if (need !== undefined) pxLists.of(need)
  for (const need of dxNeeds) if (need !== undefined) dxLists.of(need)
  const dx = dxLists.finish()
  const px = pxLists.finish()

  const setBit = (words: Int32Array, row: number, rank: number, side = 0, sides = 1): void => {
    const at = (row * rankWords + (rank >> 5)) * sides + side
    words[at] = words[at]! | (1 << (31 - (rank & 31)))
  }
  const pxMasks = new Int32Array(px.classes * rankWords * 2)
  const freeMask = new Int32Array(rankWords)
  const askers = ranks.map(
    ({ m, adrg }) => asksField(scheme.mdcs[m]!.rule.expr, 'ZYSS') || asksField(adrg.rule.expr, 'ZYSS'),
  )
  for (let k = 0; k < px.classes; k++) {
    const known = { ZYSS: (sets: readonly string[]) => px.has(k, pxLists.of(sets)) }
    const gates = scheme.mdcs.map(mdc => residue(mdc.rule.expr, known).op !== 'never')
    ranks.forEach(({ m, adrg }, rank) => {
      const open = !askers[rank]! || (gates[m]! && residue(adrg.rule.expr, known).op !== 'never')
      if (open) setBit(pxMasks, k, rank, 0, 2)
      const need = needs[rank]
      if (need !== undefined && px.has(k, pxLists.of(need))) setBit(pxMasks, k, rank, 1, 2)
    })
  }
  needs.forEach((need, rank) => {
    if (need === undefined) setBit(freeMask, 0, rank)
  })

  const triggered = new Int32Array(rankWords)
  const rankTrigger = new Int32Array(ranks.length)
  const dxTrigger = new Int32Array(dx.classes)
  dxNeeds.forEach((need, rank) => {
    if (need === undefined) return
    const list = dxLists.of(need)
    setBit(triggered, 0, rank)
    rankTrigger[rank] = 1 << (list & 31)
    for (let k = 0; k < dx.classes; k++) if (dx.has(k, list)) dxTrigger[k] = dxTrigger[k]! | rankTrigger[rank]!
  })

  const dayCut = commonDayCut(scheme)
  const programs = new Map<string, number>()
  const { start, entries, residues } = candidateLists(
    dx.classes,
    k => sets => dx.has(k, dxLists.of(sets)),
    ranks.map(({ m, adrg }, rank) => ({
      gate: scheme.mdcs[m]!.rule.expr,
      rule: adrg.rule.expr,
      rest: { op: 'and', args: rests[rank]! },
    })),
    triggered,
    dayCut,
    rule => {
      const name = JSON.stringify(rule)
      const at = programs.get(name) ?? emitProgram(code, rule, lists)
      programs.set(name, at)
      return at
    },
  )

  return {
    sizes: Int32Array.of(dx.words, px.words, Math.ceil((scheme.exclusions.size + 1) / 32), rankWords, dayCut),
    pxClass: px.classOf,
    dxRows: dx.rows,
    pxRows: px.rows,
    candStar: start,
    cand: entries,
    residues,
    pxMasks,
    freeMask,
    triggerd: triggered,
    rankTrig: rankTrigger,
    dxTrig: dxTrigger,
    rankLeaf: Int32Array.from(rankLeaf),
    mdcWhole: Int32Array.from(mdcWhole),
    leafOf: leavesBySeverity(rankLeaf, leafTest, leafKind),
    leafTest: Uint8Array.from(leafTest),
    leafProg: Int32Array.from(leafProgram),
    leafKind: Uint8Array.from(leafKind),
    program: Int32Array.from(code),
    ...diagnosisSections(scheme, dx.classOf, dxTrigger),
  }
}

type Membership = Extract<Expr, { op: 'in' }>

/** A rule as the masks see it: at most one "some procedure in …", and what is left for a program. */
interface Split {
  readonly need: Membership | undefined
  readonly rest: readonly Expr[]
}

function split(expr: Expr): Split {
  const terms = expr.op === 'and' ? expr.args.flatMap(arg => (arg.op === 'and' ? arg.args : [arg])) : [expr]
  let need: Membership | undefined
  const rest: Expr[] = []
  for (const term of terms) {
    if (onlyField(term, 'ZYZD') || onlyField(term, 'ZYSS')) continue
    if (term.op === 'in' && need === undefined && isAnyProcedure(term.fields)) need = term
    else rest.push(term)
  }
  return { need, rest }
}

const FIELDS = { dx: ['ZYZD', 'QTZD'], px: ['ZYSS', 'QTSS'] } as const

/**
 * Sets of which the case must have some code for a rule to hold: undefined where that cannot be said, or where the
 * mask of the principal diagnosis says it already.
 */
function needOf(expr: Expr, kind: 'dx' | 'px'): readonly string[] | undefined {
  switch (expr.op) {
    case 'in': {
      const of: readonly CodeField[] = FIELDS[kind]
      const known = kind === 'dx' && !expr.fields.includes('QTZD')
      const asks = expr.fields.every(field => of.includes(field)) && plainSets(expr.sets) === expr.sets
      return asks && !known ? expr.sets : undefined
    }
    case 'and':
      return expr.args.map(arg => needOf(arg, kind)).find(need => need !== undefined)
    case 'or': {
      const branches = expr.args.map(arg => needOf(arg, kind))
      return branches.includes(undefined) ? undefined : branches.flatMap(need => need!)
    }
    default:
      return undefined
  }
}

function isAnyProcedure(fields: readonly CodeField[]): boolean {
  return fields.length === 2 && fields.includes('ZYSS') && fields.includes('QTSS')
}

function asksField(expr: Expr, field: CodeField): boolean {
  return atoms(expr).some(atom => atom.op === 'in' && atom.fields.includes(field))
}

/** Whether a rule depends on nothing but one field's code; the mask of that field then decides it exactly. */
function onlyField(expr: Expr, field: 'ZYZD' | 'ZYSS'): boolean {
  switch (expr.op) {
    case 'always':
    case 'never':
      return true
    case 'and':
    case 'or':
      return expr.args.every(arg => onlyField(arg, field))
    case 'not':
      return onlyField(expr.arg, field)
    case 'in':
      return expr.fields.length === 1 && expr.fields[0] === field
    default:
      return false
  }
}

function registerLists(expr: Expr, lists: ListIndex): void {
  for (const node of memberships(expr)) {
    const kind = node.fields.every(isProcedure) ? 'px' : 'dx'
    lists.of(kind, node.op === 'in' ? plainSets(node.sets) : [node.set])
  }
}

/** 0 for always, 1–3 for a severity membership of other diagnoses, undefined for anything else. */
function severityTest(expr: Expr): number | undefined {
  if (expr.op === 'always') return 0
  if (expr.op !== 'in' || expr.fields.length !== 1 || expr.fields[0] !== 'QTZD') return undefined
  if (plainSets(expr.sets).length > 0) return undefined
  return (expr.sets.includes('CC') ? 1 : 0) | (expr.sets.includes('MCC') ? 2 : 0)
}

/** The first leaf of a rank that fits, by severity; see `RuleBook.leafOf`. */
function leavesBySeverity(
  rankLeaf: readonly number[],
  leafTest: readonly number[],
  leafKind: readonly number[],
): Int32Array {
  const leafOf = new Int32Array((rankLeaf.length - 1) * 4)
  for (let rank = 0; rank < rankLeaf.length - 1; rank++) {
    const leaves = leafTest.slice(rankLeaf[rank], rankLeaf[rank + 1])
    const found = [0, 1, 2, 3].map(severity => {
      const fitting = leaves.findIndex(test => test === 0 || (severity & test) !== 0)
      if (fitting < 0) return 0
      const leaf = rankLeaf[rank]! + fitting
      return leaf | (leafKind[leaf]! << KIND_SHIFT)
    })
    const graded = found.some(leaf => leaf !== found[0]) ? GRADED : 0
    found.forEach((leaf, severity) => {
      leafOf[rank * 4 + severity] = leaves.includes(BY_PROGRAM) ? -1 : leaf | graded
    })
  }
  return leafOf
}

/** The age in days at which most rules part cases, so that it becomes a bit of the key; any, where none does. */
function commonDayCut(scheme: Scheme): number {
  const counts = new Map<number, number>()
  const rules = scheme.mdcs.flatMap(mdc => [mdc, ...mdc.adrgs]).map(({ rule }) => rule.expr)
  for (const atom of rules.flatMap(atoms)) {
    if (atom.op !== 'compare' || atom.scalar !== 'XSRTL') continue
    const cut = atom.cmp === '<' || atom.cmp === '>=' ? Math.ceil(atom.value) - 1 : Math.floor(atom.value)
    counts.set(cut, (counts.get(cut) ?? 0) + 1)
  }
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0] ?? 0
}
