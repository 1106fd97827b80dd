import { checkOutputs, home } from '../files/index.ts'
import { type CaseFiles, openCaseFiles } from '../formats/index.ts'
import { isCatalogue, loadCatalogue, loadScheme } from '../grouper/index.ts'
import { Fault, type Text } from '../messages/index.ts'
import { Decimal } from '../numbers/index.ts'
import {
  type Baseline,
  type Clearing,
  checkPrices,
  checkScenarios,
  clearRegion,
  createBaseline,
  ladderOf,
  loadPolicy,
  type Policy,
  policyInputs,
  type Reclassified,
  type Region,
  type Regrouped,
  readMarks,
  readRegion,
  readScenario,
  type Scenario,
  type ScenarioTerms,
  setsApart,
  tableOf,
  unlisted,
  withPointValues,
} from '../simulate/index.ts'
import {
  alignCoefficients,
  checkComposite,
  type GroupedCases,
  type Hospital,
  readCoefficientTable,
  readHospitalIndices,
  readWeightConfig,
  tableKind,
  type Weighing,
  type WeightConfig,
  weigh,
} from '../weights/index.ts'
import { checkColumns } from './case-files.ts'
import { caseGrouper, type GroupBook } from './case-grouper.ts'
import { openInput } from './case-input.ts'
import { type Console, tell } from './console.ts'
import { auxiliaryFor, dipNotices, givenWeights, monthlyValues, schemePath } from './dip-region.ts'
import type { SchemeNames } from './group-names.ts'
import { type Duplicates, type GroupedFiles, groupFiles, withMarks } from './grouped-files.ts'
import { outputsIn } from './outputs.ts'
import { type Overrides, overridden } from './overrides.ts'

/** A region, grouped, weighed, settled and cleared. */
export interface SettledRegion extends GroupedFiles {
  readonly region: Region
  readonly policy: Policy
  readonly weighing: Weighing
  readonly config: WeightConfig
  readonly baseline: Baseline
  readonly clearings: readonly Clearing[]
  /** The catalogue whose own scores are the weights; null where they come from a table or from the cases. */
  readonly scoresOf: string | null
  /** Cases outside the pool. */
  readonly outside: number
  /** Name of a specialty by the letter of its MDC, '' where it has none. */
  readonly specialtyName: (letter: string) => string
  readonly caseFiles: CaseFiles
  readonly names: SchemeNames
  /** What the reader of the result should know and no rule forbids. */
  readonly notices: readonly Text[]
}

export interface SettleOptions extends Overrides {
  /** Folder of the results; where it is known, nothing that is read may be overwritten in it. */
  readonly out?: string | undefined
  /** Scenarios that will be run; they are checked before any case is read. */
  readonly scenarios?: readonly string[]
  readonly duplicates?: Duplicates | undefined
  /** Mapping files for the region's case files. */
  readonly map?: readonly string[] | undefined
  /** Whether the ids and places of cases are kept. */
  readonly ids?: boolean
}

