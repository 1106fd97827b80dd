import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { REJECT_TEXTS } from '../grouper/index.ts'

const ROOT = join(import.meta.dirname, '..')
const PARTS = ['numbers', 'files', 'messages', 'grouper', 'weights', 'simulate', 'synth', 'report', 'cli']

function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith(ending))
    .map(name => join(folder, name))
}

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8')
}

/** First sentence of the first comment of a file that has one. */
function storyOf(file: string): string {
  const comment = /\/\*\*([\s\S]*?)\*\//.exec(read(file))?.[1] ?? ''
  const text = comment
    .replace(/^\s*\* ?/gm, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return (/^.*?[.:](?= |$)/.exec(text)?.[0] ?? text).replace(/:$/, '.')
}

function filesPage(parts: readonly string[]): string {
  const lines = ['# Files', '', 'A line for every source file, taken from the first comment in it.']
  for (const part of parts) {
    lines.push('', `## ${part}/`, '', '| file | |', '|---|---|')
    for (const file of filesBelow(part, '.ts').sort()) {
      const story = file === `${part}/index.ts` ? 'The door of this part.' : storyOf(file)
      lines.push(`| \`${file}\` | ${story.replaceAll('|', '\\|')} |`)
    }
  }
  return `${lines.join('\n')}\n`
}

describe('documents', () => {
  const pages = filesBelow('docs', '.md').map(read).join('\n')

  it('list every code of a fault or finding', () => {
    const used = new Set(
      PARTS.flatMap(part => filesBelow(part, '.ts')).flatMap(file => read(file).match(/'[A-Z]{3}-\d{3}'/g) ?? []),
    )
    const missing = [...used].map(code => code.slice(1, -1)).filter(code => !pages.includes(`| ${code} |`))
    expect(missing).toEqual([])
  })

  it('list every reason of a reject with its text', () => {
    const page = read('docs/errors.md')
    for (const [reason, { zh, en }] of Object.entries(REJECT_TEXTS))
      expect(page).toContain(`| ${reason} | ${en} | ${zh} |`)
  })

  it('have a line for every source file, taken from the first comment in it', () => {
    const page = filesPage(PARTS)
    // With UPDATE_DOCS=1 the page is written anew, to be read and committed by a person.
    if (process.env.UPDATE_DOCS === '1') writeFileSync(join(ROOT, 'docs/files.md'), page)
    expect(read('docs/files.md')).toBe(page)
  })

  it.each(['README.md', 'README.zh-CN.md', 'CONTRIBUTING.md', ...filesBelow('docs', '.md')])(
    '%s has no dead link',
    page => {
      const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) => link!)
      for (const link of links) expect(statSync(join(ROOT, dirname(page), link)), link).toBeDefined()
    },
  )
})

describe('the package', () => {
  const manifest = JSON.parse(read('package.json')) as {
    name: string
    license: string
    dependencies: Record<string, string>
    devDependencies: Record<string, string>
    bin: Record<string, string>
    exports: Record<string, unknown>
  }

  it('has its name, licence, command and one door a part', () => {
    expect([manifest.name, manifest.license]).toEqual(['dianzhi', 'Apache-2.0'])
    expect(manifest.bin).toEqual({ dianzhi: 'dist/cli/main.js' })
    expect(Object.keys(manifest.exports)).toEqual(expect.arrayContaining(['./grouper', './weights', './simulate']))
  })

  it('pins every dependency exactly', () => {
    for (const version of Object.values({ ...manifest.dependencies, ...manifest.devDependencies })) {
      expect(version).toMatch(/^\d+\.\d+\.\d+/)
    }
  })
})

describe('the lock file', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { resolved?: string; optionalDependencies?: Record<string, string> }>
  }

  // Without them `npm ci` refuses the file where a registry does not carry every platform's package.
  it('lists the optional packages of every platform', () => {
    const missing = Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
      Object.keys(optionalDependencies).filter(name => packages[`node_modules/${name}`] === undefined),
    )
    expect(missing).toEqual([])
  })

  it('names no host', () => {
    expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([])
  })
})

describe('the doors', () => {
  const allowed: Record<string, readonly string[]> = {
    numbers: [],
    messages: [],
    files: ['messages'],
    grouper: ['messages', 'files', 'numbers'],
    weights: ['grouper', 'messages', 'files', 'numbers'],
    simulate: ['weights', 'grouper', 'messages', 'files', 'numbers'],
    synth: ['grouper', 'messages', 'files', 'numbers'],
    report: ['messages', 'files', 'numbers'],
    cli: PARTS,
  }

  it.each(Object.keys(allowed))('%s imports only what stands below it, and only by the door', part => {
    const wrong: string[] = []
    for (const file of filesBelow(part, '.ts')) {
      for (const [, path] of read(file).matchAll(/from '(\.[^']+)'/g)) {
        const target = join(dirname(file), path!)
        const [other] = target.split('/')
        if (other === part) continue
        if (!allowed[part]!.includes(other!) || target !== `${other}/index.ts`) wrong.push(`${file} → ${target}`)
      }
    }
    expect(wrong).toEqual([])
  })
})
