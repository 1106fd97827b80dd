import { Fault } from '../../messages/index.ts'
import { Decimal } from '../../numbers/index.ts'
import {
  type CoefficientTable,
  coefficientFile,
  type GroupedCases,
  type Hospital,
  type WeightConfig,
} from '../../weights/index.ts'
import type { Policy } from './policy.ts'

const ONE: Decimal = new Decimal(1)

/** A ladder of a pack as the derivation of coefficients takes it; undefined for packs without one. */
export function ladderOf({ document }: Policy): Partial<WeightConfig['coefficient']> | undefined {
  const { ladder } = document.coefficient
  if (ladder === null) return undefined
  const numbers = (map: Readonly<Record<string, string>>): Record<string, Decimal> =>
    Object.fromEntries(Object.entries(map).map(([key, text]) => [key, new Decimal(text)]))
  return {
    kind: 'composite',
    min: new Decimal(ladder.min),
    max: new Decimal(ladder.max ?? Number.POSITIVE_INFINITY),
    decimals: Number(ladder.decimals),
    composite: {
      basic: numbers(ladder.basic),
      hospitals: numbers(ladder.hospitals),
      parts: ladder.parts.map(({ index, against, age, from, first, step, add, cap }) => ({
        index,
        against,
        age: age === null ? null : Number(age),
        from: new Decimal(from),
        first: new Decimal(first),
        step: new Decimal(step),
        add: new Decimal(add),
        cap: numbers(cap),
      })),
    },
  }
}

/** Hospitals whose class, level or code the policy's own table of coefficients does not list, so that 1 counts. */
export function unlisted(
  { coefficientKind: kind, coefficients: own }: Policy,
  hospitals: readonly Hospital[],
): Hospital[] {
  if (own === null || !['class', 'level', 'hospital'].includes(kind)) return []
  return hospitals.filter(({ code, level, class: listed }) => {
    const key = kind === 'class' ? (listed ?? level) : kind === 'level' ? level : code
    return !own.has(key)
  })
}

/** Coefficients as a policy uses them: from the right table, within its bounds. */
export interface UsedCoefficients extends CoefficientTable {
  readonly isUsed: true
}

/**
 * The coefficients that a policy uses: its own table, else those that the region's weights give, of the kind it names; no
 * further from last year's than it allows, then within its bounds. What a table does not list is `newGroup`. Kind `class`
 * looks up the class of the hospital (`hospitals`), or its level. A table that this made is returned as it is.
 */
export function tableOf(
  policy: Policy,
  fromData: CoefficientTable | UsedCoefficients,
  cases: Pick<GroupedCases, 'groups' | 'parents'>,
  hospitals: readonly Hospital[] = [],
): UsedCoefficients {
  if ('isUsed' in fromData) return fromData
  const { bounds, coefficientKind: kind } = policy
  if (kind === 'none') return { kind, isUsed: true, of: () => ONE }
  const lookUp = lookUps(policy, cases, hospitals)
  const table = policy.coefficients === null ? given(policy, fromData) : lookUp(policy.coefficients)
  const last = bounds.lastYear === null ? null : lookUp(bounds.lastYear)
  const { min, max, unlisted, low, high } = bounds
  if (last === null && min === null && max === null) {
    return { kind: table.kind, isUsed: true, of: (...at) => table.of(...at) ?? unlisted }
  }
  return {
    kind: table.kind,
    isUsed: true,
    of(...at) {
      let k = table.of(...at) ?? unlisted
      const before = last?.of(...at)
      if (before !== undefined) k = within(k, low(before), high(before))
      return within(k, min, max)
    },
  }
}

function within(value: Decimal, low: Decimal | null, high: Decimal | null): Decimal {
  const raised = low !== null && value.lt(low) ? low : value
  return high !== null && raised.gt(high) ? high : raised
}

/** Coefficients as a table lists them; undefined where it lists none. */
interface Listed {
  readonly kind: CoefficientTable['kind']
  of(group: number, level: string, hospital: string): Decimal | undefined
}

/** Reads a map of a pack by the kind that the policy names. */
function lookUps(
  { coefficientKind: kind }: Policy,
  { groups, parents }: Pick<GroupedCases, 'groups' | 'parents'>,
  hospitals: readonly Hospital[],
): (own: NonNullable<Policy['coefficients']>) => Listed {
  const classes = new Map(hospitals.map(hospital => [hospital.code, hospital.class ?? hospital.level]))
  return own => {
    const byGroup = (group: number, key: string): Decimal | undefined => {
      const entry = own.get(groups[group] ?? '') ?? own.get(parents[group] ?? '')
      return entry instanceof Map ? entry.get(key) : (entry as Decimal | undefined)
    }
    const byKey = (key: string): Decimal | undefined => own.get(key) as Decimal | undefined
    switch (kind) {
      case 'groupLevel':
        return { kind, of: (group, level) => byGroup(group, level) }
      case 'groupHospital':
        return { kind, of: (group, _, hospital) => byGroup(group, hospital) }
      case 'class':
        return { kind: 'hospital', of: (_, level, hospital) => byKey(classes.get(hospital) ?? level) }
      case 'hospital':
        return { kind, of: (_, __, hospital) => byKey(hospital) }
      default:
        return { kind: 'level', of: (_, level) => byKey(level) }
    }
  }
}

/** The coefficients of the region's weights, where they are of the kind that the policy names; a hospital's may go by group. */
function given(policy: Policy, fromData: CoefficientTable): Listed {
  const { coefficientKind: kind } = policy
  if (fromData.kind === kind || (kind === 'hospital' && fromData.kind === 'groupHospital')) return fromData
  const file = coefficientFile(kind === 'none' || kind === 'class' ? 'hospital' : kind)
  throw new Fault({
    code: 'POL-009',
    at: { field: 'coefficient.kind' },
    what: {
      zh: `政策 ${policy.id} 需要 ${kind} 系数，而权重结果给出的是 ${fromData.kind}。`,
      en: `Policy ${policy.id} needs coefficients by ${kind}; the weights give ${fromData.kind}.`,
    },
    fix: {
      zh: `请给出这种系数的表（结算和权重结果中的 ${file}），或用同一种系数重新计算权重，或在政策中写 coefficient.table。`,
      en: `Give a table of that kind (${file} of a settlement or of weights), compute the weights with it, or write coefficient.table in the policy.`,
    },
  })
}
