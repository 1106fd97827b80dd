import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { writeText } from '../files/index.ts'
import type { RuleBook } from '../grouper/index.ts'
import { programVersion } from './version.ts'

/** What a workbook says of its origin: the program, the region where there is one, scheme and policy. */
export function originNotes(origin: {
  readonly book: Pick<RuleBook, 'schemeId' | 'hash'>
  readonly region?: { readonly id: string; readonly year: number }
  readonly policy?: { readonly id: string }
}): [name: string, value: string][] {
  const { book, region, policy } = origin
  return [
    ['program', `dianzhi ${programVersion()}`],
    ...(region === undefined ? [] : [['region', `${region.id} ${region.year}`] satisfies [string, string]]),
    ['scheme', book.schemeId],
    ['schemeHash', book.hash],
    ...(policy === undefined ? [] : [['policy', policy.id] satisfies [string, string]]),
  ]
}

/** Which results these are: what every table of a run shares stands once beside them, not in each. */
export interface RunNote {
  readonly command: string
  readonly book: Pick<RuleBook, 'schemeId' | 'hash'>
  /** Files read; their names only, a path may tell more than a result should. */
  readonly inputs: readonly string[]
  /** Ids of policy, weight configuration and the like. */
  readonly ids?: Readonly<Record<string, string>>
  /** SHA-256 of what the results rest on, by name. */
  readonly hashes?: Readonly<Record<string, string>>
  readonly counts: Readonly<Record<string, number>>
}

/** Writes the note: same input, same bytes, so it holds no time. */
export function writeRunNote(file: string, { command, book, inputs, ids, hashes, counts }: RunNote): void {
  const note = {
    program: `dianzhi ${programVersion()}`,
    command,
    scheme: { id: book.schemeId, hash: book.hash },
    ...ids,
    inputs: inputs.map(path => basename(path)),
    ...(hashes === undefined ? {} : { hashes }),
    counts,
  }
  writeText(file, `${JSON.stringify(note, null, 2)}\n`)
}

/** SHA-256 of files, by name; a name that stands twice gets a number. */
export async function fileHashes(files: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const hashes: Record<string, string> = {}
  for (const file of files) {
    const hash = createHash('sha256')
    for await (const part of createReadStream(file)) hash.update(part as Uint8Array)
    let name = basename(file)
    for (let i = 2; name in hashes; i++) name = `${basename(file)} (${i})`
    hashes[name] = hash.digest('hex')
  }
  return hashes
}
