import type { Text } from '../../messages/index.ts'
import { type CaseBatch, createBatch } from '../cases/batch.ts'
import type { CaseField } from '../cases/columns.ts'
import type { CodeReading } from '../codes/reading.ts'
import type { RuleBook } from '../drg/book.ts'
import { createGroupColumns, type GroupColumns, groupBatch } from '../drg/kernel.ts'
import { REASONS } from '../drg/outcome.ts'
import { idText } from '../drg/result.ts'
import type { Expr, Scheme } from '../scheme/types.ts'
import { type CodeIndex, codeText, createCodeIndex, listPositions } from './code-index.ts'
import { CODE_FIELDS, type CodeFieldName, type Condition } from './condition.ts'
import { compileCondition, type Row, type Test } from './evaluate.ts'
import { FACT, FACT_NAMES, FACTS, type FactName, factText } from './facts.ts'
import { heavierProcedure } from './heavier.ts'
import type { QualityPack, QualityRule, Severity } from './rules.ts'

/** Something a rule found in a case. Holds no personal data beyond the id of the case. */
export interface QualityFinding {
  readonly id: string
  readonly hospital: string
  readonly rule: string
  readonly severity: Severity
  /** Fields that the rule looked at, `+` between them. */
  readonly field: string
  readonly value: string
  readonly message: Text
}

/** What the columns of a batch do not hold, by row. */
export interface MoreFacts {
  /** Facts that come from elsewhere; NaN where not known. */
  readonly facts: ReadonlyMap<FactName, Float64Array>
  /** Codes that were repaired, as `before → after`. */
  readonly repairs: ReadonlyMap<number, readonly string[]>
}

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

interface CompiledRule {
  readonly rule: QualityRule
  readonly message: Text
  readonly field: string
  /** A word of bits and a mask without which the condition cannot hold; the word is -1 where there is none. */
  readonly gateWord: number
  readonly gateMask: number
  /** Positions of the lists that the condition names, by field of codes. */
  readonly lists: ReadonlyMap<CodeFieldName, readonly number[]>
  readonly when: Test
  readonly regrade: readonly { readonly when: Test; readonly severity: Severity }[]
  /** Positions of the facts of each need; one of an entry is enough. */
  readonly needs: readonly (readonly number[])[]
  /** A list that it needs is empty: nothing is checked. */
  readonly lackingList: boolean
}

/** The rules of a pack compiled for a scheme, with their counts so far. */
export interface Checker {
  readonly options: CheckerOptions
  readonly dx: CodeIndex
  readonly px: CodeIndex
  readonly rules: readonly CompiledRule[]
  readonly row: Row
  /** Counts by hospital. */
  readonly tallies: Map<string, Tally>
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
      ...gateOf(rule.when, lists, dx.words),
      lists: new Map(CODE_FIELDS.map(field => [field, listsFor(rule.when, field).map(list => lists.get(list)!)])),
      when: compile(rule.when),
      regrade: rule.regrade.map(({ when, severity }) => ({ when: compile(when), severity })),
      needs: rule.needs
        .map(names => names.filter(isFact).map(name => FACT[name]))
        .filter(positions => positions.length > 0),
      lackingList: rule.needs.some(names => names.length === 1 && empty.has(names[0]!)),
    }),
  )
  return {
    options,
    dx,
    px,
    rules,
    row: { values: new Float64Array(FACT_NAMES.length), bits: new Int32Array(CODE_FIELDS.length * dx.words) },
    tallies: new Map(),
    usesDischargeWay: scheme.mdcs.some(usesDischargeWay) ? 1 : 0,
  }
}

function isFact(name: string): name is FactName {
  return Object.hasOwn(FACTS, name)
}

function usesDischargeWay(mdc: Scheme['mdcs'][number]): boolean {
  const uses = (expr: Expr): boolean =>
    expr.op === 'and' || expr.op === 'or'
      ? expr.args.some(uses)
      : expr.op === 'not'
        ? uses(expr.arg)
        : expr.op === 'compare' && expr.scalar === 'LYFS'
  return (
    uses(mdc.rule.expr) || mdc.adrgs.some(adrg => uses(adrg.rule.expr) || adrg.drgs.some(drg => uses(drg.rule.expr)))
  )
}

