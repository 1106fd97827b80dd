import { z } from 'zod'
import { home, readDocument, readTable } from '../../files/index.ts'
import type { Text } from '../../messages/index.ts'
import type { InfantAgeUnit } from './age.ts'
import { isListField, SOURCE_FIELDS, type SourceField } from './field.ts'

/** What a column is in a layout. */
export interface KnownColumn {
  readonly field?: SourceField | undefined
  /** Place among the columns of a list field, from 1; 0 where there is one column only. */
  readonly slot: number
  /** Names, addresses, numbers of documents: never read. */
  readonly isPrivate: boolean
}

/** A form of table: which headers it has and what they mean. */
export interface Layout {
  readonly id: string
  readonly label: Text
  readonly infantAgeUnit: InfantAgeUnit
  /** Whether a cell may hold several codes between blanks. */
  readonly joinsCodes: boolean
  /** By header as `plainHeader` has it. */
  readonly columns: ReadonlyMap<string, KnownColumn>
  /** Headers with a number in them, for which `#` stands. */
  readonly numbered: ReadonlyMap<string, SourceField>
  /** Plain headers that a file of this form must have. */
  readonly signature: readonly string[]
  readonly values: Values
}

/** Codes of a field that a form writes in a way of its own, and what they mean. */
export type Values = Readonly<Partial<Record<SourceField, Readonly<Record<string, string>>>>>

/** Parts of a platform message. */
export type NodeName = 'stay' | 'diagnoses' | 'procedures' | 'fees' | 'funds' | 'icu' | 'outpatient'

/** Keys of the platform's messages, in lower case and without underscores. */
export interface MessageLayout {
  readonly id: string
  readonly label: Text
  readonly nodes: Readonly<Record<NodeName, MessageNode>>
}

export interface MessageNode {
  readonly names: readonly string[]
  /** Keys of each fact, the first that is there counts. */
  readonly fields: Readonly<Record<string, readonly string[]>>
}

const text = z.strictObject({ zh: z.string(), en: z.string() })
const head = {
  id: z.string(),
  label: text,
  source: z.string(),
  edition: z.string(),
  date: z.string(),
  confidence: z.enum(['official', 'observed', 'own']),
  infantAgeUnit: z.enum(['day', 'month', 'month-fraction', 'auto']),
  values: z.partialRecord(z.enum(SOURCE_FIELDS as [SourceField, ...SourceField[]]), z.record(z.string(), z.string())),
  private: z.array(z.string()).optional(),
}
const names = z.array(z.string())
const tableSchema = z.strictObject({
  ...head,
  kind: z.literal('table'),
  names: z.string().optional(),
  fields: z.partialRecord(z.enum(SOURCE_FIELDS as [SourceField, ...SourceField[]]), names),
  known: names.optional(),
  signature: names.optional(),
})
const node = z.strictObject({ names, fields: z.record(z.string(), names) })
const messageSchema = z.strictObject({
  ...head,
  kind: z.literal('messages'),
  nodes: z.strictObject({
    stay: node,
    diagnoses: node,
    procedures: node,
    fees: node,
    funds: node,
    icu: node,
    outpatient: node,
  }),
})

/** A header without blanks, brackets and their content, in half width and lower case. */
export function plainHeader(header: string): string {
  return header
    .normalize('NFKC')
    .replace(/\([^)]*\)|\[[^\]]*\]/g, '')
    .replace(/[\s_\uFEFF\u200B"]/g, '')
    .toLowerCase()
}

/** The forms of table that are known, in order of trial. */
const TABLE_LAYOUTS = ['simple', 'hqms', 'n041', 'inspection', 'flat-list'] as const

let tables: readonly Layout[] | undefined
let messages: readonly MessageLayout[] | undefined

/** The known forms of tables; the first of equals is taken. */
export function tableLayouts(): readonly Layout[] {
  tables ??= [...TABLE_LAYOUTS.map(readLayout), longLayout(messageLayouts()[0]!)]
  return tables
}

/** The keys of the platform's messages, and of cases in this program's own fields. */
export function messageLayouts(): readonly MessageLayout[] {
  messages ??= ['platform', 'canonical'].map(id => {
    const document = readDocument(home('layouts', 'input', `${id}.yaml`), messageSchema)
    const plain = (fields: Readonly<Record<string, readonly string[]>>): Record<string, string[]> =>
      Object.fromEntries(Object.entries(fields).map(([field, keys]) => [field, keys.map(plainHeader)]))
    const nodes = Object.entries(document.nodes).map(([name, { names, fields }]) => {
      return [name, { names: names.map(plainHeader), fields: plain(fields) }]
    })
    return { id, label: document.label, nodes: Object.fromEntries(nodes) as MessageLayout['nodes'] }
  })
  return messages
}

function readLayout(id: string): Layout {
  const document = readDocument(home('layouts', 'input', `${id}.yaml`), tableSchema)
  const columns = new Map<string, KnownColumn>()
  const numbered = new Map<string, SourceField>()
  const add = (header: string, column: KnownColumn): void => {
    const plain = plainHeader(header)
    if (plain !== '' && !columns.has(plain)) columns.set(plain, column)
  }
  if (document.names !== undefined) {
    const { rows } = readTable(home('layouts', 'input', document.names))
    const known = rows.map(({ cells: [name, title, field, slot, isPrivate] }) => ({
      name: name!,
      title: title!,
      column: {
        field: field === '' ? undefined : (field as SourceField),
        slot: Number(slot || 0),
        isPrivate: isPrivate === '1',
      },
    }))
    for (const { name, column } of known) add(name, column)
    for (const { name, title, column } of known) {
      add(title, column)
      add(name + title, column)
    }
  }
  for (const [field, headers] of Object.entries(document.fields) as [SourceField, string[]][]) {
    headers.forEach((header, i) => {
      if (header.includes('#')) numbered.set(plainHeader(header), field)
      else add(header, { field, slot: isListField(field) ? i + 1 : 0, isPrivate: field === 'person' })
    })
  }
  for (const header of document.private ?? []) add(header, { slot: 0, isPrivate: true })
  for (const header of document.known ?? []) add(header, { slot: 0, isPrivate: false })
  const { label, infantAgeUnit, values, signature = [] } = document
  return {
    id,
    label,
    infantAgeUnit,
    joinsCodes: document.names === undefined,
    columns,
    numbered,
    signature: signature.map(plainHeader),
    values,
  }
}

/** The main table of the platform's long tables: the keys of the stay as headers. */
function longLayout({ label, nodes }: MessageLayout): Layout {
  const columns = new Map<string, KnownColumn>()
  for (const [field, keys] of Object.entries(nodes.stay.fields)) {
    if (!(SOURCE_FIELDS as readonly string[]).includes(field)) continue
    keys.forEach((key, i) => {
      columns.set(key, { field: field as SourceField, slot: i, isPrivate: field === 'person' })
    })
  }
  return {
    id: 'platform',
    label,
    infantAgeUnit: 'day',
    joinsCodes: true,
    columns,
    numbered: new Map(),
    signature: ['setlid'],
    values: {},
  }
}
