import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { home } from '../../../files/index.ts'
import { createBatch } from '../../../grouper/cases/batch.ts'
import type { Case } from '../../../grouper/cases/case.ts'
import { loadDictionary } from '../../../grouper/codes/library.ts'
import { auxiliaryClasses, comorbidityIndex } from '../../../grouper/dip/auxiliary-classify.ts'
import { classifyBatch } from '../../../grouper/dip/auxiliary-kernel.ts'
import { unknownListCodes } from '../../../grouper/dip/auxiliary-lists.ts'
import { readAuxiliaryPack } from '../../../grouper/dip/auxiliary-pack.ts'
import { planAuxiliary } from '../../../grouper/dip/auxiliary-plan.ts'
import { type AuxiliaryPack, NO_CLASS } from '../../../grouper/dip/auxiliary-types.ts'
import { at, createDraws } from '../../../numbers/index.ts'

const draft = readAuxiliaryPack('dip3-draft')
const ladder = readAuxiliaryPack('ladder-1.0')
const adult = { ageYears: 50, losDays: 6, dischargeWay: 1, procedures: [] }

function ids(pack: AuxiliaryPack, fields: Partial<Case>, bill = {}): string[] {
  const one = { ...adult, diagnoses: ['I10.x00'], ...fields }
  return auxiliaryClasses(pack, one, bill).map(({ type, class: { id } }) => `${type.id}:${id}`)
}

/** The draft with severity lists, which a region supplies. */
function withLists(): AuxiliaryPack {
  const text = { zh: '', en: '' }
  const list = (...codes: string[]) => ({ title: text, terms: [], codes: new Set(codes) })
  return {
    ...draft,
    lists: new Map([
      ['severe', list('R57.200', 'A22.801+G01*')],
      ['moderate', list('J18.900')],
    ]),
  }
}

describe('the comorbidity index', () => {
  it('takes the highest weight of a disease once and adds diseases up', () => {
    expect(comorbidityIndex(draft.cci, [])).toBe(0)
    expect(comorbidityIndex(draft.cci, ['I21.900', 'I25.103'])).toBe(1)
    expect(comorbidityIndex(draft.cci, ['E11.900'])).toBe(1)
    expect(comorbidityIndex(draft.cci, ['E11.900', 'E11.400x001'])).toBe(2)
    expect(comorbidityIndex(draft.cci, ['C34.900', 'C79.301'])).toBe(6)
    expect(comorbidityIndex(draft.cci, ['I50.900', 'N18.900', 'B20.000'])).toBe(9)
  })

  it('never counts the principal diagnosis', () => {
    expect(ids(draft, { diagnoses: ['I50.900'] })).toEqual(['severity:mild'])
    expect(ids(draft, { diagnoses: ['I10.x00', 'I50.900'] })).toEqual(['severity:mild', 'cci:general'])
    expect(ids(draft, { diagnoses: ['I10.x00', 'B20.000'] })).toContain('cci:extreme')
  })
})

