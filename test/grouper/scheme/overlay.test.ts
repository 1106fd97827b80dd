import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { schemeHash } from '../../../grouper/scheme/hash.ts'
import { importTables } from '../../../grouper/scheme/import.ts'
import { loadScheme } from '../../../grouper/scheme/library.ts'
import { readPack, writePack } from '../../../grouper/scheme/pack.ts'
import { parseRule } from '../../../grouper/scheme/parser.ts'
import type { Adrg, Drg, Scheme } from '../../../grouper/scheme/types.ts'
import { faultOf } from './faults.ts'
import { SMALL, withFolder, withTables } from './small.ts'

const base = withTables(SMALL, folder => importTables(folder, { id: 'base' })).scheme

/** A city that changed a bit of everything. */
const city = withTables(
  {
    ...SMALL,
    ADRG: SMALL.ADRG!.replace('BR1,神经内科,', 'BR1,神经内科疾病,'),
    DRG: `${SMALL.DRG!.replace('AA19,移植', 'AA1A,心脏移植').replace('BB15,开颅，不伴,,BB1,MDCB,2', 'BB15,开颅，不伴,,BB1,MDCB,3')}BB17,开颅，死亡,LYFS = 5,BB1,MDCB,0
BB13,开颅，伴,QTZD in CC,BB1,MDCB,2
`,
    集合: `${SMALL.集合!.replace('DI_B00,G93.600x003,血管源性脑水肿', 'DI_B00,G93.900x999,本市编码')}OP_CITY,39.6100,体外循环,手术操作
`,
    CC: SMALL.CC!.replace('J44.900,慢性阻塞性肺病,,CC', 'J44.900,慢性阻塞性肺病,EX_1,MCC\nJ45.900,哮喘,,CC').replace(
      'I50.900,心力衰竭,EX_1,MCC\n',
      '',
    ),
    排除表: SMALL.排除表!.replace('EX_1,I50.907', 'EX_1,I50.908'),
  },
  folder => importTables(folder, { id: 'city' }),
).scheme

/** Writes base and overlay beside each other and hands the overlay's folder on. */
function withOverlay<T>(scheme: Scheme, run: (folder: string) => T, under: Scheme = base): T {
  return withFolder(above => {
    writePack(under, undefined, join(above, under.manifest.id))
    writePack(scheme, undefined, join(above, scheme.manifest.id), under)
    return run(join(above, scheme.manifest.id))
  })
}

function faultAfter(file: string, from: string | RegExp, to: string): { zh: string; en: string } {
  return withOverlay(city, folder => {
    const path = join(folder, file)
    const text = readFileSync(path, 'utf8')
    if (text.replace(from, to) === text) throw new Error(`${file} has no ${from}`)
    writeFileSync(path, text.replace(from, to))
    return faultOf(() => readPack(folder), folder)
  })
}

