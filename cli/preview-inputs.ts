import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readTable, unreadable } from '../files/index.ts'
import type { CaseFiles } from '../formats/index.ts'
import { Fault, type Text } from '../messages/index.ts'
import { Decimal, parseDecimal } from '../numbers/index.ts'
import {
  type CaseAt,
  createCaseReader,
  loadPolicy,
  type Policy,
  type Preview,
  type PreviewInput,
  type PriceOrigin,
  type PriceRange,
  parsePrices,
  policyFile,
  previewHospital,
  pricesFor,
  type Region,
  readPublished,
  readRegion,
  regionalRules,
  setsApart,
  tableOf,
  withPointValues,
} from '../simulate/index.ts'
import {
  alignCoefficients,
  alignWeights,
  type CoefficientTable,
  type GroupedCases,
  type Hospital,
  readCoefficientTable,
  readWeightTable,
} from '../weights/index.ts'
import { checkColumns } from './case-files.ts'
import { caseGrouper, type GroupBook } from './case-grouper.ts'
import { openInput } from './case-input.ts'
import { type Console, tell } from './console.ts'
import { auxiliaryFor, dipNotices } from './dip-region.ts'
import type { SchemeNames } from './group-names.ts'
import { type Duplicates, type GroupedFiles, groupFiles, withMarks } from './grouped-files.ts'
import { ownCases } from './own-cases.ts'

/** What `dianzhi preview` is asked. */
export interface PreviewOptions {
  /** Mapping files for the cases. */
  readonly map?: readonly string[] | undefined
  readonly region?: string | undefined
  readonly scheme?: string | undefined
  readonly policy?: string | undefined
  readonly hospital?: string | undefined
  readonly level?: string | undefined
  readonly weights?: string | undefined
  /** Table of auxiliary coefficients, under a DIP catalogue. */
  readonly auxiliary?: string | undefined
  readonly coefficients?: string | undefined
  readonly meanCost?: string | undefined
  /** Budget value of a point by insurance, for scores. */
  readonly budgetValue?: string | undefined
  readonly published?: string | undefined
  readonly pointValue?: string | undefined
  readonly pools?: string | undefined
  readonly payRatio?: string | undefined
  readonly duplicates?: string | undefined
}

/** A hospital's preview with all that its tables and page show. */
export interface Previewed extends GroupedFiles {
  /** The hospital's own cases that can be paid, with their ids. */
  readonly cases: GroupedCases
  readonly hospital: Hospital
  readonly policy: Policy
  readonly input: PreviewInput
  readonly prices: ReadonlyMap<string, PriceRange & { readonly origin: PriceOrigin }>
  readonly preview: Preview
  readonly notices: readonly Text[]
  readonly caseFiles: CaseFiles
  readonly names: SchemeNames
  /** One of the cases as the literal engine takes it. */
  readonly caseAt: (at: number) => CaseAt
  /** The files that the values come from; null where there is none. */
  readonly used: {
    readonly policy: string
    readonly region: string | null
    readonly weights: string
    readonly coefficients: string | null
    readonly pools: string | null
    readonly figures: string | null
  }
}

