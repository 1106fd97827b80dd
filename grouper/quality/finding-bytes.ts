import { csvCell, csvRow } from '../../files/index.ts'
import type { CaseBatch } from '../cases/batch.ts'
import { addPiece, createPieces, type Pieces } from '../cases/row-bytes.ts'
import { type Checker, type CompiledRule, isFact } from './checker.ts'
import { type CodeIndex, codeText } from './code-index.ts'
import { type CodeFieldName, PX_FIELDS } from './condition.ts'
import { copyFindings, OVER } from './copy-findings.ts'
import { FACT, type FactName, factText } from './facts.ts'
import { type CheckedCases, cellsOf, type FindingReceiver, findingOf } from './finding.ts'
import { findingRow } from './finding-table.ts'
import type { Severity } from './rules.ts'

/** A piece that has not been made yet, and a text that is no plain one. */
const NOT_MADE = 0
const NOT_PLAIN = -1
/** Codes that stand in CSV as they are, wherever in a cell. */
const PLAIN_CODE = /^[0-9A-Za-z][!#-+\--~]*$/
/** Facts beyond are written as texts each time. */
const MOST_FACT = 20_000
const LONGEST_ID = 32

/** What the texts of a checker's findings have in common, as numbers of pieces. */
interface Texts {
  readonly checker: Checker
  readonly pieces: Pieces
  readonly space: number
  readonly bar: number
  /** By id of the code. */
  readonly dx: Int32Array
  readonly px: Int32Array
  readonly rules: Map<CompiledRule, RuleTexts>
  readonly facts: Map<string, Int32Array>
}

/** What is the same in the findings of a rule. */
interface RuleTexts {
  /** Rule, severity and field. */
  readonly heads: Readonly<Record<Severity, number>>
  /** Messages. */
  readonly tail: number
  readonly shown: readonly Shown[]
}

/** A fact, or a field of codes with what makes a code guilty: bits of its lists. */
type Shown =
  | { readonly kind: 'fact'; readonly name: FactName; readonly several: boolean }
  | { readonly kind: 'codes'; readonly field: CodeFieldName; readonly isPx: boolean; readonly guilty: Int32Array }

function textsOf(checker: Checker): Texts {
  const pieces = createPieces()
  return {
    checker,
    pieces,
    space: addPiece(pieces, ' '),
    bar: addPiece(pieces, '|'),
    dx: new Int32Array(1 << 16),
    px: new Int32Array(1 << 16),
    rules: new Map(),
    facts: new Map(),
  }
}

/**
 * Writes findings as rows of CSV under `FINDINGS_HEADER`, equal to `findingRow`: nearly all of them are an id and texts that
 * many findings share, which are copied as bytes.
 *
 * @param write given the rows of a batch; the bytes are used again afterwards
 */
export function findingBytes(write: (rows: Uint8Array) => void): FindingReceiver {
  const encoder = new TextEncoder()
  let texts: Texts | undefined
  let cases: CheckedCases | undefined
  let hospitals = new Int32Array(0)
  /** What the rows are made of: pieces by number, and ids as ~row. */
  let picks = new Int32Array(1 << 12)
  let picked = 0
  let bytes = new Uint8Array(1 << 16)
  let length = 0

  const pick = (piece: number): void => {
    if (picked === picks.length) {
      const larger = new Int32Array(picked * 2)
      larger.set(picks)
      picks = larger
    }
    picks[picked++] = piece
  }
  const room = (more: number): void => {
    if (length + more <= bytes.length) return
    const larger = new Uint8Array(Math.max(length + more, bytes.length * 2))
    larger.set(bytes.subarray(0, length))
    bytes = larger
  }
  const copy = (): void => {
    if (picked === 0) return
    const { pieces } = texts!
    const { batch } = cases!
    room(bytesOf(pieces, picks, picked))
    length = copyFindings(batch, pieces, picks, picked, bytes, length)
    picked = 0
  }
  /** Gathers the guilty codes of a field, or all of them where none is; tells whether they are there and plain. */
  const pickCodes = ({ field, isPx, guilty }: Shown & { kind: 'codes' }, row: number): boolean => {
    const { checker, dx, px, pieces, bar } = texts!
    const { batch } = cases!
    const starts = isPx ? batch.pxStart : batch.dxStart
    const ids = isPx ? batch.px : batch.dx
    const index = isPx ? checker.px : checker.dx
    const made = isPx ? px : dx
    const { bits, words } = index
    const { from, to } = cellsOf(field, starts[row]!, starts[row + 1]!)
    const before = picked
    for (let all = 0; all < 2 && picked === before; all++) {
      for (let k = from; k < to; k++) {
        const id = ids[k]!
        let hit = all
        for (let w = 0; w < words; w++) hit |= bits[id * words + w]! & guilty[w]!
        if (hit === 0 || id === 0) continue
        const piece = made[id] === NOT_MADE ? codePiece(pieces, index, made, id) : made[id]!
        if (piece === NOT_PLAIN) return false
        if (picked !== before) pick(bar)
        pick(piece)
      }
    }
    // Without a code the spaces around it would have to be looked after.
    return picked !== before
  }
  /** Gathers the pieces of a row; false where it is no plain one. */
  const pickRow = (rule: CompiledRule, severity: Severity, row: number): boolean => {
    const { batch } = cases!
    if (!hasPlainId(batch, row)) return false
    const { heads, tail, shown } = ruleTexts(texts!, rule)
    pick(~row)
    pick(hospitalPiece(texts!, hospitals, cases!, batch.hospital[row]!))
    pick(heads[severity])
    for (let k = 0; k < shown.length; k++) {
      const one = shown[k]!
      if (k > 0) pick(texts!.space)
      if (one.kind === 'codes') {
        if (!pickCodes(one, row)) return false
        continue
      }
      const piece = factPiece(texts!, one.name, one.several)
      if (piece === NOT_PLAIN) return false
      pick(piece)
    }
    pick(tail)
    return true
  }

  return {
    open(checker, next) {
      if (texts?.checker !== checker) texts = textsOf(checker)
      cases = next
      hospitals = new Int32Array(Math.max(next.hospitals.length, 1))
      length = 0
    },
    found(rule, severity, row) {
      const before = picked
      if (pickRow(rule, severity, row)) return
      picked = before
      copy()
      const text = findingRow(findingOf(texts!.checker, rule, severity, cases!, row))
      room(text.length * 3)
      length += encoder.encodeInto(text, bytes.subarray(length)).written
    },
    close() {
      copy()
      if (length > 0) write(bytes.subarray(0, length))
      cases = undefined
    },
  }
}

/** As many bytes as picks may take, ids included. */
function bytesOf({ places }: Pieces, picks: Int32Array, count: number): number {
  let bytes = OVER
  for (let k = 0; k < count; k++) bytes += picks[k]! < 0 ? LONGEST_ID : places[picks[k]! * 2 + 1]!
  return bytes
}

/** Whether the id of a row stands in CSV as it is. */
function hasPlainId({ idStart, idBytes }: CaseBatch, row: number): boolean {
  const from = idStart[row]!
  const to = idStart[row + 1]!
  if (from === to || to - from > LONGEST_ID) return false
  for (let k = from; k < to; k++) {
    const byte = idBytes[k]!
    if (byte < 48 || byte > 122 || (byte > 57 && byte < 65)) return false
  }
  return true
}

function codePiece(pieces: Pieces, index: CodeIndex, made: Int32Array, id: number): number {
  const text = codeText(index, id)
  const piece = PLAIN_CODE.test(text) ? addPiece(pieces, text) : NOT_PLAIN
  made[id] = piece
  return piece
}

function hospitalPiece({ pieces }: Texts, made: Int32Array, { hospitals }: CheckedCases, label: number): number {
  if (made[label] === NOT_MADE) made[label] = addPiece(pieces, `,${csvCell(hospitals[label] ?? '')},`)
  return made[label]!
}

function ruleTexts({ checker, pieces, rules }: Texts, compiled: CompiledRule): RuleTexts {
  const known = rules.get(compiled)
  if (known !== undefined) return known
  const { rule, field, message, lists } = compiled
  const head = (severity: Severity): number => addPiece(pieces, `${csvCell(rule.id)},${severity},${csvCell(field)},`)
  const made: RuleTexts = {
    heads: { E: head('E'), W: head('W'), I: head('I') },
    tail: addPiece(pieces, `,${csvRow([message.zh, message.en])}`),
    shown: rule.shows.map(name => {
      if (isFact(name)) return { kind: 'fact', name, several: rule.shows.length > 1 }
      const guilty = new Int32Array(checker.dx.words)
      for (const list of lists.get(name)!) guilty[list >> 5]! |= 1 << (list & 31)
      return { kind: 'codes', field: name, isPx: PX_FIELDS.includes(name), guilty }
    }),
  }
  rules.set(compiled, made)
  return made
}

/** The piece of a fact of the case in `checker.row`, where it is a small integer. */
function factPiece({ checker, pieces, facts }: Texts, name: FactName, several: boolean): number {
  const value = checker.row.values[FACT[name]]!
  if (!(value >= 0 && value < MOST_FACT && Number.isInteger(value)) || name === 'repairedCodes') return NOT_PLAIN
  const key = several ? `${name}=` : name
  let made = facts.get(key)
  if (made === undefined) {
    made = new Int32Array(MOST_FACT)
    facts.set(key, made)
  }
  if (made[value] === NOT_MADE) {
    const text = factText(name, value)
    made[value] = addPiece(pieces, several ? `${name}=${text}` : text)
  }
  return made[value]!
}
