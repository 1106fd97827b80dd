import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import type { Fault } from '../../messages/index.ts'
import { makeStays, type Stay } from './cases.ts'
import { csv, HQMS, hqmsRow, message4101, SIMPLE, simpleRow } from './forms.ts'
import { expected, type ReadFiles, readAll } from './read.ts'

/**
 * Damaged files, made from whole ones at many places: each must give the repair or the error that docs/formats.md
 * promises, and never a case that is silently wrong.
 */

type Row = Record<string, string>

interface Promise_ {
  /** Code of the fault that refuses the file. */
  readonly fault?: string
  /** Reason of the one reject, at the damaged row. */
  readonly reject?: string
  /** Note of the repair. */
  readonly note?: string
  /** Fields of the damaged row that read otherwise. */
  readonly reads?: object
  /** Rows that are lost beside rejected ones. */
  readonly lost?: number
}

interface Damage {
  readonly name: string
  readonly form: 'simple' | 'hqms' | '4101'
  /** Changes a row of a table, or the text of a message. */
  readonly row?: (row: Row, stay: Stay) => Row
  readonly message?: (text: string, stay: Stay) => string
  readonly file?: (text: string, at: number) => string | Uint8Array
  readonly gives: Promise_
}

const folder = mkdtempSync(join(tmpdir(), 'dianzhi-damage-'))
const STAYS = makeStays(24, 5)
/** Places of the damage: first, last and some between. */
const PLACES = [0, 1, 5, 11, 17, 23]

const set =
  (field: string, value: string) =>
  (row: Row): Row => ({ ...row, [field]: value })

