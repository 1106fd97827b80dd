import type { Section } from '../drg/sections.ts'
import { expanded } from './compile-lists.ts'
import { BLOCK_BLANK, BLOCK_UNLESS_SURGERY, BLOCK_WHOLE, CONSERVATIVE, OTHER_MAIN, slotOf } from './layout.ts'
import { KEYED_LAYERS, rowIndex } from './match.ts'
import type { DipCatalogue, DipGroup } from './types.ts'
import { countsAnywhere } from './unmet.ts'

/** Classes of main operations: codes that are main in the same rows share one; 0 = in none. */
export interface MainClasses {
  readonly classes: Uint16Array
  /** Classes that the main operations of a row belong to. */
  readonly ofRow: ReadonlyMap<DipGroup, ReadonlySet<number>>
}

/** The classes of main operations of a catalogue. */
export function mainClasses(catalogue: DipCatalogue): MainClasses {
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
export function firstOperations(catalogue: DipCatalogue): Uint8Array {
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

/** Rows that are tried together, and what the kernel asks of them. */
interface Part {
  readonly rows: readonly DipGroup[]
  /** One of the `BLOCK_…` marks. */
  readonly mark: number
}

/** The blocks of rows to try for each class of diagnoses and main operations, and the look-up of them. */
export function compileBlocks(
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
  const placeOf = (parts: readonly Part[]): number => {
    const words = parts
      .filter(({ rows }) => rows.length > 0)
      .flatMap(({ rows, mark }) => {
        largest = Math.max(largest, rows.length)
        return [rows.length, mark, ...rows.map(row => numbers.get(row)!)]
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
    const blank = (layer: string, mark = BLOCK_BLANK): Part[] =>
      under(layer).map(rows => ({ rows: rows.filter(({ main }) => main.length === 0), mark }))
    const fallback = conservativeFallback === 'core' ? BLOCK_BLANK : BLOCK_UNLESS_SURGERY
    const partsFor = (main: number): Part[] => {
      const takes = (row: DipGroup): boolean =>
        row.main.length === 0
          ? main === CONSERVATIVE
          : countsAnywhere(catalogue, row) || (mains.ofRow.get(row)?.has(main) ?? false)
      const falls = main !== CONSERVATIVE
      return [
        ...KEYED_LAYERS.flatMap(layer => [
          ...under(layer).map(rows => ({ rows: rows.filter(takes), mark: BLOCK_WHOLE })),
          ...(layer === 'FZ' && falls && auxiliaryFallback === 'blank-row' ? blank(layer) : []),
        ]),
        ...(falls && conservativeFallback !== 'none' ? KEYED_LAYERS.flatMap(layer => blank(layer, fallback)) : []),
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
