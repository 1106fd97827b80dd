import { createBatch } from '../cases/batch.ts'
import type { GroupColumns } from '../drg/kernel.ts'
import { type Checker, type CompiledRule, isOfFile, type RulePlan, type Tally, tallyOf } from './checker.ts'
import type { Condition } from './condition.ts'
import { compileCondition, type Test } from './evaluate.ts'
import { FACT, FACT_NAMES, type FactName } from './facts.ts'
import { type CheckedCases, type FindingReceiver, findingOf, type QualityFinding, severityOf } from './finding.ts'
import { heavierProcedure } from './heavier.ts'
import type { CheckedColumns } from './kernel.ts'
import { isColumn } from './masks.ts'
import { createPasses, learnCodes, type Pass, setBit } from './passes.ts'
import { fillRow, withoutStrays } from './row.ts'
import { noneOf } from './ways.ts'

/** Facts that come from elsewhere than the columns of a batch, by row; NaN where not known. */
export type MoreFacts = ReadonlyMap<FactName, Float64Array>

/** The rules that a source of cases is checked by, made ready: once a source. */
export interface RuleCheck {
  readonly checker: Checker
  readonly plan: RulePlan
  readonly rules: readonly CompiledRule[]
  /** What can be asked of a case: whether it breaks each rule, then whether it lacks what some rules need. */
  readonly questions: readonly Test[]
  /** By question about a need: the rules that need it, as bits. */
  readonly needing: readonly Int32Array[]
  readonly more: MoreFacts
  readonly passes: readonly Pass[]
  /** Words of bits of questions. */
  readonly width: number
}

/** Rows that go through a pass at a time. */
const ROWS = 1024

/** Makes the rules of a plan ready, for cases with further facts. */
export function createRuleCheck(checker: Checker, plan: RulePlan, more: MoreFacts): RuleCheck {
  const { lists, dx, options } = checker
  const rules = plan.checked.map(r => checker.rules[r]!)
  const needs = new Map<string, { condition: Condition; rules: number[] }>()
  rules.forEach((rule, k) => {
    for (const positions of rule.needs) {
      const need = needs.get(String(positions)) ?? { condition: noneOf(positions), rules: [] }
      needs.set(String(positions), need)
      need.rules.push(k)
    }
  })
  const lacks = [...needs.values()]
  const { passes, width } = createPasses(
    [...rules.map(({ rule }) => rule.when), ...lacks.map(({ condition }) => condition)],
    name => {
      if (more.has(name) || (name === 'heavierProcedure' && options.weights !== undefined)) return 'later'
      if (name === 'schemeUsesDischargeWay') return checker.usesDischargeWay
      return isColumn(name) ? 'column' : Number.NaN
    },
  )
  return {
    checker,
    plan,
    rules,
    questions: [
      ...rules.map(rule => rule.when),
      ...lacks.map(({ condition }) => compileCondition(condition, lists, dx.words)),
    ],
    needing: lacks.map(lack => {
      const bits = new Int32Array(width)
      for (const k of lack.rules) setBit(bits, 0, k)
      return bits
    }),
    more,
    passes,
    width,
  }
}

/** Checks the cases of a batch whose groups are known; its codes are the scheme's, or of no dictionary. */
export function checkGrouped(check: RuleCheck, cases: CheckedCases, groups: GroupColumns, out: FindingReceiver): void {
  const { checker, passes } = check
  const { batch } = cases
  for (const pass of passes) learnCodes(pass, checker.lists, checker.dx, checker.px)
  const repaired = new Uint16Array(batch.count)
  for (const [row, changes] of cases.repairs) repaired[row] = changes.length
  const columns: CheckedColumns = { batch, groups, repaired }
  const tallies = countCases(checker, cases)
  const found = Array.from({ length: Math.max(passes.length, 1) }, () => new Int32Array(ROWS))
  const first = found[0]!
  const resolve = createResolver(check, cases, groups, tallies, out)
  out.open(checker, cases)
  for (let from = 0; from < batch.count; from += ROWS) {
    const to = Math.min(batch.count, from + ROWS)
    for (let p = 0; p < passes.length; p++) passes[p]!.kernel(columns, from, to, found[p]!)
    for (let i = from; i < to; i++) {
      let bits = first[i - from]!
      for (let p = 1; p < found.length; p++) bits |= found[p]![i - from]!
      if (bits !== 0) resolve(i, found, i - from)
    }
  }
  out.close()
  // What the source lacks for a rule is lacking in every case.
  for (const tally of new Set(tallies.filter(tally => tally !== undefined))) {
    for (const r of check.plan.unchecked) tally.notChecked[r]! += tally.cases - tally.counted
    tally.counted = tally.cases
  }
}