const DAMAGES: readonly Damage[] = [
  { name: 'id in scientific notation', form: 'hqms', row: set('A48', '1.23E+17'), gives: { reject: 'id-damaged' } },
  { name: 'diagnosis turned into a date', form: 'hqms', row: set('C03C', '1-Feb'), gives: { reject: 'code-damaged' } },
  {
    name: 'procedure turned into a date',
    form: 'hqms',
    row: set('C14x01C', '2047-01-01'),
    gives: { reject: 'code-damaged' },
  },
  {
    name: 'weight between grams and kilograms',
    form: 'hqms',
    row: row => ({ ...row, A13: row.B12!.slice(0, 10), A14: '0', A18x01: '45' }),
    gives: { reject: 'weight-ambiguous' },
  },
  {
    name: 'weight in kilograms',
    form: 'hqms',
    row: row => ({ ...row, A13: row.B12!.slice(0, 10), A14: '0', A18x01: '3.2' }),
    gives: { note: 'kilograms', reads: { weight: 3200, age: 0, ageDays: 0 } },
  },
  {
    name: 'twins in one cell',
    form: 'hqms',
    row: row => ({ ...row, A13: row.B12!.slice(0, 10), A14: '0', A18x01: '2900、3100' }),
    gives: { note: 'several-babies', reads: { weight: 2900 } },
  },
  {
    name: 'weight of the child with the mother',
    form: 'hqms',
    row: row => ({ ...row, A13: '1990-01-01', A14: '', A16: '', A18x01: '3300' }),
    gives: { note: 'mother-weight', reads: { weight: -1 } },
  },
  {
    name: 'age that differs from the dates',
    form: 'hqms',
    row: row => ({ ...row, A13: '1990-12-31', A14: '77' }),
    gives: { note: 'age-differs', reads: { age: 34 } },
  },
  {
    name: 'age without dates and without unit',
    form: 'hqms',
    row: row => ({ ...row, A13: '', A14: '61' }),
    gives: { reads: { age: 61, ageDays: -1 } },
  },
  {
    name: 'infant by days alone',
    form: 'hqms',
    row: row => ({ ...row, A13: '', A14: '0', A16: '12', A18x01: '' }),
    gives: { reads: { age: 0, ageDays: 12 } },
  },
  {
    name: 'age that is no age',
    form: 'hqms',
    row: row => ({ ...row, A13: '', A14: 'abc' }),
    gives: { reject: 'not-an-integer' },
  },
  {
    name: 'date of birth that does not exist',
    form: 'hqms',
    row: row => ({ ...row, A13: '1990-02-30', A14: '35', A16: '', A18x01: '' }),
    gives: { note: 'bad-date', reads: { age: 35 } },
  },
  {
    name: 'born after admission',
    form: 'hqms',
    row: row => ({ ...row, A13: '2030-01-01', A14: '40', A16: '', A18x01: '' }),
    gives: { note: 'date-order', reads: { age: 40 } },
  },
  { name: 'stay of no days', form: 'hqms', row: set('B20', '0'), gives: { note: 'stay-zero', reads: { los: 1 } } },
  { name: 'stay missing', form: 'hqms', row: set('B20', '-'), gives: { note: 'stay-computed' } },
  {
    name: 'stay that differs from the dates',
    form: 'hqms',
    row: set('B20', '77'),
    gives: { note: 'stay-differs', reads: { los: 77 } },
  },
  { name: 'sex that is none', form: 'hqms', row: set('A12C', '3'), gives: { reject: 'bad-sex' } },
  { name: 'sex as a decimal', form: 'hqms', row: row => ({ ...row, A12C: `${row.A12C}.0` }), gives: {} },
  {
    name: 'cost with thousands marks and currency',
    form: 'hqms',
    row: (row, { cost }) => ({
      ...row,
      D01: `￥${(cost / 100).toLocaleString('en-US', { minimumFractionDigits: 2 })}元`,
    }),
    gives: {},
  },
  {
    name: 'cost in full width',
    form: 'hqms',
    row: row => ({ ...row, D01: row.D01!.replace(/[0-9.]/g, c => String.fromCharCode(c.charCodeAt(0) + 0xfee0)) }),
    gives: {},
  },
  { name: 'cost in scientific notation', form: 'hqms', row: set('D01', '8.8E3'), gives: { reads: { cost: 880_000 } } },
  { name: 'cost of a refund', form: 'hqms', row: row => ({ ...row, D01: `-${row.D01}` }), gives: { reject: 'refund' } },
  { name: 'cost that is no number', form: 'hqms', row: set('D01', '八千'), gives: { reject: 'not-money' } },
  { name: 'cost of a failed formula', form: 'hqms', row: set('D01', '#REF!'), gives: { reject: 'not-money' } },
  { name: 'a charge that is no amount', form: 'hqms', row: set('D23', '见附页'), gives: { note: 'bad-charge' } },
  { name: 'lower-case codes', form: 'hqms', row: row => ({ ...row, C03C: row.C03C!.toLowerCase() }), gives: {} },
  {
    name: 'blanks, NBSP and full width in a code',
    form: 'hqms',
    row: row => ({ ...row, C03C: `\u00a0${row.C03C!.slice(0, 3)} ${row.C03C!.slice(3).replace('.', '．')}　` }),
    gives: {},
  },
  {
    name: 'main procedure slot empty',
    form: 'hqms',
    row: row => ({ ...row, C14x01C: '-', C35x01C: '47.0100' }),
    gives: { note: 'main-procedure-empty' },
  },
  {
    name: 'gap between other diagnoses',
    form: 'hqms',
    row: row => ({ ...row, C06x01C: '-', C06x02C: 'I10.x00x002' }),
    gives: { note: 'slot-gap' },
  },
  {
    name: 'main diagnosis repeated',
    form: 'hqms',
    row: row => ({ ...row, C06x01C: row.C03C! }),
    gives: { note: 'repeated-code' },
  },
  { name: 'apostrophe of a text', form: 'hqms', row: row => ({ ...row, A48: `'${row.A48}` }), gives: {} },
  {
    name: 'row cut short',
    form: 'hqms',
    file: (text, at) => lines(text, at, line => line.split(',').slice(0, 300).join(',')),
    gives: { note: 'ragged', reads: { cost: -1 } },
  },
  {
    name: 'row with cells too many',
    form: 'hqms',
    file: (text, at) => lines(text, at, line => `${line},x,y`),
    gives: { reject: 'too-many-columns' },
  },
  {
    name: 'empty cells behind the last column',
    form: 'hqms',
    file: (text, at) => lines(text, at, line => `${line},,`),
    gives: {},
  },
  {
    name: 'a stray quote',
    form: 'hqms',
    file: (text, at) => lines(text, at, line => line.replace(/,([^,]*)$/, ',"$1')),
    gives: { reject: 'open-quote' },
  },
  {
    name: 'a row in another encoding',
    form: 'hqms',
    file: (text, at) => otherEncoding(text, at),
    gives: { reject: 'encoding' },
  },
  { name: 'NUL bytes in a cell', form: 'hqms', row: row => ({ ...row, A48: `${row.A48}\0` }), gives: {} },
  {
    name: 'message cut off',
    form: '4101',
    message: text => text.slice(0, text.length - 40),
    gives: { reject: 'not-a-message' },
  },
  {
    name: 'message of another kind',
    form: '4101',
    message: () => '{"infcode":0,"output":{"setl_list_id":"1"}}',
    gives: { reject: 'not-a-message' },
  },
  {
    name: 'two main diagnoses',
    form: '4101',
    message: text =>
      text
        .replace(/"maindiag_flag":"0"/g, '"maindiag_flag":"1"')
        .replace('"diseinfo":[', '"diseinfo":[{"diag_code":"I10.x00x002","maindiag_flag":"1"},'),
    gives: { reject: 'main-ambiguous' },
  },
  {
    name: 'no main diagnosis flagged',
    form: '4101',
    message: text => text.replaceAll('"maindiag_flag":"1"', '"maindiag_flag":""'),
    gives: { note: 'main-flag-missing' },
  },
  {
    name: 'out-patient list',
    form: '4101',
    message: text =>
      text
        .replace(/"diseinfo":\[.*?\]/, '"diseinfo":null')
        .replace(/"oprninfo":\[.*?\]/, '"oprninfo":null')
        .replace('"diag_code":"-"', '"diag_code":"M00500"'),
    gives: { reject: 'no-stay' },
  },
  {
    name: 'list sent again',
    form: '4101',
    message: (text, stay) =>
      `${text.replace('2026-01-15 10:30:00', '2026-01-01 08:00:00').replace(`"amt":"10.00"`, '"amt":"99.00"')}\n${JSON.stringify(message4101(stay))}`,
    gives: { reject: 'superseded' },
  },
  {
    name: 'nodes as null',
    form: '4101',
    message: text =>
      text.replace(/"oprninfo":\[.*?\]/, '"oprninfo":null').replace(/"opspdiseinfo":\[.*?\]/, '"opspdiseinfo":null'),
    gives: { reads: { px: [] } },
  },
]

