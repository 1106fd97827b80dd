import { readTable, type Table } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import type { Dictionary } from '../codes/dictionary.ts'
import type { AuxiliaryPack, CciRow } from './auxiliary-types.ts'
import { parseTerm } from './keys.ts'

/** The tables that a region gives beside a pack of auxiliary types: codes of a list, weights of the comorbidity index. */

const HEADERS = {
  code: ['code', 'term', '编码', '诊断编码', '主要诊断编码', 'icd10', 'icd10 code', 'icd-10编码'],
  disease: ['class', 'charlson component', '疾病分类', '合并症', '疾病'],
  weight: ['weight', '得分', '权重', 'score'],
} as const

function columnOf(table: Table, field: keyof typeof HEADERS): number {
  const names: readonly string[] = HEADERS[field]
  const at = table.header.findIndex(name => names.includes(name.trim().toLowerCase()))
  if (at >= 0) return at
  throw new Fault({
    code: 'AUX-002',
    at: { file: table.file, line: 1, field },
    what: { zh: `缺少列 ${names.join('／')}。`, en: `No column ${names.join(' / ')}.` },
    fix: { zh: `表头为：${table.header.join('、')}。`, en: `The header has ${table.header.join(', ')}.` },
  })
}

/** Full diagnosis codes, with or without marks: a category in such a list would meet no case. */
const FULL_CODE = /^[A-Z]\d{2}\.[0-9x][0-9A-Za-z]+([+*†].*)?$/

/** The codes of a list file in its column of codes; throws AUX-008 at a row that is no full code. */
export function listedCodes(file: string): string[] {
  const table = tableOf(file)
  const at = columnOf(table, 'code')
  return table.rows.flatMap(({ line, cells }) => {
    const code = cells[at]!.trim()
    if (code === '' && cells.every(cell => cell.trim() === '')) return []
    if (FULL_CODE.test(code)) return [code]
    throw new Fault({
      code: 'AUX-008',
      at: { file, line, field: table.header[at]! },
      what:
        code === ''
          ? { zh: '该行没有编码。', en: 'The row has no code.' }
          : { zh: `“${code}”不是完整的诊断编码。`, en: `"${code}" is no full diagnosis code.` },
      fix: {
        zh: '请填写完整编码（如 J96.000 或 A17.000+G01*）；整个类目请写在 YAML 的 terms 中。',
        en: 'Write full codes such as J96.000 or A17.000+G01*; whole categories go under terms in the YAML file.',
      },
    })
  })
}

/** Codes of the list files and of the index that a dictionary lacks, by list: they meet no case, often a slip of the pen. */
export function unknownListCodes(pack: AuxiliaryPack, { ids }: Dictionary): ReadonlyMap<string, readonly string[]> {
  const lists: [string, readonly string[]][] = [
    ...[...pack.lists].map(([name, { codes }]): [string, string[]] => [name, [...codes]]),
    ['cci', pack.cci.map(({ term }) => term).filter(term => FULL_CODE.test(term))],
  ]
  return new Map(
    lists
      .map(([name, codes]) => [name, codes.filter(code => !ids.has(code))] as const)
      .filter(([, codes]) => codes.length > 0),
  )
}

function tableOf(file: string): Table {
  if (!/\.xlsx?$/i.test(file)) return readTable(file, /\.tsv$/i.test(file) ? '\t' : ',')
  throw new Fault({
    code: 'AUX-009',
    at: { file },
    what: { zh: '辅助分型的附表是工作簿。', en: 'A list of auxiliary types is a workbook.' },
    fix: { zh: '请另存为 UTF-8 编码的 CSV。', en: 'Save it as CSV in UTF-8.' },
  })
}

/** Rows of the comorbidity index; a blank disease or weight is that of the row above (merged cells). */
export function cciRows(file: string): CciRow[] {
  const table = tableOf(file)
  const [term, disease, weight] = [columnOf(table, 'code'), columnOf(table, 'disease'), columnOf(table, 'weight')]
  let above = { disease: '', weight: '' }
  return table.rows.map(({ line, cells }) => {
    above = { disease: cells[disease]!.trim() || above.disease, weight: cells[weight]!.trim() || above.weight }
    const raw = cells[term]!.trim()
    // A code with its marks is kept whole; anything else is a term.
    const code = /[+*†]/.test(raw) ? raw : parseTerm(raw)
    if (code === undefined || above.disease === '' || !/^[1-9]\d?$/.test(above.weight)) {
      throw new Fault({
        code: 'AUX-003',
        at: { file: table.file, line },
        what: {
          zh: `不是合并症指数的一行：编码“${raw}”，疾病“${above.disease}”，权重“${above.weight}”。`,
          en: `No row of a comorbidity index: code "${raw}", disease "${above.disease}", weight "${above.weight}".`,
        },
        fix: {
          zh: '请写编码（或类目范围）、疾病名称和 1 到 99 的权重。',
          en: 'Give a code or range of categories, a disease, and a weight from 1 to 99.',
        },
      })
    }
    return { disease: above.disease, weight: Number(above.weight), term: code }
  })
}
