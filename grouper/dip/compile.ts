import type { Section } from '../drg/sections.ts'
import type { DipLeaf } from './book.ts'
import { RESISTANCE_MARK } from './catalogue.ts'
import { distinctCodes, factorCount, matchingSteps, namedOperations } from './choose.ts'
import { comprehensiveOf } from './comprehensive.ts'
import { burnAreaOf, isResistantPrincipal, propertyNumber } from './facts.ts'
import { bareDiagnosis, categoryOf, KEY_LEVELS, keyAt, meetsTerm } from './keys.ts'
import {
  ANYWHERE,
  BLANK,
  CONDITIONAL,
  CONSERVATIVE,
  OTHER_MAIN,
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
  slotOf,
} from './layout.ts'
import { isExcluded, KEYED_LAYERS, rowIndex } from './match.ts'
import { DIP_TAGS, type DipCatalogue, type DipGroup, type PropertyNumber, type TieStep } from './types.ts'
import { asksNoOperation, countsAnywhere, operationsNamed } from './unmet.ts'

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

/** Sets of operations that rows ask for, numbered; equal ones once. */
interface Lists {
  number(codes: Iterable<string>): number
  finish(): { words: number; sections: Record<string, Section> }
}

function createLists({ procedures }: DipCatalogue): Lists {
  const numbers = new Map<string, number>()
  const members: string[][] = []
  return {
    number(codes) {
      const sorted = [...new Set(codes)].sort()
      const key = sorted.join(' ')
      let number = numbers.get(key)
      if (number === undefined) {
        number = members.length
        numbers.set(key, number)
        members.push(sorted)
      }
      return number
    },
    finish() {
      const words = Math.max(1, Math.ceil(members.length / 32))
      const of = new Map<string, number[]>()
      members.forEach((codes, list) => {
        for (const code of codes) of.set(code, [...(of.get(code) ?? []), list])
      })
      const classes = new Map<string, number>([['', 0]])
      const bits: number[][] = [[]]
      const pxClass = new Uint16Array(procedures.codes.length)
      for (const [code, inLists] of of) {
        const key = inLists.join(' ')
        let number = classes.get(key)
        if (number === undefined) {
          number = bits.length
          classes.set(key, number)
          bits.push(inLists)
        }
        const id = procedures.ids.get(code)
        if (id !== undefined) pxClass[id] = number
      }
      const pxLists = new Int32Array(bits.length * words)
      bits.forEach((inLists, number) => {
        for (const list of inLists) pxLists[number * words + (list >> 5)]! |= 1 << (list & 31)
      })
      return { words, sections: { pxClass, pxLists } }
    },
  }
}

/** Sets of diagnosis terms, numbered. */
interface Sets {
  number(terms: readonly string[] | undefined): number
  finish(catalogue: DipCatalogue): { words: number; sections: Record<string, Section> }
}

function createSets(): Sets {
  const numbers = new Map<string, number>()
  const members: (readonly string[])[] = []
  return {
    number(terms) {
      if (terms === undefined) return -1
      const key = terms.join('|')
      let number = numbers.get(key)
      if (number === undefined) {
        number = members.length
        numbers.set(key, number)
        members.push(terms)
      }
      return number
    },
    finish({ diagnoses }) {
      const words = Math.max(1, Math.ceil(members.length / 32))
      const size = diagnoses.codes.length
      const dxSets = new Int32Array(size * words)
      const dxArea = new Uint8Array(size)
      const dxResists = new Uint8Array(size)
      for (let id = 1; id < size; id++) {
        const code = diagnoses.codes[id]!
        members.forEach((terms, set) => {
          if (terms.some(term => meetsTerm(code, term))) dxSets[id * words + (set >> 5)]! |= 1 << (set & 31)
        })
        dxArea[id] = burnAreaOf(code) < 0 ? 0 : burnAreaOf(code) / 10 + 1
        dxResists[id] = bareDiagnosis(code) === RESISTANCE_MARK ? 1 : 0
      }
      return { words, sections: { dxSets, dxArea, dxResists } }
    },
  }
}

