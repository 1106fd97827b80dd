import { TextDecoder } from 'node:util'
import { CODE_PADDING } from '../codes/keyword.ts'

const START = 4 << 20
const LF = 10

/** Bytes read and not yet used, as UTF-8; input in GB18030 is transcoded on the way in. */
export class TextBuffer {
  bytes: Uint8Array = new Uint8Array(START)
  length = 0
  #incoming: Uint8Array | undefined
  #decoder: TextDecoder | undefined

  /** Where the next `size` bytes of the file are to be written. */
  room(size: number): Uint8Array {
    if (this.#decoder !== undefined) {
      this.#incoming ??= new Uint8Array(size)
      return this.#incoming
    }
    this.#grow(size + CODE_PADDING + 1)
    return this.bytes.subarray(this.length, this.length + size)
  }

  /** Takes over `size` bytes written to `room`; at the end of the file the last line is closed. */
  take(size: number, last: boolean): void {
    if (this.#decoder === undefined) this.length += size
    else this.#append(this.#decoder.decode(this.#incoming!.subarray(0, size), { stream: !last }))
    if (last && this.length > 0 && this.bytes[this.length - 1] !== LF) this.bytes[this.length++] = LF
  }

  /** From now on the file is GB18030; what has been read is transcoded. */
  transcode(): void {
    this.#decoder = new TextDecoder('gb18030')
    const text = this.#decoder.decode(this.bytes.slice(0, this.length), { stream: true })
    this.length = 0
    this.#append(text)
  }

  /** Drops the first `count` bytes. */
  drop(count: number): void {
    this.bytes.copyWithin(0, count, this.length)
    this.length -= count
  }

  #append(text: string): void {
    this.#grow(text.length * 3 + CODE_PADDING + 1)
    this.length += new TextEncoder().encodeInto(text, this.bytes.subarray(this.length)).written
  }

  #grow(more: number): void {
    if (this.length + more <= this.bytes.length) return
    const larger = new Uint8Array(Math.max(this.length + more, this.bytes.length * 2))
    larger.set(this.bytes.subarray(0, this.length))
    this.bytes = larger
  }
}
