import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { unreadable } from '../../files/index.ts'
import { Fault, type Place, type Text } from '../../messages/index.ts'
import { dateNumber, dayOfTime, parseTime, yearsBetween } from './time.ts'

/** Hex digits of a pseudonym: 96 bits, so that two persons never share one. */
const DIGITS = 24
const LEAST_KEY = 16
const DAY = 1440

/** The key of pseudonyms, from a file or from the environment: a command line can be seen by others. */
export function readKey(from: { readonly file?: string | undefined; readonly variable?: string | undefined }): Buffer {
  const { file, variable } = from
  if (file !== undefined && variable !== undefined) {
    throw noKey('--key-file', {
      zh: '同时给出了 --key-file 和 --key-env，不知用哪个密钥。',
      en: 'Both --key-file and --key-env are given: which key counts is open.',
    })
  }
  let key: Buffer
  if (file !== undefined) {
    try {
      key = Buffer.from(readFileSync(file, 'utf8').trim())
    } catch (error) {
      throw unreadable(file, error)
    }
  } else {
    if (variable === undefined) throw noKey('--key-file', { zh: '没有给出密钥。', en: 'No key is given.' })
    const text = process.env[variable]
    if (text === undefined) {
      throw noKey(variable, { zh: `没有设置环境变量 ${variable}。`, en: `The variable ${variable} is not set.` })
    }
    key = Buffer.from(text)
  }
  if (key.length >= LEAST_KEY) return key
  const what = { zh: `密钥只有 ${key.length} 字节。`, en: `The key has ${key.length} bytes.` }
  throw noKey(file === undefined ? variable! : { file }, what)
}

function noKey(at: string | Place, what: Text): Fault {
  return new Fault({
    code: 'PSN-001',
    at: typeof at === 'string' ? { field: at } : at,
    what,
    fix: {
      zh: `请用 --key-file 或 --key-env 给出至少 ${LEAST_KEY} 字节的随机密钥（例如 openssl rand -hex 32），并妥善保管。`,
      en: `Give at least ${LEAST_KEY} random bytes with --key-file or --key-env (such as openssl rand -hex 32), and keep them safe.`,
    },
    status: 64,
  })
}

/** Replaces what identifies persons; the same key makes the same pseudonyms, so that files can still be joined. */
export interface Pseudonyms {
  /** The pseudonym of an id: HMAC-SHA-256 of its kind and text; '' stays ''. */
  id(kind: string, text: string): string
  /** Days by which all dates of a person are shifted, from -range to range and never 0 unless the range is. */
  shiftOf(person: string): number
}

export function createPseudonyms(key: Buffer, range: number): Pseudonyms {
  const digest = (text: string): Buffer => createHmac('sha256', key).update(text).digest()
  return {
    id: (kind, text) => (text === '' ? '' : digest(`${kind}\0${text}`).toString('hex').slice(0, DIGITS)),
    shiftOf(person) {
      if (range === 0) return 0
      const draw = digest(`shift\0${person}`).readUIntBE(0, 6) % (2 * range)
      return draw < range ? draw - range : draw - range + 1
    },
  }
}

/** A date or time moved by whole days, in ISO form; other texts as they stand. */
export function shiftText(text: string, days: number): string {
  const time = parseTime(text)
  if (Number.isNaN(time)) return text
  const moved = time + days * DAY
  const date = isoDate(dayOfTime(moved))
  const minutes = moved - dayOfTime(moved) * DAY
  if (minutes === 0 && !/[\d日][T\s]\d|\d{12}/.test(text)) return date
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  return `${date} ${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`
}

/** A date of birth moved with the admission so that the age at admission stays what it was. */
export function shiftBirth(birth: string, admission: string, days: number): string {
  const [born, admitted] = [parseTime(birth), parseTime(admission)]
  if (Number.isNaN(born) || Number.isNaN(admitted)) return shiftText(birth, days)
  const years = yearsBetween(dayOfTime(born), dayOfTime(admitted))
  const [day, later] = [dayOfTime(born) + days, dayOfTime(admitted) + days]
  // A leap day in between may make a birthday a day earlier or later.
  const same = [0, -1, 1].find(more => yearsBetween(day + more, later) === years) ?? 0
  return isoDate(day + same)
}

function isoDate(day: number): string {
  const date = String(dateNumber(day)).padStart(8, '0')
  return `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`
}
