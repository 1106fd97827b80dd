import { Fault } from '../../messages/index.ts'
import { Decimal, parseYuan } from '../../numbers/index.ts'
import type { CoefficientTable, GroupedCases, Hospital, WeightTable } from '../../weights/index.ts'
import { placeIn } from '../place.ts'
import { tableOf } from '../policy/coefficients.ts'
import { compilePolicy, type Policy } from '../policy/policy.ts'
import { checkPrices, type Terms } from '../settle/check.ts'
import { poolClasses } from '../settle/classes.ts'
import { type Ledger, ledgerOf } from '../settle/ledger.ts'
import { divideRegion, type RegionInput, type Settlement, type ValuedRegion, valueRegion } from '../settle/region.ts'
import { checkLabels, type Segment, segmentsOf } from './apply.ts'
import { checkAssumptions } from './assumption.ts'
import { changeCases, pickCases } from './cases.ts'
import type { Change } from './change.ts'
import { countedCases, type Growth } from './counted.ts'
import { deepFreeze, type Parameters, parametersOf } from './parameters.ts'
import { matchPaths } from './path.ts'
import { layersOf, type Scenario } from './scenario.ts'
import { changedTables } from './tables.ts'
import { addLedgers, scaleCells, scaleLedger } from './volume.ts'
import { volumesOf } from './volumes.ts'

/** What the cases of a region are under another scheme. */
export type Regrouped = Pick<RegionInput, 'cases' | 'weights' | 'coefficients'>

/** What a scenario may need beyond a settled region. */
export interface Means {
  /** Groups the region's cases by another scheme and derives its weights. */
  readonly regroup?: (scheme: string) => Regrouped
  /** Derives weights and coefficients from changed cases as the region does from its own. */
  readonly reweigh?: (
    cases: GroupedCases,
    hospitals: readonly Hospital[],
  ) => Pick<Regrouped, 'weights' | 'coefficients'>
}

/** A settled region that scenarios start from. */
export interface Baseline {
  readonly input: RegionInput
  readonly parameters: Parameters
  readonly valued: ValuedRegion
  readonly settlement: Settlement
  /** Coefficients that the policy uses: its own, or those that the weights give. */
  readonly coefficients: CoefficientTable
  readonly means: Means
}

/** What a scenario needs of its baseline: of the cases' values only their sums. */
export interface Start extends Omit<Baseline, 'valued' | 'settlement'> {
  readonly valued: Pick<ValuedRegion, 'ledger'>
  readonly settlement: SettledPart
}

/** What comparisons read of a settlement. */
export type SettledPart = Pick<Settlement, 'hospitals' | 'months' | 'pools' | 'parts'>

/** The latest stage that a change touches: division of pools, sums, value of cases, the cases themselves, their groups. */
export type Stage = 'divide' | 'volume' | 'value' | 'cases' | 'group'

const STAGES: readonly Stage[] = ['divide', 'volume', 'value', 'cases', 'group']

export interface Outcome {
  readonly scenario: Scenario
  /** The parameters by period of the year. */
  readonly segments: readonly Segment[]
  readonly stage: Stage
  /** What the last segment is settled with. */
  readonly policy: Policy
  readonly weights: WeightTable
  readonly coefficients: CoefficientTable
  /** ADRG of each group. */
  readonly parents: readonly string[]
  readonly ledger: Ledger
  readonly settlement: Settlement
}

/** Settles a region once and keeps what scenarios need. */
export function createBaseline(input: RegionInput, means: Means = {}): Baseline {
  const listed = new Set(input.cases.hospitals)
  const parameters = parametersOf({
    policy: input.policy.document,
    budgets: input.budgets,
    hospitals: input.hospitals.filter(({ code }) => listed.has(code)),
  })
  const valued = valueRegion(input)
  const coefficients = tableOf(input.policy, input.coefficients, input.cases, input.hospitals)
  return { input, parameters, valued, settlement: deepFreeze(divideRegion(valued.ledger, input)), coefficients, means }
}

/** What is known of a region before its cases are read. */
export interface ScenarioTerms extends Terms {
  /** Months of the settlement, 'YYYY-MM'. */
  readonly months: readonly string[]
  /** Codes of the groups. */
  readonly groups?: readonly string[]
  /** Ids under which scenarios may name it as their baseline. */
  readonly ids?: readonly string[]
}

/** Checks scenarios against what is known before the cases are read: paths, values, labels, prices under a new policy. */
export function checkScenarios(terms: ScenarioTerms, scenarios: readonly Scenario[]): void {
  const { policy, budgets, hospitals, months, groups } = terms
  const parameters = parametersOf({ policy: policy.document, budgets, hospitals })
  for (const scenario of scenarios) {
    for (const layer of layersOf(scenario)) {
      checkBaseline(layer, terms.ids)
      checkAssumptions(layer)
    }
    for (const segment of segmentsOf(parameters, scenario, months)) {
      checkPrices({ ...terms, policy: compilePolicy(segment.parameters.policy) })
      checkLabels(scenario, segment.parameters, {
        hospital: hospitals.map(({ code }) => code),
        level: [...new Set(hospitals.map(({ level }) => level))],
        insurance: budgets.map(({ insurance }) => insurance),
        month: months,
        ...(groups === undefined || segment.parameters.scheme !== parameters.scheme ? {} : { group: groups }),
      })
    }
  }
}

