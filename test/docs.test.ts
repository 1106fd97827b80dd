import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { REJECT_TEXTS } from '../grouper/index.ts'

const ROOT = join(import.meta.dirname, '..')
const PARTS = ['numbers', 'files', 'messages', 'grouper', 'weights', 'simulate', 'synth', 'report', 'formats', 'cli']

function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith(ending))
    .map(name => join(folder, name))
}

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8')
}

describe('documents', () => {
  const pages = filesBelow('docs', '.md').map(read).join('\n')

  it('list every code of a fault or finding', () => {
    const used = new Set(
      PARTS.flatMap(part => filesBelow(part, '.ts')).flatMap(file => read(file).match(/'[A-Z]{3}-\d{3}'/g) ?? []),
    )
    const missing = [...used].map(code => code.slice(1, -1)).filter(code => !pages.includes(`| ${code} |`))
    expect(missing).toEqual([])
    const listed = [...pages.matchAll(/^\| ([A-Z]{3}-\d{3}) \|/gm)].map(([, code]) => code!)
    expect(listed.filter((code, i) => listed.indexOf(code) !== i)).toEqual([])
  })

  it('list every reason of a reject with its text', () => {
    const page = read('docs/errors.md')
    for (const [reason, { zh, en }] of Object.entries(REJECT_TEXTS))
      expect(page).toContain(`| ${reason} | ${en} | ${zh} |`)
  })

  it('say of every source file in one line what it is', () => {
    const lines = [...read('docs/files.md').matchAll(/^\| `([^`]+)` \| (.*) \|$/gm)]
    expect(lines.map(([, file]) => file)).toEqual(PARTS.flatMap(part => filesBelow(part, '.ts').sort()))
    for (const [, file, story] of lines) expect(story!.length, file).toBeGreaterThan(15)
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
    formats: ['grouper', 'messages', 'files', 'numbers'],
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
