import { basename } from 'node:path'
import type { Text } from '../messages/index.ts'
import { formatFen, formatPoints, roundFen } from '../numbers/index.ts'
import {
  type CaseStatement,
  caseStatement,
  type Origin,
  type PackValues,
  type Policy,
  packValues,
  type Region,
} from '../simulate/index.ts'
import { coefficientFile, findTableRow, type Hospital, meanOf, tableKind } from '../weights/index.ts'
import type { CasePlace } from './grouped-files.ts'
import type { SettledRegion } from './pipeline.ts'
import type { Previewed } from './preview-inputs.ts'
import { settledCases } from './settled-cases.ts'
import type { ShownStatement } from './statement.ts'

/** Where a value stands that this run computed. */
function computed(zh: string, en: string): Origin {
  return { kind: 'computed', source: { zh, en }, place: null, confidence: null }
}

/** The row of a table that a value was read from, with what the table says of its source; `note` where it has no such row. */
function fromTable(file: string, title: Text, keys: Parameters<typeof findTableRow>[1], missing: Text): Origin {
  const row = findTableRow(file, keys)
  const remarks = row?.remarks.map(([header, cell]) => `${header} ${cell}`) ?? []
  const more = (between: string): string => (remarks.length === 0 ? '' : `${between}${remarks.join(between)}`)
  return {
    kind: 'table',
    source:
      row === undefined
        ? { zh: `${title.zh}${missing.zh}`, en: `${title.en}${missing.en}` }
        : { zh: `${title.zh}${more('，')}`, en: `${title.en}${more(', ')}` },
    place: { file, ...(row === undefined ? {} : { line: row.line }) },
    confidence: null,
  }
}

const WEIGHTS: Text = { zh: '权重表', en: 'table of weights' }
const COEFFICIENTS: Text = { zh: '系数表', en: 'table of coefficients' }
const NO_GROUP: Text = { zh: '没有该组', en: ' without the group' }
const NO_ROW: Text = { zh: '没有列出，按 1 计', en: ' does not list it: 1' }

/** The source of a coefficient that the policy itself gives, or does not use. */
function packCoefficient(policy: Policy, pack: PackValues, keys: readonly string[]): Origin | undefined {
  if (policy.coefficientKind === 'none') return pack.at('coefficient.kind')[0]!.origin
  return policy.coefficients === null ? undefined : bounded(policy, pack.at('coefficient.table', keys).at(-1)!.origin)
}

/** A source of coefficients with the bounds that the policy keeps them in. */
function bounded({ document: { coefficient } }: Policy, origin: Origin): Origin {
  const { min, max, change } = coefficient
  const range = min === null && max === null ? [] : [`${min ?? '–'}…${max ?? '–'}`]
  const moves = change === null ? [] : [`−${change.down ?? '∞'}/+${change.up ?? '∞'}`]
  if (range.length + moves.length === 0) return origin
  const zh = [...range.map(text => `限于 ${text}`), ...moves.map(text => `较上年变动不超过 ${text}`)].join('，')
  const en = [
    ...range.map(text => `kept within ${text}`),
    ...moves.map(text => `moves from last year by ${text}`),
  ].join(', ')
  return { ...origin, source: { zh: `${origin.source.zh}，${zh}`, en: `${origin.source.en}, ${en}` } }
}

function caseOrigin({ file, line }: CasePlace): Origin {
  return {
    kind: 'case',
    source: { zh: basename(file), en: basename(file) },
    place: { file, line },
    confidence: null,
  }
}

/** A pack in place of whose point value the region file states a budget value. */
function withBudgetValues(pack: PackValues, { file, provisionalPointValue }: Region): PackValues {
  if (provisionalPointValue.size === 0) return pack
  const origin: Origin = {
    kind: 'option',
    source: { zh: '地区文件的预算点值', en: 'budget value of the region file' },
    place: { file, field: 'provisionalPointValue' },
    confidence: null,
  }
  return {
    ...pack,
    at: (path, ...rest) => {
      const found = pack.at(path, ...rest)
      return path === 'pointValue' ? found.map(one => ({ ...one, origin })) : found
    },
  }
}

