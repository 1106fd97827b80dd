import {
  type Case,
  DIP_REASON_TEXTS,
  type DipExplanation,
  dipExplanationLines,
  dipResultText,
  type Explanation,
  explain,
  explainDip,
  explanationLines,
  groupText,
  isCatalogue,
  LAYER_NAMES,
  loadCatalogue,
  loadScheme,
  REASON_TEXTS,
  readCodes,
  tieLine,
} from '../grouper/index.ts'
import type { Lang, Text } from '../messages/index.ts'
import { terminalOptions, terminalTable, textColumn } from '../report/index.ts'
import { caseReading } from './code-system.ts'
import type { Console } from './console.ts'

/** A case explained under one DRG scheme or DIP catalogue. */
export interface Explained {
  readonly kind: 'drg' | 'dip'
  readonly id: string
  readonly explanation: Explanation | DipExplanation
  lines(lang: Lang): string[]
  /** What the comparison of several shows, in the order of `ASPECTS`. */
  aspects(lang: Lang): readonly string[]
}

const ASPECTS: readonly Text[] = [
  { zh: '种类', en: 'kind' },
  { zh: '结果', en: 'result' },
  { zh: '路径', en: 'path' },
  { zh: '主要诊断', en: 'principal diagnosis' },
  { zh: '主要手术操作', en: 'main operation' },
  { zh: '原因', en: 'reason' },
  { zh: '并列', en: 'ties' },
]

/** Explains a case under a scheme or catalogue by id or folder. */
export function explained(id: string, given: Case, codeSystem: string | undefined): Explained {
  return isCatalogue(id) ? dipExplained(id, given, codeSystem) : drgExplained(id, given, codeSystem)
}

function drgExplained(id: string, given: Case, codeSystem: string | undefined): Explained {
  const scheme = loadScheme(id)
  const { given: read, changes } = readCodes(scheme, caseReading(scheme, codeSystem, given), given)
  const explanation = explain(scheme, read, changes)
  const { outcome } = explanation
  return {
    kind: 'drg',
    id: scheme.manifest.id,
    explanation,
    lines: lang => explanationLines(scheme, explanation, lang),
    aspects: lang => [
      'DRG',
      groupText(outcome, lang),
      [outcome.mdc, outcome.adrg, outcome.drg].filter(code => code !== '0000').join(' › '),
      read.diagnoses[0] ?? '',
      read.procedures[0] ?? '',
      REASON_TEXTS[outcome.reason][lang],
      '',
    ],
  }
}

function dipExplained(id: string, given: Case, codeSystem: string | undefined): Explained {
  const catalogue = loadCatalogue(id)
  const { given: read, changes } = readCodes(catalogue, caseReading(catalogue, codeSystem, given), given)
  const explanation = explainDip(catalogue, read, changes)
  const { outcome, key } = explanation
  return {
    kind: 'dip',
    id: catalogue.manifest.id,
    explanation,
    lines: lang => dipExplanationLines(explanation, lang),
    aspects: lang => [
      'DIP',
      dipResultText(explanation, lang),
      outcome.layer === '' ? '' : [LAYER_NAMES[outcome.layer][lang], key, outcome.code].filter(Boolean).join(' › '),
      read.diagnoses[0] ?? '',
      outcome.mainOperation === '' && outcome.conservative
        ? { zh: '无（保守治疗）', en: 'none (conservative)' }[lang]
        : outcome.mainOperation,
      DIP_REASON_TEXTS[outcome.reason][lang],
      tieLine(outcome, lang).join(''),
    ],
  }
}

/** The results of several explanations as one table, a column each; rows that all leave empty are left out. */
export function sideBySide(all: readonly Explained[], console: Console): string {
  const { lang } = console
  const cells = all.map(each => each.aspects(lang))
  const rows = ASPECTS.map((aspect, row) => [aspect[lang], ...cells.map(column => column[row]!)]).filter(row =>
    row.slice(1).some(cell => cell !== ''),
  )
  const columns = [textColumn(lang === 'zh' ? '比较' : 'compared'), ...all.map(({ id }) => textColumn(id))]
  return terminalTable({ columns, rows }, terminalOptions(console.out))
}
