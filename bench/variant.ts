import type { Input } from './input.ts'

/** One way to group cases. */
export interface Variant {
  readonly name: string
  /** Runs once over the first `limit` cases and returns the milliseconds that count and what `fold` made of the groups. */
  readonly run: (input: Input) => Timed | Promise<Timed>
  /** Cases that it works on; default all. */
  readonly limit?: number
  /** Name of the variant that its speed is compared with. */
  readonly against?: string
}

export interface Timed {
  readonly ms: number
  readonly sum: number
  /** Processor time, where it is not that of the bench's own process during the run. */
  readonly processorMs?: number
}

/** Order-sensitive checksum over groups: leaf and reason of every case. */
export function fold(sum: number, leaf: number, reason: number): number {
  return (Math.imul(sum, 31) + leaf * 16 + reason) | 0
}