/** Damages of whole files: one case each. */
const FILES: readonly {
  readonly name: string
  readonly text: string | Uint8Array
  readonly ending?: string
  readonly gives: Promise_
}[] = [
  { name: 'nothing', text: '', gives: { fault: 'CAS-003' } },
  { name: 'an old workbook', text: Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1), gives: { fault: 'FMT-001' } },
  { name: 'a gzip archive', text: Uint8Array.of(0x1f, 0x8b, 8, 0), gives: { fault: 'FMT-001' } },
  {
    name: 'UTF-16',
    text: Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('病案号,性别', 'utf16le')]),
    gives: { fault: 'FMT-001' },
  },
  { name: 'XML', text: '<?xml version="1.0"?><INFO/>', gives: { fault: 'FMT-001' } },
  { name: 'PDF', text: '%PDF-1.7\n', gives: { fault: 'FMT-001' } },
  {
    name: 'a damaged workbook',
    text: Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(200, 7)]),
    gives: { fault: 'XLS-002' },
  },
  {
    name: 'a damaged Parquet file',
    text: Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(50, 1)]),
    gives: { fault: 'FMT-003' },
  },
  { name: 'JSON without messages', text: '[{"a":1},{"b":2}]', gives: { fault: 'FMT-006' } },
  {
    name: 'HQMS without the principal diagnosis',
    text: csv(
      HQMS.filter(name => name !== 'C03C'),
      STAYS.map(hqmsRow),
    ),
    gives: { fault: 'FMT-007' },
  },
  {
    name: 'two columns for the id',
    text: csv([...SIMPLE, '住院号', '姓名'], STAYS.map(simpleRow)),
    gives: { fault: 'FMT-002' },
  },
  {
    name: 'no header',
    text: csv(SIMPLE, STAYS.map(simpleRow)).split('\n').slice(1).join('\n'),
    gives: { fault: 'CAS-001' },
  },
  {
    name: 'HQMS with title rows above',
    text: `${','.repeat(3)}\n病案首页,,,\n${csv(HQMS, STAYS.map(hqmsRow))}`,
    gives: {},
  },
  {
    name: 'GB18030 below an ASCII header',
    text: iconv.encode(csv(HQMS, STAYS.map(hqmsRow), '-'), 'gb18030'),
    gives: {},
  },
]