describe('the types of the draft', () => {
  it('split ages and days in intensive care where it draws the lines', () => {
    const age = (fields: Partial<Case>): string[] => ids(draft, fields).filter(id => /^(age|icu)/.test(id))
    expect(age({ ageYears: 0, ageDays: 28 })).toEqual(['age:newborn'])
    expect(age({ ageYears: 0, ageDays: 29 })).toEqual(['age:infant'])
    expect(age({ ageYears: 0 })).toEqual([])
    expect(age({ ageYears: 6 })).toEqual(['age:toddler'])
    expect(age({ ageYears: 17 })).toEqual(['age:child'])
    expect(age({ ageYears: 65 })).toEqual([])
    expect(age({ ageYears: 66 })).toEqual(['age:elderly'])
    expect(age({ icuHours: 47 })).toEqual([])
    expect(age({ icuHours: 48 })).toEqual(['icu:days2'])
    expect(age({ icuHours: 24 * 31 })).toEqual(['icu:days31'])
  })

  it('read severity from exact codes, marks included, and stays of three days or more', () => {
    const pack = withLists()
    expect(ids(pack, { diagnoses: ['I10.x00', 'R57.200'] })).toEqual(['severity:severe'])
    expect(ids(pack, { diagnoses: ['I10.x00', 'R57.201'] })).toEqual(['severity:mild'])
    expect(ids(pack, { diagnoses: ['I10.x00', 'R57.200'], losDays: 2 })).toEqual(['severity:mild'])
    expect(ids(pack, { diagnoses: ['I10.x00', 'A22.801+G01*', 'J18.900'] })).toEqual(['severity:severe'])
    expect(ids(pack, { diagnoses: ['I10.x00', 'J18.900'], ageYears: 70 })).toEqual([
      'severity:moderate',
      'age:elderlyModerate',
    ])
    expect(ids(pack, { diagnoses: ['R57.200'] })).toEqual(['severity:mild'])
    expect(ids(pack, { dischargeWay: 5 })).toEqual(['severity:death'])
  })

  it('judge malignant disease by its own order, the bill included', () => {
    const tumour = { diagnoses: ['C34.900', 'C50.900'] }
    expect(ids(draft, tumour)).toEqual(['severityMalignant:secondTumour', 'cci:general'])
    expect(ids(draft, { diagnoses: ['C34.900', 'C34.100'] })).toContain('severityMalignant:other')
    expect(ids(draft, tumour, { costPercent: 300, drugPercent: 50 })[0]).toBe('severityMalignant:costlyDrugs')
    expect(ids(draft, tumour, { costPercent: 299, drugPercent: 90 })[0]).toBe('severityMalignant:secondTumour')
    expect(ids(draft, { ...tumour, dischargeWay: 5 }, { costPercent: 900, treatmentPercent: 90 })[0]).toBe(
      'severityMalignant:death',
    )
  })
})

describe('the ladders of 1.0-style cities', () => {
  it('climb with stay, complications and death', () => {
    expect(ids(ladder, { losDays: 3 })).toEqual(['disease:I-A'])
    expect(ids(ladder, { losDays: 4 })).toEqual(['disease:I-B'])
    expect(ids(ladder, { losDays: 3, dischargeWay: 5 })).toEqual(['disease:IV-A'])
    expect(ids(ladder, { losDays: 4, dischargeWay: 5 })).toEqual(['disease:IV-B'])
    // A00.100x001 is an MCC of chs-drg-1.1 or is excluded by a neighbour of its own table.
    const [mcc] = [...ladder.complications!.complications].find(([, { level }]) => level === 'MCC')!
    expect(ids(ladder, { diagnoses: ['Z00.000', mcc] })).toEqual(['disease:III'])
    const [excluded] = ladder.complications!.exclusions.get(ladder.complications!.complications.get(mcc)!.table)!
    expect(ids(ladder, { diagnoses: [excluded!, mcc] })).toEqual(['disease:I-B'])
  })

  it('have steps of their own for tumours', () => {
    expect(ids(ladder, { diagnoses: ['C50.900'] })).toEqual(['tumour:I-B'])
    expect(ids(ladder, { diagnoses: ['C50.900', 'C79.301'] })).toEqual(['tumour:IV'])
    expect(ids(ladder, { diagnoses: ['C50.900', 'C79.301', 'Z51.102'] })).toEqual(['tumour:V-B'])
    expect(ids(ladder, { diagnoses: ['C50.900'], ageYears: 80, dischargeWay: 5 })).toEqual([
      'tumour:VI-B',
      'age:elderly',
    ])
  })
})

