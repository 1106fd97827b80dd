import { describe, expect, it } from 'vitest'
import { explain, explanationLines, loadScheme } from '../../../grouper/index.ts'

const heart = { sex: 1, ageYears: 45, diagnoses: ['K80.101', 'I50.900'], procedures: ['51.2300'] }

describe('explain', () => {
  it('groups the published case: HC23 under 2.0, HC29 under 1.1', () => {
    expect(explain(loadScheme('chs-drg-2.0'), heart).outcome.drg).toBe('HC23')
    expect(explain(loadScheme('chs-drg-1.1'), heart).outcome.drg).toBe('HC29')
  })

  it('tells the way to the group with the facts that opened each door', () => {
    const scheme = loadScheme('chs-drg-2.0')
    const lines = explanationLines(scheme, explain(scheme, heart), 'zh')
    expect(lines.slice(1)).toEqual([
      '主要诊断  K80.101  胆囊结石伴慢性胆囊炎',
      '其他诊断  I50.900  心力衰竭',
      '主要手术  51.2300  腹腔镜下胆囊切除术',
      'MDC MDCH 肝、胆、胰疾病及功能障碍  成立',
      '  条件  ZYZD in DI_H00',
      '  依据  主要诊断 K80.101 胆囊结石伴慢性胆囊炎 ∈ DI_H00 (766)',
      '  ADRG HC2 胆囊切除手术  成立',
      '    条件  ZYSS in OP_HC2',
      '    依据  主要手术 51.2300 腹腔镜下胆囊切除术 ∈ OP_HC2 (9)',
      '    DRG HC23 胆囊切除手术，伴合并症或并发症  成立',
      '      条件  QTZD in {MCC, CC}',
      '      依据  其他诊断 I50.900 心力衰竭 ∈ MCC',
      '并发症  I50.900 心力衰竭  MCC  计入',
      '结果  HC23  胆囊切除手术，伴合并症或并发症  分组成功',
    ])
  })

  it('names the exclusion table of a complication that does not count', () => {
    const scheme = loadScheme('chs-drg-2.0')
    const [code, complication] = [...scheme.complications].find(([, { table }]) => table !== '')!
    const principal = scheme.exclusions.get(complication.table)!.find(other => other !== code)!
    const [note] = explain(scheme, { ...heart, diagnoses: [principal, code] }).complications
    expect(note).toMatchObject({
      code,
      level: complication.level,
      table: complication.table,
      counts: false,
      because: 'excluded',
    })
  })

  it.each([
    ['principal-missing', { diagnoses: [] }],
    ['principal-unknown', { diagnoses: ['Z99.x99x999'] }],
    ['sex-missing', { sex: 0 }],
  ] as const)('says %s and invents no group', (reason, change) => {
    const scheme = loadScheme('chs-drg-2.0')
    const explanation = explain(scheme, { ...heart, ...change })
    expect(explanation.outcome).toMatchObject({ status: 'invalid', reason, mdc: '0000', adrg: '0000', drg: '0000' })
    expect(explanation.rules).toEqual([])
  })

  it('knows that K35.800 is in no MDC while K35.800x001 groups', () => {
    const scheme = loadScheme('chs-drg-2.0')
    expect(explain(scheme, { ...heart, diagnoses: ['K35.800'], procedures: [] }).outcome).toMatchObject({
      status: 'notGrouped',
      reason: 'not-in-mdc',
    })
    expect(explain(scheme, { ...heart, diagnoses: ['K35.800x001'], procedures: [] }).outcome.status).toBe('grouped')
  })
})
