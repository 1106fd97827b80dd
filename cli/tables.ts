import type { TableColumn } from '../formats/index.ts'
import type { Lang, Text } from '../messages/index.ts'
import { Decimal } from '../numbers/index.ts'
import {
  countText,
  decimalText,
  type Grid,
  moneyText,
  numberColumn,
  percentOf,
  percentText,
  pointsText,
  textColumn,
  yuanText,
} from '../report/index.ts'
import {
  type CLEARING_SUMS,
  type Clearing,
  type Comparison,
  clearingByHospital,
  fundPaid,
  type GroupRow,
  type HospitalRow,
  inUnit,
  type Policy,
  type PoolName,
  type Settlement,
  textInUnit,
} from '../simulate/index.ts'
import { INSURANCES } from '../weights/index.ts'

/** Tables of a settled region as people read them. The CSV tables in `ledgers.ts` have every digit. */

/** The name of a pool that hospitals race for: its insurances, and the part of a budget where it is one. */
export function raceName({ insurances, part }: PoolName, lang: Lang): string {
  return [insuranceNames(insurances, lang), ...(part === null ? [] : [part.title[lang]])].join(' · ')
}

/** Name of an insurance scheme, its code where it has none. */
export function insuranceName(code: string, lang: Lang): string {
  return INSURANCES.find(one => one.code === code)?.[lang] ?? code
}

export function insuranceNames(codes: readonly string[], lang: Lang): string {
  return codes.map(code => insuranceName(code, lang)).join(lang === 'zh' ? '、' : ', ')
}

/** A table with its titles in the words of the policy: 点数, or 分值 of DIP. */
export function gridInUnit({ document }: Policy, { columns, rows }: Grid): Grid {
  return { columns: columns.map(column => ({ ...column, title: inUnit(document, column.title) })), rows }
}

/** The same of a table of a workbook. */
export function columnsInUnit({ document }: Policy, columns: readonly TableColumn[]): TableColumn[] {
  return columns.map(column => ({ ...column, title: textInUnit(document, column.title) }))
}

/** A point value with four decimals. */
export function valueText(value: Decimal | null): string {
  return value === null ? '–' : decimalText(value.toFixed(), 4)
}

export function poolsGrid({ pools }: Settlement, lang: Lang): Grid {
  const zh = lang === 'zh'
  // Columns of rules that few policies have stand only where they say something.
  const isElastic = pools.some(pool => pool.elastic !== null)
  const isHeld = pools.some(pool => pool.held !== 0)
  return {
    columns: [
      textColumn(zh ? '险种' : 'Insurance'),
      numberColumn(zh ? '基金预算' : 'Budget'),
      numberColumn(zh ? '患者支付' : 'Patients pay'),
      numberColumn(zh ? '按金额支付' : 'Paid in money'),
      numberColumn(zh ? '点数' : 'Points'),
      numberColumn(zh ? '点值（元/点）' : 'Point value (yuan)'),
      ...(isElastic
        ? [
            numberColumn(zh ? '基准点数的点值' : 'Of base points'),
            numberColumn(zh ? '增量点数的点值' : 'Of extra points'),
          ]
        : []),
      ...(isHeld ? [numberColumn(zh ? '点值规则留存（−为补足）' : 'Held by rules on the value')] : []),
      numberColumn(zh ? '未分配' : 'Residual'),
    ],
    rows: pools.map(pool => [
      insuranceNames(pool.insurances, lang),
      moneyText(pool.budget, lang),
      moneyText(pool.patient, lang),
      moneyText(pool.paid, lang),
      pointsText(pool.points, 0),
      valueText(pool.pointValue),
      ...(isElastic ? [valueText(pool.elastic?.fixedValue ?? null), valueText(pool.elastic?.extraValue ?? null)] : []),
      ...(isHeld ? [yuanText(pool.held)] : []),
      yuanText(pool.residual),
    ]),
  }
}