/** Everything from the region file to the settlement; whatever can be refused is refused before a case is read. */
export function settleFile(console: Console, file: string, options: SettleOptions = {}): SettledRegion {
  const region = overridden(readRegion(file), options)
  const policy = regionPolicy(region)
  const isDip = isCatalogue(schemePath(region, region.scheme))
  const config = configFor(policy, region, isDip)
  const scenarios = options.scenarios ?? []
  if (options.out !== undefined) {
    const { weights, weightConfig, coefficients, marks, auxiliary } = region
    const optional = [weights, weightConfig, coefficients, marks, auxiliary].filter(path => path !== null)
    const policyFiles = policyInputs(region.policy)
    const inputs = [
      file,
      ...region.cases,
      region.hospitalFile,
      ...optional,
      ...region.cycleFiles,
      ...policyFiles,
      ...scenarios,
    ]
    checkOutputs(outputsIn(options.out, 'settlement'), inputs)
  }
  const { budgets, hospitals, provisionalPointValue } = region
  checkPrices({ policy, budgets, hospitals, provisional: provisionalPointValue })
  const grouper = caseGrouper(schemePath(region, region.scheme), auxiliaryFor(policy, region))
  const { book } = grouper
  const groups = book.leaves.map(leaf => leaf.drg)
  const read = scenarios.map(path => readScenario(path))
  checkScenarios(scenarioTerms(region, policy, groups), read)
  const schemeOf = (name: string): string => schemePath(region, name)
  for (const name of schemesOf(read)) checkScheme(schemeOf(name))
  const given = givenWeights(region, policy, grouper)
  const coefficients =
    region.coefficients === null ? undefined : alignCoefficients(readCoefficientTable(region.coefficients), groups)
  const kind = { kind: tableKind(config.coefficient.kind), of: () => new Decimal(1) }
  tableOf(policy, coefficients ?? kind, { groups, parents: book.leaves.map(leaf => leaf.adrg) })
  checkParts(region, book)
  const indices = config.coefficient.kind === 'composite' ? readHospitalIndices(region.hospitalFile) : undefined
  checkComposite(config.coefficient, indices, region.hospitalFile)
  const input = openInput(console, region.cases, { map: options.map, newbornWeight: grouper.newbornWeight })
  checkColumns(input.files, 'settlement', input.open)

  const marks = region.marks === null ? undefined : readMarks(region.marks, policy)
  // A scenario may bring in a rule that asks for age or department.
  const detailed = marks !== undefined || setsApart(policy) || scenarios.length > 0
  const grouped = withMarks(
    console,
    groupFiles(console, input, grouper, {
      need: 'settlement',
      year: region.year,
      duplicates: options.duplicates,
      detailed: true,
      ids: options.ids === true || marks !== undefined,
    }),
    detailed,
    marks,
  )
  const configFile = region.weightConfig ?? undefined
  const weighing = weigh(grouped.cases, listed(grouped.cases, region.hospitals), config, { indices, configFile })
  if (given === undefined) needWeights(weighing, region.cases[0]!)
  const { meanCost, meanCostExact } = weighing.weights
  const again = new Map<string, Regrouped>()
  const baseline = createBaseline(
    {
      cases: grouped.payable,
      weights: given === undefined ? weighing.weights : { ...given.weights, meanCost, meanCostExact },
      coefficients: coefficients ?? weighing.coefficients,
      policy,
      budgets,
      hospitals,
      visitors: region.visitors,
    },
    {
      reweigh: cases => weigh(cases, listed(cases, hospitals), config, { configFile }),
      regroup(name) {
        const scheme = schemeOf(name)
        const made = again.get(scheme) ?? regroupFiles(console, region, scheme, config, options)
        again.set(scheme, made)
        return made
      },
    },
  )
  const outside = baseline.settlement.hospitals.reduce((all, row) => all + row.outside, 0)
  if (outside === grouped.payable.count) throw nothingPaid(file, outside)
  const clearings = clearRegion(baseline.settlement, policy, {
    provisional: monthlyValues(region, policy, meanCostExact),
    facts: region.cycle,
  })
  const { reclassified } = baseline.valued
  const notices = [
    ...(given?.notices ?? []),
    ...mismatches(region, policy, book.schemeId),
    ...dipNotices(policy, grouper),
    ...(reclassified === undefined ? [] : [reclassifiedNotice(reclassified)]),
  ]
  for (const notice of notices) tell(console, notice)
  const specialtyName = (letter: string): string => grouper.specialties.get(letter) ?? ''
  const scoresOf = given === undefined || region.weights !== null ? null : book.schemeId
  const { names } = grouper
  return { ...grouped, region, policy, weighing, config, baseline, clearings, outside, specialtyName, notices, scoresOf, caseFiles: input, names } // biome-ignore format: one line
}

/** The policy of a region; its own provisional point value takes the place of the pack's year-start value. */
function regionPolicy({ policy, provisionalPointValue, budgets }: Region): Policy {
  const insurances = budgets.map(({ insurance }) => insurance)
  const loaded = loadPolicy(policy)
  return loaded.method === 'rate' ? loaded : withPointValues(loaded, provisionalPointValue, insurances)
}

/** What became of classes that were decided again by the final point value. */
function reclassifiedNotice({ cases, passes, settled }: Reclassified): Text {
  const [zh, en] = settled
    ? ['', '']
    : [
        '，类别与点值互相影响，未能稳定，按最后一轮计',
        '; classes and value did not come to rest, and the last pass counts',
      ]
  return {
    zh: `按年终点值重新判定类别：${cases} 例改变，共 ${passes} 轮${zh}`,
    en: `Classes decided again by the final point value: ${cases} cases changed, in ${passes} passes${en}`,
  }
}

