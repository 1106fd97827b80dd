import type { SourcePiece } from '../../grouper/index.ts'
import { type Assembler, createAssembler } from './assemble.ts'
import { cleanText, lostDigits } from './clean.ts'
import { type RowTaker, readDelimited } from './delimited.ts'
import { clearRawCase, createRawCase, isListField, type RawCase, type SourceField } from './field.ts'
import { readSides, type Sides } from './join.ts'
import { jsonValues } from './json-values.ts'
import { fillFromStay, type Message, messagesIn, parseJson } from './message.ts'
import { fillFromNodes, type Nodes } from './nodes.ts'
import type { Beside, Notes } from './note.ts'
import { copyPlain } from './plain-kernel.ts'
import { plainPlan } from './plain-plan.ts'
import type { SourcePlan } from './plan.ts'
import type { RowCells } from './row-kernel.ts'
import type { LeftOut } from './side-table.ts'

/** Reads a source piece by piece; `notes` fills as it goes. */
export interface SourceReading {
  readonly notes: Notes
  /** Notes on tables beside this one, by name. */
  readonly beside: Beside
  readonly pieces: Generator<SourcePiece>
}

/** Starts to read a CSV or JSON source. */
export function readSource(plan: SourcePlan): SourceReading {
  const assembler = createAssembler(plan)
  const pieces = plan.container === 'json' ? readMessages(plan, assembler) : readTable(plan, assembler)
  return { notes: assembler.notes, beside: assembler.beside, pieces }
}

function* readTable(plan: SourcePlan, assembler: Assembler): Generator<SourcePiece> {
  const { taker, finish } = caseTaker(plan, assembler)
  let last = 0
  for (const position of readDelimited(plan, taker)) {
    last = position
    if (assembler.isFull()) yield assembler.take(position)
  }
  for (const _ of finish()) yield assembler.take(last)
  yield assembler.take(last)
}

/** Makes cases of the rows of a table, whatever kind of file they come from. */
export function caseTaker(
  plan: SourcePlan,
  assembler: Assembler,
): { readonly taker: RowTaker; finish(): Generator<void> } {
  const fields = plan.columns.map(column => column.field as SourceField)
  const lists = fields.map(isListField)
  const messageAt = fields.indexOf('message')
  const raw = createRawCase()
  const additions = additionsOf(plan)
  const sides = readSides(plan, plan.sides)
  const takeMessage = messageAt < 0 ? undefined : messageTaker(plan, assembler, sides)
  const plain = takeMessage === undefined ? plainPlan(plan) : undefined
  const taker: RowTaker = {
    ...(plain === undefined
      ? {}
      : {
          plain(bytes, cells, line) {
            if (cells.count === 0 || hasGap(cells, fields)) return false
            const { rows } = assembler
            assembler.open(line, 2 * lengthOf(cells) + PLAIN_ROOM)
            const end = copyPlain(plain, bytes, cells, rows.bytes, rows.length)
            if (end < 0) return false
            rows.length = end
            rows.line = line + 1
            return true
          },
        }),
    row(cells, line, width) {
      if (takeMessage !== undefined) {
        takeMessage(cells[messageAt]!, line)
        return
      }
      clearRawCase(raw)
      raw.line = line
      let gap = false
      for (let i = 0; i < cells.length; i++) {
        const field = fields[i]!
        const added = additions.get(i)
        const cell = added === undefined ? cells[i]! : withAddition(cells[i]!, cells[added]!)
        if (!lists[i]) {
          if (cell !== '') raw.one[field as 'id'] = cell
        } else if (cell !== '') {
          const list = raw.many[field as 'otherDx']
          if ((field === 'otherDx' || field === 'otherPx') && i > 0 && fields[i - 1] === field && cells[i - 1] === '')
            gap = true
          list.push(cell)
        } else if (field === 'icuBegin' || field === 'icuEnd') raw.many[field].push('')
      }
      if (gap) assembler.note('slot-gap', line)
      if (width < plan.width) assembler.note('ragged', line)
      finishCase(plan, raw, sides, assembler)
    },
    bad: (line, reason) => assembler.reject(line, reason),
  }
  return { taker, finish: () => finishSides(sides, assembler) }
}

/** By the place of a diagnosis, that of the asterisk code which belongs to it: they bear the same number. */
function additionsOf({ columns }: SourcePlan): ReadonlyMap<number, number> {
  const numberOf = (header: string): string => /\d*$/.exec(header.trim())![0]
  const found = new Map<number, number>()
  for (const [place, { field, header }] of columns.entries()) {
    if (field !== 'addition') continue
    const number = numberOf(header)
    const of = columns.findIndex(column =>
      number === '' ? column.field === 'dx' : column.field === 'otherDx' && numberOf(column.header) === number,
    )
    if (of >= 0) found.set(of, place)
  }
  return found
}

/** `A01.002` with `G01*` is `A01.002+G01*`; a morphology code (M8000/3) is no part of a diagnosis. */
function withAddition(code: string, addition: string): string {
  const [base, star] = [cleanText(code), cleanText(addition)]
  return base === '' || base.includes('*') || !star.endsWith('*') ? code : `${base.replace(/\+$/, '')}+${star}`
}

/** Whether an empty slot stands between two codes of a list. */
function hasGap({ count, column }: RowCells, fields: readonly SourceField[]): boolean {
  for (let i = 0; i < count; i++) {
    const k = column[i]!
    const field = fields[k]!
    if ((field === 'otherDx' || field === 'otherPx') && k > 0 && fields[k - 1] === field && column[i - 1] !== k - 1)
      return true
  }
  return false
}

