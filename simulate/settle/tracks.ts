import {
  type CaseMark,
  type GroupedCases,
  type Hospital,
  NO_MARK,
  NO_STAY,
  type WeightTable,
} from '../../weights/index.ts'
import { isListed, weightOf } from '../policy/case-rules.ts'
import type { Policy } from '../policy/policy.ts'
import { heldRules } from './held-rules.ts'
import { tcmStandard } from './tcm-standard.ts'
import { ASK, GROUP, NO_BAND, OLDEST, type TrackTables, trackKernel } from './tracks-kernel.ts'
import { ordinaryRules, RESTS, type Rest, type Variant } from './variant.ts'

/** A cell that only some cases of a group fall into. */
export interface TrackCell {
  readonly group: number
  readonly status: 0 | 1 | 2 | 3
  readonly column: number
  readonly insurance: number
  readonly variant: Variant
}

/** The cases that are paid otherwise than the ordinary ones of their group. */
export interface Tracks {
  /** By case: 0 ordinary, else 1 + position in `cells`. */
  readonly track: Uint32Array
  readonly cells: readonly TrackCell[]
}

export interface TrackInput {
  readonly policy: Policy
  readonly cases: GroupedCases
  readonly weights: WeightTable
  /** Column of each hospital. */
  readonly columnOf: Uint16Array
  readonly columns: number
  /** The hospitals of the cases, in the order of the cases' own list. */
  readonly hospitals: readonly Hospital[]
  /** By case, 1: accepted in special-case review; null where there is none. */
  readonly accepted: Uint8Array | null
}

/** Finds the cases that any rule sets apart; null where the policy has no such rule. */
export function tracksOf(input: TrackInput): Tracks | null {
  const { policy, cases } = input
  if (!setsApart(policy) || !concerns(policy, cases, input.accepted)) return null
  const { tables, cells, find } = createFinder(input)
  const track = new Uint32Array(cases.count)
  // Block by block: tracks that a block makes are found by the kernel in the next.
  for (let from = 0; from < cases.count; from += BLOCK) {
    const to = Math.min(from + BLOCK, cases.count)
    if (tables === null) track.fill(ASK, from, to)
    else trackKernel(cases, tables, input.accepted, from, to, track)
    for (let i = from; i < to; i++) if (track[i] === ASK) track[i] = find(i)
  }
  return { track, cells }
}

const BLOCK = 4096

/** Whether some rule asks for facts of the single case. */
export function setsApart({ rules, base }: Policy): boolean {
  const { perDiem, longStay, early, daySurgery, review, redirect, age, tcm, readmission, auxiliary, own } = rules
  const records = [longStay, early, daySurgery, review, tcm, readmission, auxiliary]
  const isMarked = base?.marked === true
  const any =
    perDiem.length > 0 || redirect.size > 0 || age.length > 0 || own.length > 0 || isMarked || hasMonths(rules)
  return any || records.some(rule => rule !== null)
}

/** Whether the month of a case matters: some volume cap counts by date. */
function hasMonths({ volumeCap }: Policy['rules']): boolean {
  return [...volumeCap.values()].some(cap => cap.byDate)
}

/** Whether any case can be set apart: some rules look at every case, the others at marks and accepted ones only. */
function concerns({ rules }: Policy, { facts }: GroupedCases, accepted: Uint8Array | null): boolean {
  const { perDiem, longStay, early, age, own } = rules
  if (longStay !== null || early !== null || hasMonths(rules)) return true
  if (perDiem.length > 0 || age.length > 0 || own.length > 0) return true
  return (facts !== undefined && facts.marks.length > 1) || accepted?.includes(1) === true
}

/** Entries of the table by age at most; cases beyond it go the longer way. */
const MOST_BY_AGE = 1 << 24

/** The own standard of Chinese-medicine cases of a group: set whatever the cost, or with cost bands. */
const [SET, BANDED] = [1, 2] as const

interface Finder {
  /** What the columns tell; null where own rules ask of every case. */
  readonly tables: TrackTables | null
  readonly cells: TrackCell[]
  find(i: number): number
}

