import type { Case } from '../cases/case.ts'
import { type Chosen, chooseRow } from './choose.ts'
import { type Comprehensive, comprehensiveOf } from './comprehensive.ts'
import { caseProperty, type DipFacts, dipFacts, knownStem, knowsDiagnosis, tagsOf } from './facts.ts'
import { bareDiagnosis, KEY_LEVELS, keyAt, keysOfTerm, levelOf } from './keys.ts'
import { type DipOutcome, type DipReason, type DipStatus, NO_DIP_GROUP } from './outcome.ts'
import type { DipCatalogue, DipGroup, DipLayer } from './types.ts'
import { type Unmet, unmetBy, unmetConditions } from './unmet.ts'

/**
 * The literal matcher: the meaning of a catalogue, reading its rows as they are written, one case at a time. The kernel
 * must agree with it.
 */

/** One row that was tried, and what the case lacks for it. */
export interface TriedRow {
  readonly group: DipGroup
  readonly unmet: readonly Unmet[]
}

/** One look into a layer: the rows under one key of the case. */
export interface TriedLayer {
  readonly layer: DipLayer
  /** The key of the case; '' for rows of any diagnosis. */
  readonly key: string
  /** fits: rows met whole; fallback: the row without operation, because no other fitted. */
  readonly how: 'fits' | 'fallback'
  readonly rows: readonly TriedRow[]
  /** Absent where no row fitted. */
  readonly chosen?: Chosen
}

/** Everything about the way of one case through a catalogue. */
export interface DipMatch {
  readonly outcome: DipOutcome
  /** The chosen row; absent for formed comprehensive groups and for cases in no group. */
  readonly group?: DipGroup
  /** Name of the group; '' where it has none. */
  readonly name: string
  /** The diagnosis key under which the row was found; '' for rows of any diagnosis and cases in no group. */
  readonly key: string
  /** Absent for a case without a diagnosis that can be read. */
  readonly facts?: DipFacts
  readonly tried: readonly TriedLayer[]
}

/** The core layers that are keyed by principal diagnosis, in order of trial. */
export const KEYED_LAYERS = ['BX', 'FZ', 'JC'] as const

/** Groups one case; `totalCost`, `losDays`, ages and weight count only where rows or rules ask for them. */
export function matchCase(catalogue: DipCatalogue, given: Case): DipOutcome {
  return traceCase(catalogue, given).outcome
}

/** Groups one case and keeps what was tried on the way. */
export function traceCase(catalogue: DipCatalogue, given: Case): DipMatch {
  const principal = given.diagnoses[0] ?? ''
  if (principal.trim() === '') return stopped('invalid', 'principal-missing')
  if (!knowsDiagnosis(catalogue, principal)) return stopped('invalid', 'principal-unknown')
  const facts = dipFacts(catalogue, given)
  if (isExcluded(catalogue, principal)) return stopped('notGrouped', 'diagnosis-excluded', facts)

  const tried: TriedLayer[] = []
  const core = coreRow(catalogue, facts, tried)
  if (core !== undefined) return coreMatch(catalogue, facts, tried, core)
  const property = caseProperty(catalogue, facts)
  const formed = comprehensiveOf(catalogue, knownStem(catalogue, principal), property)
  if (!(formed !== undefined && property === 4 && prefersSurgery(catalogue))) {
    const fallback = conservativeRow(catalogue, facts, tried)
    if (fallback !== undefined) return coreMatch(catalogue, facts, tried, fallback)
  }
  if (formed !== undefined) return otherMatch(catalogue, facts, tried, formed, 'comprehensive')
  const { blankGroup } = catalogue.manifest.matching
  if (blankGroup !== undefined) {
    return otherMatch(catalogue, facts, tried, { code: blankGroup, name: '空白病组' }, 'blank')
  }
  const listed = KEYED_LAYERS.some(layer => rowsUnderKeys(catalogue, layer, facts).length > 0)
  const { outcome } = stopped('notGrouped', listed ? 'no-row-fits' : 'diagnosis-not-listed', facts)
  return { outcome: { ...outcome, tags: tagsOf(catalogue, facts) }, name: '', key: '', facts, tried }
}

