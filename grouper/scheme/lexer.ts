import { Fault, type Place, type Text } from '../../messages/index.ts'

type TokenKind = 'word' | 'number' | 'symbol' | 'end'

export interface Token {
  readonly kind: TokenKind
  /** As meant: ASCII, `>=` for `≥`; '' at the end. */
  readonly text: string
  /** Column in the rule text, from 1. */
  readonly column: number
}

/** Tokens of a rule and what was read tolerantly. */
export interface Lexed {
  readonly tokens: readonly Token[]
  readonly repairs: readonly Text[]
}

// What spreadsheets leave in cells: blanks of every kind, zero-width blanks, and escaped control characters.
const NOISE = /(?:[\s\u200b-\u200d\u2060\ufeff]|_x00(?:09|0A|0D|A0)_)+/iy
const NOISE_ALL: RegExp = new RegExp(NOISE.source, 'gi')
// A word ends where an escaped control character begins (`OP_ALL_x000D_`).
const WORD = /[\p{L}_](?:(?!_x00(?:09|0A|0D|A0)_)[\p{L}\p{N}_])*/iuy
const NUMBER = /\d+(?:\.\d+)?/y
const SYMBOL = /<=|>=|[(){},=<>∩]/y

/** Blanks of every kind as one blank, none at the ends. */
export function foldBlanks(text: string): string {
  return text.replace(NOISE_ALL, ' ').trim()
}

/** Full-width forms as ASCII, character by character, so that columns stay. */
export function foldWidth(text: string): string {
  return text.replace(/[\uff01-\uff5e]/g, c => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/[、﹐]/g, ',')
}

/** The rule as a pack keeps it: blanks folded, full-width forms and `≥ ≤` as ASCII. */
export function foldRule(text: string): string {
  return foldWidth(foldBlanks(text)).replaceAll('≥', '>=').replaceAll('≤', '<=')
}

/** Cuts a rule into tokens; `at` is the place of the rule, for messages. */
export function lex(raw: string, at: Place): Lexed {
  const text = foldWidth(raw)
  const repairs: Text[] = []
  if (text !== raw || /[≥≤]/.test(raw)) {
    repairs.push({ zh: '全角或非 ASCII 运算符按半角读取', en: 'full-width or non-ASCII operators read as ASCII' })
  }
  const tokens: Token[] = []
  let index = 0
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = index
    return pattern.exec(text)?.[0]
  }
  while (index < text.length) {
    const noise = take(NOISE)
    if (noise !== undefined) {
      index += noise.length
      continue
    }
    const column = index + 1
    const word = take(WORD)
    const number = word === undefined ? take(NUMBER) : undefined
    const symbol = word === undefined && number === undefined ? take(SYMBOL) : undefined
    const found = word ?? number ?? symbol
    if (found !== undefined) {
      tokens.push({
        kind: word !== undefined ? 'word' : number !== undefined ? 'number' : 'symbol',
        text: found,
        column,
      })
      index += found.length
    } else if (text[index] === '≥' || text[index] === '≤') {
      tokens.push({ kind: 'symbol', text: text[index] === '≥' ? '>=' : '<=', column })
      index++
    } else {
      const character = String.fromCodePoint(text.codePointAt(index)!)
      throw new Fault({
        code: 'RUL-001',
        at: { ...at, column },
        what: { zh: `规则中不能出现“${character}”。`, en: `"${character}" has no meaning in a rule.` },
        fix: {
          zh: '可用的符号有 ( ) { } , = < <= > >= ∩；“不等于”请写 not (… = …)。',
          en: 'Symbols are ( ) { } , = < <= > >= ∩; for "not equal" write not (… = …).',
        },
      })
    }
  }
  tokens.push({ kind: 'end', text: '', column: text.length + 1 })
  return { tokens, repairs }
}