function createFinder(input: TrackInput): Finder {
  const { policy, cases, weights, columnOf, columns, accepted } = input
  const { rules, stay } = policy
  const { facts, group: groupOf, status: statusOf, los: losOf, groups, parents } = cases
  const width = groups.length
  const listed = (list: ReadonlySet<string> | undefined): Uint8Array =>
    Uint8Array.from(groups, (code, g) => (list !== undefined && isListed(list, code, parents[g] ?? '') ? 1 : 0))
  const byDay = rules.perDiem.length === 0 ? null : createByDay(input, listed)
  const longStayGroups = listed(rules.longStay?.groups)
  const exempt = listed(rules.readmission?.exempt)
  const dayWeights = listed(new Set(rules.daySurgery?.weights.keys()))
  const byDate = monthlyGroups(rules, cases)
  const weighed = Uint8Array.from(weights.weight, (given, g) =>
    weightOf(rules, given, groups[g]!, parents[g] ?? '').weight === null ? 0 : 1,
  )
  const position = new Map(groups.map((code, g) => [code, g]))
  const byTcm = Uint8Array.from(groups, (group, g) => {
    const own = tcmStandard(
      policy,
      { group, parent: parents[g] ?? '' },
      code => weights.weight[position.get(code) ?? -1],
    )
    return own === undefined ? 0 : own.bands ? BANDED : SET
  })
  const group7 = Int32Array.from(parents, parent => position.get(`${parent}7`) ?? -1)
  const free = ordinaryRules(policy)
  // Of a reviewed long stay the standard goes by days.
  const byStandard = rules.review?.outcome === 'standardTimes' || rules.review?.outcome === 'excessShare'
  const marks = facts?.marks ?? [NO_MARK]
  const cells: TrackCell[] = []
  const variants = new Map<string, number>()
  const variantList: Variant[] = []
  const known = new Map<number, number>()

  /** Whether the weight of a case is that of a day: a set standard and a day surgery have their own. */
  const isLongStay = (i: number, g: number, mark: CaseMark): boolean =>
    rules.longStay !== null &&
    longStayGroups[g] === 1 &&
    losOf[i] !== NO_STAY &&
    losOf[i]! >= rules.longStay.from &&
    !(rules.daySurgery !== null && mark.daySurgery) &&
    !(mark.tcm && byTcm[g] === SET)

  const restOf = (i: number, g: number, mark: CaseMark): Rest => {
    const status = statusOf[i]!
    const los = losOf[i]!
    const hasStay = los !== NO_STAY
    if (byDay !== null && byDay(i, g, mark) >= 0) return 'perDiem'
    if (status !== 3 && accepted !== null && accepted[i] === 1) return 'review'
    if (status !== 0) return 'bands'
    // A set standard comes first; one with bands gives a weight to the rules that follow.
    if (mark.tcm && byTcm[g] === SET) return 'bands'
    const isWeighed = weighed[g] === 1 || (mark.tcm && byTcm[g] === BANDED)
    if (rules.daySurgery !== null && mark.daySurgery) {
      const hasOwn = rules.daySurgery.mode === 'ownWeight' && dayWeights[g] === 1
      if (hasOwn || isWeighed) return 'daySurgery'
    }
    if (isWeighed && isLongStay(i, g, mark)) return 'longStay'
    if (stay !== null && hasStay && (los <= stay.shortMax || los >= stay.longMin)) return 'stay'
    return isEarly(policy, i, cases) && rules.early?.mode !== 'group7' ? 'early' : 'bands'
  }

  const schemes = cases.insurances.length
  const ages = ageTables(policy)
  const ageOf = (i: number): number => {
    if (facts === undefined) return -1
    const place = (value: number): number => Math.min(value, OLDEST) + 1
    const band = Math.min(ages.years[place(facts.age[i]!)]!, ages.days[place(facts.ageDays[i]!)]!)
    return band === NO_BAND ? -1 : band
  }
  // Tracks of cases that only their age sets apart, by age band, column, insurance and group.
  const byAge = new Uint32Array(Math.min(rules.age.length * columns * schemes * width, MOST_BY_AGE))
  const placeByAge = (i: number, age: number): number =>
    ((age * columns + columnOf[cases.hospital[i]!]!) * schemes + cases.insurance[i]!) * width + groupOf[i]!

  /** Whether no mark, review or own rule concerns a case. */
  const isUnmarked = (i: number): boolean =>
    rules.own.length === 0 &&
    (facts === undefined || facts.mark[i] === 0) &&
    (accepted === null || accepted[i] !== 1) &&
    byDate[groupOf[i]!] === 0

  const daily = rules.perDiem.map(rule => ({
    ...rule,
    // A rule that names no cases, only places, concerns all groups.
    group: rule.all && rule.groups.size === 0 && rule.departments.size === 0 ? null : listed(rule.groups),
  }))
  const tables: TrackTables = {
    group: Uint8Array.from(
      groups,
      (_, g) =>
        byDate[g]! * GROUP.byDate +
        (daily.some(({ group }) => group === null || group[g] === 1) ? GROUP.perDiem : 0) +
        longStayGroups[g]! * GROUP.longStay,
    ),
    department: Uint8Array.from(facts?.departments ?? [], name =>
      daily.some(({ departments }) => departments.has(name)) ? 1 : 0,
    ),
    early: Uint8Array.from({ length: 256 }, (_, way) => (rules.early?.ways.has(way) === true ? 1 : 0)),
    earlyMost: rules.early?.most ?? -1,
    perDiemFrom: Math.min(NO_STAY, ...daily.map(rule => rule.from)),
    longStayFrom: rules.longStay?.from ?? NO_STAY,
    shortMax: stay?.shortMax ?? -1,
    longMin: stay?.longMin ?? NO_STAY,
    ...ages,
    byAge,
    columnOf,
    columns,
  }

  return {
    tables: rules.own.length === 0 ? tables : null,
    cells,
    find(i) {
      const status = statusOf[i]! as 0 | 1 | 2 | 3
      const mark = facts === undefined ? NO_MARK : (marks[facts.mark[i]!] ?? NO_MARK)
      const own = groupOf[i]!
      const route = status === 0 ? routed(policy, mark, cases, own, position) : { group: own, share: '' }
      let g = route.group
      if (status === 0 && rules.early?.mode === 'group7' && g === own && group7[g]! >= 0 && isEarly(policy, i, cases))
        g = group7[g]!
      const rest = restOf(i, g, mark)
      const after = mark.readmittedAfter
      const readmitted =
        rules.readmission !== null && after !== null && after <= rules.readmission.days && exempt[g] === 0
      const age = status === 0 ? ageOf(i) : -1
      const needsDays =
        rest === 'perDiem' ||
        rest === 'longStay' ||
        (rest === 'early' && rules.early?.mode === 'proRata') ||
        (rest === 'review' && byStandard && mark.decided === null && status === 0 && isLongStay(i, g, mark))
      const month =
        status === 0 && byDate[g] === 1 && !['stay', 'perDiem', 'review'].includes(rest) ? cases.month[i]! : -1
      const tcm = rules.tcm !== null && mark.tcm
      const grassroots = policy.base?.marked === true && mark.grassroots
      const auxiliary = status === 0 ? auxiliaryAt(policy, mark) : null
      const rulesHeld = status === 0 ? heldRules(policy, cases, i, mark, free) : { own: free, asked: {} }
      const isOrdinary =
        g === own && rest === 'bands' && age < 0 && !tcm && !readmitted && route.share === '' && rulesHeld.own === free &&
        !grassroots && auxiliary === null && month < 0 // biome-ignore format: one condition
      // A stay that no own rule concerns has a row of its own, whatever the group.
      const isPlainStay = rest === 'stay' && rules.own.length === 0 && !readmitted
      if (status !== 0 ? rest === 'bands' && !grassroots : isOrdinary || isPlainStay) return 0
      const variant = {
        rest,
        days: needsDays ? losOf[i]! : -1,
        perDiem: rest === 'perDiem' && byDay !== null ? byDay(i, g, mark) : -1,
        age,
        tcm,
        decided: rest === 'review' ? mark.decided : null,
        grassroots,
        auxiliary,
        readmitted,
        month,
        redirect: route.share,
        ...rulesHeld,
      }
      const number = numberOf(variant, variants, variantList)
      const column = columnOf[cases.hospital[i]!]!
      const insurance = cases.insurance[i]!
      const key = (((number * columns + column) * schemes + insurance) * 4 + status) * width + g
      const found = known.get(key)
      if (found === undefined) {
        cells.push({ group: g, status, column, insurance, variant: variantList[number] ?? variant })
        known.set(key, cells.length)
      }
      const place = found ?? cells.length
      if (status === 0 && rest === 'bands' && g === own && age >= 0 && isUnmarked(i)) byAge[placeByAge(i, age)] = place
      return place
    },
  }
}

