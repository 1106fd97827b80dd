import { readTable, type Table } from '../files/index.ts'
import { Fault } from '../messages/index.ts'
import { Decimal, parseDecimal } from '../numbers/index.ts'
import { NO_WEIGHT, plain } from './heading.ts'
import type { CoefficientKind, CoefficientTable, WeightTable } from './table.ts'

/** Headings under which published tables give each column; compared without blanks and case. */
const GROUP = ['group', 'drg', 'drg编码', 'drg组编码', '分组编码', '病组编码', 'dip', 'dip编码', '病种编码']
const WEIGHT = ['weight', 'rw', '权重', '初始权重', '标准权重']
/** Where a table holds scores (分值), RW is one too. */
const SCORE = ['score', '分值', '病种分值', '标准分值', '基准分值', 'rw', 'rw分值']
const STABLE = ['stable', '稳定组', '稳定']
const UNSTABLE = ['unstable', '不稳定病组', '非稳定病组']
const KIND = ['病组类型']
const LOW = ['low', '下限', '权重下限', '区间下限']
const HIGH = ['high', '上限', '权重上限', '区间上限']
const LEVEL = ['level', '医院级别', '级别', '医疗机构级别']
const HOSPITAL = ['hospital', '医院编码', '定点医药机构编号']
const COEFFICIENT = ['coefficient', '系数', '等级系数', '医院系数', '级别系数']

const NO = new Set(['否', 'false', 'no', '0'])

const ONE = new Decimal(1)

/**
 * Reads a weight table: a column for the group and one for the weight (RW, 权重 …), and, where it has one, for
 * stability. Blank, 0, 无 and 按项目据实支付 mean no weight. A 1 is kept as it stands: whether it is a placeholder
 * only the stability column can say.
 *
 * @param meanCost regional mean cost of a case (次均费用) in fen; tables do not carry it
 * @param scoresOver where a column of scores (score, 分值 …) is looked for first: how many points a weight of 1 is
 */
export function readWeightTable(file: string, meanCost: Decimal, scoresOver?: Decimal): WeightTable {
  const table = readTable(file)
  const groupColumn = column(table, GROUP, '病组编码', 'group')
  const scoreColumn = scoresOver === undefined ? undefined : find(table, SCORE)
  const weightColumn =
    scoreColumn ??
    (scoresOver === undefined
      ? column(table, WEIGHT, '权重', 'weight')
      : column(table, [...SCORE, ...WEIGHT], '分值或权重', 'score or weight'))
  const isStable = stability(table)
  const groups: string[] = []
  const weight: (Decimal | null)[] = []
  const stable: boolean[] = []
  const lines = new Map<string, number>()
  for (const { line, cells } of table.rows) {
    const written = cells[groupColumn]!.trim()
    // A spreadsheet takes the leading zeros of 0000 away.
    const group = written === '0' ? '0000' : written
    if (group === '') throw emptyCell(file, line, table.header[groupColumn]!)
    const earlier = lines.get(group)
    if (earlier !== undefined) throw duplicate(file, line, table.header[groupColumn]!, `${group}`, earlier)
    lines.set(group, line)
    groups.push(group)
    const value = weightOf(cells[weightColumn]!, { file, line, field: table.header[weightColumn]! })
    weight.push(value !== null && scoreColumn !== undefined && scoresOver !== undefined ? value.div(scoresOver) : value)
    stable.push(weight.at(-1) !== null && isStable(cells))
  }
  const rounded = meanCost.toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toNumber()
  return { groups, weight, stable, meanCost: rounded, meanCostExact: meanCost }
}

/** The same weights in the order of `groups`; a group that the table does not list has no weight and is not stable. */
export function alignWeights(table: WeightTable, groups: readonly string[]): WeightTable {
  const position = new Map(table.groups.map((group, i) => [group, i]))
  const rows = groups.map(group => position.get(group))
  return {
    groups,
    weight: rows.map(row => (row === undefined ? null : table.weight[row]!)),
    stable: rows.map(row => row !== undefined && table.stable[row]!),
    meanCost: table.meanCost,
    meanCostExact: table.meanCostExact,
  }
}

/**
 * The intervals of a weight table's columns `low` and `high` (下限, 上限) as half widths over the weight, in the order of
 * `groups`: null for a group without one, null altogether where the table has no such columns.
 */
