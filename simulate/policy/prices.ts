import { Decimal } from '../../numbers/index.ts'
import { insuranceCode } from './insurance.ts'

/** Who is treated where: what prices, thresholds and limits may depend on. */
export interface Setting {
  /** Hospital level as the hospital table names it, e.g. '3'. */
  readonly level: string
  /** Code of the insurance scheme, e.g. '310'. */
  readonly insurance: string
  /** Code of the hospital, and whether the case is one of a base group; prices by level and insurance ask neither. */
  readonly hospital?: string | undefined
  readonly isBase?: boolean | undefined
}

/** A number that may depend on level and insurance; `undefined` where the policy gives none. */
export type PriceTable = (setting: Setting) => Decimal | undefined

/**
 * Prices as a file gives them; the most exact key wins: hospital, then level, each with the insurance before without, then
 * insurance; under each those of base groups first.
 */
export function priceTable(given: string | Readonly<Record<string, string>> | null): PriceTable {
  if (given === null) return () => undefined
  if (typeof given === 'string') {
    const price = new Decimal(given)
    return () => price
  }
  const prices = new Map<string, Decimal>()
  for (const [key, text] of Object.entries(given)) {
    prices.set(key.split('.').map(insuranceCode).join('.'), new Decimal(text))
  }
  const find = ({ level, insurance, hospital }: Setting, after: string): Decimal | undefined =>
    (hospital === undefined
      ? undefined
      : (prices.get(`hospital:${hospital}.${insurance}${after}`) ?? prices.get(`hospital:${hospital}${after}`))) ??
    prices.get(`level${level}.${insurance}${after}`) ??
    prices.get(`level${level}${after}`) ??
    prices.get(`${insurance}${after}`)
  return setting => (setting.isBase === true ? find(setting, '.base') : undefined) ?? find(setting, '')
}
