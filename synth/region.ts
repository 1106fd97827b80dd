import type { Archetype, DipCatalogue, Interval, LeafArchetypes, Scheme } from '../grouper/index.ts'
import { createDraws } from '../numbers/index.ts'
import { type Chance, cumulative, uniformOf } from './chance.ts'
import { ageCurve, ageSpan, otherCounts, procedureCounts, shareOfAdults } from './curves.ts'
import { type HospitalModel, modelHospitals } from './hospitals.ts'
import { ERROR_KINDS, type Range, type RegionParameters } from './parameters.ts'
import { createText, poolOf, type Text } from './pool.ts'
import { type GroupModel, modelGroups } from './structure.ts'
import type { ArchetypeColumns, CaseTables, GroupColumns } from './tables.ts'
import { type Territory, territoryOf } from './territory.ts'

/** A region from which cases can be drawn. */
export interface Region {
  readonly scheme: Scheme | DipCatalogue
  readonly parameters: RegionParameters
  readonly seed: number
  readonly hospitals: readonly HospitalModel[]
  readonly groups: readonly GroupModel[]
  /** Leaves without archetypes: the region has no cases of them. */
  readonly unreached: readonly LeafArchetypes[]
  readonly tables: CaseTables
}

export interface RegionOptions {
  readonly scheme: Scheme | DipCatalogue
  readonly parameters: RegionParameters
  /** Integer from 0 to 2^53 − 1. */
  readonly seed: number
  /** Default: the parameter `hospitals`. */
  readonly hospitals?: number
}

const STREAM = 0x52454749
const SUBJECT = { comorbidity: 21, procedure: 22 } as const
/** Neutral codes kept of each kind. */
const POOL = 600

/** Builds the region of a seed: groups, hospitals, and the tables that the kernel draws cases from. */
export function createRegion(options: RegionOptions): Region {
  const { scheme, parameters, seed } = options
  const chance: Chance = { draws: createDraws(seed), stream: STREAM }
  const territory = territoryOf(scheme, parameters, seed, chance)
  const leaves = territory.leaves.map(drawable)
  const groups = modelGroups(leaves, parameters, chance)
  const hospitals = modelHospitals(options.hospitals ?? parameters.hospitals, parameters, chance)
  const unreached = leaves.filter(one => one.archetypes.length === 0)
  const tables = tablesOf(territory, groups, hospitals, parameters, chance)
  return { scheme, parameters, seed, hospitals, groups, unreached, tables }
}

/** Case files have no column for hours of intensive care, so archetypes that need them are left out. */
function drawable(one: LeafArchetypes): LeafArchetypes {
  const archetypes = one.archetypes.filter(archetype => archetype.icuHours === undefined)
  if (archetypes.length === one.archetypes.length) return one
  return archetypes.length > 0
    ? { ...one, archetypes }
    : { ...one, archetypes, unreached: { kind: 'contradiction', facts: ['ICUSC'] } }
}

