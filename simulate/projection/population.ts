import type { Band, ProjectionConfig } from './config.ts'

/** Persons by band and sex. */
export interface Population {
  readonly male: Float64Array
  readonly female: Float64Array
}

export function startingPopulation({ bands }: ProjectionConfig['population']): Population {
  return { male: Float64Array.from(bands, band => band.male), female: Float64Array.from(bands, band => band.female) }
}

/**
 * The population a year later: the dead leave, one year's part of a band (1 / its width) moves up, births enter the
 * first band, 105 boys for 100 girls. Without births and deaths the number of persons stays.
 */
export function nextYear({ male, female }: Population, { bands, births }: ProjectionConfig['population']): Population {
  const persons = total({ male, female })
  const born = (persons * births) / 1000
  return { male: age(male, bands, born * (105 / 205)), female: age(female, bands, born * (100 / 205)) }
}

function age(persons: Float64Array, bands: readonly Band[], born: number): Float64Array {
  const out = new Float64Array(persons.length)
  let up = born
  for (const [i, band] of bands.entries()) {
    const alive = persons[i]! * (1 - band.mortality)
    const leave = band.to === null ? 0 : alive / (band.to - band.from + 1)
    out[i] = alive - leave + up
    up = leave
  }
  return out
}

export function total({ male, female }: Population): number {
  return male.reduce((sum, value) => sum + value, 0) + female.reduce((sum, value) => sum + value, 0)
}

/** Insured persons of a scheme, and the discharges that they need at the use of the start. */
export function insured(
  { male, female }: Population,
  bands: readonly Band[],
  scheme: 'employees' | 'residents',
): { readonly persons: number; readonly discharges: number } {
  let [persons, discharges] = [0, 0]
  for (const [i, band] of bands.entries()) {
    const own = (male[i]! + female[i]!) * band[scheme]
    persons += own
    discharges += own * band.use
  }
  return { persons, discharges }
}
