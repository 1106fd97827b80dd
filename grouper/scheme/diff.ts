import { append } from './append.ts'
import { printRule } from './print.ts'
import type { CodeKind, Complication, Rule, Scheme, Severity } from './types.ts'

/** A code with its name. */
export interface NamedCode {
  readonly code: string
  readonly name: string
}

/** How the rows of one level (MDC, ADRG, DRG) differ between two schemes; codes in the order of their scheme. */
export interface LevelDiff {
  /** Codes of the second scheme only. */
  readonly added: readonly NamedCode[]
  /** Codes of the first scheme only. */
  readonly removed: readonly NamedCode[]
  /** The same name under other codes: what the group means has moved to another code. */
  readonly recoded: readonly { readonly name: string; readonly from: string; readonly to: readonly string[] }[]
  /** The same code under another name; `reused` when one of the two names also stands at another code. */
  readonly renamed: readonly {
    readonly code: string
    readonly from: string
    readonly to: string
    readonly reused: boolean
  }[]
  /** The same code whose names differ in wording only. */
  readonly reworded: number
  /** The same code whose condition differs; as canonical texts, several rows of one code one below the other. */
  readonly ruled: readonly { readonly code: string; readonly from: string; readonly to: string }[]
  /** Codes of both schemes with the same name and condition. */
  readonly same: number
}

/** A list of codes that differs; a list that one of the schemes lacks is empty there. */
export interface ListDiff {
  readonly id: string
  readonly added: readonly string[]
  readonly removed: readonly string[]
}

export interface SetDiff extends ListDiff {
  readonly kind: CodeKind
}

/** A diagnosis that is another complication than before; undefined: it is none. */
export interface ComplicationDiff {
  readonly code: string
  readonly from?: Complication
  readonly to?: Complication
}

/** What differs between two schemes. */
export interface SchemeDiff {
  readonly from: { readonly id: string; readonly hash: string }
  readonly to: { readonly id: string; readonly hash: string }
  readonly mdcs: LevelDiff
  readonly adrgs: LevelDiff
  readonly drgs: LevelDiff
  /** Sets by id, those that only one scheme has included. */
  readonly sets: readonly SetDiff[]
  readonly complications: readonly ComplicationDiff[]
  readonly exclusions: readonly ListDiff[]
}

/** Compares two schemes by codes, names, conditions and lists. */
export function diffSchemes(from: Scheme, to: Scheme): SchemeDiff {
  return {
    from: { id: from.manifest.id, hash: from.hash },
    to: { id: to.manifest.id, hash: to.hash },
    mdcs: diffLevel(mdcRows(from), mdcRows(to)),
    adrgs: diffLevel(adrgRows(from), adrgRows(to)),
    drgs: diffLevel(drgRows(from), drgRows(to)),
    sets: diffSets(from, to),
    complications: diffComplications(from, to),
    exclusions: diffLists(from.exclusions, to.exclusions),
  }
}

/**
 * Whether weights of the one scheme may be joined to groups of the other by code: not when a name moved to another code
 * or a code got another meaning, for then a weight would land on another group without anyone seeing it.
 */
export function joinsByCode(diff: SchemeDiff): boolean {
  return [diff.adrgs, diff.drgs].every(({ recoded, renamed }) => recoded.length === 0 && renamed.length === 0)
}

