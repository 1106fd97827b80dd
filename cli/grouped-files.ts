import { Option } from '@commander-js/extra-typings'
import { type TextEncoding, writeCsv } from '../files/index.ts'
import type { CaseFiles } from '../formats/index.ts'
import { idText, MISSING, REJECT_TEXTS, type ReadSummary, type Reject, readCases } from '../grouper/index.ts'
import { Fault, type Lang } from '../messages/index.ts'
import { createProgress, type Progress } from '../report/index.ts'
import {
  type CaseMark,
  type Collected,
  type CollectOptions,
  collectBatch,
  createCollector,
  finishCollecting,
  type GroupedCases,
  UNPAYABLE_TEXTS,
  type Unpayable,
  withFacts,
} from '../weights/index.ts'
import type { CaseGrouper, GroupBook } from './case-grouper.ts'
import { tellNotes } from './case-input.ts'
import { type Console, count, tell } from './console.ts'

/** Cases that were read and grouped, with all that was left out on the way. */
export interface GroupedFiles {
  readonly book: GroupBook
  /** Name of a group by its code. */
  readonly nameOf: (group: string) => string
  /** Cases that weights rest on. */
  readonly cases: GroupedCases
  /** Cases that a settlement can pay. */
  readonly payable: GroupedCases
  readonly summary: ReadSummary
  readonly rejects: readonly (Reject & { readonly file: string })[]
  readonly unpayable: readonly Unpayable[]
  /** Ids of `payable`, in its order; empty unless they were asked for. */
  readonly ids: readonly string[]
  /** Where the rows of `payable` stand, in its order; empty like `ids`. */
  readonly places: readonly CasePlace[]
}

/** Where the row of a case stands. */
export interface CasePlace {
  readonly file: string
  readonly line: number
}

/** What to do with rows whose id stood before. */
export type Duplicates = 'reject' | 'keep'

/** The option that says so. */
export function duplicatesOption({ lang }: Console): Option<'--duplicates <what>'> {
  return new Option('--duplicates <what>', lang === 'zh' ? '病案号重复的行' : 'rows whose id stood before')
    .choices(['reject', 'keep'])
    .default('reject') as unknown as Option<'--duplicates <what>'>
}

export interface GroupOptions extends CollectOptions {
  readonly duplicates?: Duplicates | undefined
  /** Whether the ids and places of cases are kept. */
  readonly ids?: boolean
}

const BATCH = 32_768

/** Reads and groups case files that carry money; their columns have been checked. */
export function groupFiles(
  console: Console,
  input: CaseFiles,
  grouper: CaseGrouper,
  options: GroupOptions,
): GroupedFiles {
  const { book, choices } = grouper
  const names = new Map(book.leaves.map(leaf => [leaf.drg, leaf.name]))
  const collector = createCollector(book, { ...options, choices })
  const rejects: (Reject & { file: string })[] = []
  const ids: string[] = []
  const places: CasePlace[] = []
  const progress = progressOf(console)
  const summary = readCases(input.files, {
    open: input.open,
    dxTable: book.dxTable,
    pxTable: book.pxTable,
    batchSize: BATCH,
    duplicates: options.duplicates ?? 'reject',
    onBatch(batch, labels, file) {
      collectBatch(collector, batch, grouper.group(batch), labels, file)
      if (options.ids === true) {
        for (let i = 0; i < batch.count; i++) {
          if (batch.cost[i] === MISSING) continue
          ids.push(idText(batch, i))
          places.push({ file, line: batch.line[i]! })
        }
      }
      progress.update(collector.count)
    },
    onReject: (reject, file) => rejects.push({ ...reject, file }),
  })
  progress.finish()
  tellNotes(console, input)
  const collected = finishCollecting(collector)
  needCases(input.files, summary.rows, rejects, collected)
  return {
    book,
    nameOf: group => names.get(group) ?? '',
    ...collected,
    summary,
    rejects,
    ids: ids.filter((_, i) => collector.columns.payable[i] === 1),
    places: places.filter((_, i) => collector.columns.payable[i] === 1),
  }
}

/** The cases that can be paid with the facts that rules ask for; says how many marks met no case. */
export function withMarks(
  console: Console,
  grouped: GroupedFiles,
  detailed: boolean,
  marks: ReadonlyMap<string, CaseMark> | undefined,
): GroupedFiles {
  if (!detailed) return grouped
  const payable = withFacts(grouped.payable, grouped.ids, marks ?? new Map())
  const met = new Set(grouped.ids.filter(id => marks?.has(id)))
  const idle = (marks?.size ?? 0) - met.size
  if (idle > 0) {
    tell(console, {
      zh: `注意：病例标记表中有 ${count(idle)} 个病案号没有对应的可结算病例`,
      en: `Note: ${count(idle)} ids of the table of marks belong to no case that can be paid`,
    })
  }
  return { ...grouped, payable }
}

