import { readFileSync } from 'node:fs'
import { decodeUtf8, unreadable } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import { createBatch, ensureRoom, MISSING } from '../cases/batch.ts'
import { findText } from '../cases/code-change.ts'
import { convertBatch, createConversionCounts } from '../codes/reading.ts'
import type { GroupColumns } from '../drg/kernel.ts'
import { checkGrouped, createRuleCheck } from './check.ts'
import { type Checker, planRules } from './checker.ts'
import { strayId } from './code-index.ts'
import type { FactName } from './facts.ts'
import type { CheckedCases, FindingReceiver } from './finding.ts'
import { type CaseRecord, recordSchema } from './record.ts'
import { isWestern, recordFacts, stayOf } from './record-facts.ts'
import { groupsOf } from './row.ts'

/** Reads records: a JSON array, one object, or an object a line. */
export function readRecords(file: string): CaseRecord[] {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    throw unreadable(file, error)
  }
  const text = decodeUtf8(bytes, file)
  const lines = /^\s*\{[^\n]*\}\s*\n\s*\{/.test(text)
  const items = lines
    ? text.split('\n').flatMap((line, i) => (line.trim() === '' ? [] : [parsed(line, file, i + 1)]))
    : [parsed(text, file, undefined)].flat()
  return items.map((item, i) => {
    const result = recordSchema.safeParse(item)
    if (result.success) return result.data
    const field = [i + 1, ...result.error.issues[0]!.path].join('.')
    throw new Fault({
      code: 'QUA-004',
      at: { file, field },
      what: { zh: `第 ${i + 1} 个病例的字段不合要求。`, en: `A field of case ${i + 1} does not fit.` },
      fix: { zh: '请按 docs/quality.md 的病例字段改正。', en: 'Correct it by the case fields of docs/quality.md.' },
    })
  })
}

function parsed(text: string, file: string, line: number | undefined): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new Fault({
      code: 'QUA-003',
      at: { file, ...(line === undefined ? {} : { line }) },
      what: { zh: '不是合法的 JSON。', en: 'Not valid JSON.' },
      fix: { zh: '应为病例数组，或每行一个病例。', en: 'Give an array of cases, or one case a line.' },
    })
  }
}

/** Checks records: the rules of all scopes, those over several cases included. */
export function checkRecords(checker: Checker, records: readonly CaseRecord[], out: FindingReceiver): void {
  const filled = fillBatch(checker, records)
  const groups = groupsOf(checker, filled.batch)
  const facts = new Map<FactName, Float64Array>()
  const put = (name: FactName, row: number, value: number): void => {
    let column = facts.get(name)
    if (column === undefined) {
      column = new Float64Array(records.length).fill(Number.NaN)
      facts.set(name, column)
    }
    column[row] = value
  }
  records.forEach((record, row) => {
    for (const [name, value] of Object.entries(recordFacts(record))) put(name as FactName, row, value)
  })
  for (const [row, value] of settledBefore(records).entries()) put('settledBefore', row, value)
  for (const [row, days] of returnDays(records, groups)) put('returnDays', row, days)
  const plan = planRules(checker, 'anything', ['case', 'message', 'file', 'person'])
  checkGrouped(createRuleCheck(checker, plan, facts), filled, groups, out)
}