describe('a pack', () => {
  const folder = mkdtempSync(join(tmpdir(), 'auxiliary-'))
  const head =
    'id: own\ntitle: { zh: 自定, en: own }\nsource: test\nconfidence: C\ncci: null\nicuDays: begun\nmalignant: { terms: [C00-C97], source: test, confidence: C }\n'
  const write = (body: string): string => {
    const file = join(folder, 'own.yaml')
    writeFileSync(file, head + body)
    return file
  }
  const type = (when: string): string =>
    `types:\n  - { id: t, title: { zh: 型, en: type }, scope: all, classes: [{ id: c, title: { zh: 类, en: class }, when: ${when} }] }\n`

  it('takes lists from files beside it', () => {
    writeFileSync(join(folder, 'severe.csv'), '诊断编码,名称\nR57.200,感染性休克\n')
    const lists = 'lists:\n  severe: { title: { zh: 重, en: severe }, file: severe.csv, source: test, confidence: C }\n'
    const pack = readAuxiliaryPack(write(lists + type('{ otherIn: severe, icuDays: { from: 1 } }')))
    expect(ids(pack, { diagnoses: ['I10.x00', 'R57.200'], icuHours: 1 })).toEqual(['t:c'])
  })

  it('of the example reads full codes with marks, merged cells, and terms beside a file', () => {
    const pack = readAuxiliaryPack(home('examples', 'dip-auxiliary', 'auxiliary.yaml'))
    const found = (others: readonly string[], losDays = 3): string[] =>
      ids(pack, { diagnoses: ['I10.x00', ...others], losDays })
    expect(found(['J96.000'])).toEqual(['severity:severe'])
    expect(found(['J96.000'], 2)).toEqual(['severity:mild'])
    expect(found(['N39.000'])).toEqual(['severity:moderate'])
    // Two rows of one disease count once; the blank cells are those of the row above.
    expect(found(['I21.000x005', 'I21.100', 'E10.200x011+N08.3*'])).toEqual(['severity:mild', 'cci:serious'])
    expect(found(['E10.200x011'])).toEqual(['severity:mild'])
    expect(unknownListCodes(pack, loadDictionary('icd10-yb-2.0')).size).toBe(0)
  })

  it('with a list that cannot be read is refused at its row; codes that no dictionary has are told', () => {
    const lists = (file: string): string =>
      `lists:\n  severe: { title: { zh: 重, en: severe }, file: ${file}, source: test, confidence: C }\n${type('{ otherIn: severe }')}`
    const read = (text: string): AuxiliaryPack => {
      writeFileSync(join(folder, 'list.csv'), text)
      return readAuxiliaryPack(write(lists('list.csv')))
    }
    expect(() => read('诊断编码,名称\nR57.200,休克\nJ96,呼吸衰竭\n')).toThrow(
      /AUX-008 .*list\.csv:3 \[诊断编码\].*"J96"/,
    )
    expect(() => read('诊断编码,名称\n,休克\n')).toThrow(/AUX-008 .*list\.csv:2 .*The row has no code/)
    expect(() => read('编号,名称\n1,休克\n')).toThrow(/AUX-002 .*list\.csv:1/)
    expect(() => readAuxiliaryPack(write(lists('list.xlsx')))).toThrow('AUX-009')
    const pack = read('诊断编码,名称\nR57.200,休克\nR57.299,休克\n')
    expect([...unknownListCodes(pack, loadDictionary('icd10-yb-2.0'))]).toEqual([['severe', ['R57.299']]])
    expect(() => readAuxiliaryPack('ladder-1.1')).toThrow('Did you mean ladder-1.0?')
  })

  it('is refused with file, line and field', () => {
    expect(() => readAuxiliaryPack('nowhere')).toThrow('AUX-001')
    expect(() => readAuxiliaryPack(write(`lists: {}\n${type('{ otherIn: none }')}`))).toThrow(
      /AUX-004 .*own\.yaml \[types\.t\.c\]/,
    )
    expect(() => readAuxiliaryPack(write(`lists: {}\n${type('{ complication: CC }')}`))).toThrow('AUX-005')
    expect(() => readAuxiliaryPack(write(`lists: {}\n${type('{ cci: { from: 1 } }')}`))).toThrow('AUX-006')
    expect(() => readAuxiliaryPack(write(`lists: {}\n${type('{ run: "x" }')}`))).toThrow(/DOC-003 .*own\.yaml:10/)
    expect(() => readAuxiliaryPack(write(`lists: {}\n${type('{ stay: { from: 4, to: 3 } }')}`))).toThrow('DOC-002')
  })
})

