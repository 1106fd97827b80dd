import { dirname, resolve } from 'node:path'
import { readAuxiliaryPack } from '../grouper/index.ts'
import type { Text } from '../messages/index.ts'
import type { Decimal } from '../numbers/index.ts'
import { opensAtMean, type Policy, type Region } from '../simulate/index.ts'
import { alignWeights, readAuxiliaryTable, type WeightTable } from '../weights/index.ts'
import type { AuxiliaryUse, CaseGrouper } from './case-grouper.ts'
import { publishedWeights } from './published-weights.ts'

/** What DIP adds to a region: auxiliary coefficients, scores of the catalogue, the opening value of a point. */

/** The auxiliary types of a policy with the coefficients of the region, else those of the pack; undefined without a table. */
export function auxiliaryFor(policy: Policy, region: Pick<Region, 'auxiliary'>): AuxiliaryUse | undefined {
  const { auxiliary } = policy.document
  const file = region.auxiliary ?? auxiliary?.table?.file ?? null
  if (auxiliary === null || file === null) return undefined
  return { pack: readAuxiliaryPack(auxiliary.types), table: readAuxiliaryTable(file), file }
}

/** Weights that are given and not derived: the region's table, else the scores that a catalogue carries. */
export function givenWeights(
  region: Region,
  policy: Policy,
  grouper: CaseGrouper,
): { readonly weights: WeightTable; readonly notices: readonly Text[] } | undefined {
  const groups = grouper.book.leaves.map(leaf => leaf.drg)
  const isScore = policy.document.unit === 'score'
  if (region.weights !== null) return publishedWeights(region.weights, groups, isScore ? policy.scale : undefined)
  const own = isScore && region.weightConfig === null ? grouper.scores(policy.scale) : null
  if (own === null) return undefined
  const zero = policy.scale.minus(policy.scale)
  const priced = own.weight.filter(weight => weight !== null).length
  return {
    weights: alignWeights({ ...own, meanCost: 0, meanCostExact: zero }, groups),
    notices: [
      {
        zh: `分值取自病种目录 ${grouper.book.schemeId}：${priced} 个病种有分值`,
        en: `Scores are those of the catalogue ${grouper.book.schemeId}: ${priced} groups have one`,
      },
    ],
  }
}

/** The value of a point by which the months are paid: the region's, else the opening value of scores, mean cost over scale. */
export function monthlyValues(
  { provisionalPointValue, budgets, visitors }: Region,
  policy: Policy,
  meanCost: Decimal,
): ReadonlyMap<string, Decimal> {
  if (provisionalPointValue.size > 0 || !opensAtMean(policy.document)) return provisionalPointValue
  const value = (policy.avgCost ?? meanCost.div(100)).div(policy.scale)
  return new Map([...budgets, ...visitors].map(({ insurance }) => [insurance, value]))
}

/** What a reader of a settlement under DIP should know. */
export function dipNotices(policy: Policy, grouper: CaseGrouper): Text[] {
  const found: Text[] = []
  const isScore = policy.document.unit === 'score'
  if (isScore && grouper.kind === 'drg') {
    found.push({
      zh: `注意：政策 ${policy.id} 按病种分值付费，而 ${grouper.book.schemeId} 是 DRG 分组方案`,
      en: `Note: policy ${policy.id} pays by DIP scores, and ${grouper.book.schemeId} is a DRG scheme`,
    })
  }
  if (grouper.kind === 'dip' && !isScore) {
    found.push({
      zh: `注意：${grouper.book.schemeId} 是病种目录，而政策 ${policy.id} 不以分值计（unit）`,
      en: `Note: ${grouper.book.schemeId} is a DIP catalogue, and policy ${policy.id} does not speak of scores (unit)`,
    })
  }
  if (policy.document.auxiliary !== null && (grouper.choices ?? []).length === 0) {
    found.push({
      zh: '注意：没有辅助分型系数（没有给出表，或表中没有可用的行），所有病例均按系数 1 计算；可在地区文件中写 auxiliary',
      en: 'Note: no auxiliary coefficient counts: no table is given, or none of its rows fits; auxiliary of the region file names one',
    })
  }
  if (grouper.strangers > 0) {
    found.push({
      zh: `注意：辅助分型系数表中有 ${grouper.strangers} 行的病种不在目录中`,
      en: `Note: ${grouper.strangers} rows of the auxiliary coefficients are for groups that the catalogue does not have`,
    })
  }
  if (opensAtMean(policy.document)) {
    found.push({
      zh: '注意：没有给出预算点值，以次均费用除以分值基数代替',
      en: 'Note: no budget point value is given; the mean cost over the scale stands in',
    })
  }
  return found
}

/** Paths of schemes are relative to the region file. */
export function schemePath({ file }: Region, name: string): string {
  return /[/\\]/.test(name) ? resolve(dirname(file), name) : name
}
