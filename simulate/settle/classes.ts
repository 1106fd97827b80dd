import type { Policy } from '../policy/policy.ts'

/** Classes of a case in settlement; every case has exactly one. The position is the number in the class column. */
export const CLASSES = [
  'outside',
  'outsideLos',
  'ungrouped',
  'ambiguous',
  'perDiem',
  'review',
  'daySurgery',
  'longStay',
  'ownRule',
  'early',
  'unstable',
  'ultraLow',
  'low',
  'taper',
  'normal',
  'high',
  'ultraHigh',
] as const

export type CaseClass = (typeof CLASSES)[number]

/** The number of a class. */
export function classNumber(name: CaseClass): number {
  return CLASSES.indexOf(name)
}

/** For each class, 1 when its cases belong to the pool: their costs and patient payments count there. */
export function poolClasses(policy: Policy): Uint8Array {
  const inside = new Uint8Array(CLASSES.length).fill(1)
  inside[classNumber('outside')] = 0
  if (policy.stay?.mode === 'outside') inside[classNumber('outsideLos')] = 0
  if (policy.rules.review?.fundedBy === 'separate') inside[classNumber('review')] = 0
  return inside
}
