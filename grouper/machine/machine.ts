/** Machine code compiled from the AssemblyScript in the folders `assembly/`, which `docs/architecture.md` tells of. */

/** What is used of WebAssembly; the types of the language know it in browsers only. */
interface Memory {
  /** Another one after `grow`. */
  readonly buffer: ArrayBuffer
  /** Adds pages of 64 KiB. */
  grow(pages: number): number
}

/** A variable of machine code. */
export interface Variable {
  value: number
}

export interface Machine {
  readonly memory: Memory
}

declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object) => { readonly exports: unknown }
}

/** Starts code (base64) with a memory of its own; throws where the engine runs no such code. */
export function startMachine<Exports extends Machine>(code: string): Exports {
  return new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(code, 'base64'))).exports as Exports
}

export type Values = Uint8Array | Uint16Array | Int16Array | Int32Array | Uint32Array | Float64Array

/** An array in the memory of machine code: its kind, and the values it has room for. */
export interface Part {
  readonly kind: {
    readonly BYTES_PER_ELEMENT: number
    new (buffer: ArrayBuffer, at: number, length: number): Values
  }
  readonly length: number
}

/** The part that has room for the values of an array. */
export function partLike(values: Values): Part {
  return { kind: values.constructor as Part['kind'], length: values.length }
}

const PAGE = 1 << 16
/** Each array begins on a line of the processor's memory. */
const LINE = 64

/** Gives arrays places in the memory of machine code, from 0 on, tells its variables of these names, and returns views. */
export function layOut<Name extends string>(
  machine: Machine & Readonly<Record<NoInfer<Name>, Variable>>,
  parts: Readonly<Record<Name, Part>>,
): Readonly<Record<Name, Values>> {
  let end = 0
  const entries = Object.entries(parts) as [Name, Part][]
  for (const [name, { kind, length }] of entries) {
    machine[name].value = end
    end = Math.ceil((end + length * kind.BYTES_PER_ELEMENT) / LINE) * LINE
  }
  machine.memory.grow(Math.max(0, Math.ceil((end - machine.memory.buffer.byteLength) / PAGE)))
  const { buffer } = machine.memory
  const views = entries.map(([name, { kind: Kind, length }]) => [name, new Kind(buffer, machine[name].value, length)])
  return Object.fromEntries(views)
}
