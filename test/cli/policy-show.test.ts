import { mkdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { listPolicies, policyFile } from '../../simulate/index.ts'
import { put, temporaryFolder } from '../temporary.ts'
import { runCli } from './run.ts'

const folder = temporaryFolder()
const ABOVE = ['id', 'version', 'title', 'validFrom', 'validTo', 'policyBasis', 'method', 'documentedJumps']

it.each(listPolicies())('%s is shown with every key of its file, in both languages', async id => {
  const keys = [...readFileSync(policyFile(id), 'utf8').matchAll(/^([a-zA-Z]+):/gm)].map(([, key]) => key!)
  for (const lang of ['zh', 'en'] as const) {
    const { code, out } = await runCli(`policy show ${id} --lang ${lang}`, lang)
    expect(code).toBe(0)
    const first = out.split('\n').map(line => line.split(/[ .]/)[0])
    for (const key of keys) if (!ABOVE.includes(key)) expect(first, `${lang} ${key}`).toContain(key)
    // Every parameter has a meaning in words, not its path again.
    expect(out).not.toContain('policy.')
  }
})

it('outlier rules of DIP stand there as formulas, auxiliary types with their classes', async () => {
  const { out } = await runCli('policy show jiangmen')
  expect(out).toMatch(/low cost +< 0\.5 +RW × r × k × a/)
  expect(out).toMatch(/very high cost +– +RW × k × a +special-case review/)
  expect(out).toMatch(/icu +days in intensive care +2 to 7 days/)
  mkdirSync(`${folder}/pack`)
  const own = readFileSync(policyFile('jiangmen'), 'utf8')
    .replace(/^ratioBase: .*$/m, 'ratioBase: meanFactor\nmeanFactor: {file: factors.csv}')
    .replace(/^outliers: .*$/m, 'outliers: taian\nblankGroup: KBBZ')
    .replace(/^documentedJumps:[\s\S]*?(?=^patientShare)/m, '')
  put(`${folder}/pack`, 'factors.csv', 'hospital,insurance,factor\nH1,310,10\nH1,390,9\n')
  const shown = await runCli(`policy show ${put(`${folder}/pack`, 'policy.yaml', own)} --lang zh`, 'zh')
  expect(shown.out).toMatch(/极高倍率|高倍率 +– +RW × \(r − 2 \+ k\) × a/)
  expect(shown.out).toContain('空白病组：分值 × 费用 ÷ 均费 × 0.39312')
  expect(shown.out).toMatch(/meanFactor +均次费用系数 +factors\.csv +元\/点/)
})
