import { type Encoding, emptyFile, type RejectReason } from '../../grouper/index.ts'
import { Fault } from '../../messages/index.ts'
import { cleanText } from './clean.ts'
import { detect, type Found } from './detect.ts'
import { jsonValues } from './json-values.ts'
import type { Mapping } from './mapping.ts'
import { messagesIn, parseJson } from './message.ts'
import type { TablePlan } from './plan.ts'
import type { Pseudonyms } from './pseudonym.ts'
import { pseudonymMessages } from './pseudonym-messages.ts'
import { type DaysOf, pseudonymSide, pseudonymTable, treatedColumns } from './pseudonym-table.ts'
import { tableRows } from './side-rows.ts'

export interface PseudonymiseOptions {
  readonly encoding: Encoding
  readonly mapping: (file: string) => Mapping
  readonly pseudonyms: Pseudonyms
}

/** One table or one file of messages, ready to be written without what identifies persons. */
export interface Pseudonymised {
  readonly file: string
  /** Sheet of a workbook, '' elsewhere. */
  readonly sheet: string
  /** Headers of a table; undefined of messages. */
  readonly header: readonly string[] | undefined
  /** Cells of the rows of a table; of messages a JSON text a row. Rows that cannot be read are left out and told. */
  rows(bad: (line: number, reason: RejectReason) => void): Generator<readonly string[]>
  /** Columns or keys left out so far. */
  dropped(): number
}

/**
 * The tables of files of cases, those beside the main one too, without what identifies persons: ids as keyed hashes,
 * dates shifted, and no column that no layout knows. All dates of a person are shifted by the same days, also in tables
 * that know its stay by settlement id only, so that files can still be joined and stays keep their lengths.
 */
export function pseudonymise(files: readonly string[], options: PseudonymiseOptions): Pseudonymised[] {
  const { pseudonyms } = options
  const found = files.map(file => detect(file, options.mapping(file), options.encoding))
  const tables = found.reduce((all, { plans, sides }) => all + plans.length + sides.length, 0)
  const personOf = tables > 1 ? personsBySettlement(found) : new Map<string, string>()
  const daysOf: DaysOf = (settleId, person, id) =>
    pseudonyms.shiftOf(personOf.get(settleId) ?? (person || id || settleId))
  return found.flatMap(one => {
    const made = tablesOf(one, options, daysOf)
    if (made.length > 0) return made
    if (one.head.container === 'csv' && one.head.isWhole && one.head.text === '') throw emptyFile(one.file)
    throw new Fault({
      code: 'FMT-006',
      at: { file: one.file },
      what: { zh: '没有认出任何表头。', en: 'No header was recognised.' },
      fix: { zh: '请用 --map 指明各列。', en: 'Say what columns mean with --map.' },
    })
  })
}

function tablesOf(
  { file, head, mapping, plans, headers, sides, asMain }: Found,
  { pseudonyms }: PseudonymiseOptions,
  daysOf: DaysOf,
): Pseudonymised[] {
  const isMessages = head.container === 'json' && !sides.some(side => side.columns.length > 0)
  const [messages] = isMessages ? [plans[0] ?? asMain ?? sides[0]] : []
  if (messages !== undefined) {
    const treated = pseudonymMessages(messages, pseudonyms, daysOf)
    return [
      {
        file,
        sheet: '',
        header: undefined,
        dropped: () => treated.dropped,
        *rows(bad) {
          for (const line of treated.lines(bad)) yield [line]
        },
      },
    ]
  }
  const main = plans.flatMap((plan, i) => {
    const header = headers[i]
    return header === undefined ? [] : [{ plan, table: pseudonymTable(plan, header, mapping, pseudonyms, daysOf) }]
  })
  const beside = sides.map(plan => ({ plan, table: pseudonymSide(plan, pseudonyms, daysOf) }))
  return [...main, ...beside]
    .toSorted((a, b) => a.plan.sheet - b.plan.sheet)
    .map(({ plan: { name }, table }) => ({
      file,
      sheet: name.slice(file.length + 1),
      header: table.header,
      rows: table.rows,
      dropped: () => table.dropped,
    }))
}

/** Who the persons of the stays are; what is told first counts. */
function personsBySettlement(found: readonly Found[]): Map<string, string> {
  const persons = new Map<string, string>()
  const add = (settleId: string, person: string): void => {
    if (settleId !== '' && person !== '' && !persons.has(settleId)) persons.set(settleId, person)
  }
  for (const { plans, headers, mapping } of found) {
    plans.forEach((plan, i) => {
      const header = headers[i]
      if (header !== undefined) addRows({ ...plan, columns: treatedColumns(header, mapping) }, add)
    })
  }
  for (const plan of found.flatMap(({ plans, sides }) => [...plans, ...sides])) {
    if (plan.container !== 'json' || plan.columns.length > 0) continue
    for (const { text, isCut } of jsonValues(plan.file, plan.encoding)) {
      for (const message of messagesIn(isCut ? undefined : parseJson(text))) {
        const fact = (field: string): string => cleanText(message?.stay.get(field) ?? '')
        add(fact('settleId'), fact('person') || fact('id'))
      }
    }
  }
  return persons
}

function addRows(plan: TablePlan, add: (settleId: string, person: string) => void): void {
  const columns = plan.columns.filter(({ field }) => ['settleId', 'person', 'id'].includes(field))
  const at = (field: string): number => columns.findIndex(column => column.field === field)
  const [settlement, person, id] = [at('settleId'), at('person'), at('id')]
  if (settlement < 0) return
  for (const { cells } of tableRows({ ...plan, columns })) {
    const text = (place: number): string => cleanText(cells[place] ?? '')
    add(text(settlement), text(person) || text(id))
  }
}
