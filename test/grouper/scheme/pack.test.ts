import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { home } from '../../../files/index.ts'
import { importTables } from '../../../grouper/scheme/import.ts'
import { loadScheme } from '../../../grouper/scheme/library.ts'
import { countsOf } from '../../../grouper/scheme/manifest.ts'
import { readPack, writePack } from '../../../grouper/scheme/pack.ts'
import { listSchemes } from '../../../grouper/scheme/shelf.ts'
import type { Scheme } from '../../../grouper/scheme/types.ts'
import { hasReference, reference } from '../../reference.ts'
import { faultOf } from './faults.ts'
import { SMALL, withFolder, withTables } from './small.ts'

/** Two rows of one ADRG, a fallback, a local code, a table-less CC: all that a pack has to carry. */
const TABLES: typeof SMALL = {
  ...SMALL,
  ADRG: `${SMALL.ADRG}BB1,开颅,QTSS in OP_ALL,MDCB,3\nB00,未入组,,MDCB,9\n`,
  DRG: `${SMALL.DRG}BB11,开颅，伴,QTZD in CC,BB1,MDCB,1\nBB15,开颅，不伴,,BB1,MDCB,2\nB000,未入组,,B00,MDCB,1\n`,
  集合: `${SMALL.集合}OP_ALL,99.99999,本地操作,手术操作\n`,
}
const small = withTables(TABLES, folder =>
  importTables(folder, { id: 'small', source: { title: 'test', date: '2026' } }),
)

/** The small pack in a folder. */
function withPack<T>(run: (folder: string) => T): T {
  return withFolder(folder => {
    writePack(small.scheme, small.report, folder)
    return run(folder)
  })
}

/** The fault on reading the small pack after a change in one of its files. */
function faultAfter(file: string, from: string | RegExp, to: string): { zh: string; en: string } {
  return withPack(folder => {
    const path = join(folder, file)
    const text = readFileSync(path, 'utf8')
    const changed = text.replace(from, to)
    if (changed === text) throw new Error(`${file} has no ${from}`)
    writeFileSync(path, changed)
    return faultOf(() => readPack(folder), folder)
  })
}

describe('a pack', () => {
  it('is read back as it was written', () => {
    withPack(folder => expect(readPack(folder)).toEqual(small.scheme))
  })

  it('is the same text when it is written again', () => {
    withPack(folder => {
      withFolder(again => {
        writePack(readPack(folder), small.report, again)
        for (const name of readdirSync(folder))
          expect(readFileSync(join(again, name), 'utf8')).toBe(readFileSync(join(folder, name), 'utf8'))
      })
    })
  })

  it('is text that a person can read', () => {
    withPack(folder => {
      const text = (name: string): string => readFileSync(join(folder, name), 'utf8')
      expect(readdirSync(folder)).toEqual([
        'adrg.tsv',
        'complications.txt',
        'drg.tsv',
        'exclusions.txt',
        'import-report.txt',
        'mdc.tsv',
        'scheme.yaml',
        'sets.txt',
      ])
      expect(text('drg.tsv')).toBe(
        [
          'code\tname\trule\tadrg\tkind',
          'AA19\t移植\t\tAA1\t',
          'BB11\t开颅，伴\tQTZD in MCC\tBB1\t',
          'BB15\t开颅，不伴\t\tBB1\t',
          'BQY\t\t\tBQY\tambiguous',
          'BR19\t神经内科\t\tBR1\t',
          'BB11\t开颅，伴\tQTZD in CC\tBB1#2\t',
          'BB15\t开颅，不伴\t\tBB1#2\t',
          'B000\t未入组\t\tB00\tnotGrouped',
          '',
        ].join('\n'),
      )
      expect(text('sets.txt')).toBe(
        [
          '# 集合 sets: id, kind',
          'DI_B00 diagnosis',
          '  A01.002+G01* G93.600x003',
          'OP_AA1 procedure',
          '  37.5100',
          'OP_ALL procedure',
          '  01.2400 37.5100 99.99999',
          'OP_BB1 procedure',
          '  01.2400',
          '',
        ].join('\n'),
      )
      expect(text('complications.txt').split('\n').slice(1)).toEqual(['MCC EX_1', '  I50.900', 'CC -', '  J44.900', ''])
      expect(text('import-report.txt')).toMatch(/^方案 small 的导入报告\n[\s\S]*\nImport report of the scheme small\n/)
    })
  })

  it('carries diagnoses that must not be principal', () => {
    withFolder(folder => {
      const scheme: Scheme = { ...small.scheme, barredPrincipal: new Set(['A01.002+G01*', 'Z51.100']) }
      writePack(scheme, undefined, folder)
      expect(readFileSync(join(folder, 'barred.txt'), 'utf8')).toContain('principal\n  A01.002+G01* Z51.100\n')
      // The hash is that of the scheme without them, and the pack says so.
      expect(faultOf(() => readPack(folder)).en).toMatch(/^PCK-005 /)
    })
  })
})

