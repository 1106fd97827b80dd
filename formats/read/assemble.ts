import { type CaseField, FEE_BUCKETS, type SourcePiece } from '../../grouper/index.ts'
import { formatFen, parseYuan } from '../../numbers/index.ts'
import { parseAge, parseInfantAge } from './age.ts'
import { addCodes, cleanText, isDateLike, lostDigits, plainNumber, sumOf } from './clean.ts'
import type { RawCase, SingleField } from './field.ts'
import { addNote, type NoteKind, type Notes } from './note.ts'
import type { SourcePlan } from './plan.ts'
import { refundKey } from './refunds.ts'
import { dayOfTime, monthText, parseDuration, parseMonth, parseTime, yearsBetween } from './time.ts'

/** Rows of the simple table as they come. */
export interface RowBytes {
  bytes: Buffer
  length: number
  /** Line of the row that follows. */
  line: number
}

/** Text of a piece before it is handed over; results do not depend on it. */
const PIECE = 1 << 18
/** Rejects of a piece at the most. */
const MOST_REJECTS = 4096

type SourceReject = SourcePiece['rejects'][number]

/** Turns cases as their files have them into rows of the simple case table. */
export interface Assembler {
  readonly notes: Notes
  /** Takes a case over. */
  add(raw: RawCase): void
  /** Makes room for a row of some bytes on a line; what is written there counts once `rows.length` says so. */
  open(line: number, bytes: number): void
  readonly rows: RowBytes
  /** Sets a row aside that is no case that can be read. */
  reject(line: number, reason: SourceReject['reason'], field?: string, row?: string, file?: string): void
  note(kind: NoteKind, line: number): void
  /** Whether enough has been collected for a piece. */
  isFull(): boolean
  /** What has been collected. */
  take(position: number): SourcePiece
}

const SEPARATOR = '\u001f'
const LF = 10
const MOST_WEIGHT = 9999

