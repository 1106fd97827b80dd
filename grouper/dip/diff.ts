import type { Lang, Text } from '../../messages/index.ts'
import { formatFen } from '../../numbers/index.ts'
import { GROUP_HEADER, groupCells } from './group-table.ts'
import { excludedOperationCells, tagCells } from './list-tables.ts'
import { DIP_COUNT_LABELS } from './report.ts'
import type { DipCatalogue, DipGroup } from './types.ts'

/** A group as the comparison names it. */
export interface DipGroupFacts {
  readonly code: string
  readonly layer: string
  readonly name: string
  readonly dx: string
  readonly main: string
  readonly related: string
}

/** One column of a group that differs. */
export interface DipChange {
  readonly column: string
  readonly from: string
  readonly to: string
}

/** A list that differs. */
export interface DipListDiff {
  readonly list: 'excludedDiagnoses' | 'excludedOperations' | 'tags' | 'drugResistant' | 'properties'
  readonly removed: readonly string[]
  readonly added: readonly string[]
}

/** What differs from one catalogue to another; keys are stable. */
export interface DipDiff {
  readonly from: { readonly id: string; readonly hash: string; readonly groups: number }
  readonly to: { readonly id: string; readonly hash: string; readonly groups: number }
  /** Matching rules that differ. */
  readonly matching: readonly DipChange[]
  /** Groups of the first whose content no group of the second has, and the other way round. */
  readonly removed: readonly DipGroupFacts[]
  readonly added: readonly DipGroupFacts[]
  /** Groups under another code (a new sequence number) with the same content. */
  readonly recoded: readonly { readonly from: string; readonly to: string; readonly group: DipGroupFacts }[]
  /** Groups of one code whose content differs. */
  readonly changed: readonly { readonly code: string; readonly changes: readonly DipChange[] }[]
  readonly lists: readonly DipListDiff[]
}

/** Columns that say which cases a group takes; the others are its name, figures and place. */
const MEANING = GROUP_HEADER.slice(4, 16)

function cellsOf(group: DipGroup): Record<string, string> {
  const cells = groupCells({ ...group, source: undefined })
  const { relatedCost } = group.figures
  return {
    ...Object.fromEntries(GROUP_HEADER.map((column, place) => [column, cells[place]!])),
    relatedCost: relatedCost === undefined ? '' : formatFen(relatedCost),
  }
}

/** What a group means, as one text: two editions number the same group differently. */
function meaningOf(group: DipGroup): string {
  const cells = cellsOf(group)
  const sorted = (text: string): string => text.split('|').sort().join('|')
  return [group.layer, ...MEANING.map(column => sorted(cells[column]!))].join('\t')
}

function factsOf(group: DipGroup): DipGroupFacts {
  const { code, layer, name, dx, main, related } = cellsOf(group) as unknown as DipGroupFacts
  return { code, layer, name, dx, main, related }
}

/** Compares two catalogues: by what groups mean first, then by their codes. */
export function diffCatalogues(from: DipCatalogue, to: DipCatalogue): DipDiff {
  const before = new Map(from.groups.map(group => [meaningOf(group), group]))
  const after = new Map(to.groups.map(group => [meaningOf(group), group]))
  const gone = from.groups.filter(group => !after.has(meaningOf(group)))
  const come = to.groups.filter(group => !before.has(meaningOf(group)))
  const byCode = new Map(come.map(group => [`${group.layer} ${group.code}`, group]))
  const changed = gone.flatMap(group => {
    const other = byCode.get(`${group.layer} ${group.code}`)
    // A code that the later edition gave to another diagnosis is another group.
    return other === undefined || !sharesKey(group, other) ? [] : [{ group, other }]
  })
  const paired = new Set(changed.flatMap(({ group, other }) => [group, other]))
  const kept = [...before].flatMap(([meaning, group]) => {
    const other = after.get(meaning)
    return other === undefined ? [] : [{ group, other }]
  })
  const figures = kept.filter(({ group, other }) => group.code === other.code)
  return {
    from: { id: from.manifest.id, hash: from.hash, groups: from.groups.length },
    to: { id: to.manifest.id, hash: to.hash, groups: to.groups.length },
    matching: changesOf(matchingTexts(from), matchingTexts(to)),
    removed: gone.filter(group => !paired.has(group)).map(factsOf),
    added: come.filter(group => !paired.has(group)).map(factsOf),
    recoded: kept
      .filter(({ group, other }) => group.code !== other.code)
      .map(({ group, other }) => ({ from: group.code, to: other.code, group: factsOf(other) })),
    changed: [...changed, ...figures]
      .map(({ group, other }) => ({ code: group.code, changes: changesOf(cellsOf(group), cellsOf(other)) }))
      .filter(({ changes }) => changes.length > 0),
    lists: listDiffs(from, to),
  }
}

