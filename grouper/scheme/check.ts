import type { Dictionary } from '../codes/dictionary.ts'
import { isVirtual, memberships } from './checker.ts'
import type { Finding, FindingSeverity } from './finding.ts'
import { implies } from './implies.ts'
import type { Adrg, Drg, Expr, Mdc, Rule, Scheme } from './types.ts'

/** What is wrong or odd in a scheme by itself; it stops nothing. In order of the tables. */
export function checkScheme(scheme: Scheme): Finding[] {
  return [...checkTree(scheme), ...checkSets(scheme)]
}

function* checkTree(scheme: Scheme): Generator<Finding> {
  const within = createWithin(scheme)
  yield* unreachable('MDC', scheme.mdcs, mdc => mdc.adrgs.some(adrgTakesAll), within)
  for (const mdc of scheme.mdcs) {
    if (isAlways(mdc.rule) && !isFallbackGroup(mdc.adrgs)) yield alwaysTrue('MDC', mdc.code)
    yield* unreachable('ADRG', mdc.adrgs, hasOpenLeaf, within)
    for (const adrg of mdc.adrgs) {
      if (isAlways(adrg.rule) && !isFallbackGroup([adrg])) yield alwaysTrue('ADRG', adrg.code)
      if (adrg.drgs.length === 0) {
        yield finding(
          'CHK-005',
          'warning',
          'ADRG',
          adrg.code,
          '没有 DRG，病例永远不会分到这里',
          'has no DRG, no case can come here',
        )
      }
      yield* unreachable('DRG', adrg.drgs, () => true, within)
      yield* checkLeaves(adrg)
    }
  }
}

function* checkLeaves(adrg: Adrg): Generator<Finding> {
  for (const drg of adrg.drgs) {
    if (drg.kind !== 'grouped') continue
    if (drg.name === '') yield finding('CHK-006', 'warning', 'DRG', drg.code, '没有名称', 'has no name')
    if (drg.code === adrg.code) {
      yield finding(
        'CHK-007',
        'warning',
        'DRG',
        drg.code,
        '是 ADRG 编码，不是 DRG 编码',
        'is the code of its ADRG, not of a DRG',
      )
    }
  }
}

/**
 * Siblings that can never be the result: every case that meets their condition is taken by an earlier one, which lets
 * none of its cases go (`keeps`).
 */
function* unreachable<T extends Mdc | Adrg | Drg>(
  table: string,
  siblings: readonly T[],
  keeps: (one: T) => boolean,
  within: (narrow: string, wide: string) => boolean,
): Generator<Finding> {
  const keepers: T[] = []
  for (const one of siblings) {
    const keeper = keepers.find(before => implies(one.rule.expr, before.rule.expr, within))
    if (keeper === undefined) {
      if (keeps(one)) keepers.push(one)
      continue
    }
    const [zh, en] = isAlways(keeper.rule)
      ? [
          `排在总是成立的 ${keeper.code} 之后，永远不会被选中`,
          `stands behind ${keeper.code}, which takes every case, and is never reached`,
        ]
      : [
          `符合条件的病例都已归入前面的 ${keeper.code}，永远不会被选中`,
          `every case that meets its condition is taken by ${keeper.code} before it; it is never reached`,
        ]
    yield finding('CHK-001', 'error', table, one.code, zh, en)
  }
}

/** Whether the codes of one set all are in another. */
function createWithin(scheme: Scheme): (narrow: string, wide: string) => boolean {
  const codes = new Map<string, ReadonlySet<string>>()
  return (narrow, wide) => {
    const inner = scheme.sets.get(narrow)
    const outer = scheme.sets.get(wide)
    if (inner === undefined || outer === undefined || inner.codes.length > outer.codes.length) return false
    let known = codes.get(wide)
    if (known === undefined) {
      known = new Set(outer.codes)
      codes.set(wide, known)
    }
    return inner.codes.every(code => known.has(code))
  }
}

function hasOpenLeaf(adrg: Adrg): boolean {
  return adrg.drgs.some(drg => isAlways(drg.rule))
}

function adrgTakesAll(adrg: Adrg): boolean {
  return isAlways(adrg.rule) && hasOpenLeaf(adrg)
}

function isFallbackGroup(adrgs: readonly Adrg[]): boolean {
  return adrgs.every(adrg => adrg.drgs.every(drg => drg.kind === 'notGrouped'))
}

function isAlways(rule: Rule): boolean {
  return rule.expr.op === 'always'
}

function alwaysTrue(table: string, code: string): Finding {
  return finding('CHK-002', 'warning', table, code, '规则为空，总是成立', 'the rule is empty and always holds')
}

function* checkSets(scheme: Scheme): Generator<Finding> {
  const used = usedSets(scheme)
  for (const set of scheme.sets.values()) {
    if (set.codes.length === 0) yield finding('CHK-003', 'warning', '集合', set.id, '没有编码', 'has no code')
    if (!used.has(set.id)) yield finding('CHK-004', 'warning', '集合', set.id, '没有规则使用', 'is used by no rule')
    const dictionary = set.kind === 'diagnosis' ? scheme.diagnoses : scheme.procedures
    yield* foreign('集合', set.id, set.codes, dictionary)
  }
  yield* foreign('CC', undefined, scheme.complications.keys(), scheme.diagnoses)
  for (const [id, codes] of scheme.exclusions) yield* foreign('排除表', id, codes, scheme.diagnoses)
}

function* foreign(
  table: string,
  id: string | undefined,
  codes: Iterable<string>,
  dictionary: Dictionary,
): Generator<Finding> {
  for (const code of codes) {
    if (dictionary.ids.has(code)) continue
    yield finding(
      'CHK-008',
      'warning',
      table,
      id ?? code,
      `${code} 不在字典 ${dictionary.id} 中`,
      `${code} is not in the dictionary ${dictionary.id}`,
    )
  }
}

function usedSets(scheme: Scheme): Set<string> {
  const used = new Set<string>()
  const add = (expr: Expr): void => {
    for (const node of memberships(expr)) {
      for (const set of node.op === 'in' ? node.sets : [node.set]) if (!isVirtual(set)) used.add(set)
    }
  }
  for (const mdc of scheme.mdcs) {
    add(mdc.rule.expr)
    for (const adrg of mdc.adrgs) {
      add(adrg.rule.expr)
      for (const drg of adrg.drgs) add(drg.rule.expr)
    }
  }
  return used
}

function finding(
  code: string,
  severity: FindingSeverity,
  table: string,
  place: string,
  zh: string,
  en: string,
): Finding {
  return { code, severity, place: { table, code: place }, text: { zh, en } }
}
