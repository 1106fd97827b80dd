import type { Text } from '../../messages/index.ts'
import type { Decimal } from '../../numbers/index.ts'
import type { AuxiliaryChoice } from '../../weights/index.ts'
import { type VolumeCount, withinCap } from '../policy/case-rules.ts'
import { line, show, type TraceLine } from './trace.ts'

/** A factor of the city's own. */
export function ownFactor(id: string, title: Text, factor: Decimal): TraceLine {
  return line(
    `rules.${id}`,
    { factor: factor.toString() },
    `本地规则：${title.zh}，乘以 ${factor}。`,
    `Own rule: ${title.en}, times ${factor}.`,
  )
}

/** A factor for age or Chinese medicine. */
export function factor(what: 'age' | 'tcm', value: Decimal): TraceLine {
  const [zh, en] = what === 'age' ? ['年龄', 'Age'] : ['中医', 'Chinese medicine']
  return line(what, { factor: value.toString() }, `${zh}系数 ${value}。`, `${en}: times ${value}.`)
}

/** A volume cap: spread over the year, or by date with what earlier months left of the quota. */
export function volume(
  cap: { readonly quota: number; readonly byDate: boolean },
  count: VolumeCount,
  value: Decimal,
): TraceLine {
  const { quota, byDate } = cap
  const { cases, before, inMonth } = count
  if (!byDate)
    return line(
      'volumeCap',
      { cases: String(cases), quota: String(quota), factor: value.toString() },
      `病组全年 ${cases} 例，总控 ${quota} 例：乘以 ${show(value)}。`,
      `The group has ${cases} cases, its quota is ${quota}: times ${show(value)}.`,
    )
  const { within } = withinCap(cap, count)
  return line(
    `volumeCap.${within.eq(inMonth) ? 'within' : within.isZero() ? 'beyond' : 'boundary'}`,
    { before: String(before), cases: String(inMonth), quota: String(quota), factor: value.toString() },
    `总控 ${quota} 例，此前各月已有 ${before} 例，本月 ${inMonth} 例中 ${within} 例在总控内：乘以 ${show(value)}。`,
    `Quota ${quota}: ${before} cases in earlier months; of this month's ${inMonth} are ${within} within it: times ${show(value)}.`,
  )
}

/** Readmission without reason. */
export function readmitted(days: number, value: Decimal): TraceLine {
  return line(
    'readmission',
    { days: String(days), factor: value.toString() },
    `${days} 天内因同病组再次住院：乘以 ${value}。`,
    `Back after ${days} days for the same group: times ${value}.`,
  )
}

/** The auxiliary class whose coefficient counts. */
export function auxiliary({ type, class: name, coefficient }: AuxiliaryChoice): TraceLine {
  return line(
    'auxiliary',
    { type, class: name, coefficient },
    `辅助分型 ${type}：${name}，乘以 ${coefficient}。`,
    `Auxiliary type ${type}, class ${name}: times ${coefficient}.`,
  )
}