describe('the content hash', () => {
  const hashWith = (change: Record<string, string>): string =>
    withTables({ ...TABLES, ...change }, folder => importTables(folder, { id: 'other' }).scheme.hash)

  it('does not know id, source, spacing of rules or order of list rows', () => {
    const rows = TABLES.集合!.trimEnd().split('\n')
    const 集合 = `${[rows[0], ...rows.slice(1).reverse()].join('\n')}\n`
    const DRG = TABLES.DRG!.replace('QTZD in MCC', '((QTZD  IN  {MCC}))')
    expect(hashWith({ 集合, DRG })).toBe(small.scheme.hash)
  })

  it.each([
    ['a rule', { MDC: TABLES.MDC!.replace('DI_B00', 'DI_B00 and NL > 0') }],
    ['the order', { MDC: TABLES.MDC!.replace('OP_AA1,1', 'OP_AA1,3') }],
    ['a name', { DRG: TABLES.DRG!.replace('移植', '心脏移植') }],
    ['a code of a set', { 集合: TABLES.集合!.replace('G93.600x003', 'G93.600') }],
    ['a level', { CC: TABLES.CC!.replace(',,CC', ',,MCC') }],
    ['an exclusion', { 排除表: TABLES.排除表!.replace('I50.907', 'I50.908') }],
    ['the meaning of the weight', { 'manifest.yaml': 'newbornWeight: admission\n' }],
  ])('knows %s', (_, change) => {
    expect(hashWith(change)).not.toBe(small.scheme.hash)
  })
})