/** Refuses parts of a budget that name a hospital or group which does not exist. */
function checkParts({ file, budgets, hospitals }: Region, { leaves }: GroupBook): void {
  const known = {
    hospitals: new Set(hospitals.map(hospital => hospital.code)),
    groups: new Set(leaves.flatMap(leaf => [leaf.drg, leaf.adrg])),
  }
  for (const [b, { within = [] }] of budgets.entries()) {
    for (const [p, { cases }] of within.entries()) {
      for (const key of ['hospitals', 'groups'] as const) {
        const odd = cases?.[key]?.find(code => !known[key].has(code))
        if (odd === undefined) continue
        throw new Fault({
          code: 'REG-009',
          at: { file, field: `budgets.${b}.within.${p}.cases.${key}` },
          what: {
            zh: `没有编码为 ${odd} 的${key === 'groups' ? '病组' : '医疗机构'}。`,
            en: `There is no ${key === 'groups' ? 'group' : 'hospital'} ${odd}.`,
          },
          fix: {
            zh: key === 'groups' ? '请写分组方案中的 DRG、ADRG 或病种目录中的病种编码。' : '请写医疗机构表中的编码。',
            en:
              key === 'groups'
                ? 'Write a DRG or ADRG of the scheme, or a group of the DIP catalogue.'
                : 'Write a code of the hospitals file.',
          },
        })
      }
    }
  }
}

/** What scenarios of a region are checked against. */
export function scenarioTerms(region: Region, policy: Policy, groups?: readonly string[]): ScenarioTerms {
  const { budgets, hospitals, provisionalPointValue, year } = region
  return {
    policy,
    budgets,
    hospitals,
    provisional: provisionalPointValue,
    months: Array.from({ length: 12 }, (_, m) => `${year}-${String(m + 1).padStart(2, '0')}`),
    ids: [region.id, policy.id],
    ...(groups === undefined ? {} : { groups }),
  }
}

/** Refuses a scheme or catalogue that is not there. */
function checkScheme(name: string): void {
  if (isCatalogue(name)) loadCatalogue(name)
  else loadScheme(name)
}

/** The schemes that scenarios ask for. */
function schemesOf(scenarios: readonly Scenario[]): readonly string[] {
  return scenarios.flatMap(({ set, stack }) => [
    ...(typeof set.scheme === 'string' ? [set.scheme] : []),
    ...schemesOf(stack),
  ])
}

/** The region's cases under another scheme, with weights derived as the region derives its own. */
function regroupFiles(
  console: Console,
  region: Region,
  scheme: string,
  config: WeightConfig,
  { duplicates, map }: SettleOptions,
): Regrouped {
  const policy = loadPolicy(region.policy)
  const grouper = caseGrouper(scheme, auxiliaryFor(policy, region))
  const input = openCaseFiles(region.cases, { maps: map, newbornWeight: grouper.newbornWeight })
  const marks = region.marks === null ? undefined : readMarks(region.marks, policy)
  const { cases, payable } = withMarks(
    console,
    groupFiles(console, input, grouper, {
      need: 'settlement',
      year: region.year,
      duplicates,
      detailed: true,
      ids: marks !== undefined,
    }),
    true,
    marks,
  )
  const { weights, coefficients } = weigh(cases, listed(cases, region.hospitals), config, {
    configFile: region.weightConfig ?? undefined,
  })
  return { cases: payable, weights, coefficients }
}

/** Weights that rest on no case are none. */
export function needWeights({ statistics: { screening } }: Weighing, file: string): void {
  if (screening.used > 0) return
  const { ambiguous, notGrouped, invalid, withoutCost, otherInsurance, outsideYears, belowCost, longStay } = screening
  const outside = ambiguous + notGrouped + invalid
  const screened = belowCost + longStay
  throw new Fault({
    code: 'WGT-008',
    at: { file },
    what: {
      zh: `${screening.cases} 例中没有一例参与测算，算不出权重：未入组 ${outside}，无费用 ${withoutCost}，其他险种 ${otherInsurance}，其他年份 ${outsideYears}，费用过低或住院过长 ${screened}。`,
      en: `None of ${screening.cases} cases takes part, so there are no weights: ${outside} not grouped, ${withoutCost} without cost, ${otherInsurance} of other insurances, ${outsideYears} of other years, ${screened} with too low a cost or too long a stay.`,
    },
    fix: {
      zh: '请核对分组方案是否与病例编码相符，费用是否大于零，以及测算参数的 insurances、years 和 screen。',
      en: 'Check that the scheme fits the codes of the cases, that costs are above zero, and insurances, years and screen of the configuration.',
    },
  })
}

