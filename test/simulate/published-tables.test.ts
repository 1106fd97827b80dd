import { describe, expect, test } from 'vitest'
import { readTable } from '../../files/index.ts'
import { Decimal, parseDecimal } from '../../numbers/index.ts'
import { payCase } from '../../simulate/settle/case-payment.ts'
import { hasReference, reference } from '../reference.ts'
import { caseOf, policyOf } from './examples.ts'

/** A column of published standards and the parameters that must explain every row of it. */
interface Column {
  readonly standard: string
  readonly rate: string
  readonly level: string
  /** Column of the coefficient; blank cells count as 1 (README of the tables). */
  readonly coefficient?: string
  readonly weight?: string
  /** Column that flags base groups, and the level whose rate they take. */
  readonly base?: { readonly column: string; readonly level: string }
  /** Largest difference, where a table prints rounded standards, or computed them with more digits than it prints. */
  readonly within?: string
  /** Priced rows that the table must have. */
  readonly rows: number
}

const TABLES: Readonly<Record<string, { readonly rates: Readonly<Record<string, string>>; readonly columns: readonly Column[] }>> = {
  'yancheng-2022': {
    rates: { level2: '7938.2370', level3: '7938.2370' },
    columns: [
      { standard: '二级医院支付标准', rate: 'level2', level: '2', coefficient: '二级医院系数', rows: 557 },
      { standard: '三级医院支付标准', rate: 'level3', level: '3', coefficient: '三级医院系数', rows: 580 },
    ],
  },
  'yancheng-2023': {
    rates: { level2: '8227.1784', level3: '8227.1784' },
    columns: [
      { standard: '二级医院支付标准', rate: 'level2', level: '2', coefficient: '二级医院系数', rows: 538 },
      { standard: '三级医院支付标准', rate: 'level3', level: '3', coefficient: '三级医院系数', rows: 538 },
    ],
  },
  'suzhou-2022': {
    rates: { level1: '9435.25', level2: '9435.25', level3: '9435.25' },
    columns: ['一', '二', '三'].map((name, i) => ({
      standard: `${name}级医院支付标准`, rate: `level${i + 1}`, level: String(i + 1), coefficient: `${name}级医院系数`, rows: 648,
    })),
  },
  'suzhou-2023': {
    rates: { level1: '8728.30', level2: '8728.30', level3: '8728.30' },
    columns: ['一', '二', '三'].map((name, i) => ({
      standard: `${name}级医院支付标准`, rate: `level${i + 1}`, level: String(i + 1), coefficient: `${name}级医院系数`, rows: 648,
    })),
  },
  'wuxi-2022': {
    rates: { level1: '7782', level2: '9947', level3: '13060' },
    columns: ['一', '二', '三'].map((name, i) => ({
      standard: `${name}级医院支付标准`, rate: `level${i + 1}`, level: String(i + 1), base: { column: '基础病组', level: '1' }, rows: 602,
    })),
  },
  'wuhan-2022': {
    rates: { 'level2.employee': '10618', 'level2.resident': '9800' },
    columns: [
      { standard: '二级医院支付标准（职工）', rate: 'level2.employee', level: '2', rows: 660 },
      { standard: '二级医院支付标准（居民）', rate: 'level2.resident', level: '2', rows: 660 },
    ],
  },
  'linyi-2022': {
    rates: { 'level3.employee': '9865', 'level3.resident': '9391', 'level2.employee': '9651', 'level2.resident': '8501' },
    columns: [
      { standard: '支付标准（三级职工）', rate: 'level3.employee', level: '3', rows: 610 },
      { standard: '支付标准（三级居民）', rate: 'level3.resident', level: '3', rows: 610 },
      { standard: '支付标准（二级职工）', rate: 'level2.employee', level: '2', rows: 610 },
      { standard: '支付标准（二级居民）', rate: 'level2.resident', level: '2', rows: 610 },
    ],
  },
  'tongchuan-2022': {
    rates: { employee: '7126.63', resident: '6956.38' },
    columns: [
      { standard: '支付标准（职工）', rate: 'employee', level: '2', rows: 596 },
      { standard: '支付标准（居民）', rate: 'resident', level: '2', rows: 596 },
    ],
  },
  'jilin-2022': {
    rates: { level3: '9080.56' },
    columns: [{ standard: '支付标准（三级）', rate: 'level3', level: '3', weight: '权重', rows: 625 }],
  },
  'lanzhou-2022': {
    rates: { level3: '11510.42' },
    columns: [{ standard: '支付标准', rate: 'level3', level: '3', within: '0.006', rows: 783 }],
  },
  'taizhou-jiangsu-2022': {
    rates: { level2: '9637' },
    columns: [{ standard: '二级医院支付标准', rate: 'level2', level: '2', coefficient: '二级医院系数', rows: 353 }],
  },
  'qingdao-2023': {
    rates: { level4: '13200', level3: '12000', level2: '9600', level1: '6960' },
    columns: [
      { standard: '支付标准（青医/市立/齐鲁/青医平度）', rate: 'level4', level: '4', rows: 682 },
      { standard: '支付标准（三级）', rate: 'level3', level: '3', rows: 682 },
      { standard: '支付标准（二级）', rate: 'level2', level: '2', rows: 682 },
      { standard: '支付标准（一级）', rate: 'level1', level: '1', rows: 682 },
    ].map(column => ({ ...column, within: '0.001' })),
  },
  'xian-2020': {
    rates: { level3: '11587.40' },
    columns: [{ standard: '支付标准', rate: 'level3', level: '3', rows: 597 }],
  },
} // biome-ignore format: a table

