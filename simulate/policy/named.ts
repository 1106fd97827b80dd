import { FACTOR_KEY, insuranceCode } from './insurance.ts'
import { perDiemRules } from './per-diem-document.ts'
import type { Policy } from './policy.ts'

/** The levels (级别) that a policy names: those that prices, limits and coefficients tell apart, and those that rules ask for. */
export interface NamedLevels {
  readonly priced: ReadonlySet<string>
  readonly asked: ReadonlySet<string>
}

type Entry = Readonly<Record<string, unknown>>

/** The levels that a policy names; its side tables have been read. */
export function levelsOf({ document }: Policy): NamedLevels {
  const { low, high, coefficient, base, groupMeans } = document
  const { kind, table, lastYear, ladder } = coefficient
  const keys = (map: unknown): string[] => (typeof map === 'object' && map !== null ? Object.keys(map) : [])
  const below = (map: unknown): string[] => Object.values((map ?? {}) as Entry).flatMap(keys)
  const listed = [table, lastYear].flatMap(map => {
    if (kind === 'level' || kind === 'class') return keys(map)
    return kind === 'groupLevel' ? below(map) : []
  })
  const rules = perDiemRules(document.perDiem)
  return {
    priced: new Set([
      ...allKeys(document).flatMap(key => /^level([^.]+)/.exec(key)?.[1] ?? []),
      ...keys(low?.byLevel),
      ...keys(high?.byLevel),
      ...listed,
      ...keys(ladder?.basic),
      ...below(groupMeans).filter(level => level !== ''),
      ...(base?.mode === 'rateOfLevel' ? [base.value] : []),
    ]),
    asked: new Set(rules.flatMap(({ levels, classes }) => [...(levels ?? []), ...(classes ?? [])])),
  }
}

/** The codes of the insurance schemes (险种) that a policy names. */
export function insurancesOf({ document }: Policy): ReadonlySet<string> {
  const names = allKeys(document).flatMap(key => FACTOR_KEY.exec(key)?.[4] ?? [])
  const asked = perDiemRules(document.perDiem).flatMap(({ insurances }) => insurances ?? [])
  return new Set([...names, ...asked].map(insuranceCode))
}

/** The names of all fields of a document, at every depth. */
function allKeys(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return []
  if (Array.isArray(node)) return node.flatMap(allKeys)
  return Object.entries(node).flatMap(([key, value]) => [key, ...allKeys(value)])
}
