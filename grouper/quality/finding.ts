import type { Text } from '../../messages/index.ts'
import type { CaseBatch } from '../cases/batch.ts'
import { idText } from '../cases/row-bytes.ts'
import { type Checker, type CompiledRule, isFact } from './checker.ts'
import { type CodeIndex, codeText } from './code-index.ts'
import { type CodeFieldName, PX_FIELDS } from './condition.ts'
import { FACT, factText } from './facts.ts'
import type { Severity } from './rules.ts'

/** Something a rule found in a case. Holds no personal data beyond the id of the case. */
export interface QualityFinding {
  readonly id: string
  readonly hospital: string
  readonly rule: string
  readonly severity: Severity
  /** Fields that the rule looked at, `+` between them. */
  readonly field: string
  readonly value: string
  readonly message: Text
}

/** Cases of a batch that are checked. */
export interface CheckedCases {
  readonly batch: CaseBatch
  /** Hospitals by label of the batch. */
  readonly hospitals: readonly string[]
  /** Codes that were repaired, as `before → after`, by row. */
  readonly repairs: ReadonlyMap<number, readonly string[]>
}

/** Takes the findings of batches, in the order of their cases and, for one case, of the rules. */
export interface FindingReceiver {
  /** Findings of these cases follow. */
  open(checker: Checker, cases: CheckedCases): void
  /** One finding; `checker.row` has the facts of the case where the rule shows facts. */
  found(rule: CompiledRule, severity: Severity, row: number): void
  /** The batch is done and will be reused. */
  close(): void
}

/** Calls a function for each finding. */
export function eachFinding(found: (finding: QualityFinding) => void): FindingReceiver {
  let now: { checker: Checker; cases: CheckedCases } | undefined
  return {
    open(checker, cases) {
      now = { checker, cases }
    },
    found(rule, severity, row) {
      found(findingOf(now!.checker, rule, severity, now!.cases, row))
    },
    close() {
      now = undefined
    },
  }
}

/** The severity of a finding in the case whose facts and lists stand in `checker.row`. */
export function severityOf(checker: Checker, { rule, regrade }: CompiledRule): Severity {
  for (const { when, severity } of regrade) if (when(checker.row)) return severity
  return rule.severity
}

export function findingOf(
  checker: Checker,
  { rule, field, message, lists }: CompiledRule,
  severity: Severity,
  cases: CheckedCases,
  row: number,
): QualityFinding {
  const { batch, hospitals, repairs } = cases
  const several = rule.shows.length > 1
  let value = ''
  for (const shown of rule.shows) {
    let text: string
    if (!isFact(shown)) text = guiltyCodes(checker, lists.get(shown)!, batch, row, shown)
    else if (shown === 'repairedCodes') text = (repairs.get(row) ?? []).join('|')
    else {
      const fact = factText(shown, checker.row.values[FACT[shown]]!)
      text = several ? `${shown}=${fact}` : fact
    }
    value += value === '' ? text : ` ${text}`
  }
  return {
    id: idText(batch, row),
    hospital: hospitals[batch.hospital[row]!] ?? '',
    rule: rule.id,
    severity,
    field,
    value: value.trim(),
    message,
  }
}

/** The codes of a field that are in one of the lists that the condition names for it, or all of them. */
function guiltyCodes(
  checker: Checker,
  lists: readonly number[],
  batch: CaseBatch,
  row: number,
  field: CodeFieldName,
): string {
  const isPx = PX_FIELDS.includes(field)
  const starts = isPx ? batch.pxStart : batch.dxStart
  const ids = isPx ? batch.px : batch.dx
  const index = isPx ? checker.px : checker.dx
  const { from, to } = cellsOf(field, starts[row]!, starts[row + 1]!)
  let hit = ''
  let all = ''
  for (let k = from; k < to; k++) {
    const id = ids[k]!
    if (id === 0) continue
    const text = codeText(index, id)
    all += all === '' ? text : `|${text}`
    if (inSome(index, lists, id)) hit += hit === '' ? text : `|${text}`
  }
  return hit === '' ? all : hit
}

/** The codes that are in a field, of those from `first` to `last - 1` of its kind. */
export function cellsOf(field: CodeFieldName, first: number, last: number): { from: number; to: number } {
  const others = field === 'others' || field === 'otherProcedures'
  const main = field === 'main' || field === 'mainProcedure'
  return { from: others ? first + 1 : first, to: main ? Math.min(first + 1, last) : last }
}

function inSome({ bits, words }: CodeIndex, lists: readonly number[], id: number): boolean {
  for (const list of lists) if (((bits[id * words + (list >> 5)]! >>> (list & 31)) & 1) === 1) return true
  return false
}
