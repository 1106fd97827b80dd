import { describe, expect, it } from 'vitest'
import { checkScheme } from '../../../grouper/scheme/check.ts'
import { findingText } from '../../../grouper/scheme/finding.ts'
import { importTables } from '../../../grouper/scheme/import.ts'
import type { Scheme } from '../../../grouper/scheme/types.ts'
import { hasReference, reference } from '../../reference.ts'
import { SMALL, withTables } from './small.ts'

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
        '错误 CHK-001 DRG BB11  排在总是成立的 BB15 之后，永远不会被选中',
        'error CHK-001 DRG BB11  stands behind BB15, which takes every case, and is never reached',
      ],
    ])
    const same = scheme({ DRG: `${SMALL.DRG}BB13,又一组,(QTZD in {MCC}),BB1,MDCB,1.5\n` })
    expect(found(same)).toEqual([
      [
        '错误 CHK-001 DRG BB13  符合条件的病例都已归入前面的 BB11，永远不会被选中',
        'error CHK-001 DRG BB13  every case that meets its condition is taken by BB11 before it; it is never reached',
      ],
    ])
  })

  it('CHK-001 whole MDCs behind one that takes every case, and CHK-002 the gates that do', () => {
    const open = scheme({
      MDC: SMALL.MDC!.replace('ZYSS in OP_AA1', ''),
      ADRG: SMALL.ADRG!.replace('ZYSS in OP_AA1', ''),
    })
    expect(found(open).map(([, en]) => en)).toEqual([
      'error CHK-001 MDC MDCB  stands behind MDCA, which takes every case, and is never reached',
      'warning CHK-002 MDC MDCA  the rule is empty and always holds',
      'warning CHK-002 ADRG AA1  the rule is empty and always holds',
      'warning CHK-004 集合 OP_AA1  is used by no rule',
    ])
    expect(found(open)[1]![0]).toBe('警告 CHK-002 MDC MDCA  规则为空，总是成立')
  })

  it('does not take an open MDC for one that takes every case: its ADRGs decide', () => {
    const open = scheme({ MDC: SMALL.MDC!.replace('ZYSS in OP_AA1', '') })
    expect(found(open).map(([, en]) => en)).toEqual(['warning CHK-002 MDC MDCA  the rule is empty and always holds'])
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
        '警告 CHK-005 ADRG BZ1  没有 DRG，病例永远不会分到这里',
        'warning CHK-005 ADRG BZ1  has no DRG, no case can come here',
      ],
    ])
  })

  it('CHK-006 leaves without name and CHK-007 ADRG codes as leaves', () => {
    expect(found(scheme({ DRG: SMALL.DRG!.replace('BR19,神经内科', 'BR1,') }))).toEqual([
      ['警告 CHK-006 DRG BR1  没有名称', 'warning CHK-006 DRG BR1  has no name'],
      [
        '警告 CHK-007 DRG BR1  是 ADRG 编码，不是 DRG 编码',
        'warning CHK-007 DRG BR1  is the code of its ADRG, not of a DRG',
      ],
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
  })
})

describe.runIf(hasReference())('the known defects of the published tables', () => {
  const codes = (id: string, code: string): string[] =>
    checkScheme(importTables(reference('schemes', id)).scheme)
      .filter(finding => finding.code === code)
      .map(finding => finding.place.code!)

  it('changzhou-2022: leaves "7" behind the unconditional one, bare ADRGs, an open MDC', () => {
    const unreachable = codes('changzhou-2022', 'CHK-001')
    expect(unreachable).toEqual(expect.arrayContaining(['BV12', 'BV14', 'BV16']))
    expect(unreachable.filter(code => code.endsWith('7')).length).toBe(32)
    expect(codes('changzhou-2022', 'CHK-007')).toEqual(
      expect.arrayContaining(['AA1', 'AB1', 'AC1', 'AD1', 'AF1', 'NG1']),
    )
    expect(codes('changzhou-2022', 'CHK-002')).toEqual(['MDCS'])
  })

  it('beijing-2022: leaves for 6 years and under behind the unconditional one', () => {
    expect(codes('beijing-2022', 'CHK-001')).toEqual(expect.arrayContaining(['CD1D', 'DC2D', 'IT2B', 'IT2C']))
  })

  it('chs-drg-1.0: gates whose list is lost always hold', () => {
    expect(codes('chs-drg-1.0', 'CHK-002')).toEqual(['PV1', 'YC1', 'YR1', 'YR2', 'WB1', 'WR1'])
  })
})