/** Whether a principal diagnosis is on the exclusion list: by its full code, with its marks or without. */
export function isExcluded({ lists }: DipCatalogue, code: string): boolean {
  return lists.excludedDiagnoses.has(code) || lists.excludedDiagnoses.has(bareDiagnosis(code))
}

/** The core row of a case by the order of layers. */
function coreRow(catalogue: DipCatalogue, facts: DipFacts, tried: TriedLayer[]): TriedLayer | undefined {
  const first = firstOfAnyDiagnosis(catalogue, facts, tried)
  if (first !== undefined) return first
  for (const layer of KEYED_LAYERS) {
    const found = rowOfLayer(catalogue, layer, facts, tried)
    if (found !== undefined) return found
  }
  return undefined
}

/** Whether a surgery case takes the comprehensive surgery group before the conservative row. */
function prefersSurgery({ manifest }: DipCatalogue): boolean {
  return manifest.matching.conservativeFallback === 'core-unless-surgery'
}

/** The conservative core row of a case with operations, where the region lets it take that. */
function conservativeRow(catalogue: DipCatalogue, facts: DipFacts, tried: TriedLayer[]): TriedLayer | undefined {
  if (catalogue.manifest.matching.conservativeFallback === 'none' || facts.conservative) return undefined
  for (const layer of KEYED_LAYERS) {
    const found = blankRow(catalogue, layer, facts, tried)
    if (found !== undefined) return found
  }
  return undefined
}

/** 先期: rows in sequence, whatever the diagnosis; the first that fits wins. */
function firstOfAnyDiagnosis(catalogue: DipCatalogue, facts: DipFacts, tried: TriedLayer[]): TriedLayer | undefined {
  const rows: TriedRow[] = []
  for (const group of catalogue.groups) {
    if (group.layer !== 'XQ') continue
    const unmet = unmetBy(catalogue, group, facts)
    rows.push({ group, unmet })
    if (unmet.length > 0) continue
    const found: TriedLayer = { layer: 'XQ', key: '', how: 'fits', rows, chosen: { group, candidates: [group] } }
    tried.push(found)
    return found
  }
  if (rows.length > 0) tried.push({ layer: 'XQ', key: '', how: 'fits', rows })
  return undefined
}

/** A keyed layer: the longest key under which a row fits; in 诊断辅助细分 else the row without operation. */
function rowOfLayer(
  catalogue: DipCatalogue,
  layer: (typeof KEYED_LAYERS)[number],
  facts: DipFacts,
  tried: TriedLayer[],
): TriedLayer | undefined {
  for (const { key, groups } of rowsUnderKeys(catalogue, layer, facts)) {
    const rows = groups.map(group => ({ group, unmet: unmetBy(catalogue, group, facts) }))
    const found = chosenOf(catalogue, { layer, key, how: 'fits', rows }, facts)
    tried.push(found)
    if (found.chosen !== undefined) return found
  }
  if (layer !== 'FZ' || facts.conservative) return undefined
  return catalogue.manifest.matching.auxiliaryFallback === 'none' ? undefined : blankRow(catalogue, layer, facts, tried)
}

/** The row without operation that a case takes although it has one. */
function blankRow(
  catalogue: DipCatalogue,
  layer: (typeof KEYED_LAYERS)[number],
  facts: DipFacts,
  tried: TriedLayer[],
): TriedLayer | undefined {
  for (const { key, groups } of rowsUnderKeys(catalogue, layer, facts)) {
    const rows = groups
      .filter(({ main }) => main.length === 0)
      .map(group => ({ group, unmet: unmetConditions(group, facts) }))
    if (rows.length === 0) continue
    const found = chosenOf(catalogue, { layer, key, how: 'fallback', rows }, facts)
    tried.push(found)
    if (found.chosen !== undefined) return found
  }
  return undefined
}

