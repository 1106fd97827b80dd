import type { Dictionary } from '../codes/dictionary.ts'
import type { CodeField, Expr, Scheme } from '../scheme/types.ts'
import { candidateLists, diagnosisSections } from './compile-diagnoses.ts'
import { asksDiagnosis } from './interpret.ts'
import { emitProgram, type ListIndex } from './program.ts'
import { shareRows } from './rows.ts'
import type { Section } from './sections.ts'

/**
 * Turns the rules of a scheme into masks and programs. The split is decided from the rules alone:
 *
 * 1. A rank (ADRG) is open for a principal diagnosis, or for a principal procedure, unless its rule can be shown to
 *    fail knowing only that code. These two masks may say "open" too often, never too seldom.
 * 2. A rank that needs some procedure of a list is closed unless one of the case's procedures is in the list.
 * 3. A rank that needs some diagnosis of a list, the other ones included, is closed unless one of the case's diagnoses
 *    pulls its trigger, a bit that a few ranks may share.
 * 4. What these masks do not decide exactly is left to a program. A rule made only of "principal diagnosis in …",
 *    "principal procedure in …" and one "any procedure in …", joined by `and`, needs none.
 */
export function compileRules(scheme: Scheme): Record<string, Section> {
  const dxLists = listBook(scheme, scheme.diagnoses)
  const pxLists = listBook(scheme, scheme.procedures)
  const lists: ListIndex = { of: (kind, sets) => (kind === 'dx' ? dxLists : pxLists).of(sets) }

  const code: number[] = []
  const ranks = scheme.mdcs.flatMap((mdc, m) => mdc.adrgs.map(adrg => ({ m, adrg })))
  const rankWords = Math.max(1, Math.ceil(ranks.length / 32))
  const programOf = (parts: readonly Expr[]): number =>
    parts.length === 0 ? -1 : emitProgram(code, parts.length === 1 ? parts[0]! : { op: 'and', args: parts }, lists)

  const mdcSplits = scheme.mdcs.map(mdc => split(mdc.rule.expr))
  const mdcProgram = mdcSplits.map(parts => programOf(parts.rest))
  const mdcWhole = scheme.mdcs.map(mdc => (asksDiagnosis(mdc.rule.expr) ? emitProgram(code, mdc.rule.expr, lists) : -1))

  const needs: (readonly string[] | undefined)[] = []
  const dxNeeds: (readonly string[] | undefined)[] = []
  const rankProgram: number[] = []
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
    rankProgram.push(programOf(rest))
    rankLeaf.push(leafTest.length)
    for (const drg of adrg.drgs) {
      const severity = severityTest(drg.rule.expr)
      leafTest.push(severity ?? 255)
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
  for (let k = 0; k < px.classes; k++) {
    const known = { ZYSS: (sets: readonly string[]) => px.has(k, pxLists.of(sets)) }
    const gates = scheme.mdcs.map(mdc => decide(mdc.rule.expr, known))
    ranks.forEach(({ m, adrg }, rank) => {
      if (gates[m] !== false && decide(adrg.rule.expr, known) !== false) setBit(pxMasks, k, rank, 0, 2)
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

  const { start, entries } = candidateLists(dx.classes, rankWords, (k, infant) => {
    const known = { ZYZD: (sets: readonly string[]) => dx.has(k, dxLists.of(sets)), infant }
    const gates = scheme.mdcs.map(mdc => decide(mdc.rule.expr, known))
    const open = new Int32Array(rankWords)
    ranks.forEach(({ m, adrg }, rank) => {
      if (gates[m] !== false && decide(adrg.rule.expr, known) !== false) setBit(open, 0, rank)
    })
    return { open, triggered, bare: freeMask.map((mask, word) => mask & pxMasks[word * 2]!) }
  })

  return {
    sizes: Int32Array.of(dx.words, px.words, 0, rankWords).fill(Math.ceil((scheme.exclusions.size + 1) / 32), 2, 3),
    pxClass: px.classOf,
    dxRows: dx.rows,
    pxRows: px.rows,
    candStar: start,
    cand: entries,
    pxMasks,
    freeMask,
    triggerd: triggered,
    rankTrig: rankTrigger,
    dxTrig: dxTrigger,
    rankMdc: Int32Array.from(ranks, rank => rank.m),
    rankProg: Int32Array.from(rankProgram),
    rankLeaf: Int32Array.from(rankLeaf),
    mdcProg: Int32Array.from(mdcProgram),
    mdcWhole: Int32Array.from(mdcWhole),
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

/** What is known of a case: membership of its principal diagnosis or procedure, and whether it is under one year. */
interface Known {
  readonly ZYZD?: (sets: readonly string[]) => boolean
  readonly ZYSS?: (sets: readonly string[]) => boolean
  readonly infant?: boolean
}

/** Three-valued evaluation: true or false where what is known decides, undefined where it does not. */
function decide(expr: Expr, known: Known): boolean | undefined {
  switch (expr.op) {
    case 'always':
      return true
    case 'never':
      return false
    case 'not': {
      const inner = decide(expr.arg, known)
      return inner === undefined ? undefined : !inner
    }
    case 'and':
    case 'or': {
      const decisive = expr.op === 'or'
      let open = false
      for (const arg of expr.args) {
        const value = decide(arg, known)
        if (value === decisive) return decisive
        if (value === undefined) open = true
      }
      return open ? undefined : !decisive
    }
    case 'in': {
      let open = false
      for (const field of expr.fields) {
        const test = field === 'ZYZD' ? known.ZYZD : field === 'ZYSS' ? known.ZYSS : undefined
        if (test === undefined) open = true
        else if (test(plainSets(expr.sets))) return true
      }
      return open ? undefined : false
    }
    case 'compare': {
      if (known.infant === undefined) return undefined
      // Age in days is missing from one year on, and a comparison with a missing value is false.
      if (expr.scalar === 'XSRTL') return known.infant ? undefined : false
      if (expr.scalar !== 'NL') return undefined
      if (known.infant) return compareZero(expr.cmp, expr.value)
      return (expr.cmp === '=' || expr.cmp === '<=') && expr.value < 1
        ? false
        : expr.cmp === '<' && expr.value <= 1
          ? false
          : undefined
    }
    case 'length':
      return undefined
  }
}

function compareZero(cmp: string, value: number): boolean {
  return cmp === '='
    ? value === 0
    : cmp === '<'
      ? value > 0
      : cmp === '<='
        ? value >= 0
        : cmp === '>'
          ? value < 0
          : value <= 0
}

/** The virtual sets hold only for other diagnoses. */
function plainSets(sets: readonly string[]): readonly string[] {
  return sets.some(set => set === 'MCC' || set === 'CC') ? sets.filter(set => set !== 'MCC' && set !== 'CC') : sets
}

function registerLists(expr: Expr, lists: ListIndex): void {
  if (expr.op === 'and' || expr.op === 'or') for (const arg of expr.args) registerLists(arg, lists)
  else if (expr.op === 'not') registerLists(expr.arg, lists)
  else if (expr.op === 'in') {
    const diagnosis = expr.fields.includes('ZYZD') || expr.fields.includes('QTZD')
    lists.of(diagnosis ? 'dx' : 'px', plainSets(expr.sets))
  }
}

/** 0 for always, 1–3 for a severity membership of other diagnoses, undefined for anything else. */
function severityTest(expr: Expr): number | undefined {
  if (expr.op === 'always') return 0
  if (expr.op !== 'in' || expr.fields.length !== 1 || expr.fields[0] !== 'QTZD') return undefined
  if (plainSets(expr.sets).length > 0) return undefined
  return (expr.sets.includes('CC') ? 1 : 0) | (expr.sets.includes('MCC') ? 2 : 0)
}

interface Classes {
  readonly classes: number
  readonly words: number
  readonly classOf: Uint16Array
  readonly rows: Int32Array
  has(classId: number, list: number): boolean
}

/** Numbers the lists (unions of sets) that rules ask for, then sorts codes into classes of equal membership. */
function listBook(scheme: Scheme, dictionary: Dictionary): { of(sets: readonly string[]): number; finish(): Classes } {
  const numbers = new Map<string, number>()
  const members: (readonly string[])[] = []
  const byArray = new WeakMap<readonly string[], number>()
  let finished = false
  const of = (sets: readonly string[]): number => {
    const seen = byArray.get(sets)
    if (seen !== undefined) return seen
    const key = [...sets].sort().join(' ')
    let number = numbers.get(key)
    if (number === undefined) {
      if (finished) throw new Error(`list ${key} is asked for after the classes were made`)
      number = members.length
      numbers.set(key, number)
      members.push(sets)
    }
    byArray.set(sets, number)
    return number
  }
  const finish = (): Classes => {
    finished = true
    const words = Math.max(1, Math.ceil(members.length / 32))
    const all = new Int32Array(dictionary.codes.length * words)
    members.forEach((sets, list) => {
      for (const set of sets) {
        for (const code of scheme.sets.get(set)?.codes ?? []) {
          const id = dictionary.ids.get(code)
          if (id === undefined) continue
          const at = id * words + (list >> 5)
          all[at] = all[at]! | (1 << (list & 31))
        }
      }
    })
    // Id 0, the unknown code, comes first: class 0 is in no list.
    const { count, rowOf: classOf, rows: table } = shareRows(all, words)
    return {
      classes: count,
      words,
      classOf,
      rows: table,
      has: (classId, list) => ((table[classId * words + (list >> 5)]! >>> (list & 31)) & 1) === 1,
    }
  }
  return { of, finish }
}
