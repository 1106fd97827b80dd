import { INSURANCES } from '../../weights/index.ts'

const NAMES: string = INSURANCES.map(one => one.word).join('|')

/** How a policy or a region names an insurance scheme (险种): `employee`, `resident`, or the three digits of its code. */
export const INSURANCE: RegExp = new RegExp(`^(${NAMES}|\\d{3})$`)

/** A key of the rates: a level, an insurance, or both: `level3`, `310`, `level3.employee`. */
export const RATE_KEY: RegExp = new RegExp(`^(level[^.]+|(level[^.]+\\.)?(${NAMES}|\\d{3}))$`)

/** A key of prices by hospital: also `hospital:H001`, `hospital:H001.employee`, and any key with `.base` for base groups. */
export const FACTOR_KEY: RegExp = new RegExp(
  `^(level[^.]+|hospital:[^.]+|((level[^.]+|hospital:[^.]+)\\.)?(${NAMES}|\\d{3}))(\\.base)?$`,
)

const CODES: ReadonlyMap<string, string> = new Map(INSURANCES.map(one => [one.word, one.code]))

/** The national code of an insurance scheme: 'employee' → '310', 'resident' → '390', '310' → '310'. */
export function insuranceCode(name: string): string {
  return CODES.get(name) ?? name
}
