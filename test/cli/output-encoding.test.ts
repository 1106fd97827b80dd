import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Command } from '@commander-js/extra-typings'
import { beforeAll, describe, expect, it } from 'vitest'
import { COMMANDS } from '../../cli/commands.ts'
import { createProgram } from '../../cli/program.ts'
import { encodedSink, readTable, type TextEncoding } from '../../files/index.ts'
import { readAuxiliaryPack } from '../../grouper/index.ts'
import { readAmendments } from '../../grouper/scheme/amendments.ts'
import { put, temporaryFolder } from '../temporary.ts'
import { runCli } from './run.ts'

const folder = temporaryFolder()
const home = join(import.meta.dirname, '..', '..')
const scheme = '--scheme chs-drg-2.0'
const region = `${folder}/region/region.yaml`
const cases = `${folder}/region/cases.csv`
const key = put(folder, 'key.txt', '0123456789abcdef0123456789abcdef')

/** What a command writes, under the folder `@`; with an encoding, in that. */
async function run(command: string, name: string, encoding?: TextEncoding): Promise<string> {
  const out = join(folder, `${name.replaceAll(' ', '-')}-${encoding ?? 'plain'}`)
  mkdirSync(out, { recursive: true })
  const option = encoding === undefined ? '' : ` --output-encoding ${encoding}`
  const { code, err } = await runCli(`${command.replaceAll('@', out)}${option}`, 'zh')
  expect(err, command).not.toMatch(/^[A-Z]{3}-\d{3} /m)
  expect(code, command).toBe(0)
  return out
}

function filesIn(path: string): string[] {
  return statSync(path).isDirectory() ? readdirSync(path).flatMap(name => filesIn(join(path, name))) : [path]
}

/** The same files; CSV of the same text in the encoding, everything else of the same bytes. Counts those with Chinese. */
function compare(plain: string, other: string, encoding: TextEncoding): number {
  const names = (path: string): string[] => filesIn(path).map(file => relative(path, file)).sort() // biome-ignore format: one line
  expect(names(other)).toEqual(names(plain))
  let chinese = 0
  for (const name of names(plain)) {
    const [one, two] = [readFileSync(join(plain, name)), readFileSync(join(other, name))]
    if (!name.endsWith('.csv')) {
      expect(two.equals(one), name).toBe(true)
      continue
    }
    if (encoding === 'utf-8-bom') expect([...two.subarray(0, 3)], name).toEqual([0xef, 0xbb, 0xbf])
    const text = new TextDecoder('utf-8', { fatal: true }).decode(one)
    const read = new TextDecoder(encoding === 'gb18030' ? 'gb18030' : 'utf-8', { fatal: true }).decode(two)
    expect(read === text, name).toBe(true)
    if (/\p{Script=Han}/u.test(text)) chinese++
  }
  return chinese
}

/** Departments: words that GB18030 and UTF-8 share bytes for, four bytes of GB18030, and plain ones. */
const DEPARTMENTS = ['女', '骨科', '𠮷田科', '', '㐂', '普外科', '=心内科']

beforeAll(async () => {
  await runCli(`synth --cases 400 --hospitals 3 ${scheme} --seed 3 --out ${cases}`)
  const [head, ...rows] = readFileSync(cases, 'utf8').trimEnd().split('\n')
  const named = rows.map((row, i) => {
    const cells = row.split(',')
    cells[5] = DEPARTMENTS[i % DEPARTMENTS.length]!
    if (i === 10) cells[2] = '四十'
    return cells.join()
  })
  writeFileSync(cases, `${[head, ...named].join('\n')}\n`)
  await runCli(`synth --cases 600 --years 2 --hospitals 3 --scheme dip-3.0-sample --out ${folder}/dip/c.csv`)
})

