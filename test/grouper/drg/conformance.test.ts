import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readTable } from '../../../files/index.ts'
import {
  compileBook,
  createGroupColumns,
  groupBatch,
  importTables,
  interpret,
  loadScheme,
  readCases,
  resultRow,
  type Scheme,
} from '../../../grouper/index.ts'
import { hasReference, reference } from '../../reference.ts'

/** Rows on which the scheme and the published expectation differ, by each engine. */
function differences(scheme: Scheme, name: string): { rows: number; kernel: string[]; literal: string[] } {
  const file = reference('cases', `${name}.csv`)
  const table = readTable(file)
  const wanted = table.rows.map(row => Object.fromEntries(table.header.map((title, i) => [title, row.cells[i]!])))
  const kernel: string[] = []
  const literal: string[] = []
  const book = compileBook(scheme)
  const groups = createGroupColumns(8192)
  let at = 0
  const { rows } = readCases([file], {
    dxTable: book.dxTable,
    pxTable: book.pxTable,
    batchSize: 8192,
    onBatch(batch) {
      groupBatch(book, batch, groups)
      for (let i = 0; i < batch.count; i++) {
        const want = wanted[at++]!
        const got = resultRow(book, batch, groups, i)
        if (got.id !== want.id || got.drg !== want.drg) kernel.push(`${want.id} ${want.drg} ${got.drg}`)
      }
    },
  })
  const number = (text: string | undefined): number | undefined => (text ? Number(text) : undefined)
  for (const want of wanted) {
    const facts = {
      sex: number(want.gender),
      ageYears: number(want.age),
      ageDays: number(want.ageDay),
      weight: number(want.weight),
      losDays: number(want.los),
      dischargeWay: number(want.leavingType),
    }
    const given = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))
    const outcome = interpret(scheme, {
      ...given,
      diagnoses: want.dx!.split('|'),
      procedures: want.proc === '' ? [] : want.proc!.split('|'),
    })
    if (outcome.drg !== want.drg) literal.push(`${want.id} ${want.drg} ${outcome.drg}`)
  }
  return { rows, kernel, literal }
}

describe.runIf(hasReference())('reference cases', () => {
  const names = hasReference() ? readdirSync(reference('schemes')) : []

  it.each(names)('%s: both engines give every expected group from the imported tables', name => {
    const { scheme } = importTables(reference('schemes', name), { id: name })
    expect(differences(scheme, name)).toEqual({ rows: 6000, kernel: [], literal: [] })
  })

  it.each(['chs-drg-1.1', 'chs-drg-2.0'])('the shipped pack %s does too', name => {
    expect(differences(loadScheme(name), name)).toEqual({ rows: 6000, kernel: [], literal: [] })
  })
})
