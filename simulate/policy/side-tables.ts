import { join } from 'node:path'
import { readTable } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import { parseDecimal } from '../../numbers/index.ts'
import type { PolicyDocument } from './document.ts'
import type { ElasticDocument } from './engine-document.ts'
import type { GroupList } from './field.ts'
import { isFile, readGroupMeans } from './group-means.ts'
import { insuranceCode } from './insurance.ts'
import { type PerDiemDocument, perDiemRules } from './per-diem-document.ts'

type BaseFactors = NonNullable<PolicyDocument['base']>['factors']

/** Reads the side tables that a document names, from its folder, into the document. */
export function readSideTables(document: PolicyDocument, folder: string): PolicyDocument {
  const codes = (list: GroupList): GroupList => ('file' in list ? readCodes(join(folder, list.file)) : list)
  const { base, unstable, perDiem, longStay, tcm, readmission, elastic, coefficient, auxiliary } = document
  const { meanFactor, groupMeans } = document
  return {
    ...document,
    unstable: { ...unstable, list: codes(unstable.list) },
    base: base && { ...base, list: codes(base.list), factors: readFactors(base.factors, folder) },
    meanFactor: isNamed(meanFactor) ? readMeanFactors(join(folder, meanFactor.file)) : meanFactor,
    groupMeans: groupMeans !== null && isFile(groupMeans) ? readGroupMeans(join(folder, groupMeans.file)) : groupMeans,
    perDiem: perDiem && readPerDiem(perDiem, codes),
    provisionalWeights: readWeights(document.provisionalWeights, folder),
    longStay: longStay && { ...longStay, groups: codes(longStay.groups) },
    tcm: tcm && { ...tcm, list: codes(tcm.list) },
    readmission: readmission && { ...readmission, exempt: codes(readmission.exempt) },
    elastic: elastic && readElastic(elastic, folder, codes),
    auxiliary: auxiliary && { ...auxiliary, ...auxiliaryPlaces(auxiliary, folder) },
    coefficient: {
      ...coefficient,
      table: coefficientTable(coefficient.table, coefficient.kind, folder),
      lastYear: coefficientTable(coefficient.lastYear, coefficient.kind, folder),
    },
  }
}

/** The names of the side tables of a document, in no order that matters. */
export function sideTables({
  base,
  unstable,
  perDiem,
  longStay,
  tcm,
  readmission,
  elastic,
  coefficient,
  auxiliary,
  meanFactor,
  groupMeans,
  provisionalWeights,
}: PolicyDocument): string[] {
  const lists = [
    base?.list,
    unstable.list,
    ...perDiemRules(perDiem).map(one => one.groups),
    longStay?.groups,
    tcm?.list,
    readmission?.exempt,
    elastic?.by === 'severity' ? elastic.groups : undefined,
  ]
  const named = lists.map(list => (list !== undefined && 'file' in list ? list.file : null))
  const tables = [
    elastic?.by === 'volume' ? elastic.basePoints : undefined,
    elastic?.by === 'costKind' ? elastic.amounts : undefined,
  ]
  const more = [base?.factors, meanFactor, groupMeans].map(table => (isNamed(table) ? table.file : null))
  const types = auxiliary !== null && isPack(auxiliary.types) ? auxiliary.types : null
  return [
    ...named,
    ...more,
    ...tables.map(table => table?.file),
    coefficient.table?.file,
    coefficient.lastYear?.file,
    provisionalWeights?.file,
    types,
    auxiliary?.table?.file,
  ].filter(name => typeof name === 'string')
}

/** Whether a table is named and not read yet. */
function isNamed(table: unknown): table is { readonly file: string } {
  return typeof table === 'object' && table !== null && 'file' in table && typeof table.file === 'string'
}

/** Coefficients of base groups: columns group and factor. */
function readFactors(factors: BaseFactors, folder: string): BaseFactors {
  if (!isNamed(factors)) return factors
  return readNumbers(join(folder, factors.file), ['group'], 'factor', ([group = '']) => group, true)
}

/** Mean-cost factors: columns hospital, insurance and factor, and where base groups have others, base. */
function readMeanFactors(file: string): Record<string, string> {
  const keyOf = (after: string) => (cells: readonly string[]) =>
    `hospital:${[cells[0] ?? '', insuranceCode(cells[1] ?? '')].filter(part => part !== '').join('.')}${after}`
  const keys = ['hospital', 'insurance']
  const hasBase = readTable(file).header.includes('base')
  const own = readNumbers(file, keys, 'factor', keyOf(''), true)
  return hasBase ? { ...own, ...readNumbers(file, keys, 'base', keyOf('.base'), true) } : own
}

function readWeights(
  given: PolicyDocument['provisionalWeights'],
  folder: string,
): PolicyDocument['provisionalWeights'] {
  if (typeof given?.file !== 'string') return given
  return readNumbers(join(folder, given.file), ['group'], 'weight', ([group = '']) => group)
}

function readPerDiem(
  given: NonNullable<PolicyDocument['perDiem']>,
  codes: (list: GroupList) => GroupList,
): PolicyDocument['perDiem'] {
  const read = (one: PerDiemDocument): PerDiemDocument => ({ ...one, groups: codes(one.groups) })
  return 'perDay' in given ? read(given) : given.map(read)
}

