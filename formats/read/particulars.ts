import type { Assembler } from './assemble.ts'
import { tableElsewhere } from './bridge.ts'
import { addCodes, cleanText, plainNumber, sumOf } from './clean.ts'
import { readDelimited } from './delimited.ts'
import type { RawCase } from './field.ts'
import type { SourcePlan } from './plan.ts'
import { putNet } from './refunds.ts'
import { caseTaker, readMessages } from './source.ts'
import { parseTime } from './time.ts'

/**
 * What the file of a case says beyond what is grouped and settled, as it stands there: ids, dates (`YYYY-MM-DD`), codes.
 * '' and empty lists where there is none.
 */
export interface Particulars {
  /** File, with its sheet where it has several, and line. */
  readonly name: string
  readonly line: number
  readonly id: string
  readonly settleId: string
  readonly person: string
  readonly sex: string
  readonly birthDate: string
  readonly admitDate: string
  readonly dischargeDate: string
  readonly settleDate: string
  readonly birthWeight: string
  readonly admitWeight: string
  readonly diagnoses: readonly string[]
  /** The first is the principal one, '' where the file leaves it open. */
  readonly procedures: readonly string[]
  /** Amounts in yuan as written. */
  readonly selfPay: string
  readonly ownPay: string
  readonly drug: string
  readonly consumable: string
}

/** Cases handed over at a time. */
const PIECE = 1024

/** The cases of a source once more, in the order of its rows, for what they say beside their groups. */
export function* caseParticulars(plan: SourcePlan): Generator<Particulars> {
  let found: Particulars[] = []
  const assembler: Assembler = {
    notes: new Map(),
    beside: new Map(),
    add: raw => void found.push(particularsOf(plan, raw)),
    open() {},
    rows: { bytes: Buffer.alloc(0), length: 0, line: 0 },
    reject() {},
    note() {},
    isFull: () => found.length >= PIECE,
    take: position => ({ text: new Uint8Array(0), rejects: [], position }),
  }
  function* handOver(): Generator<Particulars> {
    const piece = found
    found = []
    yield* piece
  }
  if (plan.container === 'json') {
    for (const _ of readMessages(plan, assembler)) yield* handOver()
    return
  }
  // Without `plain` every row comes as texts.
  const { row, bad } = caseTaker(plan, assembler).taker
  if (plan.container === 'csv') for (const _ of readDelimited(plan, { row, bad })) yield* handOver()
  else {
    for (const { cells, line } of tableElsewhere(plan)) {
      row(cells, line, plan.width)
      if (assembler.isFull()) yield* handOver()
    }
  }
  yield* handOver()
}

function particularsOf({ name, rules, refunds }: SourcePlan, raw: RawCase): Particulars {
  const { line, one, many } = raw
  const netted = refunds?.get(line)
  if (typeof netted === 'object') putNet(raw, netted)
  const text = (field: keyof RawCase['one']): string => cleanText(one[field])
  const codes = (main: string, others: readonly string[], keepsGap: boolean): string[] => {
    const list: string[] = []
    addCodes(list, main, rules.joinsCodes)
    if (keepsGap && list.length === 0 && others.length > 0) list.push('')
    for (const cell of others) addCodes(list, cell, rules.joinsCodes)
    return list
  }
  return {
    name,
    line,
    id: text('id'),
    settleId: text('settleId'),
    person: text('person'),
    sex: rules.values.sex?.[text('sex')] ?? text('sex'),
    birthDate: dateText(text('birthDate')),
    admitDate: dateText(text('admitTime')),
    dischargeDate: dateText(text('dischargeTime')),
    settleDate: dateText(text('settleDate')),
    birthWeight: plainNumber(cleanText(many.weight[0] ?? '')),
    admitWeight: plainNumber(cleanText(many.admitWeight[0] ?? '')),
    diagnoses: codes(one.dx, many.otherDx, false),
    procedures: codes(one.px, many.otherPx, rules.mainProcedure === 'keep'),
    selfPay: plainNumber(text('selfPay')),
    ownPay: plainNumber(text('ownPay')),
    drug: plainNumber(text('drug')) || sumOf(many.drugPart),
    consumable: plainNumber(text('consumable')) || sumOf(many.consumablePart),
  }
}

/** A date as `YYYY-MM-DD`; '' where the text is none. */
function dateText(text: string): string {
  const minutes = text === '' ? Number.NaN : parseTime(text)
  return Number.isNaN(minutes) ? '' : new Date(minutes * 60_000).toISOString().slice(0, 10)
}
