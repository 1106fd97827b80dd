import { Decimal } from '../../numbers/index.ts'
import type { GroupedCases, Hospital } from '../../weights/index.ts'
import type { Change } from './change.ts'
import type { Parameters } from './parameters.ts'
import type { FactorAt } from './volume.ts'
import { select } from './where.ts'

/** The factors on the volume of cells that some parameters mean. */
export interface Volumes {
  readonly factors: readonly Decimal[]
  readonly at: FactorAt
}

/** The labels that cells refer to. */
type Labels = Pick<GroupedCases, 'hospitals' | 'insurances' | 'months' | 'groups'>

/** The products of the volume factors of region, level, insurance and hospital, and of the given changes. */
export function volumesOf(
  { region, level, insurance, hospital }: Pick<Parameters, 'region' | 'level' | 'insurance' | 'hospital'>,
  changes: readonly Change[],
  labels: Labels,
  hospitals: readonly Hospital[],
): Volumes {
  const levelOf = new Map(hospitals.map(one => [one.code, one.level]))
  const factors: Decimal[] = [new Decimal(1)]
  const place = (factor: Decimal): number => {
    const found = factors.findIndex(one => one.eq(factor))
    return found < 0 ? factors.push(factor) - 1 : found
  }
  const units = labels.hospitals.flatMap(code =>
    labels.insurances.map(name => {
      const parts = [region, level[levelOf.get(code) ?? ''], insurance[name], hospital[code]]
      return place(parts.reduce((product, part) => product.times(part?.volume ?? '1'), new Decimal(1)))
    }),
  )
  const chosen = changes.flatMap(change =>
    change.kind === 'volume' && change.factor !== '1'
      ? [{ ...select(change.where, labels, hospitals), factor: new Decimal(change.factor) }]
      : [],
  )
  const width = labels.insurances.length
  if (chosen.length === 0) return { factors, at: (h, s) => units[h * width + s]! }
  const known = new Map<number, number>()
  const at: FactorAt = (h, s, m, g) => {
    const unit = units[h * width + s]!
    let key = unit
    for (const one of chosen) {
      const meant = one.hospital[h]! & one.insurance[s]! & one.month[m]! & one.group[g]!
      key = key * 2 + meant
    }
    let found = known.get(key)
    if (found === undefined) {
      const product = chosen.reduce((all, one) => {
        const meant = one.hospital[h]! & one.insurance[s]! & one.month[m]! & one.group[g]!
        return meant === 1 ? all.times(one.factor) : all
      }, factors[unit]!)
      found = place(product)
      known.set(key, found)
    }
    return found
  }
  // Every factor is known before the first cell is scaled.
  for (let h = 0; h < labels.hospitals.length; h++)
    for (let s = 0; s < width; s++)
      for (let m = 0; m < labels.months.length; m++) for (let g = 0; g < labels.groups.length; g++) at(h, s, m, g)
  return { factors, at }
}
