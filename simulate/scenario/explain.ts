import type { Text } from '../../messages/index.ts'
import type { Provenance } from '../policy/load.ts'
import { segmentsOf } from './apply.ts'
import { leverOf } from './levers.ts'
import type { Parameters } from './parameters.ts'
import { differences } from './path.ts'
import { layersOf, type Reference, type Scenario } from './scenario.ts'

/** One parameter that a scenario changes. */
export interface Difference {
  readonly path: string
  readonly label: Text
  readonly unit: Text
  /** As written in files; '–' where there is none. */
  readonly before: string
  readonly after: string
  /** Months in which the new value holds; null: all of the year. */
  readonly months: readonly [from: string, to: string] | null
  /** Where the value of the baseline comes from, as its policy pack states it. */
  readonly origin: Provenance | null
  /** Documents that the scenario names, its stack included. */
  readonly references: readonly Reference[]
}

/** What a scenario changes, parameter by parameter, with the sources of the old value and of the new. */
export function explainScenario(
  baseline: Parameters,
  scenario: Scenario,
  months: readonly string[],
  provenance: readonly Provenance[] = [],
): readonly Difference[] {
  const segments = segmentsOf(baseline, scenario, months)
  const references = layersOf(scenario).flatMap(layer => layer.reference)
  return segments.flatMap(segment =>
    differences(baseline, segment.parameters).map(({ path, before, after }): Difference => {
      const { label, unit } = leverOf(path)
      return {
        path,
        label,
        unit,
        before: written(before),
        after: written(after),
        months: segments.length === 1 ? null : [segment.months[0]!, segment.months.at(-1)!],
        origin: originOf(path, provenance),
        references,
      }
    }),
  )
}

/** The statement of the pack that covers a path most closely. */
function originOf(path: string, provenance: readonly Provenance[]): Provenance | null {
  if (!path.startsWith('policy.')) return null
  const own = path.slice('policy.'.length)
  return (
    provenance
      .filter(one => own === one.path || own.startsWith(`${one.path}.`) || one.path.startsWith(`${own}.`))
      .sort((a, b) => b.path.length - a.path.length)[0] ?? null
  )
}

function written(value: unknown): string {
  if (value === undefined || value === null) return '–'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
