import type { Section } from '../drg/sections.ts'
import type { DipLeaf } from './book.ts'
import {
  allOperations,
  distinctCodes,
  factorCount,
  fullFactors,
  matchingSteps,
  namedOperations,
  typeRank,
} from './choose.ts'
import { compileBlocks, firstOperations, mainClasses } from './compile-blocks.ts'
import { createLists, createSets, expanded, type Lists, type Sets } from './compile-lists.ts'
import { comprehensiveOf } from './comprehensive.ts'
import { isResistantPrincipal, propertyNumber } from './facts.ts'
import { bareDiagnosis, KEY_LEVELS, keyAt } from './keys.ts'
import {
  ANYWHERE,
  BLANK,
  CONDITIONAL,
  ROW_AGE,
  ROW_ALL,
  ROW_ANY,
  ROW_AREA,
  ROW_CONDITIONS,
  ROW_FACTOR_COUNT,
  ROW_FACTORS,
  ROW_FLAGS,
  ROW_FULL,
  ROW_LEAF,
  ROW_MAIN,
  ROW_NAMED,
  ROW_OTHER,
  ROW_RESISTS,
  ROW_SHARE,
  ROW_TYPE,
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
import { TIE_STEPS } from './matching.ts'
import { createTermIndex } from './term-index.ts'
import { DIP_TAGS, type DipCatalogue, type PropertyNumber } from './types.ts'
import { asksNoOperation, countsAnywhere, largestBill } from './unmet.ts'

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
      steps: Int32Array.from(catalogue.manifest.matching.tieRule, step => TIE_STEPS.indexOf(step) + 1),
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
  // Lists that only some steps ask for would cost room where they do not.
  const steps = new Set(catalogue.manifest.matching.tieRule)
  groups.forEach((group, row) => {
    const put = (place: number, ...values: number[]): void => rows.set(values, row * ROW_WORDS + place)
    const { conditions, main, related } = group
    const anywhere = countsAnywhere(catalogue, group)
    const blank = main.length === 0 && !asksNoOperation(group)
    const asked = blank ? [] : anywhere && main.length > 0 ? [main, ...related] : related
    const own = asked.map(factor => lists.number(expanded(catalogue, factor)))
    const { otherDx, anyDx, ageDaysBelow, weight, burnArea, drugResistant } = conditions
    const bill = largestBill(catalogue, group)
    const conditional = [bill, otherDx, anyDx, ageDaysBelow, weight, burnArea, drugResistant].some(
      each => each !== undefined,
    )
    put(ROW_LEAF, leaves.rowLeaf(row))
    put(ROW_FACTORS, factors.length)
    put(ROW_FACTOR_COUNT, own.length)
    put(ROW_FLAGS, (anywhere ? ANYWHERE : 0) | (blank ? BLANK : 0) | (conditional ? CONDITIONAL : 0))
    put(ROW_OTHER, sets.number(otherDx))
    put(ROW_ANY, sets.number(anyDx))
    put(ROW_AGE, ageDaysBelow ?? -1)
    put(ROW_WEIGHT, ...(weight ?? [-1, -1]))
    put(ROW_AREA, ...(burnArea ?? [-1, -1]))
    put(ROW_SHARE, bill === undefined ? 0 : 1)
    put(ROW_RESISTS, drugResistant === undefined ? -1 : drugResistant ? 1 : 0)
    put(ROW_CONDITIONS, factorCount(group))
    put(ROW_WIDTH, distinctCodes(group))
    put(ROW_NAMED, own.length === 0 ? -1 : lists.number(namedOperations(catalogue, group)))
    const first = group.layer === 'XQ' && !anywhere && main.length > 0
    put(ROW_MAIN, first ? lists.number(expanded(catalogue, main)) : -1)
    factors.push(...own)
    const listed = steps.has('exact-operations') || steps.has('main-operation')
    put(ROW_ALL, listed && main.length > 0 ? lists.number(allOperations(catalogue, group)) : -1)
    const full = steps.has('full-codes') ? fullFactors(group).map(codes => lists.number(codes)) : []
    put(ROW_FULL, full.length === 0 ? -1 : factors.length)
    factors.push(...full)
    put(ROW_TYPE, steps.has('type-order') ? typeRank(catalogue, group) : 0)
  })
  return {
    rows,
    rowFactors: Int32Array.from(factors),
    rowScore: Float64Array.from(groups, ({ figures }) => figures.score ?? -1),
    rowMean: Float64Array.from(groups, ({ figures }) => figures.meanCost ?? -1),
    rowBill: Float64Array.from(groups, group => largestBill(catalogue, group) ?? -1),
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
  const scopesOf = createTermIndex<number>()
  for (const [key, scope] of scopes) for (const term of key.split('|')) scopesOf.add(term, scope)
  const dxState = new Uint8Array(size)
  const dxClass = new Uint16Array(size)
  const numbers = new Map<string, number>()
  const keys: string[][] = []
  const [resists, listed, scopeBits, classLeaf]: number[][] = [[], [], [], []]
  const tagStart = [0]
  const tagRows: number[] = []
  const tagsOf = createTermIndex<number>()
  for (const [tag, { dx }] of catalogue.lists.tags.entries()) tagsOf.add(dx, tag)
  // `LAYER level key` without the layer, of the layers that a principal diagnosis is looked up in.
  const keyed = new Set([...index.keys()].filter(key => isKeyed(key)).map(key => key.slice(key.indexOf(' ') + 1)))
  const named = namedWhole(catalogue)
  const byStem = new Map<string, number>()
  const formsLeaves = catalogue.manifest.matching.comprehensive !== 'none'
  for (let id = 1; id < size; id++) {
    const code = diagnoses.codes[id]!
    const bare = bareDiagnosis(code)
    dxState[id] = isExcluded(catalogue, code) ? 2 : 1
    // Codes that no list or row names whole are like all others of their subcategory.
    const stem = code === bare && !named.has(bare) ? keyAt(bare, 2) : ''
    const alike = stem === '' ? undefined : byStem.get(stem)
    if (alike !== undefined) {
      dxClass[id] = alike
      continue
    }
    const own = KEY_LEVELS.map(level => `${level} ${keyAt(bare, level)}`).filter(key => keyed.has(key))
    const bits = new Int32Array(scopeWords)
    for (const scope of scopesOf.of(code)) bits[scope >> 5]! |= 1 << (scope & 31)
    const leafOf = PROPERTIES.map(property => {
      const found = formsLeaves ? comprehensiveOf(catalogue, code, property) : undefined
      return found === undefined ? 0 : leaves.of(found.code, found.name, 'comprehensive')
    })
    const tags = [...new Set(tagsOf.of(code))].sort((a, b) => a - b)
    const resistant = isResistantPrincipal(catalogue, code) ? 1 : 0
    const key = `${own.join('|')}/${bits.join(' ')}/${leafOf.join(' ')}/${resistant}/${tags.join(' ')}`
    let number = numbers.get(key)
    if (number === undefined) {
      number = keys.length
      numbers.set(key, number)
      keys.push(own)
      resists!.push(resistant)
      listed!.push(own.length > 0 ? 1 : 0)
      scopeBits!.push(...bits)
      classLeaf!.push(...leafOf)
      for (const { tag, operations, minDays } of tags.map(place => catalogue.lists.tags[place]!)) {
        tagRows.push(DIP_TAGS.indexOf(tag), operations.length === 0 ? -1 : lists.number(operations), minDays ?? -1)
      }
      tagStart.push(tagRows.length)
    }
    dxClass[id] = number
    if (stem !== '') byStem.set(stem, number)
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

/** Full codes that rows or lists name, whose cases may differ from others of their subcategory. */
function namedWhole({ groups, lists }: DipCatalogue): ReadonlySet<string> {
  const terms = [
    ...groups.flatMap(({ dx }) => dx),
    ...lists.tags.map(({ dx }) => dx),
    ...[...lists.excludedOperations.values()].flatMap(({ scope }) => scope),
    ...lists.drugResistant,
  ]
  return new Set(terms.map(bareDiagnosis))
}

function isKeyed(key: string): boolean {
  return KEYED_LAYERS.some(layer => key.startsWith(`${layer} `))
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