describe('a pack that does not hold', () => {
  it.each([
    [
      'mdc.tsv',
      '先期分组\t',
      '先期分组',
      'PCK-001 /mdc.tsv:2  该行应有 3 列：code、name、rule。第一行为列名；列之间用一个制表符分隔，空列也要保留。',
      'PCK-001 /mdc.tsv:2  The line must have 3 columns: code, name, rule. The first line has the names; separate columns by one tab and keep empty ones.',
    ],
    [
      'sets.txt',
      'OP_AA1 procedure',
      'OP_AA1',
      'PCK-002 /sets.txt:4  该行不符合清单格式：表头应有 2 个词，编码行以两个空格开头。请对照 docs/scheme-format.md 改正。',
      'PCK-002 /sets.txt:4  The line does not fit the list format: a head line has 2 words, a line of codes begins with two blanks. Correct it as docs/scheme-format.md shows.',
    ],
    [
      'sets.txt',
      'OP_AA1 procedure',
      'OP_AA1 操作',
      'PCK-002 /sets.txt:4 [OP_AA1]  该行不符合清单格式：类型应为 diagnosis 或 procedure，不是 操作。请对照 docs/scheme-format.md 改正。',
      'PCK-002 /sets.txt:4 [OP_AA1]  The line does not fit the list format: the kind is diagnosis or procedure, not 操作. Correct it as docs/scheme-format.md shows.',
    ],
    [
      'exclusions.txt',
      /$/,
      'EX_1\n  I50.900\n',
      'PCK-002 /exclusions.txt:4 [EX_1]  该行不符合清单格式：EX_1 出现两次。请对照 docs/scheme-format.md 改正。',
      'PCK-002 /exclusions.txt:4 [EX_1]  The line does not fit the list format: EX_1 stands twice. Correct it as docs/scheme-format.md shows.',
    ],
    [
      'complications.txt',
      'J44.900',
      'J44.900 I50.900',
      'PCK-002 /complications.txt:4 [CC -]  该行不符合清单格式：I50.900 出现两次。请对照 docs/scheme-format.md 改正。',
      'PCK-002 /complications.txt:4 [CC -]  The line does not fit the list format: I50.900 stands twice. Correct it as docs/scheme-format.md shows.',
    ],
    [
      'complications.txt',
      'CC -',
      'XX -',
      'PCK-002 /complications.txt:4 [XX -]  该行不符合清单格式：级别应为 MCC 或 CC，不是 XX。请对照 docs/scheme-format.md 改正。',
      'PCK-002 /complications.txt:4 [XX -]  The line does not fit the list format: the level is MCC or CC, not XX. Correct it as docs/scheme-format.md shows.',
    ],
    [
      'drg.tsv',
      'ambiguous',
      '歧义',
      'PCK-006 /drg.tsv:5 [kind]  未知的类别 歧义。请留空，或写 ambiguous、notGrouped。',
      'PCK-006 /drg.tsv:5 [kind]  Unknown kind 歧义. Leave it empty or write ambiguous or notGrouped.',
    ],
    [
      'drg.tsv',
      'BB1#2',
      'BB1#3',
      'PCK-007 /drg.tsv:7 [adrg]  adrg.tsv 中没有 BB1#3。请补上该行，或改正这里的编码。',
      'PCK-007 /drg.tsv:7 [adrg]  adrg.tsv has no row BB1#3. Add the row or correct the code here.',
    ],
    [
      'adrg.tsv',
      'MDCA',
      'MDCC',
      'PCK-007 /adrg.tsv:2 [mdc]  mdc.tsv 中没有 MDCC。请补上该行，或改正这里的编码。',
      'PCK-007 /adrg.tsv:2 [mdc]  mdc.tsv has no row MDCC. Add the row or correct the code here.',
    ],
    [
      'adrg.tsv',
      'ZYSS in OP_AA1',
      'ZYSS in OP_AA2',
      'RUL-005 /adrg.tsv:2:9 [rule]  集合 OP_AA2 不存在。是否应为 OP_AA1？请改正编号，或在集合表中补上它。',
      'RUL-005 /adrg.tsv:2:9 [rule]  There is no set OP_AA2. Did you mean OP_AA1? Correct the id or add the set to the table of sets.',
    ],
  ])('%s: %s → %s', (file, from, to, zh, en) => {
    expect(faultAfter(file, from, to)).toEqual({ zh, en })
  })

  it('is refused when it was written against another dictionary', () => {
    const pinned = '56cc7fab222e7ad81192ab7f0bac79c65cc06ed8b9b6bdb9ef0f9df622effdb4'
    const other = 'f'.repeat(64)
    expect(faultAfter('scheme.yaml', pinned, other)).toEqual({
      zh: `PCK-004 /scheme.yaml [codeSystem.diagnosis.sha256]  方案按字典 icd10-yb-2.0（${other}）编写，现有的字典是 ${pinned}；前缀和区间会展开成别的编码。请用 dianzhi scheme import 从原表重新导入，或安装方案所用的字典版本。`,
      en: `PCK-004 /scheme.yaml [codeSystem.diagnosis.sha256]  The pack was written against icd10-yb-2.0 (${other}), the dictionary here is ${pinned}; prefixes and runs would stand for other codes. Import the source tables again with dianzhi scheme import, or install the dictionary that the pack was written against.`,
    })
  })

  it('is refused when its content is not what it records', () => {
    const { zh, en } = faultAfter('drg.tsv', 'QTZD in MCC', 'QTZD in CC')
    const found = /has the hash ([0-9a-f]{64})/.exec(en)![1]
    expect(zh).toBe(
      `PCK-005 /scheme.yaml [hash]  方案内容的哈希为 ${found}，记录的是 ${small.scheme.hash}。若有意修改了方案，请把 hash 改为前一个值；否则请恢复原文件。`,
    )
    expect(en).toBe(
      `PCK-005 /scheme.yaml [hash]  The content has the hash ${found}, the pack records ${small.scheme.hash}. If the scheme was changed on purpose, write the first value as hash; otherwise restore the files.`,
    )
  })

  it('is refused for a key that nobody knows', () => {
    expect(faultAfter('scheme.yaml', 'newbornWeight', 'weight: 1\nnewbornWeight').en).toMatch(
      /^DOC-003 \/scheme\.yaml:\d+:\d+ \[weight\]/,
    )
  })

  it('is refused when a file is gone', () => {
    withPack(folder => {
      withFolder(part => {
        cpSync(join(folder, 'scheme.yaml'), join(part, 'scheme.yaml'))
        expect(faultOf(() => readPack(part), part).en).toMatch(/^FIL-001 \/sets\.txt /)
      })
    })
  })
})