function tablesOf(
  { diagnoses, neutralDiagnoses, neutralProcedures }: Territory,
  groups: readonly GroupModel[],
  hospitals: readonly HospitalModel[],
  parameters: RegionParameters,
  chance: Chance,
): CaseTables {
  const text = createText()
  const mix = hospitals.map(hospital => mixOf(hospital, groups, parameters))
  const shares = groups.map((_, g) => hospitals.reduce((all, hospital, h) => all + hospital.share * mix[h]![g]!, 0))
  const multiple = meanMultiple(parameters)
  const index = hospitals.reduce(
    (all, hospital, h) =>
      all + hospital.share * hospital.cost * groups.reduce((sum, group, g) => sum + mix[h]![g]! * group.weight, 0),
    0,
  )
  const base = (parameters.meanCost * 100) / (index * multiple)
  const ages = parameters.ages.map(ageCurve)
  const adults = shareOfAdults(groups, shares, parameters, ages)
  const employeeTotal = hospitals.reduce((all, one) => all + one.share * parameters.levelEmployees[one.level], 0)
  const operated = groups.reduce(
    (all, group, g) => all + (group.archetypes[0]!.procedures.length > 0 ? shares[g]! : 0),
    0,
  )
  const common = new RegExp(parameters.comorbidities, 'u')
  const isCommon = (code: string): boolean => common.test(diagnoses.names[diagnoses.ids.get(code)!]!)
  const withdrawn = [...diagnoses.withdrawn].map(id => diagnoses.codes[id]!)

  return {
    groups: groupColumns(groups, shares, base, parameters, text),
    archetypes: archetypeColumns(
      groups.flatMap(group => group.archetypes.map(archetype => ({ group, archetype }))),
      parameters,
      ages,
      text,
    ),
    hospitals: {
      choice: cumulative(hospitals.map(one => one.share)),
      mix: Float64Array.from(mix.flatMap(row => [...cumulative(row)])),
      cost: Float64Array.from(hospitals, one => one.cost),
      employees: Float64Array.from(
        hospitals,
        one => (parameters.employees * parameters.levelEmployees[one.level]) / employeeTotal / adults,
      ),
      code: poolOf(
        hospitals.map(one => one.code),
        text,
      ),
    },
    ages: Float64Array.from(ages.flatMap(curve => [...curve])),
    otherCounts: otherCounts(parameters),
    otherMost: parameters.otherMost,
    comorbidities: poolOf(
      pickPool(matching(neutralDiagnoses, parameters.otherCodes), isCommon, SUBJECT.comorbidity, chance),
      text,
    ),
    procedures: poolOf(
      pickPool(matching(neutralProcedures, parameters.otherProcedures), () => false, SUBJECT.procedure, chance),
      text,
    ),
    withdrawn: poolOf(withdrawn.slice(0, POOL), text),
    noProcedure: operated >= 1 ? 1 : Math.min(1, parameters.noProcedure / (1 - operated)),
    procedureCounts: procedureCounts(parameters),
    multiples: {
      high: parameters.highShare,
      low: parameters.lowShare,
      highRange: Float64Array.from(parameters.highMultiple),
      lowRange: Float64Array.from(parameters.lowMultiple),
    },
    losSigma: parameters.losSigma,
    losCost: parameters.losCost,
    discharge: cumulative(parameters.discharge),
    months: Float64Array.from([...cumulative(parameters.months), ...cumulative(parameters.winter.months)]),
    year: parameters.year,
    patientShare: Float64Array.from([...parameters.patientShare['310'], ...parameters.patientShare['390']]),
    errors: parameters.errors,
    errorKinds: cumulative(ERROR_KINDS.map(kind => parameters.errorKinds[kind])),
    text: text.bytes(),
  }
}

/** Shares of the groups at one hospital: leaning by level to heavy or light groups, by speciality to some names. */
function mixOf(hospital: HospitalModel, groups: readonly GroupModel[], parameters: RegionParameters): number[] {
  const leaning = parameters.levelComplexity[hospital.level]
  const raw = groups.map(({ share, weight, names }) => {
    const special = hospital.speciality?.pattern.test(names) ? hospital.speciality.factor : 1
    return share * weight ** leaning * special
  })
  const total = raw.reduce((all, one) => all + one, 0)
  return raw.map(one => one / total)
}

function meanMultiple({ highShare, highMultiple, lowShare, lowMultiple }: RegionParameters): number {
  const middle = ([from, to]: Range): number => (from + to) / 2
  return 1 + highShare * (middle(highMultiple) - 1) + lowShare * (middle(lowMultiple) - 1)
}

