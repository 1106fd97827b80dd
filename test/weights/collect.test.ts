import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compileBook, createGroupColumns, groupBatch, loadScheme, readCases } from '../../grouper/index.ts'
import {
  type CollectOptions,
  collectBatch,
  createCollector,
  finishCollecting,
  NO_LABEL,
  NO_STAY,
  UNPAYABLE_TEXTS,
} from '../../weights/index.ts'
import { put, temporaryFolder } from '../temporary.ts'

const folder = temporaryFolder()
const book = compileBook(loadScheme('chs-drg-2.0'))
const HEAD = 'id,gender,age,dx,totalCost,fundPay,patientPay,hospital,insurance,month'

function collect(rows: readonly string[], batchSize = 100, options: CollectOptions = { need: 'settlement' }) {
  const file = put(folder, 'cases.csv', [HEAD, ...rows, ''].join('\n'))
  const groups = createGroupColumns(batchSize)
  const collector = createCollector(book, options)
  readCases([file], {
    dxTable: book.dxTable,
    pxTable: book.pxTable,
    batchSize,
    onBatch(batch, seen) {
      groupBatch(book, batch, groups)
      collectBatch(collector, batch, groups, seen, file)
    },
  })
  return finishCollecting(collector)
}

describe('collecting grouped cases', () => {
  it('fills in the share that is missing and sorts the labels', () => {
    const { cases, unpayable } = collect([
      '1,1,40,K80.101,100.00,70.00,30.00,H2,310,2025-02',
      '2,1,40,K80.101,100.00,,40.00,H1,居民,2025-01',
      '3,1,40,K80.101,100.00,55.50,,H2,职工,2025-01',
    ])
    expect(unpayable).toEqual([])
    expect([cases.hospitals, cases.insurances, cases.months]).toEqual([
      ['H1', 'H2'],
      ['310', '390'],
      ['2025-01', '2025-02'],
    ])
    expect([...cases.fund]).toEqual([7000, 6000, 5550])
    expect([...cases.patient]).toEqual([3000, 4000, 4450])
    expect([...cases.hospital]).toEqual([1, 0, 1])
    expect([...cases.insurance]).toEqual([0, 1, 0])
    expect([...cases.month]).toEqual([1, 0, 0])
  })

  it('lists by line and reason what cannot be paid; nothing is lost', () => {
    const rows = [
      '1,1,40,K80.101,,70,30,H1,310,2025-01',
      '2,1,40,K80.101,100,,,H1,310,2025-01',
      '3,1,40,K80.101,100,,130,H1,310,2025-01',
      '4,1,40,K80.101,100,70,30,,310,2025-01',
      '5,1,40,K80.101,100,70,30,H1,,2025-01',
      '6,1,40,K80.101,100,70,30,H1,310,Jan',
      '7,1,40,K80.101,100,70,30,H1,310,',
      '8,1,40,K80.101,100,70,30,H1,310,2025-01',
    ]
    const { cases, payable, unpayable } = collect(rows)
    expect(unpayable.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
      '2 cost-missing',
      '3 shares-missing',
      '4 shares-exceed-cost',
      '5 hospital-missing',
      '6 insurance-missing',
      '7 month-invalid',
      '8 month-invalid',
    ])
    expect(payable.count + unpayable.length).toBe(rows.length)
    expect(payable.months).toEqual(['2025-01'])
    // What a settlement cannot pay still counts for weights, as long as it has a cost.
    expect(cases.count).toBe(rows.length - 1)
    expect(cases.hospital[2]).toBe(NO_LABEL)
  })

  it('knows amounts that contradict each other, but forgives a fen', () => {
    const { unpayable } = collect([
      '1,1,40,K80.101,100.00,60.00,30.00,H1,310,2025-01',
      '2,1,40,K80.101,100.00,70.00,30.01,H1,310,2025-01',
      '3,1,40,K80.101,100.00,70.00,30.02,H1,310,2025-01',
    ])
    expect(unpayable.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
      '2 shares-do-not-add-up',
      '4 shares-do-not-add-up',
    ])
  })

  it('refuses months outside the year of the region', () => {
    const { unpayable, payable } = collect(
      ['1,1,40,K80.101,100,70,30,H1,310,2024-12', '2,1,40,K80.101,100,70,30,H1,310,2025-01'],
      100,
      { need: 'settlement', year: 2025 },
    )
    expect(unpayable.map(({ reason }) => reason)).toEqual(['month-outside-year'])
    expect(payable.months).toEqual(['2025-01'])
  })

  it('needs no more than a cost for weights', () => {
    const { cases, payable, unpayable } = collect(['1,1,40,K80.101,100,,,,,', '2,1,40,K80.101,,,,,,'], 100, {
      need: 'weights',
    })
    expect([cases.count, payable.count]).toEqual([1, 1])
    expect(unpayable.map(({ reason }) => reason)).toEqual(['cost-missing'])
  })

  it('trims labels, knows insurances by all their names and numbers only labels of kept cases', () => {
    const names = [' 310', '职工基本医疗保险', '城乡居民', '３９０']
    const { payable } = collect([
      ...names.map((name, i) => `${i},1,40,K80.101,100,70,30,H1 ,${name}, 2025-01`),
      '9,1,40,K80.101,100,70,30,H9,999,Jan',
    ])
    expect([payable.hospitals, payable.insurances, payable.months]).toEqual([['H1'], ['310', '390'], ['2025-01']])
  })

  it('holds more than 256 months and insurances apart', () => {
    const rows = Array.from(
      { length: 600 },
      (_, i) =>
        `${i},1,40,K80.101,100,70,30,H1,i${i},${1990 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}`,
    )
    const { payable } = collect(rows)
    expect(new Set(payable.insurance).size).toBe(600)
    expect(payable.months[payable.month[599]!]).toBe('2039-12')
  })

  it('keeps a missing stay apart from a stay of no days', () => {
    const file = put(
      folder,
      'stay.csv',
      `${HEAD},los\n1,1,40,K80.101,1,1,0,H1,310,2025-01,\n2,1,40,K80.101,1,1,0,H1,310,2025-01,0\n`,
    )
    const groups = createGroupColumns(10)
    const collector = createCollector(book, { need: 'settlement' })
    readCases([file], {
      dxTable: book.dxTable,
      pxTable: book.pxTable,
      onBatch(batch, seen) {
        groupBatch(book, batch, groups)
        collectBatch(collector, batch, groups, seen, file)
      },
    })
    expect([...finishCollecting(collector).payable.los]).toEqual([NO_STAY, 0])
  })

  it('does not depend on the size of batches', () => {
    const rows = Array.from(
      { length: 50 },
      (_, i) => `${i},1,40,K80.101,${i + 1},${i},1,H${i % 7},${i % 2 ? 310 : 390},2025-0${(i % 9) + 1}`,
    )
    expect(collect(rows, 3)).toEqual(collect(rows, 100))
  })
})

it('every reason stands in docs/errors.md with its text', () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'errors.md'), 'utf8')
  for (const [reason, { zh, en }] of Object.entries(UNPAYABLE_TEXTS))
    expect(page).toContain(`| ${reason} | ${en} | ${zh} |`)
})
