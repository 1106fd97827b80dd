import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readWorkbook } from '../../../files/index.ts'
import { exportScheme } from '../../../grouper/scheme/export.ts'
import { importSource, importTables } from '../../../grouper/scheme/import.ts'
import { loadScheme } from '../../../grouper/scheme/library.ts'
import type { Scheme } from '../../../grouper/scheme/types.ts'
import { Fault } from '../../../messages/index.ts'
import { temporaryFolder } from '../../temporary.ts'
import { textsOf } from './faults.ts'
import { SMALL, withTables } from './small.ts'
import { putWorkbook, QUIRKS, THIRD } from './workbooks.ts'

const folder = temporaryFolder()
const fresh = (): string => mkdtempSync(join(folder, 'export-'))

async function again(scheme: Scheme, name: string): Promise<Scheme> {
  const out = join(fresh(), name)
  await exportScheme(scheme, out, undefined)
  return (await importSource(out)).scheme
}

describe('import after export', () => {
  it.each(['chs-drg-1.1', 'chs-drg-2.0', 'changzhou-2022'])('gives back the shipped %s from a workbook', async id => {
    const scheme = loadScheme(id)
    expect(await again(scheme, 'scheme.xlsx')).toEqual(scheme)
  })

  it.each(['chs-drg-1.1', 'chs-drg-2.0', 'beijing-2022'])('gives back the shipped %s from CSV tables', async id => {
    const scheme = loadScheme(id)
    expect(await again(scheme, 'tables')).toEqual(scheme)
  })

  it.each([
    ['in the official layout with all its quirks', QUIRKS],
    ['in the shapes of version 3.0', THIRD],
  ])('gives back a workbook %s', async (_, sheets) => {
    const { scheme } = await importSource(await putWorkbook(fresh(), sheets), { id: 'fixture' })
    expect(await again(scheme, 'scheme.xlsx')).toEqual(scheme)
    expect(await again(scheme, 'tables')).toEqual(scheme)
  })

  it('gives back several rows of one ADRG, local codes, barred diagnoses and amendments', async () => {
    const tables = {
      ...SMALL,
      ADRG: `${SMALL.ADRG}BB1,开颅,ZYSS in OP_ALL,MDCB,3\n`,
      DRG: `${SMALL.DRG}BB11,开颅，伴,QTZD in CC,BB1,MDCB,1\n`,
      集合: `${SMALL.集合}DI_B00,G93.900x999,本市编码,诊断\n`,
      'manifest.yaml': 'id: city\nbarredPrincipal: [Z51.100]\namend: [a.yaml]\n',
      'a.yaml': 'amendments: [{ reason: 删去, remove: { CC: [{ ICD编码: J44.900 }] } }]\n',
    }
    const { scheme } = withTables(tables, source => importTables(source))
    expect(scheme.barredPrincipal).toEqual(new Set(['Z51.100']))
    expect(await again(scheme, 'scheme.xlsx')).toEqual(scheme)
    expect(await again(scheme, 'tables')).toEqual(scheme)
  })
})

describe('a workbook that was written', () => {
  it('looks like the official one', async () => {
    const out = join(fresh(), 'scheme.xlsx')
    await exportScheme(withTables(SMALL, source => importTables(source, { id: 'small' })).scheme, out, undefined)
    const sheets = await readWorkbook(out)
    expect(sheets.map(({ name, rows }) => [name, rows.length])).toEqual([
      ['MDC', 4],
      ['ADRG', 5],
      ['DRG', 6],
      ['集合', 7],
      ['CC', 3],
      ['排除表', 3],
    ])
    expect(sheets[0]!.rows.map(({ cells }) => cells.join('|'))).toEqual([
      'small分组方案配置信息|||',
      'MDC编码|MDC名称|MDC规则|排序',
      'MDCA|先期分组|ZYSS in OP_AA1|1',
      'MDCB|神经系统|ZYZD in DI_B00|2',
    ])
    // Codes are text, so that no spreadsheet takes their zeros away.
    expect(sheets[3]!.rows.flatMap(({ kinds }) => [...(kinds?.values() ?? [])])).toEqual([])
    expect(readFileSync(join(out, '..', 'scheme.yaml'), 'utf8')).toContain('id: small\n')
  })
})

it('refuses a scheme that the six tables cannot hold, and writes nothing', async () => {
  const { scheme } = withTables(SMALL, source => importTables(source, { id: 'small' }))
  const sets = new Map(scheme.sets).set('OP_EMPTY', { id: 'OP_EMPTY', kind: 'procedure', codes: [] })
  const out = join(fresh(), 'tables')
  const fault = await exportScheme({ ...scheme, sets, hash: '0' }, out, undefined).catch((error: unknown) => error)
  expect(existsSync(out)).toBe(false)
  if (!(fault instanceof Fault)) throw fault
  expect(textsOf(fault)).toEqual({
    zh: 'EXP-001 [small]  该方案无法用官方工作簿的六张表完整表达：重新导入后内容不同（例如空集合、兜底行的位置、类别与编码不符的叶子）。请用 dianzhi scheme check 查看并改正，或直接使用方案包。',
    en: 'EXP-001 [small]  The six tables of the official workbook cannot hold this scheme: importing it again would give other content (an empty set, the place of a fallback row, a leaf whose kind its code does not show). See dianzhi scheme check and correct it, or pass the pack on as it is.',
  })
  expect(readdirSync(join(out, '..'))).toEqual([])
})
