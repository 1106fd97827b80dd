import type { Dictionary } from '../codes/dictionary.ts'
import {
  type AuxiliaryClass,
  type AuxiliaryPack,
  type AuxiliaryType,
  BOUNDED,
  type Bounds,
  type CciRow,
} from './auxiliary-types.ts'
import { bareDiagnosis, categoryOf } from './keys.ts'
import { createTermIndex } from './term-index.ts'

/** Whole-number facts of a case, by position; −1 = not known. Lists follow: other in list k, any in list k. */
export const FACT: {
  readonly died: number
  readonly malignantOther: number
  readonly mcc: number
  readonly cc: number
  readonly bounded: number
  readonly lists: number
} = {
  died: 0,
  malignantOther: 1,
  mcc: 2,
  cc: 3,
  bounded: 4,
  lists: 4 + BOUNDED.length,
}

/** A pack compiled against a dictionary of diagnoses: tables by code id, classes as bounds on facts. */
export interface AuxiliaryPlan {
  readonly pack: AuxiliaryPack
  readonly factCount: number
  readonly listCount: number
  /** Bits of the lists that a code is on. */
  readonly listBits: Uint32Array
  readonly malignant: Uint8Array
  /** Number of the category of a code. */
  readonly category: Uint16Array
  /** Diseases of the index that code `id` means: [cciStart[id], cciStart[id + 1]). */
  readonly cciStart: Uint32Array
  readonly cciDisease: Uint8Array
  readonly cciWeight: Uint8Array
  readonly diseases: number
  readonly icuBegun: boolean
  /** 2 MCC, 1 CC, 0 none; number of the exclusion table of a code, 0 = none. */
  readonly complication: Uint8Array
  readonly exclusionTable: Uint16Array
  /** Bit `id` of row `table`: the principal diagnosis is in the exclusion table. */
  readonly exclusions: Uint32Array
  readonly exclusionWidth: number
  /** By type: 0 all, 1 malignant, 2 not malignant. */
  readonly scope: Uint8Array
  /** Classes of type t: [classStart[t], classStart[t + 1]); tests of class c: [testStart[c], testStart[c + 1]). */
  readonly classStart: Uint32Array
  readonly testStart: Uint32Array
  readonly testFact: Uint8Array
  readonly testFrom: Int32Array
  readonly testTo: Int32Array
}

const MOST_LISTS = 32
const MOST = 0x7fff_ffff

/** Compiles a pack for cases whose diagnoses are ids of `diagnoses`. */
export function planAuxiliary(pack: AuxiliaryPack, diagnoses: Dictionary): AuxiliaryPlan {
  const { codes } = diagnoses
  const names = [...pack.lists.keys()]
  if (names.length > MOST_LISTS) throw new RangeError(`${names.length} lists, at most ${MOST_LISTS} are possible`)
  const listBits = new Uint32Array(codes.length)
  const malignant = new Uint8Array(codes.length)
  const category = new Uint16Array(codes.length)
  const categories = new Map<string, number>()
  const onLists = createTermIndex<number>()
  for (const [k, list] of [...pack.lists.values()].entries()) {
    for (const term of list.terms) onLists.add(term, k)
    for (const code of list.codes) onLists.addCode(code, k)
  }
  const tumours = createTermIndex<true>()
  for (const term of pack.malignant) tumours.add(term, true)
  for (let id = 1; id < codes.length; id++) {
    const code = codes[id]!
    for (const k of onLists.of(code)) listBits[id]! |= 1 << k
    malignant[id] = tumours.of(code).length > 0 ? 1 : 0
    const name = categoryOf(code)
    const number = categories.get(name) ?? categories.size + 1
    categories.set(name, number)
    category[id] = number
  }
  return {
    pack,
    factCount: FACT.lists + 2 * names.length,
    listCount: names.length,
    listBits,
    malignant,
    category,
    ...indexTables(pack, codes),
    icuBegun: pack.icuDays === 'begun',
    ...complicationTables(pack, diagnoses),
    ...testsOf(pack.types, names),
  }
}

type Keys<T extends keyof AuxiliaryPlan> = Pick<AuxiliaryPlan, T>

