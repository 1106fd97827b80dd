import { readTable, type Table } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import { type Decimal, type Fen, parseDecimal, parseYuan } from '../../numbers/index.ts'
import { insuranceCode } from '../../weights/index.ts'

/** What a hospital brings to a year under one insurance. Fen. */
export interface UnitFacts {
  /** Owed to it from last year (+), or by it (−). */
  readonly balance: Fen
  /** Advance that it still holds from last year. */
  readonly advance: Fen
  /** Working capital that it still holds from last year; absent: none. */
  readonly workingCapitalBefore?: Fen
  /** Working capital of this year, in place of the months of the pack. */
  readonly workingCapital?: Fen
  /** Control total of the year (机构总额控制); absent: none. */
  readonly control?: Fen
  /** Audit deductions by month; those of the year under ''. */
  readonly deductions: ReadonlyMap<string, Fen>
}

/** What clearing a region needs to know of its hospitals. */
export interface CycleFacts {
  /** Score (0–100) and coefficient of the appraisal by hospital. */
  readonly appraisal: ReadonlyMap<string, { readonly score: Decimal | null; readonly coefficient: Decimal | null }>
  /** By hospital and insurance, joined by a line break. */
  readonly units: ReadonlyMap<string, UnitFacts>
  /** The last month that has been settled; null: the year is over. */
  readonly through: string | null
  /** For visitors the insurance by whose prices they are valued. */
  readonly home: ReadonlyMap<string, string>
}

/** The files of `cycle` in a region file; paths are absolute. */
export interface CycleFiles {
  readonly appraisal: string | null
  readonly deductions: string | null
  readonly opening: string | null
  readonly workingCapital?: string | null
  readonly control?: string | null
  readonly through: string | null
}

/** What is known of the hospitals and insurances that the files may name. */
export interface CycleKnown {
  readonly hospitals: ReadonlySet<string>
  readonly insurances: ReadonlySet<string>
  readonly home: ReadonlyMap<string, string>
}

/** Reads the side tables of a year's cycle. */
export function readCycleFacts(
  { appraisal, deductions, opening, workingCapital = null, control = null, through }: CycleFiles,
  known: CycleKnown,
): CycleFacts {
  const scores = new Map<string, { score: Decimal | null; coefficient: Decimal | null }>()
  const units = new Map<string, Unit>()
  const unit = (row: Row): Unit => {
    const insurance = insuranceCode(row.text('insurance'))
    if (!known.insurances.has(insurance)) throw row.odd('insurance')
    const key = `${row.hospital()}\n${insurance}`
    const own = units.get(key) ?? { balance: 0, advance: 0, deductions: new Map<string, Fen>() }
    units.set(key, own)
    return own
  }
  for (const row of rowsOf(appraisal, ['hospital', 'score', 'coefficient'], known)) {
    if (scores.has(row.hospital())) throw row.odd('hospital')
    const [score, coefficient] = [row.decimal('score'), row.decimal('coefficient')]
    if (score?.gt(100) === true) throw row.odd('score')
    scores.set(row.hospital(), { score, coefficient })
  }
  for (const row of rowsOf(deductions, ['hospital', 'insurance', 'month', 'amount'], known)) {
    const month = row.text('month')
    if (!/^(\d{4}-(0[1-9]|1[0-2]))?$/.test(month)) throw row.odd('month')
    const own = unit(row).deductions
    own.set(month, (own.get(month) ?? 0) + row.fen('amount'))
  }
  const held = opening !== null && readTable(opening).header.includes('workingCapital')
  const names = ['hospital', 'insurance', 'balance', 'advance', ...(held ? ['workingCapital'] : [])]
  for (const row of rowsOf(opening, names, known)) {
    const own = unit(row)
    own.balance += row.fen('balance')
    own.advance += row.fen('advance')
    if (held) own.workingCapitalBefore = (own.workingCapitalBefore ?? 0) + row.fen('workingCapital')
  }
  for (const [file, key] of [[workingCapital, 'workingCapital'], [control, 'control']] as const) {
    for (const row of rowsOf(file, ['hospital', 'insurance', 'amount'], known)) {
      const own = unit(row)
      const amount = row.fen('amount')
      if (own[key] !== undefined) throw row.odd('hospital')
      if (amount < 0) throw row.odd('amount')
      own[key] = amount
    }
  } // biome-ignore format: two tables of the same form
  return { appraisal: scores, units, through, home: known.home }
}

/** Facts of a unit as they are read. */
interface Unit {
  balance: Fen
  advance: Fen
  workingCapitalBefore?: Fen
  workingCapital?: Fen
  control?: Fen
  readonly deductions: Map<string, Fen>
}

interface Row {
  text(name: string): string
  hospital(): string
  fen(name: string): Fen
  decimal(name: string): Decimal | null
  odd(name: string): Fault
}

function* rowsOf(file: string | null, names: readonly string[], known: CycleKnown): Generator<Row> {
  if (file === null) return
  const table = readTable(file)
  const places = new Map(names.map(name => [name, placeOf(table, name, names)]))
  for (const { cells, line } of table.rows) {
    const text = (name: string): string => cells[places.get(name) ?? -1]?.trim() ?? ''
    const odd = (name: string): Fault =>
      new Fault({
        code: 'CYC-002',
        at: { file, line, field: name },
        what: { zh: `该值不可用：${text(name) || '空'}。`, en: `This cannot be used: ${text(name) || 'empty'}.` },
        fix: {
          zh: 'hospital 和 insurance 须在地区文件中且（评分、周转金、总控表）不重复；金额以元为单位，最多两位小数；month 为 YYYY-MM 或空；score 在 0 至 100 之间。',
          en: 'hospital and insurance must be those of the region, a hospital once in the tables of appraisal, working capital and control totals; amounts in yuan with at most two decimals; month YYYY-MM or empty; score from 0 to 100.',
        },
      })
    yield {
      text,
      odd,
      hospital() {
        const code = text('hospital')
        if (!known.hospitals.has(code)) throw odd('hospital')
        return code
      },
      fen(name) {
        const value = text(name) === '' ? 0 : parseYuan(text(name))
        if (value === undefined) throw odd(name)
        return value
      },
      decimal(name) {
        if (text(name) === '') return null
        const value = parseDecimal(text(name))
        if (value === undefined || value.isNegative()) throw odd(name)
        return value
      },
    }
  }
}

function placeOf({ file, header }: Table, name: string, names: readonly string[]): number {
  const place = header.indexOf(name)
  if (place >= 0) return place
  throw new Fault({
    code: 'CYC-001',
    at: { file, line: 1, field: name },
    what: { zh: `缺少列 ${name}。`, en: `Column ${name} is missing.` },
    fix: { zh: `表头须有 ${names.join('、')}。`, en: `The header must have ${names.join(', ')}.` },
  })
}
