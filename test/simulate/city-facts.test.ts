import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { home } from '../../files/index.ts'
import { listPolicies, policyFile, readPolicyDocument, readProvenance } from '../../simulate/policy/load.ts'

const page = readFileSync(home('docs', 'cities.md'), 'utf8')
const rows = [...page.matchAll(/^\| ([a-z0-9-]+) \| (.+) \| `([^`]+)` \| `([^`]+)` \| ([PRSC]) \|$/gm)].map(
  ([, pack, fact, key, value, confidence]) => ({ pack: pack!, fact: fact!, key: key!, value: value!, confidence: confidence! }),
) // biome-ignore format: one record

/** The template is of no city. */
const CITIES = listPolicies().filter(id => id !== 'template')

function valueAt(document: unknown, key: string): unknown {
  return key.split('.').reduce<unknown>((node, part) => Object(node)[part], document)
}

test('docs/cities.md knows every pack, and every value that it states stands in the pack', () => {
  expect([...new Set(rows.map(({ pack }) => pack))].toSorted()).toEqual(CITIES.toSorted())
  expect(rows.length).toBeGreaterThan(150)
  for (const { pack, key, value } of rows) {
    const found = valueAt(readPolicyDocument(policyFile(pack)), key)
    expect(typeof found === 'string' ? found : JSON.stringify(found), `${pack} ${key}`).toBe(value)
  }
})

test('a value has the confidence in the pack that the page gives it', () => {
  for (const { pack, key, confidence } of rows) {
    const stated = readProvenance(policyFile(pack)).find(({ path }) => path === key)
    if (stated !== undefined) expect(stated.confidence, `${pack} ${key}`).toBe(confidence)
  }
})

/** What a pack says of itself; names and forms of rules, which the values beside them price. */
const OF_ITSELF =
  /^(id|version|title|validFrom|validTo|policyBasis|scheme|method|documentedJumps)$|\.(class|op|id|group|groups|list|procedure)$/

test.each(CITIES)('%s: every block says from where it is, on which paper and since when', id => {
  const file = policyFile(id)
  const origins = readProvenance(file)
  const document = readPolicyDocument(file)
  expect(document.validFrom).toMatch(/^\d{4}-\d{2}-\d{2}$/)
  const papers = new Set(document.policyBasis.map(one => one.confidence))
  expect(document.policyBasis.every(one => one.confidence !== undefined)).toBe(true)
  // A block of the file, or each of its leaves, is annotated; what has no source of its own is a convention or of a listed paper.
  for (const { path, confidence, source } of origins)
    if (source === null) expect(confidence === 'C' || papers.has(confidence as 'S'), path).toBe(true)
  const leaves = (node: unknown, path: string): string[] =>
    origins.some(one => one.path === path) || OF_ITSELF.test(path) || node === null || node === 'fromData'
      ? []
      : typeof node === 'object'
        ? Object.entries(node as object).flatMap(([key, value]) => leaves(value, path === '' ? key : `${path}.${key}`))
        : [path]
  expect(leaves(parse(readFileSync(file, 'utf8')), '')).toEqual([])
})
