import { type CaseBatch, createBatch } from '../cases/batch.ts'
import type { GroupColumns } from '../drg/kernel.ts'
import { type Checker, isOfFile, type RulePlan, type Tally, tallyOf } from './checker.ts'
import { FACT, type FactName } from './facts.ts'
import { findingOf, type QualityFinding } from './finding.ts'
import { heavierProcedure } from './heavier.ts'
import { fillRow, groupsOf } from './row.ts'

/** What the columns of a batch do not hold, by row. */
export interface MoreFacts {
  /** Facts that come from elsewhere; NaN where not known. */
  readonly facts: ReadonlyMap<FactName, Float64Array>
  /** Codes that were repaired, as `before → after`. */
  readonly repairs: ReadonlyMap<number, readonly string[]>
}

/** Cases to check: a batch that was read and converted with the checker's reading. */
export interface CheckInput {
  readonly batch: CaseBatch
  /** Hospitals by label of the batch. */
  readonly hospitals: readonly string[]
  readonly plan: RulePlan
  readonly more: MoreFacts
}

/** Groups and checks the cases of a batch. */
export function checkBatch(checker: Checker, input: CheckInput, found: (finding: QualityFinding) => void): void {
  checkGrouped(checker, input, groupsOf(checker, input.batch), found)
}

/** The same for a batch whose groups are known. */
export function checkGrouped(
  checker: Checker,
  input: CheckInput,
  groups: GroupColumns,
  found: (finding: QualityFinding) => void,
): void {
  const { batch, hospitals, plan, more } = input
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
