import { FEE_BUCKETS, type SourcePiece } from '../../grouper/index.ts'
import { addCodes, cleanText, isDateLike, lostDigits } from './clean.ts'
import { blame, cellOf, createDraft, type SourceReject, timeOf } from './draft.ts'
import { putAge, putWeight } from './draft-age.ts'
import { putCharges, putMoney } from './draft-money.ts'
import { putIcu, putStay } from './draft-stay.ts'
import type { RawCase } from './field.ts'
import { addNote, type Beside, type NoteKind, type Notes } from './note.ts'
import type { SourcePlan } from './plan.ts'
import { monthText, parseMonth } from './time.ts'

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

/** Turns cases as their files have them into rows of the simple case table. */
export interface Assembler {
  readonly notes: Notes
  readonly beside: Beside
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

export function createAssembler(plan: SourcePlan): Assembler {
  const { output, rules } = plan
  const notes: Notes = new Map()
  const buckets = FEE_BUCKETS.filter(bucket => output.some(column => column.field === bucket))
  const rows: RowBytes = { bytes: Buffer.allocUnsafeSlow(2 * PIECE), length: 0, line: 1 }
  let rejects: SourceReject[] = []
  const draft = createDraft(plan, notes)
  const { cells } = draft
  const [dx, px]: [string[], string[]] = [[], []]

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
        if (codes[i]!.length > 4 && isDateLike(codes[i]!)) blame(draft, 'code-damaged', codes === dx ? 'dx' : 'px')
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

  const put = (raw: RawCase): void => {
    cells.id = cleanText(raw.one.id)
    if (lostDigits(cells.id)) blame(draft, 'id-damaged', 'id')
    const settleId = cleanText(raw.one.settleId)
    if (plan.sides.length > 0 && lostDigits(settleId)) blame(draft, 'id-damaged', 'settleId')
    cells.key = settleId || cleanText(raw.one.admission)
    const admit = timeOf(draft, raw, 'admitTime')
    const discharge = timeOf(draft, raw, 'dischargeTime')
    cells.sex = cellOf(draft, raw, 'sex')
      .replace(/性$/, '')
      .replace(/^(未知|不详)$/, '0')
      .replace(/^(未说明.*|其他)$/, '9')
    putWeight(draft, raw, putAge(draft, raw, admit))
    putStay(draft, raw, admit, discharge)
    cells.dischargeWay = DISCHARGE_WORDS[cellOf(draft, raw, 'dischargeWay')] ?? cellOf(draft, raw, 'dischargeWay')
    putIcu(draft, raw)
    putCodes(raw)
    putMoney(draft, raw, plan.refunds?.get(raw.line))
    cells.hospital = cellOf(draft, raw, 'hospital')
    cells.insurance = cellOf(draft, raw, 'insurance')
    const month = cleanText(raw.one.month)
    const settled = timeOf(draft, raw, 'settleDate')
    const time = Number.isNaN(settled) ? discharge : settled
    cells.month = month === '' ? (Number.isNaN(time) ? '' : monthText(time)) : parseMonth(month)
    cells.department = cleanText(raw.one.department)
    cells.doctor = cleanText(raw.one.doctor)
    putCharges(draft, raw, buckets)
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
    beside: new Map(),
    add(raw) {
      draft.problem = undefined
      put(raw)
      if (draft.problem !== undefined) {
        assembler.reject(raw.line, draft.problem, draft.blamed, rowText(','))
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
