import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createBatch } from '../../../grouper/cases/batch.ts'
import { loadDictionary } from '../../../grouper/codes/library.ts'
import { auxiliaryClasses } from '../../../grouper/dip/auxiliary-classify.ts'
import { readAuxiliaryPack } from '../../../grouper/dip/auxiliary-pack.ts'
import { compileDipBook } from '../../../grouper/dip/compile-book.ts'
import { createDipColumns } from '../../../grouper/dip/kernel.ts'
import { loadCatalogue } from '../../../grouper/dip/library.ts'
import type { DipCatalogue } from '../../../grouper/dip/types.ts'
import { at, createDraws, Decimal, unit } from '../../../numbers/index.ts'
import { auxiliaryKey, auxiliaryOf, deriveAuxiliaries } from '../../../weights/dip/auxiliary.ts'
import { createAuxiliaryFinder } from '../../../weights/dip/auxiliary-choice.ts'
import { auxiliaryCsv, readAuxiliaryTable } from '../../../weights/dip/auxiliary-table.ts'
import type { BuildCases } from '../../../weights/dip/build-cases.ts'
import { readBuildConfig } from '../../../weights/dip/build-config.ts'
import type { CaseSource } from '../../../weights/dip/build-source.ts'

const folder = mkdtempSync(join(tmpdir(), 'auxiliary-'))
const pack = readAuxiliaryPack('dip3-draft')
const diagnoses = loadDictionary('icd10-yb-2.0')
const gates = readBuildConfig().auxiliary

interface Rows {
  readonly n: number
  readonly cost: number
  readonly age?: number
  readonly others?: readonly string[]
  readonly icuHours?: number
  readonly year?: number
}

/** Derives from cases of one group, given as rows of equal ones; the last year is 1. */
function derive(rows: readonly Rows[], layer: 'JC' | 'ZH' = 'JC', own = gates) {
  const all = rows.flatMap(row => Array.from({ length: row.n }, () => row))
  const batch = createBatch(all.length)
  all.forEach(({ age = 50, others = [], icuHours = -1, cost }, i) => {
    const codes = ['I10.x00', ...others]
    codes.forEach((code, k) => {
      batch.dx[batch.dxStart[i]! + k] = diagnoses.ids.get(code)!
    })
    batch.dxStart[i + 1] = batch.dxStart[i]! + codes.length
    batch.age[i] = age
    batch.icuHours[i] = icuHours
    batch.los[i] = 5
    batch.dischargeWay[i] = 1
    batch.cost[i] = cost
  })
  batch.count = all.length
  const source: Pick<CaseSource, 'each'> = { each: onBatch => onBatch(batch) }
  const cases = {
    columns: {
      profile: Uint32Array.from(all.keys()),
      cost: batch.cost,
      month: Uint16Array.from(all, ({ year = 1 }) => year),
    },
    count: all.length,
    years: ['2024', '2025'],
    used: new Uint8Array(all.length).fill(1),
  } as unknown as BuildCases
  const catalogue = { groups: [{ code: 'G', layer, figures: { meanCost: 100 } }], diagnoses } as unknown as DipCatalogue
  const matched = { group: new Uint16Array(all.length) }
  return deriveAuxiliaries(pack, catalogue, source, cases, matched, own)
}

const result = (derived: ReturnType<typeof derive>, type: string) =>
  derived.tests.find(test => test.type === type)!.result