describe.skipIf(!hasReference())('published payment tables, every priced row', () => {
  test.each(Object.entries(TABLES))('%s', (name, { rates, columns }) => {
    const table = readTable(reference('settlement', 'payment-tables', `${name}.csv`))
    const at = (title: string): number => {
      const found = table.header.indexOf(title)
      expect(found, title).toBeGreaterThanOrEqual(0)
      return found
    }
    for (const column of columns) {
      const base = column.base
      const flagged =
        base === undefined
          ? []
          : table.rows.filter(({ cells }) => (cells[at(base.column)] ?? '') !== '').map(({ cells }) => cells[0] ?? '')
      const policy = policyOf({
        method: 'rate',
        rate: rates,
        ratioBase: 'rateRwK',
        ...(base === undefined ? {} : { base: { mode: 'rateOfLevel', value: base.level, list: flagged } }),
      })
      let rows = 0
      const wrong: string[] = []
      for (const { cells } of table.rows) {
        const printed = parseDecimal((cells[at(column.standard)] ?? '').trim())
        const weight = parseDecimal((cells[at(column.weight ?? 'RW')] ?? '').trim())
        if (printed === undefined || printed.isZero() || weight === undefined) continue
        rows++
        const factor =
          column.coefficient === undefined ? undefined : parseDecimal((cells[at(column.coefficient)] ?? '').trim())
        const one = caseOf({
          group: cells[0] ?? '',
          weight,
          coefficient: factor ?? new Decimal(1),
          level: column.level,
          insurance: column.rate.endsWith('resident') ? '390' : '310',
        })
        const { standard } = payCase(policy, one, { meanCost: null, pointValue: null })
        // Rounded to the printed digits the two must be equal, except for the last digit of an implied rate.
        const step = new Decimal(10).pow(-printed.decimalPlaces())
        const difference = (standard ?? new Decimal(0)).minus(printed).abs()
        if (difference.gt(column.within ?? Decimal.max(step, printed.times('5e-9'))))
          wrong.push(`${cells[0]} ${printed} ${standard}`)
      }
      expect(wrong, column.standard).toEqual([])
      expect(rows, column.standard).toBe(column.rows)
    }
  })

  test('jilin-2022: the printed cut-offs are the boundaries that classify cases', () => {
    const table = readTable(reference('settlement', 'payment-tables', 'jilin-2022.csv'))
    const [weight, low, high] = ['权重', '低倍临界值（三级）', '高倍临界值（三级）'].map(title =>
      table.header.indexOf(title),
    ) as [number, number, number]
    const policy = policyOf({
      method: 'rate', rate: '9080.56', ratioBase: 'rateRw',
      low: { threshold: '0.35', op: '<', formula: 'L1' }, high: { limit: '2', op: '>', formula: 'H0' },
    }) // biome-ignore format: a policy
    for (const { cells } of table.rows) {
      const { cutoffs } = payCase(policy, caseOf({ weight: new Decimal(cells[weight] ?? '') }), {
        meanCost: null,
        pointValue: null,
      })
      const printed = [cells[low], cells[high]].map(text => new Decimal(text ?? ''))
      for (const [i, { yuan }] of cutoffs.entries())
        expect(
          yuan
            .minus(printed[i] ?? 0)
            .abs()
            .lte(new Decimal(10).pow(-(printed[i]?.decimalPlaces() ?? 0))),
          cells[0],
        ).toBe(true)
    }
    expect(table.rows).toHaveLength(625)
  })
})
