import {
  type Archetype,
  bareDiagnosis,
  type Case,
  casesFor,
  categoryOf,
  type DipCatalogue,
  type DipGroup,
  keyAt,
  type LeafArchetypes,
  matchCase,
} from '../grouper/index.ts'
import { type Chance, uniformOf } from './chance.ts'

/**
 * What cases of a DIP region are drawn from: patterns that reach each group of the catalogue, and invented pairs of
 * diagnosis and operation that no group takes, some with a related operation that costs more and some with one that does
 * not. The latter are what a local catalogue is built from.
 */
export function dipLeaves(catalogue: DipCatalogue, patterns: number, chance: Chance): LeafArchetypes[] {
  return [...catalogueLeaves(catalogue), ...inventedLeaves(catalogue, patterns, chance)]
}

/** A group, or an invented one: groups under one `family` differ in how severe they are, the first being the most. */
interface Member {
  readonly family: string
  readonly chapter: string
  readonly code: string
  readonly name: string
  readonly archetypes: readonly Archetype[]
}

function catalogueLeaves(catalogue: DipCatalogue): LeafArchetypes[] {
  const members = catalogue.groups
    .filter(group => group.layer !== 'ZH')
    .map((group): Member => {
      const archetypes = casesFor(catalogue, group)
        .filter(one => matchCase(catalogue, one).code === group.code)
        .slice(0, 16)
        .map(one => archetypeOf(one, group))
      const principal = archetypes[0]?.diagnoses[0] ?? ''
      return {
        family: `${group.dx.join('|')} ${group.main.join('|')}`,
        chapter: principal.slice(0, 1),
        code: group.code,
        name: `${nameOf(catalogue, principal)} ${group.name}`,
        archetypes,
      }
    })
  return leavesOf(members)
}

function archetypeOf({ diagnoses, procedures, ageYears, ageDays }: Case, { conditions }: DipGroup): Archetype {
  const newborn = ageYears === 0 && ageDays !== undefined
  const [lightest, heaviest] = conditions.weight ?? [undefined, undefined]
  return {
    diagnoses,
    procedures,
    sex: 0,
    age: newborn ? { low: 0, high: 0 } : ADULT,
    ...(newborn ? { ageDays: { low: 0, high: ageDays } } : {}),
    ...(lightest === undefined ? {} : { weight: { low: Math.max(500, lightest), high: heaviest } }),
    los: { low: 1, high: 365 },
    discharge: { low: 1, high: 5 },
  }
}

const ADULT = { low: 1, high: 95 } as const

/** Groups of one family stand under one ADRG, families of one chapter under one MDC, as the model of a region wants it. */
function leavesOf(members: readonly Member[]): LeafArchetypes[] {
  const rule = { text: '', expr: { op: 'always' } } as const
  const chapters = new Map(
    [...new Set(members.map(one => one.chapter))].map(code => [code, { code, name: '', rule, adrgs: [] }]),
  )
  const leaves = new Map<Member, LeafArchetypes>()
  for (const [family, all] of Map.groupBy(members, one => one.family)) {
    const drgs = all.map(({ code, name }) => ({ code, name, rule, kind: 'grouped' as const }))
    const adrg = { code: family, name: '', rule, drgs }
    all.forEach((member, i) => {
      const leaf = { mdc: chapters.get(member.chapter)!, adrg, drg: drgs[i]! }
      const { archetypes } = member
      const unreached = { kind: 'taken', by: new Map() } as const
      leaves.set(member, { leaf, archetypes, ...(archetypes.length === 0 ? { unreached } : {}) })
    })
  }
  return members.map(member => leaves.get(member)!)
}

function nameOf({ diagnoses }: DipCatalogue, code: string): string {
  return diagnoses.names[diagnoses.ids.get(code) ?? 0] ?? ''
}