function checkBaseline({ file, baseline }: Scenario, ids: readonly string[] = []): void {
  if (baseline === null || ids.length === 0 || ids.includes(baseline)) return
  throw new Fault({
    code: 'SCN-013',
    at: placeIn(file, ['baseline']),
    what: {
      zh: `该情景是为 ${baseline} 写的，而当前基线是 ${ids.join('、')}。`,
      en: `The scenario is written for ${baseline}; the baseline is ${ids.join(', ')}.`,
    },
    fix: { zh: '请改用对应的地区文件，或修改 baseline。', en: 'Use the region that it names, or change baseline.' },
  })
}

/**
 * Settles the region under a scenario, from the latest stage that it touches. With `growth` volume caps count the cases so,
 * while everything else stays as the scenario has it: the ledger is then to be multiplied by the same factors.
 */
export function runScenario(baseline: Start, scenario: Scenario, growth?: Growth): Outcome {
  const { input } = baseline
  const segments = segmentsOf(baseline.parameters, scenario, input.cases.months)
  const stage = STAGES[Math.max(...segments.map(({ parameters }) => stageOf(baseline.parameters, parameters)))]!
  const runs = segments.map(segment => runSegment(baseline, segment, segments.length > 1, growth))
  const ledger = addLedgers(runs.map(run => run.ledger))
  const { policy, weights, coefficients, parents } = runs.at(-1)!
  const budgets = Object.entries(segments[0]!.parameters.budget).map(([insurance, { fund }]) => ({
    ...input.budgets.find(budget => budget.insurance === insurance),
    insurance,
    fund: parseYuan(fund) ?? 0,
  }))
  const settlement = divideRegion(ledger, { ...input, policy, budgets })
  return { scenario, segments, stage, policy, weights, coefficients, parents, ledger, settlement }
}

/** The parameters that only the case files, or the way weights are derived, can answer for. */
const OF_MEANS = { scheme: '', weights: { from: '' } }

/** Whether a scenario sets one of them, so that threads, which have neither, cannot run it. */
export function needsMeans(scenario: Scenario): boolean {
  return layersOf(scenario).some(({ set }) =>
    Object.keys(set).some(pattern => matchPaths(OF_MEANS, pattern).length > 0),
  )
}

/** The ledger of one stretch of months; of all months where there is one stretch. */
function runSegment(
  baseline: Start,
  { months, parameters }: Segment,
  isPart: boolean,
  growth: Growth | undefined,
): Pick<Outcome, 'policy' | 'weights' | 'coefficients' | 'parents' | 'ledger'> {
  const stage = stageOf(baseline.parameters, parameters)
  const policy = compilePolicy(parameters.policy)
  const grouped = stage === GROUP ? regroup(baseline, parameters.scheme) : baseline.input
  const input = { ...baseline.input, ...grouped, policy }
  const { parents } = input.cases
  const changes = allChanges(parameters)
  const isVolume = onlyVolume(changes)
  const { factors, at } = volumesOf(parameters, isVolume ? Object.values(changes) : [], input.cases, input.hospitals)
  // Volume caps count cases as the scenario leaves them.
  const hasCaps = policy.rules.volumeCap.size > 0
  if (stage <= VOLUME && !isPart && (!hasCaps || (stage < VOLUME && growth === undefined))) {
    const { weights } = input
    const { coefficients } = baseline
    return { policy, weights, coefficients, parents, ledger: scaleCells(baseline.valued.ledger, factors, at) }
  }
  const own = isPart ? inMonths(input.cases, months) : input.cases
  const given = isVolume ? {} : changes
  const means = { hospitals: input.hospitals, weights: input.weights }
  const changed = changeCases(own, given, means)
  const counted = hasCaps
    ? countedCases(isPart ? changeCases(input.cases, given, means) : changed, factors, at, growth)
    : undefined
  const derived = parameters.weights.from === 'cases' ? reweigh(baseline, changes, input) : input
  const tables = changedTables({ ...input, ...derived }, policy, parameters)
  const { values, ledger } = valueRegion({ ...input, ...tables, cases: changed.cases, counted })
  const whole =
    changed.factors.length === 1
      ? ledger
      : addLedgers(
          changed.factors.map((factor, f) => {
            const order = Uint32Array.from(changed.factorOf.keys()).filter(i => changed.factorOf[i] === f)
            const part = pickCases(changed.cases, order)
            const columns = {
              class: Uint8Array.from(order, i => values.class[i]!),
              points: Float64Array.from(order, i => values.points[i]!),
              paid: Float64Array.from(order, i => values.paid[i]!),
              fundShare: values.fundShare && {
                points: Float64Array.from(order, i => values.fundShare!.points[i]!),
                paid: Float64Array.from(order, i => values.fundShare!.paid[i]!),
              },
            }
            return scaleLedger(ledgerOf(part, columns, poolClasses(policy)), factor)
          }),
        )
  return { policy, ...tables, parents, ledger: scaleCells(whole, factors, at) }
}

