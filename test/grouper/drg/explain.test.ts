import { describe, expect, it } from 'vitest'
import { type Case, explain, explanationLines, interpret, loadScheme } from '../../../grouper/index.ts'
import { randomCase, urnOf } from './random-case.ts'

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
      '      依据  其他诊断 I50.900 心力衰竭 ∈ MCC (4477)',
      '并发症  I50.900 心力衰竭  MCC  计入（排除表 EX_90）',
      '结果  HC23  胆囊切除手术，伴合并症或并发症  分组成功',
      '作用  去掉其他诊断 I50.900 心力衰竭  → HC25  胆囊切除手术，不伴合并症或并发症  分组成功',
      '编码复核（仅供核对编码：主要诊断和主要手术按编码规则选择，不以支付为依据）',
      '  以 I50.900 心力衰竭 为主要诊断  → FQY  歧义病案',
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
    expect(explanation).toMatchObject({ rules: [], otherMdcs: [], effects: [], misses: [] })
  })

  it('knows that K35.800 is in no MDC while K35.800x001 groups', () => {
    const scheme = loadScheme('chs-drg-2.0')
    expect(explain(scheme, { ...heart, diagnoses: ['K35.800'], procedures: [] }).outcome).toMatchObject({
      status: 'notGrouped',
      reason: 'not-in-mdc',
    })
    expect(explain(scheme, { ...heart, diagnoses: ['K35.800x001'], procedures: [] }).outcome.status).toBe('grouped')
  })

  it('tells which group each secondary code makes, and what another principal code would give', () => {
    const { effects, review } = explain(loadScheme('chs-drg-2.0'), heart)
    expect(effects).toMatchObject([{ field: 'QTZD', code: 'I50.900', changes: true, without: { drg: 'HC25' } }])
    expect(review.choices).toMatchObject([{ field: 'ZYZD', code: 'I50.900', changes: true, result: { drg: 'FQY' } }])
  })

  it('tells what part a code takes', () => {
    const scheme = { ...loadScheme('chs-drg-2.0'), barredPrincipal: new Set(['K80.101']) }
    const given = { ...heart, diagnoses: ['K80.101', 'I50.900', 'J18.900', 'X'], procedures: ['51.2300', '99.2500'] }
    expect(explain(scheme, given).codes.map(({ code, part }) => `${code} ${part}`)).toEqual([
      'K80.101 barred',
      'I50.900 used',
      'J18.900 no-rule',
      'X unknown',
      '51.2300 used',
      '99.2500 no-rule',
    ])
  })

  it('names candidate MDCs that did not take the case', () => {
    const scheme = loadScheme('chs-drg-2.0')
    const injured = { sex: 1, ageYears: 30, diagnoses: ['S06.500x004', 'S27.200'], procedures: ['01.3104'] }
    const later = explain(scheme, injured).otherMdcs
    expect(later).toMatchObject([{ code: 'MDCB', because: 'later', unmet: [] }])
    const alone = explain(scheme, { ...injured, diagnoses: ['S06.500x004'] }).otherMdcs
    expect(alone).toMatchObject([{ code: 'MDCZ', because: 'unmet', unmet: [{ kind: 'code', fields: ['QTZD'] }] }])
  })

  it('names finer codes below a principal code that no rule asks for', () => {
    const { review } = explain(loadScheme('chs-drg-2.0'), { ...heart, diagnoses: ['K35.800'], procedures: [] })
    expect(review.finerCodes.map(({ code }) => code)).toContain('K35.800x001')
  })
})

describe('nearest misses', () => {
  const scheme = loadScheme('chs-drg-2.0')

  it('are shown by a case that the interpreter takes there', () => {
    const urn = urnOf(scheme)
    let seen = 0
    for (let i = 0; i < 300; i++) {
      const given = randomCase(urn, 77, i)
      for (const { example, result, level, code } of explain(scheme, given).misses) {
        seen++
        if (!('field' in example) || !('code' in example)) continue
        const key = example.field === 'QTZD' ? 'diagnoses' : 'procedures'
        const changed = { ...given, [key]: [...given[key], example.code] }
        expect(interpret(scheme, changed)).toMatchObject({ drg: result.drg, status: 'grouped' })
        if (level !== 'mdc') expect(result[level].startsWith(code)).toBe(true)
      }
    }
    expect(seen).toBeGreaterThan(30)
  })

  it('name the severer sibling, the weight band, the second condition', () => {
    const missesOf = (given: Case): string[] =>
      explain(scheme, given).misses.map(({ level, code, result }) => `${level} ${code} ${result.drg}`)
    expect(missesOf({ ...heart, diagnoses: ['K80.101'] })).toEqual(['drg HC23 HC23'])
    const preterm = { sex: 1, ageYears: 0, ageDays: 0, weight: 1850, diagnoses: ['P07.300x021'], procedures: [] }
    expect(missesOf(preterm)).toContain('adrg PS1 PS15')
    const cataract = { sex: 2, ageYears: 70, diagnoses: ['H25.900'], procedures: ['13.4100x001'] }
    expect(missesOf(cataract)).toEqual(['adrg CB2 CB29', 'adrg CB3 CB39'])
  })
})
