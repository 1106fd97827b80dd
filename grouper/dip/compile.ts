import type { Section } from '../drg/sections.ts'
import type { DipLeaf } from './book.ts'
import { distinctCodes, factorCount, matchingSteps, namedOperations } from './choose.ts'
import { compileBlocks, firstOperations, mainClasses } from './compile-blocks.ts'
import { createLists, createSets, expanded, type Lists, type Sets } from './compile-lists.ts'
import { comprehensiveOf } from './comprehensive.ts'
import { isResistantPrincipal, propertyNumber } from './facts.ts'
import { bareDiagnosis, categoryOf, KEY_LEVELS, keyAt, meetsTerm } from './keys.ts'
import {
  ANYWHERE,
  BLANK,
  CONDITIONAL,
  ROW_AGE,
  ROW_ANY,
  ROW_AREA,
  ROW_CONDITIONS,
  ROW_FACTOR_COUNT,
  ROW_FACTORS,
  ROW_FLAGS,
  ROW_LEAF,
  ROW_MAIN,
  ROW_NAMED,
  ROW_OTHER,
  ROW_RESISTS,
  ROW_WEIGHT,
  ROW_WIDTH,
  ROW_WORDS,
  SET_ANY_MAIN,
  SET_BLANK_LEAF,
  SET_DROPPED_ENDS,
  SET_FIRST_AGE,
  SET_HIGHEST,
  SET_LARGEST_BLOCK,
  SET_LEADING_STEPS,
  SET_LIMITED_ENDS,
  SETTINGS,
} from './layout.ts'
import { isExcluded, KEYED_LAYERS, rowIndex } from './match.ts'
import { DIP_TAGS, type DipCatalogue, type PropertyNumber, type TieStep } from './types.ts'
import { asksNoOperation, countsAnywhere } from './unmet.ts'

/** Steps of a tie rule in the order of their numbers, from 1. */
export const STEP_NAMES: readonly TieStep[] = [
  'most-conditions',
  'most-operations',
  'narrowest',
  'highest-score',
  'closest-cost',
]

const PROPERTIES: readonly PropertyNumber[] = [1, 2, 3, 4]

/** What a catalogue is compiled into: the leaves from 1 on, and the sections of a `DipBook`. */
export function compileCatalogue(catalogue: DipCatalogue): { leaves: DipLeaf[]; sections: Record<string, Section> } {
  const leaves = createLeaves(catalogue)
  const lists = createLists(catalogue)
  const sets = createSets()
  const numbers = new Map(catalogue.groups.map((group, row) => [group, row]))
  const rows = compileRows(catalogue, leaves, lists, sets)
  const scopes = new Map<string, number>()
  const operations = compileOperations(catalogue, scopes)
  const classes = compileClasses(catalogue, { leaves, lists, scopes })
  const mains = mainClasses(catalogue)
  const look = compileBlocks(catalogue, classes.keys, mains, numbers)
  const settings = settingsOf(catalogue, leaves)
  settings[SET_LARGEST_BLOCK] = look.largest
  const first = catalogue.groups.flatMap((group, row) => (group.layer === 'XQ' ? [row] : []))
  const px = lists.finish()
  const dx = sets.finish(catalogue)
  return {
    leaves: leaves.all,
    sections: {
      ...rows,
      ...operations,
      ...classes.sections,
      ...look.sections,
      pxMain: mains.classes,
      pxFirst: firstOperations(catalogue),
      ...px.sections,
      ...dx.sections,
      firstRows: Int32Array.from(first),
      steps: Int32Array.from(catalogue.manifest.matching.tieRule, step => STEP_NAMES.indexOf(step) + 1),
      settings,
      sizes: Int32Array.of(dx.words, classes.scopeWords, px.words),
    },
  }
}

interface Leaves {
  readonly all: DipLeaf[]
  /** Leaf of a code, from 1. */
  of(code: string, name: string, type: 'comprehensive' | 'blank'): number
  rowLeaf(row: number): number
}

/** Leaves of all groups first, then those that matching forms. */
function createLeaves({ groups }: DipCatalogue): Leaves {
  const all: DipLeaf[] = groups.map(({ code, name, layer }) => {
    return { code, name, layer, type: layer === 'ZH' ? 'comprehensive' : 'core' }
  })
  const byCode = new Map(all.map((leaf, index) => [leaf.code, index + 1]))
  return {
    all,
    rowLeaf: row => row + 1,
    of(code, name, type) {
      const key = type === 'blank' ? `blank ${code}` : code
      let leaf = byCode.get(key)
      if (leaf === undefined) {
        all.push({ code, name, layer: type === 'blank' ? '' : 'ZH', type })
        leaf = all.length
        byCode.set(key, leaf)
      }
      return leaf
    },
  }
}

