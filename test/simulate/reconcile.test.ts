import { writeFileSync } from 'node:fs'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { csvText, writeWorkbook } from '../../files/index.ts'
import { loadTemplate, monthSheet, templateColumns, templateRow, writeTable } from '../../formats/index.ts'
import { Decimal, formatFen, roundFen } from '../../numbers/index.ts'
import { reconcile } from '../../simulate/reconcile/reconcile.ts'
import { readStatement } from '../../simulate/reconcile/statement.ts'
import { put, temporaryFolder } from '../temporary.ts'

const folder = temporaryFolder()

interface Row {
  readonly id: string
  readonly month: string
  readonly group: string
  readonly weight: string
  readonly coefficient: string
  readonly rate: string
  readonly cost: number
  readonly standard: number
}

const standardOf = (row: Omit<Row, 'standard'>): number =>
  roundFen(new Decimal(row.weight).times(row.coefficient).times(row.rate).times(100))

const row: fc.Arbitrary<Omit<Row, 'id' | 'standard'>> = fc.record({
  month: fc.constantFrom('2025-01', '2025-02', '2025-11'),
  group: fc.constantFrom('BR23', 'ES21', 'GE29'),
  weight: fc.integer({ min: 1000, max: 99_999 }).map(n => (n / 10_000).toFixed(4)),
  coefficient: fc.integer({ min: 40, max: 160 }).map(n => (n / 100).toFixed(2)),
  rate: fc.constant('8227.1784'),
  cost: fc.integer({ min: 50_000, max: 9_000_000 }),
})

const KINDS = ['group', 'weight', 'coefficient', 'price', 'cost', 'gone', 'new'] as const
type Kind = (typeof KINDS)[number]

/** What the bureau's file says of a case where it differs. */
function planted(one: Row, kind: Kind): Row | null {
  const changed: Omit<Row, 'standard'> =
    kind === 'group'
      ? { ...one, group: 'XT19', weight: new Decimal(one.weight).plus('0.3').toFixed(4) }
      : kind === 'weight'
        ? { ...one, weight: new Decimal(one.weight).plus('0.0001').toFixed(4) }
        : kind === 'coefficient'
          ? { ...one, coefficient: new Decimal(one.coefficient).plus('0.01').toFixed(2) }
          : kind === 'price'
            ? { ...one, rate: '8300.0000' }
            : { ...one, cost: one.cost + 2 }
  return kind === 'gone' ? null : { ...changed, standard: standardOf(changed) }
}

/** The official return: a workbook with a sheet a month. */
function writeOfficial(file: string, rows: readonly Row[]): void {
  const template = loadTemplate('settlement-return')
  const month = new Map<unknown, string>()
  const cells = rows.map(one => {
    const list = templateRow(template, {
      caseId: one.id, group: one.group, weight: one.weight, rate: one.rate, coefficient: one.coefficient,
      standard: one.standard, totalCost: one.cost, month: one.month,
    }) // biome-ignore format: facts
    month.set(list, one.month)
    return list
  })
  writeTable(file, templateColumns(template), cells, {
    format: 'xlsx',
    lang: 'zh',
    sheet: list => monthSheet(month.get(list) ?? ''),
    notes: [['scheme', 'chs-drg-2.0']],
  })
}

const HEAD = ['id', 'month', 'group', 'class', 'weight', 'coefficient', 'pointValue', 'standard', 'cost', 'pay']
const ourText = (rows: readonly Row[]): string =>
  csvText(
    HEAD,
    rows.map(one => [
      one.id,
      one.month,
      one.group,
      'normal',
      one.weight,
      one.coefficient,
      one.rate,
      formatFen(one.standard),
      formatFen(one.cost),
      formatFen(one.standard),
    ]),
  )

/** A bureau's table under headers of its own. */
const HEADERS = [
  '病历号',
  '结算月份',
  'DRG组代码',
  '病例类型',
  'RW',
  '机构系数',
  '费率',
  'DRG支付标准',
  '费用总额',
  '拨付金额',
]

type Official = Row & { readonly class: string }