export function readWeightRanges(file: string, groups: readonly string[]): readonly (number | null)[] | null {
  const table = readTable(file)
  const [lowColumn, highColumn] = [find(table, LOW), find(table, HIGH)]
  if (lowColumn === undefined || highColumn === undefined) return null
  const { groups: listed, weight } = readWeightTable(file, new Decimal(0))
  const known = new Map<string, number | null>()
  for (const [i, { line, cells }] of table.rows.entries()) {
    const bound = (at: number): Decimal | null => weightOf(cells[at]!, { file, line, field: table.header[at]! })
    const [low, high, w] = [bound(lowColumn), bound(highColumn), weight[i]!]
    if (low !== null && high !== null && low.gt(high))
      throw notDecimal(cells[highColumn]!, { file, line, field: table.header[highColumn]! })
    const isKnown = low !== null && high !== null && w !== null
    known.set(listed[i]!, isKnown ? high.minus(low).div(2).div(w).toNumber() : null)
  }
  return groups.map(group => known.get(group) ?? null)
}

/** Coefficients as a file gives them: by names of groups, not positions. */
export interface NamedCoefficients {
  readonly kind: CoefficientKind
  /** Key: group, level and hospital joined by a blank, '' where the file has no such column. */
  readonly values: ReadonlyMap<string, Decimal>
  /** The levels that it lists. */
  readonly levels: ReadonlySet<string>
}

/**
 * Reads coefficients, one a row: a column for the coefficient (系数) and columns for level, group and level, hospital, or
 * group and hospital. Which ones there are decides the kind.
 */
export function readCoefficientTable(file: string): NamedCoefficients {
  const table = readTable(file)
  const valueColumn = column(table, COEFFICIENT, '系数', 'coefficient')
  const groupColumn = find(table, GROUP)
  const hospitalColumn = find(table, HOSPITAL)
  const kind: CoefficientKind =
    hospitalColumn !== undefined
      ? groupColumn === undefined
        ? 'hospital'
        : 'groupHospital'
      : groupColumn === undefined
        ? 'level'
        : 'groupLevel'
  const byHospital = hospitalColumn !== undefined
  const placeColumn = hospitalColumn ?? column(table, LEVEL, '医院级别', 'level')
  const keyColumns = groupColumn === undefined ? [placeColumn] : [groupColumn, placeColumn]
  const values = new Map<string, Decimal>()
  const levels = new Set<string>()
  const lines = new Map<string, number>()
  for (const { line, cells } of table.rows) {
    for (const at of keyColumns) if (cells[at]!.trim() === '') throw emptyCell(file, line, table.header[at]!)
    const group = groupColumn === undefined ? '' : cells[groupColumn]!.trim()
    const place = cells[placeColumn]!.trim()
    const key = byHospital ? keyOf(group, '', place) : keyOf(group, place, '')
    const earlier = lines.get(key)
    if (earlier !== undefined)
      throw duplicate(file, line, table.header[keyColumns[0]!]!, `${group} ${place}`.trim(), earlier)
    lines.set(key, line)
    const value = parseDecimal(cells[valueColumn]!.trim())
    if (value === undefined || !value.gt(0))
      throw notDecimal(cells[valueColumn]!, { file, line, field: table.header[valueColumn]! })
    values.set(key, value)
    if (!byHospital) levels.add(place)
  }
  return { kind, values, levels }
}

/** The same coefficients by position of the group; 1 where the file gives none. */
export function alignCoefficients({ kind, values }: NamedCoefficients, groups: readonly string[]): CoefficientTable {
  switch (kind) {
    case 'none':
      return { kind, of: () => ONE }
    case 'level':
      return { kind, of: (_group, level) => values.get(keyOf('', level, '')) ?? ONE }
    case 'groupLevel':
      return { kind, of: (group, level) => values.get(keyOf(groups[group]!, level, '')) ?? ONE }
    case 'hospital':
      return { kind, of: (_group, _level, hospital) => values.get(keyOf('', '', hospital)) ?? ONE }
    case 'groupHospital':
      return { kind, of: (group, _level, hospital) => values.get(keyOf(groups[group]!, '', hospital)) ?? ONE }
  }
}

function keyOf(group: string, level: string, hospital: string): string {
  return `${group} ${level} ${hospital}`
}

function weightOf(cell: string, at: { file: string; line: number; field: string }): Decimal | null {
  const text = cell.trim()
  if (NO_WEIGHT.has(text)) return null
  const value = parseDecimal(text)
  if (value === undefined || value.lt(0)) throw notDecimal(cell, at)
  return value.isZero() ? null : value
}

