import type { Text } from '../../messages/index.ts'
import type { CaseField } from '../cases/columns.ts'
import type { CodeReading } from '../codes/reading.ts'
import type { RuleBook } from '../drg/book.ts'
import { atoms } from '../scheme/atoms.ts'
import type { Scheme } from '../scheme/types.ts'
import { type CodeIndex, createCodeIndex, listPositions, namingFailures } from './code-index.ts'
import { CODE_FIELDS, type CodeFieldName, type Condition } from './condition.ts'
import { compileCondition, type Row, type Test } from './evaluate.ts'
import { FACT, FACT_NAMES, FACTS, type FactName } from './facts.ts'
import type { QualityPack, QualityRule, Severity } from './rules.ts'

export interface CheckerOptions {
  readonly scheme: Scheme
  readonly book: RuleBook
  readonly reading: CodeReading
  readonly pack: QualityPack
  /** Weights by group, for Q25; default none, and such rules are not checked. */
  readonly weights?: ReadonlyMap<string, number> | undefined
}

/** Counts by rule and hospital; passed = cases − findings − not checked. */
export interface RuleCount {
  readonly rule: string
  readonly hospital: string
  readonly cases: number
  readonly findings: number
  readonly notChecked: number
}

export interface CompiledRule {
  readonly rule: QualityRule
  readonly message: Text
  readonly field: string
  /** Whether a finding shows facts, and not codes only. */
  readonly showsFacts: boolean
  /** Positions of the lists that the condition names, by field of codes. */
  readonly lists: ReadonlyMap<CodeFieldName, readonly number[]>
  readonly when: Test
  readonly regrade: readonly { readonly when: Test; readonly severity: Severity }[]
  /** Positions of the facts of each need; one of an entry is enough. */
  readonly needs: readonly (readonly number[])[]
  /** A list that it needs is empty: nothing is checked. */
  readonly lackingList: boolean
}

/** The counts of one hospital. */
export interface Tally {
  /** By rule. */
  readonly findings: Float64Array
  readonly notChecked: Float64Array
  cases: number
  /** Cases that `notChecked` has for the rules that their source lacks fields for. */
  counted: number
}

/** The rules of a pack compiled for a scheme, with their counts so far. */
export interface Checker {
  readonly options: CheckerOptions
  readonly dx: CodeIndex
  readonly px: CodeIndex
  /** Positions of lists by name. */
  readonly lists: ReadonlyMap<string, number>
  readonly rules: readonly CompiledRule[]
  readonly row: Row
  /** Counts by hospital. */
  readonly tallies: Map<string, Tally>
  /** Findings by severity. */
  readonly severities: Record<Severity, number>
  readonly usesDischargeWay: number
}

export function createChecker(options: CheckerOptions): Checker {
  const { scheme, reading, pack } = options
  const lists = listPositions(pack.lists)
  const dx = createCodeIndex(scheme, reading, 'diagnosis', pack.lists)
  const px = createCodeIndex(scheme, reading, 'procedure', pack.lists)
  const empty = new Set(
    pack.lists.filter(list => !list.pattern && !list.mdc && (list.codes ?? []).length === 0).map(list => list.id),
  )
  const compile = (condition: Condition): Test => compileCondition(condition, lists, dx.words)
  const rules = pack.rules.map(
    (rule): CompiledRule => ({
      rule,
      message: { zh: `${rule.name.zh}。${rule.hint.zh}`, en: `${rule.name.en}. ${rule.hint.en}` },
      field: rule.shows.join('+'),
      showsFacts: rule.shows.some(isFact),
      lists: new Map(CODE_FIELDS.map(field => [field, listsFor(rule.when, field).map(list => lists.get(list)!)])),
      when: compile(rule.when),
      regrade: rule.regrade.map(({ when, severity }) => ({ when: compile(when), severity })),
      needs: rule.needs
        .map(names => names.filter(isFact).map(name => FACT[name]))
        .filter(positions => positions.length > 0),
      lackingList: rule.needs.some(names => names.length === 1 && empty.has(names[0]!)),
    }),
  )
  const named = { ...reading, dx: namingFailures(dx, reading.dx), px: namingFailures(px, reading.px) }
  return {
    options: { ...options, reading: named },
    dx,
    px,
    lists,
    rules,
    row: { values: new Float64Array(FACT_NAMES.length), bits: new Int32Array(CODE_FIELDS.length * dx.words) },
    tallies: new Map(),
    severities: { E: 0, W: 0, I: 0 },
    usesDischargeWay: scheme.mdcs.some(usesDischargeWay) ? 1 : 0,
  }
}

export function isFact(name: string): name is FactName {
  return Object.hasOwn(FACTS, name)
}

