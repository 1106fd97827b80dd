import { Fault, nearest, someOf, type Text } from '../../messages/index.ts'
import { placeIn } from '../place.ts'
import { readScenario } from '../scenario/scenario.ts'
import { type Labels, unmatched } from '../scenario/where.ts'
import type { ProjectionConfig } from './config.ts'
import type { Reforming } from './ledgers.ts'

/** What of a region a projection may name. */
export interface ProjectionTerms {
  /** The settled year. */
  readonly firstYear: number
  readonly labels: Labels
}

/**
 * The reforms of a projection, read. Refuses what could not change a result: a reform or an event outside the projected
 * years, and trends or events of cases that the region does not have.
 */
export function checkProjection(
  config: ProjectionConfig,
  { firstYear, labels }: ProjectionTerms,
  file = '',
): readonly Reforming[] {
  const last = firstYear + config.years
  for (const [key, list] of [['reforms', config.reforms], ['events', config.events]] as const) {
    for (const [i, { from }] of list.entries()) if (from <= firstYear || from > last) throw outside(file, [key, i, 'from'], from, firstYear, last)
  } // biome-ignore format: two lists
  for (const [key, list] of [['trends', config.trends], ['events', config.events]] as const) {
    for (const [i, { where }] of list.entries()) {
      const odd = unmatched(where, labels)
      if (odd !== undefined) throw noCases(file, [key, i, 'where', odd.part], odd)
    }
  } // biome-ignore format: two lists
  return config.reforms.map(({ from, scenario }) => ({ from, scenario: readScenario(scenario) }))
}

function outside(file: string, field: (string | number)[], found: number, first: number, last: number): Fault {
  return new Fault({
    code: 'PRJ-002',
    at: placeIn(file, field),
    what: {
      zh: `${found} 年不在预测的年份之内（${first + 1} 至 ${last} 年；${first} 年是已结算的年度）。`,
      en: `${found} lies outside the projected years (${first + 1} to ${last}; ${first} is the settled year).`,
    },
    fix: { zh: '请改年份，或增大 years。', en: 'Change the year, or raise years.' },
  })
}

function noCases(
  file: string,
  field: (string | number)[],
  { word, candidates }: { readonly word: string; readonly candidates: readonly string[] },
): Fault {
  const guess = nearest(word, candidates)
  const some = someOf(candidates)
  const fix: Text =
    guess === undefined
      ? { zh: `该地区有：${some.zh}。`, en: `It has ${some.en}.` }
      : { zh: `是否要写 ${guess}？`, en: `Did you mean ${guess}?` }
  return new Fault({
    code: 'PRJ-003',
    at: placeIn(file, field),
    what: { zh: `该地区没有 ${word}。`, en: `The region has no ${word}.` },
    fix,
  })
}
