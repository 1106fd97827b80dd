/** Errors that a user can act on: where, what was found, what to do, in both languages. */

import type { Lang, Text } from './lang.ts'

/** Exit status of the command line: 1 what was checked does not hold, 64 usage, 65 bad input, 70 internal, 75 try again. */
export type ExitStatus = 1 | 64 | 65 | 70 | 75

/** Where a fault lies. Lines, rows and columns count from 1. */
export interface Place {
  readonly file?: string
  readonly sheet?: string
  readonly line?: number
  readonly column?: number
  readonly field?: string
}

export interface FaultFacts {
  /** Stable code such as `RUL-003`; letters name the part, see docs/errors.md. */
  readonly code: string
  readonly at?: Place
  /** What was found. */
  readonly what: Text
  /** What to do about it. */
  readonly fix: Text
  /** Default 65 (bad input). */
  readonly status?: ExitStatus
}

/** An error that a user can act on: code, place, what was found, what to do. */
export class Fault extends Error {
  readonly code: string
  readonly at: Place
  readonly what: Text
  readonly fix: Text
  readonly status: ExitStatus

  constructor(facts: FaultFacts) {
    super(faultText(facts, 'en'))
    this.name = 'Fault'
    this.code = facts.code
    this.at = facts.at ?? {}
    this.what = facts.what
    this.fix = facts.fix
    this.status = facts.status ?? 65
  }
}

/** `file:line:column`, with sheet and field where known; empty when nothing is known. */
export function placeText(at: Place): string {
  const file = [at.file, at.sheet].filter(part => part !== undefined).join('!')
  const position = [file, at.line, at.column].filter(part => part !== undefined && part !== '').join(':')
  return at.field === undefined ? position : `${position}${position === '' ? '' : ' '}[${at.field}]`
}

/** One line: `CODE place  what. fix`. */
export function faultText(fault: Pick<FaultFacts, 'code' | 'at' | 'what' | 'fix'>, lang: Lang): string {
  const place = fault.at === undefined ? '' : placeText(fault.at)
  const gap = lang === 'zh' || fault.what[lang].endsWith('\n') ? '' : ' '
  return `${fault.code}${place === '' ? '' : ` ${place}`}  ${fault.what[lang]}${gap}${fault.fix[lang]}`
}
