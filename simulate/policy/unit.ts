/** A unit as powers of yuan, days and years; a plain number has none. */
export interface Unit {
  readonly yuan: number
  readonly days: number
  readonly years: number
}

/** A number without unit: weights, coefficients, ratios, shares. */
export const NUMBER: Unit = { yuan: 0, days: 0, years: 0 }
export const YUAN: Unit = { ...NUMBER, yuan: 1 }
export const DAYS: Unit = { ...NUMBER, days: 1 }
export const YEARS: Unit = { ...NUMBER, years: 1 }

/** A unit as messages name it: 'yuan', 'yuan/days', 'a plain number'. */
export function unitText(unit: Unit): string {
  const parts = (sign: 1 | -1): string[] =>
    (['yuan', 'days', 'years'] as const).flatMap(name => {
      const power = unit[name] * sign
      return power <= 0 ? [] : [power === 1 ? name : `${name}^${power}`]
    })
  const [above, below] = [parts(1), parts(-1)]
  if (above.length + below.length === 0) return 'a plain number'
  return `${above.length === 0 ? '1' : above.join('·')}${below.map(name => `/${name}`).join('')}`
}
