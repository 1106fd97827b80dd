import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { expect, it } from 'vitest'
import { COMMANDS } from '../../cli/commands.ts'
import { createProgram } from '../../cli/program.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const PAGES = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter(
  path => path.endsWith('.md') && !/^(node_modules|dist|out)\b/.test(path),
)
const silent = { write: (): boolean => true }
const all = COMMANDS.map(({ name }) => name)
const program = (await createProgram({ out: silent, err: silent, lang: 'en' }, all)) as unknown as Command

/** The lines of code and the code between backticks that call the program. */
function callsIn(page: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8').replaceAll('\\\n', ' ')
  const lines = [...text.matchAll(/^```[\s\S]*?^```/gm)].flatMap(([block]) => block.split('\n'))
  const inline = [...text.matchAll(/`(dianzhi [^`\n]+)`/g)].map(([, code]) => code!)
  return [...lines, ...inline].map(line => line.replace(/^\$ /, '')).filter(line => line.startsWith('dianzhi '))
}

/** Words of a call that name no command or option of the program. */
function unknownWords(call: string): string[] {
  const words = call
    .replace(/ {2,}.*| #.*/, '')
    .split(/[\s[\]|]+/)
    .slice(1)
  let command = program
  const unknown: string[] = []
  for (const word of words) {
    const child = command.commands.find(one => one.name() === word)
    if (child !== undefined) command = child
    else if (word.startsWith('--')) {
      if (!command.options.some(option => option.long === word)) unknown.push(word)
    } else if (command.commands.length > 0) unknown.push(word)
  }
  return unknown
}

it.each(PAGES.filter(page => callsIn(page).length > 0))('%s names commands and options that there are', page => {
  expect(callsIn(page).filter(call => unknownWords(call).length > 0)).toEqual([])
})
