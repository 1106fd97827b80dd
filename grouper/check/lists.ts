import type { Dictionary } from '../codes/dictionary.ts'
import { memberships } from '../scheme/atoms.ts'
import { isVirtual } from '../scheme/checker.ts'
import type { Finding } from '../scheme/finding.ts'
import type { CodeKind, Expr, Scheme } from '../scheme/types.ts'
import { raise, type Subject } from './raise.ts'

/** The dictionaries that codes must stand in. */
export type Dictionaries = Readonly<Record<CodeKind, Dictionary>>

/** Lists that hold nothing, that no rule uses, or that hold codes which the dictionaries lack. */
export function* checkLists(scheme: Scheme, { diagnosis, procedure }: Dictionaries): Generator<Finding> {
  const used = usedSets(scheme)
  for (const set of scheme.sets.values()) {
    const subject: Subject = { table: '集合', item: set }
    if (set.codes.length === 0) yield raise('CHK-003', 'warning', subject, ['没有编码', 'has no code'])
    if (!used.has(set.id)) yield raise('CHK-004', 'warning', subject, ['没有规则使用', 'is used by no rule'])
    yield* foreign(subject, set.codes, set.kind === 'diagnosis' ? diagnosis : procedure)
  }
  for (const code of scheme.complications.keys()) yield* foreign({ table: 'CC', code }, [code], diagnosis)
  for (const [code, codes] of scheme.exclusions) yield* foreign({ table: '排除表', code }, codes, diagnosis)
}

function* foreign(subject: Subject, codes: Iterable<string>, dictionary: Dictionary): Generator<Finding> {
  for (const code of codes) {
    if (dictionary.ids.has(code)) continue
    yield raise(
      'CHK-008',
      'warning',
      subject,
      [`${code} 不在字典 ${dictionary.id} 中`, `${code} is not in the dictionary ${dictionary.id}`],
      [code],
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