function compileRows(catalogue: DipCatalogue, leaves: Leaves, lists: Lists, sets: Sets): Record<string, Section> {
  const { groups } = catalogue
  const rows = new Int32Array(groups.length * ROW_WORDS)
  const factors: number[] = []
  groups.forEach((group, row) => {
    const put = (place: number, ...values: number[]): void => rows.set(values, row * ROW_WORDS + place)
    const { conditions, main, related } = group
    const anywhere = countsAnywhere(catalogue, group)
    const blank = main.length === 0 && !asksNoOperation(group)
    const asked = blank ? [] : anywhere && main.length > 0 ? [main, ...related] : related
    const own = asked.map(factor => lists.number(expanded(catalogue, factor)))
    const { otherDx, anyDx, ageDaysBelow, weight, burnArea, drugResistant } = conditions
    const conditional = [otherDx, anyDx, ageDaysBelow, weight, burnArea, drugResistant].some(each => each !== undefined)
    put(ROW_LEAF, leaves.rowLeaf(row))
    put(ROW_FACTORS, factors.length)
    put(ROW_FACTOR_COUNT, own.length)
    put(ROW_FLAGS, (anywhere ? ANYWHERE : 0) | (blank ? BLANK : 0) | (conditional ? CONDITIONAL : 0))
    put(ROW_OTHER, sets.number(otherDx))
    put(ROW_ANY, sets.number(anyDx))
    put(ROW_AGE, ageDaysBelow ?? -1)
    put(ROW_WEIGHT, ...(weight ?? [-1, -1]))
    put(ROW_AREA, ...(burnArea ?? [-1, -1]))
    put(ROW_RESISTS, drugResistant === undefined ? -1 : drugResistant ? 1 : 0)
    put(ROW_CONDITIONS, factorCount(group))
    put(ROW_WIDTH, distinctCodes(group))
    put(ROW_NAMED, own.length === 0 ? -1 : lists.number(namedOperations(catalogue, group)))
    const first = group.layer === 'XQ' && !anywhere && main.length > 0
    put(ROW_MAIN, first ? lists.number(expanded(catalogue, main)) : -1)
    factors.push(...own)
  })
  return {
    rows,
    rowFactors: Int32Array.from(factors),
    rowScore: Float64Array.from(groups, ({ figures }) => figures.score ?? -1),
    rowMean: Float64Array.from(groups, ({ figures }) => figures.meanCost ?? -1),
  }
}

function compileOperations(catalogue: DipCatalogue, scopes: Map<string, number>): Record<string, Section> {
  const { procedures, lists, manifest } = catalogue
  const size = procedures.codes.length
  const pxUse = new Uint8Array(size)
  const pxProperty = new Uint8Array(size).fill(1)
  const pxNone = new Uint8Array(size)
  for (const { code, rule, scope } of lists.excludedOperations.values()) {
    const key = scope.join('|')
    if (rule === 'limited' && !scopes.has(key)) scopes.set(key, scopes.size)
    if (scopes.size > 250) throw new RangeError('more than 250 ranges of limited operations')
    pxUse[procedures.ids.get(code)!] = rule === 'not-main' ? 1 : rule === 'conservative' ? 2 : 3 + scopes.get(key)!
  }
  for (const [code, property] of lists.properties) {
    const id = procedures.ids.get(code)!
    pxProperty[id] = propertyNumber(property, manifest.matching.intervention)
    pxNone[id] = property === 'none' ? 1 : 0
  }
  return { pxUse, pxProperty, pxNone }
}

/** What a class of principal diagnoses has in common. */
interface Classes {
  /** Keys of each class with rows, the longest first: `level key`. */
  readonly keys: readonly (readonly string[])[]
  readonly scopeWords: number
  readonly sections: Record<string, Section>
}

