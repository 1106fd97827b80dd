import { join } from 'node:path'
import { z } from 'zod'
import { home, readDocument } from '../../files/index.ts'
import { Fault, type Text } from '../../messages/index.ts'
import { CODE_FIELDS, type CodeFieldName, type Condition, parseCondition } from './condition.ts'
import { FACT_NAMES, type FactName } from './facts.ts'

/** E blocks grouping or makes it wrong, W warns, I informs. */
export type Severity = 'E' | 'W' | 'I'

/**
 * S scheme, L settlement list, F front page, M Medicare Code Editor, P practice of public checkers, R region.
 */
export type RuleSource = 'S' | 'L' | 'F' | 'M' | 'P' | 'R'

/** A rule of data quality. */
export interface QualityRule {
  readonly id: string
  readonly name: Text
  readonly severity: Severity
  /** The first condition that holds gives another severity. */
  readonly regrade: readonly { readonly when: Condition; readonly severity: Severity }[]
  readonly source: readonly RuleSource[]
  readonly scope: 'case' | 'message' | 'file' | 'person'
  /** Facts and lists without which the rule is not checked; of each entry one is enough. */
  readonly needs: readonly (readonly string[])[]
  /** Facts that a table must have a column for, though a cell may be empty. */
  readonly columns: readonly FactName[]
  readonly when: Condition
  readonly whenText: string
  /** What a finding shows. */
  readonly shows: readonly (CodeFieldName | FactName)[]
  readonly hint: Text
}

/** A list of codes that rules name. */
export interface QualityList {
  readonly id: string
  readonly kind: 'diagnosis' | 'procedure'
  readonly name: Text
  readonly source: string
  readonly pattern?: string | undefined
  readonly codes?: readonly string[] | undefined
  /** Diagnoses that the rule of an MDC of the scheme lists (`*`: any), without those of another. */
  readonly mdc?: string | undefined
  readonly without?: string | undefined
  /** Number of codes of 医保版 2.0, where the list was counted. */
  readonly count?: number | undefined
}

/** Rules in the order in which findings of one case are told, and the lists they name. */
export interface QualityPack {
  readonly rules: readonly QualityRule[]
  readonly lists: readonly QualityList[]
}

/** Lists that every dictionary gives by itself: codes that it lacks, and grey codes (灰码). */
export const BUILT_IN_LISTS = ['UNKNOWN', 'GREY'] as const

const text = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) })
const severity = z.enum(['E', 'W', 'I'])

interface RuleText {
  readonly id: string
  readonly name: Text
  readonly severity: Severity
  readonly regrade?: readonly { readonly when: string; readonly severity: Severity }[] | undefined
  readonly source: readonly RuleSource[]
  readonly scope: QualityRule['scope']
  readonly needs?: readonly string[] | undefined
  readonly columns?: readonly string[] | undefined
  readonly when: string
  readonly shows: readonly string[]
  readonly hint: Text
}

const rulesSchema: z.ZodType<RuleText[]> = z.array(
  z.strictObject({
    id: z.string().regex(/^[A-Z][A-Z0-9-]*$/),
    name: text,
    severity,
    regrade: z.array(z.strictObject({ when: z.string(), severity })).optional(),
    source: z.array(z.enum(['S', 'L', 'F', 'M', 'P', 'R'])).min(1),
    scope: z.enum(['case', 'message', 'file', 'person']),
    needs: z.array(z.string()).optional(),
    columns: z.array(z.string()).optional(),
    when: z.string(),
    shows: z.array(z.string()),
    hint: text,
  }),
)

const listsSchema: z.ZodType<QualityList[]> = z.array(
  z.strictObject({
    id: z.string().regex(/^[A-Z][A-Z0-9]*$/),
    kind: z.enum(['diagnosis', 'procedure']),
    name: text,
    source: z.string().min(1),
    pattern: z.string().optional(),
    codes: z.array(z.string()).optional(),
    mdc: z.string().optional(),
    without: z.string().optional(),
    count: z.int().optional(),
  }),
)

/** Reads `rules.yaml` and `lists.yaml` of a folder; default: the rules that ship with the package. */
export function loadQualityPack(folder: string = home('schemes', 'quality')): QualityPack {
  const file = join(folder, 'rules.yaml')
  const lists = readDocument(join(folder, 'lists.yaml'), listsSchema)
  const listNames = new Set<string>([...BUILT_IN_LISTS, ...lists.map(list => list.id)])
  const words = { facts: new Set<string>(FACT_NAMES), lists: listNames }
  const rules = readDocument(file, rulesSchema).map((rule): QualityRule => {
    const at = (field: string) => ({ file, field: `${rule.id}.${field}` })
    const name = <T extends string>(known: readonly T[], found: string, field: string): T => {
      const match = known.find(one => one === found)
      if (match === undefined) throw unknownName(file, `${rule.id}.${field}`, found)
      return match
    }
    for (const need of rule.needs ?? []) {
      for (const one of need.split('|')) name([...FACT_NAMES, ...listNames], one, 'needs')
    }
    return {
      ...rule,
      regrade: (rule.regrade ?? []).map(other => ({
        when: parseCondition(other.when, words, at('regrade')),
        severity: other.severity,
      })),
      needs: (rule.needs ?? []).map(need => need.split('|')),
      columns: (rule.columns ?? []).map(column => name(FACT_NAMES, column, 'columns')),
      when: parseCondition(rule.when, words, at('when')),
      whenText: rule.when,
      shows: rule.shows.map(shown => name([...CODE_FIELDS, ...FACT_NAMES], shown, 'shows')),
    }
  })
  return { rules, lists }
}

function unknownName(file: string, field: string, found: string): Fault {
  return new Fault({
    code: 'QUA-002',
    at: { file, field },
    what: { zh: `没有名为 ${found} 的字段或列表。`, en: `There is no field or list ${found}.` },
    fix: { zh: '可用的名称见 docs/quality.md。', en: 'The names are listed in docs/quality.md.' },
  })
}
