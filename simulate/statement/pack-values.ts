import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import { isCited, nodesAlong, readTable, valueAt } from '../../files/index.ts'
import type { Text } from '../../messages/index.ts'
import type { Policy } from '../policy/policy.ts'
import { leverOf } from '../scenario/levers.ts'
import { NO_UNIT, type Origin, type StatementValue } from './origin.ts'

/** Which item of a list of rules is meant, by the place of one that fits. */
export type Pick = (item: Readonly<Record<string, unknown>>, place: number) => boolean

/** A policy pack as its file states it, asked for the parameters of a rule with their sources. */
export interface PackValues {
  /** The keys of the file, in its order. */
  keys(): readonly string[]
  /**
   * The values that the file gives at and below a path, in its order; of a list of rules the items that `pick` takes. Codes
   * are those of the case: a side table is cited with the line of one of them. A path that the file does not have gives the
   * default of the program.
   */
  at(path: string, codes?: readonly string[], pick?: Pick): readonly StatementValue[]
}

/** Reads the sources of a pack from its file; without a file all values are said to be those of the policy. */
export function packValues(policy: Policy, file: string | null): PackValues {
  const lines = new LineCounter()
  const text = file === null ? '' : readFileSync(file, 'utf8')
  const document = parseDocument(text, { lineCounter: lines, version: '1.2', schema: 'core' })
  const { policyBasis } = policy.document

  const documents = (confidence: string | null): string => {
    const own = policyBasis.filter(one => one.confidence === confidence)
    return (own.length > 0 ? own : policyBasis)
      .map(({ document: name, number, article }) => [name, number, article].filter(Boolean).join(' '))
      .join('；')
  }
  /** The origin of the value at the end of a path: what is said of it, else of the part in which it stands. */
  const originOf = (nodes: readonly Node[], path: string): Origin => {
    const given = nodes.map(node => node.toJS(document)).findLast(isCited)
    const at = nodes.at(-1)
    const confidence = typeof given?.confidence === 'string' ? given.confidence : null
    const own = typeof given?.source === 'string' ? given.source : documents(confidence)
    const place =
      file === null ? null : { file, ...(at?.range ? { line: lines.linePos(at.range[0]).line } : {}), field: path }
    return { kind: 'policy', source: { zh: `${policy.id}，${own}`, en: `${policy.id}, ${own}` }, place, confidence }
  }
  const cite = (name: string, codes: readonly string[], origin: Origin): Origin => {
    if (file === null) return origin
    const path = join(dirname(file), name)
    const row = readTable(path).rows.find(({ cells }) => codes.includes(cells[0]?.trim() ?? ''))
    return { ...origin, place: { file: path, ...(row === undefined ? {} : { line: row.line }) } }
  }

  const leaf = (nodes: readonly Node[], path: string, codes: readonly string[]): StatementValue[] => {
    const value = valueAt(nodes.at(-1)?.toJS(document), [])
    if (value === null || value === undefined) return []
    const { name, unit } = labelOf(path)
    const origin = originOf(nodes, path)
    const side = sideFile(value)
    return [
      {
        name,
        symbol: '',
        value: side ?? written(value, codes),
        unit,
        origin: side === undefined ? origin : cite(side, codes, origin),
      },
    ]
  }
  const walk = (path: readonly (string | number)[], codes: readonly string[], pick?: Pick): StatementValue[] => {
    const nodes = nodesAlong(document, path)
    const at = nodes[path.length]
    const name = path.join('.')
    if (at === undefined) return []
    const value: unknown = at.toJS(document)
    if (isScalar(at) || isCited(value) || sideFile(value) !== undefined) return leaf(nodes, name, codes)
    if (isSeq(at)) {
      const items = value as readonly unknown[]
      if (!items.some(item => typeof item === 'object' && item !== null && !Array.isArray(item)))
        return leaf(nodes, name, codes)
      return items.flatMap((item, i) =>
        pick === undefined || pick(plainItem(item), i) ? walk([...path, i], codes) : [],
      )
    }
    return isMap(at) ? Object.keys(value as object).flatMap(key => walk([...path, key], codes, pick)) : []
  }
  return {
    keys: () => Object.keys(Object(document.toJS())),
    at(path, codes = [], pick) {
      const found = walk(path.split('.'), codes, pick)
      return found.length > 0 ? found : [unstated(policy, path, file)]
    },
  }
}

/** Label and unit of a parameter; a label for a whole rule is followed by the key. */
function labelOf(path: string): { readonly name: Text; readonly unit: Text } {
  const { pattern, label, unit } = leverOf(`policy.${path}`)
  const rest = path.split('.').slice(pattern.split('.').length - 2)
  const key = pattern.endsWith('**') && rest.length > 0 ? ` ${rest.join('.')}` : ''
  const isPath = pattern === `policy.${path}` && label.zh === pattern
  return {
    name: isPath ? { zh: path, en: path } : { zh: `${label.zh}${key}`, en: `${label.en}${key}` },
    unit: unit.zh === '–' ? NO_UNIT : unit,
  }
}

/** A parameter that the pack leaves to the program, or whose pack has no file. */
function unstated(policy: Policy, path: string, file: string | null): StatementValue {
  const value = path
    .split('.')
    .reduce<unknown>((node, key) => (node as Readonly<Record<string, unknown>> | undefined)?.[key], policy.document)
  const { name, unit } = labelOf(path)
  const isOwn = file === null
  return {
    name,
    symbol: '',
    value: written(value ?? null, []),
    unit,
    origin: {
      kind: isOwn ? 'policy' : 'program',
      source: isOwn
        ? { zh: policy.id, en: policy.id }
        : { zh: `政策包没有写 ${path}`, en: `the pack does not state ${path}` },
      place: file === null ? null : { file, field: path },
      confidence: null,
    },
  }
}

/** An item without its annotations. */
function plainItem(item: unknown): Readonly<Record<string, unknown>> {
  const entries = Object.entries((item ?? {}) as Readonly<Record<string, unknown>>)
  return Object.fromEntries(entries.map(([key, value]) => [key, valueAt(value, [])]))
}

/** The name of a side table. */
function sideFile(value: unknown): string | undefined {
  const file = (value as { readonly file?: unknown } | null)?.file
  return typeof value === 'object' && typeof file === 'string' && Object.keys(value as object).length === 1
    ? basename(file)
    : undefined
}

/** Most items of a list that are written out. */
const MOST = 8

/** A value as a reader sees it: bands as `≤1: 3; …`, a map as `key: value; …`, of a long list how many and which of the case's codes it has. */
function written(value: unknown, codes: readonly string[]): string {
  if (value === null) return '–'
  if (!Array.isArray(value)) {
    if (typeof value !== 'object') return String(value)
    return Object.entries(value as object)
      .map(([key, one]) => `${key}: ${typeof one === 'object' && one !== null ? `(${written(one, codes)})` : one}`)
      .join('; ')
  }
  if (value.every(Array.isArray)) {
    let before = ''
    return (value as (string | null)[][])
      .map(([upTo, limit]) => {
        const text = upTo === null || upTo === undefined ? `>${before}: ${limit}` : `≤${upTo}: ${limit}`
        before = upTo ?? before
        return text
      })
      .join('; ')
  }
  if (value.length <= MOST) return value.join(', ')
  const own = value.filter(one => codes.includes(String(one)))
  return `${own.length === 0 ? value.slice(0, 3).join(', ') : own.join(', ')} … (${value.length})`
}
