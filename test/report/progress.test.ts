import { describe, expect, test } from 'vitest'
import { columns, createProgress, type ProgressOptions } from '../../report/index.ts'

interface Bench {
  readonly written: string[]
  time: number
  readonly options: ProgressOptions
}

function bench(isTTY: boolean, total?: number, width = 80): Bench {
  const written: string[] = []
  const self: Bench = {
    written,
    time: 0,
    options: {
      stream: { isTTY, columns: width, write: text => written.push(text) },
      now: () => self.time,
      label: '分组',
      lang: 'zh',
      ...(total === undefined ? {} : { total }),
    },
  }
  return self
}

describe('createProgress', () => {
  test('is silent where the stream is not a terminal', () => {
    const { written, options } = bench(false, 10)
    const progress = createProgress(options)
    progress.update(5)
    progress.finish()
    expect(written).toEqual([])
  })
  test('draws at most ten times a second and ends its line once', () => {
    const self = bench(true, 10_000)
    const progress = createProgress(self.options)
    for (let i = 1; i <= 1000; i++) {
      self.time = i
      progress.update(i * 10)
    }
    progress.finish()
    progress.finish()
    progress.update(1)
    expect(self.written.filter(text => text === '\n')).toHaveLength(1)
    expect(self.written.at(-1)).toBe('\n')
    // the first at once, nine after 100 ms each, and the last state
    expect(self.written).toHaveLength(10 + 1 + 1)
    expect(self.written.at(-2)).toBe('\r分组  10,000 / 10,000  100.0%  10,000/秒\u001b[K')
  })
  test('shows count and rate alone where the total is not known', () => {
    const self = bench(true)
    const progress = createProgress({ ...self.options, lang: 'en', label: 'Reading' })
    self.time = 2000
    progress.update(5000)
    expect(self.written).toEqual(['\rReading  5,000  2,500/s\u001b[K'])
  })
  test('fits the terminal', () => {
    const self = bench(true, 10_000, 12)
    createProgress(self.options).update(1234)
    const line = self.written[0]!.slice(1, -3)
    expect(columns(line)).toBe(11)
  })
})
