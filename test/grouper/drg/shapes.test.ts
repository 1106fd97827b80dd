import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDictionary } from '../../../grouper/codes/dictionary.ts'
import {
  type Case,
  compileBook,
  createGroupColumns,
  type Expr,
  groupBatch,
  interpret,
  readCases,
  resultRow,
  type Scheme,
} from '../../../grouper/index.ts'
import type { CodeSet } from '../../../grouper/scheme/types.ts'
import { put, temporaryFolder } from '../../temporary.ts'
import { CASE_HEADER, caseRow } from './random-case.ts'

const folder = temporaryFolder()

const DX = ['A00.000', 'A01.000', 'B02.000', 'B03.000x001', 'C04.000+G01*', 'D05.000']
const PX = ['00.0001', '01.0002', '02.0003', '03.0004x001']
const DX_SETS = ['D1', 'D2', 'D3', 'D4']
const PX_SETS = ['P1', 'P2', 'P3']
const CMP = ['=', '<', '<=', '>', '>='] as const

const dxFields = fc.subarray(['ZYZD', 'QTZD'] as const, { minLength: 1 })
const pxFields = fc.subarray(['ZYSS', 'QTSS'] as const, { minLength: 1 })
const membership: fc.Arbitrary<Expr> = fc.oneof(
  fc.record({ op: fc.constant('in' as const), fields: dxFields, sets: fc.subarray(DX_SETS, { minLength: 1 }) }),
  fc.record({ op: fc.constant('in' as const), fields: pxFields, sets: fc.subarray(PX_SETS, { minLength: 1 }) }),
  fc.record({
    op: fc.constant('in' as const),
    fields: fc.constant(['QTZD' as const]),
    sets: fc.subarray(['MCC', 'CC', 'D1'], { minLength: 1 }),
  }),
)
const scalar: fc.Arbitrary<Expr> = fc.oneof(
  ...(
    [
      ['NL', [0, 1, 6, 17, 70]],
      ['XSRTL', [0, 28, 29, 365]],
      ['XSRTZ', [1500, 2499.5]],
      ['XB', [1, 2]],
      ['ZYTS', [1, 5, 60]],
      ['LYFS', [2, 5]],
      ['ICUSC', [0, 24]],
      ['ZFY', [0.07, 1234.56, 30_000_000]],
    ] as const
  ).map(([field, values]) =>
    fc.record({
      op: fc.constant('compare' as const),
      scalar: fc.constant(field),
      cmp: fc.constantFrom(...CMP),
      value: fc.constantFrom(...values),
    }),
  ),
)
const length: fc.Arbitrary<Expr> = fc.oneof(
  fc.record({
    op: fc.constant('length' as const),
    set: fc.constantFrom(...DX_SETS),
    fields: dxFields,
    cmp: fc.constantFrom(...CMP),
    value: fc.integer({ min: 0, max: 3 }),
  }),
  fc.record({
    op: fc.constant('length' as const),
    set: fc.constantFrom(...PX_SETS),
    fields: pxFields,
    cmp: fc.constantFrom(...CMP),
    value: fc.integer({ min: 0, max: 3 }),
  }),
)
const { expr } = fc.letrec<{ expr: Expr }>(tie => ({
  expr: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    membership,
    scalar,
    length,
    fc.constantFrom<Expr>({ op: 'always' }, { op: 'never' }),
    fc.record({
      op: fc.constantFrom('and' as const, 'or' as const),
      args: fc.array(tie('expr'), { minLength: 2, maxLength: 3 }),
    }),
    fc.record({ op: fc.constant('not' as const), arg: tie('expr') }),
  ),
}))

const diagnoses = createDictionary(
  'dx',
  DX.map((code, i) => ({ code, name: code, grey: i === 1 })),
)
const procedures = createDictionary(
  'px',
  PX.map(code => ({ code, name: code })),
)

