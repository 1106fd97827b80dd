import { REASONS } from '../drg/outcome.ts'
import type { CodeIndex } from './code-index.ts'
import { type CodeFieldName, DX_FIELDS, PX_FIELDS } from './condition.ts'
import { FACT, type FactName } from './facts.ts'
import { changesOf, isAmong, type Values } from './span.ts'
import type { Way } from './ways.ts'

/**
 * Up to 32 groups of ways as bits of a word. A case may go one of the ways of a group when its bit is set by one of the
 * codes (or in `always`) and permitted by the value of every fact: tables that the kernel looks up and joins.
 */
export interface Masks {
  /** Groups in which some way asks for no code. */
  readonly always: number
  /** All tables by codes, `IDS` words each (`MAIN_DX` …), in one array: see `createQualityKernel`. */
  readonly codes: Int32Array
  /** By number of diagnoses, of procedures. */
  readonly diagnoses: Int32Array
  readonly procedures: Int32Array
  /** By empty slot of the main procedure (1), main diagnosis repeated (2), other one repeated (4). */
  readonly flags: Int32Array
  /** By value of a byte; of `reason` and `status`, positions in `REASONS` and in `STATUSES`. */
  readonly sex: Int32Array
  readonly dischargeWay: Int32Array
  readonly reason: Int32Array
  readonly status: Int32Array
  /** By integer up to the last that makes a difference, the missing one first. */
  readonly age: Int32Array
  readonly ageDays: Int32Array
  readonly weight: Int32Array
  readonly los: Int32Array
  /** The same without a missing one. */
  readonly repaired: Int32Array
  /** Costs at which something changes, ascending; `cost` by how many of them are reached, missing ones first. */
  readonly costs: Float64Array
  readonly cost: Int32Array
}

/** Ids of codes are 16 bits wide. */
const IDS = 1 << 16
/** Places of the tables by codes: in the place of the principal one and in another; last the rows in which others stood. */
export const MAIN_DX = 0
export const OTHER_DX: number = IDS
export const MAIN_PX: number = 2 * IDS
export const OTHER_PX: number = 3 * IDS
export const SEEN: number = 4 * IDS

/** Facts that the kernel reads from columns of a batch. */
const COLUMNS = [
  'sex',
  'age',
  'ageDays',
  'weight',
  'los',
  'dischargeWay',
  'cost',
  'diagnosisCount',
  'procedureCount',
  'mainSlotEmpty',
  'mainRepeated',
  'othersRepeated',
  'repairedCodes',
  'inNoMdc',
  'ambiguous',
] as const satisfies readonly FactName[]

/** Whether the kernel reads a fact from a column. */
export function isColumn(name: FactName): boolean {
  return COLUMNS.some(column => column === name)
}

const BYTE = 256
/** Larger integers are not told apart by tables. */
const LARGEST = 1 << 14

/** The way as far as tables can tell it. */
export function tellable(way: Way): Way {
  const facts = new Map([...way.facts].filter(([fact, values]) => fact === FACT.cost || isSmall(values)))
  return facts.size === way.facts.size ? way : { ...way, facts, sure: false }
}

function isSmall(values: Values): boolean {
  return changesOf(values).every(value => value < LARGEST)
}

