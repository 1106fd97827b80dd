import { join } from 'node:path'
import { csvText, type TextEncoding, writeCsv, writeText } from '../files/index.ts'
import { Decimal } from '../numbers/index.ts'
import type { Coefficients, CostIndex } from './coefficient.ts'
import type { WeightConfig } from './config.ts'
import { deviationOf, meanOf, variationOf } from './statistics.ts'
import type { WeightTable } from './table.ts'
import type { Weighing } from './weigh.ts'
import type { Workbench, WorkTable } from './workbench.ts'

const WEIGHT_COLUMNS = [
  'group',
  'name',
  'n',
  'kept',
  'cutLow',
  'cutHigh',
  'meanBefore',
  'mean',
  'sd',
  'cv',
  'min',
  'q1',
  'median',
  'q3',
  'max',
  'weight',
  'points',
  'stable',
  'basis',
]

/** Fen as yuan with two decimals; '' where there is none. */
function yuan(fen: Decimal | number | undefined): string {
  return fen === undefined ? '' : new Decimal(fen).div(100).toFixed(2, Decimal.ROUND_HALF_UP)
}

/**
 * The table of weights, one row a group that has cases or a weight; money in yuan, points as weight × scale.
 * `nameOf` gives a group's name, '' where it has none.
 */
export function weightsCsv(result: Weighing, config: WeightConfig, nameOf: (group: string) => string): string {
  const { header, rows } = weightsTable({ weighing: result }, config, nameOf)
  return csvText(header, rows)
}

/** The same as a table, with intervals where there are any. */
export function weightsTable(
  { weighing: { weights, statistics }, intervals }: Pick<Workbench, 'weighing' | 'intervals'>,
  config: WeightConfig,
  nameOf: (group: string) => string,
): WorkTable {
  const rows: (string | number)[][] = []
  for (const [g, group] of weights.groups.entries()) {
    const { all, kept, cutLow, cutHigh, range } = statistics.groups[g]!
    const weight = weights.weight[g]!
    if (all.n === 0 && weight === null) continue
    rows.push([
      group,
      nameOf(group),
      all.n,
      kept.n,
      cutLow,
      cutHigh,
      yuan(meanOf(all)),
      yuan(meanOf(kept)),
      yuan(deviationOf(kept)),
      variationOf(kept)?.toFixed(4) ?? '',
      yuan(range?.min),
      yuan(range?.q1),
      yuan(range?.median),
      yuan(range?.q3),
      yuan(range?.max),
      weight?.toFixed(config.decimals) ?? '',
      weight?.times(config.scale).toFixed() ?? '',
      String(weights.stable[g]!),
      weights.basis[g]!,
      ...(intervals === undefined
        ? []
        : [intervals[g]?.low.toFixed(config.decimals) ?? '', intervals[g]?.high.toFixed(config.decimals) ?? '']),
    ])
  }
  return { id: 'weights', header: [...WEIGHT_COLUMNS, ...(intervals === undefined ? [] : ['low', 'high'])], rows }
}

/** A table of weights as it was given and used, one row a group with a weight. */
export function usedWeightsCsv(
  { groups, weight, stable }: WeightTable,
  config: WeightConfig,
  nameOf: (group: string) => string,
): string {
  const rows = groups.flatMap((group, g) => {
    const w = weight[g]
    return w == null ? [] : [[group, nameOf(group), w.toFixed(), w.times(config.scale).toFixed(), String(stable[g]!)]]
  })
  return csvText(['group', 'name', 'weight', 'points', 'stable'], rows)
}

/**
 * The tables of coefficients: by level, and by hospital, group and level or hospital, or parts where there are any. Whoever
 * reads one has the coefficients that were used: hospitals and groups without a case stand there too unless theirs is 1.
 */
