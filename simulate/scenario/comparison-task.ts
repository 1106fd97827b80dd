import { workerData } from 'piscina'
import { Fault, type FaultFacts } from '../../messages/index.ts'
import { Decimal } from '../../numbers/index.ts'
import { tableOf } from '../policy/coefficients.ts'
import type { Ledger } from '../settle/ledger.ts'
import { comparer, type ScenarioComparison } from './compare.ts'
import { type PackedGround, unpackGround } from './pack.ts'
import { dataOf, type Plain, plainOf } from './plain.ts'
import { runScenario, type Start } from './run.ts'
import type { Scenario } from './scenario.ts'

/** A baseline as threads are handed it. */
export interface PackedStart {
  readonly ground: PackedGround
  readonly ledger: Ledger
  readonly settlement: Plain
  readonly threshold: string
  /** The region file, for messages. */
  readonly file: string | undefined
}

/** The comparison of a scenario, or the fault in it: of an error that is thrown only the message comes through. */
export type ComparisonAnswer = { readonly comparison: Plain } | { readonly fault: FaultFacts }

let compared: ((scenario: Scenario) => ScenarioComparison) | undefined

/** Entry of a worker thread: runs a scenario and compares it with the baseline. */
export default function run(scenario: Scenario): ComparisonAnswer {
  compared ??= open(workerData as PackedStart)
  try {
    return { comparison: plainOf(compared(scenario)) }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const { code, at, what, fix, status } = error
    return { fault: { code, at, what, fix, status } }
  }
}

function open(packed: PackedStart): (scenario: Scenario) => ScenarioComparison {
  const start = unpackStart(packed)
  const compare = comparer(start, new Decimal(packed.threshold))
  return scenario => compare(runScenario(start, scenario))
}

function unpackStart({ ground, ledger, settlement, file }: PackedStart): Start {
  const { input, parameters } = unpackGround(ground)
  const coefficients = tableOf(input.policy, input.coefficients, input.cases, input.hospitals)
  return {
    input: { ...input, file },
    parameters,
    valued: { ledger },
    settlement: dataOf(settlement),
    coefficients,
    means: {},
  }
}
