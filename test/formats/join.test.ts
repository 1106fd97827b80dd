import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvRow } from '../../files/index.ts'
import { readSides } from '../../formats/read/join.ts'
import type { SidePlan, TablePlan } from '../../formats/read/plan.ts'
import { readAll } from './read.ts'

const folder = mkdtempSync(join(tmpdir(), 'dianzhi-join-'))
let files = 0

function plan(fields: readonly string[], rows: readonly (readonly string[])[]): TablePlan {
  const file = join(folder, `${files++}.csv`)
  writeFileSync(file, [fields, ...rows].map(cells => csvRow(cells)).join(''))
  return {
    file,
    container: 'csv',
    encoding: 'utf-8',
    delimiter: 44,
    sheet: 0,
    firstLine: 2,
    width: fields.length,
    columns: fields.map((field, index) => ({ index, header: field, field })),
  }
}

/** All that a main table is told by its side tables, and what is left of them. */
function tell(main: TablePlan, keys: readonly string[], sides: readonly SidePlan[], leastMerged: number): object {
  const opened = readSides(main, sides, leastMerged)
  const told = keys.map(key => [key, [...(opened.takeStay(key) ?? [])], opened.takeNodes(key)])
  return { told, orphans: opened.orphans().map(({ line }) => line) }
}

describe('tables beside a main one', () => {
  it('say the same held whole or merged row by row, sorted as texts or as numbers', () => {
    const key = fc.oneof(fc.nat(30).map(String), fc.constantFrom('', 'A1', '007', '100'))
    const rows = fc.array(fc.tuple(key, fc.integer({ min: -999, max: 9999 }), fc.constantFrom('08', '9', '01', '')), {
      maxLength: 40,
    })
    fc.assert(
      fc.property(
        fc.array(key, { maxLength: 20 }),
        rows,
        rows,
        fc.boolean(),
        fc.boolean(),
        (keys, a, b, sorts, numbers) => {
          const by = numbers
            ? (x: string, y: string) => Number(x) - Number(y) || (x < y ? -1 : x > y ? 1 : 0)
            : (x: string, y: string) => (x < y ? -1 : x > y ? 1 : 0)
          const order = <T extends readonly [string, ...unknown[]]>(list: readonly T[]): T[] =>
            sorts ? list.toSorted((x, y) => by(x[0], y[0])) : [...list]
          const mainKeys = order(keys.map(one => [one] as const)).map(([one]) => one)
          const main = plan(
            ['settleId'],
            mainKeys.map(one => [one]),
          )
          const side = (
            role: SidePlan['role'],
            fields: readonly string[],
            list: readonly (readonly string[])[],
          ): SidePlan => ({
            ...plan(fields, list),
            role,
          })
          const sides = [
            side(
              'fees',
              ['settleId', 'amount', 'kind'],
              order(a).map(([one, fen, kind]) => [one, String(fen / 100), kind]),
            ),
            side(
              'diagnoses',
              ['settleId', 'code'],
              order(b).map(([one, code]) => [one, `D${code}`]),
            ),
            side(
              'stay',
              ['settleId', 'los', 'sex'],
              order(a).map(([one, los, sex]) => [one, String(los), sex]),
            ),
          ]
          expect(tell(main, mainKeys, sides, 0)).toEqual(tell(main, mainKeys, sides, Number.POSITIVE_INFINITY))
        },
      ),
      { numRuns: 40 },
    )
  })
})

describe('a refund', () => {
  const header = '病案号,结算ID,性别,年龄,住院天数,诊断编码,总费用\n'
  const row = (id: string, settlement: string, cost: string): string =>
    `${id},${settlement},1,52,4,K35.800x001,${cost}\n`

  it('takes one settlement of its id and amount back, and only one', () => {
    const file = join(folder, 'refunds.csv')
    writeFileSync(
      file,
      header +
        row('1', 'S1', '1000.00') +
        row('1', 'S1', '-1000') +
        row('2', 'S2', '800') +
        // Paid back before it was paid, and paid anew.
        row('3', 'S3', '-￥700.00') +
        row('3', 'S3', '700') +
        row('3', 'S3', '700') +
        // In part, and of another settlement.
        row('4', 'S4', '600') +
        row('4', 'S4', '-100') +
        row('5', 'S5', '-600'),
    )
    const { rows, rejects, notes, counts } = readAll([file])
    expect(rows.map(one => [one.id, one.cost])).toEqual([
      ['2', 80_000],
      ['3', 70_000],
      ['4', 60_000],
    ])
    expect(rejects.map(({ line, reason }) => [line, reason])).toEqual([2, 3, 5, 6, 9, 10].map(line => [line, 'refund']))
    expect(notes['refund-pair']).toBe(2)
    expect(counts).toEqual({ rows: 9, cases: 3, rejected: 6 })
  })
})