function readElastic(elastic: ElasticDocument, folder: string, codes: (list: GroupList) => GroupList): ElasticDocument {
  switch (elastic.by) {
    case 'severity':
      return { ...elastic, groups: codes(elastic.groups) }
    case 'volume': {
      const { file } = elastic.basePoints
      if (typeof file !== 'string') return elastic
      const key = (cells: readonly string[]): string => `${cells[0] ?? ''}\n${insuranceCode(cells[1] ?? '')}`
      return { ...elastic, hospitalPoints: readNumbers(join(folder, file), ['hospital', 'insurance'], 'points', key) }
    }
    case 'costKind': {
      const { file } = elastic.amounts
      if (typeof file !== 'string') return elastic
      const amounts = readNumbers(join(folder, file), ['group'], 'amount', ([group = '']) => group)
      return { ...elastic, amounts }
    }
  }
}

/** A table of numbers by the texts of some columns; each of them once. Prices are above zero, and left out where empty. */
function readNumbers(
  file: string,
  keys: readonly string[],
  value: string,
  keyOf: (cells: readonly string[]) => string,
  isPrice = false,
): Record<string, string> {
  const table = readTable(file)
  const places = keys.map(name => columnOf(file, table.header, name))
  const place = columnOf(file, table.header, value)
  const found: Record<string, string> = {}
  for (const { cells, line } of table.rows) {
    const text = cells[place]?.trim() ?? ''
    const number = parseDecimal(text)
    const key = keyOf(places.map(at => cells[at]?.trim() ?? ''))
    if (isPrice && text === '') continue
    if (number === undefined || (isPrice ? !number.gt(0) : number.isNegative()) || Object.hasOwn(found, key))
      throw oddNumber(file, line, value, text)
    found[key] = text
  }
  return found
}

function oddNumber(file: string, line: number, field: string, text: string): Fault {
  return new Fault({
    code: 'POL-013',
    at: { file, line, field },
    what: {
      zh: `“${text}”不是非负的十进制数，或该行的编码已出现过。`,
      en: `"${text}" is not a decimal of zero or more, or the row repeats one above.`,
    },
    fix: {
      zh: '请写成 1200.5 这样的数，每个编码一行。',
      en: 'Write a number such as 1200.5, and one row for each code.',
    },
  })
}

/** Names of files among the packs of auxiliary types end in .yaml or .yml. */
function isPack(types: string): boolean {
  return /\.ya?ml$/i.test(types)
}

/** The files of auxiliary types with the folder of the pack before them; other parts read them. */
function auxiliaryPlaces(
  { types, table }: NonNullable<PolicyDocument['auxiliary']>,
  folder: string,
): Pick<NonNullable<PolicyDocument['auxiliary']>, 'types' | 'table'> {
  return {
    types: isPack(types) ? join(folder, types) : types,
    table: table === null ? null : { file: join(folder, table.file) },
  }
}

function readCodes(file: string): string[] {
  const table = readTable(file)
  const column = columnOf(file, table.header, 'group')
  return table.rows.map(row => row.cells[column]?.trim() ?? '').filter(code => code !== '')
}

function coefficientTable(
  table: PolicyDocument['coefficient']['table'],
  kind: PolicyDocument['coefficient']['kind'],
  folder: string,
): PolicyDocument['coefficient']['table'] {
  if (typeof table?.file !== 'string') return table
  return readCoefficients(join(folder, table.file), kind === 'ladder' || kind === 'basePlus' ? 'hospital' : kind)
}

/** Columns before `coefficient`: group and level, group and hospital, or the kind itself (level, hospital, class). */
function readCoefficients(
  file: string,
  kind: PolicyDocument['coefficient']['kind'],
): Record<string, string | Record<string, string>> {
  const table = readTable(file)
  const second = kind === 'groupLevel' ? 'level' : kind === 'groupHospital' ? 'hospital' : undefined
  const keyColumn = columnOf(file, table.header, second === undefined ? kind : 'group')
  const secondColumn = second === undefined ? undefined : columnOf(file, table.header, second)
  const valueColumn = columnOf(file, table.header, 'coefficient')
  const single: Record<string, string> = {}
  const nested: Record<string, Record<string, string>> = {}
  for (const row of table.rows) {
    const key = row.cells[keyColumn]?.trim() ?? ''
    const text = row.cells[valueColumn]?.trim() ?? ''
    if (parseDecimal(text)?.gt(0) !== true) {
      throw new Fault({
        code: 'POL-006',
        at: { file, line: row.line, field: 'coefficient' },
        what: { zh: `系数“${text}”不是正的十进制数。`, en: `Coefficient "${text}" is not a positive decimal.` },
        fix: { zh: '请写成 1.05 这样的数。', en: 'Write a number such as 1.05.' },
      })
    }
    if (secondColumn === undefined) {
      single[key] = text
      continue
    }
    const inner = nested[key] ?? {}
    nested[key] = inner
    inner[row.cells[secondColumn]?.trim() ?? ''] = text
  }
  return secondColumn === undefined ? single : nested
}

function columnOf(file: string, header: readonly string[], name: string): number {
  const at = header.indexOf(name)
  if (at >= 0) return at
  throw new Fault({
    code: 'POL-007',
    at: { file, line: 1 },
    what: { zh: `缺少列“${name}”。`, en: `Column "${name}" is missing.` },
    fix: { zh: `请在表头加上 ${name}。`, en: `Add ${name} to the header.` },
  })
}
