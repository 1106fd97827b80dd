import { at, type Draws, normal, unit } from '../numbers/index.ts'
import { putInteger, putMoney, putPadded, putText, putWeight } from './put.ts'
import type { CaseTables, CodePool } from './tables.ts'

/** Sums over the cases written: fund of 310, fund of 390, total cost, all in fen. */
export type Totals = Float64Array

/** Bytes that one row can take at most. */
export const ROW_BYTES = 4096

const STREAM = 0x43415345
const AGES = 96
const COMMA = 44
const BAR = 124
const LINE_FEED = 10

/** Words of a case by use; two words for a normal number. */
const HOSPITAL = 0
const GROUP = 1
const ARCHETYPE = 2
const SEX = 3
const AGE = 4
const DAYS = 5
const COST = 6
const LOS = 8
const MULTIPLE = 10
const SIZE = 11
const DISCHARGE = 12
const MONTH = 13
const INSURANCE = 14
const PATIENT = 15
const OTHERS = 16
const PROCEDURES = 17
const ERROR = 18
const ERROR_KIND = 19
const DOCTOR = 20
const WEIGHT = 21
const WORD_BLOCKS = 6
/** Blocks of draws for the codes that fill up a list. */
const OTHER_BLOCK = 16
const PROCEDURE_BLOCK = 64

const WITHDRAWN_CODE = 0
const UNKNOWN_CODE = 1
const LOWER_CASE = 2
const EMPTY_SLOT = 3
const SEX_MISMATCH = 4
const WEIGHT_MISSING = 5
const WEIGHT_IN_KILOGRAMS = 6

/** A code that no dictionary has. */
const NO_CODE = Uint8Array.of(90, 90, 90, 46, 48, 48, 48)

const words = new Uint32Array(WORD_BLOCKS * 4)
const picked = new Uint16Array(64)

/**
 * Writes the rows of cases [from, to) at `out[start…]`, as far as whole rows are sure to fit, and returns the number of
 * the first case not written; `end[0]` is the position after the last byte. A case is a pure function of the seed and
 * its number.
 */
export function writeCases(
  tables: CaseTables,
  draws: Draws,
  from: number,
  to: number,
  out: Uint8Array,
  start: number,
  end: Uint32Array,
  totals: Totals,
): number {
  let place = start
  let number = from
  while (number < to && place + ROW_BYTES <= out.length) {
    place = writeCase(tables, draws, number, out, place, totals)
    number++
  }
  end[0] = place
  return number
}