export function coefficientTables({ coefficients, weights }: Weighing, config: WeightConfig): WorkTable[] {
  const { decimals } = config.coefficient
  const { levels, hospitals, composites, places } = coefficients
  const index = (one: CostIndex): (string | number)[] => [
    one.cases, yuan(one.cost), one.weight.toFixed(config.decimals), one.levelMean.toFixed(decimals), one.levelIndex.toFixed(decimals),
  ] // biome-ignore format: one list
  const figures = ['cases', 'cost', 'weight', 'levelMean', 'levelIndex', 'coefficient']
  const tables: WorkTable[] = [
    {
      id: 'coefficients',
      header: ['level', ...figures],
      rows: levels.map(one => [one.level, ...index(one), one.coefficient.toFixed(decimals)]),
    },
  ]
  if (hospitals.length > 0) {
    tables.push({
      id: 'hospital-coefficients',
      header: ['hospital', 'hospitalLevel', ...figures],
      rows: [
        ...hospitals.map(one => [one.hospital, one.level, ...index(one), one.coefficient.toFixed(decimals)]),
        ...places.flatMap(({ code, level }) => {
          const k = coefficients.of(-1, level, code)
          if (k.eq(1) || hospitals.some(one => one.hospital === code)) return []
          return [[code, level, 0, yuan(0), '', '', '', k.toFixed(decimals)]]
        }),
      ],
    })
  }
  if (composites.length > 0) {
    tables.push({
      id: 'hospital-coefficients',
      header: [
        'hospital',
        'hospitalLevel',
        'basic',
        ...config.coefficient.composite.parts.flatMap(part => [part.index, `${part.index}.added`]),
        'coefficient',
      ],
      rows: composites.map(one => [
        one.hospital,
        one.level,
        one.basic.toFixed(decimals),
        ...one.parts.flatMap(part => [part.value?.toFixed(6) ?? '', part.added.toFixed(decimals)]),
        one.coefficient.toFixed(decimals),
      ]),
    })
  }
  if (coefficients.cells.length > 0) tables.push(cellTable(coefficients, weights.groups, decimals))
  return tables
}

/** Coefficients by group and level or hospital, as they are used: base groups at their one value. */
function cellTable(
  { kind, cells, levels, places, of }: Coefficients,
  groups: readonly string[],
  decimals: number,
): WorkTable {
  const byHospital = kind === 'groupHospital'
  const used = (group: number, place: string): Decimal => of(group, byHospital ? '' : place, byHospital ? place : '')
  const fixed = (k: Decimal): string => k.toFixed(Math.max(decimals, k.decimalPlaces()))
  const listed = new Set(cells.map(one => `${one.group} ${one.level}`))
  return {
    id: 'group-coefficients',
    header: ['group', byHospital ? 'hospital' : 'level', 'cases', 'cost', 'ratio', 'coefficient'],
    rows: [
      ...cells.map(one => [
        groups[one.group]!,
        one.level,
        one.cases,
        yuan(one.cost),
        one.ratio.toFixed(decimals),
        fixed(used(one.group, one.level)),
      ]),
      ...(byHospital ? places.map(one => one.code) : levels.map(one => one.level)).flatMap(place =>
        groups.flatMap((group, g) => {
          const k = used(g, place)
          return k.eq(1) || listed.has(`${g} ${place}`) ? [] : [[group, place, 0, yuan(0), '', fixed(k)]]
        }),
      ),
    ],
  }
}

/** Figures of the whole: screening, regional mean cost, calibration and quality; one a row. */
export function qualityCsv({ statistics, weights, quality }: Weighing): string {
  const { before, after } = quality
  const kept = statistics.groups.reduce((all, one) => all + one.kept.n, 0)
  const rows: [string, string | number][] = [
    ...Object.entries(statistics.screening),
    ['kept', kept],
    ['meanCost', yuan(weights.meanCostExact)],
    ['calibrationFactor', weights.calibration.factor.toFixed(10)],
    ['meanWeight', weights.calibration.meanWeight.toFixed(10)],
    ['stableGroups', weights.stable.filter(Boolean).length],
  ]
  for (const [name, set] of [
    ['before', before],
    ['after', after],
  ] as const) {
    for (const [figure, value] of Object.entries(set)) {
      rows.push([`${name}.${figure}`, Number.isInteger(value) ? value : value.toFixed(4)])
    }
  }
  return csvText(['figure', 'value'], rows)
}

/**
 * Writes `weights.csv`, `coefficients.csv`, `quality.csv` and, where there are any, `group-coefficients.csv`. Where other
 * weights than the computed ones were used, they are `weights.csv` and the computed ones `computed-weights.csv`. Returns
 * the names of what it wrote.
 */
export function writeWeighing(
  folder: string,
  result: Weighing,
  config: WeightConfig,
  nameOf: (group: string) => string,
  { used, encoding }: { readonly used: WeightTable | undefined; readonly encoding: TextEncoding | undefined },
): string[] {
  const computed = weightsCsv(result, config, nameOf)
  if (used !== undefined) writeText(join(folder, 'computed-weights.csv'), computed, encoding)
  const weights = used === undefined ? computed : usedWeightsCsv(used, config, nameOf)
  writeText(join(folder, 'weights.csv'), weights, encoding)
  writeText(join(folder, 'quality.csv'), qualityCsv(result), encoding)
  const tables = coefficientTables(result, config)
  for (const { id, header, rows } of tables) writeCsv(join(folder, `${id}.csv`), header, rows, encoding)
  const coefficients = tables.map(({ id }) => `${id}.csv`)
  return [
    'weights.csv',
    ...coefficients.slice(0, 1),
    'quality.csv',
    ...coefficients.slice(1),
    ...(used === undefined ? [] : ['computed-weights.csv']),
  ]
}