/** Codes that listed operations stand for. */
function expanded(catalogue: DipCatalogue, listed: readonly string[]): string[] {
  return listed.flatMap(code => operationsNamed(catalogue, code))
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

/** Classes of main operations: codes that are main in the same rows share one; 0 = in none. */
interface MainClasses {
  readonly classes: Uint16Array
  /** Classes that the main operations of a row belong to. */
  readonly ofRow: ReadonlyMap<DipGroup, ReadonlySet<number>>
}

function mainClasses(catalogue: DipCatalogue): MainClasses {
  const { procedures, groups } = catalogue
  const rowsOf = new Map<string, number[]>()
  groups.forEach((group, row) => {
    if (countsAnywhere(catalogue, group) || group.layer === 'XQ') return
    for (const code of new Set(expanded(catalogue, group.main))) rowsOf.set(code, [...(rowsOf.get(code) ?? []), row])
  })
  const classes = new Uint16Array(procedures.codes.length)
  const numbers = new Map<string, number>()
  const ofRow = new Map<DipGroup, Set<number>>()
  for (const [code, rows] of rowsOf) {
    const key = rows.join(' ')
    const number = numbers.get(key) ?? numbers.size + 1
    numbers.set(key, number)
    const id = procedures.ids.get(code)
    if (id !== undefined) classes[id] = number
    for (const row of rows) ofRow.set(groups[row]!, (ofRow.get(groups[row]!) ?? new Set()).add(number))
  }
  return { classes, ofRow }
}

/** Operations that some row of 先期 names. */
function firstOperations(catalogue: DipCatalogue): Uint8Array {
  const { procedures, groups } = catalogue
  const flags = new Uint8Array(procedures.codes.length)
  for (const { layer, main, related } of groups) {
    if (layer !== 'XQ') continue
    for (const code of expanded(catalogue, [...main, ...related.flat()])) {
      const id = procedures.ids.get(code)
      if (id !== undefined) flags[id] = 1
    }
  }
  return flags
}

/** The blocks of rows to try for each class of diagnoses and main operations, and the look-up of them. */
function compileBlocks(
  catalogue: DipCatalogue,
  classKeys: readonly (readonly string[])[],
  mains: MainClasses,
  numbers: ReadonlyMap<DipGroup, number>,
): { sections: Record<string, Section>; largest: number } {
  const index = rowIndex(catalogue)
  const { auxiliaryFallback, conservativeFallback } = catalogue.manifest.matching
  const entries: [number, number][] = []
  // Place 0 is "nothing to try".
  const blocks: number[] = [0]
  const places = new Map<string, number>()
  let largest = 1
  const placeOf = (parts: readonly { rows: readonly DipGroup[]; byConditions: boolean }[]): number => {
    const words = parts
      .filter(({ rows }) => rows.length > 0)
      .flatMap(({ rows, byConditions }) => {
        largest = Math.max(largest, rows.length)
        return [rows.length, byConditions ? 1 : 0, ...rows.map(row => numbers.get(row)!)]
      })
    if (words.length === 0) return 0
    const key = words.join(' ')
    let place = places.get(key)
    if (place === undefined) {
      place = blocks.length
      places.set(key, place)
      blocks.push(...words, 0)
    }
    return place
  }
  classKeys.forEach((keys, number) => {
    if (keys.length === 0) return
    const under = (layer: string): DipGroup[][] => keys.map(key => [...(index.get(`${layer} ${key}`) ?? [])])
    const blank = (layer: string): { rows: DipGroup[]; byConditions: boolean }[] =>
      under(layer).map(rows => ({ rows: rows.filter(({ main }) => main.length === 0), byConditions: true }))
    const partsFor = (main: number): { rows: DipGroup[]; byConditions: boolean }[] => {
      const takes = (row: DipGroup): boolean =>
        row.main.length === 0
          ? main === CONSERVATIVE
          : countsAnywhere(catalogue, row) || (mains.ofRow.get(row)?.has(main) ?? false)
      const falls = main !== CONSERVATIVE
      return [
        ...KEYED_LAYERS.flatMap(layer => [
          ...under(layer).map(rows => ({ rows: rows.filter(takes), byConditions: false })),
          ...(layer === 'FZ' && falls && auxiliaryFallback === 'blank-row' ? blank(layer) : []),
        ]),
        ...(falls && conservativeFallback === 'core' ? KEYED_LAYERS.flatMap(blank) : []),
      ]
    }
    const all = KEYED_LAYERS.flatMap(under).flat()
    const classes = new Set(all.flatMap(row => [...(mains.ofRow.get(row) ?? [])]))
    for (const main of [CONSERVATIVE, OTHER_MAIN, ...classes]) {
      const place = placeOf(partsFor(main))
      // An empty entry of a listed main operation must not fall back to the one for others.
      if (place > 0 || classes.has(main)) entries.push([(number << 16) | main, place])
    }
  })
  const slotCount = 1 << Math.ceil(Math.log2(entries.length * 2 + 16))
  const slotKeys = new Int32Array(slotCount)
  const slotPlaces = new Int32Array(slotCount).fill(-1)
  for (const [key, place] of entries) {
    let slot = slotOf(key, slotCount - 1)
    while (slotPlaces[slot] !== -1) slot = (slot + 1) & (slotCount - 1)
    slotKeys[slot] = key
    slotPlaces[slot] = place
  }
  return { sections: { slotKeys, slotPlaces, blocks: Int32Array.from(blocks) }, largest }
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