/** A membership that must hold for the condition to hold, where the condition is one or an `and` of some. */
function gateOf(
  condition: Condition,
  lists: ReadonlyMap<string, number>,
  words: number,
): Pick<CompiledRule, 'gateWord' | 'gateMask'> {
  const parts = condition.op === 'and' ? condition.args : [condition]
  for (const part of parts) {
    if (part.op !== 'in') continue
    const positions = part.lists.map(list => lists.get(list)!)
    const word = positions[0]! >> 5
    if (positions.some(position => position >> 5 !== word)) continue
    const mask = positions.reduce((bits, position) => bits | (1 << (position & 31)), 0)
    return { gateWord: CODE_FIELDS.indexOf(part.field) * words + word, gateMask: mask }
  }
  return { gateWord: -1, gateMask: 0 }
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
  const carried = (name: FactName): boolean => {
    const { from } = FACTS[name]
    if (from === 'weights') return checker.options.weights !== undefined
    if (from === 'codes' || from === 'group') return true
    return carries === 'anything' || (from !== 'record' && from !== 'file' && carries.has(from))
  }
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

/** Whether a rule asks for what only a whole file has; it is checked once a file. */
function isOfFile(rule: QualityRule): boolean {
  return rule.needs.some(names => names.some(name => isFact(name) && FACTS[name].from === 'file'))
}

/** Checks the rules that ask for what only a whole file has. */
export function checkFile(
  checker: Checker,
  facts: Partial<Record<FactName, number>>,
  found: (finding: QualityFinding) => void,
): void {
  const { values, bits } = checker.row
  values.fill(Number.NaN)
  bits.fill(0)
  for (const [name, value] of Object.entries(facts)) values[FACT[name as FactName]] = value
  const batch = createBatch(1)
  for (const rule of checker.rules) {
    if (!isOfFile(rule.rule) || !rule.when(checker.row)) continue
    found({ ...findingOf(checker, rule, { batch, i: 0, hospital: '', repairs: [] }), id: '' })
  }
}

/** Checks the cases of a batch that was read and converted with the checker's reading. */
export function checkBatch(
  checker: Checker,
  batch: CaseBatch,
  hospitals: readonly string[],
  plan: RulePlan,
  more: MoreFacts,
  found: (finding: QualityFinding) => void,
): void {
  checkGrouped(checker, batch, groupsOf(checker, batch), hospitals, plan, more, found)
}

/** The groups of a batch whose codes may be of no dictionary. */
export function groupsOf(checker: Checker, batch: CaseBatch): GroupColumns {
  const groups = createGroupColumns(batch.count)
  groupBatch(checker.options.book, withoutStrays(checker, batch), groups)
  return groups
}

/** The same for a batch whose groups are known. */
export function checkGrouped(
  checker: Checker,
  batch: CaseBatch,
  groups: GroupColumns,
  hospitals: readonly string[],
  plan: RulePlan,
  more: MoreFacts,
  found: (finding: QualityFinding) => void,
): void {
  const { row } = checker
  const { values, bits } = row
  const extra = [...more.facts].map(([name, column]) => ({ position: FACT[name], column }))
  const { weights } = checker.options
  const rules = plan.checked.map(r => checker.rules[r]!)
  const gateWord = Int32Array.from(rules, rule => rule.gateWord)
  const gateMask = Int32Array.from(rules, rule => rule.gateMask)
  const tallies: Tally[] = []
  values.fill(Number.NaN)
  for (let i = 0; i < batch.count; i++) {
    fillRow(checker, batch, groups, i)
    values[FACT.repairedCodes] = more.repairs.size === 0 ? 0 : (more.repairs.get(i)?.length ?? 0)
    for (const { position, column } of extra) values[position] = column[i]!
    if (weights !== undefined) {
      values[FACT.heavierProcedure] = heavierProcedure(checker.options.book, weights, batch, groups, i)
    }
    const label = batch.hospital[i]!
    tallies[label] ??= tallyOf(checker, hospitals[label] ?? '')
    const tally = tallies[label]
    tally.cases++
    for (let k = 0; k < rules.length; k++) {
      const rule = rules[k]!
      const open = gateWord[k]! < 0 || (bits[gateWord[k]!]! & gateMask[k]!) !== 0
      if (open && rule.when(row)) {
        tally.findings[plan.checked[k]!]!++
        const hospital = hospitals[label] ?? ''
        found(findingOf(checker, rule, { batch, i, hospital, repairs: more.repairs.get(i) ?? [] }))
      } else if (rule.needs.length > 0 && lacks(rule.needs, values)) tally.notChecked[plan.checked[k]!]!++
    }
  }
  // What the source lacks for a rule is lacking in every case.
  for (const tally of new Set(tallies.filter(tally => tally !== undefined))) {
    for (const r of plan.unchecked) tally.notChecked[r]! += tally.cases - tally.counted
    tally.counted = tally.cases
  }
}

function lacks(needs: readonly (readonly number[])[], values: Float64Array): boolean {
  for (const positions of needs) {
    let present = false
    for (const position of positions) present ||= !Number.isNaN(values[position]!)
    if (!present) return true
  }
  return false
}

/** The counts of one hospital. */
interface Tally {
  /** By rule. */
  readonly findings: Float64Array
  readonly notChecked: Float64Array
  cases: number
  /** Cases that `notChecked` has for the rules that their source lacks fields for. */
  counted: number
}

function tallyOf(checker: Checker, hospital: string): Tally {
  const known = checker.tallies.get(hospital)
  if (known !== undefined) return known
  const size = checker.rules.length
  const made = { findings: new Float64Array(size), notChecked: new Float64Array(size), cases: 0, counted: 0 }
  checker.tallies.set(hospital, made)
  return made
}

const NOT_IN_MDC = REASONS.indexOf('not-in-mdc')
const AMBIGUOUS = 1

/** Fills facts and bits from the columns of a batch. */
function fillRow(checker: Checker, batch: CaseBatch, groups: GroupColumns, i: number): void {
  const { dx: dxIndex, px: pxIndex, row } = checker
  const { values, bits } = row
  const { words } = dxIndex
  values[FACT.sex] = batch.sex[i]!
  values[FACT.age] = orMissing(batch.age[i]!)
  values[FACT.ageDays] = orMissing(batch.ageDays[i]!)
  values[FACT.weight] = orMissing(batch.weight[i]!)
  values[FACT.los] = orMissing(batch.los[i]!)
  values[FACT.dischargeWay] = batch.dischargeWay[i]! === 0 ? Number.NaN : batch.dischargeWay[i]!
  values[FACT.cost] = orMissing(batch.cost[i]!)
  values[FACT.inNoMdc] = groups.reason[i] === NOT_IN_MDC ? 1 : 0
  values[FACT.ambiguous] = groups.status[i] === AMBIGUOUS ? 1 : 0
  values[FACT.schemeUsesDischargeWay] = checker.usesDischargeWay

  bits.fill(0)
  const { dx, px } = batch
  const dxFrom = batch.dxStart[i]!
  const dxEnd = batch.dxStart[i + 1]!
  values[FACT.diagnosisCount] = dxEnd - dxFrom
  for (let k = dxFrom; k < dxEnd; k++) addBits(bits, k === dxFrom ? 0 : words, words, dxIndex.bits, dx[k]!)
  for (let w = 0; w < words; w++) bits[2 * words + w] = bits[w]! | bits[words + w]!
  let mainRepeated = 0
  let othersRepeated = 0
  for (let k = dxFrom + 1; k < dxEnd; k++) {
    const code = dx[k]!
    if (code === dx[dxFrom]) mainRepeated = 1
    for (let j = dxFrom + 1; j < k; j++) if (dx[j] === code) othersRepeated = 1
  }
  values[FACT.mainRepeated] = mainRepeated
  values[FACT.othersRepeated] = othersRepeated

  const pxFrom = batch.pxStart[i]!
  const pxEnd = batch.pxStart[i + 1]!
  const slotEmpty = pxEnd > pxFrom && px[pxFrom] === 0
  values[FACT.mainSlotEmpty] = slotEmpty ? 1 : 0
  values[FACT.procedureCount] = pxEnd - pxFrom - (slotEmpty ? 1 : 0)
  for (let k = pxFrom; k < pxEnd; k++) addBits(bits, (k === pxFrom ? 3 : 4) * words, words, pxIndex.bits, px[k]!)
  for (let w = 0; w < words; w++) bits[5 * words + w] = bits[3 * words + w]! | bits[4 * words + w]!
}

function orMissing(value: number): number {
  return value < 0 ? Number.NaN : value
}

function addBits(bits: Int32Array, at: number, words: number, ofCodes: Int32Array, id: number): void {
  for (let w = 0; w < words; w++) bits[at + w]! |= ofCodes[id * words + w]!
}

/** The batch as the grouper takes it: codes that no dictionary has are 0. */
function withoutStrays({ dx, px }: Checker, batch: CaseBatch): CaseBatch {
  if (dx.strays.texts.length + px.strays.texts.length === 2) return batch
  const cleaned = (column: Uint16Array, end: number, size: number): Uint16Array =>
    column.slice(0, end).map(id => (id < size ? id : 0))
  return {
    ...batch,
    dx: cleaned(batch.dx, batch.dxStart[batch.count]!, dx.dictionary.codes.length),
    px: cleaned(batch.px, batch.pxStart[batch.count]!, px.dictionary.codes.length),
  }
}

/** Where a finding was made. */
interface Spot {
  readonly batch: CaseBatch
  readonly i: number
  readonly hospital: string
  readonly repairs: readonly string[]
}

function findingOf(checker: Checker, compiled: CompiledRule, spot: Spot): QualityFinding {
  const { rule, regrade, field, message, lists } = compiled
  const { row } = checker
  const several = rule.shows.length > 1
  const values = rule.shows.map(shown => {
    if (!isFact(shown)) {
      const codes = codesOf(checker, spot.batch, spot.i, shown)
      return guilty(isProcedure(shown) ? checker.px : checker.dx, lists.get(shown)!, codes).join('|')
    }
    if (shown === 'repairedCodes') return spot.repairs.join('|')
    const text = factText(shown, row.values[FACT[shown]]!)
    return several ? `${shown}=${text}` : text
  })
  return {
    id: idText(spot.batch, spot.i),
    hospital: spot.hospital,
    rule: rule.id,
    severity: regrade.find(({ when }) => when(row))?.severity ?? rule.severity,
    field,
    value: values.join(' ').trim(),
    message,
  }
}

interface FieldCode {
  readonly text: string
  readonly id: number
}

/** The codes of a field that are in one of the lists that the condition names for it, or all of them. */
function guilty(index: CodeIndex, lists: readonly number[], codes: readonly FieldCode[]): string[] {
  const { bits, words } = index
  const hit = codes.filter(({ id }) =>
    lists.some(list => ((bits[id * words + (list >> 5)]! >>> (list & 31)) & 1) === 1),
  )
  return (hit.length > 0 ? hit : codes).map(({ text }) => text)
}

function listsFor(condition: Condition, field: CodeFieldName): readonly string[] {
  if (condition.op === 'and' || condition.op === 'or') return condition.args.flatMap(arg => listsFor(arg, field))
  return condition.op === 'in' && condition.field === field ? condition.lists : []
}

function isProcedure(field: CodeFieldName): boolean {
  return CODE_FIELDS.indexOf(field) >= 3
}

function codesOf(checker: Checker, batch: CaseBatch, i: number, field: CodeFieldName): FieldCode[] {
  const isPx = isProcedure(field)
  const starts = isPx ? batch.pxStart : batch.dxStart
  const ids = (isPx ? batch.px : batch.dx).subarray(starts[i], starts[i + 1])
  const main = field === 'main' || field === 'mainProcedure'
  const others = field === 'others' || field === 'otherProcedures'
  const wanted = main ? ids.subarray(0, 1) : others ? ids.subarray(1) : ids
  return [...wanted].filter(id => id > 0).map(id => ({ id, text: codeText(isPx ? checker.px : checker.dx, id) }))
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
