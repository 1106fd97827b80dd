import { z } from 'zod'
import { issueOf } from '../../files/index.ts'
import { Fault, type Text } from '../../messages/index.ts'
import type { Case } from '../cases/case.ts'
import { createCatalogue, withMatching } from './catalogue.ts'
import { type DipExplanation, explainDip } from './explain.ts'
import { scopeTerms } from './list-rows.ts'
import { matchCase } from './match.ts'
import type { DipOutcome } from './outcome.ts'
import type { DipCatalogue, DipLists, ExcludedOperation, ExclusionRule, OperationProperty } from './types.ts'

/** The document of grouping cases with their expected results, as `docs/dip.md` shows it. */
export interface DipCasesDocument {
  readonly lists?:
    | {
        readonly excludedDiagnoses?: string[] | undefined
        readonly excludedOperations?: { code: string; rule: string; scope?: string | undefined }[] | undefined
        readonly operationProperties?: { code: string; property: string }[] | undefined
        readonly drugResistant?: string[] | undefined
      }
    | undefined
  readonly cases: readonly DipCheckCase[]
}

interface DipCheckCase {
  readonly id: string
  readonly rules?: string[] | undefined
  readonly principalDiagnosis: string
  readonly otherDiagnoses?: string[] | undefined
  readonly operations?: string[] | undefined
  readonly ageYears?: number | undefined
  readonly ageDays?: number | undefined
  readonly birthWeightG?: number | undefined
  readonly losDays?: number | undefined
  /** In yuan. */
  readonly totalCost?: number | undefined
  readonly expected: {
    readonly status: string
    readonly group?: string | null | undefined
    readonly candidates?: string[] | undefined
    readonly suggestedDefault?: string | undefined
  }
}

const code = z.string()
const amount = z.number().min(0).optional()
const schema: z.ZodType<DipCasesDocument> = z.looseObject({
  lists: z
    .looseObject({
      excludedDiagnoses: z.array(code).optional(),
      excludedOperations: z.array(z.looseObject({ code, rule: z.string(), scope: z.string().optional() })).optional(),
      operationProperties: z.array(z.looseObject({ code, property: z.string() })).optional(),
      drugResistant: z.array(code).optional(),
    })
    .optional(),
  cases: z.array(
    z.looseObject({
      id: z.string(),
      rules: z.array(z.string()).optional(),
      principalDiagnosis: code,
      otherDiagnoses: z.array(code).optional(),
      operations: z.array(code).optional(),
      ageYears: amount,
      ageDays: amount,
      birthWeightG: amount,
      losDays: amount,
      totalCost: amount,
      expected: z.looseObject({
        status: z.string(),
        group: z.string().nullish(),
        candidates: z.array(code).optional(),
        suggestedDefault: code.optional(),
      }),
    }),
  ),
})

/** One case of a document and whether the matcher agrees. */
export interface DipCaseCheck {
  readonly id: string
  readonly rules: readonly string[]
  readonly passed: boolean
  /** As texts: `grouped BX-589`, `tie BX-660|BX-661 → BX-660`. */
  readonly expected: string
  readonly found: string
  readonly outcome: DipOutcome
  /** How the matcher came to it; of cases that do not pass. */
  readonly explanation?: DipExplanation
}

/**
 * Groups the cases of a document under a catalogue and compares with what they expect. Lists of the document take the
 * place of the catalogue's; with operation properties, comprehensive groups are formed. Throws DIP-017 for a document of
 * another shape.
 */
export function verifyDipCases(catalogue: DipCatalogue, document: unknown): DipCaseCheck[] {
  const { lists, cases } = parseCases(document)
  const under = catalogueFor(catalogue, lists)
  return cases.map(each => {
    const given = caseOf(each)
    const outcome = matchCase(under, given)
    const { expected } = each
    const found = statusOf(outcome)
    const passed =
      found === expected.status &&
      (expected.status === 'tie'
        ? sameCodes(outcome.candidates, expected.candidates ?? []) &&
          (expected.suggestedDefault === undefined || outcome.code === expected.suggestedDefault)
        : !GROUPED.has(found) || expected.group === undefined || outcome.code === expected.group)
    return {
      id: each.id,
      rules: each.rules ?? [],
      passed,
      expected: told(expected.status, expected.candidates ?? [], expected.suggestedDefault ?? expected.group ?? ''),
      found: told(found, outcome.candidates, GROUPED.has(found) ? outcome.code : ''),
      outcome,
      ...(passed ? {} : { explanation: explainDip(under, given) }),
    }
  })
}

