import type { Case } from '../cases/case.ts'
import { RESISTANCE_MARK } from './catalogue.ts'
import { bareDiagnosis, keyAt, keysOfTerm } from './keys.ts'
import { isExcluded } from './match.ts'
import type { DipCatalogue, DipGroup } from './types.ts'

/** Principal codes tried for one key. */
const MOST_CODES = 3

const codesBySub = new WeakMap<DipCatalogue, ReadonlyMap<string, readonly string[]>>()

/**
 * Cases that meet everything a row asks for, one for each of its main operations and related codes; empty where no
 * principal diagnosis of its keys may stand there.
 */
export function casesFor(catalogue: DipCatalogue, group: DipGroup): Case[] {
  const principals = principalsFor(catalogue, group)
  const operations = operationsFor(group)
  const { conditions } = group
  const others = [
    ...(conditions.otherDx === undefined ? [] : codesUnder(catalogue, conditions.otherDx[0]!).slice(0, 1)),
    ...(conditions.burnArea === undefined ? [] : [`T31.${Math.floor(conditions.burnArea[0] / 10)}00`]),
    ...(conditions.drugResistant === true ? [RESISTANCE_MARK] : []),
  ]
  const days = conditions.ageDaysBelow === undefined ? {} : { ageYears: 0, ageDays: conditions.ageDaysBelow - 1 }
  const weight = conditions.weight === undefined ? {} : { weight: Math.max(1, conditions.weight[0]) }
  return principals.flatMap(principal =>
    operations.map(procedures => ({ diagnoses: [principal, ...others], procedures, ...days, ...weight })),
  )
}

function principalsFor(catalogue: DipCatalogue, group: DipGroup): string[] {
  const terms = group.dx.length > 0 ? group.dx : (group.conditions.anyDx ?? ['J18', 'K80', 'I50'])
  return terms
    .flatMap(term =>
      codesUnder(catalogue, term)
        .filter(code => !isExcluded(catalogue, code))
        .slice(0, MOST_CODES),
    )
    .slice(0, 12)
}

/** One list of operations for every main code and every related code of a row. */
function operationsFor({ main, related }: DipGroup): string[][] {
  if (main.length === 0) return [[]]
  const first = related.map(factor => factor[0]!)
  const lists = main.map(code => [code, ...first])
  related.forEach((factor, place) => {
    for (const code of factor.slice(1)) lists.push([main[0]!, ...first.with(place, code)])
  })
  return lists
}

/** Full codes of the dictionary that meet a term, in code order; the term itself where there is none. */
export function codesUnder(catalogue: DipCatalogue, term: string): string[] {
  const index = subIndex(catalogue)
  const found = keysOfTerm(term).flatMap(key => (key.length > 5 ? [key] : (index.get(key) ?? [])))
  return found.length > 0 ? found : keysOfTerm(term).slice(0, 1)
}

/** Full codes by category and by subcategory. */
function subIndex(catalogue: DipCatalogue): ReadonlyMap<string, readonly string[]> {
  const known = codesBySub.get(catalogue)
  if (known !== undefined) return known
  const index = new Map<string, string[]>()
  for (const code of catalogue.diagnoses.codes) {
    const bare = bareDiagnosis(code)
    if (bare.length <= 5) continue
    for (const level of [1, 2] as const) {
      const key = keyAt(bare, level)
      const codes = index.get(key)
      if (codes === undefined) index.set(key, [code])
      else codes.push(code)
    }
  }
  codesBySub.set(catalogue, index)
  return index
}
