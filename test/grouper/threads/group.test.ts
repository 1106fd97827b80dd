import { readFileSync, truncateSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { MUTATED_HEADER, mutatedRow } from '../../../bench/mutate.ts'
import {
  codeReading,
  compileBook,
  createResultWriter,
  type GroupOptions,
  groupCases,
  loadScheme,
  resultBytes,
  startThreads,
} from '../../../grouper/index.ts'
import { put, temporaryFolder } from '../../temporary.ts'

const folder = temporaryFolder()
const SIZES = [5_000, 64_000, 200_000]
const scheme = loadScheme('chs-drg-2.0')
const book = compileBook(scheme)
const codes = { reading: codeReading(scheme, '', book), convert() {} }

/** Everything that a run gives: the result file, the rejects, the counts. */
async function outputOf(file: string, options: Partial<GroupOptions>, used = book): Promise<string> {
  const writer = createResultWriter(used)
  const text: string[] = []
  const { labels: _, ...summary } = await groupCases(used, [file], {
    onBatch: (batch, groups) => text.push(new TextDecoder('latin1').decode(resultBytes(writer, batch, groups).slice())),
    onReject: reject => text.push(''.concat(JSON.stringify(reject), '\n')),
    ...(used === book ? { codes } : {}),
    ...options,
  })
  const lines = text.join('').split('\n')
  const isReject = (line: string): boolean => line.startsWith('{"line"')
  expect(summary.rows).toBe(summary.cases + summary.rejected)
  return JSON.stringify([lines.filter(line => !isReject(line)), lines.filter(isReject), summary])
}

function mutatedFile(name: string, rows: number, hardFrom: number): string {
  const parts = Array.from({ length: rows }, (_, i) => mutatedRow(11, i, i >= hardFrom))
  return put(folder, name, Buffer.concat([Buffer.from(`${MUTATED_HEADER}\n`), ...parts]))
}

describe('groupCases', () => {
  const plain = mutatedFile('plain.csv', 6_000, 6_000)
  const quoted = mutatedFile('quoted.csv', 6_000, 4_000)
  const withoutId = put(
    folder,
    'without-id.csv',
    readFileSync(plain, 'latin1')
      .split('\n')
      .map(row => row.slice(row.indexOf(',') + 1))
      .join('\r\n'),
  )

  const hospitals = put(
    folder,
    'hospitals.csv',
    `id,hospital,gender,age,dx,proc\n${Array.from({ length: 6_000 }, (_, i) => `${i % 2_500},H${i % 3},1,50,K35.800,47.01\n`).join('')}`,
  )

  it.each([
    ['damaged rows and ids that come again', plain],
    ['quotes from the middle on', quoted],
    ['no ids and CRLF', withoutId],
    ['ids that come again in the same and in other hospitals', hospitals],
  ])(
    'gives the same for 1, 2 and 7 threads and three chunk sizes: %s',
    async (_, file) => {
      const expected = await outputOf(file, {})
      // All pairs for the first file; a thread costs a second to start on a busy machine.
      const runs = SIZES.flatMap((chunkSize, i) =>
        (file === plain ? [2, 7] : [i === 0 ? 7 : 2]).map(threads => ({ threads, chunkSize, batchSize: 512 })),
      )
      for (const run of runs) expect(await outputOf(file, run)).toBe(expected)
    },
    180_000,
  )

  it('groups under two schemes in turn, and at the same time, by the same threads', async () => {
    const other = compileBook(loadScheme('chs-drg-1.1'))
    const expected = [await outputOf(plain, {}), await outputOf(plain, {}, other)]
    expect(expected[0]).not.toBe(expected[1])
    const threads = startThreads(2)
    const run = (used = book): Promise<string> => outputOf(plain, { threads, chunkSize: 64_000 }, used)
    try {
      expect([await run(), await run(other), await run(), await run(other)]).toEqual([...expected, ...expected])
      expect(await Promise.all([run(), run(other)])).toEqual(expected)
    } finally {
      await threads.pool.destroy()
    }
  })

  it('leaves a chunk without the begin of a row empty, and goes on in sequence behind a row of a mebibyte', async () => {
    const rows = ['id,gender,age,dx,note', `1,1,50,K35.800,${'#'.repeat(900)}`, '2,1,50,K35.800,', '']
    const long = put(folder, 'long.csv', rows.join('\n'))
    expect(await outputOf(long, { threads: 2, chunkSize: 100 })).toBe(await outputOf(long, {}))
    const endless = put(folder, 'endless.csv', rows.join('\n').replaceAll('#', '#'.repeat(1_500)))
    expect(await outputOf(endless, { threads: 2, chunkSize: 100_000 })).toBe(await outputOf(endless, {}))
  })

  it('names the chunk that failed and ends', async () => {
    const file = mutatedFile('shrinks.csv', 4_000, 4_000)
    const shrink = (): void => truncateSync(file, 100)
    await expect(groupCases(book, [file], { threads: 2, chunkSize: 5_000, onBatch: shrink })).rejects.toMatchObject({
      code: 'RUN-001',
      message: expect.stringMatching(/bytes \d+–\d+ failed \(the file has become shorter\)/),
    })
  })

  it('stops when told', async () => {
    const controller = new AbortController()
    const onBatch = (): void => controller.abort(new Error('enough'))
    const run = groupCases(book, [plain], { threads: 2, chunkSize: 5_000, signal: controller.signal, onBatch })
    await expect(run).rejects.toThrow('enough')
  })
})
