import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { home } from '../../../files/index.ts'
import { diffSchemes, joinsByCode, levelMoves, meaningOf } from '../../../grouper/scheme/diff.ts'
import { diffPage } from '../../../grouper/scheme/diff-page.ts'
import { diffLines, joinWarning } from '../../../grouper/scheme/diff-text.ts'
import { importTables } from '../../../grouper/scheme/import.ts'
import { loadScheme } from '../../../grouper/scheme/library.ts'
import type { Scheme } from '../../../grouper/scheme/types.ts'
import { SMALL, withTables } from './small.ts'

function scheme(id: string, changes: Readonly<Record<string, string>> = {}): Scheme {
  return withTables({ ...SMALL, ...changes }, folder => importTables(folder, { id })).scheme
}

const before = scheme('before', {
  DRG: `${SMALL.DRG}BR1A,癫痫疾患，伴并发症或合并症,NL > 6,BR1,MDCB,0\n`,
})
const after = scheme('after', {
  ADRG: SMALL.ADRG!.replace('BR1,神经内科,ZYZD in DI_B00', 'BR1,神经内科,ZYZD in DI_B00 and NL > 0'),
  DRG: `DRG,DRG名称,DRG规则,所属ADRG编码,所属MDC编码,排序
AA19,心肺移植,QTZD in CC,AA1,MDCA,1
AA29,移植,,AA1,MDCA,2
BB15,开颅，不伴,,BB1,MDCB,2
BB13,开颅，伴一般,QTZD in CC,BB1,MDCB,1
BR19,神经内科,,BR1,MDCB,1
BR1A,癫痫疾病,伴合并症或并发症,NL > 6,BR1,MDCB,0
BQY,,,BQY,MDCB,1
`.replace('疾病,伴', '疾病，伴'),
  集合: SMALL.集合!.replace('DI_B00,G93.600x003,血管源性脑水肿', 'DI_B00,G93.500,脑受压'),
  CC: SMALL.CC!.replace('J44.900,慢性阻塞性肺病,,CC', 'J44.900,慢性阻塞性肺病,,MCC\nJ45.900,哮喘,,CC'),
  排除表: SMALL.排除表!.replace('EX_1,I50.907', 'EX_1,I50.908'),
})

