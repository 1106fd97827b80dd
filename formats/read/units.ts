import type { Text } from '../../messages/index.ts'
import { parseAge } from './age.ts'
import { addCodes, cleanText, plainNumber } from './clean.ts'
import type { Layout, Values } from './layout.ts'
import type { Mapping } from './mapping.ts'
import type { PlannedColumn } from './plan.ts'
import type { TableSample } from './sample.ts'

/** Cells of the first rows by field, empty ones left out. */
export type SampleCells = ReadonlyMap<string, readonly string[]>

export function cellsOf(sample: TableSample, headerLine: number, columns: readonly PlannedColumn[]): SampleCells {
  const cells = new Map<string, string[]>()
  for (const { field, index } of columns) {
    const found = sample.rows
      .filter(row => row.line > headerLine)
      .map(row => cleanText(row.cells[index] ?? ''))
      .filter(cell => cell !== '')
    cells.set(field, [...(cells.get(field) ?? []), ...found])
  }
  return cells
}

/** What units and codes the first rows show, and the values that the layout maps. */
export function unitEvidence(
  cells: SampleCells,
  { layout, infantAgeUnit, values }: Pick<Layout, 'infantAgeUnit' | 'values'> & { readonly layout: string },
  mapping: Mapping,
): { readonly said: Text[]; readonly values: Values } {
  const said: Text[] = []
  const of = (field: string): readonly string[] => cells.get(field) ?? []
  const hasDates = of('birthDate').length > 0 && of('admitTime').length > 0
  const ages = of('age')
  if (ages.length > 0) {
    const worded = ages.filter(age => !/^\d+(\.\d+)?$/.test(age)).length
    const read = ages.filter(age => parseAge(age) !== undefined).length
    said.push({
      zh: `年龄：样本 ${ages.length} 个值，${worded} 个带单位，${read} 个可读${hasDates ? '；有出生和入院日期，以日期计算' : '，数字按岁'}`,
      en: `age: ${ages.length} values in the sample, ${worded} with a unit, ${read} readable; ${hasDates ? 'dates of birth and admission are there and count' : 'numbers are years'}`,
    })
  }
  if (of('infantAge').length > 0 && !hasDates) {
    const unit = mapping.infantAgeUnit ?? infantAgeUnit
    said.push({ zh: `不足一周岁年龄：单位 ${unit}`, en: `age under one year: unit ${unit}` })
  }
  const weights = [...of('weight'), ...of('admitWeight')].map(text => Number(plainNumber(text))).filter(n => n > 0)
  if (weights.length > 0) {
    const small = weights.filter(weight => weight < 20).length
    said.push({
      zh: `新生儿体重：样本 ${weights.length} 个值，${small} 个小于 20（按千克），其余按克`,
      en: `newborn weight: ${weights.length} values in the sample, ${small} below 20 (kilograms), the others grams`,
    })
  }
  const codes: string[] = []
  for (const cell of [...of('dx'), ...of('otherDx')]) addCodes(codes, cell, true)
  if (codes.length > 0) {
    const extended = codes.filter(code => /x\d|\.\d{3}/i.test(code)).length
    said.push({
      zh: `诊断编码：样本 ${codes.length} 个，${extended} 个为六位或扩展码（如 K35.800x001）；版本用 --code-system auto 判断`,
      en: `diagnosis codes: ${codes.length} in the sample, ${extended} with six characters or an extension (such as K35.800x001); --code-system auto tells the edition`,
    })
  }
  const ownWays = values.dischargeWay !== undefined && layout === 'inspection'
  if (!ownWays || of('dischargeWay').length === 0) return { said, values }
  const frontPage = of('dischargeWay').includes('5')
  said.push(
    frontPage
      ? {
          zh: '离院方式：出现 5，按病案首页编码（4 非医嘱离院，5 死亡）',
          en: 'discharge way: 5 occurs, so the codes are those of the front page (4 against advice, 5 died)',
        }
      : {
          zh: '离院方式：没有出现 5，按检查模板编码（3 非医嘱离院，4 死亡）；如不是，请用 --map 指明 values.dischargeWay',
          en: 'discharge way: no 5 occurs, so the codes are those of the template (3 against advice, 4 died); if not, say so in values.dischargeWay of --map',
        },
  )
  if (!frontPage) return { said, values }
  const { dischargeWay: _, ...others } = values
  return { said, values: others }
}