/** Progress of reading and grouping. */
export function progressOf({ err, lang }: Console): Progress {
  const label = lang === 'zh' ? '读入并分组' : 'read and group'
  return createProgress({ stream: err, now: () => performance.now(), label, lang })
}

/** Rows that were left out for one reason. */
export interface LeftOut {
  readonly reason: Reject['reason'] | Unpayable['reason']
  rows: number
  /** The first of them. */
  readonly file: string
  readonly line: number
}

/** Adds a row that was left out to those of the same reason. */
export function countLeftOut(
  all: Map<LeftOut['reason'], LeftOut>,
  { reason, line }: Pick<LeftOut, 'reason' | 'line'>,
  file: string,
): void {
  const known = all.get(reason)
  if (known === undefined) all.set(reason, { reason, rows: 1, file, line })
  else known.rows++
}

/** A result over no case at all is no result. */
export function needCases(
  files: readonly string[],
  rows: number,
  rejects: readonly (Reject & { readonly file: string })[],
  { payable, unpayable }: Collected,
): void {
  if (payable.count > 0) return
  const leftOut = new Map<LeftOut['reason'], LeftOut>()
  for (const one of [...rejects, ...unpayable]) countLeftOut(leftOut, one, one.file)
  throw noneUsable(files[0]!, rows, [...leftOut.values()])
}

/** The fault for files without a case that can be used: every reason, with how many rows and the first of them. */
export function noneUsable(file: string, rows: number, leftOut: readonly LeftOut[]): Fault {
  if (rows === 0) {
    return new Fault({
      code: 'CAS-006',
      at: { file },
      what: { zh: '病例文件只有表头，没有数据行。', en: 'The case files have a header and no row.' },
      fix: { zh: '请检查导出的文件。', en: 'Check the export.' },
    })
  }
  const texts = leftOut
    .toSorted((one, other) => other.rows - one.rows)
    .map(({ reason, rows: n, file: first, line }) => {
      const { zh, en } = { ...REJECT_TEXTS, ...UNPAYABLE_TEXTS }[reason]
      return {
        zh: `\n  ${count(n)} 行，首见 ${first}:${line}：${zh}`,
        en: `\n  ${count(n)} rows, the first ${first}:${line}: ${en}`,
      }
    })
  return new Fault({
    code: 'CAS-007',
    at: { file },
    what: {
      zh: `${count(rows)} 行中没有一例可用：${texts.map(text => text.zh).join('')}\n`,
      en: `Of ${count(rows)} rows none can be used:${texts.map(text => text.en).join('')}\n`,
    },
    fix: { zh: '请改正后再运行；没有写出结果。', en: 'Correct the files and run again; no result was written.' },
  })
}

/** Why cases lack what pays them, the most frequent reason first; '' where all can be paid. */
export function unpayableText(unpayable: GroupedFiles['unpayable'], lang: Lang): string {
  const counts = [...Map.groupBy(unpayable, one => one.reason)].map(([reason, all]) => [reason, all.length] as const)
  return counts
    .sort((a, b) => b[1] - a[1])
    .map(([reason, n]) => `${UNPAYABLE_TEXTS[reason][lang]}${lang === 'zh' ? `（${count(n)} 例）` : ` (${count(n)})`}`)
    .join(lang === 'zh' ? '；' : '; ')
}

/**
 * Writes what was left out: rejected rows, and cases that were read and cannot be paid. Returns the files written; an old
 * file without new rows goes with the other stale ones (`removeStale`).
 */
export function writeLeftOut(
  console: Console,
  folder: string,
  { rejects, unpayable }: Pick<GroupedFiles, 'rejects' | 'unpayable'>,
  encoding: TextEncoding | undefined,
): string[] {
  const written: string[] = []
  if (rejects.length > 0) {
    const rows = rejects.map(r => [r.file, r.line, r.reason, r.field, REJECT_TEXTS[r.reason][console.lang], r.row])
    writeCsv(`${folder}/rejects.csv`, ['file', 'line', 'reason', 'field', 'message', 'row'], rows, encoding)
    written.push('rejects.csv')
  }
  if (unpayable.length > 0) {
    writeCsv(
      `${folder}/unpayable.csv`,
      ['file', 'line', 'reason', 'message'],
      unpayable.map(u => [u.file, u.line, u.reason, UNPAYABLE_TEXTS[u.reason][console.lang]]),
      encoding,
    )
    written.push('unpayable.csv')
  }
  return written
}