/** The records as one batch, in the scheme's codes. */
function fillBatch(checker: Checker, records: readonly CaseRecord[]): CheckedCases {
  const { reading } = checker.options
  const batch = createBatch(Math.max(records.length, 1))
  const hospitals = ['']
  const repairs = new Map<number, string[]>()
  records.forEach((record, i) => {
    const id = new TextEncoder().encode(record.caseId || String(i + 1))
    ensureRoom(batch, id.length)
    batch.idBytes.set(id, batch.idStart[i]!)
    batch.idStart[i + 1] = batch.idStart[i]! + id.length
    batch.line[i] = i + 1
    batch.sex[i] = record.sex ?? 0
    batch.age[i] = record.ageYears ?? MISSING
    batch.ageDays[i] = record.ageDays ?? MISSING
    batch.weight[i] = record.birthWeights?.[0] ?? MISSING
    batch.los[i] = record.losDays ?? MISSING
    batch.dischargeWay[i] = record.dischargeWay ?? 0
    batch.icuHours[i] = record.icuHours ?? MISSING
    batch.cost[i] = record.totalCost ?? MISSING
    const hospital = record.hospitalCode ?? ''
    if (!hospitals.includes(hospital)) hospitals.push(hospital)
    batch.hospital[i] = hospitals.indexOf(hospital)
    const changes: string[] = []
    const idOf = (kind: 'diagnosis' | 'procedure', text: string): number => {
      const isDx = kind === 'diagnosis'
      const way = { kind, table: isDx ? reading.dxTable : reading.pxTable }
      const { id: code, how } = findText(isDx ? way : { ...way, padding: reading.pxPadding }, text)
      if (code === 0) {
        const bytes = new TextEncoder().encode(text.trim())
        return strayId(isDx ? checker.dx : checker.px, bytes, 0, bytes.length)
      }
      const index = isDx ? reading.dx : reading.px
      const dictionary = index?.from ?? (isDx ? checker.dx : checker.px).dictionary
      if (how !== '') changes.push(`${text} → ${dictionary.codes[code]}`)
      return code
    }
    const diagnoses = diagnosesOf(record).map(code => idOf('diagnosis', code))
    const procedures = proceduresOf(record).map(code => (code === '' ? 0 : idOf('procedure', code)))
    batch.dx.set(diagnoses, batch.dxStart[i]!)
    batch.dxStart[i + 1] = batch.dxStart[i]! + diagnoses.length
    batch.px.set(procedures, batch.pxStart[i]!)
    batch.pxStart[i + 1] = batch.pxStart[i]! + procedures.length
    batch.count = i + 1
    if (changes.length > 0) repairs.set(i, changes)
  })
  convertBatch(reading, batch, createConversionCounts())
  return { batch, hospitals, repairs }
}

/** Codes of the diagnoses that are grouped, the flagged one first. */
function diagnosesOf(record: CaseRecord): string[] {
  const western = (record.diagnoses ?? []).filter(one => isWestern(one) && one.code.trim() !== '')
  const main = western.findIndex(one => one.main === true)
  const ordered = main > 0 ? [western[main]!, ...western.filter((_, i) => i !== main)] : western
  return ordered.map(one => one.code)
}

/** Codes of the procedures; '' in front where the slot of the main one is empty. */
function proceduresOf(record: CaseRecord): string[] {
  if (record.otherProcedures) return [record.mainProcedure ?? '', ...record.otherProcedures]
  const given = (record.procedures ?? []).filter(one => one.code.trim() !== '')
  const main = given.findIndex(one => one.main === true)
  const ordered = main > 0 ? [given[main]!, ...given.filter((_, i) => i !== main)] : given
  return ordered.map(one => one.code)
}

/** 1 where the same settlement stood before in the file; NaN where a record has no settlement id. */
function settledBefore(records: readonly CaseRecord[]): number[] {
  const seen = new Set<string>()
  return records.map(({ settleId }) => {
    if (!settleId) return Number.NaN
    const before = seen.has(settleId)
    seen.add(settleId)
    return before ? 1 : 0
  })
}

/** Days from the last discharge of the same person in the same group to the admission, by row of the later stay. */
function returnDays(records: readonly CaseRecord[], groups: GroupColumns): Map<number, number> {
  const days = new Map<number, number>()
  const stays = records.flatMap((record, row) => {
    const stay = stayOf(record)
    if (!record.personId || stay === undefined || groups.leaf[row] === 0) return []
    return [{ row, key: `${record.personId}\t${groups.leaf[row]}`, ...stay }]
  })
  stays.sort((a, b) => a.admit - b.admit)
  const last = new Map<string, number>()
  for (const { row, key, admit, discharge } of stays) {
    const before = last.get(key)
    days.set(row, before === undefined ? Number.POSITIVE_INFINITY : admit - before)
    last.set(key, Math.max(discharge, before ?? discharge))
  }
  return days
}
