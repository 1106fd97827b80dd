import type { Input } from './input.ts'

/** One way to group cases. */
export interface Variant {
  readonly name: string
  /** Runs once over the first `limit` cases. */
  readonly run: (input: Input) => Timed | Promise<Timed>
  /** Cases that it works on; default all. */
  readonly limit?: number
  /** Name of the variant that its speed is compared with. */
  readonly against?: string
}

export interface Timed {
  /** Milliseconds by the clock and of the processor. */
  readonly ms: number
  readonly processorMs: number
  /** What `fold` made of the groups. */
  readonly sum: number
}

/** Order-sensitive checksum over groups: leaf and reason of every case. */
export function fold(sum: number, leaf: number, reason: number): number {
  return (Math.imul(sum, 31) + leaf * 16 + reason) | 0
}

/** Does what is to be timed. */
export async function clocked<T>(work: () => T | Promise<T>): Promise<Omit<Timed, 'sum'> & { readonly made: T }> {
  const before = process.cpuUsage()
  const start = performance.now()
  const made = await work()
  const ms = performance.now() - start
  const { user, system } = process.cpuUsage(before)
  return { ms, processorMs: (user + system) / 1000, made }
}
