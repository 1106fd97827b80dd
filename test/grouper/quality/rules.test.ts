import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { home, readDocument } from '../../../files/index.ts'
import {
  checkFile,
  checkRecords,
  codeReading,
  compileBook,
  createChecker,
  eachFinding,
  loadDictionary,
  loadQualityPack,
  loadScheme,
  type QualityFinding,
  type QualityPack,
  readRecords,
  ruleCounts,
} from '../../../grouper/index.ts'
import { hasReference, reference } from '../../reference.ts'
import { put, temporaryFolder } from '../../temporary.ts'
import { exampleSchema } from './example.ts'

const folder = temporaryFolder()
const scheme = loadScheme('chs-drg-2.0')
const book = compileBook(scheme)
const reading = codeReading(scheme, '')
const shipped = loadQualityPack()
const weights = new Map(book.leaves.map(({ drg }) => [drg, drg.startsWith('IC') ? 2 : 1]))

type Json = Record<string, unknown>

/** The shipped pack, with the low-risk list that is empty there. */
const pack: QualityPack = {
  ...shipped,
  lists: shipped.lists.map(list => (list.id === 'LOW' ? { ...list, pattern: '^(K80|H25)' } : list)),
}

const checker = createChecker({ scheme, book, reading, pack, weights })

function findings(cases: readonly Json[]): QualityFinding[] {
  const found: QualityFinding[] = []
  checkRecords(
    checker,
    readRecords(put(folder, 'cases.json', JSON.stringify(cases))),
    eachFinding(one => found.push(one)),
  )
  return found
}

/** The cases that an example of the outside reference stands for, in canonical fields. */
function casesOf(example: Json): Json[] {
  const list = (name: string): Json[] => example[name] as Json[]
  if ('settleIds' in example) return list('settleIds').map(settleId => ({ settleId }))
  if ('stays' in example) {
    return list('stays').map(stay => ({
      ...stay,
      sex: 1,
      ageYears: 45,
      diagnoses: ['K35.800x001'],
      procedures: ['47.0100'],
    }))
  }
  const codes = (name: string): string[] => (example[name] ?? []) as string[]
  const { flags, poa, procedureDates, icuStays } = example as Record<string, string[] | undefined>
  return [
    {
      ...example,
      diagnoses: codes('diagnoses').map((code, i) => ({ code, main: flags?.[i], poa: poa?.[i] })),
      procedures: codes('procedures').map((code, i) => ({ code, date: procedureDates?.[i] })),
      icuStays: icuStays?.map(([begin, end]) => ({ begin, end })),
    },
  ]
}

function firing(example: Json, rule: string): QualityFinding | undefined {
  const found: QualityFinding[] = []
  if ('file' in example) {
    const { declared, valid } = example.file as { declared: string; valid: Record<string, number> }
    const best = Math.max(...Object.values(valid))
    const facts = { declaredShare: valid[declared]!, shareLead: best - valid[declared]! }
    checkFile(checker, facts, one => found.push(one))
  } else found.push(...findings(casesOf(example)))
  return found.find(one => one.rule === rule)
}

describe.runIf(hasReference())('the examples of the outside reference', () => {
  const file = reference('formats', 'quality-rules-examples.json')
  const examples = hasReference()
    ? (JSON.parse(readFileSync(file, 'utf8')) as { id: string; severity: string; pass: Json; fail: Json }[])
    : []

  it('are one pair for every rule', () => {
    expect(shipped.rules.map(rule => rule.id).sort()).toEqual(examples.map(({ id }) => id).sort())
  })

  it.each(examples.map(example => [example.id, example] as const))('%s', (id, { pass, fail, severity }) => {
    expect(firing(pass, id)).toBeUndefined()
    const found = firing(fail, id)
    expect(found).toBeDefined()
    expect(severity.split('/')).toContain(found!.severity)
  })
})

describe('the examples beside the rules', () => {
  const examples = readDocument(home('schemes', 'quality', 'examples.yaml'), exampleSchema)

  it('are there for every rule about cases', () => {
    const covered = new Set(examples.map(({ rule }) => rule))
    expect(shipped.rules.filter(({ id }) => !covered.has(id)).map(({ id }) => id)).toEqual(['Q52'])
  })

  it.each(examples.map(example => [example.rule, example] as const))('%s', (rule, { pass, fail, finding }) => {
    expect(findings(pass).filter(one => one.rule === rule)).toEqual([])
    const [found] = findings(fail).filter(one => one.rule === rule)
    expect(found && `${found.severity} ${found.field}: ${found.value}`).toBe(finding)
  })
})

