import { describe, expect, it } from 'vitest'
import { compileBook, createGroupColumns, groupBatch, loadScheme, readCases } from '../../grouper/index.ts'
import { collectBatch, createCollector, finishCollecting } from '../../weights/index.ts'
import { put, temporaryFolder } from '../temporary.ts'

const folder = temporaryFolder()
const book = compileBook(loadScheme('chs-drg-2.0'))
const HEAD = 'id,gender,age,dx,totalCost,fundPay,patientPay,hospital,insurance,month'

function collect(rows: readonly string[], batchSize = 100) {
  const file = put(folder, 'cases.csv', [HEAD, ...rows, ''].join('\n'))
  const groups = createGroupColumns(batchSize)
  const collector = createCollector(book)
  const { labels } = readCases([file], {
    dxTable: book.dxTable,
    pxTable: book.pxTable,
    batchSize,
    onBatch(batch, seen) {
      groupBatch(book, batch, groups)
      collectBatch(collector, batch, groups, seen)
    },
  })
  return finishCollecting(collector, labels)
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
    const { cases, unpayable } = collect(rows)
    expect(unpayable.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
      '2 cost-missing',
      '3 shares-missing',
      '4 shares-exceed-cost',
      '5 hospital-missing',
      '6 insurance-missing',
      '7 month-invalid',
      '8 month-invalid',
    ])
    expect(cases.count + unpayable.length).toBe(rows.length)
    expect(cases.months).toEqual(['2025-01'])
  })

  it('does not depend on the size of batches', () => {
    const rows = Array.from(
      { length: 50 },
      (_, i) => `${i},1,40,K80.101,${i + 1},${i},1,H${i % 7},${i % 2 ? 310 : 390},2025-0${(i % 9) + 1}`,
    )
    expect(collect(rows, 3)).toEqual(collect(rows, 100))
  })
})