/** Finds the rule that pays a case by the day: its position, or −1. */
function createByDay(
  { policy, cases, hospitals }: TrackInput,
  listed: (list: ReadonlySet<string>) => Uint8Array,
): (i: number, g: number, mark: CaseMark) => number {
  const { facts, status, los, hospital, insurance } = cases
  const flags = <T>(list: Iterable<T>, holds: (one: T) => boolean): Uint8Array =>
    Uint8Array.from([...list], one => (holds(one) ? 1 : 0))
  const rules = policy.rules.perDiem.map(rule => ({
    ...rule,
    hasGroups: rule.groups.size > 0,
    hasDepartments: rule.departments.size > 0,
    group: listed(rule.groups),
    department: flags(facts?.departments ?? [], name => rule.departments.has(name)),
    place: flags(
      hospitals,
      one => rule.levels?.has(one.level) !== false && rule.classes?.has(one.class ?? one.level) !== false,
    ),
    scheme: flags(cases.insurances, code => rule.insurances?.has(code) !== false),
  }))
  return (i, g, mark) => {
    const kind = status[i]!
    const stay = los[i]!
    if (kind === 3 || stay === NO_STAY) return -1
    for (let r = 0; r < rules.length; r++) {
      const rule = rules[r]!
      if (stay < rule.from || stay > rule.to || rule.place[hospital[i]!] === 0 || rule.scheme[insurance[i]!] === 0)
        continue
      const inGroup = kind === 0 && rule.group[g] === 1
      const inDepartment = facts !== undefined && rule.department[facts.department[i]!] === 1
      const isMarked = rule.marked && kind === 0 && mark.bedDay
      const fits = rule.all
        ? (inGroup || !rule.hasGroups) && (inDepartment || !rule.hasDepartments) && (isMarked || !rule.marked)
        : inGroup || inDepartment || isMarked
      if (fits) return r
    }
    return -1
  }
}

