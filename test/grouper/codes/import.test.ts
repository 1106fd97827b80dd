import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { home } from '../../../files/index.ts'
import { importDictionary } from '../../../grouper/codes/import.ts'
import { loadDictionary, readDictionary, readDictionaryManifest } from '../../../grouper/codes/library.ts'
import { hasReference, reference } from '../../reference.ts'
import { faultOf } from '../scheme/faults.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dianzhi-codes-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const ABOUT = {
  name: { zh: '测试', en: 'test' },
  source: { title: 'test', edition: '1', licence: 'none' },
}

function run(list: string, changes?: string): ReturnType<typeof importDictionary> {
  writeFileSync(join(folder, 'list.tsv'), list)
  if (changes !== undefined) writeFileSync(join(folder, 'changes.tsv'), changes)
  return importDictionary({
    ...ABOUT,
    list: join(folder, 'list.tsv'),
    ...(changes === undefined ? {} : { changes: join(folder, 'changes.tsv') }),
    system: 'test-1',
    out: join(folder, 'out'),
  })
}

it('takes list and changes, keeps removed codes as withdrawn, and reads back the same', () => {
  const changes =
    'system\tchange\tcode\tname\ntest-1\tadded\tA02\t二\ntest-1\tremoved\tA01\t一\nother\tremoved\tZ99\t\n'
  const dictionary = run('code\tname\nA03\t三\nA01\t一\n', changes)
  expect(readFileSync(join(folder, 'out', 'codes.tsv'), 'utf8')).toBe(
    'code\tname\tmark\nA01\t一\twithdrawn\nA02\t二\nA03\t三\n',
  )
  expect(readDictionaryManifest(join(folder, 'out'))).toEqual({
    id: 'test-1',
    ...ABOUT,
    counts: { codes: 3, withdrawn: 1, grey: 0 },
    sha256: dictionary.hash,
  })
  expect(readDictionary(join(folder, 'out'))).toEqual(dictionary)
})

it('names the column that is missing', () => {
  expect(faultOf(() => run('code,name\nA01,一\n'), folder)).toEqual({
    zh: 'DIC-005 /list.tsv:1 [code]  缺少列 code。表头是：code,name。请改正列名，列之间用制表符分隔。',
    en: 'DIC-005 /list.tsv:1 [code]  The column code is missing. The header is: code,name. Correct the column names and separate columns by tabs.',
  })
})

it('refuses a change that does not fit', () => {
  const changes = 'system\tchange\tcode\tname\ntest-1\tremoved\tA09\t\n'
  expect(faultOf(() => run('code\tname\nA01\t一\n', changes), folder)).toEqual({
    zh: 'DIC-006 /changes.tsv:2  “removed A09”与编码表不符。added 只能增加表中没有的编码，removed 只能停用表中已有的编码。',
    en: 'DIC-006 /changes.tsv:2  "removed A09" does not fit the list. added takes a code that the list lacks, removed one that it has.',
  })
})

it('refuses empty and repeated codes', () => {
  expect(faultOf(() => run('code\tname\nA01\t一\n\t二\n'), folder)).toEqual({
    zh: 'DIC-007 /list.tsv:3 [code]  编码为空。每个编码应有一行且只有一行。',
    en: 'DIC-007 /list.tsv:3 [code]  The code is empty. Give every code one line and only one.',
  })
  expect(faultOf(() => run('code\tname\nA01\t一\nA01\t二\n'), folder).en).toBe(
    'DIC-007 /list.tsv:3 [code]  The code A01 stands twice. Give every code one line and only one.',
  )
})

it.runIf(hasReference()).each(['icd10-yb-2.0', 'icd9cm3-yb-2.0'])(
  'makes the shipped %s from the published list',
  system => {
    const { name, source } = readDictionaryManifest(home('schemes', 'codes', system))
    const made = importDictionary({
      list: reference('icd', `${system}.tsv`),
      changes: reference('icd', 'edition-changes-yb-2.0.tsv'),
      grey: reference('icd', `${system}-grey.tsv`),
      system,
      name,
      source,
      out: folder,
    })
    expect(made).toEqual(loadDictionary(system))
    for (const file of ['codes.tsv', 'manifest.yaml']) {
      expect(readFileSync(join(folder, file), 'utf8')).toBe(
        readFileSync(home('schemes', 'codes', system, file), 'utf8'),
      )
    }
  },
)
