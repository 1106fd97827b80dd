import { formatFen, parseYuan } from '../../numbers/index.ts'

/** What exports write for nothing. */
const EMPTY: ReadonlySet<string> = new Set([
  '',
  '-',
  '--',
  '—',
  '——',
  '/',
  '无',
  'NULL',
  'null',
  '\\N',
  '*',
  'NaN',
  'None',
])

/** Whether a text is of printable ASCII without blanks at its ends, as nearly all are. */
function isPlain(text: string): boolean {
  const { length } = text
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i)
    // An underscore may begin one of a spreadsheet's escapes.
    if (code < 32 || code > 126 || code === 95) return false
  }
  return length > 0 && text.charCodeAt(0) !== 32 && text.charCodeAt(0) !== 39 && text.charCodeAt(length - 1) !== 32
}

/**
 * A cell without blanks around it (also NBSP and those of no width), in half width, without a spreadsheet's escapes and
 * the apostrophe that marks texts; '' where it says that there is nothing.
 */
export function cleanText(text: string): string {
  if (isPlain(text)) return text.length <= 4 && EMPTY.has(text) ? '' : text
  if (EMPTY.has(text)) return ''
  const clean = text
    .replace(/_x000[dD]_/g, '')
    .normalize('NFKC')
    .replaceAll('\0', '')

    .replace(/^'/, '')
    .replace(/^[\s\u200b-\u200d\u2060\ufeff]+|[\s\u200b-\u200d\u2060\ufeff]+$/g, '')
  return EMPTY.has(clean) ? '' : clean
}

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,2}))?$/

/**
 * A number as plain digits: without thousands marks, currency and units, an exponent written out ("8.8E3" → "8800");
 * the text as it stands where it is no number.
 */
export function plainNumber(text: string): string {
  if (isDecimal(text)) return text
  const bare = text.replace(/^([+-]?)[¥￥]/, '$1').replace(/(元|圆|天|日|克|g|岁|小时|RMB)$/i, '')
  const grouped = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(bare) ? bare.replaceAll(',', '') : bare
  const parts = NUMBER.exec(grouped)
  if (parts === null || (parts[2] ?? '') + (parts[3] ?? '') === '') return text
  const [, sign, whole = '', fraction = '', exponent] = parts
  const minus = sign === '-' ? '-' : ''
  if (exponent === undefined) return `${minus}${whole || '0'}${fraction === '' ? '' : `.${fraction}`}`
  const shift = Number(exponent)
  const digits = whole + fraction
  const point = whole.length + shift
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0')
  const at = Math.max(point, 1)
  const tail = padded.slice(at).replace(/0+$/, '')
  return `${minus}${padded.slice(0, at).replace(/^0+(?=\d)/, '')}${tail === '' ? '' : `.${tail}`}`
}

/** Whether a text is empty, or digits with or without a point among them. */
function isDecimal(text: string): boolean {
  const { length } = text
  let points = 0
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i)
    if (code >= 48 && code <= 57) continue
    if (code !== 46 || i === 0 || i === length - 1 || ++points > 1) return false
  }
  return true
}

/** Whether a spreadsheet has turned a long number into `1.23E+17`: its last digits are lost. */
export function lostDigits(text: string): boolean {
  return /^\d(\.\d+)?[eE]\+?\d{1,2}$/.test(text)
}

const MONTH = '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)'
const DATE_LIKE = new RegExp(
  `^(\\d{1,2}-${MONTH}|${MONTH}-\\d{2,4}|\\d{4}[-/]\\d{1,2}[-/]\\d{1,2}( .*)?|\\d{1,2}月\\d{1,2}日)$`,
  'i',
)

/** Whether a spreadsheet has turned a code into a date. */
export function isDateLike(code: string): boolean {
  return DATE_LIKE.test(code)
}

/** Whether a text can only be one code: no character that separates codes or is to be cleaned. */
function isOneCode(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    const isGood = (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
    if (!isGood && code !== 46 && code !== 43 && code !== 42 && code !== 45) return false
  }
  return true
}

/**
 * Appends the codes of a cell. Separators are `,` `;` `|` `、` line breaks, `/` where it is not that of a morphology code
 * (M8000/3), and, with `blanks`, blanks that do not stand before a dagger; blanks within a code are dropped.
 */
export function addCodes(codes: string[], text: string, blanks: boolean): void {
  if (text === '') return
  if (isOneCode(text)) {
    if (text !== '-' && text !== '--') codes.push(text)
    return
  }
  const plain = text
    .normalize('NFKC')
    .replace(/^'/, '')
    .replace(/†/g, '+')
    .replace(/[\u200b-\u200d\u2060\ufeff]/g, '')
    .replace(/_x000[dD]_/g, '')
    .replace(/[ \u00a0\t]+(?=\+)/g, blanks ? '' : ' ')
  const apart = blanks ? /[,;|、\s]+/ : /[,;|、\r\n\v]+/
  for (const piece of plain.split(apart)) {
    for (const part of piece.split(/(?<!M\d{4,5})\/(?=[A-Z0-9])/i)) {
      const code = part.replace(/\s+/g, '')
      if (code !== '' && !EMPTY.has(code)) codes.push(code)
    }
  }
}

/** The exact sum of amounts in yuan; '' where there is none, and an amount with a mark where it cannot be read. */
export function sumOf(amounts: readonly string[]): string {
  let fen = 0
  let any = false
  for (const amount of amounts) {
    const text = plainNumber(cleanText(amount))
    if (text === '') continue
    const value = parseYuan(text)
    if (value === undefined) return `${text}?`
    fen += value
    any = true
  }
  return any ? formatFen(fen) : ''
}
