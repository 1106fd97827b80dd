import { describe, expect, test } from 'vitest'
import { dipExplanationLines, explainDip, loadCatalogue, withMatching } from '../../../grouper/index.ts'
import { runCli } from '../../cli/run.ts'

const catalogue = loadCatalogue('dip-3.0-sample')

function told(diagnoses: string[], procedures: string[], lang: 'zh' | 'en' = 'en', under = catalogue): string {
  return dipExplanationLines(explainDip(under, { diagnoses, procedures }), lang).join('\n')
}

describe('the explanation of a DIP group', () => {
  test('names what the exclusion list did to each operation', () => {
    const text = told(['K35.900'], ['99.2800', '17.4100', '45.2302', '47.0100'])
    expect(text).toContain('99.2800  注射或输注作为一种抗肿瘤药的生物治疗调节[BRM]; on the exclusion list')
    expect(text).toContain('17.4100  开放性机器人援助操作; never main; counts as related')
    expect(text).toContain('main operation  45.2302')
    const outside = told(['I50.900'], ['45.2302'])
    expect(outside).toContain('main only under A00-A09|C15-C26|D01|D12|D13|D37|I85|K20-K93; counts as related here')
    expect(outside).toContain('no usable operation: a conservative case')
    const ended = withMatching(catalogue, { droppedOperation: 'conservative' })
    expect(told(['K35.900'], ['99.2800', '47.0100'], 'en', ended)).toContain('makes the case conservative')
  })

  test('shows rows that nearly fit with what they lack, and why there is no group', () => {
    const text = told(['I08.000'], ['35.2201', '35.1401'])
    expect(text).toContain(
      'misses  BX-589  35.2201+35.1401+35.2401|35.2400x002  no related operation 35.2401|35.2400x002',
    )
    expect(text).toContain('Result  JC-3139')
    expect(told(['T20.200', 'T31.300'], [], 'zh')).toContain('烧伤面积（T31、T32）不在 10-29%')
    expect(told(['Z51.100'], [], 'zh')).toContain('不纳入分组的主要诊断')
    expect(told(['G40.900'], [])).toContain('no group for this principal diagnosis')
    expect(told(['I25.103'], ['36.1200'])).toContain('none fits the operations')
    expect(told(['QQ'], [])).toContain('not in the dictionary\n')
    expect(told([], [])).toContain('fill it in')
  })

  test('tells a tie and who decided it, in both languages', () => {
    expect(told(['K40.200'], ['53.1200x001'])).toContain('BX-931, BX-932 fit equally well')
    expect(told(['Z51.101', 'C34.901', 'C78.000'], ['99.2503'], 'zh')).toContain('（序号在前）取 FZ-1770')
  })

  test('two schemes stand side by side, as a table and as JSON', async () => {
    const command =
      'explain --scheme chs-drg-2.0 --scheme dip-3.0-sample --dx K35.800x001 --proc 47.0100 --sex 1 --age 40'
    const { out } = await runCli(command)
    expect(out).toMatch(/^compared +chs-drg-2\.0 +dip-3\.0-sample\n/)
    expect(out).toMatch(/result +GE29 {2}阑尾切除术 {2}grouped +JC-3625/)
    const { out: zh } = await runCli(command, 'zh')
    expect(zh).toContain('诊断键 K35')
    const { out: json } = await runCli(`${command} --json`)
    expect(JSON.parse(json)).toMatchObject([
      { kind: 'drg', scheme: { id: 'chs-drg-2.0' }, outcome: { drg: 'GE29' } },
      { kind: 'dip', scheme: { id: 'dip-3.0-sample' }, outcome: { code: 'JC-3625', layer: 'JC', type: 'core' } },
    ])
  })

  test('one DIP scheme as JSON is one object', async () => {
    const { out } = await runCli('explain --scheme dip-3.0-sample --dx K40.200 --proc 53.1200x001 --json')
    expect(JSON.parse(out)).toMatchObject({
      outcome: { code: 'BX-932', candidates: ['BX-931', 'BX-932'] },
      key: 'K40.2',
    })
  })
})
