import { describe, expect, test } from 'vitest'
import { readDocument } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import { POLICY_SCHEMA, type PolicyDocument } from '../../simulate/policy/document.ts'
import { listPolicies, loadPolicy, policyFile, readPolicyDocument, readProvenance } from '../../simulate/policy/load.ts'
import { packValues } from '../../simulate/statement/pack-values.ts'
import { put, temporaryFolder } from '../temporary.ts'

const folder = temporaryFolder()

/** What a pack needs, in flow style: lines can be put behind it. */
const HEAD = `id: a-city
title: {zh: 市, en: City}
validFrom: "2025-01-01"
policyBasis: [{document: a paper}]
`
const POINTS = `${HEAD}method: points\n`

/** Keys that no shipped pack has, in every form. */
const OWN: readonly string[] = [
  `${POINTS}ratioBase: avgRw
earlyDeath: {mode: ffs, days: "3", ways: ["5"]}
addOn: [{id: robot, title: {zh: 机器人, en: robot}, amount: "500"}]
patientShare: ratio
payRatio: "0.7"
pvMin: "40"
pvMax: {employee: "60"}
pvDecimals: "2"
elastic: {by: severity, groups: [BR21], rate: {level3.employee: "9000", level2: "8000"}}
rules: [{id: night, title: {zh: 夜, en: night}, when: los > 10 days, factor: "1.1", source: a paper, confidence: P}]
sharing: {bands: [{upTo: "1", keep: "1"}, {upTo: null, share: "0"}]}
`,
  `${POINTS}ratioBase: avgRw
elastic: {by: volume, basePoints: {employee: "100"}, value: {employee: "50"}}
`,
  `${POINTS}ratioBase: avgRw
elastic: {groups: {file: severe.csv}, rate: "9000"}
`,
  `${POINTS}ratioBase: groupMean
groupMeans: {BR21: "1000", BR23: {"3": "2000", "": "1500"}}
outliers: {title: {zh: 规则, en: rules}, source: a paper, confidence: P, reference: groupMean, bands: [{class: normal}], blankGroup: {factor: "0.9"}}
blankGroup: ZZ99
elastic: {by: costKind, amounts: {BR21: "300"}}
`,
  `${POINTS}ratioBase: meanFactor
unit: score
scale: "1000"
meanFactor: {level3.employee: "9", hospital:H001.base: "8"}
`,
]

const documents: readonly (readonly [string, PolicyDocument])[] = [
  ...listPolicies().map(id => [id, readDocument(policyFile(id), POLICY_SCHEMA)] as const),
  ...OWN.map((text, i) => [`own ${i}`, readDocument(put(folder, `own-${i}.yaml`, text), POLICY_SCHEMA)] as const),
]

type Path = readonly (string | number)[]

function* pathsOf(node: unknown, path: Path = []): Generator<Path> {
  if (path.length > 0) yield path
  if (typeof node !== 'object' || node === null) return
  for (const [key, value] of Object.entries(node))
    yield* pathsOf(value, [...path, Array.isArray(node) ? Number(key) : key])
}

/** The document with a source at one path, or at every place. */
function cite(node: unknown, path: Path | 'all'): unknown {
  const wrapped = (value: unknown): unknown => ({ value, unit: '–', source: 'a paper', confidence: 'P' })
  if (path !== 'all' && path.length === 0) return wrapped(node)
  if (typeof node !== 'object' || node === null) return node
  const below = (key: string, value: unknown): unknown =>
    path === 'all' ? wrapped(cite(value, 'all')) : String(path[0]) === key ? cite(value, path.slice(1)) : value
  return Array.isArray(node)
    ? node.map((value, i) => below(String(i), value))
    : Object.fromEntries(Object.entries(node).map(([key, value]) => [key, below(key, value)]))
}

describe('a value of a policy that carries its source', () => {
  test('is tried at every key that a policy has', () => {
    const isSet = (value: unknown): boolean => value !== null && !(Array.isArray(value) && value.length === 0)
    const keys = new Set(documents.flatMap(([, document]) => Object.keys(document)))
    const used = new Set(
      documents.flatMap(([, document]) =>
        Object.entries(document).flatMap(([key, value]) => (isSet(value) ? [key] : [])),
      ),
    )
    expect([...keys].filter(key => !used.has(key))).toEqual([])
  })

  test.each(documents)('reads as the value alone, whatever it is: %s', (_, document) => {
    // Side tables that the packs hold as maps have thousands of rows of one kind: a few stand for them.
    for (const path of pathsOf(document)) {
      if (path.length > 2 && Number(path.at(-1)) > 20) continue
      expect(POLICY_SCHEMA.parse(cite(document, path)), path.join('.')).toEqual(document)
    }
    expect(POLICY_SCHEMA.parse(cite(document, 'all'))).toEqual(document)
  })

  const cited = (elastic: string): string =>
    put(
      folder,
      'policy.yaml',
      `${POINTS}ratioBase: avgRw\nelastic:\n  value:\n${elastic}  source: order 7\n  confidence: P\n`,
    )

  test('names what is wrong in it where it stands, in both languages', () => {
    const file = cited('    by: volume\n    basePoints: {employee: "1"}\n    value: {employee: 50}\n')
    const faultOf = (name: string): Fault => {
      try {
        readPolicyDocument(name)
      } catch (error) {
        if (error instanceof Fault) return error
      }
      throw new Error('no fault')
    }
    const fault = faultOf(file)
    expect([fault.code, fault.at.field, fault.at.line]).toEqual(['DOC-002', 'elastic.value', 11])
    const method = faultOf(
      put(folder, 'odd.yaml', `${HEAD}ratioBase: avgRw\nmethod: {value: pointz, source: order 7}\n`),
    )
    expect(method.what).toEqual({
      zh: expect.stringContaining('应为"points"或"rate"或"floating"，实为文本"pointz"'),
      en: expect.stringContaining('Found the text "pointz"; expected "points" or "rate" or "floating"'),
    })
    const unknown = faultOf(cited('    by: severity\n    groops: [A]\n    groups: [A]\n    rate: "1"\n'))
    expect([unknown.code, unknown.at.field, unknown.at.line]).toEqual(['DOC-003', 'elastic.groops', 10])
  })

  test('gives its source to what stands in it, in statements and provenance', () => {
    const file = cited('    by: severity\n    groups: [A]\n    rate: {value: "9000", source: order 8}\n')
    expect(loadPolicy(file).document.elastic).toEqual({ by: 'severity', groups: ['A'], rate: '9000' })
    const pack = packValues(loadPolicy(file), file)
    const [groups, rate] = ['elastic.groups', 'elastic.rate'].map(path => pack.at(path)[0]!)
    expect([groups!.value, groups!.origin.source.en, groups!.origin.confidence]).toEqual(['A', 'a-city, order 7', 'P'])
    expect(groups!.origin.place).toEqual({ file, line: 10, field: 'elastic.groups' })
    expect([rate!.value, rate!.origin.source.en]).toEqual(['9000', 'a-city, order 8'])
    expect(readProvenance(file).map(({ path, source }) => [path, source])).toEqual([
      ['elastic', 'order 7'],
      ['elastic.rate', 'order 8'],
    ])
  })
})
