import { isListField, type RawCase, type SingleField, SOURCE_FIELDS, type SourceField } from './field.ts'
import { type MessageLayout, type MessageNode, messageLayouts, type NodeName, plainHeader } from './layout.ts'
import type { NodeRow, Nodes } from './nodes.ts'

type Tree = Readonly<Record<string, unknown>>

/** What a JSON value is among the messages. */
export type MessageKind =
  /** A stay with its diagnoses. */
  | 'case'
  /** A settlement without the list of diagnoses: of use only beside others. */
  | 'settlement'
  /** An out-patient list. */
  | 'outpatient'

/** A message taken apart. */
export interface Message {
  readonly form: string
  readonly kind: MessageKind
  /** Facts of the stay by field; lists joined by `|`. */
  readonly stay: ReadonlyMap<string, string>
  readonly nodes: Nodes
  /** Number of the message (4101, 4101A …) where its envelope says it. */
  readonly number: string
}

const plainKeys = new Map<string, string>()

/** A key in lower case without underscores; keys are few, so they are kept. */
function plainKey(key: string): string {
  let plain = plainKeys.get(key)
  if (plain === undefined) {
    plain = plainHeader(key)
    if (plainKeys.size < 10_000) plainKeys.set(key, plain)
  }
  return plain
}

/** A JSON text, also one with comments, a BOM, or quoted within JSON; undefined where it is none. */
export function parseJson(text: string): unknown {
  const value = tryParse(text) ?? tryParse(withoutComments(text.replace(/^\ufeff/, '')))
  return typeof value === 'string' && /^\s*[{[]/.test(value) ? parseJson(value) : value
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** Comments, and commas before a closing bracket, are no JSON, but logs have them. */
function withoutComments(text: string): string {
  return text
    .replace(/"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, part => (part.startsWith('"') ? part : ''))
    .replace(/,(\s*[}\]])/g, '$1')
}

/** All messages in a JSON value: an envelope, a bare `input` or `output`, bare nodes, or an array of any of these. */
export function* messagesIn(value: unknown): Generator<Message | undefined> {
  if (typeof value === 'string') {
    const inner = /^\s*[{[]/.test(value) ? parseJson(value) : undefined
    if (inner === undefined) yield undefined
    else yield* messagesIn(inner)
    return
  }
  if (Array.isArray(value)) {
    for (const item of value) yield* messagesIn(item)
    return
  }
  if (value === null || typeof value !== 'object') {
    yield undefined
    return
  }
  const tree = value as Tree
  const message = messageOf(tree)
  if (message !== undefined) {
    yield message
    return
  }
  const list = Object.entries(tree).find(([key, item]) => LIST_KEYS.has(plainKey(key)) && Array.isArray(item))
  if (list === undefined) yield undefined
  else yield* messagesIn(list[1])
}

/** Keys under which programs wrap a list of messages. */
export const LIST_KEYS: ReadonlySet<string> = new Set([
  'data',
  'rows',
  'list',
  'records',
  'items',
  'cases',
  'input',
  'output',
  'result',
])

function messageOf(tree: Tree): Message | undefined {
  const number = String(byKey(tree, ['infno']) ?? '')
  for (const layout of messageLayouts()) {
    for (const body of [tree, byKey(tree, ['input']), byKey(tree, ['output'])]) {
      const found = isTree(body) ? takeApart(layout, body, number) : undefined
      if (found === undefined) continue
      // The list itself may leave out which hospital sends it: its envelope says so.
      const sender = found.stay.has('hospital') ? '' : textOf(byKey(tree, layout.nodes.stay.fields.hospital!))
      return sender === '' ? found : { ...found, stay: new Map([...found.stay, ['hospital', sender]]) }
    }
  }
  return undefined
}

function takeApart(layout: MessageLayout, body: Tree, number: string): Message | undefined {
  const { nodes } = layout
  const wrapped = byKey(body, nodes.stay.names)
  const lists = (name: NodeName): unknown => byKey(body, nodes[name].names)
  const flat = flatten(Array.isArray(wrapped) ? wrapped[0] : (wrapped ?? body))
  const stay = new Map<string, string>()
  for (const field of Object.keys(nodes.stay.fields)) {
    const keys = nodes.stay.fields[field]!
    const text = field.endsWith('Part') ? all(flat, keys) : first(flat, keys)
    if (text !== '') stay.set(field, text)
  }
  // Facts of the case that stand beside the wrapped ones, such as the id next to patientInfo.
  if (wrapped !== undefined && layout.id === 'canonical') {
    const outer = flatten(body)
    for (const field of Object.keys(nodes.stay.fields)) {
      const text = stay.has(field) ? '' : first(outer, nodes.stay.fields[field]!)
      if (text !== '') stay.set(field, text)
    }
  }
  const listed = lists('diagnoses') !== undefined || lists('procedures') !== undefined
  // Something else that happens to have a key of ours is no message.
  if (wrapped === undefined && !listed && !(stay.has('settleId') && stay.size > 2)) return undefined
  const read = (name: NodeName): NodeRow[] => rowsOf(lists(name), nodes[name])
  const diagnoses = read('diagnoses')
  const outpatient = read('outpatient').some(row => (row.code ?? '') !== '' && row.code !== '-')
  const kind = diagnoses.length > 0 ? 'case' : outpatient ? 'outpatient' : listed ? 'case' : 'settlement'
  return {
    form: layout.id,
    kind,
    stay,
    nodes: {
      diagnoses,
      procedures: read('procedures'),
      fees: read('fees'),
      funds: read('funds'),
      icu: read('icu'),
    },
    number,
  }
}

/** Fills a case with the facts of a stay, where it has none yet. */
export function fillFromStay({ one, many }: RawCase, stay: ReadonlyMap<string, string>): void {
  for (const [field, text] of stay) {
    if (!KNOWN.has(field)) continue
    if (isListField(field as SourceField)) {
      const list = many[field as 'weight']
      if (list.length === 0) list.push(...(field.endsWith('Part') ? text.split('|') : [text]))
    } else if (one[field as SingleField] === '') one[field as SingleField] = text
  }
}

const KNOWN: ReadonlySet<string> = new Set(SOURCE_FIELDS)

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value under the first of several plain keys. */
function byKey(tree: Tree, plain: readonly string[]): unknown {
  for (const key of Object.keys(tree)) if (plain.includes(plainKey(key))) return tree[key] ?? undefined
  return undefined
}

/** A tree's values as texts, by plain key. */
function flatten(value: unknown): Map<string, string> {
  const flat = new Map<string, string>()
  if (!isTree(value)) return flat
  for (const key of Object.keys(value)) flat.set(plainKey(key), textOf(value[key]))
  return flat
}

function first(flat: ReadonlyMap<string, string>, keys: readonly string[]): string {
  for (const key of keys) {
    const text = flat.get(key)
    if (text !== undefined && text !== '') return text
  }
  return ''
}

/** What stands under any of the keys, joined. */
function all(flat: ReadonlyMap<string, string>, keys: readonly string[]): string {
  return keys
    .map(key => flat.get(key) ?? '')
    .filter(Boolean)
    .join('|')
}

/** Numbers may be texts and texts numbers; a list of plain values is joined. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return Array.isArray(value) ? value.map(textOf).filter(Boolean).join('|') : ''
}

/** The rows of a node: a list, one object, objects by key, or codes as plain texts. */
function rowsOf(value: unknown, { fields }: MessageNode): NodeRow[] {
  if (value === null || value === undefined || value === '') return []
  const keys = new Set(Object.values(fields).flat())
  const isByKey = isTree(value) && !Object.keys(value).some(key => keys.has(plainKey(key)))
  const rows = Array.isArray(value) ? value : isByKey ? Object.values(value) : [value]
  const kinds = isByKey ? Object.keys(value) : []
  return rows.map((row, i) => {
    // Codes as plain texts, or amounts by category.
    if (!isTree(row)) return { code: textOf(row), amount: textOf(row), ...(isByKey ? { kind: kinds[i]! } : {}) }
    const flat = flatten(row)
    return Object.fromEntries(Object.entries(fields).map(([field, names]) => [field, first(flat, names)]))
  })
}
