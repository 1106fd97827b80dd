import { type CaseField, type Column, FEE_BUCKETS } from '../../grouper/index.ts'
import { PARTED, type SourceField } from './field.ts'
import { messageLayouts } from './layout.ts'
import type { PlannedColumn, ReadingRules } from './plan.ts'

/** From which fields of a file each column of the simple table can be made; any of the lists is enough. */
const MADE_FROM: readonly (readonly [CaseField, readonly (readonly SourceField[])[]])[] = [
  ['id', [['id']]],
  ['key', [['settleId'], ['admission']]],
  ['sex', [['sex']]],
  ['age', [['age'], ['infantAge'], ['birthDate', 'admitTime']]],
  ['ageDays', [['infantAge'], ['birthDate', 'admitTime'], ['age']]],
  ['weight', [['weight'], ['admitWeight']]],
  ['los', [['los'], ['admitTime', 'dischargeTime']]],
  ['dischargeWay', [['dischargeWay']]],
  ['icuHours', [['icuHours'], ['icuBegin']]],
  ['dx', [['dx']]],
  ['px', [['px'], ['otherPx']]],
  ['cost', [['cost']]],
  ['fund', [['fund']]],
  ['patient', [['patient'], ['selfPay', 'ownPay']]],
  ['hospital', [['hospital']]],
  ['insurance', [['insurance']]],
  ['month', [['month'], ['settleDate'], ['dischargeTime']]],
  ['department', [['department']]],
  ['doctor', [['doctor']]],
  ...FEE_BUCKETS.map((bucket): (typeof MADE_FROM)[number] => {
    const parted = PARTED.find(name => name === bucket)
    return [bucket, [[bucket], ...(parted === undefined ? [] : [[`${parted}Part` as const]])]]
  }),
]

/** Columns that a case of these fields has. What a file does not have stays absent: it is not checked as missing. */
export function outputOf(columns: readonly PlannedColumn[], more: ReadonlySet<string>, rules: ReadingRules): Column[] {
  // Of a list the first column gives its name.
  const headers = new Map(columns.toReversed().map(column => [column.field, column.header]))
  const has = (field: SourceField): boolean => headers.has(field) || more.has(field)
  const weight: SourceField = rules.newbornWeight === 'birth' ? 'weight' : 'admitWeight'
  return MADE_FROM.flatMap(([field, ways]) => {
    const way = ways.find(all => all.every(has))
    if (way === undefined || (field === 'weight' && !has(weight))) return []
    const source = field === 'weight' ? weight : way[0]!
    return [{ field, header: headers.get(source) ?? source }]
  })
}

/** Columns of cases from messages: all that messages can carry, so that they do not depend on the first one. */
export function messageOutput(form: string): Column[] {
  const layout = messageLayouts().find(({ id }) => id === form)!
  // Of the buckets messages know drugs and consumables only.
  const carried = MADE_FROM.filter(([, ways]) => {
    const [way] = ways
    return !(FEE_BUCKETS as readonly string[]).includes(way![0]!) || ways.length > 1
  })
  return carried.map(([field, ways]) => ({ field, header: layout.nodes.stay.fields[ways[0]![0]!]?.[0] ?? field }))
}
