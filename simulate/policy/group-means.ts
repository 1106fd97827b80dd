import { z } from 'zod'
import { readTable, say } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import { Decimal, parseDecimal } from '../../numbers/index.ts'
import { fileName, type Numeral, positive, word } from './field.ts'

/** Mean costs of groups in yuan: one, or one by level with '' for the region; or the side table that lists them. */
export type GroupMeansDocument =
  | Readonly<Record<string, Numeral | Readonly<Record<string, Numeral>>>>
  | { readonly file: string }

export const GROUP_MEANS: z.ZodType<GroupMeansDocument> = z.union(
  [fileName, z.record(word, z.union([positive, z.record(z.string(), positive)]))],
  {
    error: say(
      '应为 {病组: "例均费用"}，或 {file: …}（其中有 group、mean 列，可有 level 列）',
      'Must be {group: "mean cost"}, or {file: …} with columns group, mean and perhaps level',
    ),
  },
)

/** The mean cost of a group in earlier years, in yuan: of a level, or without one of the region; undefined: not listed. */
export type GroupMeans = (group: string, level?: string) => Decimal | undefined

/** Means as the rules ask for them. A group whose row names no level has one mean for every level. */
export function groupMeansOf(document: GroupMeansDocument | null): GroupMeans | null {
  if (document === null || isFile(document)) return null
  const means = new Map<string, Decimal>()
  for (const [group, given] of Object.entries(document)) {
    const byLevel = typeof given === 'string' ? { '': given } : given
    for (const [level, text] of Object.entries(byLevel)) means.set(`${group}\n${level}`, new Decimal(text))
  }
  return (group, level = '') => means.get(`${group}\n${level}`) ?? means.get(`${group}\n`)
}

/** Reads a table of mean costs: columns group, mean (yuan) and, where means go by level, level. */
export function readGroupMeans(file: string): Record<string, Record<string, string>> {
  const { header, rows } = readTable(file)
  const [group, mean, level] = ['group', 'mean', 'level'].map(name => header.indexOf(name)) as [number, number, number]
  if (group < 0 || mean < 0) throw noColumn(file, group < 0 ? 'group' : 'mean')
  const found: Record<string, Record<string, string>> = {}
  for (const { cells, line } of rows) {
    const [code = '', text = '', at = ''] = [cells[group], cells[mean], cells[level]].map(cell => cell?.trim() ?? '')
    const means = found[code] ?? {}
    if (code === '' || parseDecimal(text)?.gt(0) !== true || Object.hasOwn(means, at)) throw oddMean(file, line, text)
    means[at] = text
    found[code] = means
  }
  return found
}

/** Whether means stand in a side table that has not been read. */
export function isFile(document: GroupMeansDocument): document is { readonly file: string } {
  return typeof document.file === 'string'
}

function noColumn(file: string, name: string): Fault {
  return new Fault({
    code: 'POL-007',
    at: { file, line: 1 },
    what: { zh: `缺少列“${name}”。`, en: `Column "${name}" is missing.` },
    fix: { zh: `请在表头加上 ${name}。`, en: `Add ${name} to the header.` },
  })
}

function oddMean(file: string, line: number, text: string): Fault {
  return new Fault({
    code: 'POL-013',
    at: { file, line, field: 'mean' },
    what: {
      zh: `“${text}”不是正的十进制数，或缺少病组，或同一病组和级别已出现过。`,
      en: `"${text}" is not a positive decimal, or the group is missing, or the row repeats one above.`,
    },
    fix: { zh: '每个病组（和级别）一行，例均费用以元计。', en: 'One row a group (and level), its mean cost in yuan.' },
  })
}