function groupColumns(
  groups: readonly GroupModel[],
  shares: readonly number[],
  base: number,
  parameters: RegionParameters,
  text: Text,
): GroupColumns {
  const meanLog = groups.reduce((all, group, g) => all + shares[g]! * Math.log(group.weight), 0)
  const winter = new RegExp(parameters.winter.pattern, 'u')
  const starts = new Uint32Array(groups.length + 1)
  for (const [g, group] of groups.entries()) starts[g + 1] = starts[g]! + group.archetypes.length
  const mdcs = [...new Set(groups.map(group => group.leaf.mdc))]
  const departments = groups.map(
    group => `${String(mdcs.indexOf(group.leaf.mdc) + 1).padStart(2, '0')}${group.kind === 'surgical' ? 'S' : 'M'}`,
  )
  return {
    count: groups.length,
    archetypes: starts,
    meanCost: Float64Array.from(groups, group => base * group.weight),
    sigma: Float64Array.from(groups, group => group.sigma),
    logLos: Float64Array.from(
      groups,
      group => Math.log(parameters.losMedian) + parameters.losWeight * (Math.log(group.weight) - meanLog),
    ),
    season: Uint8Array.from(groups, group => (winter.test(group.names) ? 1 : 0)),
    department: poolOf(departments, text),
  }
}

function archetypeColumns(
  rows: readonly { readonly group: GroupModel; readonly archetype: Archetype }[],
  parameters: RegionParameters,
  ages: readonly Float64Array[],
  text: Text,
): ArchetypeColumns {
  const patterns = parameters.ages.map(one => new RegExp(one.pattern, 'u'))
  const curve = rows.map(({ group }) => patterns.findIndex(pattern => pattern.test(group.names)))
  const low = (of: (archetype: Archetype) => Interval | undefined, otherwise = -1): Int32Array =>
    Int32Array.from(rows, row => of(row.archetype)?.low ?? otherwise)
  const high = (of: (archetype: Archetype) => Interval | undefined, otherwise = -1): Int32Array =>
    Int32Array.from(rows, row => of(row.archetype)?.high ?? otherwise)
  return {
    principal: poolOf(
      rows.map(row => row.archetype.diagnoses[0]!),
      text,
    ),
    others: poolOf(
      rows.map(row =>
        row.archetype.diagnoses
          .slice(1)
          .map(code => `|${code}`)
          .join(''),
      ),
      text,
    ),
    otherCount: Uint8Array.from(rows, row => row.archetype.diagnoses.length - 1),
    procedures: poolOf(
      rows.map(row => row.archetype.procedures.join('|')),
      text,
    ),
    procedureCount: Uint8Array.from(rows, row => row.archetype.procedures.length),
    sex: Uint8Array.from(rows, row => row.archetype.sex),
    ageCurve: Uint8Array.from(curve),
    ageFrom: Float64Array.from(rows, ({ archetype }, i) => ageSpan(archetype.age, ages[curve[i]!]!)[0]),
    ageTo: Float64Array.from(rows, ({ archetype }, i) => ageSpan(archetype.age, ages[curve[i]!]!)[1]),
    ageLow: low(one => one.age),
    ageHigh: high(one => one.age),
    daysLow: low(one => one.ageDays),
    daysHigh: high(one => one.ageDays),
    weightLow: low(one => one.weight),
    weightHigh: high(one => one.weight),
    losLow: low(one => one.los),
    losHigh: high(one => one.los),
    dischargeLow: low(one => one.discharge),
    dischargeHigh: high(one => one.discharge),
    costLow: Float64Array.from(rows, row => (row.archetype.cost?.low ?? 0) * 100),
    costHigh: Float64Array.from(rows, row => (row.archetype.cost?.high ?? Number.POSITIVE_INFINITY) * 100),
  }
}

function matching(codes: readonly string[], pattern: string): string[] {
  const wanted = new RegExp(pattern, 'u')
  return codes.filter(code => wanted.test(code))
}

/** Neutral codes for filling up: the common ones first, because the kernel prefers the front of the pool. */
function pickPool(
  codes: readonly string[],
  isCommon: (code: string) => boolean,
  subject: number,
  chance: Chance,
): string[] {
  const keyed = codes.map((code, i) => ({ code, common: isCommon(code), key: uniformOf(chance, subject, i) }))
  keyed.sort((a, b) => Number(b.common) - Number(a.common) || a.key - b.key)
  const common = keyed.filter(one => one.common).slice(0, POOL / 2)
  return [...common, ...keyed.filter(one => !one.common).slice(0, POOL - common.length)].map(one => one.code)
}
