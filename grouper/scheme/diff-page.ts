import type { Text } from '../../messages/index.ts'
import { type LevelDiff, levelMoves, type SchemeDiff } from './diff.ts'
import { joinWarning, LEVEL_COUNTS, LEVEL_TITLES, LEVELS, levelCounts } from './diff-text.ts'
import type { Scheme } from './types.ts'

/** How many sets the page lists, those with the most changes first. */
const MOST_SETS = 40

/**
 * The Markdown page of an edition step: what changed in MDCs, ADRGs and DRGs and where the lists moved, in Chinese and
 * English; a summary, the codes themselves are what `scheme diff --codes` and `--json` give.
 */
export function diffPage(diff: SchemeDiff, from: Scheme, to: Scheme): string {
  const warning = joinWarning(diff)
  const parts: string[][] = [
    [`# ${from.manifest.name.zh} → ${to.manifest.name.zh}`],
    [`${from.manifest.name.en} → ${to.manifest.name.en}`],
    [`\`dianzhi scheme diff ${diff.from.id} ${diff.to.id} --markdown\``],
    warning === undefined ? [] : [`> **${warning.zh}**`, '>', `> **${warning.en}**`],
    summary(diff),
    ...LEVELS.flatMap(level => levelParts(LEVEL_TITLES[level], diff[level])),
    complications(diff),
    sets(diff),
  ]
  return `${parts
    .filter(part => part.length > 0)
    .map(part => part.join('\n'))
    .join('\n\n')}\n`
}

function summary(diff: SchemeDiff): string[] {
  const rows = LEVELS.map(level => [LEVEL_TITLES[level], ...levelCounts(diff[level]).map(([, n]) => String(n))])
  return table(['', ...Object.values(LEVEL_COUNTS).map(both)], rows)
}

function levelParts(title: string, level: LevelDiff): string[][] {
  const heading = (key: keyof LevelDiff): string => `## ${title}: ${both(LEVEL_COUNTS[key])}`
  const parts: string[][] = []
  const add = (key: keyof LevelDiff, header: readonly string[], rows: readonly (readonly string[])[]): void => {
    if (rows.length > 0) parts.push([heading(key)], table(header, rows))
  }
  const name = '名称 name'
  add(
    'recoded',
    ['原编码 before', '新编码 after', name],
    level.recoded.map(one => [one.from, one.to.join(', '), one.name]),
  )
  add(
    'renamed',
    ['编码 code', '原名称 before', '新名称 after', '含义另有编码 moved'],
    level.renamed.map(one => [one.code, one.from, one.to, one.reused ? '!' : '']),
  )
  for (const key of ['added', 'removed'] as const) {
    add(
      key,
      ['编码 code', name],
      level[key].map(one => [one.code, one.name]),
    )
  }
  return parts
}

function complications(diff: SchemeDiff): string[] {
  const moves = [...levelMoves(diff)].map(([move, n]) => [move, String(n)])
  const head = ['## 并发症/合并症 MCC, CC', '']
  if (moves.length === 0) return [...head, '不变 unchanged']
  return [...head, ...table(['级别（– 表示不是） level (– none)', '诊断数 diagnoses'], moves)]
}

function sets(diff: SchemeDiff): string[] {
  const most = [...diff.sets]
    .sort((a, b) => b.added.length + b.removed.length - a.added.length - a.removed.length)
    .slice(0, MOST_SETS)
  const rows = most.map(({ id, added, removed }) => [id, String(added.length), String(removed.length)])
  const [added, removed] = (['added', 'removed'] as const).map(key =>
    diff.sets.reduce((n, set) => n + set[key].length, 0),
  )
  return [
    '## 集合 sets',
    '',
    `${diff.sets.length} 个集合有变化，增 ${added} 删 ${removed}；下表为变化最多的 ${most.length} 个。`,
    `${diff.sets.length} sets differ, ${added} codes in and ${removed} out; these are the ${most.length} that differ most.`,
    '',
    ...table(['集合 set', '增 added', '删 removed'], rows),
  ]
}

function both({ zh, en }: Text): string {
  return `${zh} ${en}`
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...rows.map(line)]
}