const cellsOf = (one: Official): string[] => [
  one.id,
  one.month,
  one.group,
  one.class,
  one.weight,
  new Decimal(one.coefficient).toFixed(4),
  one.rate,
  formatFen(one.standard),
  formatFen(one.cost),
  formatFen(one.standard),
]

describe('reconciliation', () => {
  test('finds every planted difference of an official file, names its cause, and finds no other', async () => {
    let times = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 200, maxLength: 300 }),
        fc.infiniteStream(fc.nat()),
        fc.infiniteStream(fc.constantFrom(...KINDS)),
        async (drawn, picks, kinds) => {
          const ours = drawn.map((one, i): Row => ({ ...one, id: `00${i}`, standard: standardOf({ ...one, id: '' }) }))
          const wanted = new Map<string, Kind>()
          const size = Math.ceil(ours.length / 20)
          while (wanted.size < size) wanted.set(ours[picks.next().value % ours.length]!.id, kinds.next().value)
          const official = ours.flatMap((one): Row[] => {
            const kind = wanted.get(one.id)
            if (kind === undefined) return [one]
            if (kind === 'new') return [one, { ...one, id: `N${one.id}` }]
            const other = planted(one, kind)
            return other === null ? [] : [other]
          })
          times++
          writeOfficial(`${folder}/official-${times}.xlsx`, official)
          const result = reconcile(
            await readStatement(`${folder}/official-${times}.xlsx`),
            await readStatement(put(folder, `ours-${times}.csv`, ourText(ours))),
            0,
          )
          const found = new Map(
            result.matches.flatMap(({ key, state, difference }): [string, string][] => {
              if (state === 'equal') return []
              if (state === 'missing-in-official') return [[key, 'gone']]
              if (state === 'missing-in-ours') return [[key.replace(/^N/, ''), 'new']]
              const causes = Object.entries(difference!.causes)
              expect(causes.reduce((all, [, fen]) => all + fen, 0)).toBe(difference!.change)
              // A hundredth of a percent of a small weight may not move the standard by a fen.
              if (causes.length === 0) return [[key, difference!.fields[0]!]]
              expect(causes).toHaveLength(1)
              return [[key, causes[0]![0]]]
            }),
          )
          expect(found).toEqual(wanted)
          expect(result.counts.equal).toBe(
            official.length - [...wanted.values()].filter(kind => kind !== 'gone').length,
          )
        },
      ),
      { numRuns: 8 },
    )
  })

  test.each(['gb18030.csv', 'utf8.csv', 'book.xlsx'])(
    'finds all of them under other headers, in another order of columns, rounded otherwise: %s',
    async form => {
      const kinds = ['group', 'weight', 'coefficient', 'price', 'cost', 'class', 'gone', 'new', 'twice'] as const
      let times = 0
      await fc.assert(
        fc.asyncProperty(
          fc.array(row, { minLength: 200, maxLength: 260 }),
          fc.infiniteStream(fc.nat()),
          fc.infiniteStream(fc.constantFrom(...kinds)),
          fc.shuffledSubarray([...HEADERS.keys()], { minLength: HEADERS.length }),
          async (drawn, picks, streamed, order) => {
            // Our coefficients have eight decimals; the bureau prints four, and its amounts may be a fen off.
            const ours = drawn.map((one, n): Row => {
              const exact = { ...one, id: `00${n}`, coefficient: `${one.coefficient}004321` }
              return { ...exact, standard: standardOf(exact) }
            })
            const wanted = new Map<string, (typeof kinds)[number]>()
            while (wanted.size < Math.ceil(ours.length / 20))
              wanted.set(ours[picks.next().value % ours.length]!.id, streamed.next().value)
            const official = ours.flatMap((one, n): Official[] => {
              const printed = { ...one, class: '正常倍率', standard: one.standard + (n % 3) - 1 }
              const kind = wanted.get(one.id)
              switch (kind) {
                case undefined:
                  return [printed]
                case 'twice':
                  return [printed, printed]
                case 'new':
                  return [printed, { ...printed, id: `N${one.id}` }]
                case 'class':
                  return [{ ...printed, class: '低倍率', standard: one.standard - 1000 }]
                case 'weight': {
                  const other = { ...one, weight: new Decimal(one.weight).plus('0.01').toFixed(4) }
                  return [{ ...other, class: '正常倍率', standard: standardOf(other) }]
                }
                default: {
                  const other = planted(one, kind)
                  return other === null ? [] : [{ ...other, class: '正常倍率' }]
                }
              }
            })
            const file = `${folder}/${times++}-${form}`
            const table = [HEADERS, ...official.map(cellsOf)].map(cells => order.map(at => cells[at]!))
            if (form.endsWith('.xlsx')) await writeWorkbook(file, [{ name: '结算', rows: table }])
            else {
              const text = csvText(table[0]!.map(String), table.slice(1))
              writeFileSync(file, form === 'utf8.csv' ? text : iconv.encode(text, 'gb18030'))
            }
            const mine = put(folder, `mine-${times}-${form}.csv`, ourText(ours))
            const result = reconcile(await readStatement(file), await readStatement(mine), 1)
            const found = new Map(
              result.matches.flatMap(({ key, state, difference, repeated }): [string, string][] => {
                if (repeated[0] > 0) return [[key, 'twice']]
                if (state === 'equal') return []
                if (state === 'missing-in-official') return [[key, 'gone']]
                if (state === 'missing-in-ours') return [[key.replace(/^N/, ''), 'new']]
                const causes = Object.keys(difference!.causes)
                return [[key, causes.length === 0 ? difference!.fields[0]! : causes.join(' ')]]
              }),
            )
            expect(found).toEqual(wanted)
          },
        ),
        { numRuns: 4 },
      )
    },
  )

  test('tells class, cost and patient apart, and adds up the causes of a differing outlier', async () => {
    const head = '病案号,倍率区间,权重,机构系数,点值,结算点数,总费用,应付,个人支付\n'
    const ours = put(
      folder,
      'o.csv',
      `${head}1,高倍率,2,1,60,100,9000,6000.00,10\n2,正常,2,1,60,200,9000,12000.00,10\n`,
    )
    const official = put(
      folder,
      'f.csv',
      `${head}1,高倍率,2,1,66,100,9000,6600.00,10\n2,低倍率,2,1,60,150,9000,9000.00,10\n`,
    )
    const { matches } = reconcile(await readStatement(official), await readStatement(ours), 1)
    expect(matches.map(({ difference }) => difference!.causes)).toEqual([{ price: 60_000 }, { class: -300_000 }])
  })

  test('nets refunds, takes the last of repeated rows, and matches ids that lost their zeros', async () => {
    const official = put(
      folder,
      'r.csv',
      'settle_id,medical_no,refund_flag,total_cost,drg_code\n1,0001,,10,A\n1,0001,1,-10,A\n2,0002,,20,A\n2,0002,,21,A\n3,3,,30,A\n',
    )
    const ours = put(folder, 's.csv', 'id,cost,group\n0001,10,A\n0002,21,A\n0003,30,A\n')
    const { key, matches, counts } = reconcile(await readStatement(official), await readStatement(ours), 0)
    expect(key).toBe('caseId')
    expect(counts).toMatchObject({ equal: 2, refunded: 1, differing: 0, 'missing-in-official': 0 })
    expect(matches.find(one => one.key === '0002')!.repeated).toEqual([1, 0])
  })

  test('reads GB18030, amounts with marks, and tells rows that cannot be compared', async () => {
    const gb = Buffer.concat([Buffer.from([0xb2, 0xa1, 0xb0, 0xb8, 0xba, 0xc5]), Buffer.from(',total_cost\n1,"1,234.50"\n1.23E+17,5\n2,x\n')])
    const statement = await readStatement(put(folder, 'gb.csv', gb))
    expect(statement.rows.map(one => one.money.cost)).toEqual([123_450])
    expect(statement.rejects.map(({ line, field }) => [line, field])).toEqual([[3, 'caseId'], [4, 'cost']])
    await expect(readStatement(put(folder, 'none.csv', 'a,b\n1,2\n'))).rejects.toThrow('REC-001')
    await expect(readStatement(put(folder, 'only.csv', 'id,b\n1,2\n'))).rejects.toThrow('REC-002')
  }) // biome-ignore format: tables
})
