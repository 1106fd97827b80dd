import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  compileDipBook,
  createDipResultWriter,
  dipResultBytes,
  encodeCases,
  groupDipCases,
  groupDipStores,
  loadCatalogue,
} from '../../../grouper/index.ts'
import { runCli } from '../../cli/run.ts'
import { put, temporaryFolder } from '../../temporary.ts'
import { writeRandomCases } from './engines.ts'

const folder = temporaryFolder()
const catalogue = loadCatalogue('dip-3.0-sample')
const book = compileDipBook(catalogue)
const decoder = new TextDecoder()

// Every seventh id again, so that rows drop out of the columns.
const file = writeRandomCases(catalogue, { count: 6_000, seed: 3, file: join(folder, 'cases.csv'), ids: 5_100 })

async function output(threads: number, chunkSize: number): Promise<string> {
  const writer = createDipResultWriter(book)
  const text: string[] = []
  const { rows, cases, rejected } = await groupDipCases(book, [file], {
    threads,
    chunkSize,
    batchSize: 900,
    onBatch: (batch, groups) => text.push(decoder.decode(dipResultBytes(writer, batch, groups).slice())),
  })
  expect([rows, cases, rejected]).toEqual([6_000, 5_100, 900])
  return text.join('')
}

describe('grouping files by DIP', () => {
  test('results are the same for 1, 2 and 7 threads and any size of chunk', { timeout: 60_000 }, async () => {
    const one = await output(1, 1 << 20)
    expect(one.split('\n').length).toBe(5_101)
    expect(one).toMatch(/\|/)
    for (const [threads, chunk] of [
      [2, 50_000],
      [7, 20_000],
    ] as const) {
      expect(await output(threads, chunk)).toBe(one)
    }
  })

  test('a case store gives the same groups as its file, but for codes that no dictionary has', () => {
    const known = put(
      folder,
      'known.csv',
      'id,gender,age,los,dx,proc\n1,1,60,5,K40.200,53.1200x001\n2,2,50,5,J18.900,\n',
    )
    const parts: Uint8Array[] = []
    encodeCases(catalogue, [known], { write: bytes => parts.push(bytes.slice()) })
    const store = put(folder, 'known.dzc', Buffer.concat(parts))
    const writer = createDipResultWriter(book)
    let text = ''
    groupDipStores({ catalogue, book }, [store], (batch, groups) => {
      text += decoder.decode(dipResultBytes(writer, batch, groups))
    })
    expect(text).toBe(
      [
        '1,BX-932,BX,core,grouped,,no,,53.1200x001,BX-931|BX-932,narrowest',
        '2,JC-3414,JC,core,grouped,,yes,grassroots,,,',
        '',
      ].join('\n'),
    )
  })

  test('the command writes results, note and counts; an old code is read by its category', async () => {
    const cases = put(
      folder,
      'old.csv',
      'id,gender,age,los,dx,proc\n1,1,60,5,K35.900,47.0100\n2,1,60,5,Z51.100,\n3,1,60,5,QQ,\n',
    )
    const out = join(folder, 'out.csv')
    const { err, code } = await runCli(`group --scheme dip-3.0-sample ${cases} --out ${out}`)
    expect(code).toBe(0)
    expect(err).toContain('1 grouped (1 core, 0 comprehensive; 0 ties), 1 not grouped, 1 invalid')
    expect(readFileSync(out, 'utf8')).toBe(
      [
        'id,dip,layer,type,status,reason,conservative,marks,main,ties,tieRule',
        '1,JC-3625,JC,core,grouped,,no,grassroots,47.0100,,',
        '2,0000,,,notGrouped,diagnosis-excluded,yes,,,,',
        '3,0000,,,invalid,principal-unknown,no,,,,',
        '',
      ].join('\n'),
    )
    const json = await runCli(`group --scheme dip-3.0-sample ${cases} --format json`)
    expect(JSON.parse(json.out)[0]).toMatchObject({ dip: 'JC-3625', marks: 'grassroots', conservative: false })
  })
})