const SUBJECT = { category: 31, principal: 32, operation: 33, related: 34, kind: 35 } as const
/** Categories that invented patterns come from: few, so that several share one. */
const CATEGORIES = 120

function inventedLeaves(catalogue: DipCatalogue, count: number, chance: Chance): LeafArchetypes[] {
  const operations = usableOperations(catalogue)
  const byCategory = Map.groupBy(principalsOf(catalogue), categoryOf)
  const names = [...byCategory.keys()]
  const categories = Array.from(
    { length: CATEGORIES },
    (_, i) => names[pick(chance, SUBJECT.category, i, names.length)]!,
  )
  const members: Member[] = []
  const taken = new Set<string>()
  for (let i = 0; i < count; i++) {
    const codes = byCategory.get(categories[pick(chance, SUBJECT.category, CATEGORIES + i, CATEGORIES)]!)!
    const principal = codes[pick(chance, SUBJECT.principal, i, codes.length)]!
    const kind = uniformOf(chance, SUBJECT.kind, i)
    const main = kind < 0.4 ? '' : operations[pick(chance, SUBJECT.operation, i, operations.length)]!
    const related = operations[pick(chance, SUBJECT.related, i, operations.length)]!
    const one = { diagnoses: [principal], procedures: main === '' ? [] : [main] }
    const family = `${keyAt(bareDiagnosis(principal), 2)} ${main}`
    if (taken.has(family) || related === main || matchCase(catalogue, one).status === 'grouped') continue
    taken.add(family)
    const plain = archetypeOf(one, NOTHING)
    const withRelated = { ...plain, procedures: [...one.procedures, related] }
    const base = { family, chapter: principal.slice(0, 1), code: family, name: nameOf(catalogue, principal) }
    // Of the operative patterns a third have a related operation that costs more, a third one that does not.
    if (main !== '' && kind > 0.8) members.push({ ...base, code: `${family} ${related}`, archetypes: [withRelated] })
    const noisy = main !== '' && kind > 0.6 && kind <= 0.8
    members.push({ ...base, archetypes: noisy ? [plain, plain, withRelated] : [plain] })
  }
  return leavesOf(members)
}

const NOTHING = { conditions: {} } as DipGroup

function pick(chance: Chance, subject: number, number: number, size: number): number {
  return Math.floor(uniformOf(chance, subject, number) * size)
}

/** Operations of the chapters 00 to 86 that the exclusion list does not name. */
function usableOperations({ procedures, lists }: DipCatalogue): string[] {
  return procedures.codes.filter(
    (code, id) => id > 0 && code < '87' && !procedures.withdrawn.has(id) && !lists.excludedOperations.has(code),
  )
}

/** Full codes that may be principal, of chapters that need no further facts. */
function principalsOf({ diagnoses, lists }: DipCatalogue): string[] {
  return diagnoses.codes.filter(
    (code, id) =>
      id > 0 &&
      /^[A-N]\d\d\.\d/.test(code) &&
      code.length > 5 &&
      !diagnoses.withdrawn.has(id) &&
      !lists.excludedDiagnoses.has(code),
  )
}

/** Other codes that change no group: diagnoses that no condition asks for, operations that count as conservative. */
export function neutralCodes(catalogue: DipCatalogue): { diagnoses: string[]; procedures: string[] } {
  const { diagnoses, procedures, lists } = catalogue
  const asked = new Set(
    catalogue.groups
      .flatMap(({ conditions }) => [...(conditions.anyDx ?? []), ...(conditions.otherDx ?? [])])
      .map(term => term.slice(0, 1)),
  )
  return {
    diagnoses: diagnoses.codes.filter(
      (code, id) =>
        id > 0 &&
        code.length > 5 &&
        !diagnoses.withdrawn.has(id) &&
        !asked.has(code[0]!) &&
        !/^(T3[12]|U84)/.test(code),
    ),
    procedures: procedures.codes.filter(code => lists.excludedOperations.get(code)?.rule === 'conservative'),
  }
}
