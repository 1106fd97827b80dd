import { expect, it } from 'vitest'
import { runCli } from './run.ts'

it.each([
  ['settle', '缺少必需的选项'],
  ['nosuch', '没有命令'],
  ['settl --region x', '是否应为 settle？'],
  ['group --threads 0 --scheme chs-drg-2.0 a.csv', '须为 1 至'],
  ['preview', '缺少参数'],
  ['preview a.csv --nosuch', '没有选项'],
  ['explain --scheme x --dx A --sex 8', '可用的取值：1, 2, 9, 0'],
  ['explain --scheme x --dx A --cost y', '须为金额'],
  ['explain --scheme x --dx A --cost -5', '不能为负。须为金额'],
  ['explain --scheme x --dx A --age -1', '不能为负。须为 0 至 150 的整数'],
  ['explain --scheme x --dx A --los -3', '不能为负'],
  ['explain --scheme x --dx A --weight -2', '不能为负'],
  ['reconcile a b c --ours x --out y', '参数过多'],
  ['settle --region', '缺少取值'],
  ['simulate --threshold 4 --region a --scenarios b --out c', '须在 0 与 1 之间'],
])('a wrong command line is answered in Chinese: %s', async (command, expected) => {
  const { err, code } = await runCli(command, 'zh')
  expect([code, err]).toEqual([64, expect.stringContaining(expected)])
  expect(err).toContain('（用 --help 查看用法）')
  expect(err).not.toMatch(/error|required|unknown|invalid|Allowed|mean|due\./)
  const english = await runCli(command)
  expect(english.err).toContain('error: ')
})

it('the help has its headings and defaults in Chinese', async () => {
  const { out } = await runCli('reconcile --help', 'zh')
  expect(out).toMatch(/用法：[\s\S]*参数：[\s\S]*选项：[\s\S]*默认：[\s\S]*显示帮助/)
  expect(out).not.toMatch(/Usage|Arguments|Options:|default|display help/)
})