/** Reads and groups a hospital's cases and foresees their settlement; refuses what is missing before a case is read. */
export function previewFiles(console: Console, files: readonly string[], asked: PreviewOptions): Previewed {
  const region = asked.region === undefined ? undefined : readRegion(asked.region)
  const pack = region?.policy ?? policyFile(need(asked.policy, '--policy'), '.')
  const budgetValues = asked.budgetValue === undefined ? new Map() : parsePrices(asked.budgetValue)
  const loaded = loadPolicy(pack)
  const known: ReadonlyMap<string, Decimal> =
    budgetValues.size > 0
      ? new Map([...budgetValues].map(([insurance, { expected }]) => [insurance, expected]))
      : (region?.provisionalPointValue ?? new Map())
  const policy = loaded.method === 'rate' ? loaded : withPointValues(loaded, known, [])
  const options = asked.published === undefined ? asked : { ...publishedIn(asked.published, policy), ...asked }
  const auxiliary = options.auxiliary ?? region?.auxiliary ?? null
  const grouper = caseGrouper(
    options.scheme ?? region?.scheme ?? need(undefined, '--scheme'),
    auxiliaryFor(policy, { auxiliary }),
  )
  const { book } = grouper
  const groups = book.leaves.map(leaf => leaf.drg)
  const weightFile = options.weights ?? region?.weights ?? need(undefined, '--weights')
  const meanCost =
    options.meanCost === undefined ? new Decimal(0) : decimalOf(options.meanCost, '--mean-cost').times(100)
  const scoresOver = policy.document.unit === 'score' ? policy.scale : undefined
  const weights = alignWeights(readWeightTable(weightFile, meanCost, scoresOver), groups)
  if (policy.method === 'points' && policy.avgCost === null && meanCost.isZero()) need(undefined, '--mean-cost')
  const coefficientFile = options.coefficients ?? region?.coefficients ?? null
  const coefficients = coefficientsOf(coefficientFile, policy, book)
  const given = options.pointValue === undefined ? new Map() : parsePrices(options.pointValue)
  const published = options.pools === undefined ? undefined : readPublished(options.pools)
  const payRatio = options.payRatio === undefined ? null : decimalOf(options.payRatio, '--pay-ratio')
  const caseFiles = openInput(console, files, { map: options.map, newbornWeight: grouper.newbornWeight })
  checkColumns(caseFiles.files, 'settlement', caseFiles.open)

  const read = groupFiles(console, caseFiles, grouper, {
    need: 'settlement',
    duplicates: options.duplicates as Duplicates | undefined,
    detailed: true,
    ids: true,
  })
  const grouped = withMarks(console, read, setsApart(policy), undefined)
  const hospital = hospitalOf(options, region, grouped.payable)
  const own = ownCases(grouped, hospital.code)
  const { cases } = own
  const provisional = region?.provisionalPointValue ?? new Map<string, Decimal>()
  const prices =
    policy.method === 'rate'
      ? new Map()
      : pricesFor(usedInsurances(cases), {
          given,
          published: published?.prices ?? new Map(),
          provisional,
          policy,
          level: hospital.level,
        })
  const notices: Text[] = []
  const regional = regionalRules(policy)
  if (regional.length > 0) {
    notices.push({
      zh: `注意：政策的 ${regional.join('、')} 取决于全地区的病例，此处只按本机构病例计算`,
      en: `Note: ${regional.join(', ')} of the policy depend on all cases of the region; here the hospital's own are used`,
    })
  }
  const ratio = ratioOf(policy, payRatio ?? published?.payRatio ?? null, cases, notices)
  const input: PreviewInput = { cases, weights, coefficients, policy, hospital, prices, payRatio: ratio }
  notices.push(...dipNotices(policy, grouper))
  for (const notice of notices) tell(console, notice)
  const caseAt = createCaseReader(
    { ...input, coefficients: tableOf(policy, coefficients, cases, [hospital]), hospitals: [hospital] },
    insurance => prices.get(insurance)?.expected ?? null,
  )
  const used = {
    policy: pack,
    region: asked.region ?? null,
    weights: weightFile,
    coefficients: coefficientFile,
    pools: options.pools ?? null,
    figures:
      asked.meanCost === undefined && asked.published !== undefined ? join(asked.published, 'quality.csv') : null,
  }
  return {
    ...grouped,
    ...own,
    hospital,
    policy,
    input,
    prices,
    preview: previewHospital(input),
    notices,
    caseFiles,
    names: grouper.names,
    caseAt,
    used,
  }
}

/** What a regional settlement wrote into its folder, as far as it is there. */
function publishedIn(folder: string, policy: Policy): PreviewOptions {
  let names: readonly string[]
  try {
    names = readdirSync(folder)
  } catch (error) {
    throw unreadable(folder, error)
  }
  const file = (name: string): string | undefined => (names.includes(name) ? join(folder, name) : undefined)
  const figures = file('quality.csv')
  const rows = figures === undefined ? [] : readTable(figures).rows
  const byGroup = policy.coefficientKind !== 'level'
  return {
    weights: file('weights.csv'),
    coefficients:
      policy.coefficientKind === 'none' || policy.coefficients !== null
        ? undefined
        : file(byGroup ? 'group-coefficients.csv' : 'coefficients.csv'),
    pools: file('pools.csv'),
    meanCost: rows.find(row => row.cells[0] === 'meanCost')?.cells[1],
  }
}