describe('classifier and kernel', () => {
  const dictionary = loadDictionary('icd10-yb-2.0')

  it.each([
    ['draft', withLists()],
    ['ladder', ladder],
  ] as const)('agree on random cases (%s)', (_, pack) => {
    const plan = planAuxiliary(pack, dictionary)
    // Half of the diagnoses come from those that a class looks up, so that every class has cases.
    const telling = dictionary.codes.flatMap((_, id) =>
      id > 0 &&
      (plan.listBits[id]! + plan.malignant[id]! + plan.complication[id]! > 0 ||
        plan.cciStart[id]! < plan.cciStart[id + 1]!)
        ? [id]
        : [],
    )
    const listed = telling.filter(id => plan.listBits[id]! > 0)
    const count = 10_000
    const batch = createBatch(count)
    const draws = createDraws(11)
    const bill = {
      costPercent: new Int32Array(count),
      treatmentPercent: new Int32Array(count),
      drugPercent: new Int32Array(count),
    }
    for (let i = 0; i < count; i++) {
      const [a, b, c, d] = at(draws, i, 0, 0, 0).slice() as unknown as [number, number, number, number]
      const size = 1 + (a % 5)
      for (let k = 0; k < size; k++) {
        const [x, y] = at(draws, i, 1 + k, 0, 0)
        const pool = x! % 4 === 0 ? listed : x! % 4 === 1 ? telling : undefined
        const id = pool === undefined ? 1 + (y! % (dictionary.codes.length - 1)) : pool[y! % pool.length]!
        batch.dx[batch.dxStart[i]! + k] = id
      }
      batch.dxStart[i + 1] = batch.dxStart[i]! + size
      batch.age[i] = (b % 110) - 1
      batch.ageDays[i] = b % 7 === 0 ? -1 : b % 366
      if (b % 5 === 0) batch.age[i] = 0
      batch.los[i] = (c % 12) - 1
      batch.dischargeWay[i] = d % 6
      batch.icuHours[i] = (d % 1000) - 1
      bill.costPercent[i] = (c % 600) - 1
      bill.treatmentPercent[i] = (a % 101) - 1
      bill.drugPercent[i] = (b % 101) - 1
    }
    batch.count = count
    const classes = pack.types.map(() => new Uint8Array(count))
    classifyBatch(plan, batch, classes, 0, bill)
    const known = (value: number): number | undefined => (value < 0 ? undefined : value)
    const met = new Set<string>()
    for (let i = 0; i < count; i++) {
      const literal = auxiliaryClasses(
        pack,
        {
          diagnoses: [...batch.dx.subarray(batch.dxStart[i]!, batch.dxStart[i + 1]!)].map(id => dictionary.codes[id]!),
          procedures: [],
          ageYears: known(batch.age[i]!)!,
          ageDays: known(batch.ageDays[i]!)!,
          losDays: known(batch.los[i]!)!,
          icuHours: known(batch.icuHours[i]!)!,
          dischargeWay: batch.dischargeWay[i]!,
        },
        {
          costPercent: known(bill.costPercent[i]!),
          treatmentPercent: known(bill.treatmentPercent[i]!),
          drugPercent: known(bill.drugPercent[i]!),
        },
      )
      const wanted = new Map(literal.map(({ type, class: one }) => [type.id, one.id]))
      const got = new Map(
        pack.types.flatMap((type, t) =>
          classes[t]![i] === NO_CLASS ? [] : [[type.id, type.classes[classes[t]![i]!]!.id]],
        ),
      )
      if (got.size !== wanted.size || [...got].some(([id, one]) => wanted.get(id) !== one)) expect(got).toEqual(wanted)
      for (const [id, one] of got) met.add(`${id}:${one}`)
    }
    const all = pack.types.flatMap(type => type.classes.map(one => `${type.id}:${one.id}`))
    expect([...met].sort()).toEqual(all.sort())
  })
})
