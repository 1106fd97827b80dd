import { Fault, nearest, type Place, type Text } from '../../messages/index.ts'
import { memberships } from './atoms.ts'
import type { NamePlaces, ParsedRule } from './parser.ts'
import type { CodeField, CodeKind, CodeSet } from './types.ts'

/** What a rule may refer to. */
export type KnownSets = ReadonlyMap<string, Pick<CodeSet, 'kind'>>

const KIND_TEXT: Record<CodeKind, Text> = {
  diagnosis: { zh: '诊断', en: 'diagnoses' },
  procedure: { zh: '手术操作', en: 'procedures' },
}

/** Whether a set name is one of the virtual sets of complications and comorbidities. */
export function isVirtual(set: string): set is 'MCC' | 'CC' {
  return set === 'MCC' || set === 'CC'
}

/** Which codes a field holds. */
function fieldKind(field: CodeField): CodeKind {
  return field === 'ZYZD' || field === 'QTZD' ? 'diagnosis' : 'procedure'
}

/** Every fault of meaning in a parsed rule; `at` is the place of the rule text. */
export function checkRule(parsed: ParsedRule, sets: KnownSets, at: Place = {}): Fault[] {
  const faults: Fault[] = []
  for (const node of memberships(parsed.rule.expr)) {
    const places = parsed.places.get(node)!
    if (node.op === 'length') checkNames(node.fields, [node.set], places, true)
    else if (node.op === 'in') checkNames(node.fields, node.sets, places, false)
  }
  return faults

  function add(code: string, column: number, what: Text, fix: Text): void {
    faults.push(new Fault({ code, at: { ...at, column }, what, fix }))
  }

  function checkNames(
    fields: readonly CodeField[],
    names: readonly string[],
    places: NamePlaces,
    counted: boolean,
  ): void {
    const kind = fieldKind(fields[0]!)
    const other = fields.findIndex(field => fieldKind(field) !== kind)
    if (other >= 0) {
      add(
        'RUL-006',
        places.fields[other]!,
        {
          zh: `${fields[0]} 与 ${fields[other]} 混用：一个是诊断，一个是手术操作。`,
          en: `${fields[0]} and ${fields[other]} are mixed: one holds diagnoses, the other procedures.`,
        },
        { zh: '请分成两个条件，用 and 或 or 连接。', en: 'Write two conditions and join them with and or or.' },
      )
      return
    }
    names.forEach((name, index) => {
      const column = places.sets[index]!
      if (isVirtual(name)) checkVirtual(name, fields, column, counted)
      else checkSet(name, kind, fields, column)
    })
  }

  function checkVirtual(name: 'MCC' | 'CC', fields: readonly CodeField[], column: number, counted: boolean): void {
    if (!counted && fields.length === 1 && fields[0] === 'QTZD') return
    const found = counted ? `length(${name} ∩ …)` : `${fields.join(', ')} in ${name}`
    add(
      'RUL-008',
      column,
      {
        zh: `${name} 是其他诊断的属性，不能写成 ${found}。`,
        en: `${name} is a property of other diagnoses, ${found} has no meaning.`,
      },
      { zh: `请写 QTZD in ${name}。`, en: `Write QTZD in ${name}.` },
    )
  }

  function checkSet(name: string, kind: CodeKind, fields: readonly CodeField[], column: number): void {
    const set = sets.get(name)
    if (set === undefined) {
      const near = nearest(name, sets.keys())
      add(
        'RUL-005',
        column,
        { zh: `集合 ${name} 不存在。`, en: `There is no set ${name}.` },
        {
          zh: `${near === undefined ? '' : `是否应为 ${near}？`}请改正编号，或在集合表中补上它。`,
          en: `${near === undefined ? '' : `Did you mean ${near}? `}Correct the id or add the set to the table of sets.`,
        },
      )
    } else if (set.kind !== kind) {
      add(
        'RUL-007',
        column,
        {
          zh: `集合 ${name} 是${KIND_TEXT[set.kind].zh}，字段 ${fields.join(', ')} 是${KIND_TEXT[kind].zh}。`,
          en: `The set ${name} holds ${KIND_TEXT[set.kind].en}, the field ${fields.join(', ')} ${KIND_TEXT[kind].en}.`,
        },
        { zh: '请换用同类的集合或字段。', en: 'Use a set or a field of the same kind.' },
      )
    }
  }
}