function usesDischargeWay(mdc: Scheme['mdcs'][number]): boolean {
  const parts = [mdc, ...mdc.adrgs, ...mdc.adrgs.flatMap(adrg => adrg.drgs)]
  return parts.some(({ rule }) => atoms(rule.expr).some(atom => atom.op === 'compare' && atom.scalar === 'LYFS'))
}

function listsFor(condition: Condition, field: CodeFieldName): readonly string[] {
  if (condition.op === 'and' || condition.op === 'or') return condition.args.flatMap(arg => listsFor(arg, field))
  return condition.op === 'in' && condition.field === field ? condition.lists : []
}

/** What a source of cases carries: columns of a table, or records with any field. */
export type Carries = ReadonlySet<CaseField> | 'anything'

/** Rules that can be checked on a source, and the numbers of the others. */
export interface RulePlan {
  readonly checked: readonly number[]
  readonly unchecked: readonly number[]
}

/** Which rules a source has the fields for. */
export function planRules(checker: Checker, carries: Carries, scopes: readonly QualityRule['scope'][]): RulePlan {
  const carried = carriedBy(checker, carries)
  const checked: number[] = []
  const unchecked: number[] = []
  checker.rules.forEach(({ rule, lackingList }, r) => {
    if (isOfFile(rule)) return
    const needs = rule.needs.every(names => names.some(name => !isFact(name) || carried(name)))
    const fits = scopes.includes(rule.scope) && !lackingList && needs && rule.columns.every(carried)
    ;(fits ? checked : unchecked).push(r)
  })
  return { checked, unchecked }
}

function carriedBy({ options: { weights } }: Checker, carries: Carries): (name: FactName) => boolean {
  return name => {
    const { from } = FACTS[name]
    if (from === 'weights') return weights !== undefined
    if (from === 'codes' || from === 'group') return true
    return carries === 'anything' || (from !== 'record' && from !== 'file' && carries.has(from))
  }
}

/** What a rule was not checked for lack of: facts of which one would do, or an empty list. */
export type Lack =
  | { readonly kind: 'list'; readonly list: string }
  | {
      readonly kind: 'facts'
      readonly facts: readonly FactName[]
      /** Whether the sources have a place for one of them, which is empty in every case. */
      readonly isEmpty: boolean
    }

/** What each rule lacked that was checked on no case of the sources, by rule. */
export function lacksOf(checker: Checker, sources: readonly Carries[]): ReadonlyMap<string, readonly Lack[]> {
  const counts = ruleCounts(checker)
  const unchecked = new Set(counts.map(({ rule }) => rule))
  for (const { rule, cases, notChecked } of counts) if (notChecked < cases) unchecked.delete(rule)
  const lacks = new Map<string, readonly Lack[]>()
  for (const { rule, lackingList } of checker.rules) {
    if (!unchecked.has(rule.id)) continue
    const asked = [...rule.needs.map(names => names.filter(isFact)), ...rule.columns.map(name => [name])]
    const facts = [...new Map(asked.filter(names => names.length > 0).map(names => [names.join(), names])).values()]
    const missing = facts.filter(names => sources.some(source => !names.some(carriedBy(checker, source))))
    lacks.set(rule.id, [
      ...(lackingList ? rule.needs.flat().filter(name => !isFact(name)) : []).map(
        (list): Lack => ({ kind: 'list', list }),
      ),
      ...(missing.length > 0 || lackingList ? missing : facts).map(
        (names): Lack => ({ kind: 'facts', facts: names, isEmpty: missing.length === 0 }),
      ),
    ])
  }
  return lacks
}

/** Whether a rule asks for what only a whole file has; it is checked once a file. */
export function isOfFile(rule: QualityRule): boolean {
  return rule.needs.some(names => names.some(name => isFact(name) && FACTS[name].from === 'file'))
}

export function tallyOf(checker: Checker, hospital: string): Tally {
  const known = checker.tallies.get(hospital)
  if (known !== undefined) return known
  const size = checker.rules.length
  const made = { findings: new Float64Array(size), notChecked: new Float64Array(size), cases: 0, counted: 0 }
  checker.tallies.set(hospital, made)
  return made
}

/** Counts by hospital and rule, in the order of the rules. */
export function ruleCounts(checker: Checker): RuleCount[] {
  const hospitals = [...checker.tallies].sort(([a], [b]) => (a < b ? -1 : 1))
  return hospitals.flatMap(([hospital, { cases, findings, notChecked }]) =>
    checker.rules.flatMap(({ rule }, r) =>
      isOfFile(rule)
        ? []
        : [
            {
              rule: rule.id,
              hospital,
              cases,
              findings: findings[r]!,
              notChecked: notChecked[r]!,
            },
          ],
    ),
  )
}