function indexTables(
  { cci }: AuxiliaryPack,
  codes: readonly string[],
): Keys<'cciStart' | 'cciDisease' | 'cciWeight' | 'diseases'> {
  const diseases = [...new Set(cci.map(row => row.disease))]
  if (diseases.length > 255) throw new RangeError(`${diseases.length} diseases in the index, at most 255 are possible`)
  const index = createTermIndex<CciRow>()
  for (const row of cci) {
    // A code with its marks must be equal; anything else is a term.
    if (row.term === bareDiagnosis(row.term)) index.add(row.term, row)
    else index.addCode(row.term, row)
  }
  const cciStart = new Uint32Array(codes.length + 1)
  const disease: number[] = []
  const weight: number[] = []
  codes.forEach((code, id) => {
    if (id > 0) {
      for (const row of index.of(code)) {
        disease.push(diseases.indexOf(row.disease))
        weight.push(row.weight)
      }
    }
    cciStart[id + 1] = disease.length
  })
  return {
    cciStart,
    cciDisease: Uint8Array.from(disease),
    cciWeight: Uint8Array.from(weight),
    diseases: diseases.length,
  }
}

function complicationTables(
  { complications }: AuxiliaryPack,
  { codes, ids }: Dictionary,
): Keys<'complication' | 'exclusionTable' | 'exclusions' | 'exclusionWidth'> {
  const complication = new Uint8Array(codes.length)
  const exclusionTable = new Uint16Array(codes.length)
  const tables = [...(complications?.exclusions.keys() ?? [])]
  const exclusionWidth = (codes.length + 31) >> 5
  const exclusions = new Uint32Array((tables.length + 1) * exclusionWidth)
  const numbers = new Map(tables.map((table, i) => [table, i + 1]))
  for (const [code, { level, table }] of complications?.complications ?? []) {
    const id = ids.get(code)
    if (id === undefined) continue
    complication[id] = level === 'MCC' ? 2 : 1
    exclusionTable[id] = numbers.get(table) ?? 0
  }
  for (const [table, excluded] of complications?.exclusions ?? []) {
    const row = numbers.get(table)! * exclusionWidth
    for (const code of excluded) {
      const id = ids.get(code)
      if (id !== undefined) exclusions[row + (id >> 5)]! |= 1 << (id & 31)
    }
  }
  return { complication, exclusionTable, exclusions, exclusionWidth }
}

function testsOf(
  types: readonly AuxiliaryType[],
  lists: readonly string[],
): Keys<'scope' | 'classStart' | 'testStart' | 'testFact' | 'testFrom' | 'testTo'> {
  const classes = types.flatMap(type => type.classes)
  const tests = classes.map(one => testsOfClass(one, lists))
  const running = (counts: readonly number[]): Uint32Array => {
    const starts = new Uint32Array(counts.length + 1)
    counts.forEach((count, i) => {
      starts[i + 1] = starts[i]! + count
    })
    return starts
  }
  const all = tests.flat()
  return {
    scope: Uint8Array.from(types, ({ scope }) => (scope === 'all' ? 0 : scope === 'malignant' ? 1 : 2)),
    classStart: running(types.map(type => type.classes.length)),
    testStart: running(tests.map(rows => rows.length)),
    testFact: Uint8Array.from(all, ([fact]) => fact),
    testFrom: Int32Array.from(all, ([, from]) => from),
    testTo: Int32Array.from(all, ([, , to]) => to),
  }
}

/** [fact, first, last] for everything that the class asks for. */
function testsOfClass({ when }: AuxiliaryClass, lists: readonly string[]): [number, number, number][] {
  const tests: [number, number, number][] = []
  const flag = (fact: number, wanted: boolean): void => {
    tests.push(wanted ? [fact, 1, 1] : [fact, 0, 0])
  }
  BOUNDED.forEach((name, i) => {
    const bounds: Bounds | undefined = when[name]
    if (bounds !== undefined) tests.push([FACT.bounded + i, bounds.from ?? 0, bounds.to ?? MOST])
  })
  if (when.died !== undefined) flag(FACT.died, when.died)
  if (when.malignantOther !== undefined) flag(FACT.malignantOther, when.malignantOther)
  if (when.complication !== undefined) flag(when.complication === 'MCC' ? FACT.mcc : FACT.cc, true)
  if (when.otherIn !== undefined) flag(FACT.lists + lists.indexOf(when.otherIn), true)
  if (when.diagnosisIn !== undefined) flag(FACT.lists + lists.length + lists.indexOf(when.diagnosisIn), true)
  return tests
}
