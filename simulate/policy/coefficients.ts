import { Fault } from '../../messages/index.ts'
import { Decimal } from '../../numbers/index.ts'
import type { CoefficientTable, GroupedCases } from '../../weights/index.ts'
import type { Policy } from './policy.ts'

const ONE: Decimal = new Decimal(1)

/** The coefficients that a policy uses: its own table, else those that the region's weights give, of the kind it names. */
export function tableOf(
  policy: Policy,
  fromData: CoefficientTable,
  { groups, parents }: Pick<GroupedCases, 'groups' | 'parents'>,
): CoefficientTable {
  const { coefficientKind: kind, coefficients: own } = policy
  if (kind === 'none') return { kind, of: () => ONE }
  if (own !== null) {
    return {
      kind,
      of(group, level, hospital) {
        const entry =
          kind === 'groupLevel'
            ? (own.get(groups[group] ?? '') ?? own.get(parents[group] ?? ''))
            : own.get(kind === 'level' ? level : hospital)
        if (entry === undefined) return ONE
        return entry instanceof Map ? (entry.get(level) ?? ONE) : (entry as Decimal)
      },
    }
  }
  if (fromData.kind === kind) return fromData
  throw new Fault({
    code: 'POL-009',
    at: { field: 'coefficient.kind' },
    what: {
      zh: `政策 ${policy.id} 需要 ${kind} 系数，而权重结果给出的是 ${fromData.kind}。`,
      en: `Policy ${policy.id} needs coefficients by ${kind}; the weights give ${fromData.kind}.`,
    },
    fix: {
      zh: `请用同一种系数重新计算权重，或在政策中写 coefficient.table。`,
      en: 'Compute the weights with that kind of coefficient, or give coefficient.table in the policy.',
    },
  })
}
