import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { put, temporaryFolder } from '../temporary.ts'
import { runCli } from './run.ts'

const folder = temporaryFolder()
const cases = put(
  folder,
  'cases.csv',
  'id,gender,age,dx,proc,totalCost,hospital,month\n1,1,45,K80.101,51.2300,100,H1,2025-01\n',
)
const weights = put(folder, 'weights.csv', 'group,drg,weight\nHC29,HC29,1.30\n')
const key = put(folder, 'key.txt', '0123456789abcdef0123456789abcdef')
const scheme = '--scheme chs-drg-2.0'
const both = `${scheme} --scheme chs-drg-1.1`

it.each([
  `group ${cases} ${scheme} --out ${cases}`,
  `group ${cases} ${scheme} --out ${folder}/a.csv --rejects ${cases}`,
  `check ${cases} ${scheme} --out ${cases}`,
  `check ${cases} ${scheme} --out ${folder}/a.csv --html ${cases}`,
  `check ${cases} ${scheme} --out ${folder}/a.csv --weights ${weights} --summary ${weights}`,
  `compare ${cases} ${both} --out ${cases}`,
  `compare ${cases} ${both} --out ${folder}/a.csv --cases-out ${cases}`,
  `compare ${cases} ${both} --out ${folder}/a.csv --weights-a ${weights} --weights-b ${weights} --html ${weights}`,
  `encode ${cases} ${scheme} --out ${cases}`,
  `inspect ${cases} --out ${cases}`,
  `pseudonymise ${cases} --key-file ${key} --out ${cases}`,
  `pseudonymise ${cases} --key-file ${key} --out ${key}`,
])('%s leaves what it reads as it is', async command => {
  const files = [cases, weights, key]
  const before = files.map(file => readFileSync(file, 'utf8'))
  const { code, err } = await runCli(command)
  expect([code, err.slice(0, 7)]).toEqual([64, 'FIL-007'])
  expect(files.map(file => readFileSync(file, 'utf8'))).toEqual(before)
})
