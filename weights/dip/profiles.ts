import { type CaseBatch, createBatch, type DipBook, type DipCatalogue } from '../../grouper/index.ts'
import { planOperations } from './operations.ts'
import { type CaseColumns, type ProfilePlan, type ProfileTable, sumProfiles } from './profile-kernel.ts'

/** The profiles of all cases: cases of one profile go to one group, whatever catalogue of the same rows they are grouped by. */
export interface Profiles {
  readonly count: number
  /** One case of each profile, with what can decide its group; the main operation stands first, dropped ones are gone. */
  readonly batch: CaseBatch
  /** Principal diagnosis. */
  readonly dx: Uint16Array
  /** Main operation after the exclusion rules; 0 = none, or one that the dictionary lacks. */
  readonly main: Uint16Array
  /** 1: there is a main operation, which the dictionary lacks. */
  readonly odd: Uint8Array
  /** Start of the related operations in `batch.px`; they end where the next profile begins. */
  readonly related: Uint32Array
  /** Cases that take part, and their costs in fen. */
  readonly cases: Uint32Array
  readonly sum: Float64Array
}

/** What tells cases apart under a catalogue: its exclusion lists, and the conditions of its rows. */
export function planProfiles(catalogue: DipCatalogue, book: DipBook): ProfilePlan {
  const { tieRule, relatedShare } = catalogue.manifest.matching
  const conditions = catalogue.groups.map(group => group.conditions)
  const ages = conditions.flatMap(({ ageDaysBelow }) => (ageDaysBelow === undefined ? [] : [0, ageDaysBelow]))
  // A weight of 0 is a missing one.
  const weights = conditions.flatMap(({ weight }) =>
    weight === undefined ? [] : [Math.max(1, weight[0]), weight[1] + 1],
  )
  return {
    operations: planOperations(catalogue),
    others: alikeAsOthers(catalogue, book),
    ages: bounds(ages),
    weights: bounds(weights),
    byCost: tieRule.includes('closest-cost') || relatedShare !== undefined,
  }
}

function bounds(values: readonly number[]): Uint16Array {
  return Uint16Array.from([...new Set(values.map(value => Math.min(value, 65_535)))].sort((a, b) => a - b))
}

/** By diagnosis id: the first id of which rows ask the same among the other diagnoses; 0 where no row asks for it. */
function alikeAsOthers({ groups }: DipCatalogue, { dxArea, dxResists, dxSets, dxWords }: DipBook): Uint16Array {
  const byArea = groups.some(({ conditions }) => conditions.burnArea !== undefined)
  const byResistance = groups.some(({ conditions }) => conditions.drugResistant !== undefined)
  const first = new Map<string, number>()
  return Uint16Array.from(dxArea, (area, id) => {
    const asked = [
      byArea ? area : 0,
      byResistance ? dxResists[id]! : 0,
      ...dxSets.subarray(id * dxWords, (id + 1) * dxWords),
    ]
    if (id === 0 || asked.every(one => one === 0)) return 0
    const key = asked.join(' ')
    const known = first.get(key) ?? id
    first.set(key, known)
    return known
  })
}

/** Profiles as a batch of cases, with the number and cost of those that take part. */
export function openProfiles(
  { words, starts, count }: ProfileTable,
  { ages, weights, byCost }: ProfilePlan,
  columns: CaseColumns,
  used: Uint8Array,
): Profiles {
  const batch = createBatch(0)
  const ofDx = new Uint16Array(starts[count]!)
  const ofPx = new Uint16Array(starts[count]!)
  const made = {
    dxStart: new Uint32Array(count + 1),
    pxStart: new Uint32Array(count + 1),
    age: new Int16Array(count),
    ageDays: new Int32Array(count).fill(-1),
    weight: new Int32Array(count).fill(-1),
    los: new Int32Array(count),
    cost: new Float64Array(byCost ? count : 0),
  }
  const dx = new Uint16Array(count)
  const main = new Uint16Array(count)
  const odd = new Uint8Array(count)
  const related = new Uint32Array(count)
  let [dxEnd, pxEnd] = [0, 0]
  for (let k = 0; k < count; k++) {
    let at = starts[k]!
    const [principal, first, operations] = [words[at]!, words[at + 1]!, words[at + 2]!]
    at += 3
    dx[k] = principal
    main[k] = first
    odd[k] = (operations & 1) === 1 && first === 0 ? 1 : 0
    if ((operations & 1) === 1) ofPx[pxEnd++] = first
    related[k] = pxEnd
    for (let n = operations >> 1; n > 0; n--) ofPx[pxEnd++] = words[at++]!
    made.pxStart[k + 1] = pxEnd
    ofDx[dxEnd++] = principal
    for (let n = words[at++]!; n > 0; n--) ofDx[dxEnd++] = words[at++]!
    made.dxStart[k + 1] = dxEnd
    const [age, weight] = [words[at++]!, words[at++]!]
    if (age > 0) made.ageDays[k] = ages[age - 1]!
    if (weight > 0) made.weight[k] = weights[weight - 1]!
    if (byCost) {
      let fen = 0
      for (let w = 3; w >= 0; w--) fen = fen * 65_536 + words[at + w]!
      // A missing cost is −1.
      made.cost[k] = fen - 1
    }
  }
  const cases = new Uint32Array(count)
  const sum = new Float64Array(count)
  sumProfiles(columns, used, cases, sum)
  return {
    count,
    batch: { ...batch, ...made, dx: ofDx.slice(0, dxEnd), px: ofPx.slice(0, pxEnd), count, capacity: count },
    dx,
    main,
    odd,
    related,
    cases,
    sum,
  }
}

/** The profiles [from, to) as a batch of their own, on the same memory. */
export function profilesBetween({ batch }: Profiles, from: number, to: number): CaseBatch {
  return {
    ...batch,
    count: to - from,
    capacity: to - from,
    dxStart: batch.dxStart.subarray(from, to + 1),
    pxStart: batch.pxStart.subarray(from, to + 1),
    age: batch.age.subarray(from, to),
    ageDays: batch.ageDays.subarray(from, to),
    weight: batch.weight.subarray(from, to),
    los: batch.los.subarray(from, to),
    cost: batch.cost.subarray(from, to),
  }
}

/** Some profiles as a batch of their own. */
export function profilesOf({ batch }: Profiles, picks: Uint32Array): CaseBatch {
  const count = picks.length
  const dxStart = new Uint32Array(count + 1)
  const pxStart = new Uint32Array(count + 1)
  picks.forEach((k, i) => {
    dxStart[i + 1] = dxStart[i]! + batch.dxStart[k + 1]! - batch.dxStart[k]!
    pxStart[i + 1] = pxStart[i]! + batch.pxStart[k + 1]! - batch.pxStart[k]!
  })
  const dx = new Uint16Array(dxStart[count]!)
  const px = new Uint16Array(pxStart[count]!)
  picks.forEach((k, i) => {
    dx.set(batch.dx.subarray(batch.dxStart[k]!, batch.dxStart[k + 1]!), dxStart[i]!)
    px.set(batch.px.subarray(batch.pxStart[k]!, batch.pxStart[k + 1]!), pxStart[i]!)
  })
  const own = {
    age: new Int16Array(count),
    ageDays: Int32Array.from(picks, k => batch.ageDays[k]!),
    weight: Int32Array.from(picks, k => batch.weight[k]!),
    los: new Int32Array(count),
    cost: batch.cost.length === 0 ? batch.cost : Float64Array.from(picks, k => batch.cost[k]!),
  }
  return { ...batch, ...own, count, capacity: count, dx, dxStart, px, pxStart }
}
