import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hasReference, reference } from '../reference.ts'
import { makeStays, SCHEME } from './cases.ts'
import { FORMS } from './forms.ts'
import { expected, hashOf, readAll } from './read.ts'

const folder = (): string => mkdtempSync(join(tmpdir(), 'dianzhi-forms-'))

describe('every form gives the same batch', () => {
  // The inspection table has no code for "community", so nobody is sent there.
  const stays = makeStays(300).map(stay => (stay.way === 3 ? { ...stay, way: 1 } : stay))

  it.each(FORMS.map(form => [form.name, form] as const))('%s', (_, form) => {
    const files = form.write(stays, folder())
    const { rows, rejects, counts } = readAll(files)
    expect(rejects).toEqual([])
    expect(counts).toEqual({ rows: 300, cases: 300, rejected: 0 })
    const due = stays.map(expected)
    // The first difference says more than two hashes.
    const core = new Set(['id', 'sex', 'age', 'ageDays', 'weight', 'los', 'way', 'cost', 'dx', 'px', ...form.carries])
    const shown = (all: typeof due): object[] =>
      all.map(row => Object.fromEntries(Object.entries(row).filter(([field]) => core.has(field))))
    expect(shown(rows)[0]).toEqual(shown(due)[0])
    expect(shown(rows)).toEqual(shown(due))
    expect(hashOf(rows, form.carries)).toBe(hashOf(due, form.carries))
    expect(hashOf(readAll(files, { batchSize: 7 }).rows, form.carries)).toBe(hashOf(due, form.carries))
  })
})

describe.runIf(hasReference())('the reference sample', () => {
  const code = (isDx: boolean, text: string): number => (isDx ? SCHEME.diagnoses : SCHEME.procedures).ids.get(text)!

  it.each([
    ['4101.json', 8, 700_000, '310'],
    ['4103_response.json', 8, 700_000, '310'],
    ['4401.json', 8, -1, ''],
    ['hqms.csv', 8, -1, '310'],
    ['n041.csv', 0, -1, '310'],
    ['simple.csv', 0, -1, '310'],
    ['canonical.json', 8, 700_000, '310'],
  ])('%s is the case that it documents', (file, icuHours, fund, insurance) => {
    const { rows } = readAll([reference('formats', 'samples', file)])
    expect(rows).toEqual([
      expect.objectContaining({
        id: '00123456',
        sex: 1,
        age: 52,
        los: 5,
        way: 1,
        cost: 880_000,
        icuHours,
        fund,
        insurance,
        dx: [code(true, 'K35.800x001'), code(true, 'I10.x00x002'), code(true, 'E11.900')],
        px: [code(false, '47.0100')],
      }),
    ])
  })

  it('4101A alone has neither sex nor age, and gets both from 4101', () => {
    const alone = reference('formats', 'samples', '4101A.json')
    expect(readAll([alone]).rows[0]).toMatchObject({ sex: 0, age: -1, los: 5, hospital: 'H99000000001' })
    const { rows, counts } = readAll([alone, reference('formats', 'samples', '4101.json')])
    expect(counts).toEqual({ rows: 1, cases: 1, rejected: 0 })
    expect(rows[0]).toMatchObject({ sex: 1, age: 52, cost: 880_000 })
  })
})