/** Commands with what they write below `@`, and how many of their tables must hold Chinese. */
const WRITERS: readonly (readonly [name: string, chinese: number, command: string])[] = [
  ['group', 1, `group ${cases} ${scheme} --out @/r.csv`],
  ['check', 2, `check ${cases} ${scheme} --out @/r.csv`],
  ['compare', 1, `compare ${cases} ${scheme} --scheme chs-drg-1.1 --out @/r.csv --cases-out @/moved.csv`],
  ['encode', 1, `encode ${cases} ${scheme} --out @/r.dzc`],
  ['weights', 3, `weights ${cases} ${scheme} --hospitals ${folder}/region/hospitals.csv --out @`],
  ['settle', 4, `settle --region ${region} --out @`],
  ['simulate', 6, `simulate --region ${region} --scenarios budget-plus-5 --out @`],
  ['preview', 3, `preview ${cases} --region ${region} --hospital H001 --published ${folder}/settle-gb18030 --out @`],
  ['scenario sweep', 0, `scenario sweep ${home}/policies/sweeps/levers-of-the-year.yaml --region ${region} --out @`],
  ['scenario uncertainty', 0, `scenario uncertainty --region ${region} --replicates 10 --out @`],
  ['scenario respond', 0, `scenario respond --region ${region} --out @`],
  ['scenario project', 2, `scenario project --region ${region} --out @`],
  ['scheme export', 6, 'scheme export chs-drg-2.0 --out @'],
  ['scheme witness', 0, 'scheme witness chs-drg-1.1 --out @/w.csv'],
  ['synth', 1, `synth --cases 50 --hospitals 3 ${scheme} --out @/c.csv`],
  ['demo', 6, 'demo --cases 400 --hospitals 3 --out @'],
  ['pseudonymise', 1, `pseudonymise ${cases} --key-file ${key} --shift-days 0 --out @/p.csv`],
  ['dip build', 2, `dip build ${folder}/dip/c-2024.csv ${folder}/dip/c-2025.csv --scheme dip-3.0-sample --out @`],
  ['reconcile', 0, `reconcile ${folder}/preview-plain/cases.csv --ours ${folder}/preview-gb18030/cases.csv --out @`],
]

describe('--output-encoding', () => {
  it('is known to these commands and no others', async () => {
    const program = await createProgram(
      { out: process.stdout, err: process.stderr, lang: 'en' },
      COMMANDS.map(({ name }) => name),
    )
    const found: string[] = []
    const look = (command: Command, name: string): void => {
      if (command.options.some(({ long }) => long === '--output-encoding')) found.push(name)
      for (const child of command.commands) look(child as unknown as Command, `${name} ${child.name()}`.trim())
    }
    look(program, '')
    expect(found.sort()).toEqual(WRITERS.map(([name]) => name).sort())
    const documented = readFileSync(join(home, 'docs', 'output.md'), 'utf8')
      .split('## Encoding of CSV')[1]!
      .split('|')[0]!
    for (const name of found) expect(documented, name).toContain(name.split(' ').at(-1)!)
  })

  it.each(WRITERS)('of %s writes the same text in GB18030, and all else as it was', async (name, chinese, command) => {
    const [plain, other] = [await run(command, name), await run(command, name, 'gb18030')]
    expect(compare(plain, other, 'gb18030')).toBeGreaterThanOrEqual(chinese)
  })

  it.each(WRITERS.filter(([name]) => ['group', 'settle', 'scheme export', 'pseudonymise'].includes(name)))(
    'of %s writes UTF-8 with and without a mark',
    async (name, _, command) => {
      const plain = join(folder, `${name.replaceAll(' ', '-')}-plain`)
      compare(plain, await run(command, name, 'utf-8-bom'), 'utf-8-bom')
      for (const file of filesIn(await run(command, name, 'utf-8')))
        if (file.endsWith('.csv')) expect(readFileSync(file)[0], file).not.toBe(0xef)
    },
  )

  it('is told in both languages', async () => {
    expect((await runCli('settle --help', 'zh')).out).toContain('写出的 CSV 的编码')
    expect((await runCli('weights --help', 'en')).out).toContain('encoding of the CSV files written')
    expect((await runCli('weights --output-encoding big5', 'zh')).err).toContain('utf-8, utf-8-bom, gb18030')
  })

  it.each([
    [`group ${cases} ${scheme} --out ${folder}/x.xlsx`, 'xlsx'],
    [
      `scenario sweep ${home}/policies/sweeps/levers-of-the-year.yaml --region ${region} --format parquet --out ${folder}/x`,
      'parquet',
    ],
    [`scenario uncertainty --region ${region} --format parquet --out ${folder}/x`, 'parquet'],
    [`scheme export chs-drg-2.0 --out ${folder}/x.xlsx`, 'xlsx'],
    [`settle --region ${region} --explain S00000001`, '--explain'],
    [`preview ${cases} --region ${region} --explain S00000001`, '--explain'],
  ])('is refused with %s, where no CSV is written', async (command, form) => {
    const { code, err } = await runCli(`${command} --output-encoding gb18030`, 'zh')
    expect(err).toContain(`TAB-003 [--output-encoding]  ${form} 不`)
    // Only where a format or an output can be changed is CSV a way out.
    expect(err.includes('或写成 CSV')).toBe(form !== '--explain' && !command.startsWith('group'))
    expect(code).toBe(64)
    expect(readdirSync(folder)).not.toContain('x.xlsx')
  })

  it('goes to the rejects that are asked for beside a workbook, which is said', async () => {
    const [book, rejects] = [`${folder}/b.xlsx`, `${folder}/b-rejects.csv`]
    const { err } = await runCli(
      `group ${cases} ${scheme} --out ${book} --rejects ${rejects} --output-encoding gb18030`,
      'zh',
    )
    expect(err).toContain(`xlsx 不分编码，--output-encoding 只用于 ${rejects}`)
    expect(new TextDecoder('gb18030', { fatal: true }).decode(readFileSync(rejects))).toContain('四十')
  })

  it('holds on standard output too, for any number of threads', async () => {
    const [head, ...rows] = readFileSync(cases, 'utf8').trimEnd().split('\n')
    const many = [head, ...Array.from({ length: 70_000 }, (_, i) => rows[i % rows.length]!.replace(/^\w+/, `号${i}`))]
    const file = put(folder, 'many.csv', many.join('\n'))
    const hashes = new Set<string>()
    for (const more of ['--threads 1', '--threads 2 --batch 999', '--threads 7']) {
      const parts: Buffer[] = []
      const out = { write: (part: string | Uint8Array) => parts.push(Buffer.from(part)) > 0 }
      const words = `group ${file} ${scheme} --output-encoding gb18030 ${more}`.split(' ')
      const program = await createProgram({ out, err: { write: () => true }, lang: 'zh' }, words)
      await program.parseAsync(words, { from: 'user' })
      const text = new TextDecoder('gb18030', { fatal: true }).decode(Buffer.concat(parts))
      expect(
        text
          .split('\n')
          .slice(0, 2)
          .map(row => row.split(',')[0]),
      ).toEqual(['id', '号0'])
      hashes.add(text)
    }
    expect(statSync(file).size).toBeGreaterThan(8 << 20)
    expect(hashes.size).toBe(1)
    const { out } = await runCli(`group ${file} ${scheme}`)
    expect(hashes.has(out)).toBe(true)
  })
})

