import { isAscii } from 'node:buffer'
import { createRequire } from 'node:module'
import type { Sink } from './sink.ts'

/** Encodings in which tables are written: UTF-8 without or with byte order mark (BOM), or GB18030. */
export type TextEncoding = 'utf-8' | 'utf-8-bom' | 'gb18030'

export const TEXT_ENCODINGS: readonly TextEncoding[] = ['utf-8', 'utf-8-bom', 'gb18030']

/** Texts are gathered up to this length: a call for every row would cost more than the row. */
const GATHERED = 1 << 16

/**
 * A sink that takes texts, or UTF-8 bytes cut anywhere, and writes them in an encoding; without one it is the sink itself.
 * GB18030 has a code for every character (that of GBK where GBK has it, else four bytes), so nothing is lost in it.
 */
export function encodedSink(sink: Sink, encoding: TextEncoding | undefined): Sink {
  if (encoding === undefined) return sink
  const recode = encoding === 'gb18030' ? gb18030Encoder() : undefined
  let gathered = encoding === 'utf-8-bom' ? '\ufeff' : ''
  const put = (data: Uint8Array | string): void => {
    const bytes = recode === undefined ? data : recode(data)
    if (bytes.length > 0) sink.write(bytes)
  }
  const putGathered = (): void => {
    if (gathered !== '') put(gathered)
    gathered = ''
  }
  return {
    write(data) {
      if (typeof data === 'string') {
        gathered += data
        if (gathered.length >= GATHERED) putGathered()
        return
      }
      putGathered()
      put(data)
    },
    finish() {
      putGathered()
      sink.finish()
    },
    abort: () => sink.abort(),
  }
}

/** What turns texts and UTF-8 bytes into GB18030; the tables of the encoder are made only when it is asked for. */
function gb18030Encoder(): (data: Uint8Array | string) => Uint8Array {
  const iconv = createRequire(import.meta.url)('iconv-lite') as typeof import('iconv-lite')
  const encoder = iconv.getEncoder('gb18030')
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  // A character whose first bytes came with the block before is not ASCII, so a block of ASCII alone can pass.
  let isWhole = true
  return data => {
    if (typeof data === 'string') return encoder.write(data)
    if (isWhole && isAscii(data)) return data
    const text = decoder.decode(data, { stream: true })
    isWhole = data.length > 0 && data.at(-1)! < 0x80
    return encoder.write(text)
  }
}
