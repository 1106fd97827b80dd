/** What was put right or looks wrong in rows that were read all the same. */
export const NOTE_TEXTS = {
  'age-differs': {
    zh: '年龄与出生、入院日期不符，以日期计算的为准',
    en: 'age differs from the dates of birth and admission; the computed one counts',
  },
  'bad-date': { zh: '日期无法识别，按缺失处理', en: 'a date that is none was taken as missing' },
  'date-order': {
    zh: '出生晚于入院，或入院晚于出院，日期未使用',
    en: 'born after admission, or admitted after discharge: the dates were not used',
  },
  'stay-computed': { zh: '住院天数由日期计算', en: 'length of stay computed from the dates' },
  'stay-differs': {
    zh: '住院天数与日期不符，仍用所给天数',
    en: 'length of stay differs from the dates; the one given counts',
  },
  'stay-zero': { zh: '住院 0 天改为 1 天（当日出入院）', en: 'a stay of 0 days counts as 1 (same day)' },
  kilograms: { zh: '体重小于 20，按千克换算为克', en: 'a weight below 20 was taken as kilograms' },
  'several-babies': { zh: '多胎：取第一个体重', en: 'several babies: the first weight counts' },
  'mother-weight': {
    zh: '满 29 天以上患者的新生儿体重未使用',
    en: 'the newborn weight of a patient of 29 days or more was not used',
  },
  'main-flag-missing': {
    zh: '没有主要诊断标志，取第一个西医诊断',
    en: 'no diagnosis is flagged as principal; the first one was taken',
  },
  'main-procedure-empty': {
    zh: '主要手术为空而有其他手术',
    en: 'the slot of the main procedure is empty and others are filled',
  },
  'main-procedure-promoted': {
    zh: '主要手术为空，取第一个其他手术',
    en: 'the slot of the main procedure was empty; the first other one was taken',
  },
  'slot-gap': { zh: '诊断或手术之间有空位，已靠拢', en: 'empty slots between codes were closed up' },
  'repeated-code': { zh: '同一编码重复出现，分组时只算一次', en: 'a code stands twice; it groups once' },
  'chinese-diagnosis': { zh: '中医诊断不参与分组', en: 'a diagnosis of Chinese medicine takes no part in grouping' },
  'bad-charge': {
    zh: '药品或耗材费用无法识别，未计入',
    en: 'a charge for drugs or consumables that is no amount was left out',
  },
  'refund-gone': {
    zh: '结算已全部退费，不计入（多行正负相抵）',
    en: 'a settlement that was paid back whole drops out with its refund',
  },
  'refund-net': {
    zh: '部分退费：同一结算的各行正负相加，按净额计',
    en: 'a settlement was paid back in part: its rows are summed up, and what remains counts',
  },
  ragged: { zh: '行比表头短，缺的单元格按空处理', en: 'a row is shorter than the header; missing cells are empty' },
  'side-joined': { zh: '从表的行已并入病例', en: 'rows that stand beside the cases were joined to them' },
  'no-side-row': { zh: '主表的病例在从表中没有行', en: 'a case of the main table has no row in a side table' },
} as const

export type NoteKind = keyof typeof NOTE_TEXTS

/** Notes on tables beside a main one, by the name of the table. */
export type Beside = Map<string, Notes>

/** How often something was noted, and the first line where it was. */
export type Notes = Map<NoteKind, { count: number; line: number }>

export function addNote(notes: Notes, kind: NoteKind, line: number): void {
  const note = notes.get(kind)
  if (note === undefined) notes.set(kind, { count: 1, line })
  else note.count++
}

/** The notes of several tables on those beside them, added up. */
export function sumNotes(all: Iterable<Beside>): Beside {
  const sum: Beside = new Map()
  for (const [name, notes] of [...all].flatMap(beside => [...beside])) {
    const before = sum.get(name) ?? new Map<NoteKind, { count: number; line: number }>()
    for (const [kind, { count, line }] of notes) {
      const one = before.get(kind)
      before.set(
        kind,
        one === undefined ? { count, line } : { count: one.count + count, line: Math.min(one.line, line) },
      )
    }
    sum.set(name, before)
  }
  return sum
}
