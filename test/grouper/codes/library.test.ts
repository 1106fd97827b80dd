import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { home, readTable } from '../../../files/index.ts'
import {
  listDictionaries,
  loadDictionary,
  readDictionary,
  readDictionaryManifest,
} from '../../../grouper/codes/library.ts'
import { hasReference, reference } from '../../reference.ts'
import { faultOf } from '../scheme/faults.ts'

// The shapes of 医保版 2.0 codes: both expressions match every code of the published lists and additions.
const DX = /^[A-Z]\d{2}\.(\d{3}|x\d{2})(x\d{3})?(\+[A-Z]\d{2}(\.[\dx]+)?\*)?$/
const PROC = /^\d{2}\.((\d{4,5}|\dx\d{2}|\d{3}[A-Z]\d)(x\d{3})?|\d{3}x\d{4})$/

describe('the shipped dictionaries', () => {
  it('are these', () => {
    expect(listDictionaries()).toEqual([
      'icd10-bj-7.0',
      'icd10-gl-2.0',
      'icd10-yb-1.0',
      'icd10-yb-2.0',
      'icd9cm3-bj-8.0',
      'icd9cm3-gl-2.0',
      'icd9cm3-gl-3.0',
      'icd9cm3-yb-1.0',
      'icd9cm3-yb-2.0',
    ])
  })

  it.each([
    ['icd10-yb-2.0', 33_308, DX],
    ['icd9cm3-yb-2.0', 13_767, PROC],
  ])('%s has %i codes of the known shapes, sorted', (id, count, shape) => {
    const { codes, names, ids } = loadDictionary(id)
    expect(codes.length - 1).toBe(count)
    expect(names.length).toBe(codes.length)
    expect(ids.size).toBe(count)
    expect(codes.slice(1).filter(code => !shape.test(code))).toEqual([])
    expect(codes.every((code, i) => i === 0 || codes[i - 1]! < code)).toBe(true)
  })

  it('hold the codes of the later edition and keep the removed ones as withdrawn', () => {
    const { codes, names, ids, withdrawn } = loadDictionary('icd10-yb-2.0')
    expect(names[ids.get('K30.x00x002')!]).toBe('新生儿消化不良')
    expect([...withdrawn].map(id => codes[id])).toEqual(['K43.900', 'K43.900x001', 'K43.902', 'P78.300x004'])
    expect(loadDictionary('icd9cm3-yb-2.0').withdrawn.size).toBe(0)
  })

  it.each([
    ['icd10-yb-2.0', 2_695, ['I10.x00', 'E11.100', 'R65.300', 'Z51.100', 'C34.900'], ['E11.900', 'I10.x00x002']],
    ['icd9cm3-yb-2.0', 2_241, ['47.0900', '96.7200', '74.1x00', '81.5200'], ['47.0100', '96.7201']],
  ])('%s marks %i grey codes', (id, count, marked, others) => {
    const { ids, grey } = loadDictionary(id)
    expect(grey.size).toBe(count)
    expect(marked.every(code => grey.has(ids.get(code)!))).toBe(true)
    expect(others.some(code => grey.has(ids.get(code)!))).toBe(false)
  })

  it('are read once a process', () => {
    expect(loadDictionary('icd10-yb-2.0')).toBe(loadDictionary('icd10-yb-2.0'))
  })
})

it('names the known code systems for an unknown one', () => {
  const known = listDictionaries()
  expect(faultOf(() => loadDictionary('icd10-yb-3.0'))).toEqual({
    zh: `DIC-004 [icd10-yb-3.0]  没有编码体系 icd10-yb-3.0。是否应为 icd10-yb-1.0？可用的有：${known.join('、')}。`,
    en: `DIC-004 [icd10-yb-3.0]  There is no code system icd10-yb-3.0. Did you mean icd10-yb-1.0? Known: ${known.join(', ')}.`,
  })
})

describe('the other dictionaries', () => {
  it.each([
    ['icd10-yb-1.0', 34_234],
    ['icd10-gl-2.0', 35_587],
    ['icd10-bj-7.0', 24_528],
    ['icd9cm3-yb-1.0', 13_003],
    ['icd9cm3-gl-3.0', 13_653],
    ['icd9cm3-gl-2.0', 12_849],
    ['icd9cm3-bj-8.0', 9_738],
  ])('%s has %i codes, as its manifest says', (id, codes) => {
    const folder = home('schemes', 'codes', id)
    expect(loadDictionary(id).codes.length - 1).toBe(codes)
    expect(readDictionaryManifest(folder).counts.codes).toBe(codes)
  })

  it.runIf(hasReference())('have every name of the published lists, though most are written only once', () => {
    for (const id of ['icd10-yb-1.0', 'icd10-gl-2.0', 'icd9cm3-yb-1.0', 'icd9cm3-gl-3.0', 'icd9cm3-gl-2.0']) {
      const { ids, names } = loadDictionary(id)
      const list = readTable(reference('icd', `${id}.tsv`), '\t')
      expect(list.rows.filter(({ cells: [code, name] }) => names[ids.get(code!)!] !== name)).toEqual([])
    }
  })
})

describe('a dictionary folder that was touched', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dianzhi-codes-'))
    cpSync(home('schemes', 'codes', 'icd9cm3-yb-2.0'), folder, { recursive: true })
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  function edit(change: (lines: string[]) => void): void {
    const file = join(folder, 'codes.tsv')
    const lines = readFileSync(file, 'utf8').split('\n')
    change(lines)
    writeFileSync(file, lines.join('\n'))
  }

  it.each([
    ['without a name', '00.0101'],
    ['with an unknown mark', '00.0101\t治疗\tgone'],
    ['out of order', '99.9999\t治疗'],
    ['empty', ''],
  ])('is refused for a line %s', (_, line) => {
    edit(lines => lines.splice(1, 0, '00.0000\t甲', line))
    expect(faultOf(() => readDictionary(folder), folder)).toEqual({
      zh: `DIC-002 /codes.tsv:${line.startsWith('99') ? 4 : 3}  该行不是“编码、名称、标记”，或编码没有排在上一行之后。每行为：编码、制表符、名称，停用编码再加制表符和 withdrawn，灰码再加制表符和 grey；按编码排序，每个编码一行。`,
      en: `DIC-002 /codes.tsv:${line.startsWith('99') ? 4 : 3}  The line is not "code, name, mark", or its code does not come after the one before. Write code, tab, name, for a withdrawn code another tab and withdrawn, for a grey code another tab and grey; sorted by code, one line a code.`,
    })
  })

  it('is refused when it is not the list that its manifest names', () => {
    edit(lines => lines.splice(1, 1))
    const { zh, en } = faultOf(() => readDictionary(folder), folder)
    const hash = 'c09782d63b8e399a2d8686666cf06560816c382d24292a55cca589bd90d27d38'
    const found = /[0-9a-f]{64}/.exec(en)![0]
    expect(zh).toBe(
      `DIC-003 /codes.tsv  编码表的内容哈希为 ${found}，manifest.yaml 记录的是 ${hash}。请恢复原文件，或用 dianzhi codes import 重新导入。`,
    )
    expect(en).toBe(
      `DIC-003 /codes.tsv  The list has the content hash ${found}, manifest.yaml records ${hash}. Restore the file or import the list again with dianzhi codes import.`,
    )
  })
})