/** Hospitals by surplus, largest first. */
export function hospitalsGrid(rows: readonly HospitalRow[], lang: Lang): Grid {
  const zh = lang === 'zh'
  return {
    columns: [
      textColumn(zh ? '编码' : 'Code'),
      textColumn(zh ? '医疗机构' : 'Hospital'),
      textColumn(zh ? '级别' : 'Level'),
      numberColumn(zh ? '病例数' : 'Cases'),
      numberColumn(zh ? '总费用' : 'Cost'),
      numberColumn(zh ? '点数' : 'Points'),
      numberColumn(zh ? '应付总额' : 'Gross'),
      numberColumn(zh ? '基金应付' : 'Fund due'),
      numberColumn(zh ? '盈亏' : 'Surplus'),
      numberColumn(zh ? '盈亏率' : 'Surplus share'),
      numberColumn(zh ? '低倍率' : 'Low'),
      numberColumn(zh ? '高倍率' : 'High'),
    ],
    rows: rows
      .toSorted((a, b) => b.surplus - a.surplus)
      .map(row => [
        row.hospital.code,
        row.hospital.name,
        row.hospital.level,
        countText(row.cases),
        moneyText(row.cost, lang),
        pointsText(row.points, 0),
        moneyText(row.gross, lang),
        moneyText(row.due, lang),
        moneyText(row.surplus, lang),
        percentOf(row.surplus, row.cost),
        countText(row.classes.low + row.classes.ultraLow),
        countText(row.classes.high + row.classes.ultraHigh),
      ]),
  }
}

/** Groups by surplus; `nameOf` gives their names. */
export function groupsGrid(rows: readonly GroupRow[], nameOf: (group: string) => string, lang: Lang): Grid {
  const zh = lang === 'zh'
  return {
    columns: [
      textColumn(zh ? '病组' : 'Group'),
      textColumn(zh ? '名称' : 'Name'),
      numberColumn(zh ? '病例数' : 'Cases'),
      numberColumn(zh ? '次均费用（元）' : 'Mean cost (yuan)'),
      numberColumn(zh ? '次均应付（元）' : 'Mean pay (yuan)'),
      numberColumn(zh ? '盈亏' : 'Surplus'),
    ],
    rows: rows
      .toSorted((a, b) => b.surplus - a.surplus)
      .map(row => [
        row.group,
        nameOf(row.group),
        countText(row.cases),
        mean(row.cost, row.cases - row.outside),
        mean(row.gross, row.cases - row.outside),
        moneyText(row.surplus, lang),
      ]),
  }
}

/** Mean of a sum of fen in yuan, two decimals, over the cases that it covers: those in the pool. */
function mean(fen: number, cases: number): string {
  return cases === 0 ? '–' : decimalText(new Decimal(fen).div(cases).div(100).toFixed(), 2)
}

/** The clearing of each hospital, insurances together, in yuan. */
export function clearingGrid(rows: readonly Clearing[], names: ReadonlyMap<string, string>, lang: Lang): Grid {
  const zh = lang === 'zh'
  const list = clearingByHospital(rows)
  const columns = CLEARING_COLUMNS.filter(({ always, key }) => always === true || list.some(row => row[key] !== 0))
  return {
    columns: [
      textColumn(zh ? '编码' : 'Code'),
      textColumn(zh ? '医疗机构' : 'Hospital'),
      ...columns.map(column => numberColumn(column[lang])),
    ],
    rows: list.map(row => [
      row.hospital,
      names.get(row.hospital) ?? '',
      ...columns.map(({ key }) => yuanText(row[key])),
    ]),
  }
}

/** Columns of the clearing; those that are zero for everybody are left out, but for some. */
export const CLEARING_COLUMNS: readonly (Text & {
  readonly key: (typeof CLEARING_SUMS)[number]
  readonly always?: boolean
})[] = [
  { key: 'due', zh: '病种应付', en: 'Fund due', always: true },
  { key: 'appraisal', zh: '考核', en: 'Appraisal' },
  { key: 'control', zh: '机构总额控制', en: 'Control total' },
  { key: 'deductions', zh: '审核扣减', en: 'Deductions' },
  { key: 'sharing', zh: '结余留用与超支分担', en: 'Sharing' },
  { key: 'payable', zh: '清算应付', en: 'Payable', always: true },
  { key: 'prepaid', zh: '月度预拨合计', en: 'Paid monthly', always: true },
  { key: 'advance', zh: '预付金', en: 'Advance', always: true },
  { key: 'workingCapital', zh: '周转金', en: 'Working capital' },
  { key: 'lostDeposit', zh: '质量保证金扣除', en: 'Deposit kept', always: true },
  { key: 'carriedIn', zh: '上年结转', en: 'Carried in' },
  { key: 'carriedOut', zh: '结转下年', en: 'Carried over' },
  { key: 'advanceAfter', zh: '年末预付金余额', en: 'Advance held' },
  { key: 'workingCapitalAfter', zh: '年末周转金余额', en: 'Working capital held' },
  { key: 'final', zh: '清算支付', en: 'At clearing', always: true },
]

