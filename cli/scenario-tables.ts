import { type TextEncoding, writeCsv } from '../files/index.ts'
import { formatFen } from '../numbers/index.ts'
import {
  breakdown,
  CAUSES,
  type Comparison,
  DIMENSIONS,
  paidForCost,
  RULE_BLOCKS,
  type Totals,
} from '../simulate/index.ts'

/** Writes the comparison of scenarios, one row a scenario and hospital. */
export function writeComparison(folder: string, comparison: Comparison, encoding: TextEncoding | undefined): string[] {
  writeCsv(
    `${folder}/scenarios.csv`,
    [
      'scenario',
      'hospital',
      'name',
      'dueBefore',
      'dueAfter',
      'change',
      'changeShare',
      'surplusBefore',
      'surplusAfter',
      'rankBefore',
      'rankAfter',
      'verdict',
    ],
    comparison.scenarios.flatMap(({ title, hospitals }) =>
      hospitals.map(row => [
        title.en,
        row.hospital.code,
        row.hospital.name,
        formatFen(row.due[0]),
        formatFen(row.due[1]),
        formatFen(row.change),
        row.share?.toFixed(6) ?? '',
        formatFen(row.surplus[0]),
        formatFen(row.surplus[1]),
        row.rank[0],
        row.rank[1],
        row.verdict,
      ]),
    ),
    encoding,
  )
  writeCsv(
    `${folder}/scenario-pools.csv`,
    ['scenario', 'insurances', 'pointValueBefore', 'pointValueAfter', 'budgetBefore', 'budgetAfter', 'residualAfter'],
    comparison.scenarios.flatMap(({ title, pools }) =>
      pools.map(pool => [
        title.en,
        pool.insurances.join('|'),
        pool.pointValue[0]?.toFixed() ?? '',
        pool.pointValue[1]?.toFixed() ?? '',
        formatFen(pool.budget[0]),
        formatFen(pool.budget[1]),
        formatFen(pool.residual[1]),
      ]),
    ),
    encoding,
  )
  writeCauses(folder, comparison, encoding)
  writeParts(folder, comparison, encoding)
  writeInequality(folder, comparison, encoding)
  return ['scenarios.csv', 'scenario-pools.csv', 'scenario-causes.csv', 'scenario-parts.csv', 'scenario-inequality.csv']
}

/** The change of every hospital's gross payment by its causes, a row adds up; `rule.*` add up to the rules. */
function writeCauses(folder: string, { scenarios }: Comparison, encoding: TextEncoding | undefined): void {
  writeCsv(
    `${folder}/scenario-causes.csv`,
    ['scenario', 'hospital', 'name', 'grossChange', ...CAUSES, ...RULE_BLOCKS.map(block => `rule.${block}`)],
    scenarios.flatMap(({ title, hospitals }) =>
      hospitals.map(({ hospital, gross, causes, rules }) => [
        title.en,
        hospital.code,
        hospital.name,
        formatFen(gross[1] - gross[0]),
        ...CAUSES.map(cause => formatFen(causes[cause])),
        ...RULE_BLOCKS.map(block => formatFen(rules[block])),
      ]),
    ),
    encoding,
  )
}

const TOTALS = ['cases', 'cost', 'patient', 'gross', 'surplus'] as const

/** Sums by level, specialty, insurance and group, before and after. */
function writeParts(folder: string, { baseline, scenarios }: Comparison, encoding: TextEncoding | undefined): void {
  const cells = (totals: Totals): (string | number)[] => [
    totals.cases,
    ...[totals.cost, totals.patient, totals.gross, totals.surplus].map(formatFen),
  ]
  writeCsv(
    `${folder}/scenario-parts.csv`,
    ['scenario', 'dimension', 'part', ...TOTALS.map(key => `${key}Before`), ...TOTALS.map(key => `${key}After`)],
    scenarios.flatMap(({ title, settlement }) =>
      DIMENSIONS.flatMap(dimension =>
        breakdown(baseline, settlement, dimension).map(({ part, before, after }) => [
          title.en,
          dimension,
          part,
          ...cells(before),
          ...cells(after),
        ]),
      ),
    ),
    encoding,
  )
}

/** Lorenz curves of payment to cost with Gini and Theil; the baseline's first. */
function writeInequality(
  folder: string,
  { baseline, scenarios }: Comparison,
  encoding: TextEncoding | undefined,
): void {
  const curves = [
    ['baseline', paidForCost(baseline)] as const,
    ...scenarios.map(({ title, inequality }) => [title.en, inequality[1]] as const),
  ]
  writeCsv(
    `${folder}/scenario-inequality.csv`,
    ['scenario', 'gini', 'theil', 'costShare', 'paymentShare'],
    curves.flatMap(([name, { gini, theil, lorenz }]) =>
      lorenz.map(([p, q]) => [name, ...[gini, theil, p, q].map(value => value.toFixed(8))]),
    ),
    encoding,
  )
}