function nothingPaid(file: string, cases: number): Fault {
  return new Fault({
    code: 'REG-006',
    at: { file },
    what: {
      zh: `${cases} 例全部在支付范围之外，没有可结算的病例。`,
      en: `All ${cases} cases lie outside the pool; there is nothing to settle.`,
    },
    fix: {
      zh: '请核对分组方案，以及政策的 special 和 los。',
      en: 'Check the scheme, and special and los of the policy.',
    },
  })
}

/** Where policy, scheme and year do not go together. */
function mismatches({ year, hospitals, coefficients }: Region, policy: Policy, schemeId: string): Text[] {
  const { id, document } = policy
  const found: Text[] = []
  const { validFrom, validTo, scheme } = document
  if (validFrom > `${year}-01-01` || (validTo !== null && validTo < `${year}-12-31`)) {
    found.push({
      zh: `注意：政策 ${id} 的有效期（${validFrom} 至 ${validTo ?? '未定'}）不含 ${year} 全年`,
      en: `Note: policy ${id} (valid from ${validFrom} to ${validTo ?? 'open'}) does not cover all of ${year}`,
    })
  }
  const strangers = coefficients === null ? unlisted(policy, hospitals) : []
  if (strangers.length > 0) {
    const codes = strangers.slice(0, 5).map(hospital => hospital.code)
    const more = strangers.length > codes.length ? ' …' : ''
    found.push({
      zh: `注意：政策 ${id} 的系数表没有 ${strangers.length} 家医疗机构的${document.coefficient.kind === 'class' ? '类别（医疗机构表的 class 列）' : '级别或编码'}，其系数按 1 计：${codes.join('、')}${more}`,
      en: `Note: the coefficients of policy ${id} do not list the ${document.coefficient.kind === 'class' ? 'class (column class of the hospital table)' : 'level or code'} of ${strangers.length} hospitals, which count with 1: ${codes.join(', ')}${more}`,
    })
  }
  if (scheme !== null && scheme !== schemeId) {
    found.push({
      zh: `注意：政策 ${id} 是为分组方案 ${scheme} 制定的，而不是 ${schemeId}`,
      en: `Note: policy ${id} is written for scheme ${scheme}, not ${schemeId}`,
    })
  }
  return found
}

/** How the region derives weights, with the points and the kind of coefficient that the policy asks for. */
function configFor(policy: Policy, region: Region, isDip: boolean): WeightConfig {
  const config = readWeightConfig(region.weightConfig ?? (isDip ? home('policies', 'weights-dip.yaml') : undefined))
  const scale = policy.method === 'points' ? policy.scale.toNumber() : config.scale
  if (config.tables === 'perInsurance') throw oneTable(region.weightConfig ?? '')
  // Coefficients from a table are not derived; those by hospital only where the configuration says how.
  const isGiven = region.coefficients !== null || policy.coefficients !== null
  const ladder = isGiven ? undefined : ladderOf(policy)
  if (ladder !== undefined) return { ...config, scale, coefficient: { ...config.coefficient, ...ladder } }
  const own = tableKind(config.coefficient.kind) === 'hospital' ? config.coefficient.kind : 'none'
  const wanted = policy.coefficientKind
  const kind = isGiven || wanted === 'class' ? 'none' : wanted === 'hospital' ? own : wanted
  return { ...config, scale, coefficient: { ...config.coefficient, kind } }
}

function oneTable(file: string): Fault {
  return new Fault({
    code: 'WGT-017',
    at: { file, field: 'tables' },
    what: {
      zh: '结算用一套权重，测算参数却要求分险种各一套。',
      en: 'A settlement uses one table of weights; the configuration makes one for each insurance scheme.',
    },
    fix: {
      zh: '请把 tables 改为 pooled；分险种测算用 dianzhi weights。',
      en: 'Set tables to pooled; dianzhi weights makes tables by insurance scheme.',
    },
  })
}

/** Hospitals of the table that have cases, in the order of the cases' labels. */
function listed(cases: GroupedCases, hospitals: readonly Hospital[]): readonly Hospital[] {
  const used = new Set(cases.hospitals)
  return hospitals.filter(hospital => used.has(hospital.code))
}