/** By group, 1: its own volume cap, else that of its ADRG, counts by date. */
function monthlyGroups({ volumeCap }: Policy['rules'], { groups, parents }: GroupedCases): Uint8Array {
  return Uint8Array.from(groups, (code, g) =>
    (volumeCap.get(code) ?? volumeCap.get(parents[g] ?? ''))?.byDate === true ? 1 : 0,
  )
}

function numberOf(variant: Variant, numbers: Map<string, number>, list: Variant[]): number {
  const { rest, days, perDiem, age, tcm, decided, grassroots, auxiliary, readmitted, month, redirect, own, asked } =
    variant
  const key = `${RESTS.indexOf(rest)} ${days} ${perDiem} ${age} ${decided === null ? '' : `${decided.unit}${decided.value}`} ${tcm ? 1 : 0}${grassroots ? 1 : 0}${readmitted ? 1 : 0} ${auxiliary ?? ''} ${month} ${own} ${redirect} ${Object.values(asked).join('\t')}`
  const found = numbers.get(key)
  if (found !== undefined) return found
  numbers.set(key, list.length)
  list.push(variant)
  return list.length - 1
}

/** The group whose weight counts after a redirection, or the redirection that pays a share. */
export function routed(
  policy: Policy,
  mark: CaseMark,
  { groups, parents }: Pick<GroupedCases, 'groups' | 'parents'>,
  group: number,
  position: ReadonlyMap<string, number>,
): { readonly group: number; readonly share: string } {
  const rule = mark.redirect === '' ? undefined : policy.rules.redirect.get(mark.redirect)
  const applies = rule !== undefined && (rule.group === groups[group] || rule.group === parents[group])
  if (!applies) return { group, share: '' }
  return rule.to === null ? { group, share: rule.id } : { group: position.get(rule.to) ?? group, share: '' }
}

/** The auxiliary coefficient of a marked case, where the policy counts it; null elsewhere. */
function auxiliaryAt({ rules }: Policy, mark: CaseMark): string | null {
  if (rules.auxiliary === null || mark.auxiliary === null) return null
  const { except } = rules.auxiliary
  const isExcept =
    (mark.tcm && except.has('tcm')) ||
    (mark.bedDay && except.has('bed-day')) ||
    (mark.daySurgery && except.has('day-surgery')) ||
    (mark.grassroots && except.has('grassroots'))
  return isExcept ? null : mark.auxiliary.coefficient
}

/** Whether a case ended early by death or transfer. */
export function isEarly({ rules }: Policy, i: number, { los, dischargeWay }: GroupedCases): boolean {
  const { early } = rules
  return early !== null && los[i] !== NO_STAY && los[i]! <= early.most && early.ways.has(dischargeWay[i]!)
}

/** The first age band by years and by days of life, from −1 (not known) up. */
function ageTables({ rules }: Policy): Pick<TrackTables, 'years' | 'days'> {
  const firstBand = (unit: 'years' | 'days'): Uint16Array =>
    Uint16Array.from({ length: OLDEST + 2 }, (_, place) => {
      const n = rules.age.findIndex(band => band.unit === unit && place - 1 >= band.from && place - 1 <= band.to)
      return place === 0 || n < 0 ? NO_BAND : n
    })
  return { years: firstBand('years'), days: firstBand('days') }
}
