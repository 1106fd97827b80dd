import { beforeAll, describe, expect, it } from 'vitest'
import { put, temporaryFolder } from '../temporary.ts'
import { runCli } from './run.ts'

const folder = temporaryFolder()

beforeAll(async () => {
  await runCli(`synth --cases 50 --hospitals 2 --scheme chs-drg-2.0 --seed 3 --out ${folder}/cases.csv`)
})

const head = 'id,gender,age,diagnoza,proc\na,1,45,K80.101,\n'
const file = (name: string, text: string) => (): string => put(folder, name, text)

describe('what is wrong is said with what to do', () => {
  it.each<[string, () => string, string, string]>([
    ['a misspelt option in place of a required one', () => 'settle --regoin x.yaml --out o', "没有选项 '--regoin'", "unknown option '--regoin'"],
    ['cases in place of a region', () => `settle --region ${folder}/cases.csv --out ${folder}/o`, '请核对是否给错了文件', 'See whether this is the file'],
    ['a region in place of a configuration', () => `weights ${folder}/cases.csv --scheme chs-drg-2.0 --config ${folder}/region.yaml --out ${folder}/o`, '请核对是否给错了文件。此处可用的字段：id、', 'The keys here are id, '],
    ['a misspelt key', () => `settle --region ${file('key.yaml', 'id: a\nhospitels: h.csv\n')()} --out ${folder}/o`, '是否应为 hospitals？', 'Did you mean hospitals?'],
    ['a misspelt key below', () => `policy check ${file('policy.yaml', 'id: a\ntitle: {zh: 市, eng: City}\n')()}`, '此处可用的字段：zh、en。', 'The keys here are zh, en.'],
    ['a bracket that is open', () => `settle --region ${file('open.yaml', 'cases: [a\n')()} --out ${folder}/o`, '缺少右括号 ]', 'must'],
    ['a key twice', () => `settle --region ${file('twice.yaml', 'id: a\nid: b\n')()} --out ${folder}/o`, '同一字段写了两次', 'Map keys must be unique'],
    ['JSON that is none', () => `group ${folder}/cases.csv --scheme chs-drg-2.0 --map ${file('map.json', '{"a":')()}`, '不是合法的 JSON', 'Not valid JSON'],
    ['an empty file of examples', () => `verify ${file('empty.json', '')()}`, '文件是空的', 'the file is empty'],
    ['examples that are cut off', () => `verify ${file('cut.json', '[{')()}`, '内容不完整', 'Not valid JSON'],
    ['cases in place of examples', () => `verify ${folder}/cases.csv`, '请核对是否给错了文件', 'See whether'],
    ['a header that nobody knows', () => `group ${file('head.csv', head)()} --scheme chs-drg-2.0`, '缺少诊断编码（表头如 dx、', 'lacks diagnosis codes (headers such as dx, '],
    ['a file that is no text', () => `group ${file('noise.csv', 'a\u0000b,c\r\u0001\n1,2\n')()} --scheme chs-drg-2.0`, 'CAS-009', 'CAS-009'],
    ['the beginning of an id', () => 'policy show yanchen', '是否应为 yancheng-2025？', 'Did you mean yancheng-2025?'],
    ['a format that is not that of the name', () => `group ${folder}/cases.csv --scheme chs-drg-2.0 --format xlsx --out ${folder}/o.csv`, 'FIL-008', 'FIL-008'],
  ])('%s', async (_, command, zh, en) => {
    const words = command()
    expect((await runCli(words, 'zh')).err).toContain(zh)
    expect((await runCli(words, 'en')).err).toContain(en)
  }) // biome-ignore format: a row each
})
