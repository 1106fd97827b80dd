import { join } from 'node:path'
import type { CaseFiles } from '../formats/index.ts'
import type { Text } from '../messages/index.ts'
import { Decimal } from '../numbers/index.ts'
import {
  type CaseAt,
  createCaseReader,
  insurancesOf,
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
  type NamedCoefficients,
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
import {
  checkInsurances,
  checkLevel,
  decimalOf,
  hospitalOf,
  need,
  type PreviewOptions,
  publishedIn,
  shareOf,
} from './preview-options.ts'

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
  const listed = coefficientFile === null ? undefined : readCoefficientTable(coefficientFile)
  if (options.level !== undefined) checkLevel(options.level, region, policy, listed?.levels)
  const coefficients = coefficientsOf(listed, policy, book)
  const given = options.pointValue === undefined ? new Map() : parsePrices(options.pointValue)
  const published = options.pools === undefined ? undefined : readPublished(options.pools)
  const payRatio = options.payRatio === undefined ? null : shareOf(options.payRatio, '--pay-ratio')
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
  for (const [option, prices] of [
    ['--point-value', given],
    ['--budget-value', budgetValues],
  ] as const)
    checkInsurances(option, prices.keys(), [
      grouped.payable.insurances,
      regionInsurances(region),
      insurancesOf(loaded),
      published?.prices.keys() ?? [],
    ])
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
  const payRatios = payRatiosOf(policy, { given: payRatio, published: published?.payRatios }, cases, notices)
  const input: PreviewInput = { cases, weights, coefficients, policy, hospital, prices, payRatios }
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

function coefficientsOf(
  listed: NamedCoefficients | undefined,
  policy: Policy,
  { leaves }: GroupBook,
): CoefficientTable {
  const groups = leaves.map(leaf => leaf.drg)
  const parents = leaves.map(leaf => leaf.adrg)
  const one = new Decimal(1)
  const given: CoefficientTable =
    listed === undefined ? { kind: 'none', of: () => one } : alignCoefficients(listed, groups)
  return tableOf(policy, given, { groups, parents })
}

/** Insurances with a budget of the region, and those of its visitors. */
function regionInsurances(region: Region | undefined): readonly string[] {
  return region === undefined ? [] : [...region.budgets, ...region.visitors].map(({ insurance }) => insurance)
}

/** Insurances that the cases have. */
function usedInsurances({ insurances, insurance }: GroupedCases): readonly string[] {
  const used = new Set(insurance)
  return insurances.filter((_, s) => used.has(s))
}

/** ρ of the ratio convention by insurance: given, published, the policy's, else that of the hospital's own bills, which is said. */
function payRatiosOf(
  policy: Policy,
  {
    given,
    published,
  }: { readonly given: Decimal | null; readonly published: ReadonlyMap<string, Decimal> | undefined },
  cases: GroupedCases,
  notices: Text[],
): ReadonlyMap<string, Decimal> {
  const { patientShare, payRatio } = policy.document
  if (patientShare === 'subtract') return new Map()
  const insurances = usedInsurances(cases)
  const known = (insurance: string): Decimal | null =>
    given ?? published?.get(insurance) ?? (payRatio === null ? null : new Decimal(payRatio))
  const open = insurances.filter(insurance => known(insurance) === null)
  const total = (column: Float64Array): number => column.reduce((all, value) => all + value, 0)
  const own = new Decimal(total(cases.fund)).div(Math.max(total(cases.cost), 1))
  if (open.length > 0) {
    notices.push({
      zh: `注意：没有险种 ${open.join('、')} 的基金支付比例，按本机构账单的 ${own.toFixed(4)} 计算；可用 --pay-ratio 或 --pools 给出`,
      en: `Note: the fund's share of insurance ${open.join(', ')} is not known; ${own.toFixed(4)} of the hospital's own bills is used. Give --pay-ratio or --pools`,
    })
  }
  return new Map(insurances.map(insurance => [insurance, known(insurance) ?? own]))
}
