import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Lang } from '../messages/index.ts'
import { runCli } from './cli/run.ts'

const ROOT = join(import.meta.dirname, '..')

interface Example {
  readonly command: string
  readonly output: string
}

/** The console examples of a page: `$ dianzhi …` and the lines that it prints. */
function examplesOf(page: string): Example[] {
  const text = readFileSync(join(ROOT, page), 'utf8')
  return [...text.matchAll(/```console\n([\s\S]*?)```/g)].flatMap(([, block]) =>
    block!
      .split(/^\$ /m)
      .slice(1)
      .map(part => {
        const end = part.indexOf('\n')
        return { command: part.slice(0, end), output: part.slice(end + 1).trimEnd() }
      }),
  )
}

/** With UPDATE_README=1 the outputs in the page are written anew, to be read and committed by a person. */
async function check(page: string, lang: Lang): Promise<void> {
  for (const { command, output } of examplesOf(page)) {
    const { all } = await runCli(command.replace(/^dianzhi /, ''), lang)
    const printed = all.trimEnd()
    if (process.env.UPDATE_README === '1') {
      const file = join(ROOT, page)
      const before = `$ ${command}\n${output === '' ? '' : `${output}\n`}`
      writeFileSync(
        file,
        readFileSync(file, 'utf8').replace(before, () => `$ ${command}\n${printed}\n`),
      )
    } else expect(printed, command).toBe(output)
  }
}

beforeAll(() => {
  process.chdir(ROOT)
  mkdirSync('out', { recursive: true })
})

describe('every example of the README prints what it says', () => {
  it('in English', () => check('README.md', 'en'))
  it('in Chinese', () => check('README.zh-CN.md', 'zh'))
})

describe('the library example', () => {
  it('gives the group in its comment', async () => {
    const text = readFileSync(join(ROOT, 'README.md'), 'utf8')
    const [, code] = /```ts\n([\s\S]*?)```/.exec(text)!
    const wanted = /^\/\/ (.*)$/m.exec(code!)![1]
    const { explain, loadScheme } = await import('../grouper/index.ts')
    const { outcome } = explain(loadScheme('chs-drg-2.0'), {
      sex: 1,
      ageYears: 45,
      diagnoses: ['K80.101', 'I50.900'],
      procedures: ['51.2300'],
    })
    expect(`${outcome.drg} ${outcome.name}`).toBe(wanted)
    expect(code).toContain("{ sex: 1, ageYears: 45, diagnoses: ['K80.101', 'I50.900'], procedures: ['51.2300'] }")
  })
})
