import { createHash } from 'node:crypto'
import { Fault } from '../../messages/index.ts'

/**
 * A code system as one list. Ids are dense from 1 in code order; 0 means "not in the dictionary", so that an id
 * fits a `Uint16Array`.
 */
export interface Dictionary {
  /** Id such as `icd10-yb-2.0`. */
  readonly id: string
  /** Codes by id; `codes[0]` is ''. Sorted by UTF-16 code unit. */
  readonly codes: readonly string[]
  /** Names by id; '' where the source gives none. */
  readonly names: readonly string[]
  /** Ids of codes that a later edition withdrew: readable, not to be reported any more. */
  readonly withdrawn: ReadonlySet<number>
  /** Ids of grey codes (灰码): in the list, but not to be reported on a settlement list. */
  readonly grey: ReadonlySet<number>
  /** SHA-256 (hex) over codes and names; marks may be amended without making it another list. */
  readonly hash: string
  /** Code → id. */
  readonly ids: ReadonlyMap<string, number>
}

/** One code as a source lists it. */
export interface DictionaryEntry {
  readonly code: string
  readonly name: string
  /** A later edition withdrew it; default false. */
  readonly withdrawn?: boolean
  /** A grey code (灰码); default false. */
  readonly grey?: boolean
}

/** Ids fit a `Uint16Array`, and 0 is taken. */
const MOST_CODES = 65_535

/** Builds a dictionary from entries in any order; two entries with the same code are a broken invariant. */
export function createDictionary(id: string, entries: Iterable<DictionaryEntry>): Dictionary {
  const sorted = [...entries].sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0))
  const codes = ['']
  const names = ['']
  const withdrawn = new Set<number>()
  const grey = new Set<number>()
  for (const entry of sorted) {
    if (entry.code === codes.at(-1)) throw new Error(`dictionary ${id}: code ${entry.code} twice or empty`)
    codes.push(entry.code)
    names.push(entry.name)
    if (entry.withdrawn === true) withdrawn.add(codes.length - 1)
    if (entry.grey === true) grey.add(codes.length - 1)
  }
  const text = sorted.map(entry => `${entry.code}\t${entry.name}\n`).join('')
  return assembleDictionary({ id, codes, names, withdrawn, grey }, text)
}

/**
 * A dictionary from its columns: codes sorted and without duplicates, the entry 0 of both columns ''. `text` is what the
 * hash is over: code, tab, name and line feed for every code.
 */
export function assembleDictionary(columns: Omit<Dictionary, 'hash' | 'ids'>, text: string): Dictionary {
  const { id, codes } = columns
  if (codes.length - 1 > MOST_CODES) {
    throw new Fault({
      code: 'DIC-001',
      at: { field: id },
      what: {
        zh: `字典有 ${codes.length - 1} 个编码，超过上限 ${MOST_CODES}。`,
        en: `The dictionary has ${codes.length - 1} codes, more than the limit of ${MOST_CODES}.`,
      },
      fix: {
        zh: '请拆分编码体系或去掉不用的编码。',
        en: 'Split the code system or leave out codes that are not used.',
      },
    })
  }
  const ids = new Map<string, number>()
  for (let number = 1; number < codes.length; number++) ids.set(codes[number]!, number)
  return { ...columns, hash: createHash('sha256').update(text).digest('hex'), ids }
}

/**
 * The dictionary with codes that a scheme uses beyond it. All codes are numbered anew; the id stays, the hash changes.
 * Codes that the dictionary already has are left out; the same object comes back when nothing is new.
 */
export function extendDictionary(dictionary: Dictionary, extra: Iterable<DictionaryEntry>): Dictionary {
  const added = new Map<string, DictionaryEntry>()
  for (const entry of extra) if (!dictionary.ids.has(entry.code)) added.set(entry.code, entry)
  if (added.size === 0) return dictionary
  return createDictionary(dictionary.id, [...entriesOf(dictionary), ...added.values()])
}

/** The entries of a dictionary in code order. */
export function entriesOf(dictionary: Dictionary): DictionaryEntry[] {
  return dictionary.codes.slice(1).map((code, index) => {
    const id = index + 1
    return {
      code,
      name: dictionary.names[id]!,
      ...(dictionary.withdrawn.has(id) ? { withdrawn: true } : {}),
      ...(dictionary.grey.has(id) ? { grey: true } : {}),
    }
  })
}