/** Bytes that a plain row may have beside those of its cells: separators, and numbers that are computed. */
const PLAIN_ROOM = 256

function lengthOf({ count, from, to }: RowCells): number {
  let bytes = 0
  for (let i = 0; i < count; i++) bytes += to[i]! - from[i]! + 1
  return bytes
}

/** Joins what stands elsewhere and hands the case over. */
function finishCase({ refunds }: SourcePlan, raw: RawCase, sides: Sides, assembler: Assembler): void {
  // What stands beside a settlement belongs to the row that stands for it.
  const key = cleanText(raw.one.settleId)
  if (sides.roles.size > 0 && refunds?.get(raw.line) !== 'replaced' && !lostDigits(key)) {
    const facts = sides.takeStay(key)
    if (facts !== undefined) fillFromStay(raw, facts)
    const nodes = sides.takeNodes(key)
    if (sides.roles.has('diagnoses') && nodes.diagnoses.length === 0 && refunds?.get(raw.line) !== 'gone')
      assembler.note('no-side-row', raw.line)
    if (!fillFromNodes(raw, nodes, assembler)) {
      assembler.reject(raw.line, 'main-ambiguous')
      return
    }
    rejectAll(sides.leftOut(), assembler)
  }
  assembler.add(raw)
}

function rejectAll(rows: readonly LeftOut[], assembler: Assembler): void {
  for (const { file, line, reason, field } of rows) assembler.reject(line, reason, field, '', file)
}

/** What is left of the tables beside has no case; what was taken is told. Stops wherever a piece is full. */
function* finishSides(sides: Sides, assembler: Assembler): Generator<void> {
  for (const one of sides.rest()) {
    rejectAll([one], assembler)
    if (assembler.isFull()) yield
  }
  for (const [name, joined] of sides.joined()) {
    if (joined.count > 0) assembler.beside.set(name, new Map([['side-joined', { ...joined }]]))
  }
}

/** Makes cases of the messages of a JSON source. */
export function* readMessages(plan: SourcePlan, assembler: Assembler): Generator<SourcePiece> {
  const sides = readSides(plan, plan.sides)
  const take = messageTaker(plan, assembler, sides)
  let last = 0
  for (const { line, text, isCut, position } of jsonValues(plan.file, plan.encoding)) {
    last = position
    if (isCut) assembler.reject(line, 'not-a-message')
    else take(text, line)
    if (assembler.isFull()) yield assembler.take(position)
  }
  for (const _ of finishSides(sides, assembler)) yield assembler.take(last)
  yield assembler.take(last)
}

/** Takes the messages of one text, of which there may be several. */
function messageTaker(plan: SourcePlan, assembler: Assembler, sides: Sides): (text: string, line: number) => void {
  const raw = createRawCase()
  const latest = latestLists(plan)
  let number = 0
  return (text, line) => {
    const value = parseJson(text)
    if (value === undefined) {
      assembler.reject(line, 'not-a-message')
      return
    }
    for (const message of messagesIn(value)) {
      number++
      if (message === undefined || (message.kind === 'settlement' && !sides.roles.has('diagnoses')))
        assembler.reject(line, 'not-a-message')
      else if (message.kind === 'outpatient') assembler.reject(line, 'no-stay')
      else if (!latest(message, number)) assembler.reject(line, 'superseded')
      else takeCase(message, line)
    }
  }
  function takeCase(message: Message, line: number): void {
    clearRawCase(raw)
    raw.line = line
    fillFromStay(raw, message.stay)
    const key = cleanText(raw.one.settleId)
    if (!fillFromNodes(raw, joined(message.nodes, sides.takeNodes(key)), assembler)) {
      assembler.reject(line, 'main-ambiguous')
      return
    }
    const facts = sides.takeStay(key)
    if (facts !== undefined) fillFromStay(raw, facts)
    assembler.add(raw)
  }
}

/** The lists of a message, and from side tables those that it does not carry. */
function joined(own: Nodes, beside: Nodes): Nodes {
  const pick = (name: keyof Nodes): Nodes[keyof Nodes] => (own[name].length > 0 ? own[name] : beside[name])
  return {
    diagnoses: pick('diagnoses'),
    procedures: pick('procedures'),
    fees: pick('fees'),
    funds: pick('funds'),
    icu: pick('icu'),
  }
}

/**
 * A list that was sent again replaces the one before: which message of each settlement counts, by the time of its
 * declaration and then by its place. Found by a first pass over JSON files; a column of messages has its last count.
 */
function latestLists(plan: SourcePlan): (message: Message, number: number) => boolean {
  if (plan.container !== 'json') return () => true
  const best = new Map<string, { declared: string; number: number }>()
  let number = 0
  for (const { text, isCut } of jsonValues(plan.file, plan.encoding)) {
    const value = isCut ? undefined : parseJson(text)
    if (value === undefined) continue
    for (const message of messagesIn(value)) {
      number++
      const key = message?.stay.get('settleId')
      if (message?.kind !== 'case' || key === undefined) continue
      const declared = message.stay.get('declared') ?? ''
      const before = best.get(key)
      if (before === undefined || declared >= before.declared) best.set(key, { declared, number })
    }
  }
  return (message, at) => {
    const key = message.stay.get('settleId')
    const counts = key === undefined ? undefined : best.get(key)
    return counts === undefined || counts.number === at
  }
}
