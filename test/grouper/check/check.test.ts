import { describe, expect, it } from 'vitest'
import { checkScheme } from '../../../grouper/check/check.ts'
import { checkReach } from '../../../grouper/check/reach.ts'
import { type Finding, findingText } from '../../../grouper/scheme/finding.ts'
import { importTables } from '../../../grouper/scheme/import.ts'
import type { Scheme } from '../../../grouper/scheme/types.ts'
import { hasReference, reference } from '../../reference.ts'
import { SMALL, withTables } from '../scheme/small.ts'

function scheme(changes: Readonly<Record<string, string>> = {}): Scheme {
  return withTables({ ...SMALL, ...changes }, folder => importTables(folder, { id: 'small' }).scheme)
}

function found(one: Scheme): string[][] {
  return checkScheme(one).map(finding => [findingText(finding, 'zh'), findingText(finding, 'en')])
}

it('finds nothing in a sound scheme', () => {
  expect(found(scheme())).toEqual([])
})

describe('finds', () => {
  it('CHK-001 leaves behind an unconditional one, or with the condition of an earlier one', () => {
    const behind = scheme({ DRG: SMALL.DRG!.replace('BB1,MDCB,2', 'BB1,MDCB,0') })
    expect(found(behind)).toEqual([
      [
        '错误 CHK-001 DRG:4 BB11  排在总是成立的 BB15 之后，永远不会被选中',
        'error CHK-001 DRG:4 BB11  stands behind BB15, which takes every case, and is never reached',
      ],
    ])
    const same = scheme({ DRG: `${SMALL.DRG}BB13,又一组,(QTZD in {MCC}),BB1,MDCB,1.5\n` })
    expect(found(same)).toEqual([
      [
        '错误 CHK-001 DRG:7 BB13  符合条件的病例都已归入前面的 BB11，永远不会被选中',
        'error CHK-001 DRG:7 BB13  every case that meets its condition is taken by BB11 before it; it is never reached',
      ],
    ])
  })

  it('CHK-001 whole MDCs behind one that takes every case, and CHK-002 the gates that do', () => {
    const open = scheme({
      MDC: SMALL.MDC!.replace('ZYSS in OP_AA1', ''),
      ADRG: SMALL.ADRG!.replace('ZYSS in OP_AA1', ''),
    })
    expect(found(open).map(([, en]) => en)).toEqual([
      'error CHK-001 MDC:2 MDCB  stands behind MDCA, which takes every case, and is never reached',
      'warning CHK-002 MDC:3 MDCA  the rule is empty and always holds',
      'warning CHK-002 ADRG:2 AA1  the rule is empty and always holds',
      'warning CHK-004 集合:4 OP_AA1  is used by no rule',
    ])
    expect(found(open)[1]![0]).toBe('警告 CHK-002 MDC:3 MDCA  规则为空，总是成立')
  })

  it('does not take an open MDC for one that takes every case: its ADRGs decide', () => {
    const open = scheme({ MDC: SMALL.MDC!.replace('ZYSS in OP_AA1', '') })
    expect(found(open).map(([, en]) => en)).toEqual(['warning CHK-002 MDC:3 MDCA  the rule is empty and always holds'])
  })

  it('CHK-003 empty sets and CHK-004 sets that no rule uses', () => {
    const base = scheme()
    const sets = new Map([...base.sets, ['DI_X', { id: 'DI_X', kind: 'diagnosis' as const, codes: [] }]])
    expect(found({ ...base, sets })).toEqual([
      ['警告 CHK-003 集合 DI_X  没有编码', 'warning CHK-003 集合 DI_X  has no code'],
      ['警告 CHK-004 集合 DI_X  没有规则使用', 'warning CHK-004 集合 DI_X  is used by no rule'],
    ])
  })

  it('CHK-005 an ADRG without DRG', () => {
    const bare = scheme({ ADRG: `${SMALL.ADRG}BZ1,其他,XB = 1,MDCB,9\n` })
    expect(found(bare)).toEqual([
      [
        '警告 CHK-005 ADRG:6 BZ1  没有 DRG，病例永远不会分到这里',
        'warning CHK-005 ADRG:6 BZ1  has no DRG, no case can come here',
      ],
    ])
  })

  it('CHK-006 leaves without name and CHK-007 ADRG codes as leaves', () => {
    expect(found(scheme({ DRG: SMALL.DRG!.replace('BR19,神经内科', 'BR1,') }))).toEqual([
      ['警告 CHK-006 DRG:5 BR1  没有名称', 'warning CHK-006 DRG:5 BR1  has no name'],
      [
        '警告 CHK-007 DRG:5 BR1  是 ADRG 编码，不是 DRG 编码',
        'warning CHK-007 DRG:5 BR1  is the code of its ADRG, not of a DRG',
      ],
    ])
  })

  it('CHK-009 diagnoses of an MDC in no medical ADRG, and CHK-010 those of an ADRG that its MDC lacks', () => {
    const sets = `${SMALL.集合}DI_BR1,G93.600x003,血管源性脑水肿,诊断\nDI_BR1,I63.900,脑梗死,诊断\n`
    const split = scheme({ 集合: sets, ADRG: SMALL.ADRG!.replace('ZYZD in DI_B00', 'ZYZD in DI_BR1') })
    expect(found(split).map(([zh]) => zh)).toEqual([
      '警告 CHK-009 MDC:2 MDCB  列表中有 1 个诊断不在任何内科 ADRG 中，无手术的病例不能入组：A01.002+G01*',
      '警告 CHK-010 MDC:2 MDCB  ADRG 的列表中有 1 个诊断不在本 MDC 的列表中，永远到不了那里（BR1 1）：I63.900',
    ])
  })

  it('CHK-011 codes in the lists of several ADRGs of one MDC', () => {
    const twice = scheme({
      集合: `${SMALL.集合}OP_BB2,01.2400,其他颅骨切开术,手术操作\nOP_BB2,01.2501,颅骨切除减压术,手术操作\n`,
      ADRG: `${SMALL.ADRG}BB2,开颅二,"{ZYSS, QTSS} in OP_BB2",MDCB,1.2\n`,
      DRG: `${SMALL.DRG}BB29,开颅二,,BB2,MDCB,1\n`,
    })
    expect(found(twice).map(([, en]) => en)).toEqual([
      'note CHK-011 MDC:2 MDCB  1 codes stand in the lists of several ADRGs, the first of which takes them (BB1/BB2 1): 01.2400',
    ])
  })

  it('CHK-012 a condition that names no list', () => {
    const open = scheme({ ADRG: SMALL.ADRG!.replace('ZYZD in DI_B00', 'NL >= 18') })
    expect(found(open).map(([, en]) => en)).toEqual([
      'warning CHK-012 ADRG:3 BR1  the condition names no list of codes: any diagnosis and any procedure will do',
    ])
  })

  it('CHK-015 a leaf for MCC behind one that a CC opens', () => {
    const inverted = scheme({
      DRG: `${SMALL.DRG!.replace('伴,QTZD in MCC', '伴,QTZD in MCC and NL >= 18')}BB13,开颅，伴一般,QTZD in CC,BB1,MDCB,0\n`,
    })
    expect(found(inverted).map(([, en]) => en)).toEqual([
      'warning CHK-015 DRG:4 BB11  asks for an MCC and stands behind BB13, which a CC opens: a case with both goes to the milder group',
    ])
  })

  it('CHK-008 codes that no dictionary has', () => {
    const base = scheme()
    const complications = new Map([...base.complications, ['Z99', { level: 'CC' as const, table: '' }]])
    expect(found({ ...base, complications })).toEqual([
      [
        '警告 CHK-008 CC Z99  Z99 不在字典 icd10-yb-2.0 中',
        'warning CHK-008 CC Z99  Z99 is not in the dictionary icd10-yb-2.0',
      ],
    ])
    const local = scheme({ 集合: `${SMALL.集合}DI_B00,Z99.x99x999,本地诊断,诊断\n` })
    const published = { diagnosis: base.diagnoses, procedure: base.procedures }
    expect(checkScheme(local)).toEqual([])
    expect(checkScheme(local, published).map(finding => findingText(finding, 'en'))).toEqual([
      'warning CHK-008 集合:2 DI_B00  Z99.x99x999 is not in the dictionary icd10-yb-2.0',
    ])
  })
})