/** Explains cases of a settled region at its final point values. */
export function settledStatements(settled: SettledRegion): (at: number) => ShownStatement {
  const { region, policy, baseline, config, weighing, payable, ids, places, nameOf, book } = settled
  const { caseAt, resultOf } = settledCases(settled)
  const pack = withBudgetValues(packValues(policy, region.policy), region)
  const hospitals = new Map(region.hospitals.map(hospital => [hospital.code, hospital]))
  const { settlement } = baseline
  const { screening } = weighing.statistics
  const meanCost = computed(
    `本次测算的截尾后次均费用（参与 ${screening.used} 例，测算参数 ${config.id}）`,
    `trimmed mean of this run (${screening.used} cases, configuration ${config.id})`,
  )
  const weightOf = (group: number): Origin => {
    const code = payable.groups[group]!
    if (settled.scoresOf !== null) {
      const { scoresOf: id } = settled
      return computed(`病种目录 ${id} 的分值（groups.tsv）`, `score of the catalogue ${id} (groups.tsv)`)
    }
    if (region.weights !== null) return fromTable(region.weights, WEIGHTS, { group: code }, NO_GROUP)
    const { all, kept } = weighing.statistics.groups[group]!
    const mean = kept.n === 0 ? '–' : formatFen(roundFen(meanOf(kept)!))
    const basis = weighing.weights.basis[group]!
    return computed(
      `本次测算：${all.n} 例，截尾后 ${kept.n} 例，均费 ${mean} 元，方法 ${config.method}，依据 ${basis}（weights.csv）`,
      `this run: ${all.n} cases, ${kept.n} kept, mean ${mean} yuan, method ${config.method}, basis ${basis} (weights.csv)`,
    )
  }
  const coefficientOf = (group: number, { level, code, class: name }: Hospital): Origin => {
    const keys = { group: payable.groups[group]!, level, hospital: code }
    const own = packCoefficient(policy, pack, [keys.group, payable.parents[group]!, name ?? level, code])
    if (own !== undefined) return own
    if (region.coefficients !== null) return bounded(policy, fromTable(region.coefficients, COEFFICIENTS, keys, NO_ROW))
    const { kind } = config.coefficient
    const table = tableKind(kind)
    const file = coefficientFile(table === 'none' ? 'level' : table)
    const [zh, en] =
      region.coefficientCases.length === 0 ? ['', ''] : ['，由往年病例算出', ' from the cases of earlier years']
    const derived = computed(
      `本次测算的系数${zh}，种类 ${kind}，级别 ${level}（${file}）`,
      `coefficient of this run${en}, kind ${kind}, level ${level} (${file})`,
    )
    return bounded(policy, derived)
  }
  const priceOf = (insurance: string): Origin => {
    const home = region.visitors.find(one => one.insurance === insurance && one.pool === 'joins')?.as ?? insurance
    const pool = settlement.pools.find(one => one.insurances.includes(insurance) || one.insurances.includes(home))
    if (pool === undefined) return computed('没有基金池', 'no pool')
    return computed(
      `终算点值：按点数分配 ${formatFen(pool.money)} 元 ÷ ${formatPoints(pool.points)} 点（pools.csv）`,
      `final value: ${formatFen(pool.money)} yuan on points ÷ ${formatPoints(pool.points)} points (pools.csv)`,
    )
  }
  return at => {
    const one = caseAt(at)
    const { group } = one
    const hospital = hospitals.get(payable.hospitals[payable.hospital[at]!]!)!
    const insurance = payable.insurances[payable.insurance[at]!]!
    const sources = {
      pack,
      case: caseOrigin(places[at]!),
      weight: weightOf(group),
      coefficient: coefficientOf(group, hospital),
      meanCost,
      pointValue: priceOf(insurance),
    }
    const { gross, net, inPool } = resultOf(at)
    const [cost, patient] = [payable.cost[at]!, payable.patient[at]!]
    const statement = caseStatement(baseline.valued.reclassified?.policy ?? policy, one, sources)
    return {
      statement,
      id: ids[at]!,
      hospital,
      month: payable.months[payable.month[at]!]!,
      insurance,
      group: payable.groups[payable.group[at]!]!,
      groupName: nameOf(payable.groups[payable.group[at]!]!),
      cost,
      patient,
      gross,
      range: null,
      due: net,
      surplus: inPool ? gross - cost : 0,
      notes: settledNotes(statement, gross, inPool),
      basis: `${book.schemeId} ${book.hash.slice(0, 12)} · ${policy.id} · ${region.id} ${region.year}`,
    }
  }
}

