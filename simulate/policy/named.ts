import type { PolicyDocument } from './document.ts'
import { FACTOR_KEY, insuranceCode } from './insurance.ts'
import { perDiemRules } from './per-diem-document.ts'
import type { Policy } from './policy.ts'

/** The levels (级别) that a policy names: those that prices, limits and coefficients tell apart, and those that rules ask for. */
export interface NamedLevels {
  readonly priced: ReadonlySet<string>
  readonly asked: ReadonlySet<string>
}

type Entry = Readonly<Record<string, unknown>>

const keys = (map: unknown): string[] => (typeof map === 'object' && map !== null ? Object.keys(map) : [])
const below = (map: unknown): string[] => Object.values((map ?? {}) as Entry).flatMap(keys)

/** The levels that a policy names; its side tables have been read. */
export function levelsOf({ document }: Policy): NamedLevels {
  const { low, high, coefficient, base, groupMeans } = document
  const { kind, table, lastYear, ladder } = coefficient
  const listed = [table, lastYear].flatMap(map => {
    if (kind === 'level' || kind === 'class') return keys(map)
    return kind === 'groupLevel' ? below(map) : []
  })
  const rules = perDiemRules(document.perDiem)
  return {
    priced: new Set([
      ...priceKeys(document).flatMap(key => /^level([^.]+)/.exec(key)?.[1] ?? []),
      ...keys(low?.byLevel),
      ...keys(high?.byLevel),
      ...listed,
      ...keys(ladder?.basic),
      ...(ladder?.parts ?? []).flatMap(part => keys(part.cap)),
      ...below(groupMeans).filter(level => level !== ''),
      ...(base?.mode === 'rateOfLevel' ? [base.value] : []),
    ]),
    asked: new Set(rules.flatMap(({ levels, classes }) => [...(levels ?? []), ...(classes ?? [])])),
  }
}

/** The codes of the insurance schemes (险种) that a policy names; its side tables have been read. */
export function insurancesOf({ document }: Policy): ReadonlySet<string> {
  const { elastic } = document
  const priced = priceKeys(document).flatMap(key => FACTOR_KEY.exec(key)?.[4] ?? [])
  const points = elastic?.by === 'volume' ? keys(elastic.hospitalPoints) : []
  const counted = points.flatMap(key => key.split('\n')[1] || [])
  const asked = perDiemRules(document.perDiem).flatMap(({ insurances }) => insurances ?? [])
  return new Set([...priced, ...counted, ...asked].map(insuranceCode))
}

/** The keys of all that a policy gives by insurance, by level or by hospital: prices, thresholds, points, amounts a day. */
function priceKeys({
  pointValue,
  rate,
  meanFactor,
  pvMin,
  pvMax,
  low,
  high,
  elastic,
  perDiem,
}: PolicyDocument): string[] {
  return [
    pointValue,
    rate,
    meanFactor,
    pvMin,
    pvMax,
    low?.threshold,
    high?.byScheme,
    ...(elastic?.by === 'severity' ? [elastic.rate] : []),
    ...(elastic?.by === 'volume' ? [elastic.basePoints, elastic.value] : []),
    ...perDiemRules(perDiem).map(rule => rule.perDay),
  ].flatMap(keys)
}