function inMonths(cases: GroupedCases, months: readonly string[]): GroupedCases {
  const wanted = Uint8Array.from(cases.months, month => (months.includes(month) ? 1 : 0))
  return pickCases(
    cases,
    Uint32Array.from({ length: cases.count }, (_, i) => i).filter(i => wanted[cases.month[i]!] === 1),
  )
}

/** The cost factors as changes like any other, before the named ones. */
export function allChanges({ region, level, insurance, hospital, changes }: Parameters): Record<string, Change> {
  const shifts = [
    ['region', {}, region.cost] as const,
    ...Object.entries(level).map(([key, { cost }]) => [`level.${key}`, { level: [key] }, cost] as const),
    ...Object.entries(insurance).map(([key, { cost }]) => [`insurance.${key}`, { insurance: [key] }, cost] as const),
    ...Object.entries(hospital).map(([key, { cost }]) => [`hospital.${key}`, { hospital: [key] }, cost] as const),
  ]
  const costs = shifts.flatMap(([name, where, factor]): [string, Change][] =>
    factor === '1' || new Decimal(factor).eq(1) ? [] : [[name, { kind: 'cost', where, factor, share: '1' }]],
  )
  return { ...Object.fromEntries(costs), ...changes }
}

/** Whether changes move numbers of cases only: the sums then suffice, whatever their order. */
export function onlyVolume(changes: Readonly<Record<string, Change>>): boolean {
  return Object.values(changes).every(change => change.kind === 'volume')
}

function regroup({ means }: Start, scheme: string): Regrouped {
  if (means.regroup !== undefined) return means.regroup(scheme)
  throw new Error('a scenario with another scheme needs the case files')
}

/** Weights derived again from the cases of the whole year as the segment's changes leave them; volumes do not count. */
function reweigh(
  baseline: Start,
  changes: Readonly<Record<string, Change>>,
  input: RegionInput,
): Pick<Regrouped, 'weights' | 'coefficients'> {
  if (baseline.means.reweigh === undefined) throw new Error('a scenario with new weights needs the way to derive them')
  const { cases } = changeCases(input.cases, changes, input)
  return baseline.means.reweigh(cases, input.hospitals)
}

/** Policy fields that no case depends on: they matter to the division, the clearing or the reader only. */
const AFTER_CASES: ReadonlySet<string> = new Set([
  'patientShare', 'payRatio', 'negativeDue', 'pools', 'pvMin', 'pvMax', 'pvDecimals', 'pvRounding', 'closeRatio', 'cycle', 'appraisal', 'control', 'sharing', 'documentedJumps', 'title', 'version', 'validFrom', 'validTo',
  'policyBasis', 'scheme', 'id',
]) // biome-ignore format: one list

/** The part of a policy that the value of a case may depend on. */
export function casePolicy(policy: Parameters['policy']): unknown {
  return Object.fromEntries(Object.entries(policy).filter(([key]) => !AFTER_CASES.has(key)))
}

/** That part without the cost bands; the low formula stays, since cases without a group may be paid by it. */
export function withoutBands(policy: Parameters['policy']): unknown {
  return [casePolicy({ ...policy, low: null, taper: null, high: null, linearBands: null }), policy.low?.formula]
}

const [VOLUME, VALUE, CASES, GROUP] = [1, 2, 3, 4] as const

/** Position in `STAGES` of the latest stage that differs. */
function stageOf(before: Parameters, after: Parameters): number {
  const isSame = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)
  if (before.scheme !== after.scheme) return GROUP
  const changes = allChanges(after)
  if (!onlyVolume(changes)) return CASES
  const [old, now] = [before.policy, after.policy] as unknown as [Record<string, unknown>, Record<string, unknown>]
  const isPolicySame = Object.keys({ ...old, ...now }).every(key => AFTER_CASES.has(key) || isSame(old[key], now[key]))
  if (!isPolicySame || !isSame(before.coefficient, after.coefficient) || !isSame(before.weights, after.weights))
    return VALUE
  const shifts = ['region', 'level', 'insurance', 'hospital'] as const
  const isStill = Object.keys(changes).length === 0 && shifts.every(key => isSame(before[key], after[key]))
  return isStill ? 0 : VOLUME
}