function need(value: string | undefined, option: string): string {
  if (value !== undefined) return value
  const why: Readonly<Record<string, Text>> = {
    '--policy': {
      zh: '结算政策（编号或文件夹），或用 --region 一并给出',
      en: 'the policy (id or folder), or --region',
    },
    '--scheme': {
      zh: '分组方案（编号或文件夹），或用 --region 一并给出',
      en: 'the scheme (id or folder), or --region',
    },
    '--weights': {
      zh: '公布的权重表（病组、权重），地区结算结果中的 weights.csv 也可以',
      en: 'the published table of weights (group, weight); the weights.csv of a regional settlement will do',
    },
    '--mean-cost': {
      zh: '区域次均费用（元）：该政策的 avgCost 取自数据',
      en: 'the regional mean cost in yuan: the policy takes avgCost from the data',
    },
    '--hospital': {
      zh: '医疗机构编码：病例来自多家机构',
      en: 'the code of the hospital: the cases come from several',
    },
    '--level': { zh: '医疗机构级别，如 3', en: 'the level of the hospital, such as 3' },
  }
  throw new Fault({
    code: 'PRE-004',
    at: { field: option },
    what: { zh: `预结算还需要 ${option}。`, en: `A preview also needs ${option}.` },
    fix: { zh: `请给出${why[option]?.zh ?? ''}。`, en: `Give ${why[option]?.en ?? ''}.` },
    status: 64,
  })
}

function decimalOf(text: string, option: string): Decimal {
  const value = parseDecimal(text)
  if (value?.gt(0) === true) return value
  throw new Fault({
    code: 'PRE-005',
    at: { field: option },
    what: { zh: `“${text}”不是大于零的数。`, en: `"${text}" is no number above zero.` },
    fix: { zh: '请写普通小数，如 9543.61。', en: 'Write a plain decimal such as 9543.61.' },
    status: 64,
  })
}

function coefficientsOf(file: string | null, policy: Policy, { leaves }: GroupBook): CoefficientTable {
  const groups = leaves.map(leaf => leaf.drg)
  const parents = leaves.map(leaf => leaf.adrg)
  const one = new Decimal(1)
  const given: CoefficientTable =
    file === null ? { kind: 'none', of: () => one } : alignCoefficients(readCoefficientTable(file), groups)
  return tableOf(policy, given, { groups, parents })
}

/** The hospital asked for, else the only one of the cases; its level from the region's table or the option. */
function hospitalOf(options: PreviewOptions, region: Region | undefined, { hospitals }: GroupedCases): Hospital {
  const code = options.hospital ?? (hospitals.length === 1 ? hospitals[0]! : need(undefined, '--hospital'))
  if (!hospitals.includes(code)) {
    throw new Fault({
      code: 'PRE-006',
      at: { field: '--hospital' },
      what: { zh: `病例中没有医疗机构 ${code}。`, en: `No case is of hospital ${code}.` },
      fix: {
        zh: `病例中的机构：${hospitals.slice(0, 20).join('、')}。`,
        en: `The cases are of ${hospitals.slice(0, 20).join(', ')}.`,
      },
      status: 64,
    })
  }
  const listed = region?.hospitals.find(hospital => hospital.code === code)
  if (listed !== undefined) return options.level === undefined ? listed : { ...listed, level: options.level }
  return { code, name: '', level: options.level ?? need(undefined, '--level') }
}

/** Insurances that the cases have. */
function usedInsurances({ insurances, insurance }: GroupedCases): readonly string[] {
  const used = new Set(insurance)
  return insurances.filter((_, s) => used.has(s))
}

/** ρ of the ratio convention: given, the policy's, else that of the hospital's own bills, which is said. */
function ratioOf(policy: Policy, given: Decimal | null, cases: GroupedCases, notices: Text[]): Decimal | null {
  const { patientShare, payRatio } = policy.document
  if (patientShare === 'subtract') return null
  if (given !== null) return given
  if (payRatio !== null) return new Decimal(payRatio)
  const total = (column: Float64Array): number => column.reduce((all, value) => all + value, 0)
  const own = new Decimal(total(cases.fund)).div(Math.max(total(cases.cost), 1))
  notices.push({
    zh: `注意：没有地区的基金支付比例，按本机构账单的 ${own.toFixed(4)} 计算；可用 --pay-ratio 或 --pools 给出`,
    en: `Note: the region's fund share is not known; ${own.toFixed(4)} of the hospital's own bills is used. Give --pay-ratio or --pools`,
  })
  return own
}
