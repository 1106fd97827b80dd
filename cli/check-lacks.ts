import { FACTS, type FactName, headersOf, type Lack, type QualityPack } from '../grouper/index.ts'
import type { Text } from '../messages/index.ts'

/** Rules that lack the same. */
export interface Lacking {
  readonly rules: readonly { readonly id: string; readonly name: Text }[]
  readonly lack: Text
}

/** Rules that were checked on no case, with what they lack in words; rules that lack the same stand together. */
export function lackLines(lacks: ReadonlyMap<string, readonly Lack[]>, { rules }: QualityPack): Lacking[] {
  const rows = [...lacks].map(([id, own]) => {
    const texts = own.map(lackText)
    return {
      rule: rules.find(one => one.id === id)!,
      zh: texts.map(one => one.zh).join('；'),
      en: texts.map(one => one.en).join('; '),
    }
  })
  return [...Map.groupBy(rows, row => row.zh).values()].map(same => ({
    rules: same.map(({ rule }) => rule),
    lack: { zh: same[0]!.zh, en: same[0]!.en },
  }))
}

function lackText(lack: Lack): Text {
  if (lack.kind === 'list') {
    return {
      zh: `名单 ${lack.list} 为空（schemes/quality/lists.yaml，可用 --rules 另给）`,
      en: `list ${lack.list} is empty (schemes/quality/lists.yaml; --rules takes other lists)`,
    }
  }
  const facts = lack.facts.map(factText)
  const zh = facts.map(one => one.zh).join('，或')
  const en = facts.map(one => one.en).join(', or ')
  return lack.isEmpty ? { zh: `每例都没有${zh}`, en: `no case has ${en}` } : { zh: `缺少${zh}`, en: `no ${en}` }
}

/** A fact with the headings of tables, or fields of records, under which it is read. */
function factText(name: FactName): Text {
  const { label, from, record } = FACTS[name]
  if (from === 'weights')
    return { zh: `“${label.zh}”（用 --weights 给出权重表）`, en: `"${label.en}" (give --weights)` }
  const fields = record.replaceAll('|', '/').split(', ')
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