describe('an overlay', () => {
  it('with its base is the whole scheme', () => {
    withOverlay(city, folder => expect(readPack(folder)).toEqual(city))
  })

  it('holds only what differs, as text that a person can read', () => {
    withOverlay(city, folder => {
      const text = (name: string): string => readFileSync(join(folder, name), 'utf8')
      expect(readdirSync(folder)).toEqual([
        'adrg.tsv',
        'complications.txt',
        'drg.tsv',
        'exclusions.txt',
        'scheme.yaml',
        'sets.txt',
      ])
      expect(text('scheme.yaml')).toContain(`extends:\n  id: base\n  hash: ${base.hash}\n`)
      expect(text('drg.tsv').split('\n')).toEqual([
        'change\tcode\tname\trule\tadrg\tkind\tafter',
        'removed\tAA19\t移植\t\tAA1\t\t',
        'added\tAA1A\t心脏移植\t\tAA1\t\t',
        'added\tBB17\t开颅，死亡\tLYFS = 5\tBB1\t\t',
        'added\tBB13\t开颅，伴\tQTZD in CC\tBB1\t\tBB11',
        '',
      ])
      expect(text('adrg.tsv').split('\n').slice(1)).toEqual(['replaced\tBR1\t神经内科疾病\tZYZD in DI_B00\tMDCB\t', ''])
      expect(text('sets.txt')).toBe(
        [
          '# 集合 sets: id, kind; + added, - removed against base',
          'DI_B00 diagnosis',
          '  -G93.600x003 +G93.900x999',
          'OP_CITY procedure',
          '  +39.6100',
          '',
        ].join('\n'),
      )
      expect(text('complications.txt').split('\n').slice(1)).toEqual([
        'removed -',
        '  -I50.900',
        'MCC EX_1',
        '  +J44.900',
        'CC -',
        '  +J45.900',
        '',
      ])
      expect(text('exclusions.txt').split('\n').slice(1)).toEqual(['EX_1', '  -I50.907 +I50.908', ''])
    })
  })

  it('keeps local codes of its own and leaves those of the base', () => {
    expect(city.diagnoses.ids.has('G93.900x999')).toBe(true)
    withOverlay(base, folder => expect(readPack(folder)).toEqual(base), city)
  })

  it('that differs in nothing holds nothing', () => {
    const same: Scheme = { ...base, manifest: { ...base.manifest, id: 'same' } }
    withOverlay(same, folder => {
      expect(readdirSync(folder)).toEqual(['scheme.yaml'])
      expect(readPack(folder)).toEqual(same)
    })
  })

  it('may build on an overlay', () => {
    withOverlay(city, folder => {
      const third: Scheme = { ...base, manifest: { ...base.manifest, id: 'third' } }
      const beside = join(dirname(folder), 'third')
      writePack(third, undefined, beside, city)
      expect(readPack(beside)).toEqual(third)
    })
  })

  it('gives back any change of rows, order included', () => {
    const rule = fc.constantFrom('', 'NL > 6', 'QTZD in MCC').map(text => parseRule(text).rule)
    const leaf: fc.Arbitrary<Drg> = fc.record({
      code: fc.constantFrom('AA11', 'AA13', 'AA15', 'AA19', 'AQY'),
      name: fc.constantFrom('甲', '乙'),
      rule,
      kind: fc.constantFrom('grouped', 'ambiguous', 'notGrouped'),
    })
    const group: fc.Arbitrary<Adrg> = fc.record({
      code: fc.constantFrom('AA1', 'AA2', 'AB1'),
      name: fc.constantFrom('甲', '乙'),
      rule,
      drgs: fc.array(leaf, { maxLength: 6 }),
    })
    const tree = fc.uniqueArray(
      fc.record({
        code: fc.constantFrom('MDCA', 'MDCB', 'MDCC'),
        name: fc.constant(''),
        rule,
        adrgs: fc.array(group, { maxLength: 4 }),
      }),
      { selector: mdc => mdc.code, maxLength: 3 },
    )
    const schemeOf = (id: string, mdcs: Scheme['mdcs']): Scheme => {
      const content = { ...base, manifest: { ...base.manifest, id }, mdcs }
      return { ...content, hash: schemeHash(content) }
    }
    fc.assert(
      fc.property(tree, tree, (before, after) => {
        const [from, to] = [schemeOf('from', before), schemeOf('to', after)]
        withOverlay(to, folder => expect(readPack(folder)).toEqual(to), from)
      }),
      { numRuns: 60, seed: 20260922 },
    )
  })
})