function sharesKey(a: DipGroup, b: DipGroup): boolean {
  return a.dx.length === 0 ? b.dx.length === 0 : a.dx.some(term => b.dx.includes(term))
}

function matchingTexts({ manifest }: DipCatalogue): Record<string, string> {
  const entries = Object.entries(manifest.matching).map(([key, value]) => [key, [value].flat().join(', ')])
  return Object.fromEntries(entries) as Record<string, string>
}

function changesOf(from: Record<string, string>, to: Record<string, string>): DipChange[] {
  const columns = new Set([...Object.keys(from), ...Object.keys(to)])
  return [...columns]
    .map(column => ({ column, from: from[column] ?? '', to: to[column] ?? '' }))
    .filter(change => change.from !== change.to)
}

function listDiffs(from: DipCatalogue, to: DipCatalogue): DipListDiff[] {
  const textsOf = ({ lists }: DipCatalogue): Record<DipListDiff['list'], Iterable<string>> => ({
    excludedDiagnoses: lists.excludedDiagnoses,
    excludedOperations: excludedOperationCells(lists).map(cells => cells.filter(Boolean).join(' ')),
    tags: tagCells(lists).map(([tag, dx, operations, , days]) => {
      const asked = operations === '' ? '' : `[${operations}]`
      return `${tag} ${dx}${asked}${days === '' ? '' : ` ≥${days}`}`
    }),
    drugResistant: lists.drugResistant,
    properties: [...lists.properties].map(pair => pair.join(' ')),
  })
  const [before, after] = [textsOf(from), textsOf(to)]
  return (Object.keys(before) as DipListDiff['list'][]).flatMap(list => {
    const [a, b] = [new Set(before[list]), new Set(after[list])]
    const removed = [...a].filter(text => !b.has(text)).sort()
    const added = [...b].filter(text => !a.has(text)).sort()
    return removed.length + added.length === 0 ? [] : [{ list, removed, added }]
  })
}

/** The difference as lines of text; `codes`: every entry of the lists too. */
export function dipDiffLines(diff: DipDiff, lang: Lang, codes = false): string[] {
  const label = (text: Text): string => text[lang]
  const head = (text: Text, n: number): string => `${label(text)} (${n})`
  const { from, to, matching, removed, added, recoded, changed, lists } = diff
  const same = from.groups - removed.length - changed.length - recoded.length
  const text = ({ code, name, dx, main, related }: DipGroupFacts): string =>
    [code, name, dx, [main, related].filter(Boolean).join('+')].filter(Boolean).join('  ')
  return [
    `${from.id} (${from.groups}) → ${to.id} (${to.groups})`,
    label({
      zh: `不变 ${same}，改码 ${recoded.length}，变化 ${changed.length}，取消 ${removed.length}，新增 ${added.length}`,
      en: `${same} unchanged, ${recoded.length} recoded, ${changed.length} changed, ${removed.length} removed, ${added.length} added`,
    }),
    ...section(head({ zh: '匹配规则', en: 'matching rules' }, matching.length), matching.map(changeText)),
    ...section(head({ zh: '取消的病种', en: 'removed groups' }, removed.length), removed.map(text)),
    ...section(head({ zh: '新增的病种', en: 'added groups' }, added.length), added.map(text)),
    ...section(
      head({ zh: '改码的病种', en: 'recoded groups' }, recoded.length),
      recoded.map(each => `${each.from} → ${text(each.group)}`),
    ),
    ...section(
      head({ zh: '变化的病种', en: 'changed groups' }, changed.length),
      changed.map(({ code, changes }) => `${code}  ${changes.map(changeText).join('; ')}`),
    ),
    ...lists.flatMap(({ list, removed: gone, added: come }) =>
      section(
        `${label(DIP_COUNT_LABELS[list])}  -${gone.length} +${come.length}`,
        codes ? [...gone.map(code => `- ${code}`), ...come.map(code => `+ ${code}`)] : [],
        true,
      ),
    ),
  ]
}

function changeText({ column, from, to }: DipChange): string {
  return `${column}: ${from === '' ? '–' : from} → ${to === '' ? '–' : to}`
}

function section(head: string, lines: readonly string[], always = false): string[] {
  return lines.length === 0 && !always ? [] : [head, ...lines.map(line => `  ${line}`)]
}
