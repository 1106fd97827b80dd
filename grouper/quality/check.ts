import { type CaseBatch, createBatch } from '../cases/batch.ts'
import type { GroupColumns } from '../drg/kernel.ts'
import { type Checker, isOfFile, type RulePlan, type Tally, tallyOf } from './checker.ts'
import { FACT, type FactName } from './facts.ts'
import { findingOf, type QualityFinding } from './finding.ts'
import { heavierProcedure } from './heavier.ts'
import { fillRow, groupsOf } from './row.ts'
import { createSieve, suspects } from './sieve.ts'

const REPAIRED_CODES = FACT.repairedCodes

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

/** Groups and checks the cases of a batch; gives the groups. */
export function checkBatch(
  checker: Checker,
  input: CheckInput,
  found: (finding: QualityFinding) => void,
): GroupColumns {
  const groups = groupsOf(checker, input.batch)
  checkGrouped(checker, input, groups, found)
  return groups
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
  const { values } = row
  const extra = [...more.facts].map(([name, column]) => ({ position: FACT[name], column }))
  const { weights } = checker.options
  const rules = plan.checked.map(r => checker.rules[r]!)
  const sieve = createSieve(rules.map(rule => rule.gate))
  const needed = Int32Array.from(new Set(rules.flatMap(rule => rule.needs.flat())))
  const suspect = new Int32Array(sieve.width)
  const broken = new Int32Array(sieve.width)
  const tallies: Tally[] = []
  values.fill(Number.NaN)
  for (let i = 0; i < batch.count; i++) {
    fillRow(checker, batch, groups, i)
    values[REPAIRED_CODES] = more.repairs.size === 0 ? 0 : (more.repairs.get(i)?.length ?? 0)
    for (const { position, column } of extra) values[position] = column[i]!
    if (weights !== undefined) {
      values[FACT.heavierProcedure] = heavierProcedure(checker.options.book, weights, batch, groups, i)
    }
    const label = batch.hospital[i]!
    tallies[label] ??= tallyOf(checker, hospitals[label] ?? '')
    const tally = tallies[label]
    tally.cases++
    suspects(sieve, row, suspect)
    for (let w = 0; w < suspect.length; w++) {
      for (let open = suspect[w]!; open !== 0; ) {
        const bit = Math.clz32(open)
        open &= ~(0x80000000 >>> bit)
        const k = w * 32 + bit
        const rule = rules[k]!
        if (!rule.when(row)) continue
        broken[w]! |= 0x80000000 >>> bit
        tally.findings[plan.checked[k]!]!++
        const hospital = hospitals[label] ?? ''
        found(findingOf(checker, rule, { batch, i, hospital, repairs: more.repairs.get(i) ?? [] }))
      }
    }
    if (lacksAny(needed, values)) {
      for (let k = 0; k < rules.length; k++) {
        const isBroken = ((broken[k >> 5]! << (k & 31)) & 0x80000000) !== 0
        if (!isBroken && lacks(rules[k]!.needs, values)) tally.notChecked[plan.checked[k]!]!++
      }
    }
    broken.fill(0)
  }
  // What the source lacks for a rule is lacking in every case.
  for (const tally of new Set(tallies.filter(tally => tally !== undefined))) {
    for (const r of plan.unchecked) tally.notChecked[r]! += tally.cases - tally.counted
    tally.counted = tally.cases
  }
}

function lacksAny(positions: Int32Array, values: Float64Array): boolean {
  for (let k = 0; k < positions.length; k++) if (Number.isNaN(values[positions[k]!]!)) return true
  return false
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
