import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { chooseLang } from '../../cli/console.ts'
import { runCli } from '../cli/run.ts'

const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'explain.md')
/** A block that shows a command and what it prints. */
const BLOCK = /```console\n\$ dianzhi ([^\n]+)\n([\s\S]*?)```/g

async function outputOf(command: string): Promise<string> {
  const args = command.split(' ')
  const { all } = await runCli(args, chooseLang(args[args.indexOf('--lang') + 1], {}))
  return all
}

const page = readFileSync(PAGE, 'utf8')

/** After a change that is meant: `UPDATE=1 vitest run test/docs`, then read the page again as a coder would. */
if (process.env.UPDATE === '1') {
  let text = page
  for (const [block, command] of page.matchAll(BLOCK)) {
    const shown = `\`\`\`console\n$ dianzhi ${command}\n${await outputOf(command!)}\`\`\``
    text = text.replace(block, () => shown)
  }
  writeFileSync(PAGE, text)
}

const blocks = [...readFileSync(PAGE, 'utf8').matchAll(BLOCK)].map(([, command, shown]) => ({ command, shown }))

it('has ten cases', () =>
  expect(blocks.filter(block => block.command!.startsWith('explain')).length).toBeGreaterThanOrEqual(10))

it.each(blocks)('shows what dianzhi $command prints', async ({ command, shown }) => {
  expect(shown).toBe(await outputOf(command!))
})
