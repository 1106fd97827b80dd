import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readTable } from '../../../files/index.ts'
import { resolveConversion } from '../../../grouper/codes/conversion.ts'
import {
  importCrosswalk,
  listCrosswalks,
  readCrosswalk,
  readCrosswalkManifest,
} from '../../../grouper/codes/crosswalk.ts'
import { createDictionary } from '../../../grouper/codes/dictionary.ts'
import { loadDictionary } from '../../../grouper/codes/library.ts'
import { hasReference, reference } from '../../reference.ts'
import { put, temporaryFolder } from '../../temporary.ts'
import { faultOf } from '../scheme/faults.ts'

const folder = temporaryFolder()

// Counts of the published tables: rows, codes that change (../icd/README.md §5); targets that the pinned list lacks.
const PUBLISHED = [
  ['icd10-bj-7.0_icd10-yb-2.0', 24_528, 22_935, 0, 0, 'crosswalk-icd10-bj7.0-yb2.0.tsv'],
  ['icd10-gl-2.0_icd10-yb-2.0', 35_587, 4_388, 0, 0, 'crosswalk-icd10-gl2.0-yb2.0.tsv'],
  ['icd10-yb-1.0_icd10-yb-2.0', 33_326, 229, 0, 908, 'crosswalk-icd10-yb1.0-yb2.0.tsv'],
  ['icd9cm3-bj-8.0_icd9cm3-yb-2.0', 9_738, 9_527, 1, 0, 'crosswalk-icd9cm3-bj8.0-yb2.0.tsv'],
  ['icd9cm3-gl-2.0_icd9cm3-yb-1.0', 12_849, 400, 0, 0, 'crosswalk-icd9cm3-gl2.0-yb1.0.tsv'],
  ['icd9cm3-gl-3.0_icd9cm3-yb-2.0', 13_653, 559, 0, 0, 'crosswalk-icd9cm3-gl3.0-yb2.0.tsv'],
  ['icd9cm3-yb-1.0_icd9cm3-yb-2.0', 13_002, 194, 1, 1, 'crosswalk-icd9cm3-yb1.0-yb2.0.tsv'],
] as const

describe('the shipped crosswalks', () => {
  it.each(PUBLISHED)('%s has %i codes, %i change', (id, codes, changed, missingTargets, uncovered) => {
    const place = listCrosswalks().find(path => basename(path) === id)!
    expect(readCrosswalkManifest(place).counts).toEqual({ codes, changed, missingTargets, uncovered })
    expect(readCrosswalk(place).targets.size).toBe(changed + uncovered)
  })

  it.runIf(hasReference()).each(PUBLISHED)('%s says of every code what the published table says', (...row) => {
    const { from, targets } = readCrosswalk(listCrosswalks().find(path => basename(path) === row[0])!)
    const table = readTable(reference('icd', row[5]), '\t')
    const wrong = table.rows.filter(({ cells: [code, target] }) => (targets.get(code!) ?? code) !== target)
    expect(wrong).toEqual([])
    expect(table.rows.every(({ cells: [code] }) => loadDictionary(from).ids.has(code!))).toBe(true)
  })
})

