import type { Case } from '../cases/case.ts'
import type { Dictionary } from '../codes/dictionary.ts'
import type { Scheme } from '../scheme/types.ts'
import { type Group, groupOf, sameGroup } from './choices.ts'
import { partOf } from './consulted.ts'

/** A code below a principal code that no rule asks for, and the group that it would lead to. */
export interface FinerCode {
  readonly field: 'ZYZD' | 'ZYSS'
  readonly code: string
  readonly name: string
  readonly result: Group
}

/** Finer codes told at most for one principal code. */
const MOST = 5

/**
 * Codes that begin with the principal diagnosis or procedure and lead to a group, where no rule asks for the code given:
 * categories such as K35.800 are in the dictionary, while the lists of schemes hold what stands below them.
 */
export function finerCodes(scheme: Scheme, given: Case, now: Group): FinerCode[] {
  const [dx, ...otherDx] = given.diagnoses
  const [px, ...otherPx] = given.procedures
  const found: FinerCode[] = []
  if (dx !== undefined && dx !== '' && now.status !== 'grouped' && coarse(scheme, 'ZYZD', dx)) {
    add('ZYZD', below(scheme.diagnoses, dx), code => ({ ...given, diagnoses: [code, ...otherDx] }))
  }
  if (px !== undefined && px !== '' && coarse(scheme, 'ZYSS', px)) {
    add('ZYSS', below(scheme.procedures, px), code => ({ ...given, procedures: [code, ...otherPx] }))
  }
  return found

  function add(field: FinerCode['field'], codes: Iterable<[string, string]>, changed: (code: string) => Case): void {
    let told = 0
    for (const [code, name] of codes) {
      const result = groupOf(scheme, changed(code))
      if (result.status !== 'grouped' || sameGroup(result, now)) continue
      found.push({ field, code, name, result })
      if (++told === MOST) return
    }
  }
}

function coarse(scheme: Scheme, field: FinerCode['field'], code: string): boolean {
  const part = partOf(scheme, field, code)
  return part === 'no-rule' || part === 'unknown'
}

/**
 * Codes that may still be reported and stand below `code`, and their names: those that begin with it less its closing
 * zeros, and for a code that the dictionary lacks less its extension. Codes without extension first.
 */
function below({ codes, names, ids, withdrawn }: Dictionary, code: string): [string, string][] {
  const category = ids.has(code) ? code : code.replace(/x\d*$/, '')
  const stem = category.replace(/(?<=\..*)0+$/, '')
  const found: [string, string][] = []
  for (let id = 1; id < codes.length; id++) {
    if (codes[id] !== code && codes[id]!.startsWith(stem) && !withdrawn.has(id)) found.push([codes[id]!, names[id]!])
  }
  return found.sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1))
}
