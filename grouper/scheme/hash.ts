import { createHash, type Hash } from 'node:crypto'
import { printRule } from './print.ts'
import type { Scheme } from './types.ts'

/**
 * SHA-256 (hex) over what a scheme means: order, codes, names, rules as trees, lists, dictionaries. How rules are
 * spaced, how lists are covered, the scheme's id and its source do not count.
 */
export function schemeHash(scheme: Omit<Scheme, 'hash'>): string {
  const hash = createHash('sha256')
  row(hash, 'dianzhi-scheme', '1', scheme.manifest.newbornWeight)
  if (scheme.manifest.grey === 'refuse') {
    // The marks are no part of the dictionary's hash, but of what such a scheme means.
    row(hash, 'grey', [...scheme.diagnoses.grey].map(id => scheme.diagnoses.codes[id]!).join(' '))
  }
  row(hash, 'diagnosis', scheme.diagnoses.id, scheme.diagnoses.hash)
  row(hash, 'procedure', scheme.procedures.id, scheme.procedures.hash)
  for (const mdc of scheme.mdcs) {
    row(hash, 'mdc', mdc.code, mdc.name, printRule(mdc.rule.expr))
    for (const adrg of mdc.adrgs) {
      row(hash, 'adrg', adrg.code, adrg.name, printRule(adrg.rule.expr))
      for (const drg of adrg.drgs) row(hash, 'drg', drg.code, drg.name, printRule(drg.rule.expr), drg.kind)
    }
  }
  for (const [id, set] of sorted(scheme.sets)) row(hash, 'set', id, set.kind, set.codes.join(' '))
  for (const [code, { level, table }] of sorted(scheme.complications)) row(hash, 'complication', code, level, table)
  for (const [id, codes] of sorted(scheme.exclusions)) row(hash, 'exclusion', id, codes.join(' '))
  row(hash, 'barred', [...scheme.barredPrincipal].sort().join(' '))
  return hash.digest('hex')
}

function row(hash: Hash, ...cells: readonly string[]): void {
  hash.update(`${cells.join('\t')}\n`)
}

function sorted<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1))
}