/** Any scheme over the tiny dictionaries: random lists, complications, exclusions, and rules of any shape. */
const schemes: fc.Arbitrary<Scheme> = fc
  .record({
    dxSets: fc.tuple(...DX_SETS.map(() => fc.subarray(DX))),
    pxSets: fc.tuple(...PX_SETS.map(() => fc.subarray(PX))),
    levels: fc.tuple(...DX.map(() => fc.constantFrom('MCC' as const, 'CC' as const, undefined))),
    tables: fc.tuple(...DX.map(() => fc.constantFrom('', 'E1', 'E2'))),
    excluded: fc.tuple(fc.subarray(DX), fc.subarray(DX)),
    barred: fc.subarray(DX, { maxLength: 1 }),
    grey: fc.constantFrom('report' as const, 'refuse' as const),
    tree: fc.array(
      fc.record({
        rule: expr,
        adrgs: fc.array(fc.record({ rule: expr, drgs: fc.array(expr, { minLength: 1, maxLength: 3 }) }), {
          maxLength: 40,
        }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map(({ dxSets, pxSets, levels, tables, excluded, barred, grey, tree }) => ({
    manifest: {
      id: 'any',
      name: { zh: '任意', en: 'any' },
      codeSystem: { diagnosis: 'dx', procedure: 'px' },
      newbornWeight: 'birth' as const,
      grey,
      source: { title: 'made by the test' },
    },
    mdcs: tree.map((mdc, m) => ({
      code: `M${m}`,
      name: '',
      rule: { text: '', expr: mdc.rule },
      adrgs: mdc.adrgs.map((adrg, a) => ({
        code: `A${m}${a}`,
        name: '',
        rule: { text: '', expr: adrg.rule },
        drgs: adrg.drgs.map((rule, d) => ({
          code: `A${m}${a}${d}`,
          name: '',
          rule: { text: '', expr: rule },
          kind: (['grouped', 'ambiguous', 'notGrouped'] as const)[(m + a + d) % 3]!,
        })),
      })),
    })),
    sets: new Map<string, CodeSet>([
      ...DX_SETS.map((id, i) => [id, { id, kind: 'diagnosis' as const, codes: dxSets[i]! }] as const),
      ...PX_SETS.map((id, i) => [id, { id, kind: 'procedure' as const, codes: pxSets[i]! }] as const),
    ]),
    complications: new Map(
      DX.flatMap((code, i) =>
        levels[i] === undefined ? [] : [[code, { level: levels[i], table: tables[i]! }] as const],
      ),
    ),
    exclusions: new Map([
      ['E1', excluded[0]],
      ['E2', excluded[1]],
    ]),
    barredPrincipal: new Set(barred),
    diagnoses,
    procedures,
    hash: '',
  }))

const cases: fc.Arbitrary<Case> = fc.record(
  {
    sex: fc.constantFrom(0, 1, 2, 9),
    ageYears: fc.constantFrom(0, 1, 6, 7, 17, 18, 70),
    ageDays: fc.constantFrom(0, 28, 29, 365, 9999),
    weight: fc.constantFrom(0, 1499, 1500, 2499, 2500),
    losDays: fc.constantFrom(0, 1, 5, 60),
    dischargeWay: fc.constantFrom(1, 2, 5),
    icuHours: fc.constantFrom(0, 24, 25),
    totalCost: fc.constantFrom(0, 7, 8, 123_456, 2_999_999_999, 3_000_000_000, 3_000_000_001),
    diagnoses: fc.array(fc.constantFrom(...DX, 'unknown'), { maxLength: 5 }),
    procedures: fc.array(fc.constantFrom(...PX, 'unknown'), { maxLength: 4 }),
  },
  { requiredKeys: ['diagnoses', 'procedures'] },
)

describe('any rule shape', () => {
  it('gives the same group by masks and programs as by reading', () => {
    fc.assert(
      fc.property(schemes, fc.array(cases, { minLength: 20, maxLength: 60 }), (scheme, given) => {
        const file = put(folder, 'any.csv', [CASE_HEADER, ...given.map((one, i) => caseRow(one, i + 1)), ''].join('\n'))
        const book = compileBook(scheme)
        const groups = createGroupColumns(64)
        const fast: string[] = []
        readCases([file], {
          dxTable: book.dxTable,
          pxTable: book.pxTable,
          batchSize: 64,
          onBatch(batch) {
            groupBatch(book, batch, groups)
            for (let i = 0; i < batch.count; i++) {
              const { drg, status, reason } = resultRow(book, batch, groups, i)
              fast.push(`${drg} ${status} ${reason}`)
            }
          },
        })
        const literal = given.map(one => {
          const { drg, status, reason } = interpret(scheme, one)
          return `${drg} ${status} ${reason}`
        })
        expect(fast).toEqual(literal)
      }),
      { numRuns: 400 },
    )
  })
})