/**
 * What grouping.md §7 lists. Out of reach, because the tables alone do not show it: the codes of BJ1, GW1 and FU2, the
 * gates of MDCY and MDCP against the text of 1.1, how another implementation treats 2.0, and severity inversions of
 * weights, which are no part of a scheme.
 */
describe.runIf(hasReference())('the known defects of the published tables', () => {
  const checked = new Map<string, readonly Finding[]>()
  const all = (id: string): readonly Finding[] => {
    let findings = checked.get(id)
    if (findings === undefined) {
      const { scheme } = importTables(reference('schemes', id))
      findings = [...checkScheme(scheme), ...checkReach(scheme).findings]
      checked.set(id, findings)
    }
    return findings
  }
  const places = (id: string, code: string): string[] =>
    all(id)
      .filter(finding => finding.code === code)
      .map(finding => finding.place.code!)
  const count = (id: string, code: string, place: string): number =>
    all(id).find(finding => finding.code === code && finding.place.code === place)?.codes?.length ?? 0

  it('chs-drg-1.1: 152 diagnoses in no medical ADRG', () => {
    const codes = new Set(all('chs-drg-1.1').flatMap(({ code, codes: c }) => (code === 'CHK-009' ? c! : [])))
    // A03.900 is listed in §7 by itself, under GW1.
    expect(codes.delete('A03.900')).toBe(true)
    expect(codes.size).toBe(152)
  })

  it('chs-drg-1.1: 121 diagnoses of MDCW and 55 of MDCR in an ADRG but not in the MDC', () => {
    expect(count('chs-drg-1.1', 'CHK-010', 'MDCW')).toBe(121)
    expect(count('chs-drg-1.1', 'CHK-010', 'MDCR')).toBe(55)
  })

  it('chs-drg-1.0: gates whose list is lost always hold, or name no list any more', () => {
    expect(places('chs-drg-1.0', 'CHK-002')).toEqual(['PV1', 'YC1', 'YR1', 'YR2', 'WB1', 'WR1'])
    expect(places('chs-drg-1.0', 'CHK-012')).toEqual(['PB1', 'PC1', 'PJ1', 'PT1'])
  })

  it('changzhou-2022: leaves "7" behind the unconditional one, bare ADRGs, an open MDC', () => {
    const unreachable = places('changzhou-2022', 'CHK-001')
    expect(unreachable).toEqual(expect.arrayContaining(['BV12', 'BV14', 'BV16']))
    expect(unreachable.filter(code => code.endsWith('7')).length).toBe(32)
    expect(places('changzhou-2022', 'CHK-007')).toEqual(
      expect.arrayContaining(['AA1', 'AB1', 'AC1', 'AD1', 'AF1', 'NG1']),
    )
    expect(places('changzhou-2022', 'CHK-002')).toEqual(['MDCS'])
    // What the open MDC takes from those behind it.
    expect(places('changzhou-2022', 'CHK-016')).toEqual(['TB19', 'VQY', 'WJ13', 'WJ15', 'XJ11', 'XJ13', 'XJ15'])
  })

  it('beijing-2022: leaves for 6 years and under behind the unconditional one, ADRGs shut out by their MDC', () => {
    expect(places('beijing-2022', 'CHK-001')).toEqual(expect.arrayContaining(['CD1D', 'DC2D', 'IT2B', 'IT2C']))
    expect(places('beijing-2022', 'CHK-014')).toEqual(['AG1', 'AG2'])
    // Bare ADRGs behind leaves whose lengths of stay leave nothing.
    expect(places('beijing-2022', 'CHK-013')).toEqual(['RC1', 'RC2', 'RE1'])
    expect(places('beijing-2022', 'CHK-006')).toEqual(['RC1', 'RC2', 'RE1'])
  })

  it('yancheng-2023 and chs-drg-2.0: leaves that other groups take', () => {
    expect(places('yancheng-2023', 'CHK-016')).toEqual(['PV13', 'PV15'])
    expect(places('chs-drg-2.0', 'CHK-001')).toEqual(['WQY'])
  })

  it('names the row of every finding in a tree of rows', () => {
    for (const id of ['beijing-2022', 'chs-drg-1.0']) {
      for (const { place } of all(id)) if (/DRG|MDC/.test(place.table)) expect(place.row).toBeGreaterThan(1)
    }
  })
})
