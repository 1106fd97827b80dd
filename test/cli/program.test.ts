import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { COMMANDS } from '../../cli/commands.ts'
import { runCli } from './run.ts'

it('the overview lists every command, with what it does', async () => {
  for (const lang of ['zh', 'en'] as const) {
    const { out, code } = await runCli('--help', lang)
    expect(code).toBe(0)
    for (const { name, about } of COMMANDS) {
      expect(out).toMatch(new RegExp(`^  ${name} `, 'm'))
      expect(out.replaceAll(/\s+/g, '')).toContain(about[lang].replaceAll(/\s+/g, ''))
    }
  }
})

it.each(COMMANDS)('$name is the command that the table loads, under the same words', async ({ name, about, load }) => {
  const silent = { write: (): boolean => true }
  expect((await load())({ out: silent, err: silent, lang: 'en' }).name()).toBe(name)
  expect((await runCli(`${name} --help`)).out.replaceAll(/\s+/g, '')).toContain(about.en.replaceAll(/\s+/g, ''))
  expect((await runCli(`help ${name}`)).out).toBe((await runCli(`${name} --help`)).out)
})

it('a misspelt command is told with the one that was meant', async () => {
  expect((await runCli('grop examples/cases.csv')).err).toContain("unknown command 'grop'\n(Did you mean group?)")
})

it('a command without the one above it is told with it', async () => {
  expect((await runCli('project --region r.yaml')).err).toContain(
    "unknown command 'project'\n(Did you mean scenario project?)\n",
  )
  expect((await runCli('--lang zh sweep s.yaml', 'zh')).err).toContain(
    "没有命令 'sweep'\n（是否应为 scenario sweep？）\n",
  )
  expect((await runCli('import x')).err).toMatch(/\(Did you mean (one of )?.*scheme import/)
})

it('a misspelt option is told with the one that was meant, also where it was required', async () => {
  const required = await runCli('settle --regoin x --out y')
  expect(required.err).toContain(
    "unknown option '--regoin'\n(Did you mean --region?)\nerror: required option '--region",
  )
  expect((await runCli('settle --regoin x --out y', 'zh')).err).toContain(
    "没有选项 '--regoin'\n（是否应为 --region？）\n",
  )
  const other = await runCli('settle --region x --output-encodng gb18030')
  expect(other.err).toContain("unknown option '--output-encodng'\n(Did you mean --output-encoding?)")
  expect((await runCli('settle --qqqqqq x')).err).not.toContain('Did you mean')
})

it('an old version of Node is told, by the version that the manifest asks for', () => {
  const read = (file: string): string => readFileSync(join(import.meta.dirname, '..', '..', file), 'utf8')
  const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } }
  const [, major, minor] = /NEEDED = \[(\d+), (\d+)\]/.exec(read('cli/main.ts'))!
  expect(engines.node).toBe(`>=${major}.${minor}`)
  // Whatever it would import at its head, an old version would load before it could be told.
  expect(read('cli/main.ts')).not.toMatch(/^import /m)
})

it('what needs no command loads none', () => {
  const hook = `import { registerHooks } from 'node:module'
    let own = 0
    registerHooks({ load(url, context, next) { own += url.startsWith('file:') && !url.includes('node_modules') ? 1 : 0; return next(url, context) } })
    process.on('exit', () => console.log('modules ' + own))`
  const main = join(import.meta.dirname, '..', '..', 'cli', 'main.ts')
  const out = execFileSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(hook)}`, main, '--version'],
    { encoding: 'utf8' },
  )
  expect(Number(/modules (\d+)/.exec(out)![1])).toBeLessThan(15)
})
