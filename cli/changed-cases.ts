import { csvRow, fileSink, type TextEncoding } from '../files/index.ts'
import { formatOfName, openTable } from '../formats/index.ts'
import type { Console } from './console.ts'
import { jsonOfName } from './table-output.ts'
import { programVersion } from './version.ts'

/** A table of cases whose group changes, being written. */
export interface ChangedCases {
  row(cells: readonly string[]): void
  finish(): void
  abort(): void
}

const HEADER = ['id', 'drg_a', 'drg_b', 'change'] as const

/** What identifies the run, and the encoding of CSV. */
interface Marks {
  readonly notes: readonly (readonly [string, string])[]
  readonly encoding: TextEncoding | undefined
}

/** Endings that ask for a form. */
export const CHANGED_ENDINGS = ['.csv', '.xlsx', '.parquet', '.jsonl', '.json'] as const

/** Opens it in the form that the ending of its name asks for, as `group` writes its results: CSV where it asks for none. */
export function changedCases(file: string, { lang }: Console, { notes, encoding }: Marks): ChangedCases {
  const format = formatOfName(file) ?? jsonOfName(file)
  if (format !== 'csv' && format !== 'json') {
    const columns = HEADER.map(key => ({ key, title: { zh: key, en: key }, kind: 'text' as const }))
    return openTable(file, columns, {
      format,
      lang,
      header: 'key',
      notes: [['program', `dianzhi ${programVersion()}`], ...notes],
    })
  }
  const isCsv = format === 'csv'
  const sink = fileSink(file, isCsv ? encoding : undefined)
  let first = true
  sink.write(isCsv ? csvRow(HEADER) : '[')
  return {
    row(cells) {
      if (isCsv) sink.write(csvRow(cells))
      else
        sink.write(
          `${first ? '\n' : ',\n'}${JSON.stringify(Object.fromEntries(HEADER.map((key, i) => [key, cells[i]])))}`,
        )
      first = false
    },
    finish() {
      if (!isCsv) sink.write('\n]\n')
      sink.finish()
    },
    abort: () => sink.abort(),
  }
}
