import type { Text } from '../../messages/index.ts'
import type { CaseBatch } from '../cases/batch.ts'
import { idText } from '../cases/row-bytes.ts'
import { type Checker, type CompiledRule, isFact } from './checker.ts'
import { type CodeIndex, codeText } from './code-index.ts'
import { CODE_FIELDS, type CodeFieldName } from './condition.ts'
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

/** Where a finding was made. */
interface Spot {
  readonly batch: CaseBatch
  readonly i: number
  readonly hospital: string
  readonly repairs: readonly string[]
}

export function findingOf(checker: Checker, compiled: CompiledRule, spot: Spot): QualityFinding {
  const { rule, regrade, field, message, lists } = compiled
  const { row } = checker
  const several = rule.shows.length > 1
  let value = ''
  for (const shown of rule.shows) {
    let text: string
    if (!isFact(shown)) text = guiltyCodes(checker, lists.get(shown)!, spot, shown)
    else if (shown === 'repairedCodes') text = spot.repairs.join('|')
    else {
      const fact = factText(shown, row.values[FACT[shown]]!)
      text = several ? `${shown}=${fact}` : fact
    }
    value += value === '' ? text : ` ${text}`
  }
  let { severity } = rule
  for (const { when, severity: other } of regrade) {
    if (!when(row)) continue
    severity = other
    break
  }
  return {
    id: idText(spot.batch, spot.i),
    hospital: spot.hospital,
    rule: rule.id,
    severity,
    field,
    value: value.trim(),
    message,
  }
}

/** The codes of a field that are in one of the lists that the condition names for it, or all of them. */
function guiltyCodes(checker: Checker, lists: readonly number[], spot: Spot, field: CodeFieldName): string {
  const isPx = CODE_FIELDS.indexOf(field) >= 3
  const { batch, i } = spot
  const starts = isPx ? batch.pxStart : batch.dxStart
  const ids = isPx ? batch.px : batch.dx
  const index = isPx ? checker.px : checker.dx
  const first = starts[i]!
  const last = starts[i + 1]!
  const others = field === 'others' || field === 'otherProcedures'
  const main = field === 'main' || field === 'mainProcedure'
  const from = others ? first + 1 : first
  const to = main ? Math.min(first + 1, last) : last
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

function inSome({ bits, words }: CodeIndex, lists: readonly number[], id: number): boolean {
  for (const list of lists) if (((bits[id * words + (list >> 5)]! >>> (list & 31)) & 1) === 1) return true
  return false
}