function lines(text: string, at: number, change: (line: string) => string): string {
  const all = text.split('\n')
  all[at + 1] = change(all[at + 1]!)
  return all.join('\n')
}

function otherEncoding(text: string, at: number): Uint8Array {
  const all = text.split('\n').map((line, i) => (i === at + 1 ? iconv.encode(line, 'gb18030') : Buffer.from(line)))
  return Buffer.concat(all.flatMap((line, i) => (i === 0 ? [line] : [Buffer.from('\n'), line])))
}

function damaged(damage: Damage, at: number): string | Uint8Array {
  const { form, row, message, file } = damage
  if (form === '4101') {
    const texts = STAYS.map(stay => JSON.stringify(message4101(stay)))
    return texts.map((text, i) => (i === at ? message!(text, STAYS[i]!) : text)).join('\n')
  }
  const rows = STAYS.map((stay, i) => {
    const made = form === 'hqms' ? hqmsRow(stay) : simpleRow(stay)
    return i === at && row !== undefined ? row(made, stay) : made
  })
  const text = csv(form === 'hqms' ? HQMS : SIMPLE, rows, form === 'hqms' ? '-' : '')
  return file === undefined ? text : file(text, at)
}

const CORE = ['id', 'sex', 'age', 'ageDays', 'weight', 'los', 'way', 'cost', 'dx', 'px'] as const

function core(row: object): object {
  return Object.fromEntries(CORE.map(field => [field, (row as Row)[field]]))
}

/** Everything but the damaged row must be as it was; of that row what the damage promises. */
function check(read: ReadFiles, gives: Promise_, at: number): void {
  const isRejected = gives.reject !== undefined && gives.reject !== 'superseded'
  expect(read.rejects.map(reject => reject.reason)).toEqual(gives.reject === undefined ? [] : [gives.reject])
  expect(read.counts.rows).toBe(read.counts.cases + read.counts.rejected)
  const others = read.rows.filter((_, i) => i !== at || isRejected)
  expect(others.map(core)).toEqual(STAYS.filter((_, i) => i !== at).map(stay => core(expected(stay))))
  if (gives.note !== undefined) expect(Object.keys(read.notes)).toContain(gives.note)
  if (isRejected) return
  if (gives.reads !== undefined) expect(read.rows[at]).toMatchObject(gives.reads)
  else if (gives.note === undefined) expect(core(read.rows[at]!)).toEqual(core(expected(STAYS[at]!)))
  expect(read.rows[at]!.id).toBe(STAYS[at]!.id)
}

describe('a damaged row', () => {
  it(`comes in ${DAMAGES.length * PLACES.length + FILES.length} damaged files`, () => {
    expect(DAMAGES.length * PLACES.length + FILES.length).toBeGreaterThanOrEqual(200)
  })

  it.each(DAMAGES.map(damage => [damage.name, damage] as const))('%s', (name, damage) => {
    for (const at of PLACES) {
      const file = join(folder, `${name}-${at}.${damage.form === '4101' ? 'jsonl' : 'csv'}`.replace(/[^\w.-]/g, '_'))
      writeFileSync(file, damaged(damage, at))
      check(readAll([file]), damage.gives, at)
    }
  })
})

describe('a damaged file', () => {
  it.each(FILES.map(file => [file.name, file] as const))('%s', (name, { text, ending = 'csv', gives }) => {
    const file = join(folder, `file-${name}.${ending}`.replace(/[^\w.-]/g, '_'))
    writeFileSync(file, text)
    if (gives.fault === undefined) {
      expect(readAll([file]).rows.map(core)).toEqual(STAYS.map(stay => core(expected(stay))))
      return
    }
    let fault: Fault | undefined
    try {
      readAll([file])
    } catch (error) {
      fault = error as Fault
    }
    expect(fault?.code).toBe(gives.fault)
    // Nobody's data stand in a message.
    for (const { id } of STAYS) expect(fault!.message).not.toContain(id)
  })
})