/** Counts the cases of each hospital and gives their tallies by label. */
function countCases(checker: Checker, { batch, hospitals }: CheckedCases): readonly (Tally | undefined)[] {
  const { count, hospital } = batch
  const counts = new Int32Array(Math.max(hospitals.length, 1))
  countLabels(hospital, count, counts)
  return Array.from(counts, (cases, label) => {
    if (cases === 0) return undefined
    const tally = tallyOf(checker, hospitals[label] ?? '')
    tally.cases += cases
    return tally
  })
}

function countLabels(labels: Uint16Array, count: number, counts: Int32Array): void {
  for (let i = 0; i < count; i++) counts[labels[i]!]!++
}

/** A function that settles one case for which the passes found bits: `found[pass][at]`. */
function createResolver(
  { checker, plan, rules, questions, needing, more, passes, width }: RuleCheck,
  { batch, repairs }: CheckedCases,
  groups: GroupColumns,
  tallies: readonly (Tally | undefined)[],
  out: FindingReceiver,
): (i: number, found: readonly Int32Array[], at: number) => void {
  const { row, options, severities } = checker
  const { values } = row
  const extra = [...more].map(([name, column]) => ({ position: FACT[name], column }))
  const cleaned = options.weights === undefined ? batch : withoutStrays(checker, batch)
  const asked = new Int32Array(width)
  const sure = new Int32Array(width)
  const broken = new Int32Array(width)
  const lacking = new Int32Array(width)
  let filled = -1

  /** Facts and lists of the case, which few cases need. */
  const fill = (i: number): void => {
    if (filled === i) return
    filled = i
    fillRow(checker, batch, groups, i)
    values[FACT.repairedCodes] = repairs.get(i)?.length ?? 0
    for (const { position, column } of extra) values[position] = column[i]!
    if (options.weights !== undefined) {
      values[FACT.heavierProcedure] = heavierProcedure(options.book, options.weights, cleaned, groups, i)
    }
  }

  values.fill(Number.NaN)
  return (i, found, at) => {
    const tally = tallies[batch.hospital[i]!]!
    for (let w = 0; w < width; w++) {
      asked[w] = 0
      sure[w] = 0
      broken[w] = 0
      lacking[w] = 0
    }
    for (let p = 0; p < passes.length; p++) {
      const { asked: asks, sure: settles } = passes[p]!
      for (let bits = found[p]![at]!; bits !== 0; ) {
        const bit = 31 - Math.clz32(bits)
        bits &= ~(1 << bit)
        for (let w = 0; w < width; w++) {
          asked[w]! |= asks[bit * width + w]!
          sure[w]! |= settles[bit * width + w]!
        }
      }
    }
    for (let w = 0; w < width; w++) {
      for (let open = asked[w]!; open !== 0; ) {
        const bit = Math.clz32(open)
        const mark = 0x80000000 >>> bit
        open &= ~mark
        const question = w * 32 + bit
        if ((sure[w]! & mark) === 0) {
          fill(i)
          if (!questions[question]!(row)) continue
        }
        if (question >= rules.length) {
          const bits = needing[question - rules.length]!
          for (let v = 0; v < width; v++) lacking[v]! |= bits[v]!
          continue
        }
        broken[w]! |= mark
        const rule = rules[question]!
        if (rule.showsFacts || rule.regrade.length > 0) fill(i)
        const severity = severityOf(checker, rule)
        tally.findings[plan.checked[question]!]!++
        severities[severity]++
        out.found(rule, severity, i)
      }
    }
    for (let w = 0; w < width; w++) {
      for (let open = lacking[w]! & ~broken[w]!; open !== 0; ) {
        const bit = Math.clz32(open)
        open &= ~(0x80000000 >>> bit)
        tally.notChecked[plan.checked[w * 32 + bit]!]!++
      }
    }
  }
}

/** Checks the rules that ask for what only a whole file has. */
export function checkFile(
  checker: Checker,
  facts: Partial<Record<FactName, number>>,
  found: (finding: QualityFinding) => void,
): void {
  const { row, severities } = checker
  row.values.fill(Number.NaN)
  row.bits.fill(0)
  for (const name of FACT_NAMES) row.values[FACT[name]] = facts[name] ?? Number.NaN
  const cases = { batch: createBatch(1), hospitals: [], repairs: new Map() }
  for (const rule of checker.rules) {
    if (!isOfFile(rule.rule) || !rule.when(row)) continue
    const severity = severityOf(checker, rule)
    severities[severity]++
    found({ ...findingOf(checker, rule, severity, cases, 0), id: '' })
  }
}