function writeCase(
  tables: CaseTables,
  draws: Draws,
  number: number,
  out: Uint8Array,
  place: number,
  totals: Totals,
): number {
  const { groups, archetypes, hospitals, text } = tables
  const low = number >>> 0
  const high = Math.floor(number / 0x1_0000_0000)
  for (let block = 0; block < WORD_BLOCKS; block++) {
    const four = at(draws, low, block, high, STREAM)
    const to = block * 4
    words[to] = four[0]!
    words[to + 1] = four[1]!
    words[to + 2] = four[2]!
    words[to + 3] = four[3]!
  }

  const h = find(hospitals.choice, 0, hospitals.choice.length, unit(words[HOSPITAL]!))
  const g = find(hospitals.mix, h * groups.count, groups.count, unit(words[GROUP]!))
  const first = groups.archetypes[g]!
  const a = first + Math.floor(unit(words[ARCHETYPE]!) * (groups.archetypes[g + 1]! - first))
  const error =
    unit(words[ERROR]!) < tables.errors
      ? find(tables.errorKinds, 0, tables.errorKinds.length, unit(words[ERROR_KIND]!))
      : -1

  let sex = archetypes.sex[a]!
  if (sex === 0) sex = unit(words[SEX]!) < 0.5 ? 1 : 2
  if (error === SEX_MISMATCH) sex = 3 - sex
  const ageFrom = archetypes.ageFrom[a]!
  const ageTo = archetypes.ageTo[a]!
  const age =
    ageTo > ageFrom
      ? find(tables.ages, archetypes.ageCurve[a]! * AGES, AGES, ageFrom + (ageTo - ageFrom) * unit(words[AGE]!))
      : between(archetypes.ageLow[a]!, archetypes.ageHigh[a]!, words[AGE]!)
  const days = archetypes.daysLow[a]! < 0 ? -1 : between(archetypes.daysLow[a]!, archetypes.daysHigh[a]!, words[DAYS]!)
  const grams =
    archetypes.weightLow[a]! < 0 ? -1 : birthWeight(archetypes.weightLow[a]!, archetypes.weightHigh[a]!, words[WEIGHT]!)

  const z = normal(words[COST]!, words[COST + 1]!)
  const cost = costOf(tables, g, h, a, z)
  const shared = tables.losCost
  const zLos = shared * z + Math.sqrt(1 - shared * shared) * normal(words[LOS]!, words[LOS + 1]!)
  const los = clamp(
    Math.round(Math.exp(groups.logLos[g]! + tables.losSigma * zLos)),
    archetypes.losLow[a]!,
    archetypes.losHigh[a]!,
  )
  const way = clamp(
    1 + find(tables.discharge, 0, 5, unit(words[DISCHARGE]!)),
    archetypes.dischargeLow[a]!,
    archetypes.dischargeHigh[a]!,
  )
  const employee = age >= 18 && unit(words[INSURANCE]!) < hospitals.employees[h]!
  const share = employee ? 0 : 2
  const shareFrom = tables.patientShare[share]!
  const patient = Math.round(cost * (shareFrom + (tables.patientShare[share + 1]! - shareFrom) * unit(words[PATIENT]!)))
  const month = 1 + find(tables.months, groups.season[g]! * 12, 12, unit(words[MONTH]!))
  totals[employee ? 0 : 1]! += cost - patient
  totals[2]! += cost

  out[place++] = 83
  place = putPadded(out, place, number + 1, 8)
  out[place++] = COMMA
  out[place++] = 48 + sex
  out[place++] = COMMA
  place = putInteger(out, place, age)
  out[place++] = COMMA
  if (age === 0 && days >= 0) place = putInteger(out, place, days)
  out[place++] = COMMA
  if (grams >= 0 && error !== WEIGHT_MISSING) place = putWeight(out, place, grams, error === WEIGHT_IN_KILOGRAMS)
  out[place++] = COMMA
  place = putText(out, place, text, groups.department.from[g]!, groups.department.size[g]!)
  out[place++] = COMMA
  place = putInteger(out, place, los)
  out[place++] = COMMA
  out[place++] = 48 + way
  out[place++] = COMMA
  place = putDiagnoses(tables, draws, number, a, age, error, out, place)
  out[place++] = COMMA
  place = putProcedures(tables, draws, number, a, out, place)
  out[place++] = COMMA
  place = putMoney(out, place, cost)
  out[place++] = COMMA
  place = putMoney(out, place, cost - patient)
  out[place++] = COMMA
  place = putMoney(out, place, patient)
  out[place++] = COMMA
  place = putText(out, place, text, hospitals.code.from[h]!, hospitals.code.size[h]!)
  out[place++] = COMMA
  out[place++] = 51
  out[place++] = employee ? 49 : 57
  out[place++] = 48
  out[place++] = COMMA
  place = putInteger(out, place, tables.year)
  out[place++] = 45
  place = putPadded(out, place, month, 2)
  out[place++] = COMMA
  place = putText(out, place, text, hospitals.code.from[h]!, hospitals.code.size[h]!)
  out[place++] = 45
  place = putText(out, place, text, groups.department.from[g]!, groups.department.size[g]!)
  out[place++] = 45
  place = putPadded(out, place, 1 + (words[DOCTOR]! % 12), 2)
  out[place++] = LINE_FEED
  return place
}

/** Log-normal about the group's mean at this hospital, times a multiple; fen, at least 1 yuan. */
function costOf(tables: CaseTables, g: number, h: number, a: number, z: number): number {
  const { groups, archetypes, hospitals, multiples } = tables
  const sigma = groups.sigma[g]!
  let cost = groups.meanCost[g]! * hospitals.cost[h]! * Math.exp(sigma * z - (sigma * sigma) / 2)
  const chance = unit(words[MULTIPLE]!)
  const size = unit(words[SIZE]!)
  if (chance < multiples.high) {
    cost *= multiples.highRange[0]! + (multiples.highRange[1]! - multiples.highRange[0]!) * size
  } else if (chance < multiples.high + multiples.low) {
    cost *= multiples.lowRange[0]! + (multiples.lowRange[1]! - multiples.lowRange[0]!) * size
  }
  return clamp(Math.max(100, Math.round(cost)), archetypes.costLow[a]!, archetypes.costHigh[a]!)
}