describe('an overlay that does not hold', () => {
  it.each([
    [
      'drg.tsv',
      'removed\tAA19',
      'removed\tAA18',
      'PCK-013 /drg.tsv:2 [code]  更改与基础方案不符：基础方案没有 AA18。change 为 removed、replaced、moved 或 added；after 写前一个同级行的编码，排在最前则留空。',
      'PCK-013 /drg.tsv:2 [code]  The change does not fit the base: the base has no AA18. change is removed, replaced, moved or added; after names the sibling before the row, empty for the first.',
    ],
    [
      'drg.tsv',
      'added\tBB13',
      'added\tBB15',
      'PCK-013 /drg.tsv:5 [code]  更改与基础方案不符：基础方案已有 BB15。change 为 removed、replaced、moved 或 added；after 写前一个同级行的编码，排在最前则留空。',
      'PCK-013 /drg.tsv:5 [code]  The change does not fit the base: the base already has BB15. change is removed, replaced, moved or added; after names the sibling before the row, empty for the first.',
    ],
    [
      'drg.tsv',
      '\tBB11\n',
      '\tBB12\n',
      'PCK-013 /drg.tsv:5 [after]  更改与基础方案不符：没有同级的 BB12。change 为 removed、replaced、moved 或 added；after 写前一个同级行的编码，排在最前则留空。',
      'PCK-013 /drg.tsv:5 [after]  The change does not fit the base: there is no sibling BB12. change is removed, replaced, moved or added; after names the sibling before the row, empty for the first.',
    ],
    [
      'drg.tsv',
      'added\tAA1A',
      'new\tAA1A',
      'PCK-013 /drg.tsv:3 [change]  更改与基础方案不符：“new”不是更改。change 为 removed、replaced、moved 或 added；after 写前一个同级行的编码，排在最前则留空。',
      'PCK-013 /drg.tsv:3 [change]  The change does not fit the base: "new" is no change. change is removed, replaced, moved or added; after names the sibling before the row, empty for the first.',
    ],
    [
      'sets.txt',
      '+G93.900x999',
      'G93.900x999',
      'PCK-002 /sets.txt:2 [DI_B00 diagnosis]  该行不符合清单格式：G93.900x999 前应有 + 或 -。请对照 docs/scheme-format.md 改正。',
      'PCK-002 /sets.txt:2 [DI_B00 diagnosis]  The line does not fit the list format: G93.900x999 must have + or - before it. Correct it as docs/scheme-format.md shows.',
    ],
    [
      'sets.txt',
      '-G93.600x003',
      '-G93.500',
      'PCK-002 /sets.txt:2 [DI_B00 diagnosis]  该行不符合清单格式：基础方案没有 G93.500。请对照 docs/scheme-format.md 改正。',
      'PCK-002 /sets.txt:2 [DI_B00 diagnosis]  The line does not fit the list format: the base has no G93.500. Correct it as docs/scheme-format.md shows.',
    ],
    [
      'sets.txt',
      '+G93.900x999',
      '+A01.002+G01*',
      'PCK-002 /sets.txt:2 [DI_B00 diagnosis]  该行不符合清单格式：基础方案已有 A01.002+G01*。请对照 docs/scheme-format.md 改正。',
      'PCK-002 /sets.txt:2 [DI_B00 diagnosis]  The line does not fit the list format: the base already has A01.002+G01*. Correct it as docs/scheme-format.md shows.',
    ],
    [
      'complications.txt',
      '+J45.900',
      '-J45.900',
      'PCK-002 /complications.txt:6 [CC -]  该行不符合清单格式：这里只能用 +。请对照 docs/scheme-format.md 改正。',
      'PCK-002 /complications.txt:6 [CC -]  The line does not fit the list format: only + is possible here. Correct it as docs/scheme-format.md shows.',
    ],
    [
      'exclusions.txt',
      /^EX_1$/m,
      '-EX_2',
      'PCK-002 /exclusions.txt:2 [-EX_2]  该行不符合清单格式：基础方案没有 EX_2。请对照 docs/scheme-format.md 改正。',
      'PCK-002 /exclusions.txt:2 [-EX_2]  The line does not fit the list format: the base has no EX_2. Correct it as docs/scheme-format.md shows.',
    ],
  ])('%s: %s → %s', (file, from, to, zh, en) => {
    expect(faultAfter(file, from, to)).toEqual({ zh, en })
  })

  it('names a base that is not there', () => {
    expect(faultAfter('scheme.yaml', 'id: base', 'id: other')).toEqual({
      zh: 'PCK-010 /scheme.yaml [extends.id]  没有基础方案 other。请写内置方案的编号，或把基础方案包放在同一文件夹下、以编号为名。',
      en: 'PCK-010 /scheme.yaml [extends.id]  There is no base scheme other. Give the id of a built-in scheme, or put the base pack beside this one in a folder named by its id.',
    })
  })

  it('does not build on itself', () => {
    expect(faultAfter('scheme.yaml', 'id: base', 'id: city').en).toMatch(
      /^PCK-010 .* Schemes build on each other in a circle: city → city\./,
    )
  })

  it('is refused when its base has changed', () => {
    withOverlay(city, folder => {
      const admission: Scheme = { ...base, manifest: { ...base.manifest, newbornWeight: 'admission' } }
      const changed: Scheme = { ...admission, hash: schemeHash(admission) }
      writePack(changed, undefined, join(dirname(folder), 'base'))
      expect(faultOf(() => readPack(folder), folder)).toEqual({
        zh: `PCK-011 /scheme.yaml [extends.hash]  本方案包基于 base（${base.hash}）编写，现有的是 ${changed.hash}。请从原表重新导入：dianzhi scheme import … --extends，或安装编写时的基础方案。`,
        en: `PCK-011 /scheme.yaml [extends.hash]  This overlay was written against base (${base.hash}), the one here is ${changed.hash}. Import the source tables again with dianzhi scheme import … --extends, or install the base it was written against.`,
      })
    })
  })

  it('is not written over itself, nor in other codes', () => {
    withFolder(folder => {
      expect(faultOf(() => writePack(base, undefined, folder, base))).toEqual({
        zh: 'PCK-012 [extends]  方案 base 不能以自己为基础。请换一个编号（--id）。',
        en: 'PCK-012 [extends]  The scheme base cannot be its own base. Give the scheme another id with --id.',
      })
      const other = { ...base.manifest, id: 'other', codeSystem: { ...base.manifest.codeSystem, diagnosis: 'x' } }
      expect(faultOf(() => writePack({ ...base, manifest: other }, undefined, folder, base))).toEqual({
        zh: 'PCK-012 [extends]  other 与基础方案 base 使用不同的编码体系。请去掉 --extends，写成完整的方案包。',
        en: 'PCK-012 [extends]  other and its base base are in different code systems. Leave out --extends and write a whole pack.',
      })
    })
  })
})

it('a shipped overlay read from a copy finds its built-in base', () => {
  withFolder(folder => {
    const copy = join(folder, 'copy')
    mkdirSync(copy)
    cpSync(join(import.meta.dirname, '../../../schemes/yancheng-2023'), copy, { recursive: true })
    expect(readPack(copy).hash).toBe(loadScheme('yancheng-2023').hash)
  })
})
