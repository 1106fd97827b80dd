import { checkOutputs, home } from '../files/index.ts'
import { type CaseFiles, openCaseFiles } from '../formats/index.ts'
import { isCatalogue } from '../grouper/index.ts'
import type { Text } from '../messages/index.ts'
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
  type Region,
  type Regrouped,
  readMarks,
  readRegion,
  readScenario,
  type ScenarioTerms,
  setsApart,
  tableOf,
  withPointValues,
} from '../simulate/index.ts'
import {
  alignCoefficients,
  checkComposite,
  readCoefficientTable,
  readHospitalIndices,
  readWeightConfig,
  tableKind,
  type Weighing,
  type WeightConfig,
  weigh,
} from '../weights/index.ts'
import { checkColumns } from './case-files.ts'
import { caseGrouper } from './case-grouper.ts'
import { openInput } from './case-input.ts'
import { type Console, tell } from './console.ts'
import { auxiliaryFor, dipNotices, givenWeights, monthlyValues, schemePath } from './dip-region.ts'
import { checkEarlier, type EarlierCases, earlierCases, earlierNotice, listed } from './earlier-cases.ts'
import type { SchemeNames } from './group-names.ts'
import { type Duplicates, type GroupedFiles, groupFiles, withMarks } from './grouped-files.ts'
import { outputsIn } from './outputs.ts'
import { type Overrides, overridden } from './overrides.ts'
import {
  checkParts,
  checkSchemes,
  checkTables,
  mismatches,
  needWeights,
  nothingPaid,
  reclassifiedNotice,
  regionInputs,
} from './region-checks.ts'

/** A region, grouped, weighed, settled and cleared. */
export interface SettledRegion extends GroupedFiles {
  readonly region: Region
  readonly policy: Policy
  readonly weighing: Weighing
  readonly config: WeightConfig
  /** Cases of earlier years that the coefficients rest on; null: those of this year. */
  readonly earlier: EarlierCases | null
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
  checkEarlier(region, policy, config)
  const scenarios = options.scenarios ?? []
  if (options.out !== undefined) {
    const inputs = [...regionInputs(file, region), ...(options.map ?? []), ...scenarios]
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
  checkSchemes(read, schemeOf)
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
  const { hospitalFile } = region
  const own = weigh(grouped.cases, listed(grouped.cases, hospitals), config, { indices, configFile, hospitalFile })
  const earlier = earlierCases(console, { region, policy }, grouper, config, options)
  const weighing = earlier === null ? own : { ...own, coefficients: earlier.coefficients }
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
      file: region.file,
    },
    {
      reweigh(cases) {
        const again = weigh(cases, listed(cases, hospitals), config, { configFile, hospitalFile })
        return earlier === null ? again : { ...again, coefficients: earlier.coefficients }
      },
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
    ...earlierNotice(region, policy),
    ...mismatches(region, policy, book.schemeId),
    ...dipNotices(policy, grouper),
    ...(reclassified === undefined ? [] : [reclassifiedNotice(reclassified)]),
  ]
  for (const notice of notices) tell(console, notice)
  const specialtyName = (letter: string): string => grouper.specialties.get(letter) ?? ''
  const scoresOf = given === undefined || region.weights !== null ? null : book.schemeId
  const { names } = grouper
  return { ...grouped, region, policy, weighing, config, earlier, baseline, clearings, outside, specialtyName, notices, scoresOf, caseFiles: input, names } // biome-ignore format: one line
}

/** The policy of a region; its own provisional point value takes the place of the pack's year-start value. */
function regionPolicy({ policy, provisionalPointValue, budgets }: Region): Policy {
  const insurances = budgets.map(({ insurance }) => insurance)
  const loaded = loadPolicy(policy)
  return loaded.method === 'rate' ? loaded : withPointValues(loaded, provisionalPointValue, insurances)
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
    hospitalFile: region.hospitalFile,
  })
  const earlier = earlierCases(console, { region, policy }, grouper, config, { duplicates, map })
  return { cases: payable, weights, coefficients: earlier?.coefficients ?? coefficients }
}

/** How the region derives weights, with the points and the kind of coefficient that the policy asks for. */
function configFor(policy: Policy, region: Region, isDip: boolean): WeightConfig {
  const config = readWeightConfig(region.weightConfig ?? (isDip ? home('policies', 'weights-dip.yaml') : undefined))
  const scale = policy.method === 'points' ? policy.scale.toNumber() : config.scale
  checkTables(config, region)
  // Coefficients from a table are not derived; those by hospital only where the configuration says how.
  const isGiven = region.coefficients !== null || policy.coefficients !== null
  const ladder = isGiven ? undefined : ladderOf(policy)
  if (ladder !== undefined) return { ...config, scale, coefficient: { ...config.coefficient, ...ladder } }
  const own = ['hospital', 'groupHospital'].includes(tableKind(config.coefficient.kind))
    ? config.coefficient.kind
    : 'none'
  const wanted = policy.coefficientKind
  const kind = isGiven || wanted === 'class' ? 'none' : wanted === 'hospital' ? own : wanted
  return { ...config, scale, coefficient: { ...config.coefficient, kind } }
}