function settledNotes({ pay }: CaseStatement, gross: number, inPool: boolean): Text[] {
  if (!inPool) return [{ zh: '不在基金池内，不参与分配。', en: 'Outside the pool; takes no part in its division.' }]
  if (pay === null || pay === gross) return []
  const by = formatFen(gross - pay)
  return Math.abs(gross - pay) <= 2
    ? [
        {
          zh: `分配到分时按最大余数调整 ${by} 元，使各级合计与总额一致。`,
          en: `${by} yuan by the largest remainders, so that every level adds up to the total.`,
        },
      ]
    : [
        {
          zh: `该病例由预算内单列部分支付（见 parts.csv），与按点值计算相差 ${by} 元。`,
          en: `A part of the budget pays this case (parts.csv), ${by} yuan off what the point value gives.`,
        },
      ]
}

/** Explains cases of a preview at its expected point values. */
export function previewStatements(previewed: Previewed): (at: number) => ShownStatement {
  const { policy, used, cases, ids, places, hospital, prices, nameOf, book, preview, caseAt } = previewed
  const pack = packValues(policy, used.policy)
  const byPlace = new Map(preview.cases.map(one => [one.at, one]))
  const meanCost: Origin =
    used.figures === null
      ? { kind: 'option', source: { zh: '--mean-cost', en: '--mean-cost' }, place: null, confidence: null }
      : {
          kind: 'table',
          source: { zh: '地区结算结果的次均费用', en: 'mean cost of the regional settlement' },
          place: { file: used.figures, field: 'meanCost' },
          confidence: null,
        }
  const priceOf = (insurance: string): Origin => {
    const origin = prices.get(insurance)?.origin
    switch (origin) {
      case 'published':
        return { kind: 'table', source: { zh: '公布的点值表', en: 'published point values' }, place: used.pools === null ? null : { file: used.pools, field: 'pointValue' }, confidence: null } // biome-ignore format: one line
      case 'provisional':
        return { kind: 'option', source: { zh: '地区文件的预结点值', en: 'provisional value of the region file' }, place: used.region === null ? null : { file: used.region, field: 'provisionalPointValue' }, confidence: null } // biome-ignore format: one line
      case 'policy':
        return pack.at('pointValue', [insurance])[0]!.origin
      default:
        return { kind: 'option', source: { zh: '命令行假定 --point-value', en: 'assumed, --point-value' }, place: null, confidence: null } // biome-ignore format: one line
    }
  }
  return at => {
    const one = caseAt(at)
    const row = byPlace.get(at)!
    const insurance = cases.insurances[cases.insurance[at]!]!
    const keys = { group: one.one.group, level: hospital.level, hospital: hospital.code }
    const ownKeys = [one.one.group, one.one.parent, hospital.class ?? hospital.level, hospital.code]
    const sources = {
      pack,
      case: caseOrigin(places[at]!),
      weight: fromTable(used.weights, WEIGHTS, keys, NO_GROUP),
      coefficient:
        packCoefficient(policy, pack, ownKeys) ??
        (used.coefficients === null
          ? computed('没有系数表，按 1 计', 'no table of coefficients: 1')
          : fromTable(used.coefficients, COEFFICIENTS, keys, NO_ROW)),
      meanCost,
      pointValue: priceOf(insurance),
    }
    const group = cases.groups[cases.group[at]!]!
    const isRange = row.low !== row.high
    return {
      statement: caseStatement(policy, one, sources),
      id: ids[at]!,
      hospital,
      month: cases.months[cases.month[at]!]!,
      insurance,
      group,
      groupName: nameOf(group),
      cost: cases.cost[at]!,
      patient: cases.patient[at]!,
      gross: row.gross,
      range: isRange ? { low: row.low, high: row.high } : null,
      due: row.due,
      surplus: row.surplus,
      notes: [
        {
          zh: '本说明为预计，点值、考核与扣减以清算为准。',
          en: 'This is an expectation; the clearing decides on point value, appraisal and deductions.',
        },
      ],
      basis: `${book.schemeId} ${book.hash.slice(0, 12)} · ${policy.id}`,
    }
  }
}