/** Numbers of diagnoses by level before and after, those without change left out. */
export function levelMoves(diff: SchemeDiff): ReadonlyMap<string, number> {
  const moves = new Map<string, number>()
  for (const { from, to } of diff.complications) {
    const key = `${levelOf(from)} → ${levelOf(to)}`
    moves.set(key, (moves.get(key) ?? 0) + 1)
  }
  return new Map([...moves].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function levelOf(complication: Complication | undefined): Severity | '–' {
  return complication?.level ?? '–'
}

/** A row of one level; rows of one code are taken together. */
interface Row extends NamedCode {
  readonly rule: Rule
}

function mdcRows({ mdcs }: Scheme): readonly Row[] {
  return mdcs
}

function adrgRows({ mdcs }: Scheme): readonly Row[] {
  return mdcs.flatMap(mdc => mdc.adrgs).filter(adrg => adrg.drgs.some(drg => drg.kind === 'grouped'))
}

function drgRows({ mdcs }: Scheme): readonly Row[] {
  return mdcs
    .flatMap(mdc => mdc.adrgs)
    .flatMap(adrg => adrg.drgs)
    .filter(drg => drg.kind === 'grouped')
}

/** A code of one level with what it means. */
interface Entry extends NamedCode {
  /** The name without its wording: two that are equal here mean the same. */
  readonly meaning: string
  readonly rule: string
}

function diffLevel(from: readonly Row[], to: readonly Row[]): LevelDiff {
  const [before, after] = [entriesOf(from), entriesOf(to)]
  const codesBefore = byMeaning(before)
  const codesAfter = byMeaning(after)
  const elsewhere = (codes: ReadonlyMap<string, readonly string[]>, meaning: string, code: string): boolean =>
    (codes.get(meaning) ?? []).some(other => other !== code)

  const recoded: LevelDiff['recoded'][number][] = []
  const renamed: LevelDiff['renamed'][number][] = []
  const ruled: LevelDiff['ruled'][number][] = []
  let reworded = 0
  let same = 0
  for (const [code, old] of before) {
    const moved = codesAfter.get(old.meaning) ?? []
    if (moved.length > 0 && !moved.includes(code)) recoded.push({ name: old.name, from: code, to: moved })
    const now = after.get(code)
    if (now === undefined) continue
    if (old.meaning !== now.meaning) {
      const reused = elsewhere(codesAfter, old.meaning, code) || elsewhere(codesBefore, now.meaning, code)
      renamed.push({ code, from: old.name, to: now.name, reused })
    } else if (old.name !== now.name) reworded++
    if (old.rule !== now.rule) ruled.push({ code, from: old.rule, to: now.rule })
    if (old.name === now.name && old.rule === now.rule) same++
  }
  const only = (entries: ReadonlyMap<string, Entry>, others: ReadonlyMap<string, Entry>): NamedCode[] =>
    [...entries.values()].filter(({ code }) => !others.has(code)).map(({ code, name }) => ({ code, name }))
  return { added: only(after, before), removed: only(before, after), recoded, renamed, reworded, ruled, same }
}

function entriesOf(rows: readonly Row[]): Map<string, Entry> {
  const entries = new Map<string, Entry>()
  for (const { code, name, rule } of rows) {
    const before = entries.get(code)
    const text = printRule(rule.expr)
    entries.set(
      code,
      before === undefined
        ? { code, name, meaning: meaningOf(name), rule: text }
        : { ...before, rule: `${before.rule}\n${text}` },
    )
  }
  return entries
}

/** Codes by what they mean; a row without name means nothing that could be found again. */
function byMeaning(entries: ReadonlyMap<string, Entry>): Map<string, string[]> {
  const codes = new Map<string, string[]>()
  for (const { code, meaning } of entries.values()) if (meaning !== '') append(codes, meaning, code)
  return codes
}

/** A name without what editions write now so and now so: widths, blanks, punctuation, 疾患 for 疾病, 合并症或并发症. */
export function meaningOf(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/[\s\p{P}]/gu, '')
    .toUpperCase()
    .replace(/合并症[或和与及]并发症/g, '并发症或合并症')
    .replaceAll('疾患', '疾病')
}

function diffSets(from: Scheme, to: Scheme): SetDiff[] {
  const codes = (scheme: Scheme): Map<string, readonly string[]> =>
    new Map([...scheme.sets.values()].map(set => [set.id, set.codes]))
  return diffLists(codes(from), codes(to)).map(list => {
    const { kind } = (to.sets.get(list.id) ?? from.sets.get(list.id))!
    return { ...list, kind }
  })
}

function diffLists(
  from: ReadonlyMap<string, readonly string[]>,
  to: ReadonlyMap<string, readonly string[]>,
): ListDiff[] {
  const ids = [...new Set([...from.keys(), ...to.keys()])].sort()
  return ids.flatMap(id => {
    const [before, after] = [new Set(from.get(id)), new Set(to.get(id))]
    const added = [...after].filter(code => !before.has(code))
    const removed = [...before].filter(code => !after.has(code))
    return added.length + removed.length === 0 && from.has(id) === to.has(id) ? [] : [{ id, added, removed }]
  })
}

function diffComplications(from: Scheme, to: Scheme): ComplicationDiff[] {
  const codes = [...new Set([...from.complications.keys(), ...to.complications.keys()])].sort()
  return codes.flatMap((code): ComplicationDiff[] => {
    const [before, after] = [from.complications.get(code), to.complications.get(code)]
    if (before?.level === after?.level && before?.table === after?.table) return []
    return [{ code, ...(before === undefined ? {} : { from: before }), ...(after === undefined ? {} : { to: after }) }]
  })
}
