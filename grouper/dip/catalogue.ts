import { createHash } from 'node:crypto'
import { Fault } from '../../messages/index.ts'
import { type Dictionary, extendDictionary } from '../codes/dictionary.ts'
import { loadDictionary } from '../codes/library.ts'
import { groupCells } from './group-table.ts'
import { bareDiagnosis, keyAt, keysOfTerm, stemsOf } from './keys.ts'
import { excludedOperationCells, relatedCostCells, tagCells } from './list-tables.ts'
import { DIP_LAYERS, DIP_TAGS, type DipCatalogue, type DipGroup, type DipLists, type DipManifest } from './types.ts'

/** Lists of a catalogue that has none. */
export const NO_LISTS: DipLists = {
  excludedDiagnoses: new Set(),
  excludedOperations: new Map(),
  tags: [],
  drugResistant: new Set(),
  properties: new Map(),
}

/**
 * A catalogue from its groups, in any order, and lists; throws DIP-001 where two groups have one code or one sequence
 * number.
 */
export function createCatalogue(
  manifest: DipManifest,
  groups: readonly DipGroup[],
  given: DipLists = NO_LISTS,
): DipCatalogue {
  const lists = { ...given, tags: [...given.tags].sort((a, b) => DIP_TAGS.indexOf(a.tag) - DIP_TAGS.indexOf(b.tag)) }
  const ordered = [...groups].sort(
    (a, b) => DIP_LAYERS.indexOf(a.layer) - DIP_LAYERS.indexOf(b.layer) || a.sequence - b.sequence,
  )
  refuseTwins(ordered)
  const diagnoses = diagnosesOf(loadDictionary(manifest.codeSystem.diagnosis), ordered, lists)
  const procedures = extendDictionary(
    loadDictionary(manifest.codeSystem.procedure),
    [...operationsOf(ordered, lists)].map(code => ({ code, name: '' })),
  )
  const content = { manifest, groups: ordered, lists, diagnoses, procedures }
  return { ...content, hash: catalogueHash(content) }
}

/** The same catalogue with some of its lists replaced. */
export function withLists(catalogue: DipCatalogue, lists: Partial<DipLists>): DipCatalogue {
  return createCatalogue(catalogue.manifest, catalogue.groups, { ...catalogue.lists, ...lists })
}

/** The same catalogue under other matching rules. */
export function withMatching(catalogue: DipCatalogue, matching: Partial<DipManifest['matching']>): DipCatalogue {
  const manifest = { ...catalogue.manifest, matching: { ...catalogue.manifest.matching, ...matching } }
  const content = { ...catalogue, manifest }
  return { ...content, hash: catalogueHash(content) }
}

function refuseTwins(groups: readonly DipGroup[]): void {
  const codes = new Map<string, DipGroup>()
  const sequences = new Map<number, DipGroup>()
  for (const group of groups) {
    const twin = codes.get(group.code) ?? sequences.get(group.sequence)
    if (twin !== undefined) throw twins(group, twin)
    codes.set(group.code, group)
    sequences.set(group.sequence, group)
  }
}

function twins(group: DipGroup, twin: DipGroup): Fault {
  const same = group.code === twin.code
  const { source } = group
  return new Fault({
    code: 'DIP-001',
    at: {
      ...(source === undefined ? {} : { sheet: source.sheet, line: source.row }),
      field: same ? 'code' : 'sequence',
    },
    what: same
      ? { zh: `病种编码 ${group.code} 出现两次。`, en: `The group ${group.code} stands twice.` }
      : {
          zh: `${twin.code} 和 ${group.code} 的序号都是 ${group.sequence}。`,
          en: `${twin.code} and ${group.code} both have the sequence number ${group.sequence}.`,
        },
    fix: { zh: '请给每个病种唯一的编码和序号。', en: 'Give every group a code and a sequence number of its own.' },
  })
}

/**
 * The dictionary with the codes of lists and terms that it lacks, and with the category and subcategory of every code:
 * a code that no dictionary has is read as its subcategory or category, so that it still finds its key.
 */
function diagnosesOf(dictionary: Dictionary, groups: readonly DipGroup[], lists: DipLists): Dictionary {
  const texts = new Set<string>()
  const add = (code: string): void => {
    texts.add(code)
    texts.add(bareDiagnosis(code))
  }
  for (const code of lists.excludedDiagnoses) add(code)
  for (const code of lists.drugResistant) add(code)
  const terms = new Set<string>(lists.tags.map(row => row.dx))
  for (const { scope } of lists.excludedOperations.values()) for (const term of scope) terms.add(term)
  for (const { dx, conditions } of groups) {
    for (const term of [...dx, ...(conditions.anyDx ?? []), ...(conditions.otherDx ?? [])]) terms.add(term)
  }
  for (const term of terms) for (const key of keysOfTerm(term)) texts.add(key)
  texts.add(RESISTANCE_MARK)
  for (const code of texts) for (const stem of stemsOf(code)) texts.add(stem)
  let last = ''
  for (const code of dictionary.codes) {
    const stem = keyAt(bareDiagnosis(code), 2)
    if (stem === '' || stem === last) continue
    last = stem
    texts.add(stem)
    texts.add(keyAt(stem, 1))
  }
  return extendDictionary(
    dictionary,
    [...texts].map(code => ({ code, name: '' })),
  )
}

/** The other diagnosis that says "resistant to tuberculostatic drugs" (耐抗结核药物) whatever the principal one is. */
export const RESISTANCE_MARK = 'U84.300'

function operationsOf(groups: readonly DipGroup[], lists: DipLists): Set<string> {
  const codes = new Set<string>([...lists.excludedOperations.keys(), ...lists.properties.keys()])
  for (const { operations } of lists.tags) for (const code of operations) codes.add(code)
  for (const { main, related } of groups) {
    for (const code of main) codes.add(code)
    for (const factor of related) for (const code of factor) codes.add(code)
  }
  return codes
}

/** SHA-256 (hex) over what a catalogue means; its id, its source and where rows were read do not count. */
function catalogueHash(catalogue: Omit<DipCatalogue, 'hash'>): string {
  const { manifest, groups, lists, diagnoses, procedures } = catalogue
  const hash = createHash('sha256')
  const row = (...cells: readonly string[]): void => {
    hash.update(`${cells.join('\t')}\n`)
  }
  row('dianzhi-dip', '1', manifest.edition)
  row('matching', JSON.stringify(Object.entries(manifest.matching).sort(([a], [b]) => (a < b ? -1 : 1))))
  row('diagnosis', diagnoses.id, diagnoses.hash)
  row('procedure', procedures.id, procedures.hash)
  for (const group of groups) row('group', ...groupCells({ ...group, source: undefined }))
  for (const cells of relatedCostCells(groups)) row('relatedCost', ...cells)
  row('excluded', [...lists.excludedDiagnoses].sort().join(' '))
  for (const cells of excludedOperationCells(lists)) row('operation', ...cells)
  for (const cells of tagCells(lists)) row('tag', ...cells)
  row('resistant', [...lists.drugResistant].sort().join(' '))
  for (const [code, property] of [...lists.properties].sort(([a], [b]) => (a < b ? -1 : 1))) {
    row('property', code, property)
  }
  return hash.digest('hex')
}
