import type { Text } from '../../messages/index.ts'
import type { PolicyDocument } from './document.ts'

/** What points are of: weights, or DIP scores. */
type Unit = Pick<PolicyDocument, 'unit'>

/**
 * A Chinese text of the program in the words of the region: where a policy pays by DIP scores, points (点数) are 分值,
 * counted in 分; the point value keeps its name (结算点值). English says points of both.
 */
export function inUnit({ unit }: Unit, zh: string): string {
  if (unit !== 'score') return zh
  return zh
    .replaceAll('点数', '分值')
    .replaceAll('元/点', '元/分')
    .replace(/(\d) 点(?![值数])/g, '$1 分')
}

/** The same for a text of both languages. */
export function textInUnit(unit: Unit, { zh, en }: Text): Text {
  return { zh: inUnit(unit, zh), en }
}
