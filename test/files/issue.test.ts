import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
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
