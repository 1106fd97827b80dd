import { join } from 'node:path'
import { checkOutputs } from '../files/index.ts'
import { listTemplates, TABLE_FORMATS, type TableOptions } from '../formats/index.ts'
import { Fault, someOf } from '../messages/index.ts'
import { readRegion, regionCaseMoney } from '../simulate/index.ts'
import type { Hospital } from '../weights/index.ts'
import { particularsFor, sheetNames, writeCaseSheet } from './case-sheets.ts'
import type { Console } from './console.ts'
import type { SettledRegion } from './pipeline.ts'
import { settledSheet } from './settled-cases.ts'

/** What sheets are asked for. */
export interface SettledSheetOptions extends Pick<TableOptions, 'format' | 'encoding'> {
  readonly folder: string
  readonly template: string
  /** Code of the only hospital; undefined: all. */
  readonly hospital: string | undefined
}

/** Writes the cases of each hospital at their settled money in a column template: `sheets/H001-settlement-return.xlsx`. */
export async function writeSettledSheets(
  console: Console,
  settled: SettledRegion,
  { folder, template, hospital, ...form }: SettledSheetOptions,
): Promise<string[]> {
  const { payable, caseFiles, baseline, region } = settled
  const wanted = hospital === undefined ? payable.hospitals : [hospital]
  const names = new Map(wanted.map(code => [code, nameOf(code, template)]))
  const below = join(folder, 'sheets')
  checkOutputs(
    sheetNames([...names.values()], [form.format]).map(name => join(below, name)),
    [region.file, ...region.cases],
  )
  const listOf = Map.groupBy([...payable.hospital.keys()], at => payable.hospitals[payable.hospital[at]!]!)
  const list = wanted.flatMap(code => listOf.get(code) ?? [])
  const money = regionCaseMoney(baseline.input, baseline.valued, hospital)
  const sheet = settledSheet(settled, money, await particularsFor(caseFiles, settled, list))
  return wanted.flatMap(code => {
    const options = { folder: below, name: names.get(code)!, template, ...form }
    return writeCaseSheet(console, sheet, listOf.get(code) ?? [], options).map(name => `sheets/${name}`)
  })
}

/** Every sheet that a settlement of these hospitals may write into its folder. */
export function allSheets(folder: string, hospitals: readonly Hospital[]): string[] {
  const templates = listTemplates()
  const names = hospitals.flatMap(({ code }) => templates.map(template => nameOf(code, template)))
  return sheetNames(names, TABLE_FORMATS).map(name => join(folder, 'sheets', name))
}

function nameOf(hospital: string, template: string): string {
  return `${hospital.replace(/[^\p{L}\p{N}._-]/gu, '_')}-${template}`
}

/** Refuses a hospital that the region's table does not have, before its cases are read. */
export function checkHospital(file: string, code: string): void {
  const known = readRegion(file).hospitals.map(hospital => hospital.code)
  if (!known.includes(code)) throw noHospital(code, known)
}

function noHospital(code: string, known: readonly string[]): Fault {
  return new Fault({
    code: 'REG-012',
    at: { field: '--hospital' },
    what: { zh: `医疗机构表中没有 ${code}。`, en: `The table of hospitals has no ${code}.` },
    fix: { zh: `表中的机构：${someOf(known).zh}。`, en: `It has ${someOf(known).en}.` },
    status: 64,
  })
}