/** The principal diagnosis, the ones that the archetype needs, and neutral ones up to the number drawn. */
function putDiagnoses(
  tables: CaseTables,
  draws: Draws,
  number: number,
  a: number,
  age: number,
  error: number,
  out: Uint8Array,
  place: number,
): number {
  const { archetypes, comorbidities, withdrawn, text } = tables
  const begin = place
  if (error === UNKNOWN_CODE) place = putText(out, place, NO_CODE, 0, NO_CODE.length)
  else if (error === WITHDRAWN_CODE && withdrawn.count > 0) {
    const k = words[ERROR_KIND]! % withdrawn.count
    place = putText(out, place, text, withdrawn.from[k]!, withdrawn.size[k]!)
  } else place = putText(out, place, text, archetypes.principal.from[a]!, archetypes.principal.size[a]!)
  if (error === EMPTY_SLOT) out[place++] = BAR
  place = putText(out, place, text, archetypes.others.from[a]!, archetypes.others.size[a]!)
  const width = tables.otherMost + 1
  const wanted = find(tables.otherCounts, Math.floor(age / 10) * width, width, unit(words[OTHERS]!))
  const more = wanted - archetypes.otherCount[a]!
  if (comorbidities.count > 0)
    place = putNeutral(tables, comorbidities, draws, number, OTHER_BLOCK, more, true, out, place)
  if (error === LOWER_CASE) {
    for (let i = begin; i < place; i++) if (out[i]! >= 65 && out[i]! <= 90) out[i] = out[i]! + 32
  }
  return place
}

function putProcedures(
  tables: CaseTables,
  draws: Draws,
  number: number,
  a: number,
  out: Uint8Array,
  place: number,
): number {
  const { archetypes, procedures, text } = tables
  const needed = archetypes.procedureCount[a]!
  place = putText(out, place, text, archetypes.procedures.from[a]!, archetypes.procedures.size[a]!)
  const u = unit(words[PROCEDURES]!)
  let rest = u
  if (needed === 0) {
    if (u < tables.noProcedure) return place
    rest = (u - tables.noProcedure) / (1 - tables.noProcedure)
  }
  const { procedureCounts } = tables
  const wanted = 1 + find(procedureCounts, 0, procedureCounts.length, rest)
  if (procedures.count === 0) return place
  return putNeutral(tables, procedures, draws, number, PROCEDURE_BLOCK, wanted - needed, needed > 0, out, place)
}

/** Appends `count` different codes of a pool, each after a bar (the first one only where `barred`). */
function putNeutral(
  tables: CaseTables,
  pool: CodePool,
  draws: Draws,
  number: number,
  block: number,
  count: number,
  barred: boolean,
  out: Uint8Array,
  place: number,
): number {
  const low = number >>> 0
  const high = Math.floor(number / 0x1_0000_0000)
  const most = Math.min(count, pool.count)
  let four = draws.words
  for (let i = 0; i < most; i++) {
    if ((i & 3) === 0) four = at(draws, low, block + (i >> 2), high, STREAM)
    // The square leans to the front of the pool, where the common codes are.
    const u = unit(four[i & 3]!)
    let k = Math.floor(u * u * pool.count)
    for (let j = 0; j < i; j++) {
      if (picked[j]! !== k) continue
      k = k + 1 === pool.count ? 0 : k + 1
      j = -1
    }
    picked[i] = k
    if (barred || i > 0) out[place++] = BAR
    place = putText(out, place, tables.text, pool.from[k]!, pool.size[k]!)
  }
  return place
}

/** Position of the first running sum that reaches u, counted from `start`. */
function find(sums: Float64Array, start: number, size: number, u: number): number {
  let low = 0
  let high = size - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sums[start + middle]! < u) low = middle + 1
    else high = middle
  }
  return low
}

function between(low: number, high: number, word: number): number {
  return low + Math.floor(unit(word) * (high - low + 1))
}

/** Grams within the bounds in steps of ten; where the bounds are wide, of a baby of common weight, 2.5 to 4.2 kg. */
function birthWeight(low: number, high: number, word: number): number {
  const from = high > 4200 && low < 2500 ? 2500 : low
  const to = high > 4200 && from < 4200 ? 4200 : high
  const grams = between(from, to, word)
  const round = grams - (grams % 10)
  return round < low ? grams : round
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high)
}
