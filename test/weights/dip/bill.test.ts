import { describe, expect, test } from 'vitest'
import { fileSink } from '../../../files/index.ts'
import { openCaseFiles } from '../../../formats/index.ts'
import { codeTable } from '../../../grouper/codes/keyword.ts'
import {
  auxiliaryClasses,
  type CaseBatch,
  COST_BUCKETS,
  encodeCases,
  FEE_BUCKETS,
  loadCatalogue,
  openStore,
  readAuxiliaryPack,
  readBlocks,
  readCases,
} from '../../../grouper/index.ts'
import { billColumns } from '../../../weights/dip/bill.ts'
import { makeStays, SCHEME, yuan } from '../../formats/cases.ts'
import { csv, HQMS, hqmsRow, message4101 } from '../../formats/forms.ts'
import { put, temporaryFolder } from '../../temporary.ts'

const folder = temporaryFolder()
const sample = loadCatalogue('dip-3.0-sample')
const HEADER = 'id,gender,age,dx,proc,los,totalCost,drugFee,治疗费'

/** A file as a case store. */
function stored(file: string): string {
  const store = `${file}.dzc`
  const out = fileSink(store)
  const { open } = openCaseFiles([file], {})
  encodeCases(sample, [file], { open, write: bytes => out.write(bytes) })
  out.finish()
  return store
}

function batchOf(store: string, change: { readonly fees?: readonly string[] } = {}): CaseBatch {
  const found: CaseBatch[] = []
  const trailer = { ...openStore(store, sample), ...change }
  readBlocks(store, trailer, trailer.blocks, batch => found.push(batch), { reuse: false })
  return found[0]!
}

const bill = (batch: CaseBatch): number[][] => {
  const { costPercent, treatmentPercent, drugPercent } = billColumns(batch, () => 10_000_00)
  return Array.from({ length: batch.count }, (_, i) => [costPercent[i]!, treatmentPercent[i]!, drugPercent[i]!])
}

describe('the bill of a case', () => {
  const rows = [
    '1,1,50,C34.900|C50.900,,5,30000,3000,15000',
    '2,1,50,C34.900,,5,29999.99,,14999.99',
    '3,1,50,C34.900,,5,,1,1',
  ]
  const store = stored(put(folder, 'cases.csv', [HEADER, ...rows, ''].join('\n')))

  test('tells cost, treatment without surgery and drugs in whole percent; −1 is not known', () => {
    expect(bill(batchOf(store))).toEqual([
      [300, 50, 10],
      [299, 49, -1],
      [-1, -1, -1],
    ])
  })

  test('decides the class of costly treatment of the draft', () => {
    const pack = readAuxiliaryPack('dip3-draft')
    const [costPercent, treatmentPercent, drugPercent] = bill(batchOf(store))[0]!
    const found = auxiliaryClasses(
      pack,
      { sex: 1, ageYears: 50, losDays: 5, diagnoses: ['C34.900', 'C50.900'], procedures: [] },
      { costPercent, treatmentPercent, drugPercent },
    )
    expect(found.map(one => one.class.id)[0]).toBe('costlyTreatment')
  })

  test('has no treatment in a store of before there was such a column', () => {
    const fees = [...COST_BUCKETS, 'something else']
    expect(bill(batchOf(store, { fees })).map(([, treatment, drugs]) => [treatment, drugs])).toEqual([
      [-1, 10],
      [-1, -1],
      [-1, -1],
    ])
  })

  test('takes treatment from the case record and from category 05 of the settlement list', () => {
    const stays = makeStays(40)
    const treated = stays.map((_, i) => (i % 3 === 0 ? '-' : yuan(1000 * i + 7)))
    const record = csv(
      HQMS,
      stays.map((stay, i) => ({ ...hqmsRow(stay), D19: treated[i]! })),
    )
    const list = stays.map((stay, i) => {
      const item = treated[i] === '-' ? '' : `{"med_chrgitm":"05","amt":"${treated[i]}"},`
      return JSON.stringify(message4101(stay)).replace('"iteminfo":[', `"iteminfo":[${item}`)
    })
    for (const file of [put(folder, 'hqms.csv', record), put(folder, 'list.jsonl', list.join('\n'))]) {
      const found: number[] = []
      const { files, open } = openCaseFiles([file], {})
      readCases(files, {
        dxTable: codeTable(SCHEME.diagnoses),
        pxTable: codeTable(SCHEME.procedures),
        open,
        onBatch(batch) {
          for (let i = 0; i < batch.count; i++) {
            found.push(batch.fees[i * FEE_BUCKETS.length + FEE_BUCKETS.indexOf('treatment')]!)
          }
        },
      })
      const due = treated.map((text, i) => (text === '-' ? [-1, 0] : [1000 * i + 7]))
      expect(found.map((fen, i) => due[i]!.includes(fen))).toEqual(due.map(() => true))
    }
  })
})