function compileClasses(
  catalogue: DipCatalogue,
  { leaves, lists, scopes }: { leaves: Leaves; lists: Lists; scopes: ReadonlyMap<string, number> },
): Classes {
  const { diagnoses } = catalogue
  const index = rowIndex(catalogue)
  const size = diagnoses.codes.length
  const scopeWords = Math.max(1, Math.ceil(scopes.size / 32))
  const scopeTerms = [...scopes.keys()].map(key => key.split('|'))
  const dxState = new Uint8Array(size)
  const dxClass = new Uint16Array(size)
  const numbers = new Map<string, number>()
  const keys: string[][] = []
  const [resists, listed, scopeBits, classLeaf]: number[][] = [[], [], [], []]
  const tagStart = [0]
  const tagRows: number[] = []
  const tagsByKey = Map.groupBy(catalogue.lists.tags, ({ dx }) => categoryOf(dx))
  for (let id = 1; id < size; id++) {
    const code = diagnoses.codes[id]!
    const bare = bareDiagnosis(code)
    dxState[id] = isExcluded(catalogue, code) ? 2 : 1
    const own = KEY_LEVELS.map(level => `${level} ${keyAt(bare, level)}`).filter(key =>
      KEYED_LAYERS.some(layer => index.has(`${layer} ${key}`)),
    )
    const bits = new Int32Array(scopeWords)
    scopeTerms.forEach((terms, scope) => {
      if (terms.some(term => meetsTerm(code, term))) bits[scope >> 5]! |= 1 << (scope & 31)
    })
    const leafOf = PROPERTIES.map(property => {
      const found = comprehensiveOf(catalogue, code, property)
      return found === undefined ? 0 : leaves.of(found.code, found.name, 'comprehensive')
    })
    const tags = tagsOfCode(code, tagsByKey)
    const resistant = isResistantPrincipal(catalogue, code) ? 1 : 0
    const tagKey = tags.map(tag => catalogue.lists.tags.indexOf(tag)).join(' ')
    const key = [own.join('|'), bits.join(' '), leafOf.join(' '), resistant, tagKey].join('/')
    let number = numbers.get(key)
    if (number === undefined) {
      number = keys.length
      numbers.set(key, number)
      keys.push(own)
      resists!.push(resistant)
      listed!.push(own.length > 0 ? 1 : 0)
      scopeBits!.push(...bits)
      classLeaf!.push(...leafOf)
      for (const { tag, operations, minDays } of tags) {
        tagRows.push(DIP_TAGS.indexOf(tag), operations.length === 0 ? -1 : lists.number(operations), minDays ?? -1)
      }
      tagStart.push(tagRows.length)
    }
    dxClass[id] = number
  }
  return {
    keys,
    scopeWords,
    sections: {
      dxState,
      dxClass,
      clResists: Uint8Array.from(resists!),
      clListed: Uint8Array.from(listed!),
      clScopes: Int32Array.from(scopeBits!),
      clLeaf: Uint16Array.from(classLeaf!),
      tagStart: Int32Array.from(tagStart),
      tagRows: Int32Array.from(tagRows),
    },
  }
}

type TagRows = DipCatalogue['lists']['tags']

/** The marks whose diagnosis term a code meets; ranges are looked through too, which lists of marks hardly have. */
function tagsOfCode(code: string, byCategory: ReadonlyMap<string, TagRows>): TagRows {
  const rows = [...(byCategory.get(categoryOf(code)) ?? [])]
  for (const others of byCategory.values()) for (const row of others) if (row.dx.includes('-')) rows.push(row)
  return [...new Set(rows)].filter(({ dx }) => meetsTerm(code, dx))
}

function settingsOf(catalogue: DipCatalogue, leaves: Leaves): Int32Array {
  const { matching } = catalogue.manifest
  const settings = new Int32Array(SETTINGS)
  settings[SET_ANY_MAIN] = matching.mainOperation === 'any' ? 1 : 0
  settings[SET_DROPPED_ENDS] = matching.droppedOperation === 'conservative' ? 1 : 0
  settings[SET_LIMITED_ENDS] = matching.limitedOperation === 'conservative' ? 1 : 0
  settings[SET_HIGHEST] = matching.comprehensiveBy === 'highest' ? 1 : 0
  settings[SET_BLANK_LEAF] = matching.blankGroup === undefined ? 0 : leaves.of(matching.blankGroup, '空白病组', 'blank')
  settings[SET_LEADING_STEPS] = matchingSteps(matching.tieRule)
  const free = catalogue.groups.filter(group => group.layer === 'XQ' && group.main.length === 0)
  const ages = free.map(({ conditions }) => conditions.ageDaysBelow)
  settings[SET_FIRST_AGE] =
    free.length === 0 ? -1 : ages.some(age => age === undefined) ? -2 : Math.max(...ages.map(age => age ?? 0))
  return settings
}
