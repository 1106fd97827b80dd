import { type DipCatalogue, meetsTerm } from '../../grouper/index.ts'

/** What the exclusion rules leave an operation, as the kernel reads it. */
export const USE = { usable: 0, related: 1, dropped: 2, limited: 3 } as const

/** The exclusion lists of a catalogue by code id, for counting operations of many cases. */
export interface OperationPlan {
  /** By procedure id: one of `USE`. */
  readonly use: Uint8Array
  /** By procedure id: number of its scope, for limited ones. */
  readonly scope: Uint8Array
  /** By diagnosis id: bits of the scopes that it lies in. */
  readonly scopeBits: Uint32Array
  /** An operation that counts as conservative, or a limited one out of its range, makes the case conservative. */
  readonly droppedEnds: boolean
  readonly limitedEnds: boolean
}

const MOST_SCOPES = 32

/** The exclusion lists of a catalogue against its own dictionaries. */
export function planOperations({ lists, manifest, diagnoses, procedures }: DipCatalogue): OperationPlan {
  const use = new Uint8Array(procedures.codes.length)
  const scope = new Uint8Array(procedures.codes.length)
  const scopes = new Map<string, { readonly number: number; readonly terms: readonly string[] }>()
  for (const { code, rule, scope: terms } of lists.excludedOperations.values()) {
    const id = procedures.ids.get(code)
    if (id === undefined) continue
    use[id] = rule === 'conservative' ? USE.dropped : rule === 'not-main' ? USE.related : USE.limited
    if (rule !== 'limited') continue
    const text = terms.join('|')
    const known = scopes.get(text) ?? { number: scopes.size, terms }
    scopes.set(text, known)
    scope[id] = known.number
  }
  if (scopes.size > MOST_SCOPES)
    throw new RangeError(`${scopes.size} different ranges, at most ${MOST_SCOPES} are possible`)
  const scopeBits = new Uint32Array(diagnoses.codes.length)
  for (const { number, terms } of scopes.values()) {
    diagnoses.codes.forEach((code, id) => {
      if (id > 0 && terms.some(term => meetsTerm(code, term))) scopeBits[id]! |= 1 << number
    })
  }
  const { droppedOperation, limitedOperation } = manifest.matching
  return {
    use,
    scope,
    scopeBits,
    droppedEnds: droppedOperation === 'conservative',
    limitedEnds: limitedOperation === 'conservative',
  }
}
