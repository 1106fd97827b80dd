import { cleanText } from './clean.ts'
import { jsonValues } from './json-values.ts'
import { messageLayouts, plainHeader } from './layout.ts'
import { LIST_KEYS, parseJson } from './message.ts'
import type { TablePlan } from './plan.ts'
import { type Pseudonyms, shiftBirth, shiftText } from './pseudonym.ts'
import { type DaysOf, PSEUDONYM_FIELDS } from './pseudonym-table.ts'
import type { BadRow } from './side-rows.ts'

/** Messages without what identifies persons. */
export interface PseudonymMessages {
  /** Keys that were left out so far. */
  readonly dropped: number
  /** One JSON object a line. */
  lines(bad: BadRow): Generator<string>
}

/** Keys of messages that are written, by what they hold; all others are left out. */
function messageKeys(): {
  readonly ids: ReadonlyMap<string, string>
  readonly kept: ReadonlySet<string>
  readonly births: ReadonlySet<string>
} {
  const ids = new Map<string, string>()
  const kept = new Set<string>(['infno', ...LIST_KEYS])
  const births = new Set<string>()
  for (const { nodes } of messageLayouts()) {
    for (const node of Object.values(nodes)) {
      for (const name of node.names) kept.add(name)
      for (const [field, keys] of Object.entries(node.fields)) {
        for (const key of keys) {
          kept.add(key)
          if (node === nodes.stay && PSEUDONYM_FIELDS.has(field)) ids.set(key, field)
          if (field === 'birthDate') births.add(key)
        }
      }
    }
  }
  return { ids, kept, births }
}

type Tree = Readonly<Record<string, unknown>>

/** The messages of a JSON file: only keys that layouts know are written. */
export function pseudonymMessages({ file, encoding }: TablePlan, names: Pseudonyms, daysOf: DaysOf): PseudonymMessages {
  const { ids, kept, births } = messageKeys()
  let dropped = 0
  const first = (value: unknown, wanted: (key: string) => boolean): string => {
    if (typeof value !== 'object' || value === null) return ''
    for (const [key, item] of Object.entries(value)) {
      if (wanted(plainHeader(key)) && (typeof item === 'string' || typeof item === 'number') && item !== '')
        return String(item)
      const inner = first(item, wanted)
      if (inner !== '') return inner
    }
    return ''
  }
  const treatTree = (value: unknown, key: string, days: number, admission: string): unknown => {
    if (Array.isArray(value)) return value.map(item => treatTree(item, key, days, admission))
    if (typeof value === 'object' && value !== null) {
      const out: Record<string, unknown> = {}
      for (const [name, item] of Object.entries(value as Tree)) {
        const plain = plainHeader(name)
        if (kept.has(plain)) out[name] = treatTree(item, plain, days, admission)
        else dropped++
      }
      return out
    }
    const text = String(value ?? '')
    const kind = ids.get(key)
    if (kind !== undefined) return names.id(kind, cleanText(text))
    if (births.has(key)) return shiftBirth(text, admission, days)
    return typeof value === 'string' && !/^\d{1,7}(\.\d+)?$/.test(text) ? shiftText(text, days) : value
  }
  const keysOf = (field: string): ReadonlySet<string> =>
    new Set(messageLayouts().flatMap(({ nodes }) => nodes.stay.fields[field] ?? []))
  const [settlement, person, id, admit] = ['settleId', 'person', 'id', 'admitTime'].map(keysOf)
  function* treated(value: unknown): Generator<string> {
    if (Array.isArray(value)) {
      for (const item of value) yield* treated(item)
      return
    }
    const [stay, who, number, admission] = [settlement, person, id, admit].map(keys =>
      cleanText(first(value, key => keys!.has(key))),
    )
    yield JSON.stringify(treatTree(value, '', daysOf(stay!, who!, number!), admission!))
  }
  return {
    get dropped() {
      return dropped
    },
    *lines(bad) {
      for (const { text, line, isCut } of jsonValues(file, encoding)) {
        const value = isCut ? undefined : parseJson(text)
        if (value === undefined) bad(line, 'not-a-message')
        else yield* treated(value)
      }
    },
  }
}
