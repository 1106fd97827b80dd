import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readTable } from '../../../files/index.ts'
import {
  type Case,
  compileBook,
  createGroupColumns,
  groupBatch,
  importTables,
  interpret,
  listSchemes,
  loadScheme,
  readCases,
  resultRow,
  type Scheme,
} from '../../../grouper/index.ts'
import { hasReference, reference } from '../../reference.ts'

/** A reference case and the group that an engine gives it instead of the expected one. */
interface Difference {
  readonly id: string
  readonly case: Case
  readonly expected: string
  readonly found: string
}

/** Rows on which the scheme and the published expectation differ, by each engine. */
function differences(scheme: Scheme, name: string): { rows: number; kernel: string[]; literal: Difference[] } {
  const file = reference('cases', `${name}.csv`)
  const table = readTable(file)
  const wanted = table.rows.map(row => Object.fromEntries(table.header.map((title, i) => [title, row.cells[i]!])))
  const kernel: string[] = []
  const literal: Difference[] = []
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
    const one: Case = {
      ...given,
      diagnoses: want.dx!.split('|'),
      procedures: want.proc === '' ? [] : want.proc!.split('|'),
    }
    const { drg } = interpret(scheme, one)
    if (drg !== want.drg) literal.push({ id: want.id!, case: one, expected: want.drg!, found: drg })
  }
  return { rows, kernel, literal }
}

describe.runIf(hasReference())('reference cases', () => {
  const names = hasReference() ? readdirSync(reference('schemes')) : []

  it.each(names)('%s: both engines give every expected group from the imported tables', name => {
    const { scheme } = importTables(reference('schemes', name), { id: name })
    expect(differences(scheme, name)).toEqual({ rows: 6000, kernel: [], literal: [] })
  })
})

/** A class of cases that a shipped pack groups otherwise than the published table, by one of its amendments. */
interface DeclaredDifference {
  readonly what: string
  /** Reference cases of this class. */
  readonly cases: number
  readonly holds: (difference: Difference, scheme: Scheme) => boolean
}

const listed = (scheme: Scheme, set: string, codes: readonly string[]): boolean =>
  codes.some(code => scheme.sets.get(set)!.codes.includes(code))

const sameGroup = ({ expected, found }: Difference): boolean => expected.slice(0, 3) === found.slice(0, 3)

/** Everything in which the shipped packs differ from the tables as given. */
const DECLARED: Readonly<Record<string, readonly DeclaredDifference[]>> = {
  'beijing-2022': [
    {
      what: '6 years and under: the group of their own instead of the unconditional one',
      cases: 6,
      holds: one => sameGroup(one) && /^(CD1D|DC2D|IT2B|IT2C)$/.test(one.found) && one.case.ageYears! <= 6,
    },
  ],
  'changzhou-2022': [
    {
      what: 'died or transferred within 5 days: the group of their own',
      cases: 72,
      holds: one =>
        sameGroup(one) && one.found.endsWith('7') && one.case.losDays! < 5 && [2, 5].includes(one.case.dischargeWay!),
    },
    {
      what: 'epilepsy at 17 years and under: the groups of their own',
      cases: 6,
      holds: one => /^BV1[246]$/.test(one.found) && sameGroup(one) && one.case.ageYears! <= 17,
    },
    {
      what: 'operations without a principal diagnosis of MDCS: no longer SB1, but where the MDCs behind it put them',
      cases: 124,
      holds: (one, scheme) =>
        one.expected.startsWith('SB1') &&
        !one.found.startsWith('S') &&
        !['SR1', 'SS1', 'ST1', 'SU1', 'SV1', 'SZ1'].some(id => listed(scheme, `DI_${id}`, [one.case.diagnoses[0]!])),
    },
  ],
  'chs-drg-1.1': [
    {
      what: 'an operation with HIV among the other diagnoses: YC1 instead of the group of the principal diagnosis',
      cases: 5,
      holds: (one, scheme) => one.found.startsWith('YC1') && listed(scheme, 'DI_Y00', one.case.diagnoses.slice(1)),
    },
  ],
  'chs-drg-2.0': [],
  'yancheng-2023': [],
}

describe.runIf(hasReference())('shipped packs', () => {
  it('are all declared', () => {
    expect(Object.keys(DECLARED)).toEqual(listSchemes())
  })

  it.each(Object.entries(DECLARED))(
    '%s differs from the table as given as declared and in nothing else',
    (id, declared) => {
      const scheme = loadScheme(id)
      const { rows, kernel, literal } = differences(scheme, id)
      expect(rows).toBe(6000)
      const classes = declared.map(({ what, holds }) => ({
        what,
        cases: literal.filter(one => holds(one, scheme)).length,
      }))
      expect(classes).toEqual(declared.map(({ what, cases }) => ({ what, cases })))
      expect(literal.filter(one => declared.filter(({ holds }) => holds(one, scheme)).length !== 1)).toEqual([])
      expect(kernel).toEqual(literal.map(one => `${one.id} ${one.expected} ${one.found}`))
    },
  )

  // Amendments that no reference case meets: the pack against the table as given.
  it.each<[string, string, Case, string, string]>([
    [
      'chs-drg-1.1',
      'burns in the list of MDCW',
      { sex: 1, ageYears: 40, diagnoses: ['T20.100'], procedures: [] },
      '0000',
      'WZ15',
    ],
    [
      'beijing-2022',
      'a stem-cell transplant through the gate of MDCA',
      { sex: 1, ageYears: 40, diagnoses: ['C91.000'], procedures: ['41.0500'] },
      'RR15',
      'AG15',
    ],
  ])('%s: %s', (id, _, given, asGiven, shipped) => {
    const table = importTables(reference('schemes', id), { id })
    expect([interpret(table.scheme, given).drg, interpret(loadScheme(id), given).drg]).toEqual([asGiven, shipped])
  })
})
