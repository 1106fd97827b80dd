import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { chooseLang } from '../../cli/console.ts'
import { createProgram } from '../../cli/program.ts'

const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'explain.md')
/** A block that shows a command and what it prints. */
const BLOCK = /```console\n\$ dianzhi ([^\n]+)\n([\s\S]*?)```/g

function outputOf(command: string): string {
  const args = command.split(' ')
  let text = ''
  const lang = chooseLang(args[args.indexOf('--lang') + 1], {})
  const out = {
    write(part: string | Uint8Array): boolean {
      text += part
      return true
    },
  }
  createProgram({ out, err: out, lang }).parse(['node', 'dianzhi', ...args])
  return text
}

const page = readFileSync(PAGE, 'utf8')

/** After a change that is meant: `UPDATE=1 vitest run test/docs`, then read the page again as a coder would. */
if (process.env.UPDATE === '1') {
  writeFileSync(
    PAGE,
    page.replace(BLOCK, (_, command: string) => `\`\`\`console\n$ dianzhi ${command}\n${outputOf(command)}\`\`\``),
  )
}

const blocks = [...readFileSync(PAGE, 'utf8').matchAll(BLOCK)].map(([, command, shown]) => ({ command, shown }))

it('has ten cases', () =>
  expect(blocks.filter(block => block.command!.startsWith('explain')).length).toBeGreaterThanOrEqual(10))

it.each(blocks)('shows what dianzhi $command prints', ({ command, shown }) => {
  expect(shown).toBe(outputOf(command!))
})
