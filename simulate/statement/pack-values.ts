import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { LineCounter, type Node, parseDocument } from 'yaml'
import { isCitedNode, nodesAlong, readTable, valueAt } from '../../files/index.ts'
import type { Text } from '../../messages/index.ts'
import { isTree, uncited } from '../cited.ts'
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
   * The values that the file gives at and below a path, in its order; of a list of rules the items that `pick` takes. A list
   * stands as one value, unless its items are mappings or carry sources of their own. Codes are those of the case: a side
   * table is cited with the line of one of them. A path that the file does not have gives the default of the program.
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
    const given = nodes.findLast(isCitedNode)
    const at = nodes.at(-1)
    const [stated, source] = [given?.get('confidence'), given?.get('source')]
    const confidence = typeof stated === 'string' ? stated : null
    const own = typeof source === 'string' ? source : documents(confidence)
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

  const leaf = (nodes: readonly Node[], path: string, value: string): StatementValue => ({
    ...labelOf(path),
    symbol: '',
    value,
    origin: originOf(nodes, path),
  })
  const walk = (path: readonly (string | number)[], codes: readonly string[], pick?: Pick): StatementValue[] => {
    const nodes = nodesAlong(document, path)
    const at = nodes[path.length]
    const name = path.join('.')
    if (at === undefined) return []
    const value = valueAt(at.toJS(document), [])
    const side = sideFile(value)
    if (side !== undefined) {
      const table = leaf(nodesAlong(document, [...path, 'file']), name, basename(side))
      return [{ ...table, origin: cite(side, codes, table.origin) }]
    }
    if (Array.isArray(value) && value.some(isTree))
      return value.flatMap((item, i) => (pick === undefined || pick(asItem(item), i) ? walk([...path, i], codes) : []))
    if (isTree(value)) return Object.keys(value).flatMap(key => walk([...path, key], codes, pick))
    return value === null || value === undefined ? [] : [leaf(nodes, name, written(uncited(value), codes))]
  }
  return {
    keys: () => Object.keys(Object(valueAt(document.toJS(), []))),
    at(path, codes = [], pick) {
      const found = walk(path.split('.'), codes, pick)
      return found.length > 0 ? found : [unstated(policy, path, file, pick)]
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
function unstated(policy: Policy, path: string, file: string | null, pick?: Pick): StatementValue {
  const whole = path
    .split('.')
    .reduce<unknown>((node, key) => (node as Readonly<Record<string, unknown>> | undefined)?.[key], policy.document)
  const value = Array.isArray(whole) && pick !== undefined ? whole.filter((item, i) => pick(asItem(item), i)) : whole
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

/** An item of a list of rules as `Pick` sees it: without its annotations. */
function asItem(item: unknown): Readonly<Record<string, unknown>> {
  const own = uncited(item)
  return isTree(own) ? own : {}
}

/** The side table that stands in place of a value. */
function sideFile(value: unknown): string | undefined {
  const file = isTree(value) && Object.keys(value).length === 1 ? valueAt(value, ['file']) : undefined
  return typeof file === 'string' ? file : undefined
}

/** Most items of a list that are written out. */
const MOST = 8

/** A value as a reader sees it: bands as `≤1: 3; …`, a map as `key: value; …`, of a long list how many and which of the case's codes it has. */
function written(value: unknown, codes: readonly string[]): string {
  if (value === null) return '–'
  const inner = (one: unknown): string =>
    typeof one === 'object' && one !== null ? `(${written(one, codes)})` : String(one)
  if (!Array.isArray(value)) {
    if (typeof value !== 'object') return String(value)
    return Object.entries(value as object)
      .map(([key, one]) => `${key}: ${inner(one)}`)
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
  if (value.length <= MOST) return value.map(inner).join(', ')
  const own = value.filter(one => codes.includes(String(one)))
  return `${(own.length === 0 ? value.slice(0, 3) : own).map(inner).join(', ')} … (${value.length})`
}