interface Sides {
  readonly from: { readonly hash: string }
  readonly to: { readonly hash: string }
}

/** A copy of a folder whose CSV tables are in another encoding. */
function recoded(from: string, to: string, encoding: TextEncoding): string {
  mkdirSync(to, { recursive: true })
  for (const name of readdirSync(from)) {
    const bytes = readFileSync(join(from, name))
    const parts: Uint8Array[] = []
    const sink = encodedSink(
      { write: part => void parts.push(Buffer.from(part as Uint8Array)), finish() {}, abort() {} },
      name.endsWith('.csv') ? encoding : undefined,
    )
    sink.write(bytes)
    sink.finish()
    writeFileSync(join(to, name), Buffer.concat(parts))
  }
  return to
}

describe.each(['gb18030', 'utf-8-bom'] as const)('what is written in %s is read again without an option:', encoding => {
  const own = `${folder}/own-${encoding}`
  /** Results without the names of files that they were made from. */
  const texts = (path: string, names: readonly string[]): string[][][] =>
    names.map(name => readTable(join(path, name)).rows.map(row => [...row.cells]))

  beforeAll(() => recoded(`${folder}/region`, own, encoding))

  it('cases', async () => {
    const [a, b] = [`${folder}/a-${encoding}.csv`, `${folder}/b-${encoding}.csv`]
    await runCli(`group ${cases} ${scheme} --template case-result --out ${a}`)
    await runCli(`group ${own}/cases.csv ${scheme} --template case-result --out ${b}`)
    expect(readFileSync(b).equals(readFileSync(a))).toBe(true)
    const cellsOf = (file: string): string[][] => readTable(`${file}.rejects.csv`).rows.map(row => row.cells.slice(1))
    expect(cellsOf(b)).toEqual(cellsOf(a))
  })

  // 女 has bytes that are a letter in UTF-8 too.
  it.each(['女', '骨科', '㐂'])('cases of which only one has a word, %s, below a header of ASCII', async word => {
    const rows = Array.from({ length: 40 }, (_, i) => `${i},2,30,O80.000x001,${i === 37 ? word : ''}`)
    mkdirSync(`${folder}/few`, { recursive: true })
    const plain = put(`${folder}/few`, 'few.csv', ['id,gender,age,dx,dept', ...rows].join('\n'))
    const other = `${recoded(`${folder}/few`, `${folder}/few-${encoding}`, encoding)}/few.csv`
    const ask = (file: string) => runCli(`group ${file} ${scheme} --template settlement-return --output-encoding utf-8`)
    const [{ out: wanted }, { out, err }] = [await ask(plain), await ask(other)]
    expect(err).toContain('40 rows in = 40 rows out + 0 rejects')
    expect(wanted).toContain(word)
    expect(out).toBe(wanted)
  })

  it('a region with its hospitals, its own weights, and its results in a preview', async () => {
    const plain = await run(`settle --region ${region} --out @`, 'first')
    const out = await run(`settle --region ${own}/region.yaml --out @`, `again-${encoding}`, encoding)
    const names = ['by-hospital.csv', 'by-department.csv', 'pools.csv', 'weights.csv', 'budget.csv', 'by-group.csv']
    expect(texts(out, names)).toEqual(texts(plain, names))
    const ask = (published: string, weights: string, path: string): string =>
      `preview ${path}/cases.csv --region ${path}/region.yaml --hospital H001 --published ${published} --weights ${weights}/weights.csv --out @`
    const one = await run(ask(plain, plain, `${folder}/region`), 'seen')
    const two = await run(ask(out, out, own), `seen-${encoding}`)
    expect(texts(two, ['cases.csv', 'by-department.csv'])).toEqual(texts(one, ['cases.csv', 'by-department.csv']))
    const reconciled = await run(
      `reconcile ${out}/../seen-plain/cases.csv --ours ${two}/cases.csv --out @`,
      `rec-${encoding}`,
    )
    const states = readTable(`${reconciled}/reconciliation.csv`)
    expect(new Set(states.rows.map(row => row.cells[states.header.indexOf('state')]))).toEqual(new Set(['equal']))
  })

  it('weights of last year, of a comparison and of a check', async () => {
    const weighed = await run(
      `weights ${cases} ${scheme} --hospitals ${folder}/region/hospitals.csv --out @`,
      `w-${encoding}`,
      encoding,
    )
    const table = `${weighed}/weights.csv`
    const again = await run(
      `weights ${own}/cases.csv ${scheme} --hospitals ${own}/hospitals.csv --last ${table} --out @`,
      `w2-${encoding}`,
    )
    expect(texts(again, ['weights.csv'])).toEqual(texts(weighed, ['weights.csv']))
    const both = `compare ${cases} ${scheme} ${scheme} --weights-a ${table} --weights-b ${again}/weights.csv --out @/t.csv`
    const effect = readTable(`${await run(both, `cmp-${encoding}`, encoding)}/t.csv`)
    const at = effect.header.indexOf('effect')
    expect(effect.rows.every(row => ['0', ''].includes(row.cells[at]!))).toBe(true)
  })

  it('the tables of a scheme and of a catalogue', async () => {
    for (const id of ['chs-drg-2.0', 'dip-3.0-sample']) {
      const tables = await run(`scheme export ${id} --out @`, `export-${id}`, encoding)
      const pack = await run(`scheme import ${tables} --out @`, `pack-${id}-${encoding}`)
      const { from, to } = JSON.parse((await runCli(`scheme diff ${id} ${pack} --json`)).out) as Sides
      expect(to.hash).toBe(from.hash)
    }
  })

  it('the tables of a policy, amendments, and the lists of auxiliary types', async () => {
    mkdirSync(`${folder}/amend`, { recursive: true })
    const row = '增,排除表,工作簿漏列,3.0版分组方案,EX_103,P22.100'
    const amend = put(`${folder}/amend`, 'amend.csv', `操作,表,理由,来源,集合编号,ICD编码\n${row}\n`)
    const amended = `${recoded(`${folder}/amend`, `${folder}/amend-${encoding}`, encoding)}/amend.csv`
    expect(JSON.stringify(readAmendments(amended))).toBe(
      JSON.stringify(readAmendments(amend)).replaceAll(amend, amended),
    )
    const policy = recoded(`${home}/policies/suzhou-2023`, `${folder}/suzhou-${encoding}/suzhou-2023`, encoding)
    expect((await runCli(`policy show ${policy}`)).out).toBe((await runCli('policy show suzhou-2023')).out)
    const types = recoded(`${home}/examples/dip-auxiliary`, `${folder}/types-${encoding}`, encoding)
    expect(readAuxiliaryPack(`${types}/auxiliary.yaml`)).toEqual(
      readAuxiliaryPack(`${home}/examples/dip-auxiliary/auxiliary.yaml`),
    )
  })

  it('pseudonymised cases', async () => {
    const one = await run(`pseudonymise ${cases} --key-file ${key} --out @/p.csv`, 'psn')
    const two = await run(`pseudonymise ${own}/cases.csv --key-file ${key} --out @/p.csv`, 'psn', encoding)
    expect(texts(two, ['p.csv'])).toEqual(texts(one, ['p.csv']))
    const ask = (path: string): string => `group ${path}/p.csv ${scheme} --out @/r.csv`
    const [a, b] = [await run(ask(one), 'psn-a'), await run(ask(two), `psn-b-${encoding}`)]
    expect(readFileSync(`${b}/r.csv`).equals(readFileSync(`${a}/r.csv`))).toBe(true)
  })
})
