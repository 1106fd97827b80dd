import type { Text } from '../../messages/index.ts'
import type { CaseBatch } from '../cases/batch.ts'
import { idText } from '../drg/result.ts'
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
  const values = rule.shows.map(shown => {
    if (!isFact(shown)) {
      const codes = codesOf(checker, spot.batch, spot.i, shown)
      return guilty(isProcedure(shown) ? checker.px : checker.dx, lists.get(shown)!, codes).join('|')
    }
    if (shown === 'repairedCodes') return spot.repairs.join('|')
    const text = factText(shown, row.values[FACT[shown]]!)
    return several ? `${shown}=${text}` : text
  })
  return {
    id: idText(spot.batch, spot.i),
    hospital: spot.hospital,
    rule: rule.id,
    severity: regrade.find(({ when }) => when(row))?.severity ?? rule.severity,
    field,
    value: values.join(' ').trim(),
    message,
  }
}

interface FieldCode {
  readonly text: string
  readonly id: number
}

/** The codes of a field that are in one of the lists that the condition names for it, or all of them. */
function guilty(index: CodeIndex, lists: readonly number[], codes: readonly FieldCode[]): string[] {
  const { bits, words } = index
  const hit = codes.filter(({ id }) =>
    lists.some(list => ((bits[id * words + (list >> 5)]! >>> (list & 31)) & 1) === 1),
  )
  return (hit.length > 0 ? hit : codes).map(({ text }) => text)
}

function isProcedure(field: CodeFieldName): boolean {
  return CODE_FIELDS.indexOf(field) >= 3
}

function codesOf(checker: Checker, batch: CaseBatch, i: number, field: CodeFieldName): FieldCode[] {
  const isPx = isProcedure(field)
  const starts = isPx ? batch.pxStart : batch.dxStart
  const ids = (isPx ? batch.px : batch.dx).subarray(starts[i], starts[i + 1])
  const main = field === 'main' || field === 'mainProcedure'
  const others = field === 'others' || field === 'otherProcedures'
  const wanted = main ? ids.subarray(0, 1) : others ? ids.subarray(1) : ids
  return [...wanted].filter(id => id > 0).map(id => ({ id, text: codeText(isPx ? checker.px : checker.dx, id) }))
}
