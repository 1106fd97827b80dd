import type { Summary } from '../scenario/evaluator.ts'

/**
 * The numbers of a summary as one row: point value by insurance (yuan per point, NaN where there is none), money paid,
 * residual, then fund due and surplus of every hospital. Money in fen.
 */
export function outputsOf({ hospitals, insurances }: Pick<Summary, 'hospitals' | 'insurances'>): readonly string[] {
  return [
    ...insurances.map(code => `pointValue:${code}`),
    'paid',
    'residual',
    ...hospitals.map(code => `due:${code}`),
    ...hospitals.map(code => `surplus:${code}`),
  ]
}

/** Writes a summary into a row. */
export function writeOutputs(summary: Summary, row: Float64Array): void {
  const { insurances, hospitals, pointValue, due, gross, cost, residual } = summary
  let at = 0
  for (let s = 0; s < insurances.length; s++) row[at++] = pointValue[s]?.toNumber() ?? Number.NaN
  let paid = 0
  for (let h = 0; h < hospitals.length; h++) paid += due[h]!
  row[at++] = paid
  row[at++] = residual
  for (let h = 0; h < hospitals.length; h++) row[at++] = due[h]!
  for (let h = 0; h < hospitals.length; h++) row[at++] = gross[h]! - cost[h]!
}
