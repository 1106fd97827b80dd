import type { CaseFiles } from '../formats/index.ts'
import { type CaseBatch, compareBatch, createComparison, readCases, readStore, type Scheme } from '../grouper/index.ts'
import { Fault } from '../messages/index.ts'
import { collectBatch, createCollector, finishCollecting, type GroupedCases } from '../weights/index.ts'
import { areStores } from './case-files.ts'
import type { CaseGrouper, GroupBook } from './case-grouper.ts'
import { tellNotes } from './case-input.ts'
import type { Console } from './console.ts'
import { type Duplicates, type GroupedFiles, groupFiles, needCases, progressOf } from './grouped-files.ts'

/** Cases for weights, grouped; under a second scheme too where one is asked for, case by case in the same order. */
export interface WeightCases extends Omit<GroupedFiles, 'ids' | 'places'> {
  readonly other?: GroupedCases
}

interface Input {
  readonly input: CaseFiles
  readonly grouper: CaseGrouper
  /** The scheme again with the one that it is compared with. */
  readonly compared: readonly [scheme: Scheme, against: Scheme] | undefined
  readonly duplicates: Duplicates
}

/** Reads and groups the cases of text files or of case stores. */
export function readWeightCases(console: Console, input: Input): WeightCases {
  const { grouper, compared, duplicates } = input
  const { files } = input.input
  const stores = areStores(files)
  if (compared !== undefined) {
    if (stores) throw textNeeded(files[0]!)
    return groupTwice(console, input, compared)
  }
  return stores
    ? groupStores(console, input)
    : groupFiles(console, input.input, grouper, { need: 'weights', duplicates })
}

function namesOf(book: GroupBook): GroupedFiles['nameOf'] {
  const names = new Map(book.leaves.map(leaf => [leaf.drg, leaf.name]))
  return group => names.get(group) ?? ''
}

const LABELS = ['hospital', 'insurance', 'month', 'department', 'doctor'] as const

/** Each store numbers its labels anew: they become numbers of all stores here. */
function groupStores(console: Console, { input: { files }, grouper }: Input): WeightCases {
  const { book } = grouper
  const collector = createCollector(book, { need: 'weights' })
  const labels = Object.fromEntries(LABELS.map(name => [name, { texts: [] as string[] }])) as Record<
    (typeof LABELS)[number],
    { texts: string[] }
  >
  const places = Object.fromEntries(LABELS.map(name => [name, new Map<string, number>()]))
  const progress = progressOf(console)
  let rows = 0
  for (const file of files) {
    let maps: Record<string, Uint16Array> | undefined
    readStore(file, grouper.coded, (batch, trailer) => {
      maps ??= Object.fromEntries(
        LABELS.map(name => [
          name,
          Uint16Array.from(trailer.labels[name], text => {
            const found = places[name]!.get(text)
            if (found !== undefined) return found
            places[name]!.set(text, labels[name].texts.length)
            return labels[name].texts.push(text) - 1
          }),
        ]),
      )
      for (const name of LABELS) renumber(batch[name], maps[name]!)
      collectBatch(collector, batch, grouper.group(batch), labels, file)
      rows += batch.count
      progress.update(rows)
    })
  }
  progress.finish()
  const collected = finishCollecting(collector)
  needCases(files, rows, [], collected)
  return { book, nameOf: namesOf(book), ...collected, summary: emptySummary(rows), rejects: [] }
}

function renumber(column: Uint16Array, map: Uint16Array): void {
  for (let i = 0; i < column.length; i++) column[i] = map[column[i]!]!
}

/** Rows of a store were checked when it was made. */
function emptySummary(rows: number): GroupedFiles['summary'] {
  return { rows, cases: rows, rejected: 0 } as GroupedFiles['summary']
}

/** Groups the same batches under both schemes. */
function groupTwice(
  console: Console,
  { input, duplicates }: Input,
  [scheme, against]: readonly [Scheme, Scheme],
): WeightCases {
  const capacity = 32_768
  const comparison = createComparison(scheme, against, capacity)
  const { a, b } = comparison
  const [first, second] = [a, b].map(half => createCollector(half.book, { need: 'weights' })) as [
    ReturnType<typeof createCollector>,
    ReturnType<typeof createCollector>,
  ]
  const rejects: GroupedFiles['rejects'][number][] = []
  const progress = progressOf(console)
  const summary = readCases(input.files, {
    open: input.open,
    dxTable: comparison.dxTable,
    pxTable: comparison.pxTable,
    batchSize: capacity,
    duplicates,
    onBatch(batch: CaseBatch, labels, file) {
      compareBatch(comparison, batch)
      collectBatch(first, batch, a.groups, labels, file)
      collectBatch(second, batch, b.groups, labels, file)
      progress.update(first.count)
    },
    onReject: (reject, file) => rejects.push({ ...reject, file }),
  })
  progress.finish()
  tellNotes(console, input)
  const collected = finishCollecting(first)
  needCases(input.files, summary.rows, rejects, collected)
  return {
    book: a.book,
    nameOf: namesOf(a.book),
    ...collected,
    summary,
    rejects,
    other: finishCollecting(second).cases,
  }
}

function textNeeded(file: string): Fault {
  return new Fault({
    code: 'WGT-018',
    at: { file, field: '--against' },
    what: {
      zh: '病例库的编码只属于一个方案，不能同时按另一方案分组。',
      en: 'A case store holds the codes of one scheme; the other one cannot group it.',
    },
    fix: { zh: '请对文本文件使用 --against。', en: 'Use --against with text files.' },
    status: 64,
  })
}
