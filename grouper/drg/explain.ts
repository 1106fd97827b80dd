import type { Case } from '../cases/case.ts'
import type { CodeChange } from '../cases/code-change.ts'
import { atoms } from '../scheme/atoms.ts'
import type { CodeField, Expr, Scheme } from '../scheme/types.ts'
import { type Choice, choicesOf, type Effect, effectsOf, type Group, groupOf } from './choices.ts'
import { type Part, partOf } from './consulted.ts'
import { type Evidence, evidenceOf, nameOf, type Unmet, unmetOf } from './evidence.ts'
import { type FinerCode, finerCodes } from './finer.ts'
import {
  asksDiagnosis,
  excludedBy,
  type Facts,
  factsOf,
  holds,
  interpret,
  invalidReason,
  members,
} from './interpret.ts'
import { type Miss, missesOf } from './misses.ts'
import type { Outcome } from './outcome.ts'

/** A code of the case as the scheme sees it. */
export interface CodeNote {
  readonly field: CodeField
  readonly code: string
  readonly name: string
  readonly known: boolean
  readonly withdrawn: boolean
  /** Whether some rule asks for it at its place. */
  readonly part: Part
  /** A grey code (灰码): in the dictionary, not to be reported. */
  readonly grey: boolean
}

/** One rule that was tried, with what made it hold. */
export interface RuleNote {
  readonly level: 'mdc' | 'adrg' | 'drg'
  readonly code: string
  readonly name: string
  readonly rule: string
  readonly holds: boolean
  readonly evidence: readonly Evidence[]
  /** What it lacks; empty when it holds. */
  readonly unmet: readonly Unmet[]
}

/** An MDC that lists the principal diagnosis, or takes the case, and is not the result's: why not. */
export interface OtherMdc {
  readonly code: string
  readonly name: string
  /** Its condition is not met; it was entered and no group of it took the case; it is only tried later. */
  readonly because: 'unmet' | 'no-group' | 'later'
  readonly unmet: readonly Unmet[]
}

/** How an other diagnosis was judged as a complication. */
export interface ComplicationNote {
  readonly code: string
  readonly name: string
  readonly level: 'MCC' | 'CC' | 'none'
  readonly table: string
  /** Whether it counts; if not, why. */
  readonly counts: boolean
  readonly because: '' | 'not-listed' | 'excluded' | 'is-principal'
}

/** Everything that led to the result of one case. Keys are stable: programs may read them. */
export interface Explanation {
  readonly scheme: { readonly id: string; readonly hash: string }
  /** What was done to the codes of the case before. */
  readonly changes: readonly CodeChange[]
  readonly codes: readonly CodeNote[]
  /** Rules in the order in which they were tried: the MDCs that hold or that list the principal diagnosis, the ADRGs
   * of those that hold up to the match, the leaves of the match. */
  readonly rules: readonly RuleNote[]
  readonly otherMdcs: readonly OtherMdc[]
  readonly complications: readonly ComplicationNote[]
  readonly outcome: Group
  /** The result without each secondary code. */
  readonly effects: readonly Effect[]
  /** Groups missed by one fact. */
  readonly misses: readonly Miss[]
  /** For the review of coding, not for payment: other choices of the principal codes, and finer codes. */
  readonly review: { readonly choices: readonly Choice[]; readonly finerCodes: readonly FinerCode[] }
}

/** Groups one case literally and tells why; `changes` are those that were made to its codes before (`readCodes`). */
export function explain(scheme: Scheme, given: Case, changes: readonly CodeChange[] = []): Explanation {
  const facts = factsOf(given)
  const valid = invalidReason(scheme, given) === ''
  const found = interpret(scheme, given)
  const outcome = groupOf(scheme, given)
  return {
    scheme: { id: scheme.manifest.id, hash: scheme.hash },
    changes,
    codes: codeNotes(scheme, facts),
    rules: valid ? ruleNotes(scheme, facts, found) : [],
    otherMdcs: valid ? otherMdcs(scheme, facts, found) : [],
    complications: complicationNotes(scheme, facts),
    outcome,
    effects: valid ? effectsOf(scheme, given, outcome) : [],
    misses: valid ? missesOf(scheme, given, outcome) : [],
    review: { choices: choicesOf(scheme, given, outcome), finerCodes: finerCodes(scheme, given, outcome) },
  }
}

