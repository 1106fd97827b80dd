import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { home, writeText } from '../files/index.ts'
import type { RuleBook } from '../grouper/index.ts'

/** Version of the program, from its manifest. */
export function programVersion(): string {
  const { version } = JSON.parse(readFileSync(home('package.json'), 'utf8')) as { version: string }
  return version
}

/** Which results these are: what every table of a run shares stands once beside them, not in each. */
export interface RunNote {
  readonly command: string
  readonly book: Pick<RuleBook, 'schemeId' | 'hash'>
  /** Files read; their names only, a path may tell more than a result should. */
  readonly inputs: readonly string[]
  /** Ids of policy, weight configuration and the like. */
  readonly ids?: Readonly<Record<string, string>>
  readonly counts: Readonly<Record<string, number>>
}

/** Writes the note: same input, same bytes, so it holds no time. */
export function writeRunNote(file: string, { command, book, inputs, ids, counts }: RunNote): void {
  const note = {
    program: `dianzhi ${programVersion()}`,
    command,
    scheme: { id: book.schemeId, hash: book.hash },
    ...ids,
    inputs: inputs.map(path => basename(path)),
    counts,
  }
  writeText(file, `${JSON.stringify(note, null, 2)}\n`)
}
