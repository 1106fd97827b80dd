import { type Lang, say, type Text } from '../../messages/index.ts'
import { joinsByCode, type LevelDiff, type ListDiff, levelMoves, type SchemeDiff } from './diff.ts'
import type { Complication } from './types.ts'

/** The levels of a diff with what they are called. */
export const LEVELS = ['mdcs', 'adrgs', 'drgs'] as const

export const LEVEL_TITLES: Readonly<Record<(typeof LEVELS)[number], string>> = {
  mdcs: 'MDC',
  adrgs: 'ADRG',
  drgs: 'DRG',
}

/** What a level counts, in the order of reports. */
export const LEVEL_COUNTS: Readonly<Record<keyof LevelDiff, Text>> = {
  added: { zh: '新增', en: 'added' },
  removed: { zh: '取消', en: 'removed' },
  recoded: { zh: '名称未变、编码改变', en: 'same name, other code' },
  renamed: { zh: '编码未变、含义改变', en: 'same code, other name' },
  reworded: { zh: '仅措辞不同', en: 'wording only' },
  ruled: { zh: '条件改变', en: 'other condition' },
  same: { zh: '不变', en: 'unchanged' },
}

/** Why weights of one scheme must not be joined to groups of the other by code; undefined when nothing speaks against it. */
export function joinWarning(diff: SchemeDiff): Text | undefined {
  if (joinsByCode(diff)) return undefined
  const { recoded, renamed } = diff.drgs
  const reused = renamed.filter(one => one.reused).length
  const adrgs = diff.adrgs.recoded.length
  return {
    zh: `${recoded.length} 个 DRG（${adrgs} 个 ADRG）名称未变而编码改变，${renamed.length} 个 DRG 编码未变而含义改变（其中 ${reused} 个与另一编码互换了含义）：${diff.from.id} 的权重绝不能按编码接到 ${diff.to.id} 的组上。`,
    en: `${recoded.length} DRGs (${adrgs} ADRGs) keep their name and change their code, ${renamed.length} DRGs keep their code and change their meaning (${reused} of them take or give it to another code): never join weights of ${diff.from.id} to groups of ${diff.to.id} by code.`,
  }
}

/** How many of a level differ in each way. */
export function levelCounts(level: LevelDiff): [keyof LevelDiff, number][] {
  return (Object.keys(LEVEL_COUNTS) as (keyof LevelDiff)[]).map(key => {
    const value = level[key]
    return [key, typeof value === 'number' ? value : value.length]
  })
}

/** What the text of a diff shows beyond numbers. */
export interface DiffTextOptions {
  /** Name of a code in either scheme; every changed code gets a line when it is given. Default: counts only. */
  readonly nameOf?: (code: string) => string
}

/** A diff as lines of text. */
export function diffLines(diff: SchemeDiff, lang: Lang, options: DiffTextOptions = {}): string[] {
  const zh = lang === 'zh'
  const lines = [`${diff.from.id} → ${diff.to.id}`]
  const warning = joinWarning(diff)
  if (warning !== undefined) lines.push('', `${zh ? '警告' : 'warning'}  ${say(warning, lang)}`)
  for (const level of LEVELS) {
    const counts = levelCounts(diff[level]).map(([key, n]) => `${say(LEVEL_COUNTS[key], lang)} ${n}`)
    lines.push('', `${LEVEL_TITLES[level]}  ${counts.join(zh ? '，' : ', ')}`, ...levelLines(diff[level]))
  }
  const moves = [...levelMoves(diff)].map(([move, n]) => `${move} ${n}`)
  lines.push('', `MCC/CC  ${moves.length === 0 ? (zh ? '不变' : 'unchanged') : moves.join(zh ? '，' : ', ')}`)
  if (options.nameOf !== undefined) {
    for (const { code, from, to } of diff.complications) {
      lines.push(`  ${code} ${options.nameOf(code)}  ${complicationText(from)} → ${complicationText(to)}`)
    }
  }
  lines.push('', `${zh ? '集合' : 'Sets'}  ${diff.sets.length}`, ...diff.sets.flatMap(set => listLines(set, options)))
  lines.push('', `${zh ? '排除表' : 'Exclusion tables'}  ${diff.exclusions.length}`)
  lines.push(...diff.exclusions.flatMap(list => listLines(list, options)))
  return lines
}

function levelLines(level: LevelDiff): string[] {
  return [
    ...level.removed.map(({ code, name }) => `  - ${code} ${name}`),
    ...level.added.map(({ code, name }) => `  + ${code} ${name}`),
    ...level.recoded.map(({ from, to, name }) => `  > ${from} → ${to.join('/')} ${name}`),
    ...level.renamed.map(({ code, from, to, reused }) => `  ${reused ? '!' : '='} ${code} ${from} → ${to}`),
    ...level.ruled.map(({ code, from, to }) => `  ~ ${code} ${oneLine(from)} → ${oneLine(to)}`),
  ]
}

/** A condition on one line; the empty one shows as 1, which always holds. */
export function oneLine(rule: string): string {
  return rule
    .split('\n')
    .map(text => (text === '' ? '1' : text))
    .join(' | ')
}

function listLines({ id, added, removed }: ListDiff, { nameOf }: DiffTextOptions): string[] {
  const head = `  ${id}  +${added.length} -${removed.length}`
  if (nameOf === undefined) return [head]
  return [
    head,
    ...removed.map(code => `    - ${code} ${nameOf(code)}`),
    ...added.map(code => `    + ${code} ${nameOf(code)}`),
  ]
}

function complicationText(complication: Complication | undefined): string {
  if (complication === undefined) return '–'
  return complication.table === '' ? complication.level : `${complication.level} ${complication.table}`
}
