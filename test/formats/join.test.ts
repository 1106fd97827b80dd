import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
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

const named = <T extends TablePlan>(table: T): T & { readonly name: string } => ({ ...table, name: table.file })

/** All that a main table is told by its side tables, and what is left of them. */
function tell(main: TablePlan, keys: readonly string[], sides: readonly SidePlan[], leastMerged: number): object {
  const opened = readSides(main, sides, leastMerged)
  const told = keys.map(key => [key, [...(opened.takeStay(key) ?? [])], opened.takeNodes(key)])
  const left = [...opened.leftOut(), ...opened.rest()].map(
    ({ file, line, reason }) => `${basename(file)} ${line} ${reason}`,
  )
  return { told, left: left.sort(), joined: [...opened.joined()].map(([, { count }]) => count) }
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
            ...named(plan(fields, list)),
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

describe('rows beside the main table', () => {
  const main =
    'setl_id,medcasno,gend,age,act_ipt_days,dscg_way\nS1,1,1,52,4,1\nS2,2,1,52,4,1\nS3,3,2,40,3,1\n1.23E+17,4,2,40,3,1\n'
  const diagnoses =
    'setl_id,maindiag_flag,diag_code\nS1,1,K35.800x001\nS1,0,I10.x00x002\nS2,1,K35.800x001,x,y\nS2,1,E11.900\nS3,1\nS3,1,E11.900\nS9,1,E11.900\n1.23E+17,1,E11.900\n'
  const fees = 'setl_id,med_chrgitm,amt\nS1,01,100\nS1,09,50.5\nS8,01,1\nS8,01,2\nS2,01,"7\nS3,01,5\n'

  const put = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const table = (file: string): string => basename(file)
  const shown = (rejects: readonly { file: string; line: number; reason: string }[], file: string): unknown[] =>
    rejects.filter(one => one.file === file).map(({ line, reason }) => [line, reason])

  it('are joined or rejected, each of every file, with its line and reason', () => {
    const [a, b, c] = [put('main.csv', main), put('dx.csv', diagnoses), put('fees.csv', fees)]
    const { rows, rejects, beside, counts } = readAll([a, b, c])
    expect(rows.map(({ id, cost }) => [id, cost])).toEqual([
      ['1', 15_050],
      ['2', -1],
      ['3', 500],
    ])
    expect(shown(rejects, a)).toEqual([[5, 'id-damaged']])
    expect(shown(rejects, b).toSorted()).toEqual([
      [4, 'too-many-columns'],
      [6, 'too-few-columns'],
      [8, 'orphan'],
      [9, 'id-damaged'],
    ])
    expect(shown(rejects, c).toSorted()).toEqual([
      [4, 'orphan'],
      [5, 'orphan'],
      [6, 'open-quote'],
    ])
    expect(new Map([...beside].map(([file, n]) => [table(file), n]))).toEqual(
      new Map([
        ['dx.csv', 4],
        ['fees.csv', 3],
      ]),
    )
    expect(counts).toEqual({ rows: 3 + 1 + 4 + 3, cases: 3, rejected: 8 })
  })

  it('of several main tables are rejected once, where all of them left them out', () => {
    const lines = main.split('\n')
    const a = put('may.csv', `${lines.slice(0, 3).join('\n')}\n`)
    const b = put('june.csv', `${[lines[0], lines[3]].join('\n')}\n`)
    const c = put('all-dx.csv', diagnoses)
    for (let again = 0; again < 2; again++) {
      const { rows, rejects, beside, counts } = readAll([a, c, b])
      expect(rows).toHaveLength(3)
      expect(shown(rejects, c).toSorted()).toEqual([
        [4, 'too-many-columns'],
        [6, 'too-few-columns'],
        [8, 'orphan'],
        [9, 'id-damaged'],
      ])
      expect([...beside.values()]).toEqual([4])
      expect(counts).toEqual({ rows: 7, cases: 3, rejected: 4 })
    }
  })

  it('of settlements beside lists are accounted for too', () => {
    const list = (id: string, stay: string): string =>
      JSON.stringify({
        input: {
          setlinfo: { setl_id: stay, medcasno: id },
          diseinfo: [{ diag_code: 'K35.800x001', maindiag_flag: '1' }],
        },
      })
    const a = put('4101A.jsonl', `${list('1', 'S1')}\n${list('2', 'S2')}\n${list('3', 'S3')}\n`)
    const b = put(
      'settled.csv',
      '结算ID,性别,年龄,住院天数,总费用,基金支付\nS1,1,52,4,1000,700\nS7,1,52,4,10,7\nS1,1,52,4,-200,-150\nS2,1,52\nS3,1,52,4,900,600\nS3,1,52,4,-900,-600\nS2,1,52,4,8,5,9,9\n',
    )
    const { rows, rejects, beside } = readAll([a, b])
    expect(rows.map(({ id, sex, cost, fund }) => [id, sex, cost, fund])).toEqual([
      ['1', 1, 80_000, 55_000],
      ['2', 1, -1, -1],
    ])
    expect(shown(rejects, a)).toEqual([[3, 'refund']])
    expect(shown(rejects, b).toSorted()).toEqual([
      [3, 'orphan'],
      [8, 'too-many-columns'],
    ])
    expect([...beside.values()]).toEqual([5])
  })
})

describe('a refund', () => {
  const header = '病案号,结算ID,性别,年龄,住院天数,诊断编码,总费用,基金支付,个人支付,药品费\n'
  const row = (id: string, settlement: string, cost: string, more = ',,'): string =>
    `${id},${settlement},1,52,4,K35.800x001,${cost},${more}\n`

  it('is netted with the settlement of its id: what remains counts, what is paid back whole drops out', () => {
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
        // In part: once with all amounts, once with the cost alone.
        row('4', 'S4', '600', '400,200,60.5') +
        row('4', 'S4', '-100', '-70,-30,-0.5') +
        row('5', 'S5', '600', '400,200,60') +
        row('5', 'S5', '-100.25') +
        // Paid in two parts, of which one was taken back in part; more taken back than paid; nothing ever paid.
        row('6', 'S6', '300', '200,100,') +
        row('6', 'S6', '-50', '-40,-10,') +
        row('6', 'S6', '100', '60,40,') +
        row('7', 'S7', '100') +
        row('7', 'S7', '-101') +
        row('8', 'S8', '-600'),
    )
    const { rows, rejects, notes, counts } = readAll([file])
    expect(rows.map(one => [one.id, one.cost, one.fund, one.patient, one.drug])).toEqual([
      ['2', 80_000, -1, -1, -1],
      ['3', 70_000, -1, -1, -1],
      ['4', 50_000, 33_000, 17_000, 6_000],
      ['5', 49_975, -1, -1, -1],
      ['6', 35_000, 22_000, 13_000, -1],
    ])
    expect(rejects.map(({ line, reason }) => [line, reason])).toEqual(
      [2, 3, 5, 6, 9, 11, 12, 13, 15, 16, 17].map(line => [line, 'refund']),
    )
    expect(notes).toEqual({ 'refund-gone': 2, 'refund-net': 3 })
    expect(counts).toEqual({ rows: 16, cases: 5, rejected: 11 })
  })

  it('may lie in another file, or sheet, than what it takes back, and keeps what stands beside the stay', () => {
    const main = 'setl_id,medcasno,gend,age,act_ipt_days,dscg_way,medfee_sumamt\n'
    const [may, june, dx] = ['refund-may.csv', 'refund-june.csv', 'refund-dx.csv'].map(name => join(folder, name))
    writeFileSync(may!, `${main}S1,1,1,52,4,1,900\nS2,2,1,52,4,1,800\nS3,3,1,52,4,1,500\n`)
    writeFileSync(june!, `${main}S1,1,1,52,4,1,-900\nS1,1,1,52,4,1,950\nS2,2,1,52,4,1,-800\nS3,3,1,52,4,1,-20\n`)
    writeFileSync(dx!, 'setl_id,diag_code,maindiag_flag\nS1,K35.800x001,1\nS2,K35.800x001,1\nS3,K35.800x001,1\n')
    const { rows, rejects, notes } = readAll([may!, june!, dx!])
    expect(rows.map(({ id, cost, dx: codes }) => [id, cost, (codes as number[]).length])).toEqual([
      ['3', 48_000, 1],
      ['1', 95_000, 1],
    ])
    expect(rejects.map(({ file, line, reason }) => [basename(file), line, reason])).toEqual([
      ['refund-may.csv', 2, 'refund'],
      ['refund-may.csv', 3, 'refund'],
      ['refund-june.csv', 2, 'refund'],
      ['refund-june.csv', 4, 'refund'],
      ['refund-june.csv', 5, 'refund'],
    ])
    expect(notes['refund-net']).toBe(1)
  })
})