function chosenOf(catalogue: DipCatalogue, look: TriedLayer, facts: DipFacts): TriedLayer {
  const fitting = look.rows.filter(({ unmet }) => unmet.length === 0).map(({ group }) => group)
  return fitting.length === 0 ? look : { ...look, chosen: chooseRow(catalogue, fitting, facts) }
}

const indexes = new WeakMap<DipCatalogue, ReadonlyMap<string, readonly DipGroup[]>>()

/** The rows of a layer under each key of a case, the longest key first; keys without rows are left out. */
function rowsUnderKeys(
  catalogue: DipCatalogue,
  layer: DipLayer,
  { bare }: DipFacts,
): { key: string; groups: readonly DipGroup[] }[] {
  const index = rowIndex(catalogue)
  return KEY_LEVELS.flatMap(level => {
    const key = keyAt(bare, level)
    const groups = index.get(`${layer} ${level} ${key}`)
    return groups === undefined ? [] : [{ key, groups }]
  })
}

/** Rows by `LAYER level key`, in sequence. */
export function rowIndex(catalogue: DipCatalogue): ReadonlyMap<string, readonly DipGroup[]> {
  const known = indexes.get(catalogue)
  if (known !== undefined) return known
  const index = new Map<string, DipGroup[]>()
  for (const group of catalogue.groups) {
    const keys = new Set(group.dx.flatMap(term => keysOfTerm(term).map(key => `${levelOf(term)} ${key}`)))
    for (const key of keys) {
      const rows = index.get(`${group.layer} ${key}`)
      if (rows === undefined) index.set(`${group.layer} ${key}`, [group])
      else rows.push(group)
    }
  }
  indexes.set(catalogue, index)
  return index
}

function coreMatch(
  catalogue: DipCatalogue,
  facts: DipFacts,
  tried: readonly TriedLayer[],
  { chosen, key }: TriedLayer,
): DipMatch {
  const { group, candidates, decidedBy } = chosen!
  const outcome: DipOutcome = {
    ...base(facts),
    status: 'grouped',
    reason: '',
    code: group.code,
    layer: group.layer,
    type: 'core',
    tags: tagsOf(catalogue, facts),
    candidates: candidates.length < 2 ? [] : candidates.map(({ code }) => code),
    ...(decidedBy === undefined ? {} : { decidedBy }),
  }
  return { outcome, group, name: group.name, key, facts, tried }
}

function otherMatch(
  catalogue: DipCatalogue,
  facts: DipFacts,
  tried: readonly TriedLayer[],
  formed: Comprehensive,
  type: 'comprehensive' | 'blank',
): DipMatch {
  const outcome: DipOutcome = {
    ...base(facts),
    status: 'grouped',
    reason: '',
    code: formed.code,
    layer: type === 'blank' ? '' : 'ZH',
    type,
    tags: tagsOf(catalogue, facts),
    candidates: [],
  }
  const group = catalogue.groups.find(({ code }) => code === formed.code)
  const key = type === 'blank' ? '' : keyAt(facts.bare, 1)
  return { outcome, ...(group === undefined ? {} : { group }), name: formed.name, key, facts, tried }
}

function base(facts: DipFacts | undefined): Pick<DipOutcome, 'mainOperation' | 'conservative'> {
  return { mainOperation: facts?.operations[facts.main]?.code ?? '', conservative: facts?.conservative ?? false }
}

function stopped(status: DipStatus, reason: DipReason, facts?: DipFacts): DipMatch {
  return {
    outcome: {
      ...base(facts),
      status,
      reason,
      code: NO_DIP_GROUP,
      layer: '',
      type: '',
      tags: [],
      candidates: [],
    },
    name: '',
    key: '',
    ...(facts === undefined ? {} : { facts }),
    tried: [],
  }
}
