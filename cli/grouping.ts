import { encodedSink, type Sink } from '../files/index.ts'
import {
  type CaseFiles,
  type Cell,
  monthSheet,
  openTable,
  type TableColumn,
  type TableOptions,
  type TableWriter,
  type Template,
  templateColumns,
  templateRow,
} from '../formats/index.ts'
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
  idText,
  isCatalogue,
  type LabelTexts,
  loadCatalogue,
  loadScheme,
  RESULT_HEADER,
  type ReadSummary,
  type RuleBook,
  resultBytes,
  resultRow,
  STATUSES,
} from '../grouper/index.ts'
import type { Lang, Text } from '../messages/index.ts'
import { dipFacts, drgFacts, type FactsOf } from './case-facts.ts'
import { count } from './console.ts'
import { followCases, PARTICULAR_FACTS, particularFacts } from './particular-facts.ts'
import { originNotes } from './run-note.ts'
import type { ResultForm } from './table-output.ts'

/** Grouping under a DRG scheme or a DIP catalogue: the commands need not know which. */
export interface Grouping {
  readonly coded: Coded
  readonly book: Pick<RuleBook, 'schemeId' | 'hash' | 'dxTable' | 'pxTable'>
  /** Which weight of newborns the scheme means; a catalogue asks for none. */
  readonly newbornWeight: 'birth' | 'admission' | undefined
  /** Writes results as they come to `out`, and finishes it with them. */
  start(form: ResultForm, out: Sink, lang: Lang, input: CaseFiles): void
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
    book,
    header: RESULT_HEADER,
    writer: () => {
      const writer = createResultWriter(book)
      return (batch, groups) => resultBytes(writer, batch, groups)
    },
    row: (batch, groups, i) => resultRow(book, batch, groups, i),
    facts: lang => drgFacts(scheme, book, lang),
    status: groups => groups.status,
    byStatus,
  })
  return {
    coded: scheme,
    newbornWeight: scheme.manifest.newbornWeight,
    book,
    start: results.start,
    finish: results.finish,
    files: (files, options) => groupCases(book, files, { ...options, ...results.labels(), onBatch: results.take }),
    stores: (files, convert) =>
      groupStores({ scheme, book }, files, (batch, groups, labels) => {
        convert(batch)
        results.take(batch, groups, labels)
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
    book,
    header: DIP_RESULT_HEADER,
    writer: () => {
      const writer = createDipResultWriter(book)
      return (batch, groups) => dipResultBytes(writer, batch, groups)
    },
    row: (batch, groups, i) => dipResultRow(book, batch, groups, i),
    facts: lang => dipFacts(catalogue, book, lang),
    status: groups => groups.status,
    byStatus,
  })
  const take = (batch: CaseBatch, groups: DipColumns, labels: LabelTexts, file?: string): void => {
    for (let i = 0; i < batch.count; i++) {
      byType[book.leaves[groups.leaf[i]!]!.type]++
      if (groups.tieCount[i]! > 0) ties++
    }
    results.take(batch, groups, labels, file)
  }
  return {
    coded: catalogue,
    newbornWeight: undefined,
    book,
    start: results.start,
    finish: results.finish,
    files: (files, options) => groupDipCases(book, files, { ...options, ...results.labels(), onBatch: take }),
    stores: (files, convert) =>
      groupDipStores({ catalogue, book }, files, (batch, groups, labels) => {
        convert(batch)
        take(batch, groups, labels)
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
  readonly book: Pick<RuleBook, 'schemeId' | 'hash'>
  readonly header: string
  writer(): (batch: CaseBatch, groups: C) => Uint8Array
  row(batch: CaseBatch, groups: C, i: number): object
  facts(lang: Lang): FactsOf<C>
  status(groups: C): Uint8Array
  readonly byStatus: Float64Array
}

interface Results<C> {
  start(form: ResultForm, out: Sink, lang: Lang, input: CaseFiles): void
  /** Which labels have to be read for what was asked. */
  labels(): { readonly labels: 'all' } | Record<string, never>
  take(batch: CaseBatch, groups: C, labels: LabelTexts, file?: string): void
  finish(): void
}

/** What takes the rows of batches. */
interface Writing<C> {
  take(batch: CaseBatch, groups: C, labels: LabelTexts, file?: string): void
  finish(): void
}

function createResults<C>(kind: Kind<C>): Results<C> {
  let writing: Writing<C> | undefined
  let isTemplate = false
  return {
    start(form, out, lang, input) {
      const { format, encoding } = form
      isTemplate = form.template !== undefined
      if (format === 'json') writing = jsonArray(kind, out)
      else if (format === 'csv' && !isTemplate) writing = plainCsv(kind, encodedSink(out, encoding))
      else writing = caseTable(kind, { ...form, format }, out, lang, input)
    },
    labels: () => (isTemplate ? { labels: 'all' } : {}),
    take(batch, groups, labels, file) {
      const status = kind.status(groups)
      for (let i = 0; i < batch.count; i++) kind.byStatus[status[i]!]!++
      writing?.take(batch, groups, labels, file)
    },
    finish: () => writing?.finish(),
  }
}

/** The result table as it is written fastest. */
function plainCsv<C>(kind: Kind<C>, out: Sink): Writing<C> {
  const bytes = kind.writer()
  out.write(`${kind.header}\n`)
  return {
    take: (batch, groups) => out.write(bytes(batch, groups)),
    finish: () => out.finish(),
  }
}

/** One array with one object a line. */
function jsonArray<C>(kind: Kind<C>, out: Sink): Writing<C> {
  let first = true
  out.write('[')
  return {
    take(batch, groups) {
      const lines: string[] = []
      for (let i = 0; i < batch.count; i++) lines.push(JSON.stringify(kind.row(batch, groups, i)))
      out.write(`${first ? '\n' : ',\n'}${lines.join(',\n')}`)
      first = false
    },
    finish() {
      out.write('\n]\n')
      out.finish()
    },
  }
}

/** A table in one of the forms of `formats/`, with the columns of the result or of a template. */
function caseTable<C>(
  kind: Kind<C>,
  { format, template, encoding }: ResultForm & Pick<TableOptions, 'format'>,
  out: Sink,
  lang: Lang,
  input: CaseFiles,
): Writing<C> {
  const cells = template === undefined ? plainCells(kind) : templateCells(kind, template, lang, input)
  let month = ''
  const table: TableWriter = openTable(out, template === undefined ? columnsOf(kind) : templateColumns(template), {
    format,
    lang,
    header: 'key',
    ...(encoding === undefined ? {} : { encoding }),
    ...(template?.sheets === 'month' ? { sheet: () => monthSheet(month) } : {}),
    notes: originNotes(kind),
  })
  return {
    take(batch, groups, labels, file) {
      for (let i = 0; i < batch.count; i++) {
        month = labels.month[batch.month[i]!] ?? ''
        table.row(cells(batch, groups, labels, i, file))
      }
    },
    finish: () => table.finish(),
  }
}

type CellsOf<C> = (batch: CaseBatch, groups: C, labels: LabelTexts, i: number, file?: string) => readonly Cell[]

function columnsOf<C>({ header }: Kind<C>): TableColumn[] {
  return header.split(',').map(key => ({ key, title: { zh: key, en: key }, kind: 'text' }))
}

function plainCells<C>(kind: Kind<C>): CellsOf<C> {
  return (batch, groups, _, i) =>
    Object.values(kind.row(batch, groups, i)).map((value: string | boolean) =>
      typeof value === 'string' ? value : value ? 'yes' : 'no',
    )
}

/** Facts of a case; what a batch does not hold is read from its file once more, abreast of the grouping. */
function templateCells<C>(kind: Kind<C>, template: Template, lang: Lang, input: CaseFiles): CellsOf<C> {
  const facts = kind.facts(lang)
  const asked = template.columns.flatMap(({ from }) => (from !== undefined && PARTICULAR_FACTS.has(from) ? [from] : []))
  if (asked.length === 0) return (batch, groups, labels, i) => templateRow(template, facts(batch, groups, labels, i))
  const follow = followCases(input)
  return (batch, groups, labels, i, file) => {
    const grouped = facts(batch, groups, labels, i)
    const one = file === undefined ? undefined : follow(file, batch.line[i]!, idText(batch, i))
    if (one === undefined) return templateRow(template, grouped)
    const given = particularFacts(one, batch.cost[i]!)
    const more = asked.filter(fact => (grouped[fact] ?? null) === null).map(fact => [fact, given[fact] ?? null])
    return templateRow(template, { ...grouped, ...Object.fromEntries(more) })
  }
}