describe('two schemes', () => {
  const diff = diffSchemes(before, after)

  it('differ in groups: added, removed, and names that moved between codes', () => {
    expect(diff.drgs).toEqual({
      added: [
        { code: 'AA29', name: '移植' },
        { code: 'BB13', name: '开颅，伴一般' },
      ],
      removed: [{ code: 'BB11', name: '开颅，伴' }],
      recoded: [{ name: '移植', from: 'AA19', to: ['AA29'] }],
      renamed: [{ code: 'AA19', from: '移植', to: '心肺移植', reused: true }],
      reworded: 1,
      ruled: [{ code: 'AA19', from: '', to: 'QTZD in CC' }],
      same: 2,
    })
    expect(diff.adrgs).toMatchObject({
      ruled: [{ code: 'BR1', from: 'ZYZD in DI_B00', to: 'ZYZD in DI_B00 and NL > 0' }],
      same: 2,
    })
    expect(diff.mdcs).toMatchObject({ added: [], removed: [], renamed: [], ruled: [], same: 2 })
  })

  it('differ in lists code by code', () => {
    expect(diff.sets).toEqual([{ id: 'DI_B00', kind: 'diagnosis', added: ['G93.500'], removed: ['G93.600x003'] }])
    expect(diff.exclusions).toEqual([{ id: 'EX_1', added: ['I50.908'], removed: ['I50.907'] }])
    expect(diff.complications).toEqual([
      { code: 'J44.900', from: { level: 'CC', table: '' }, to: { level: 'MCC', table: '' } },
      { code: 'J45.900', to: { level: 'CC', table: '' } },
    ])
    expect([...levelMoves(diff)]).toEqual([
      ['CC → MCC', 1],
      ['– → CC', 1],
    ])
  })

  it('are not to be joined by code', () => {
    expect(joinsByCode(diff)).toBe(false)
    expect(joinWarning(diff)).toEqual({
      zh: '1 个 DRG（0 个 ADRG）名称未变而编码改变，1 个 DRG 编码未变而含义改变（其中 1 个与另一编码互换了含义）：before 的权重绝不能按编码接到 after 的组上。',
      en: '1 DRGs (0 ADRGs) keep their name and change their code, 1 DRGs keep their code and change their meaning (1 of them take or give it to another code): never join weights of before to groups of after by code.',
    })
  })

  it('are told as text, on demand code by code', () => {
    const lines = diffLines(diff, 'en')
    expect(lines[0]).toBe('before → after')
    expect(lines).toContain('  > AA19 → AA29 移植')
    expect(lines).toContain('  ! AA19 移植 → 心肺移植')
    expect(lines).toContain('  ~ AA19 1 → QTZD in CC')
    expect(lines).toContain('  DI_B00  +1 -1')
    const each = diffLines(diff, 'zh', { nameOf: code => (code === 'G93.500' ? '脑受压' : '') })
    expect(each).toContain('    + G93.500 脑受压')
    expect(each).toContain('  J45.900   – → CC')
  })

  it('that are the same differ in nothing', () => {
    const none = diffSchemes(before, before)
    expect(joinWarning(none)).toBeUndefined()
    expect([none.sets, none.complications, none.exclusions, none.drgs.added, none.drgs.ruled]).toEqual([
      [],
      [],
      [],
      [],
      [],
    ])
    expect(none.drgs.same).toBe(5)
  })
})

it.each([
  ['新生儿（出生年龄＜29天）', '新生儿(出生年龄<29天)', true],
  ['癫痫疾患，伴严重并发症或合并症', '癫痫疾病伴严重合并症或并发症', true],
  ['慢性气道阻塞病', '慢性气道阻塞性疾病', false],
])('%s and %s mean the same: %s', (a, b, same) => {
  expect(meaningOf(a) === meaningOf(b)).toBe(same)
})

describe('the step from 1.1 to 2.0', () => {
  const [from, to] = [loadScheme('chs-drg-1.1'), loadScheme('chs-drg-2.0')]
  const diff = diffSchemes(from, to)

  it('gives names new codes and codes new names', () => {
    expect(diff.adrgs.recoded).toContainEqual({ name: '心脏移植', from: 'AA1', to: ['AA2'] })
    expect(diff.adrgs.renamed).toContainEqual({ code: 'AA1', from: '心脏移植', to: '心肺移植', reused: true })
    expect(diff.drgs.recoded.length).toBeGreaterThan(40)
    expect(joinsByCode(diff)).toBe(false)
  })

  it('counts up: what is added and removed is the difference of the sizes', () => {
    const groups = ({ mdcs }: Scheme): number => {
      const leaves = mdcs.flatMap(mdc => mdc.adrgs).flatMap(adrg => adrg.drgs)
      return new Set(leaves.filter(leaf => leaf.kind === 'grouped').map(leaf => leaf.code)).size
    }
    expect(diff.drgs.added.length - diff.drgs.removed.length).toBe(groups(to) - groups(from))
    const moved = diff.sets.reduce((n, set) => n + set.added.length - set.removed.length, 0)
    const codes = ({ sets }: Scheme): number => [...sets.values()].reduce((n, set) => n + set.codes.length, 0)
    expect(moved).toBe(codes(to) - codes(from))
  })

  it('is described by the page in docs/editions', () => {
    const page = readFileSync(home('docs', 'editions', 'chs-drg-1.1-to-2.0.md'), 'utf8')
    expect(page).toBe(diffPage(diff, from, to))
    expect(page.length).toBeLessThan(100_000)
  })
})
