import { Decimal } from '../../numbers/index.ts'
import { insuranceCode } from './insurance.ts'

/** Who is treated where: what prices, thresholds and limits may depend on. */
export interface Setting {
  /** Hospital level as the hospital table names it, e.g. '3'. */
  readonly level: string
  /** Code of the insurance scheme, e.g. '310'. */
  readonly insurance: string
}

/** A number that may depend on level and insurance; `undefined` where the policy gives none. */
export type PriceTable = (setting: Setting) => Decimal | undefined

/** Prices as a file gives them; the most exact key wins: level and insurance, then level, then insurance. */
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
  return ({ level, insurance }) =>
    prices.get(`level${level}.${insurance}`) ?? prices.get(`level${level}`) ?? prices.get(insurance)
}