/** The tables of up to 32 groups of ways; those of codes are empty yet. */
export function createMasks(groups: readonly (readonly Way[])[]): Masks {
  const table = (name: FactName, size: number, value: (at: number) => number): Int32Array =>
    permits(groups, FACT[name], size, value)
  const changes = (name: FactName): number[] =>
    groups.flat().flatMap(way => changesOf(way.facts.get(FACT[name]) ?? { spans: [], missing: false }))
  const size = (name: FactName): number => Math.ceil(Math.max(0, ...changes(name))) + 2
  const integers = (name: FactName): Int32Array => table(name, size(name) + 1, at => (at === 0 ? Number.NaN : at - 1))
  const counts = (name: FactName): Int32Array => table(name, size(name), at => at)
  const costs = Float64Array.from(new Set(changes('cost'))).sort()
  const flag = (name: FactName): Int32Array => table(name, 2, at => at)
  const [slot, main, others] = [flag('mainSlotEmpty'), flag('mainRepeated'), flag('othersRepeated')]
  return {
    always: bitsOf(groups, way => way.codes === undefined),
    codes: new Int32Array(SEEN + IDS),
    sex: table('sex', BYTE, at => at),
    dischargeWay: table('dischargeWay', BYTE, at => (at === 0 ? Number.NaN : at)),
    age: integers('age'),
    ageDays: integers('ageDays'),
    weight: integers('weight'),
    los: integers('los'),
    diagnoses: counts('diagnosisCount'),
    procedures: counts('procedureCount'),
    repaired: counts('repairedCodes'),
    reason: table('inNoMdc', BYTE, at => (REASONS[at] === 'not-in-mdc' ? 1 : 0)),
    status: table('ambiguous', BYTE, at => (at === 1 ? 1 : 0)),
    flags: Int32Array.from({ length: 8 }, (_, at) => slot[at & 1]! & main[(at >> 1) & 1]! & others[at >> 2]!),
    costs,
    cost: table('cost', costs.length + 2, at => (at === 0 ? Number.NaN : (costs[at - 2] ?? Number.NEGATIVE_INFINITY))),
  }
}

/** Bits of the groups one of whose ways passes a test. */
function bitsOf(groups: readonly (readonly Way[])[], test: (way: Way) => boolean): number {
  return groups.reduce((bits, ways, bit) => (ways.some(test) ? bits | (1 << bit) : bits), 0)
}

/** By place in a table: the groups that permit the value of a fact that stands there. */
function permits(
  groups: readonly (readonly Way[])[],
  fact: number,
  size: number,
  valueAt: (at: number) => number,
): Int32Array {
  const table = new Int32Array(size).fill(-1)
  groups.forEach((ways, bit) => {
    const asked = ways.map(({ facts }) => facts.get(fact)).filter(values => values !== undefined)
    if (asked.length < ways.length) return
    for (let at = 0; at < size; at++) {
      const value = valueAt(at)
      if (!asked.some(values => isAmong(values, value))) table[at]! &= ~(1 << bit)
    }
  })
  return table
}

/** Fills the tables of codes for ids `from` … `to - 1` of one kind. */
export function fillCodes(
  masks: Masks,
  groups: readonly (readonly Way[])[],
  lists: ReadonlyMap<string, number>,
  index: CodeIndex,
  isDx: boolean,
  from: number,
  to: number,
): void {
  const fields = isDx ? DX_FIELDS : PX_FIELDS
  const [main, others, both] = fields.map(field => bitsOfLists(groups, lists, field, index.words * 32))
  const { bits, words } = index
  const [mainAt, otherAt] = isDx ? [MAIN_DX, OTHER_DX] : [MAIN_PX, OTHER_PX]
  for (let id = from; id < to; id++) {
    let asMain = 0
    let asOther = 0
    for (let w = 0; w < words; w++) {
      for (let open = bits[id * words + w]!; open !== 0; ) {
        const bit = 31 - Math.clz32(open)
        open &= ~(1 << bit)
        const list = w * 32 + bit
        asMain |= main![list]! | both![list]!
        asOther |= others![list]! | both![list]!
      }
    }
    masks.codes[mainAt + id] = asMain
    masks.codes[otherAt + id] = asOther
  }
}

/** By list: the groups with a way that asks for it in a field. */
function bitsOfLists(
  groups: readonly (readonly Way[])[],
  lists: ReadonlyMap<string, number>,
  field: CodeFieldName,
  count: number,
): Int32Array {
  const byList = new Int32Array(count)
  for (const [name, list] of lists) {
    byList[list] = bitsOf(groups, ({ codes }) => codes?.field === field && codes.lists.includes(name))
  }
  return byList
}