describe('auxiliary types of a group', () => {
  // 20 cases of 1,000 and 10 old ones of 7,000: mean 3,000, SD 2,828, CV 0.94; nothing is left within the two parts.
  const split = [
    { n: 20, cost: 100_000 },
    { n: 10, cost: 700_000, age: 70 },
  ]

  it('get coefficients where the split lowers the CV enough', () => {
    const derived = derive(split)
    expect(result(derived, 'age')).toBe('split')
    const test = derived.tests.find(one => one.type === 'age')!
    expect([test.before.toString(), test.after.toString(), test.cases]).toEqual(['0.9428', '0', 30])
    expect(
      derived.coefficients.map(one => [
        one.type,
        one.class,
        one.cases,
        one.mean.toNumber(),
        one.coefficient.toString(),
      ]),
    ).toEqual([['age', 'elderly', 10, 700_000, '2.3333']])
  })

  it('count cases of the last year only', () => {
    const derived = derive([...split, { n: 500, cost: 1, age: 70, year: 0 }])
    expect(derived.year).toBe('2025')
    expect(derived.coefficients[0]!.coefficient.toString()).toBe('2.3333')
  })

  it('need more than n1 cases in the group and more than n2 in the class', () => {
    const few = [
      { n: 5, cost: 100_000 },
      { n: 5, cost: 700_000, age: 70 },
    ]
    expect(derive(few).tests).toEqual([])
    expect(
      derive([
        { n: 20, cost: 100_000 },
        { n: 5, cost: 900_000, age: 70 },
      ]).tests.find(one => one.type === 'age')!.result,
    ).toBe('noClass')
    expect(
      result(
        derive([
          { n: 20, cost: 100_000 },
          { n: 6, cost: 900_000, age: 70 },
        ]),
        'age',
      ),
    ).toBe('split')
  })

  it('need a wide spread, half as wide for days in intensive care', () => {
    // CV 0.4: too low for ages, enough for days in intensive care.
    const narrow = [
      { n: 10, cost: 60_000 },
      { n: 10, cost: 140_000, age: 70, icuHours: 72 },
    ]
    const derived = derive(narrow)
    expect([result(derived, 'age'), result(derived, 'icu')]).toEqual(['cvLow', 'split'])
    expect(derived.coefficients.map(one => [one.class, one.coefficient.toString()])).toEqual([['days2', '1.4']])
  })

  it('need the CV to fall by a fifth: at the limit itself it does', () => {
    // Two values in each part: Σ(x − m)² is 36 within and 100 − 36 between, so the CV falls from 10 to 6 parts: 40 %.
    const rows = [
      { n: 10, cost: 10 },
      { n: 10, cost: 70 },
      { n: 10, cost: 90, age: 70 },
      { n: 10, cost: 150, age: 70 },
    ]
    const cv = { ...gates, cvMin: new Decimal(0) }
    const at = (fall: string) => result(derive(rows, 'JC', { ...cv, fall: new Decimal(fall) }), 'age')
    expect([at('0.4'), at('0.4000001')]).toEqual(['split', 'fallsTooLittle'])
  })

  it('are derived for core groups only, and give base classes no coefficient', () => {
    expect(derive(split, 'ZH').tests).toEqual([])
    expect(derive(split).coefficients.some(one => one.class === 'mild')).toBe(false)
  })

  it('take no coefficient from the principal diagnosis (CCI)', () => {
    const derived = derive([
      { n: 20, cost: 100_000 },
      { n: 10, cost: 700_000, others: ['I50.900'] },
    ])
    expect(derived.coefficients.map(one => [one.type, one.class])).toEqual([['cci', 'general']])
  })
})

describe('the coefficient of a case', () => {
  it('is the highest of its classes', () => {
    const file = join(folder, 'table.csv')
    writeFileSync(file, '病种编码,分型类别,分型,系数\nG,age,elderly,1.2\nG,cci,general,1.5\nH,age,elderly,3\n')
    const table = readAuxiliaryTable(file)
    const findings = auxiliaryClasses(pack, {
      diagnoses: ['I10.x00', 'I50.900'],
      procedures: [],
      ageYears: 70,
      losDays: 5,
      dischargeWay: 1,
    })
    const best = auxiliaryOf(table, 'G', findings)!
    expect([best.finding.type.id, best.coefficient.toString()]).toEqual(['cci', '1.5'])
    expect(auxiliaryOf(table, 'H', findings)!.coefficient.toString()).toBe('3')
    expect(auxiliaryOf(table, 'X', findings)).toBeUndefined()
  })

  it('is read back as it was written, and refused where it is none', () => {
    const file = join(folder, 'own.csv')
    writeFileSync(
      file,
      auxiliaryCsv([
        {
          group: 'G',
          type: 'age',
          class: 'elderly',
          cases: 10,
          mean: new Decimal(700_000),
          coefficient: new Decimal('2.3333'),
        },
      ]),
    )
    expect([...readAuxiliaryTable(file)].map(([, value]) => value.toString())).toEqual(['2.3333'])
    const bad = (text: string) => {
      writeFileSync(file, text)
      return () => readAuxiliaryTable(file)
    }
    expect(bad('group,type,class\nG,age,elderly\n')).toThrow('AUX-002')
    expect(bad('group,type,class,coefficient\nG,age,elderly,0\n')).toThrow(/AUX-007 .*:2/)
    expect(bad('group,type,class,coefficient\nG,age,elderly,1\nG,age,elderly,2\n')).toThrow(/AUX-007 .*:3/)
  })
})

