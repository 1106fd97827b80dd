import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseTable, type TableRow } from '../../../files/index.ts'
import {
  type Case,
  checkReach,
  checkScheme,
  compileBook,
  createGroupColumns,
  groupBatch,
  interpret,
  listSchemes,
  loadScheme,
  readCases,
  resultRow,
} from '../../../grouper/index.ts'

/** A case for every leaf of a shipped pack: `dianzhi scheme witness ID --out test/grouper/witness/ID.csv`. */
const fileOf = (id: string): string => join(import.meta.dirname, `${id}.csv`)

interface Row {
  readonly leaf: string
  readonly given: Case
}

function rowsOf(id: string): Row[] {
  const file = fileOf(id)
  const { header, rows } = parseTable(readFileSync(file, 'utf8'), file)
  const cell = (row: TableRow, name: string): string => row.cells[header.indexOf(name)]!
  const list = (text: string): string[] => text.split('|').filter(code => code !== '')
  return rows.map(row => {
    const number = (key: keyof Case, name: string): Partial<Case> =>
      cell(row, name) === '' ? {} : { [key]: Number(cell(row, name)) * (key === 'totalCost' ? 100 : 1) }
    return {
      leaf: ['mdc', 'adrg', 'drg'].map(name => cell(row, name)).join(' '),
      given: {
        diagnoses: list(cell(row, 'dx')),
        procedures: list(cell(row, 'proc')),
        ...number('sex', 'gender'),
        ...number('ageYears', 'age'),
        ...number('ageDays', 'ageDay'),
        ...number('weight', 'weight'),
        ...number('losDays', 'los'),
        ...number('dischargeWay', 'leavingType'),
        ...number('icuHours', 'icuHours'),
        ...number('totalCost', 'totalCost'),
      },
    }
  })
}

function kernelLeaves(id: string): string[] {
  const book = compileBook(loadScheme(id))
  const groups = createGroupColumns(4_096)
  const leaves: string[] = []
  readCases([fileOf(id)], {
    dxTable: book.dxTable,
    pxTable: book.pxTable,
    batchSize: 4_096,
    onBatch(batch) {
      groupBatch(book, batch, groups)
      for (let i = 0; i < batch.count; i++) {
        const { mdc, adrg, drg } = resultRow(book, batch, groups, i)
        leaves.push(`${mdc} ${adrg} ${drg}`)
      }
    },
  })
  return leaves
}

describe.each(listSchemes())('%s', id => {
  it('has its witnesses committed', () => expect(existsSync(fileOf(id))).toBe(true))

  it('takes every witness to the leaf that it stands for, by the rules as written and by the kernel', () => {
    const rows = rowsOf(id)
    const scheme = loadScheme(id)
    const expected = rows.map(row => row.leaf)
    const literal = rows.map(({ given }) => {
      const { mdc, adrg, drg } = interpret(scheme, given)
      return `${mdc} ${adrg} ${drg}`
    })
    expect(literal).toEqual(expected)
    expect(kernelLeaves(id)).toEqual(expected)
  })

  it('has a witness or a finding for every leaf', () => {
    const scheme = loadScheme(id)
    const rows = rowsOf(id)
    const reported = [...checkScheme(scheme), ...checkReach(scheme).findings].filter(finding =>
      ['CHK-001', 'CHK-013', 'CHK-014', 'CHK-016'].includes(finding.code),
    )
    const without = scheme.mdcs
      .flatMap(mdc => mdc.adrgs.flatMap(adrg => adrg.drgs.map(drg => [mdc.code, adrg.code, drg.code])))
      .filter(path => !rows.some(row => row.leaf === path.join(' ')))
    for (const path of without) {
      expect(
        reported.some(finding => path.includes(finding.place.code!)),
        path.join(' '),
      ).toBe(true)
    }
    expect(rows.length).toBe(checkReach(scheme).witnesses.length)
  })
})
