import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { put, temporaryFolder } from '../temporary.ts'
import { runCli } from './run.ts'

const folder = temporaryFolder()
const ours = put(
  folder,
  'ours.csv',
  'id,group,weight,pay,cost\n1,A,1.0000,100.00,90\n2,B,2.0000,200.00,80\n3,C,1,5.00,4\n',
)
const official = put(
  folder,
  'official.csv',
  '病案号,DRG编码,权重,应付,总费用\n1,A,1.0000,100.00,90\n2,B,2.2000,220.00,80\n4,D,1,1,1\n',
)

it('tells what is equal, differs and is missing, and where a difference comes from', async () => {
  const { code, out, err } = await runCli(`reconcile ${official} --ours ${ours} --out ${folder}/r`)
  expect(code).toBe(0)
  expect(out).toMatch(/differing +1\n/)
  expect(out).toMatch(/weight +1 +20\.00/)
  expect(err).toContain('matched by case id')
  const csv = readFileSync(`${folder}/r/reconciliation.csv`, 'utf8')
  expect(csv).toContain('2,,differing,weight pay,pay,20.00,weight 20.00')
  expect(csv).toMatch(/^4,,missing-in-ours/m)
  expect(csv).toMatch(/^3,,missing-in-official/m)
  const page = await runCli(`reconcile ${official} --ours ${ours} --out ${folder}/zh`, 'zh')
  expect(page.out).toContain('差异来源')
  expect(readFileSync(`${folder}/zh/reconciliation.html`, 'utf8')).toContain('官方有、我方无')
})

it.each([
  [`reconcile ${official} --ours ${ours} --tolerance x --out ${folder}/e`, 'REC-003', 64],
  [`reconcile ${official} --ours ${folder}/none.csv --out ${folder}/e`, 'FIL-001', 65],
  [`reconcile ${folder}/r/rejects.csv --ours ${ours} --out ${folder}/r`, 'FIL-007', 64],
])('refuses %s', async (command, code, status) => {
  const ran = await runCli(command)
  expect([ran.err, ran.code]).toEqual([expect.stringContaining(code), status])
})

it('a file without a row is refused: no difference would read as agreement', async () => {
  const head = put(folder, 'head.csv', 'id,pay\n')
  for (const [theirs, own] of [
    [head, ours],
    [official, head],
  ]) {
    const none = await runCli(`reconcile ${theirs} --ours ${own} --out ${folder}/h`)
    expect([none.code, none.err]).toEqual([65, expect.stringContaining(`REC-004 ${head}`)])
  }
  expect(existsSync(`${folder}/h`)).toBe(false)
})
