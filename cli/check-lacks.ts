import { type CaseField, FACTS, type FactName, headersOf, type Lack, type QualityPack } from '../grouper/index.ts'
import type { Text } from '../messages/index.ts'

/** Rules that lack the same. */
export interface Lacking {
  readonly rules: readonly { readonly id: string; readonly name: Text }[]
  readonly lack: Text
  /** Whether a table cannot have all that is lacking; `lack` then names fields of records. */
  readonly ofRecords: boolean
}

/** The line above rules that lack such fields. */
export const RECORDS_ONLY: Text = {
  zh: '未检查：以下规则所需的字段，表格中没有位置，只有病例记录（JSON，见 docs/quality.md）可以有；缺少的是',
  en: 'Not checked: these rules need fields that no table has, only records of JSON (docs/quality.md); what is missing is',
}

/** Fields under which records name what the columns of a table hold. */
export function recordFieldsOf(columns: ReadonlySet<CaseField>): ReadonlySet<string> {
  return new Set(
    Object.values(FACTS).flatMap(({ from, record }) => (columns.has(from as CaseField) && record ? [record] : [])),
  )
}

/**
 * Rules that were checked on no case, with what they lack in words; rules that lack the same stand together. Fields of
 * records that every source has (`given`) are not named, unless nothing else is.
 */
export function lackLines(
  lacks: ReadonlyMap<string, readonly Lack[]>,
  given: readonly ReadonlySet<string>[],
  { rules }: QualityPack,
): Lacking[] {
  const rows = [...lacks].map(([id, own]) => {
    const ofRecords = own.every(isNamedInRecords) && own.some(isOfRecords)
    const texts = own.map(lack =>
      ofRecords && lack.kind === 'facts' ? recordsText(lack.facts, given) : lackText(lack, given),
    )
    return {
      rule: rules.find(one => one.id === id)!,
      ofRecords,
      zh: texts.map(one => one.zh).join('；'),
      en: texts.map(one => one.en).join('; '),
    }
  })
  return [...Map.groupBy(rows, row => `${row.ofRecords} ${row.zh}`).values()].map(same => ({
    rules: same.map(({ rule }) => rule),
    lack: { zh: same[0]!.zh, en: same[0]!.en },
    ofRecords: same[0]!.ofRecords,
  }))
}

/** Whether fields of records, which the sources have no place for, would do. */
function isNamedInRecords(lack: Lack): boolean {
  return lack.kind === 'facts' && !lack.isEmpty && lack.facts.every(name => FACTS[name].record !== '')
}

/** Whether no column of a table can give what is lacking. */
function isOfRecords(lack: Lack): boolean {
  return lack.kind === 'facts' && lack.facts.every(name => FACTS[name].from === 'record')
}

/** The fields alone, under a line that says that they are of records. */
function recordsText(facts: readonly FactName[], given: readonly ReadonlySet<string>[]): Text {
  const fields = facts.map(name => missingFields(name, given))
  return {
    zh: fields.map(names => names.join('、')).join('；或 '),
    en: fields.map(names => names.join(', ')).join('; or '),
  }
}

function lackText(lack: Lack, given: readonly ReadonlySet<string>[]): Text {
  if (lack.kind === 'list') {
    return {
      zh: `名单 ${lack.list} 为空（schemes/quality/lists.yaml，可用 --rules 另给）`,
      en: `list ${lack.list} is empty (schemes/quality/lists.yaml; --rules takes other lists)`,
    }
  }
  const facts = lack.facts.map(name => factText(name, given))
  const zh = facts.map(one => one.zh).join('，或')
  const en = facts.map(one => one.en).join(', or ')
  return lack.isEmpty ? { zh: `每例都没有${zh}`, en: `no case has ${en}` } : { zh: `缺少${zh}`, en: `no ${en}` }
}

/** A fact with the headings of tables, or fields of records, under which it is read. */
function factText(name: FactName, given: readonly ReadonlySet<string>[]): Text {
  const { label, from } = FACTS[name]
  if (from === 'weights')
    return { zh: `“${label.zh}”（用 --weights 给出权重表）`, en: `"${label.en}" (give --weights)` }
  const fields = missingFields(name, given)
  const ofRecord = {
    zh: `病例（JSON）的字段 ${fields.join('、')}`,
    en: `${fields.length > 1 ? 'fields' : 'field'} ${fields.join(', ')} in records of JSON`,
  }
  if (from === 'record') return ofRecord
  if (from === 'codes' || from === 'group' || from === 'file') return { zh: `“${label.zh}”`, en: `"${label.en}"` }
  const headers = headersOf(from)
  return {
    zh: `“${label.zh}”（表头 ${headers.join('、')}；${ofRecord.zh}）`,
    en: `"${label.en}" (column ${headers.join(', ')}; ${ofRecord.en})`,
  }
}

/** Fields of records that tell a fact, without those that are there. */
function missingFields(name: FactName, given: readonly ReadonlySet<string>[]): string[] {
  const fields = FACTS[name].record.split(', ')
  const missing = fields.filter(field => !field.split('|').some(one => given.every(names => names.has(one))))
  return (missing.length > 0 ? missing : fields).map(field => field.replaceAll('|', '/'))
}
