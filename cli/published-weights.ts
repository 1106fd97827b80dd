import { Fault, type Text } from '../messages/index.ts'
import { Decimal } from '../numbers/index.ts'
import { alignWeights, readWeightTable, type WeightTable } from '../weights/index.ts'

/** A published table in the order of the scheme's groups, with how well it fits them; scores count over `scoresOver`. */
export function publishedWeights(
  file: string,
  groups: readonly string[],
  scoresOver?: Decimal,
): { readonly weights: WeightTable; readonly notices: readonly Text[] } {
  // The mean cost comes from the cases later; tables do not carry it.
  const table = readWeightTable(file, new Decimal(0), scoresOver)
  const known = new Set(groups)
  const matched = table.groups.filter(group => known.has(group)).length
  const [rows, all] = [table.groups.length, groups.length]
  if (matched === 0) {
    throw new Fault({
      code: 'WGT-007',
      at: { file },
      what: {
        zh: `权重表的 ${rows} 个病组没有一个属于该分组方案。`,
        en: `None of the ${rows} groups of the weight table belongs to the scheme.`,
      },
      fix: { zh: '请核对权重表与分组方案的版本。', en: 'Check that table and scheme belong together.' },
    })
  }
  return {
    weights: alignWeights(table, groups),
    notices: [
      {
        zh: `权重表：方案的 ${all} 个病组中 ${matched} 个有行，${all - matched} 个没有；表中 ${rows - matched} 行不属于该方案`,
        en: `Weight table: rows for ${matched} of the scheme's ${all} groups, none for ${all - matched}; ${rows - matched} rows match no group`,
      },
    ],
  }
}