export function createAssembler(plan: SourcePlan): Assembler {
  const { output, rules } = plan
  const notes: Notes = new Map()
  const buckets = FEE_BUCKETS.filter(bucket => output.some(column => column.field === bucket))
  const headers = new Map(plan.columns.toReversed().map(column => [column.field, column.header]))
  const rows: RowBytes = { bytes: Buffer.allocUnsafeSlow(2 * PIECE), length: 0, line: 1 }
  let rejects: SourceReject[] = []
  const cells: Partial<Record<CaseField, string>> = {}
  const [dx, px, weights]: [string[], string[], string[]] = [[], [], []]
  let problem: SourceReject['reason'] | undefined
  let blamed = ''
  const blame = (reason: SourceReject['reason'], field: string): void => {
    if (problem !== undefined) return
    problem = reason
    blamed = headers.get(field) ?? field
  }
  const value = (raw: RawCase, field: SingleField): string => {
    const clean = cleanText(raw.one[field])
    return clean === '' ? '' : (rules.values[field]?.[clean] ?? clean)
  }
  const timeOf = (raw: RawCase, field: SingleField): number => {
    const clean = cleanText(raw.one[field])
    if (clean === '') return Number.NaN
    const time = parseTime(clean)
    if (Number.isNaN(time) && !/^(0001|1900|9999)\D?/.test(clean)) addNote(notes, 'bad-date', raw.line)
    return time
  }

  /** Age in years and days, from the dates where they are there. */
  const putAge = (raw: RawCase, admit: number): number | undefined => {
    const born = timeOf(raw, 'birthDate')
    const given = cleanText(raw.one.age)
    const parsed = given === '' ? undefined : parseAge(given)
    const known = !(Number.isNaN(born) || Number.isNaN(admit))
    if (known && dayOfTime(born) <= dayOfTime(admit)) {
      const years = yearsBetween(dayOfTime(born), dayOfTime(admit))
      const days = dayOfTime(admit) - dayOfTime(born)
      const differs = parsed?.years !== undefined && parsed.years !== years
      if (differs) addNote(notes, 'age-differs', raw.line)
      cells.age = String(years)
      cells.ageDays = years === 0 ? String(days) : ''
      return years === 0 ? days : undefined
    }
    if (known) addNote(notes, 'date-order', raw.line)
    // A text that is no age goes on as it stands: the scanner says what is wrong with it.
    cells.age = parsed?.years === undefined ? given : String(parsed.years)
    const infant = cleanText(raw.one.infantAge)
    const isInfant = parsed?.years === 0 || given === ''
    if (infant === '' || infant === '0' || !isInfant) {
      cells.ageDays = parsed?.years === 0 ? (parsed.days === undefined ? infant : String(parsed.days)) : ''
      if (cells.age === '' && infant === '0') cells.age = '0'
      return cells.ageDays === '' ? undefined : Number(cells.ageDays)
    }
    const days = parseInfantAge(infant, rules.infantAgeUnit)
    if (days === undefined) {
      blame('age-ambiguous', 'infantAge')
      return undefined
    }
    // Days of a whole life in the column of infants say nothing of an infant.
    cells.age = days > 366 ? String(Math.floor(days / 365.25)) : '0'
    cells.ageDays = days > 366 ? '' : String(days)
    return days > 366 ? undefined : days
  }

  const putWeight = (raw: RawCase, days: number | undefined): void => {
    const field = rules.newbornWeight === 'birth' ? 'weight' : 'admitWeight'
    cells.weight = ''
    if (raw.many[field].length === 0) return
    weights.length = 0
    for (const cell of raw.many[field]) {
      for (const part of cleanText(cell).split(/[,;|、/]+|\s+/)) {
        const clean = plainNumber(cleanText(part).replace(/(kg|千克|公斤)$/i, ''))
        if (clean !== '' && !/^0+(\.0*)?$/.test(clean)) weights.push(clean)
      }
    }
    const [first] = weights
    if (first === undefined) return
    if (weights.length > 1) addNote(notes, 'several-babies', raw.line)
    const isNewborn = cells.age === '0' || cells.age === ''
    if (!isNewborn || (days !== undefined && days >= 29)) {
      addNote(notes, 'mother-weight', raw.line)
      return
    }
    const number = Number(first)
    if (Number.isNaN(number)) cells.weight = first
    else if (rules.weightUnit === 'kg' || (rules.weightUnit === 'auto' && number < 20)) {
      addNote(notes, 'kilograms', raw.line)
      cells.weight = String(Math.round(number * 1000))
    } else if (rules.weightUnit === 'auto' && number < 100) blame('weight-ambiguous', field)
    else cells.weight = String(Math.round(number))
    if (Number(cells.weight) > MOST_WEIGHT) cells.weight = '99999'
  }

  const putStay = (raw: RawCase, admit: number, discharge: number): void => {
    const given = plainNumber(cleanText(raw.one.los))
    const days = dayOfTime(discharge) - dayOfTime(admit)
    if (days < 0) addNote(notes, 'date-order', raw.line)
    const computed = days >= 0 ? Math.max(days, 1) : Number.NaN
    if (given === '' && !Number.isNaN(computed)) {
      addNote(notes, 'stay-computed', raw.line)
      cells.los = String(computed)
    } else if (/^0+(\.0*)?$/.test(given)) {
      addNote(notes, 'stay-zero', raw.line)
      cells.los = '1'
    } else {
      cells.los = given
      if (!Number.isNaN(computed) && Number(given) !== computed) addNote(notes, 'stay-differs', raw.line)
    }
  }

  const putCodes = (raw: RawCase): void => {
    dx.length = 0
    px.length = 0
    addCodes(dx, raw.one.dx, rules.joinsCodes)
    const hasMain = dx.length > 0
    for (const cell of raw.many.otherDx) addCodes(dx, cell, rules.joinsCodes)
    addCodes(px, raw.one.px, rules.joinsCodes)
    const hasMainPx = px.length > 0
    for (const cell of raw.many.otherPx) addCodes(px, cell, rules.joinsCodes)
    for (const codes of [dx, px]) {
      for (let i = 0; i < codes.length; i++) {
        if (codes[i]!.length > 4 && isDateLike(codes[i]!)) blame('code-damaged', codes === dx ? 'dx' : 'px')
        if (codes.indexOf(codes[i]!) < i) addNote(notes, 'repeated-code', raw.line)
      }
    }
    // Without a principal diagnosis the others must not move up.
    cells.dx = hasMain ? dx.join('|') : ''
    if (!hasMainPx && px.length > 0) {
      addNote(notes, rules.mainProcedure === 'keep' ? 'main-procedure-empty' : 'main-procedure-promoted', raw.line)
    }
    cells.px = hasMainPx || px.length === 0 || rules.mainProcedure === 'promote' ? px.join('|') : `|${px.join('|')}`
  }

  /** How many refunds of each settlement and amount have not met theirs yet. */
  const refunds = new Map(plan.refunds)
  const isTakenBack = (raw: RawCase): boolean => {
    const fen = refunds.size === 0 ? undefined : parseYuan(cells.cost ?? '')
    const key = fen === undefined ? '' : refundKey(cleanText(raw.one.settleId), fen)
    const left = refunds.get(key) ?? 0
    if (left === 0) return false
    refunds.set(key, left - 1)
    addNote(notes, 'refund-pair', raw.line)
    return true
  }

  const putMoney = (raw: RawCase): void => {
    cells.cost = plainNumber(value(raw, 'cost'))
    if (cells.cost.startsWith('-') || isTakenBack(raw)) blame('refund', 'cost')
    cells.fund = plainNumber(value(raw, 'fund'))
    cells.patient = plainNumber(value(raw, 'patient'))
    if (cells.patient !== '') return
    const [self, own] = [plainNumber(value(raw, 'selfPay')), plainNumber(value(raw, 'ownPay'))]
    if (self === '' || own === '') return
    const [a, b] = [parseYuan(self), parseYuan(own)]
    cells.patient = a === undefined || b === undefined ? `${self}?` : formatFen(a + b)
  }

  const putIcu = (raw: RawCase): void => {
    cells.icuHours = plainNumber(value(raw, 'icuHours'))
    const { icuBegin, icuEnd } = raw.many
    if (cells.icuHours !== '' || icuBegin.length === 0) return
    let minutes = 0
    for (let i = 0; i < icuBegin.length; i++) {
      const [begin, end] = [cleanText(icuBegin[i]!), cleanText(icuEnd[i] ?? '')]
      // A stay that only says how long it was has no begin.
      const length = begin === '' ? parseDuration(end) : parseTime(end) - parseTime(begin)
      if (begin === '' && end === '') continue
      if (Number.isNaN(length) || length < 0) addNote(notes, 'bad-date', raw.line)
      else minutes += length
    }
    cells.icuHours = minutes === 0 ? '' : String(Math.floor(minutes / 60))
  }

  const put = (raw: RawCase): void => {
    cells.id = cleanText(raw.one.id)
    if (lostDigits(cells.id)) blame('id-damaged', 'id')
    cells.key = cleanText(raw.one.settleId) || cleanText(raw.one.admission)
    const admit = timeOf(raw, 'admitTime')
    const discharge = timeOf(raw, 'dischargeTime')
    cells.sex = value(raw, 'sex')
      .replace(/性$/, '')
      .replace(/^(未知|不详)$/, '0')
      .replace(/^(未说明.*|其他)$/, '9')
    putWeight(raw, putAge(raw, admit))
    putStay(raw, admit, discharge)
    cells.dischargeWay = DISCHARGE_WORDS[value(raw, 'dischargeWay')] ?? value(raw, 'dischargeWay')
    putIcu(raw)
    putCodes(raw)
    putMoney(raw)
    cells.hospital = value(raw, 'hospital')
    cells.insurance = value(raw, 'insurance')
    const month = cleanText(raw.one.month)
    const settled = timeOf(raw, 'settleDate')
    const time = Number.isNaN(settled) ? discharge : settled
    cells.month = month === '' ? (Number.isNaN(time) ? '' : monthText(time)) : parseMonth(month)
    cells.department = cleanText(raw.one.department)
    cells.doctor = cleanText(raw.one.doctor)
    for (const bucket of buckets) {
      const parts = bucket === 'drug' || bucket === 'consumable' ? raw.many[`${bucket}Part`] : []
      const sum = sumOf(parts)
      // No group rests on it: a charge that cannot be read is no reason to lose the case.
      const isRead = !sum.endsWith('?')
      if (!isRead) addNote(notes, 'bad-charge', raw.line)
      cells[bucket] = plainNumber(cleanText(raw.one[bucket])) || (isRead ? sum : '')
    }
  }

  const rowText = (separator: string): string => {
    let row = ''
    for (let i = 0; i < output.length; i++) {
      const cell = cells[output[i]!.field!] ?? ''
      row += i === 0 ? guard(cell) : separator + guard(cell)
    }
    return row
  }

  const assembler: Assembler = {
    notes,
    add(raw) {
      problem = undefined
      put(raw)
      if (problem !== undefined) {
        assembler.reject(raw.line, problem, blamed, rowText(','))
        return
      }
      const row = rowText(SEPARATOR)
      assembler.open(raw.line, row.length * 3)
      rows.length += rows.bytes.write(row, rows.length)
      rows.bytes[rows.length++] = LF
      rows.line = raw.line + 1
    },
    open(at, bytes) {
      // Rows stand on the lines of their file: blank lines in between keep the count.
      const blank = Math.max(at - rows.line, 0)
      const needed = rows.length + blank + bytes + 1
      if (needed > rows.bytes.length) {
        const larger = Buffer.allocUnsafeSlow(2 * needed)
        rows.bytes.copy(larger, 0, 0, rows.length)
        rows.bytes = larger
      }
      rows.bytes.fill(LF, rows.length, rows.length + blank)
      rows.length += blank
      rows.line += blank
    },
    rows,
    reject(at, reason, field = '', row = '', file) {
      rejects.push({ line: at, field, reason, row, ...(file === undefined ? {} : { file }) })
    },
    note: (kind, at) => addNote(notes, kind, at),
    isFull: () => rows.length >= PIECE || rejects.length >= MOST_REJECTS,
    take(position) {
      const piece = { text: new Uint8Array(rows.bytes.subarray(0, rows.length)), rejects, position }
      rows.length = 0
      rejects = []
      return piece
    },
  }
  return assembler
}

/** Discharge ways in words. */
const DISCHARGE_WORDS: Readonly<Record<string, string>> = {
  医嘱离院: '1',
  医嘱转院: '2',
  '医嘱转社区卫生服务机构/乡镇卫生院': '3',
  医嘱转社区: '3',
  非医嘱离院: '4',
  死亡: '5',
  其他: '9',
}

/** Bytes that separate cells and rows cannot stand in a cell. */
function guard(cell: string): string {
  for (let i = 0; i < cell.length; i++) if (cell.charCodeAt(i) < 32) return cell.replace(CONTROLS, ' ')
  return cell
}

const CONTROLS = new RegExp(`[${String.fromCharCode(0)}-${String.fromCharCode(31)}]`, 'g')
