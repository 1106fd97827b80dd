import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeStays } from './cases.ts'
import { csv, SIMPLE, simpleRow } from './forms.ts'
import { expected, readAll } from './read.ts'

/** DuckDB is the user's to install, beside the program or in the folder where it runs. */
function isInstalled(): boolean {
  try {
    return existsSync(createRequire(join(process.cwd(), 'index.js')).resolve('@duckdb/node-api'))
  } catch {
    return false
  }
}

const folder = mkdtempSync(join(tmpdir(), 'dianzhi-duckdb-'))
const stays = makeStays(200, 3)

function put(name: string, content: string): string {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

describe('what DuckDB reads', () => {
  it.skipIf(isInstalled())('is refused with what to install, where it is not there', () => {
    const query = put('none.sql', 'SELECT 1')
    expect(() => readAll([query])).toThrow(expect.objectContaining({ code: 'FMT-004' }))
  })

  it.runIf(isInstalled()).each([
    ['a CSV file', "SELECT * FROM read_csv('FILE', all_varchar = true)"],
    [
      'lists, decimals and integers of JSON',
      "SELECT * EXCLUDE (诊断编码, 总费用), string_split(诊断编码, '|') AS 诊断编码, 总费用::DECIMAL(18, 2) AS 总费用, 年龄::INT AS 年龄数 FROM read_csv('FILE', all_varchar = true)\n-- all of them;",
    ],
  ])('are the same cases: %s', (_, sql) => {
    const file = put('cases.csv', csv(SIMPLE, stays.map(simpleRow)))
    const query = put('cases.sql', sql.replace('FILE', file))
    const { rows, rejects } = readAll([query])
    expect(rejects).toEqual([])
    expect(rows).toEqual(stays.map(expected))
  })

  it.runIf(isInstalled())('and a query that fails says why', () => {
    const query = put('wrong.sql', "SELECT * FROM 'no-such-file.parquet'")
    expect(() => readAll([query])).toThrow(expect.objectContaining({ code: 'FMT-005' }))
  })
})