describe('a conversion', () => {
  const diagnoses = loadDictionary('icd10-yb-2.0')
  const procedures = loadDictionary('icd9cm3-yb-2.0')

  function convert(system: string, code: string): { code: string | undefined; outcome: number } {
    const conversion = resolveConversion(system, system.startsWith('icd10') ? diagnoses : procedures)!
    const id = conversion.from.ids.get(code)!
    return { code: conversion.to.codes[conversion.target[id]!], outcome: conversion.outcome[id]! }
  }

  it('gives a code that means something else in the target its own meaning', () => {
    // J18.902 is 重症肺炎 in Beijing and 迁延性肺炎 in 医保 2.0.
    expect(convert('icd10-bj-7.0', 'J18.902')).toEqual({ code: 'J18.903', outcome: 2 })
  })

  it('of a target that only the later edition has is done', () => {
    expect(convert('icd10-gl-2.0', 'P78.300x004')).toEqual({ code: 'K30.x00x002', outcome: 2 })
    expect(convert('icd10-bj-7.0', 'P78.304')).toEqual({ code: 'K30.x00x002', outcome: 2 })
  })

  it.each([
    ['icd9cm3-bj-8.0', '46.93001'], // to 46.93003, a code left unconverted
    ['icd9cm3-yb-1.0', '00.6502'], // to 00.6400x007, in no list that we have
    ['icd9cm3-yb-1.0', '99.92'], // not covered by the table
  ])('of %s %s fails and is not taken for done', (system, code) => {
    expect(convert(system, code)).toEqual({ code: '', outcome: 3 })
  })

  it('goes through 医保 1.0 where there is no direct table', () => {
    const { path, outcome } = resolveConversion('icd9cm3-gl-2.0', procedures)!
    expect(path).toEqual(['icd9cm3-gl-2.0', 'icd9cm3-yb-1.0', 'icd9cm3-yb-2.0'])
    expect(outcome.filter(what => what === 3).length).toBeLessThan(5)
  })

  it('of the same system is none, and without a table refused', () => {
    expect(resolveConversion('icd10-yb-2.0', diagnoses)).toBeUndefined()
    expect(faultOf(() => resolveConversion('icd10-yb-2.0', loadDictionary('icd10-gl-2.0')))).toEqual({
      zh: 'CRW-003 [icd10-yb-2.0]  没有从 icd10-yb-2.0 到 icd10-gl-2.0 的对照表。请使用以 icd10-gl-2.0 编码的病例，或选用相应编码版本的方案。',
      en: 'CRW-003 [icd10-yb-2.0]  There is no crosswalk from icd10-yb-2.0 to icd10-gl-2.0. Give cases coded in icd10-gl-2.0, or choose a scheme of that code system.',
    })
  })
})

describe('a crosswalk table', () => {
  const list = (id: string, ...codes: string[]): ReturnType<typeof createDictionary> =>
    createDictionary(
      id,
      codes.map(code => ({ code, name: '' })),
    )

  function run(rows: string): ReturnType<typeof importCrosswalk> {
    return importCrosswalk({
      table: put(folder, 'table.tsv', `from\tto\n${rows}`),
      from: list('a', 'A1', 'A2', 'A3', 'A4'),
      to: list('b', 'A1', 'B2'),
      source: { title: 'test', edition: '1', licence: 'none' },
      out: join(folder, 'out'),
    })
  }

  it('is kept as the codes that change, with its holes counted', () => {
    const { counts } = run('A1\tA1\nA2\tB2\nA3\tB9\n')
    expect(counts).toEqual({ codes: 3, changed: 2, missingTargets: 1, uncovered: 1 })
    expect(readFileSync(join(folder, 'out', 'pairs.tsv'), 'utf8')).toBe('from\tto\nA2\tB2\nA3\tB9\nA4\t\n')
  })

  it('is refused with two targets for a code, or a code that the dictionary lacks', () => {
    expect(faultOf(() => run('A1\tA1\nA1\tB2\n'), folder)).toEqual({
      zh: 'CRW-001 /table.tsv:3 [from]  编码 A1 有两个对应编码。每个编码只能转换为一个编码，请删除其中一行。',
      en: 'CRW-001 /table.tsv:3 [from]  The code A1 has two targets. A code converts to one code; remove one of the rows.',
    })
    expect(faultOf(() => run('Z9\tA1\n'), folder).en).toBe(
      'CRW-001 /table.tsv:2 [from]  The code Z9 is not in a. Bring the codes of the crosswalk into the dictionary first: dianzhi codes import --crosswalk.',
    )
  })

  it('that was touched is refused', () => {
    const place = join(folder, 'touched')
    cpSync(listCrosswalks()[0]!, place, { recursive: true })
    writeFileSync(join(place, 'pairs.tsv'), 'from\tto\nA00\tA00.000\n')
    expect(faultOf(() => readCrosswalk(place), place).en).toMatch(
      /^CRW-002 \/pairs.tsv {2}pairs.tsv has the hash [0-9a-f]{64}, manifest.yaml records [0-9a-f]{64}\. Restore the file/,
    )
  })
})