function codeNotes(scheme: Scheme, facts: Facts): CodeNote[] {
  const notes: CodeNote[] = []
  for (const field of ['ZYZD', 'QTZD', 'ZYSS', 'QTSS'] as const) {
    const dictionary = field === 'ZYZD' || field === 'QTZD' ? scheme.diagnoses : scheme.procedures
    for (const code of facts.codes[field]) {
      const id = dictionary.ids.get(code)
      const name = id === undefined ? '' : dictionary.names[id]!
      const withdrawn = id !== undefined && dictionary.withdrawn.has(id)
      notes.push({
        field,
        code,
        name,
        known: id !== undefined,
        withdrawn,
        grey: id !== undefined && dictionary.grey.has(id),
        part: partOf(scheme, field, code),
      })
    }
  }
  return notes
}

function otherMdcs(scheme: Scheme, facts: Facts, outcome: Outcome): OtherMdc[] {
  const notes: OtherMdc[] = []
  let later = false
  for (const mdc of scheme.mdcs) {
    if (mdc === outcome.leaf?.mdc) {
      later = true
      continue
    }
    const { expr } = mdc.rule
    if (!asksDiagnosis(expr)) continue
    const unmet = unmetOf(scheme, expr, facts)
    if (unmet.length > 0 && !listsPrincipal(scheme, expr, facts)) continue
    const because = unmet.length > 0 ? 'unmet' : later ? 'later' : 'no-group'
    notes.push({ code: mdc.code, name: mdc.name, because, unmet })
  }
  return notes
}

function ruleNotes(scheme: Scheme, facts: Facts, outcome: Outcome): RuleNote[] {
  const notes: RuleNote[] = []
  const note = (
    level: RuleNote['level'],
    item: { code: string; name: string; rule: { text: string; expr: Expr } },
  ): boolean => {
    const truth = holds(scheme, item.rule.expr, facts)
    const evidence = truth ? evidenceOf(scheme, item.rule.expr, facts) : []
    const unmet = truth ? [] : unmetOf(scheme, item.rule.expr, facts)
    notes.push({ level, code: item.code, name: item.name, rule: item.rule.text, holds: truth, evidence, unmet })
    return truth
  }
  for (const mdc of scheme.mdcs) {
    const truth = holds(scheme, mdc.rule.expr, facts)
    if (!truth && !listsPrincipal(scheme, mdc.rule.expr, facts)) continue
    // A gate that asks for no diagnosis (先期分组) is told only where it led somewhere.
    if (truth && !asksDiagnosis(mdc.rule.expr) && outcome.mdc !== mdc.code) continue
    note('mdc', mdc)
    if (!truth) continue
    for (const adrg of mdc.adrgs) {
      if (!note('adrg', adrg)) {
        // Of the ADRGs that do not hold, those that list the principal diagnosis or procedure are worth telling.
        if (!mentionsCase(scheme, adrg.rule.expr, facts)) notes.pop()
        continue
      }
      if (adrg.drgs.some(leaf => note('drg', leaf))) return notes
    }
  }
  return notes
}

function listsPrincipal(scheme: Scheme, expr: Expr, facts: Facts): boolean {
  return atoms(expr).some(
    atom =>
      atom.op === 'in' &&
      atom.fields.includes('ZYZD') &&
      atom.sets.some(set => members(scheme, facts, 'ZYZD', set).length > 0),
  )
}

function mentionsCase(scheme: Scheme, expr: Expr, facts: Facts): boolean {
  return atoms(expr).some(atom => atom.op === 'in' && evidenceOf(scheme, atom, facts).length > 0)
}

function complicationNotes(scheme: Scheme, facts: Facts): ComplicationNote[] {
  const [principal] = facts.codes.ZYZD
  return facts.codes.QTZD.map(code => {
    const listed = scheme.complications.get(code)
    const name = nameOf(scheme, 'QTZD', code)
    if (listed === undefined) return { code, name, level: 'none', table: '', counts: false, because: 'not-listed' }
    const { level, table } = listed
    if (code === principal) return { code, name, level, table, counts: false, because: 'is-principal' }
    const excluded = excludedBy(scheme, code, principal) !== undefined
    return { code, name, level, table, counts: !excluded, because: excluded ? 'excluded' : '' }
  })
}
