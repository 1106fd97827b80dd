import { Fault } from '../../messages/index.ts'
import { placeIn } from '../place.ts'
import { type Assumption, layersOf, type Scenario } from './scenario.ts'

/** An assumption with its value and the scenario that makes it. */
export interface Assumed extends Assumption {
  /** As the scenario sets it; null where it has no path. */
  readonly value: string | null
  readonly by: Scenario
}

/** The assumptions of a scenario and of those below it. */
export function assumptionsOf(scenario: Scenario): readonly Assumed[] {
  return layersOf(scenario).flatMap(by =>
    by.assumptions.map(one => ({ ...one, by, value: one.path === null ? null : textOf(placeOf(by, one.path)) })),
  )
}

/** The scenario with another value of an assumed figure; the layer that assumes it is changed, the others stay. */
export function withAssumed(scenario: Scenario, { by, path }: Assumed, value: string): Scenario {
  const stack = scenario.stack.map(below => withAssumed(below, { by, path } as Assumed, value))
  if (scenario !== by || path === null) return { ...scenario, stack }
  const [key, fields] = splitPath(by, path)
  return { ...scenario, stack, set: { ...scenario.set, [key]: replaced(scenario.set[key], fields, value) } }
}

/** Refuses assumptions whose path the scenario does not set. */
export function checkAssumptions(scenario: Scenario): void {
  for (const [i, { path }] of scenario.assumptions.entries()) {
    if (path === null || typeof placeOf(scenario, path) === 'string') continue
    throw new Fault({
      code: 'SCN-015',
      at: placeIn(scenario.file, ['assumptions', i, 'path']),
      what: {
        zh: `情景的 set 中没有 ${path}，或它不是一个数值。`,
        en: `The scenario's set has no ${path}, or it is not one value.`,
      },
      fix: {
        zh: '请写 set 中的路径及其下的字段，如 changes.procurement.factor；没有单一位置的假设去掉 path。',
        en: 'Write a path of set and the fields below it, such as changes.procurement.factor; leave path out where the figure stands in no one place.',
      },
    })
  }
}

/** The key of `set` that a path begins with, and the fields below it. */
function splitPath({ set }: Scenario, path: string): readonly [string, readonly string[]] {
  const key = Object.keys(set).find(one => path === one || path.startsWith(`${one}.`))
  return key === undefined ? ['', []] : [key, path === key ? [] : path.slice(key.length + 1).split('.')]
}

function placeOf(scenario: Scenario, path: string): unknown {
  const [key, fields] = splitPath(scenario, path)
  return fields.reduce<unknown>(
    (node, field) => (typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[field] : undefined),
    scenario.set[key],
  )
}

function replaced(node: unknown, [field, ...rest]: readonly string[], value: string): unknown {
  if (field === undefined) return value
  return Array.isArray(node)
    ? node.map((one, i) => (String(i) === field ? replaced(one, rest, value) : one))
    : { ...(node as object), [field]: replaced((node as Record<string, unknown>)[field], rest, value) }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
