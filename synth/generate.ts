import { join } from 'node:path'
import { stringify } from 'yaml'
import { csvText, fileSink, type TextEncoding, writeInto, writeText } from '../files/index.ts'
import { createDraws, Decimal, type Fen, formatFen } from '../numbers/index.ts'
import { ROW_BYTES, writeCases } from './kernel.ts'
import { createRegion, type Region, type RegionOptions } from './region.ts'

/** First line of a case file. */
export const CASE_HEADER =
  'id,gender,age,ageDay,weight,dept,los,leavingType,dx,proc,totalCost,fundPay,patientPay,hospital,insurance,month,doctor'

/** Takes the next bytes of a case file; they are overwritten after the call. */
export type ByteSink = (bytes: Uint8Array) => void

/** Sums over the cases written. */
export interface CaseTotals {
  readonly cases: number
  readonly cost: Fen
  /** Item-billed fund amounts by insurance. */
  readonly fund: Readonly<Record<'310' | '390', Fen>>
}

export interface DrawOptions {
  /** Cases [from, to), numbered from 0. */
  readonly from: number
  readonly to: number
  /** Bytes of a block. Default 1 MiB; changes no byte of the result. */
  readonly blockBytes?: number
}

/** Draws cases of a region as rows of CSV, without header. Any range may be drawn alone. */
export function drawCases(region: Region, { from, to, blockBytes = 1 << 20 }: DrawOptions, sink: ByteSink): CaseTotals {
  const draws = createDraws(region.seed)
  const block = new Uint8Array(Math.max(blockBytes, ROW_BYTES))
  const end = new Uint32Array(1)
  const totals = new Float64Array(3)
  for (let next = from; next < to; ) {
    next = writeCases(region.tables, draws, next, to, block, 0, end, totals)
    sink(block.subarray(0, end[0]))
  }
  return { cases: Math.max(0, to - from), cost: totals[2]!, fund: { '310': totals[0]!, '390': totals[1]! } }
}

export interface StreamOptions extends RegionOptions {
  /** Number of cases. */
  readonly cases: number
  readonly blockBytes?: number
}

/** Writes a whole case file, header first, to a sink. The bytes depend on scheme, parameters, seed and hospitals only. */
export function streamCases(options: StreamOptions, sink: ByteSink): CaseTotals {
  const region = createRegion(options)
  sink(Buffer.from(`${CASE_HEADER}\n`))
  const { cases, blockBytes } = options
  return drawCases(region, { from: 0, to: cases, ...(blockBytes === undefined ? {} : { blockBytes }) }, sink)
}

export interface WriteOptions extends StreamOptions {
  readonly folder: string
  /** Name of the case file. Default `cases.csv`. */
  readonly name?: string
  /** Id of the region. Default `synthetic-<seed>`. */
  readonly id?: string
  /** What the region file names as scheme: an id or a folder. Default the id of the scheme. */
  readonly schemeName?: string
  /** Encoding of the tables. Default UTF-8. */
  readonly encoding?: TextEncoding | undefined
  /** Id of the policy. Default `yancheng-2025`, under a DIP catalogue `jiangmen`. */
  readonly policy?: string
}

/** One year of a region over several. */
export interface YearFile {
  readonly year: number
  readonly file: string
  readonly totals: CaseTotals
}

/**
 * Writes case files of several years that end with the year of the parameters, `cases` a year, `NAME-YEAR.csv`,
 * `hospitals.csv`, and a `region.yaml` that settles the last of them. Groups, hospitals and their leanings are those of the seed in every year; costs grow.
 */
export function writeYears(options: WriteOptions & { readonly years: number }): YearFile[] {
  const { folder, cases, years, parameters, encoding } = options
  const name = (options.name ?? 'cases.csv').replace(/\.csv$/i, '')
  let hospitals: Region['hospitals'] = []
  const files = Array.from({ length: years }, (_, k) => {
    const back = years - 1 - k
    const year = parameters.year - back
    const meanCost = parameters.meanCost / (1 + parameters.costGrowth) ** back
    const region = createRegion({ ...options, parameters: { ...parameters, year, meanCost } })
    hospitals = region.hospitals
    const file = `${name}-${year}.csv`
    // Every year has case numbers of its own.
    const totals = writeCaseFile(join(folder, file), region, [k * cases, (k + 1) * cases], encoding)
    return { year, file, totals }
  })
  writeHospitals(folder, hospitals, encoding)
  const last = files.at(-1)
  if (last !== undefined) writeRegionFile(options, last.file, last.totals)
  return files
}

function writeCaseFile(
  path: string,
  region: Region,
  [from, to]: readonly [number, number],
  encoding: TextEncoding | undefined,
): CaseTotals {
  return writeInto(fileSink(path, encoding), file => {
    file.write(`${CASE_HEADER}\n`)
    return drawCases(region, { from, to }, bytes => file.write(bytes))
  })
}

function writeHospitals(folder: string, hospitals: Region['hospitals'], encoding: TextEncoding | undefined): void {
  const rows = hospitals.map(hospital => [hospital.code, hospital.name, hospital.level])
  writeText(join(folder, 'hospitals.csv'), csvText(['code', 'name', 'level'], rows), encoding)
}

/** Writes `cases.csv` (or another name), `hospitals.csv` and `region.yaml` into a folder. */
export function writeRegion(options: WriteOptions): CaseTotals {
  const region = createRegion(options)
  const caseFile = options.name ?? 'cases.csv'
  const totals = writeCaseFile(join(options.folder, caseFile), region, [0, options.cases], options.encoding)
  writeHospitals(options.folder, region.hospitals, options.encoding)
  writeRegionFile(options, caseFile, totals)
  return totals
}

/** The region that settles a file of cases with budgets that its bills ask for. */
function writeRegionFile(options: WriteOptions, caseFile: string, totals: CaseTotals): void {
  const { folder, seed, parameters, scheme } = options
  const isDip = !('mdcs' in scheme)
  // An insurance without cases has no budget.
  const budgets = (['310', '390'] as const)
    .map(insurance => ({ insurance, fund: Math.round(totals.fund[insurance] * parameters.budgetShare) }))
    .filter(({ fund }) => fund > 0)
    .map(({ insurance, fund }) => ({ insurance, fund: formatFen(fund) }))
  const document = {
    id: options.id ?? `synthetic-${seed}`,
    title: { zh: `合成地区（种子 ${seed}）`, en: `Synthetic region (seed ${seed})` },
    year: parameters.year,
    scheme: options.schemeName ?? scheme.manifest.id,
    policy: options.policy ?? (isDip ? 'jiangmen' : 'yancheng-2025'),
    cases: [caseFile],
    hospitals: 'hospitals.csv',
    budgets,
    // A point at par pays a hundredth of the mean cost (a score a thousandth); the budget pays its share of that.
    provisionalPointValue: new Decimal(parameters.meanCost)
      .times(parameters.budgetShare)
      .div(isDip ? 1000 : 100)
      .toFixed(isDip ? 4 : 2),
  }
  // Money and codes stay texts: a reader must not take 310 for a number, nor a budget for a floating-point one.
  const head = '# Made by dianzhi synth; no case, hospital or amount is real.\n'
  writeText(
    join(folder, 'region.yaml'),
    head + stringify(document, { defaultStringType: 'PLAIN', defaultKeyType: 'PLAIN' }),
  )
}