const GROUPED: ReadonlySet<string> = new Set(['grouped', 'comprehensive', 'tie', 'blank'])

function told(status: string, candidates: readonly string[], group: string): string {
  const parts = [status, candidates.join('|'), candidates.length > 0 && group !== '' ? `→ ${group}` : group]
  return parts.filter(part => part !== '').join(' ')
}

function sameCodes(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && [...a].sort().join() === [...b].sort().join()
}

/** The status of an outcome in the words of such documents. */
function statusOf({ status, reason, type, candidates }: DipOutcome): string {
  if (reason === 'diagnosis-excluded') return 'excluded-diagnosis'
  if (status !== 'grouped') return status === 'invalid' ? 'invalid' : 'ungrouped'
  if (type !== 'core') return type
  return candidates.length > 0 ? 'tie' : 'grouped'
}

function caseOf(given: DipCheckCase): Case {
  const { ageYears, ageDays, birthWeightG, losDays, totalCost } = given
  return {
    diagnoses: [given.principalDiagnosis, ...(given.otherDiagnoses ?? [])],
    procedures: given.operations ?? [],
    ...(ageYears === undefined ? {} : { ageYears }),
    ...(ageDays === undefined ? {} : { ageDays }),
    ...(birthWeightG === undefined ? {} : { weight: birthWeightG }),
    ...(losDays === undefined ? {} : { losDays }),
    ...(totalCost === undefined ? {} : { totalCost: Math.round(totalCost * 100) }),
  }
}

const RULES: Readonly<Record<string, ExclusionRule>> = {
  按保守治疗入组: 'conservative',
  不可作为主要手术操作: 'not-main',
  限范围可作主要手术操作: 'limited',
}

const PROPERTIES: Readonly<Record<string, OperationProperty>> = {
  手术: 'surgery',
  介入: 'intervention',
  治疗性操作: 'therapeutic',
  诊断性操作: 'diagnostic',
  无: 'none',
  其他: 'none',
}

/** The catalogue with the lists of a document. */
function catalogueFor(catalogue: DipCatalogue, given: DipCasesDocument['lists']): DipCatalogue {
  if (given === undefined) return catalogue
  const excludedOperations = given.excludedOperations?.map((entry): [string, ExcludedOperation] => {
    const rule = RULES[entry.rule]
    const scope = scopeTerms(entry.scope ?? '')
    if (rule === undefined || scope === undefined)
      throw unreadable(`lists.excludedOperations ${entry.code}`, { zh: entry.rule, en: entry.rule })
    return [entry.code, { code: entry.code, rule, scope }]
  })
  const properties = given.operationProperties?.map((entry): [string, OperationProperty] => {
    const property = PROPERTIES[entry.property]
    if (property === undefined)
      throw unreadable(`lists.operationProperties ${entry.code}`, { zh: entry.property, en: entry.property })
    return [entry.code, property]
  })
  const lists: DipLists = {
    ...catalogue.lists,
    ...(given.excludedDiagnoses === undefined ? {} : { excludedDiagnoses: new Set(given.excludedDiagnoses) }),
    ...(excludedOperations === undefined ? {} : { excludedOperations: new Map(excludedOperations) }),
    ...(properties === undefined ? {} : { properties: new Map(properties) }),
    ...(given.drugResistant === undefined ? {} : { drugResistant: new Set(given.drugResistant) }),
  }
  const extended = createCatalogue(catalogue.manifest, catalogue.groups, lists)
  const forms = properties !== undefined && catalogue.manifest.matching.comprehensive === 'none'
  return forms ? withMatching(extended, { comprehensive: 'formed' }) : extended
}

function parseCases(document: unknown): DipCasesDocument {
  const read = schema.safeParse(document)
  if (read.success) return read.data
  const { path, message } = issueOf(schema, document, read.error)
  throw unreadable(path.join('.'), message)
}

function unreadable(field: string, found: Text): Fault {
  return new Fault({
    code: 'DIP-017',
    at: { field },
    what: { zh: `病例文件无法读取：${found.zh}。`, en: `The document of cases cannot be read: ${found.en}.` },
    fix: { zh: '格式见 docs/dip.md。', en: 'docs/dip.md shows its form.' },
  })
}