describe('the choice of a coefficient', () => {
  it('equals the literal one on random cases: the highest of the classes that have one in the group', () => {
    const catalogue = loadCatalogue('dip-3.0-sample')
    const book = compileDipBook(catalogue)
    const types = pack.types.flatMap(type => type.classes.map(one => [type.id, one.id] as const))
    const groups = ['JC-3414', 'BX-1029', 'JC-1858', 'XQ-14']
    const random = createDraws(7)
    const draw = (i: number, k: number, n: number): number => Math.floor(unit(at(random, i, k, 0, 0)[0]!) * n)
    const table = new Map(
      groups.flatMap((group, g) =>
        types.flatMap(([type, one], t) =>
          draw(g, 100 + t, 3) === 0
            ? []
            : [[auxiliaryKey(group, type, one), new Decimal(`1.${draw(g, 200 + t, 4)}`)] as const],
        ),
      ),
    )
    const finder = createAuxiliaryFinder(
      pack,
      catalogue,
      book,
      new Map([...table, ['NONE\tage\tinfant', new Decimal(2)]]),
      't.csv',
    )
    expect(finder.strangers).toBe(1)
    const pool = ['I10.x00', 'E11.900', 'C34.900', 'C50.900', 'I50.900', 'J18.900', 'N18.900', 'K80.100']
    const n = 4000
    const batch = createBatch(n)
    const leaf = book.leaves.findIndex(one => one.code === groups[0])
    const columns = createDipColumns(n)
    const cases = Array.from({ length: n }, (_, i) => {
      const codes = [
        ...new Set(Array.from({ length: 1 + draw(i, 0, 4) }, (_, k) => pool[draw(i, 1 + k, pool.length)]!)),
      ]
      codes.forEach((code, k) => {
        batch.dx[batch.dxStart[i]! + k] = catalogue.diagnoses.ids.get(code) ?? 0
      })
      batch.dxStart[i + 1] = batch.dxStart[i]! + codes.length
      const one = {
        ageYears: draw(i, 10, 95),
        losDays: draw(i, 11, 40),
        dischargeWay: 1 + draw(i, 12, 5),
        icuHours: draw(i, 13, 3) === 0 ? draw(i, 14, 900) : undefined,
      }
      batch.age[i] = one.ageYears
      batch.ageDays[i] = -1
      batch.los[i] = one.losDays
      batch.dischargeWay[i] = one.dischargeWay
      batch.icuHours[i] = one.icuHours ?? -1
      batch.cost[i] = 100_000
      columns.leaf[i] = book.leaves.findIndex(own => own.code === groups[draw(i, 15, groups.length)])
      columns.status[i] = draw(i, 16, 10) === 0 ? 2 : 0
      return { ...one, diagnoses: codes, procedures: [] } as Parameters<typeof auxiliaryClasses>[1]
    })
    batch.count = n
    expect(leaf).toBeGreaterThan(0)
    const out = new Uint32Array(n)
    finder.find(batch, columns, out)
    let chosen = 0
    cases.forEach((one, i) => {
      const found = out[i] === 0 ? undefined : finder.choices[out[i]! - 1]!
      const best =
        columns.status[i] === 0
          ? auxiliaryOf(table, book.leaves[columns.leaf[i]!]!.code, auxiliaryClasses(pack, one))
          : undefined
      expect(found, `case ${i}`).toEqual(
        best && { type: best.finding.type.id, class: best.finding.class.id, coefficient: best.coefficient.toFixed() },
      )
      if (found !== undefined) chosen++
    })
    expect(chosen).toBeGreaterThan(n / 10)
  })

  it('refuses a class that the types do not have', () => {
    const catalogue = loadCatalogue('dip-3.0-sample')
    const table = new Map([[auxiliaryKey('XQ-1', 'age', 'ancient'), new Decimal(2)]])
    expect(() => createAuxiliaryFinder(pack, catalogue, compileDipBook(catalogue), table, 't.csv')).toThrow(
      /AUX-010|ancient/,
    )
  })
})
