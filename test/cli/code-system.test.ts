import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { put, temporaryFolder } from '../temporary.ts'
import { type Ran, runCli } from './run.ts'

const folder = temporaryFolder()

/** Runs a command; what it wrote to stdout and stderr, and its exit status. */
function run(...words: string[]): Promise<Ran> {
  return runCli(words.join(' '))
}

const HEAD = 'id,sex,age,los,hospital,dx,proc'

it('group converts from the declared system and says what it did', async () => {
  const file = put(folder, 'gl.csv', `${HEAD}\na,1,45,5,H1,K35.900|I10.x00,47.01\nb,1,45,5,H1,I10.x00,\n`)
  const { out, err } = await run('group', file, '--scheme', 'chs-drg-2.0', '--code-system', 'gl-3.0')
  expect(out).toContain('a,MDCG,GE2,GE29,grouped,')
  expect(err).toContain('1 procedure codes had lost zeros in a spreadsheet and were restored (47.01 → 47.0100)')
  expect(err).toContain('Converted icd10-gl-2.0 → icd10-yb-2.0: 2 codes unchanged, 1 changed, 0 failed')
  expect(err).toContain('1 cases have a grey code as principal diagnosis (reported only)')
})

it('group refuses to guess a code system', async () => {
  const file = put(folder, 'unsure.csv', `${HEAD}\na,1,45,5,H1,K35.900|nothing,\n`)
  expect((await run('group', file, '--scheme', 'chs-drg-2.0', '--code-system', 'auto')).code).toBe(65)
})

it('check writes findings and a summary by rule and hospital', async () => {
  const cases = put(folder, 'cases.csv', `${HEAD}\na,1,45,5,H1,K80.101,51.2300\nb,1,45,5,H2,K80.1,51.2300\n`)
  const records = put(
    folder,
    'records.json',
    '[{"caseId":"c","hospitalCode":"H2","sex":1,"ageYears":4,"diagnoses":[]}]',
  )
  const out = join(folder, 'findings.csv')
  const { err } = await run('check', cases, records, '--scheme', 'chs-drg-2.0', '--out', out)
  const rows = readFileSync(out, 'utf8').trimEnd().split('\n')
  expect(rows.map(row => row.split(',').slice(0, 6).join(','))).toEqual([
    'case,hospital,rule,severity,field,value',
    'b,H2,Q02,E,main,K80.1',
    'c,H2,Q01,E,diagnosisCount,0',
    'c,H2,Q48,W,dischargeWay,',
  ])
  const summary = readFileSync(`${out}.summary.csv`, 'utf8')
  expect(summary).toContain('Q02,H2,2,1,1,0,主要诊断编码无效,Main diagnosis not in the dictionary\n')
  expect(summary).toContain('Q26,H2,2,0,1,1,')
  expect(err).toContain('3 cases checked: 2 errors, 1 warnings, 0 notes')
})

it('check finds a file that is coded in another system', async () => {
  const rows = Array.from({ length: 30 }, (_, i) => `${i},1,45,5,H1,A33xx01,`)
  const file = put(folder, 'beijing.csv', `${HEAD}\n${rows.join('\n')}\n`)
  const { out } = await run('check', file, '--scheme', 'chs-drg-2.0')
  expect(out).toContain(',Q52,E,declaredShare+shareLead,declaredShare=0 shareLead=100,')
})
