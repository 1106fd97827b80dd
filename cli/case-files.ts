import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unreadable } from '../files/index.ts'
import { type ReadSummary, type RuleBook, readCases } from '../grouper/index.ts'
import { Fault } from '../messages/index.ts'

/** What the columns of case files must hold, and which file a batch comes from. */

/** A stage and the columns it needs; of each inner list one column is enough. */
const NEEDS = {
  weights: [['totalCost']],
  coefficients: [['totalCost'], ['hospital']],
  settlement: [['totalCost'], ['hospital'], ['insurance'], ['month'], ['fundPay', 'patientPay']],
} as const

const FIELDS: Readonly<Record<string, string>> = { totalCost: 'cost', fundPay: 'fund', patientPay: 'patient' }

const HEAD = 1 << 20
const LF = 10

/** Refuses case files whose header lacks a column of the stage, before a row is read. */
export function checkColumns(files: readonly string[], stage: keyof typeof NEEDS, book: RuleBook): void {
  const folder = mkdtempSync(join(tmpdir(), 'dianzhi-'))
  try {
    for (const file of files) {
      const fields = new Set(columnsOf(file, join(folder, 'head.csv'), book).map(column => column.field as string))
      const missing = NEEDS[stage].find(names => !names.some(name => fields.has(FIELDS[name] ?? name)))
      if (missing !== undefined) throw missingColumn(file, missing)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The columns of a file, by the case reader itself, from a copy of the header alone. */
function columnsOf(file: string, copy: string, { dxTable, pxTable }: RuleBook): ReadSummary['columns'][number] {
  writeFileSync(copy, headOf(file))
  try {
    return readCases([copy], { dxTable, pxTable, onBatch: () => {} }).columns[0] ?? []
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault
    const { code, at, what, fix, status } = fault
    throw new Fault({ code, at: { ...at, file }, what, fix, status })
  }
}

function headOf(file: string): Uint8Array {
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch (error) {
    throw unreadable(file, error)
  }
  try {
    const bytes = new Uint8Array(HEAD)
    const read = bytes.subarray(0, readSync(descriptor, bytes, 0, HEAD, 0))
    return read.subarray(0, read.indexOf(LF) < 0 ? read.length : read.indexOf(LF) + 1)
  } catch (error) {
    throw unreadable(file, error)
  } finally {
    closeSync(descriptor)
  }
}

/** The same list; `onOpen` hears of each file when the reader comes to it, which is the only sign of a change of file. */
export function announced(files: readonly string[], onOpen: (file: string) => void): readonly string[] {
  return Object.assign([...files], {
    *[Symbol.iterator](): Generator<string, undefined> {
      for (const file of files) {
        onOpen(file)
        yield file
      }
      return undefined
    },
  })
}

function missingColumn(file: string, names: readonly string[]): Fault {
  const isCost = names.includes('totalCost')
  return new Fault({
    code: 'CAS-005',
    at: { file, line: 1 },
    what: {
      zh: `${isCost ? '权重和结算' : '该步骤'}需要列 ${names.join(' 或 ')}，文件中没有。`,
      en: `${isCost ? 'Weights and settlement need' : 'This step needs'} the column ${names.join(' or ')}; the file has none.`,
    },
    fix: {
      zh: '请补上该列（表头写法见 docs/input.md）。',
      en: 'Add it (docs/input.md lists the accepted headers).',
    },
  })
}
