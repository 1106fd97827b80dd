import { describe, expect, test } from 'vitest'
import {
  type Archetype,
  caseOf,
  type Drg,
  findArchetypes,
  interpret,
  type LeafArchetypes,
  loadScheme,
  parseRule,
  type Rule,
  type Scheme,
} from '../../../grouper/index.ts'

const leafCount = (scheme: Scheme): number => scheme.mdcs.flatMap(mdc => mdc.adrgs.flatMap(adrg => adrg.drgs)).length

describe.each(['chs-drg-2.0', 'chs-drg-1.1'])('%s', id => {
  const scheme = loadScheme(id)
  const found = findArchetypes(scheme, { seed: 1 })
  const reached = found.filter(one => one.archetypes.length > 0)

  test('every leaf is looked at, and nearly all are reached', () => {
    expect(found.length).toBe(leafCount(scheme))
    expect(reached.length / found.length).toBeGreaterThanOrEqual(0.97)
    for (const { archetypes, unreached } of found) expect(unreached === undefined).toBe(archetypes.length > 0)
  })

  test('most leaves have many archetypes, all different', () => {
    expect(reached.filter(one => one.archetypes.length >= 8).length / reached.length).toBeGreaterThan(0.95)
    for (const { archetypes } of reached) {
      expect(new Set(archetypes.map(one => JSON.stringify(one))).size).toBe(archetypes.length)
    }
  })

  test('the interpreter takes every archetype to its leaf, at both ends of its bounds', () => {
    const wrong = reached.flatMap(({ leaf, archetypes }) =>
      archetypes
        .flatMap(archetype => [caseOf(archetype, 'low'), caseOf(archetype, 'high')])
        .filter(given => interpret(scheme, given).leaf?.drg !== leaf.drg)
        .map(given => ({ leaf: leaf.drg.code, given })),
    )
    expect(wrong).toEqual([])
  })

  test('a seed gives the same archetypes again, another seed gives others', () => {
    const codes = (list: readonly LeafArchetypes[]): string => JSON.stringify(list.map(one => one.archetypes))
    expect(codes(findArchetypes(scheme, { seed: 1 }))).toBe(codes(found))
    expect(codes(findArchetypes(scheme, { seed: 2 }))).not.toBe(codes(found))
  })
})

const ruleOf = (text: string): Rule => parseRule(text).rule

/** A scheme of one MDC with one ADRG, whose leaves have these rules. */
function tiny(...rules: string[]): Scheme {
  const base = loadScheme('chs-drg-2.0')
  const drgs: Drg[] = rules.map((text, i) => ({ code: `XX1${i + 1}`, name: '', rule: ruleOf(text), kind: 'grouped' }))
  const adrg = { code: 'XX1', name: '', rule: ruleOf('ZYZD in DI_X'), drgs }
  const set = (id: string, kind: 'diagnosis' | 'procedure', codes: string[]) => [id, { id, kind, codes }] as const
  return {
    ...base,
    mdcs: [{ code: 'MDCX', name: '', rule: ruleOf(''), adrgs: [adrg] }],
    sets: new Map([
      set('DI_X', 'diagnosis', ['I10.x00', 'J18.900']),
      set('DI_Y', 'diagnosis', ['E11.900', 'K29.700', 'N18.900']),
      set('OP_X', 'procedure', ['47.0100', '47.0900']),
    ]),
    complications: new Map(),
    exclusions: new Map(),
  }
}

const archetypesOf = (rule: string, ...later: string[]): readonly Archetype[] =>
  findArchetypes(tiny(rule, ...later), { seed: 5 })[0]!.archetypes

describe('each construct of the rule language', () => {
  test('bounds of scalars are as wide as the rule', () => {
    for (const one of archetypesOf('NL >= 70 and ZYTS < 5')) {
      expect(one).toMatchObject({ age: { low: 70, high: 95 }, los: { low: 1, high: 4 }, sex: 0 })
    }
    for (const one of archetypesOf('XB = 2 and (LYFS = 2 or LYFS = 5) and ICUSC > 96 and ZFY >= 100000')) {
      expect(one).toMatchObject({ sex: 2, icuHours: { low: 97 }, cost: { low: 100_000 } })
      expect([2, 5]).toContain(one.discharge.low)
    }
  })

  test('age in days means a child under one year, and a newborn has a weight', () => {
    for (const one of archetypesOf('XSRTL <= 28 and XSRTZ >= 1500 and XSRTZ < 2000')) {
      expect(one).toMatchObject({ age: { low: 0, high: 0 }, weight: { low: 1500, high: 1999 } })
      expect(one.ageDays).toEqual({ low: 0, high: 28 })
    }
  })

  test('what earlier leaves take is left to them', () => {
    const scheme = tiny('NL >= 70', 'QTZD in DI_Y', '{ZYSS, QTSS} in OP_X', '')
    const [old, ill, operated, rest] = findArchetypes(scheme, { seed: 5 }).map(one => one.archetypes)
    expect(old!.every(one => one.age.low === 70)).toBe(true)
    expect(ill!.every(one => one.age.high === 69 && one.diagnoses.length > 1)).toBe(true)
    expect(operated!.every(one => one.procedures.length > 0)).toBe(true)
    expect(rest!.every(one => one.procedures.length === 0 && one.diagnoses.length === 1)).toBe(true)
  })

  test('a number of codes', () => {
    for (const one of archetypesOf('length(DI_Y ∩ {QTZD}) >= 2')) expect(one.diagnoses.length).toBe(3)
  })
})

describe('why a leaf is not reached', () => {
  const unreachedOf = (...rules: string[]) => findArchetypes(tiny(...rules), { seed: 5 }).at(-1)!.unreached

  test('an earlier leaf always holds', () => expect(unreachedOf('', 'NL >= 70')).toEqual({ kind: 'shadowed' }))
  test('the rule contradicts itself', () =>
    expect(unreachedOf('NL > 70 and NL < 60')).toEqual({ kind: 'contradiction', facts: ['NL'] }))
  test('another group takes every candidate', () => {
    const scheme = tiny('')
    const [mdc] = scheme.mdcs
    const later = {
      ...mdc!,
      code: 'MDCY',
      adrgs: [{ ...mdc!.adrgs[0]!, drgs: [{ ...mdc!.adrgs[0]!.drgs[0]!, code: 'YX19' }] }],
    }
    const found = findArchetypes({ ...scheme, mdcs: [mdc!, later] }, { seed: 5 }).at(-1)!
    expect(found.archetypes).toEqual([])
    expect(found.unreached?.kind === 'taken' && [...found.unreached.by.keys()]).toEqual(['XX11'])
  })
})