/**
 * One row a scenario: point value by insurance, winners and losers, check of the sum. Insurances that share a pool in the
 * baseline and in every scenario share a column.
 */
export function scenariosGrid({ baseline, scenarios }: Comparison, lang: Lang): Grid {
  const zh = lang === 'zh'
  const settlements = [baseline, ...scenarios.map(one => one.settlement)]
  const columns = sharedPools(settlements)
  const poolOf = ({ pools }: Settlement, insurance: string): Settlement['pools'][number] | undefined =>
    pools.find(pool => pool.insurances.includes(insurance))
  const cells = (settlement: Settlement): string[] =>
    columns.flatMap(([insurance = '']) => {
      const [was, is] = [baseline, settlement].map(one => poolOf(one, insurance)?.pointValue ?? null) as [
        Decimal | null,
        Decimal | null,
      ]
      const isKnown = settlement !== baseline && was !== null && is !== null && !was.isZero()
      return [valueText(is), isKnown ? percentText(is.minus(was).div(was).toFixed()) : '–']
    })
  return {
    columns: [
      textColumn(zh ? '情景' : 'Scenario'),
      ...columns.flatMap(insurances => [
        numberColumn(`${zh ? '点值 ' : 'Point value, '}${insuranceNames(insurances, lang)}`),
        numberColumn(zh ? '变化' : 'Change'),
      ]),
      numberColumn(zh ? '基金支出' : 'Fund paid'),
      numberColumn(zh ? '受益' : 'Winners'),
      numberColumn(zh ? '受损' : 'Losers'),
      numberColumn(zh ? '校验（分）' : 'Check (fen)'),
    ],
    rows: [
      [zh ? '基线' : 'Baseline', ...cells(baseline), moneyText(fundPaid(baseline), lang), '–', '–', '0'],
      ...scenarios.map(one => [
        one.title[lang],
        ...cells(one.settlement),
        moneyText(fundPaid(one.settlement), lang),
        countText(one.winners),
        countText(one.losers),
        String(one.check),
      ]),
    ],
  }
}

/** The insurances of some settlements in sets that no settlement splits. */
function sharedPools(settlements: readonly Settlement[]): readonly (readonly string[])[] {
  const insurances = [...new Set(settlements.flatMap(({ pools }) => pools.flatMap(pool => pool.insurances)))].sort()
  const together = (code: string): string =>
    settlements.map(({ pools }) => pools.findIndex(pool => pool.insurances.includes(code))).join(' ')
  return [...Map.groupBy(insurances, together).values()]
}

/** One row a hospital: fund due in the baseline and its change in each scenario. */
export function changesGrid({ scenarios }: Comparison, lang: Lang): Grid {
  const zh = lang === 'zh'
  const [first] = scenarios
  return {
    columns: [
      textColumn(zh ? '编码' : 'Code'),
      textColumn(zh ? '医疗机构' : 'Hospital'),
      numberColumn(zh ? '基线基金应付' : 'Baseline fund due'),
      ...scenarios.flatMap(one => [numberColumn(one.title[lang]), numberColumn('%')]),
    ],
    rows: (first?.hospitals ?? []).map(({ hospital, due }, h) => [
      hospital.code,
      hospital.name,
      moneyText(due[0], lang),
      ...scenarios.flatMap(({ hospitals }) => {
        const { change, share } = hospitals[h]!
        return [moneyText(change, lang), share === null ? '–' : percentText(share.toFixed())]
      }),
    ]),
  }
}