/** Whether a row's group is stable, by whichever column the table has; a table without one calls all stable. */
function stability(table: Table): (cells: readonly string[]) => boolean {
  const yes = table.header.findIndex(name => STABLE.some(alias => plain(name).replace(/[（(].*$/, '') === alias))
  const no = find(table, UNSTABLE)
  const kind = find(table, KIND)
  return cells => {
    if (yes >= 0 && NO.has(cells[yes]!.trim().toLowerCase())) return false
    if (no !== undefined) {
      const mark = cells[no]!.trim().toLowerCase()
      if (mark !== '' && !NO.has(mark)) return false
    }
    return kind === undefined || !/^[不非]稳定/.test(cells[kind]!.trim())
  }
}

/** Position of the column with one of these headings; a fault when two columns have one. */
function find(table: Table, aliases: readonly string[]): number | undefined {
  const found = [...table.header.keys()].filter(i => aliases.includes(plain(table.header[i]!)))
  if (found.length > 1) {
    throw new Fault({
      code: 'WGT-003',
      at: { file: table.file, line: 1, column: found[1]! + 1, field: table.header[found[1]!]! },
      what: {
        zh: `列 ${table.header[found[0]!]} 和 ${table.header[found[1]!]} 含义相同。`,
        en: `Columns ${table.header[found[0]!]} and ${table.header[found[1]!]} mean the same.`,
      },
      fix: { zh: '请只保留一列。', en: 'Keep one of them.' },
    })
  }
  return found[0]
}

function column(table: Table, aliases: readonly string[], zh: string, en: string): number {
  const found = find(table, aliases)
  if (found !== undefined) return found
  throw new Fault({
    code: 'WGT-002',
    at: { file: table.file, line: 1 },
    what: { zh: `没有${zh}列。`, en: `There is no column for the ${en}.` },
    fix: { zh: `请用以下表头之一：${aliases.join('、')}。`, en: `Use one of these headings: ${aliases.join(', ')}.` },
  })
}

function emptyCell(file: string, line: number, field: string): Fault {
  return new Fault({
    code: 'WGT-004',
    at: { file, line, field },
    what: { zh: '单元格是空的。', en: 'The cell is empty.' },
    fix: { zh: '请填写，或删除该行。', en: 'Fill it in, or remove the row.' },
  })
}

function duplicate(file: string, line: number, field: string, key: string, earlier: number): Fault {
  return new Fault({
    code: 'WGT-005',
    at: { file, line, field },
    what: { zh: `${key} 在第 ${earlier} 行已出现。`, en: `${key} stands on line ${earlier} already.` },
    fix: { zh: '请只保留一行。', en: 'Keep one of the rows.' },
  })
}

function notDecimal(cell: string, at: { file: string; line: number; field: string }): Fault {
  return new Fault({
    code: 'WGT-006',
    at,
    what: { zh: `“${cell.trim()}”不是可用的数值。`, en: `"${cell.trim()}" is not a usable number.` },
    fix: {
      zh: '请写成 1.2345 这样的十进制数，没有则留空。',
      en: 'Write a decimal such as 1.2345; leave a missing weight blank.',
    },
  })
}

/** Columns of a table that say where its rows come from. */
const REMARKS = [
  'source',
  '来源',
  'edition',
  '版本',
  'year',
  '年度',
  '年份',
  'document',
  '文件',
  '文号',
  'basis',
  '依据',
  'remark',
  '备注',
]

/** The row of a table of weights or coefficients that a value was read from, with what its columns say of its origin. */
export interface TableRowPlace {
  readonly line: number
  /** Header and cell of the columns on source and edition that are not empty. */
  readonly remarks: readonly (readonly [string, string])[]
}

/** Finds the row of a group, level or hospital in a table of weights or coefficients, by the columns that it has. */
export function findTableRow(
  file: string,
  keys: { readonly group: string; readonly level?: string; readonly hospital?: string },
): TableRowPlace | undefined {
  const table = readTable(file)
  const wanted = (
    [
      [find(table, GROUP), keys.group],
      [find(table, LEVEL), keys.level],
      [find(table, HOSPITAL), keys.hospital],
    ] as const
  ).filter(([at, key]) => at !== undefined && key !== undefined)
  if (wanted.length === 0) return undefined
  const row = table.rows.find(({ cells }) =>
    wanted.every(([at, key]) => cells[at!]!.trim() === key || (key === '0000' && cells[at!]!.trim() === '0')),
  )
  if (row === undefined) return undefined
  const remarks = table.header.flatMap((header, i) => {
    const cell = row.cells[i]!.trim()
    return cell !== '' && REMARKS.includes(plain(header)) ? [[header, cell] as const] : []
  })
  return { line: row.line, remarks }
}
