import { Fault } from '../../messages/index.ts'
import { listCrosswalks, readCrosswalk, readCrosswalkManifest } from './crosswalk.ts'
import type { Dictionary } from './dictionary.ts'
import { loadDictionary } from './library.ts'

/** What became of a code: position in `Conversion.outcome`. */
export const CONVERSION_OUTCOMES = ['unknown', 'same', 'changed', 'failed'] as const

/**
 * The way from the codes of a declared system to those of a scheme, resolved once a code and not once a case: foreign id
 * → own id. Applied once; converting what is converted already would change meanings (5. of docs/codes.md).
 */
export interface Conversion {
  readonly from: Dictionary
  readonly to: Dictionary
  /** Ids of the dictionaries passed, first and last included. */
  readonly path: readonly string[]
  /** Own id by foreign id, 0 where there is none. */
  readonly target: Uint16Array
  /** Position in `CONVERSION_OUTCOMES` by foreign id. */
  readonly outcome: Uint8Array
}

/** The conversion from a dictionary to that of a scheme; undefined when they are the same system. */
export function resolveConversion(fromId: string, to: Dictionary): Conversion | undefined {
  if (fromId === to.id) return undefined
  const from = loadDictionary(fromId)
  const folders = routeTo(fromId, to.id)
  const steps = folders.map(readCrosswalk)
  const target = new Uint16Array(new SharedArrayBuffer(from.codes.length * 2))
  const outcome = new Uint8Array(new SharedArrayBuffer(from.codes.length))
  for (let id = 1; id < from.codes.length; id++) {
    const given = from.codes[id]!
    const code = stationsOf(steps, given).at(-1)!
    target[id] = to.ids.get(code) ?? 0
    outcome[id] = target[id] === 0 ? 3 : code === given ? 1 : 2
  }
  return { from, to, path: [fromId, ...steps.map(step => step.to)], target, outcome }
}

/** The codes that a code becomes on its way, itself first; '' at the end where a table has no target. */
export function stationsOf(
  steps: readonly { readonly targets: ReadonlyMap<string, string> }[],
  code: string,
): readonly string[] {
  const stations = [code]
  for (const { targets } of steps) {
    const last = stations.at(-1)!
    if (last !== '') stations.push(targets.get(last) ?? last)
  }
  return stations
}

/** The shortest chain of crosswalks between two dictionaries. */
function routeTo(from: string, to: string): string[] {
  const tables = listCrosswalks().map(folder => ({ folder, manifest: readCrosswalkManifest(folder) }))
  const routes = new Map<string, string[]>([[from, []]])
  for (const [at, route] of routes) {
    if (at === to) return route
    for (const { folder, manifest } of tables) {
      if (manifest.from.id === at && !routes.has(manifest.to.id)) routes.set(manifest.to.id, [...route, folder])
    }
  }
  throw new Fault({
    code: 'CRW-003',
    at: { field: from },
    what: { zh: `没有从 ${from} 到 ${to} 的对照表。`, en: `There is no crosswalk from ${from} to ${to}.` },
    fix: {
      zh: `请使用以 ${to} 编码的病例，或选用相应编码版本的方案。`,
      en: `Give cases coded in ${to}, or choose a scheme of that code system.`,
    },
  })
}
