import { createHash } from 'node:crypto'
import { Decimal } from '../../numbers/index.ts'
import type { CoefficientKind, GroupedCases, Hospital } from '../../weights/index.ts'
import type { PolicyDocument } from '../policy/document.ts'
import { compilePolicy } from '../policy/policy.ts'
import type { RegionInput } from '../settle/region.ts'
import type { Ground } from './evaluator.ts'
import { deepFreeze, type Parameters } from './parameters.ts'
import { dataOf, type Plain, plainOf } from './plain.ts'
import type { Apart, SortedRegion } from './sorted.ts'
import type { SortedCases } from './sorted-kernel.ts'

/** A region as threads can be handed it: columns in shared buffers, decimals as texts. */
export interface PackedGround {
  readonly cases: GroupedCases
  readonly weight: readonly (string | null)[]
  readonly stable: readonly boolean[]
  readonly meanCost: readonly [rounded: number, exact: string]
  readonly coefficient: {
    readonly kind: CoefficientKind
    readonly values: readonly (readonly [key: string, value: string])[]
  }
  readonly policy: PolicyDocument
  readonly budgets: RegionInput['budgets']
  readonly visitors: RegionInput['visitors']
  readonly hospitals: readonly Hospital[]
  readonly parameters: Parameters
}

/** The same with its cases sorted. */
export interface PackedRegion extends PackedGround {
  readonly sorted: SortedCases
  /** What sets sorted cases apart. */
  readonly apart: readonly PackedApart[]
}

interface PackedApart extends Omit<Apart, 'variant'> {
  readonly variant: Omit<Apart['variant'], 'asked'> & { readonly asked: Plain }
}

/** Packs a region with its sorted cases. */
export function packRegion(ground: Ground, { sorted, apart }: SortedRegion): PackedRegion {
  // What sets cases apart comes first: the hash of a region is that of its text, and runs begun earlier go on.
  return {
    apart: apart.map(one => ({ ...one, variant: { ...one.variant, asked: plainOf(one.variant.asked) } })),
    ...packGround(ground),
    sorted,
  }
}

/** Packs a region; its case columns are copied into shared buffers. */
export function packGround({ input, parameters }: Ground): PackedGround {
  const { weights, coefficients, hospitals } = input
  const { groups } = input.cases
  const known = new Map<string, string>()
  const listed = hospitals.filter(one => input.cases.hospitals.includes(one.code))
  for (const [g] of groups.entries()) {
    for (const { code, level } of listed) {
      const key = keyOf(coefficients.kind, g, level, code)
      if (!known.has(key)) known.set(key, coefficients.of(g, level, code).toFixed())
    }
  }
  return {
    cases: sharedColumns(input.cases),
    weight: weights.weight.map(one => one?.toFixed() ?? null),
    stable: weights.stable,
    meanCost: [weights.meanCost, weights.meanCostExact.toFixed()],
    coefficient: { kind: coefficients.kind, values: [...known] },
    policy: input.policy.document,
    budgets: input.budgets,
    visitors: input.visitors,
    hospitals,
    parameters,
  }
}

/** The region again; coefficients are those that were packed. */
export function unpackGround(packed: PackedGround): Ground {
  const { cases, coefficient } = packed
  const values = new Map(coefficient.values.map(([key, value]) => [key, new Decimal(value)]))
  const one = new Decimal(1)
  return {
    parameters: deepFreeze(packed.parameters),
    input: {
      cases,
      weights: {
        groups: cases.groups,
        weight: packed.weight.map(text => (text === null ? null : new Decimal(text))),
        stable: packed.stable,
        meanCost: packed.meanCost[0],
        meanCostExact: new Decimal(packed.meanCost[1]),
      },
      coefficients: {
        kind: coefficient.kind,
        of: (g, level, hospital) => values.get(keyOf(coefficient.kind, g, level, hospital)) ?? one,
      },
      policy: compilePolicy(packed.policy),
      budgets: packed.budgets,
      visitors: packed.visitors,
      hospitals: packed.hospitals,
    },
  }
}

/** The sorted cases again. */
export function unpackSorted({ sorted, apart }: PackedRegion): SortedRegion {
  return {
    sorted,
    apart: apart.map(one => ({ ...one, variant: { ...one.variant, asked: dataOf(one.variant.asked) } })),
  }
}

function keyOf(kind: CoefficientKind, group: number, level: string, hospital: string): string {
  switch (kind) {
    case 'none':
      return ''
    case 'level':
      return level
    case 'hospital':
      return hospital
    case 'groupLevel':
      return `${group} ${level}`
    case 'groupHospital':
      return `${group} ${hospital}`
  }
}

/** The same with every column of numbers in it copied into shared memory. */
export function sharedColumns<T extends object>(columns: T): T {
  const entries = Object.entries(columns).map(([key, column]: [string, unknown]) => {
    if (typeof column === 'object' && column !== null && !Array.isArray(column) && !ArrayBuffer.isView(column))
      return [key, sharedColumns(column)]
    if (!ArrayBuffer.isView(column)) return [key, column]
    const from = column as unknown as Float64Array
    const to = new (from.constructor as new (buffer: SharedArrayBuffer) => Float64Array)(
      new SharedArrayBuffer(from.byteLength),
    )
    to.set(from)
    return [key, to]
  })
  return Object.fromEntries(entries) as T
}

/** A hash of everything that results of a region depend on. */
export function regionHash({ cases, sorted, ...rest }: PackedRegion): string {
  const hash = createHash('sha256').update(JSON.stringify(rest))
  for (const part of [cases, sorted]) hashColumns(part, text => hash.update(text))
  return hash.digest('hex')
}

function hashColumns(columns: object, update: (data: string | Uint8Array) => void): void {
  for (const [key, column] of Object.entries(columns) as [string, unknown][]) {
    update(key)
    if (ArrayBuffer.isView(column)) update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength))
    else if (typeof column === 'object' && column !== null && !Array.isArray(column)) hashColumns(column, update)
    else update(JSON.stringify(column) ?? '')
  }
}
