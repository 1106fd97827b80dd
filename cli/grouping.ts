import type { Sink } from '../files/index.ts'
import {
  type CaseBatch,
  type Coded,
  type Counters,
  compileBook,
  compileDipBook,
  createDipResultWriter,
  createResultWriter,
  DIP_RESULT_HEADER,
  type DipColumns,
  dipResultBytes,
  dipResultRow,
  type GroupColumns,
  type GroupOptions,
  groupCases,
  groupDipCases,
  groupDipStores,
  groupStores,
  isCatalogue,
  loadCatalogue,
  loadScheme,
  RESULT_HEADER,
  type ReadSummary,
  type RuleBook,
  resultBytes,
  resultRow,
  STATUSES,
} from '../grouper/index.ts'
import type { Text } from '../messages/index.ts'
import { count } from './console.ts'

/** Grouping under a DRG scheme or a DIP catalogue: the commands need not know which. */
export interface Grouping {
  readonly coded: Coded
  readonly book: Pick<RuleBook, 'schemeId' | 'hash' | 'dxTable' | 'pxTable'>
  /** Which weight of newborns the scheme means; a catalogue asks for none. */
  readonly newbornWeight: 'birth' | 'admission' | undefined
  /** Writes results as they come to `out`. */
  start(format: string, out: Sink): void
  files(files: readonly string[], options: Omit<GroupOptions, 'onBatch'>): Promise<ReadSummary>
  stores(files: readonly string[], convert: (batch: CaseBatch) => void): Counters
  finish(): void
  /** How many cases had which status. */
  told(): Text
}

/** The grouping of a scheme or catalogue by its id or folder. */
export function groupingFor(id: string): Grouping {
  return isCatalogue(id) ? dipGrouping(id) : drgGrouping(id)
}

function drgGrouping(id: string): Grouping {
  const scheme = loadScheme(id)
  const book = compileBook(scheme)
  const byStatus = new Float64Array(STATUSES.length)
  const results = createResults<GroupColumns>({
    header: RESULT_HEADER,
    writer: () => {
      const writer = createResultWriter(book)
      return (batch, groups) => resultBytes(writer, batch, groups)
    },
    row: (batch, groups, i) => resultRow(book, batch, groups, i),
    status: groups => groups.status,
    byStatus,
  })
  return {
    coded: scheme,
    newbornWeight: scheme.manifest.newbornWeight,
    book,
    start: results.start,
    finish: results.finish,
    files: (files, options) => groupCases(book, files, { ...options, onBatch: results.take }),
    stores: (files, convert) =>
      groupStores({ scheme, book }, files, (batch, groups) => {
        convert(batch)
        results.take(batch, groups)
      }),
    told() {
      const [grouped, ambiguous, notGrouped, invalid] = [...byStatus].map(count)
      return {
        zh: `分组成功 ${grouped}，歧义 ${ambiguous}，未入组 ${notGrouped}，校验不通过 ${invalid}`,
        en: `${grouped} grouped, ${ambiguous} ambiguous, ${notGrouped} not grouped, ${invalid} invalid`,
      }
    },
  }
}

function dipGrouping(id: string): Grouping {
  const catalogue = loadCatalogue(id)
  const book = compileDipBook(catalogue)
  const byStatus = new Float64Array(STATUSES.length)
  const byType = { core: 0, comprehensive: 0, blank: 0, '': 0 }
  let ties = 0
  const results = createResults<DipColumns>({
    header: DIP_RESULT_HEADER,
    writer: () => {
      const writer = createDipResultWriter(book)
      return (batch, groups) => dipResultBytes(writer, batch, groups)
    },
    row: (batch, groups, i) => dipResultRow(book, batch, groups, i),
    status: groups => groups.status,
    byStatus,
  })
  const take = (batch: CaseBatch, groups: DipColumns): void => {
    for (let i = 0; i < batch.count; i++) {
      byType[book.leaves[groups.leaf[i]!]!.type]++
      if (groups.tieCount[i]! > 0) ties++
    }
    results.take(batch, groups)
  }
  return {
    coded: catalogue,
    newbornWeight: undefined,
    book,
    start: results.start,
    finish: results.finish,
    files: (files, options) => groupDipCases(book, files, { ...options, onBatch: take }),
    stores: (files, convert) =>
      groupDipStores({ catalogue, book }, files, (batch, groups) => {
        convert(batch)
        take(batch, groups)
      }),
    told() {
      const [grouped, , notGrouped, invalid] = [...byStatus].map(count)
      const blank =
        byType.blank === 0
          ? { zh: '', en: '' }
          : { zh: `，空白病组 ${count(byType.blank)}`, en: `, ${count(byType.blank)} blank` }
      return {
        zh: `入组 ${grouped}（核心 ${count(byType.core)}，综合 ${count(byType.comprehensive)}${blank.zh}；并列 ${count(ties)}），未入组 ${notGrouped}，校验不通过 ${invalid}`,
        en: `${grouped} grouped (${count(byType.core)} core, ${count(byType.comprehensive)} comprehensive${blank.en}; ${count(ties)} ties), ${notGrouped} not grouped, ${invalid} invalid`,
      }
    },
  }
}

/** How the results of one kind of grouping are written. */
interface Kind<C> {
  readonly header: string
  writer(): (batch: CaseBatch, groups: C) => Uint8Array
  row(batch: CaseBatch, groups: C, i: number): object
  status(groups: C): Uint8Array
  readonly byStatus: Float64Array
}

interface Results<C> {
  start(format: string, out: Sink): void
  take(batch: CaseBatch, groups: C): void
  finish(): void
}

/** CSV, or JSON as one array with one object a line. */
function createResults<C>(kind: Kind<C>): Results<C> {
  let out: Sink | undefined
  let json = false
  let first = true
  let bytes = kind.writer()
  return {
    start(format, sink) {
      out = sink
      json = format === 'json'
      bytes = kind.writer()
      sink.write(json ? '[' : `${kind.header}\n`)
    },
    take(batch, groups) {
      const status = kind.status(groups)
      for (let i = 0; i < batch.count; i++) kind.byStatus[status[i]!]!++
      if (!json) {
        out?.write(bytes(batch, groups))
        return
      }
      const lines: string[] = []
      for (let i = 0; i < batch.count; i++) lines.push(JSON.stringify(kind.row(batch, groups, i)))
      out?.write(`${first ? '\n' : ',\n'}${lines.join(',\n')}`)
      first = false
    },
    finish() {
      if (json) out?.write('\n]\n')
    },
  }
}