describe('the lists', () => {
  const changed = new Set(['K30.x00x002'])
  it.each(shipped.lists.filter(list => list.count !== undefined))('$id holds $count codes', list => {
    const dictionary = loadDictionary(list.kind === 'diagnosis' ? 'icd10-yb-2.0' : 'icd9cm3-yb-2.0')
    const pattern = list.pattern === undefined ? undefined : new RegExp(list.pattern)
    const codes = dictionary.codes
      .slice(1)
      .filter(code => !changed.has(code) && (pattern?.test(code) === true || list.codes?.includes(code) === true))
    expect(codes.length).toBe(list.count)
  })

  it('take male-only and female-only diagnoses from the scheme', () => {
    // 385 − 13 and 795 − 13 codes (quality-rules.md §2); 13 codes are of both lists and of neither sex.
    const both = ['C49.503', 'I86.200', 'Q56.000']
    const found = findings(both.map(code => ({ sex: 2, ageYears: 30, diagnoses: [code] })))
    expect(found.filter(({ rule }) => rule === 'Q28' || rule === 'Q29')).toEqual([])
  })
})

describe('findings', () => {
  it('tell the more specific first and name nothing of a person but the id of the case', () => {
    const found = findings([
      {
        caseId: 'A1',
        personId: 'P-secret',
        birthDate: '1971-06-15',
        hospitalCode: 'H1',
        sex: 9,
        ageYears: 40,
        diagnoses: ['R65.101', 'G01*'],
        admitTime: '2024-03-08',
      },
    ])
    expect(found.map(({ rule }) => rule)).toEqual(['Q08', 'Q04', 'Q45', 'Q47', 'Q48'])
    expect(found[0]).toEqual({
      id: 'A1',
      hospital: 'H1',
      rule: 'Q08',
      severity: 'E',
      field: 'main',
      value: 'R65.101',
      message: {
        zh: '主要诊断为SIRS。请将引起全身炎症反应的疾病作为主要诊断',
        en: 'Main diagnosis is SIRS. Code the underlying infection or disease as the main diagnosis',
      },
    })
    expect(JSON.stringify(found)).not.toMatch(/secret|1971/)
  })

  it('are counted by rule and hospital beside what was not checked', () => {
    const checker = createChecker({ scheme, book, reading, pack: shipped })
    const cases = [
      { caseId: '1', hospitalCode: 'H1', sex: 1, ageYears: 45, diagnoses: ['K80.101'], losDays: 3 },
      { caseId: '2', hospitalCode: 'H1', sex: 1, ageYears: 45, diagnoses: ['K80.1'] },
      { caseId: '3', hospitalCode: 'H2', sex: 1, ageYears: 45, diagnoses: ['K80.1'] },
    ]
    checkRecords(
      checker,
      readRecords(put(folder, 'cases.jsonl', cases.map(one => JSON.stringify(one)).join('\n'))),
      eachFinding(() => {}),
    )
    const counts = ruleCounts(checker).filter(({ rule }) => rule === 'Q02' || rule === 'Q26' || rule === 'Q40')
    expect(counts).toEqual([
      { rule: 'Q02', hospital: 'H1', cases: 2, findings: 1, notChecked: 0 },
      { rule: 'Q26', hospital: 'H1', cases: 2, findings: 0, notChecked: 1 },
      { rule: 'Q40', hospital: 'H1', cases: 2, findings: 0, notChecked: 2 },
      { rule: 'Q02', hospital: 'H2', cases: 1, findings: 1, notChecked: 0 },
      { rule: 'Q26', hospital: 'H2', cases: 1, findings: 0, notChecked: 1 },
      { rule: 'Q40', hospital: 'H2', cases: 1, findings: 0, notChecked: 1 },
    ])
  })

  it.runIf(hasReference())('are none for the canonical sample', () => {
    const sample = readRecords(join(reference('formats', 'samples'), 'canonical.json'))
    const checker = createChecker({ scheme, book, reading, pack: shipped })
    const found: QualityFinding[] = []
    checkRecords(
      checker,
      sample,
      eachFinding(one => found.push(one)),
    )
    expect(found).toEqual([])
  })
})
