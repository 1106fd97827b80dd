import type { Text } from '../../messages/index.ts'
import type { FileHead } from './container.ts'
import { jsonValues } from './json-values.ts'
import { messageLayouts, plainHeader } from './layout.ts'
import { parseJson } from './message.ts'
import type { SidePlan, SideRole } from './plan.ts'
import type { TableSample } from './sample.ts'
import { tableOf } from './table-plan.ts'

/** Tables that stand beside a main one are told by their headers: the settlement id and the key of their own node. */
export function sideOf(file: string, head: FileHead, sample: TableSample, delimiter: string): SidePlan | undefined {
  const [row] = sample.rows
  const headers = row?.cells.map(plainHeader) ?? []
  const { nodes } = messageLayouts()[0]!
  const keyAt = headers.findIndex(header => nodes.stay.fields.settleId!.includes(header))
  if (keyAt < 0) return undefined
  const key = { index: keyAt, header: row!.cells[keyAt]!, field: 'settleId' }
  for (const [role, field] of SIDE_KEYS) {
    const node = nodes[role]
    if (!node.fields[field]!.some(name => headers.includes(name))) continue
    // The main table may be flat and carry such a key too; a table beside it has no sex.
    if (headers.some(header => nodes.stay.fields.sex!.includes(header))) continue
    const columns = Object.entries(node.fields).flatMap(([fact, names]) => {
      const index = names.map(name => headers.indexOf(name)).find(at => at >= 0)
      return index === undefined ? [] : [{ index, header: row!.cells[index]!, field: fact }]
    })
    const name = sample.name === '' ? file : `${file}!${sample.name}`
    return { ...tableOf({ file, head, mapping: {}, sample, delimiter }, 0, 1, [key, ...columns]), name, role }
  }
  return undefined
}

const SIDE_KEYS: readonly (readonly [Exclude<SideRole, 'stay'>, string])[] = [
  ['diagnoses', 'code'],
  ['procedures', 'code'],
  ['fees', 'amount'],
  ['funds', 'amount'],
  ['icu', 'begin'],
]

/** How a side table was told, for people. */
export function sideEvidence({ role, columns }: SidePlan, sheet: string): Text {
  return {
    zh: `${sheet === '' ? '' : `工作表“${sheet}”：`}从表 ${role}：按 ${columns[0]!.header} 与主表连接`,
    en: `${sheet === '' ? '' : `sheet "${sheet}": `}side table ${role}: joined to the main one by ${columns[0]!.header}`,
  }
}

/** Rows of a side table as JSON objects, told by the keys of the first one. */
export function sideObjects(file: string, head: FileHead): SidePlan | undefined {
  for (const { text, isCut } of jsonValues(file, head.encoding)) {
    const value = isCut ? undefined : parseJson(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    const row = { line: 1, cells: Object.keys(value), end: 0 }
    return sideOf(file, head, { sheet: 0, name: '', rows: [row] }, ',')
  }
  return undefined
}