describe('loadScheme', () => {
  it('knows what ships', () => {
    expect(listSchemes()).toEqual(['beijing-2022', 'changzhou-2022', 'chs-drg-1.1', 'chs-drg-2.0', 'yancheng-2023'])
  })

  it('takes a folder', () => {
    withPack(folder => expect(loadScheme(folder).hash).toBe(small.scheme.hash))
  })

  it('PCK-008 names the built-in schemes for an unknown one', () => {
    expect(faultOf(() => loadScheme('chs-drg-2'))).toEqual({
      zh: 'PCK-008 [scheme]  没有方案 chs-drg-2，也没有这样的方案包文件夹。是否应为 chs-drg-2.0？内置方案有：beijing-2022、changzhou-2022、chs-drg-1.1、chs-drg-2.0、yancheng-2023、dip-3.0-sample。',
      en: 'PCK-008 [scheme]  There is no scheme chs-drg-2 and no pack folder of that name. Did you mean chs-drg-2.0? Built-in schemes: beijing-2022, changzhou-2022, chs-drg-1.1, chs-drg-2.0, yancheng-2023, dip-3.0-sample.',
    })
  })

  it('PCK-009 for a workbook too', () => {
    withTables({ '方案.xlsx': '' }, folder => {
      expect(faultOf(() => loadScheme(join(folder, '方案.xlsx')), folder).en).toBe(
        'PCK-009 /方案.xlsx  These are tables to import, not a pack. Import them first: dianzhi scheme import /方案.xlsx --out PACK.',
      )
    })
  })

  it('PCK-009 says how to import tables', () => {
    withTables(SMALL, folder => {
      expect(faultOf(() => loadScheme(folder), folder)).toEqual({
        zh: 'PCK-009   这是待导入的表，不是方案包。请先导入：dianzhi scheme import  --out 方案包文件夹。',
        en: 'PCK-009   These are tables to import, not a pack. Import them first: dianzhi scheme import  --out PACK.',
      })
    })
  })
})

/** What the shipped packs hold: rows of MDC, ADRG and DRG, sets and their codes, MCC and CC, codes in exclusion tables. */
describe.each([
  ['beijing-2022', { mdc: 26, adrg: 381, drg: 707, sets: 452, setRows: 100_307, cc: 21_244, exclusions: 28_302 }],
  ['changzhou-2022', { mdc: 26, adrg: 396, drg: 767, sets: 442, setRows: 103_373, cc: 10_296, exclusions: 27_017 }],
  ['chs-drg-1.1', { mdc: 26, adrg: 376, drg: 628, sets: 446, setRows: 99_756, cc: 21_246, exclusions: 28_302 }],
  ['chs-drg-2.0', { mdc: 26, adrg: 430, drg: 655, sets: 513, setRows: 102_431, cc: 12_486, exclusions: 27_143 }],
  ['yancheng-2023', { mdc: 26, adrg: 376, drg: 628, sets: 447, setRows: 100_085, cc: 21_246, exclusions: 28_302 }],
])('the shipped %s', (id, counts) => {
  const scheme = loadScheme(id)

  it('has its counts and codes in order, all of them in the dictionaries', () => {
    expect(countsOf(scheme)).toEqual(counts)
    for (const { codes, kind } of scheme.sets.values()) {
      const { ids } = kind === 'diagnosis' ? scheme.diagnoses : scheme.procedures
      expect(codes.every((code, i) => ids.has(code) && (i === 0 || codes[i - 1]! < code))).toBe(true)
    }
    for (const { table } of scheme.complications.values())
      expect(table === '' || scheme.exclusions.has(table)).toBe(true)
  })

  it.runIf(hasReference())('is what the published tables and its amendments say', () => {
    const made = importTables(reference('schemes', id), { manifest: home('schemes', id, 'import.yaml') })
    expect(scheme).toEqual(made.scheme)
    withFolder(folder => {
      writePack(made.scheme, made.report, folder, made.extends === undefined ? undefined : loadScheme(made.extends))
      for (const name of readdirSync(folder)) {
        expect(readFileSync(join(folder, name), 'utf8')).toBe(readFileSync(home('schemes', id, name), 'utf8'))
      }
    })
  })
})

it('all shipped packs together are small', () => {
  const bytes = listSchemes()
    .flatMap(id => readdirSync(home('schemes', id)).map(name => statSync(home('schemes', id, name)).size))
    .reduce((sum, size) => sum + size, 0)
  expect(bytes).toBeLessThan(3_000_000)
})

describe.runIf(hasReference()).each(['beijing-2022', 'changzhou-2022', 'chs-drg-1.0', 'yancheng-2023'])('%s', id => {
  it('comes back from its pack, whole or as an overlay, as it was imported', () => {
    const { scheme, report } = importTables(reference('schemes', id), { id })
    withFolder(folder => {
      writePack(scheme, report, folder)
      expect(readPack(folder)).toEqual(scheme)
    })
    withFolder(folder => {
      writePack(scheme, report, folder, loadScheme('chs-drg-2.0'))
      expect(readPack(folder)).toEqual(scheme)
    })
  })
})
