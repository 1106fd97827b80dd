import { csvText, readTable } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import { Decimal, parseDecimal, type Decimal as Value } from '../../numbers/index.ts'
import { type AuxiliaryCoefficient, type AuxiliaryTable, auxiliaryKey } from './auxiliary.ts'

const HEADERS = {
  group: ['group', '病种编码', '病种'],
  type: ['type', '分型类别', '辅助分型'],
  class: ['class', '分型', '级别'],
  coefficient: ['coefficient', '系数', '调节系数'],
} as const

/** Derived coefficients as a table; means in yuan. */
export function auxiliaryCsv(coefficients: readonly AuxiliaryCoefficient[]): string {
  const rows = coefficients.map(one => [
    one.group,
    one.type,
    one.class,
    one.coefficient.toFixed(),
    one.cases,
    one.mean.div(100).toFixed(2),
  ])
  return csvText(['group', 'type', 'class', 'coefficient', 'cases', 'mean'], rows)
}

/** Reads a table of auxiliary coefficients: derived ones, or those that a city publishes for every group and step. */
export function readAuxiliaryTable(file: string): AuxiliaryTable {
  const table = readTable(file)
  const column = (name: keyof typeof HEADERS): number => {
    const names: readonly string[] = HEADERS[name]
    const at = table.header.findIndex(header => names.includes(header))
    if (at >= 0) return at
    throw new Fault({
      code: 'AUX-002',
      at: { file, line: 1, field: name },
      what: { zh: `缺少列 ${names.join('／')}。`, en: `No column ${names.join(' / ')}.` },
      fix: { zh: `表头为：${table.header.join('、')}。`, en: `The header has ${table.header.join(', ')}.` },
    })
  }
  const [group, type, one, coefficient] = [column('group'), column('type'), column('class'), column('coefficient')]
  const found = new Map<string, Value>()
  for (const { line, cells } of table.rows) {
    const key = auxiliaryKey(cells[group]!.trim(), cells[type]!.trim(), cells[one]!.trim())
    const value = parseDecimal(cells[coefficient]!.trim())
    const twice = found.has(key)
    if (value === undefined || value.lte(new Decimal(0)) || twice) {
      const given = cells[coefficient]!
      throw new Fault({
        code: 'AUX-007',
        at: { file, line, field: 'coefficient' },
        what: twice
          ? { zh: '同一病种和分型出现两次。', en: 'The group and class stand twice.' }
          : { zh: `“${given}”不是大于零的系数。`, en: `"${given}" is no coefficient above zero.` },
        fix: { zh: '请改正该行。', en: 'Correct the row.' },
      })
    }
    found.set(key, value)
  }
  return found
}
