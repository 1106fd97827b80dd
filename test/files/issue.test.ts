import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { z } from 'zod'
import { issueOf, say, textOf } from '../../files/index.ts'

/** A message of a schema that stands there in one language: a literal where `say` is due. */
const BARE = /\b(?:error|message): *['"`][A-Za-z]|\.(?:regex|refine|min|max|length)\([^'"`]*, *['"`][A-Za-z]/

test('schemas carry their messages in both languages', () => {
  const files = globSync('{files,grouper,weights,simulate,formats,synth}/**/*.ts')
  expect(files.length).toBeGreaterThan(300)
  const bare = files.flatMap(file => {
    const text = readFileSync(file, 'utf8')
    if (!text.includes("from 'zod'")) return []
    return text.split('\n').flatMap((line, i) => (BARE.test(line) ? [`${file}:${i + 1} ${line.trim()}`] : []))
  })
  expect(bare).toEqual([])
})

test('a message of a schema is found again in Chinese, one of the library is asked for', () => {
  const schema = z.strictObject({ share: z.number().refine(one => one <= 1, say('不能大于一', 'at most one')) })
  const read = (value: unknown) => issueOf(schema, value, schema.safeParse(value).error!)
  expect(read({ share: 2 })).toEqual({ path: ['share'], unknown: [], message: { zh: '不能大于一', en: 'at most one' } })
  expect(read({ share: 'x' }).message.zh).toMatch(/[\u4e00-\u9fff]/)
  expect(read({ share: 1, more: 2 }).unknown).toEqual(['more'])
  expect([textOf('at most one').zh, textOf('never said').zh]).toEqual(['不能大于一', 'never said'])
})

describe('what the library for schemas finds is told in words', () => {
  const base = { a: 2, b: 'x', c: 't', e: ['q'], f: { k: 'p' }, g: 1, i: '1', r: { a1: 1 } }
  const schema = z.strictObject({
    a: z.number().min(1).max(3),
    b: z.enum(['x', 'y']),
    c: z.union([z.string(), z.strictObject({ d: z.number() })]),
    e: z.array(z.string()).min(1),
    f: z.discriminatedUnion('k', [
      z.strictObject({ k: z.literal('p') }),
      z.strictObject({ k: z.literal('q'), v: z.number() }),
    ]),
    g: z.int(),
    i: z.string().regex(/^\d+$/),
    r: z.record(z.string().regex(/^a/), z.number()),
  })
  it.each([
    [{ a: undefined }, 'a', '缺少该字段', 'The field is missing'],
    [{ a: null }, 'a', '应为数，实为空值', 'Found nothing; expected a number'],
    [{ a: '5' }, 'a', '应为数，实为文本"5"', 'Found the text "5"; expected a number'],
    [{ a: 5 }, 'a', '该数不得大于 3', 'The number must be at most 3'],
    [{ b: 'z' }, 'b', '应为"x"或"y"，实为文本"z"', 'Found the text "z"; expected "x" or "y"'],
    [{ c: 5 }, 'c', '应为文本或若干字段（名称: 值），实为5', 'Found 5; expected a text or fields (name: value)'],
    [{ c: { d: 'x' } }, 'c.d', '应为数，实为文本"x"', 'Found the text "x"; expected a number'],
    [{ e: [] }, 'e', '不能为空', 'It must not be empty'],
    [{ f: { k: 'z' } }, 'f.k', '应为"p"或"q"，实为文本"z"', 'Found the text "z"; expected "p" or "q"'],
    [{ f: { k: 'q' } }, 'f.v', '缺少该字段', 'The field is missing'],
    [{ g: 1.5 }, 'g', '应为整数，实为1.5', 'Found 1.5; expected a whole number'],
    [{ i: 'x' }, 'i', '"x" 的写法不符合 /^\\d+$/', '"x" does not have the form /^\\d+$/'],
    [{ r: { b: 1 } }, 'r.b', '字段名 b 的写法不对', 'b is no name that can stand here'],
    [{ r: [] }, 'r', '应为若干字段（名称: 值），实为列表', 'Found a list; expected fields (name: value)'],
  ])('%j', (change, field, zh, en) => {
    const value = { ...base, ...change }
    const { path, message } = issueOf(schema, value, schema.safeParse(value).error!)
    expect([path.join('.'), message]).toEqual([field, { zh, en }])
  })
})
