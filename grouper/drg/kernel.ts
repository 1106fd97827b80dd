import { type CaseBatch, MOST_CODES } from '../cases/batch.ts'
import {
  layOut,
  type Machine,
  type Part,
  partLike,
  startMachine,
  type Values,
  type Variable,
} from '../machine/machine.ts'
import type { ScalarField } from '../scheme/types.ts'
import type { RuleBook } from './book.ts'
import { KERNEL_CODE } from './kernel-code.ts'
import { OP_COMPARE, OP_WORDS, SCALAR_MASK, SCALAR_SHIFT } from './layout.ts'
import { SCALARS } from './program.ts'

/**
 * The fast engine: groups a batch by the masks of a rule book. The loop over the cases is machine code
 * (`assembly/kernel.ts`); this module gives it what it reads. `interpret.ts` is what it must agree with.
 */

/** Results of a batch by row: leaf (0 none), position in `STATUSES`, position in `REASONS`. */
export interface GroupColumns {
  readonly leaf: Uint16Array
  readonly status: Uint8Array
  readonly reason: Uint8Array
}

export function createGroupColumns(capacity: number): GroupColumns {
  return {
    leaf: new Uint16Array(new SharedArrayBuffer(capacity * 2)),
    status: new Uint8Array(new SharedArrayBuffer(capacity)),
    reason: new Uint8Array(new SharedArrayBuffer(capacity)),
  }
}

/** Groups the rows `from` … `to - 1` of a batch, `ROWS` at most, into `out`. */
type Kernel = (batch: CaseBatch, out: GroupColumns, from: number, to: number) => void

const kernels = new WeakMap<RuleBook, Kernel>()

/**
 * Groups the first `batch.count` cases into `out`. Ids are of the dictionaries of the book.
 *
 * @throws RangeError where a column is shorter than that, or cases have more codes than `MOST_CODES` each
 */
export function groupBatch(book: RuleBook, batch: CaseBatch, out: GroupColumns): void {
  let kernel = kernels.get(book)
  if (kernel === undefined) {
    kernel = createKernel(book)
    kernels.set(book, kernel)
  }
  for (let from = 0; from < batch.count; from += ROWS) kernel(batch, out, from, Math.min(batch.count, from + ROWS))
}

/** Rows a call, so that their columns stay near the processor. */
const ROWS = 2048

/** Tables of a book that the kernel reads. */
const TABLES = [
  'dxWords',
  'dxPrincipal',
  'dxRows',
  'dxTrigger',
  'pxClass',
  'pxRows',
  'pxMasks',
  'exclusions',
  'candidateStart',
  'candidates',
  'residues',
  'freeMask',
  'triggered',
  'rankTrigger',
  'rankLeaf',
  'leafOf',
  'leafTest',
  'leafKind',
  'leafProgram',
  'mdcWhole',
  'program',
] as const satisfies readonly (keyof RuleBook)[]
const SIZES = ['dxRowWords', 'pxRowWords', 'exclusionWords', 'rankWords', 'dayCut'] as const

/** Columns that it reads and writes, with the room they have. */
const COLUMNS = {
  sex: { kind: Uint8Array, length: ROWS },
  age: { kind: Int16Array, length: ROWS },
  ageDays: { kind: Int32Array, length: ROWS },
  weight: { kind: Int32Array, length: ROWS },
  los: { kind: Int32Array, length: ROWS },
  dischargeWay: { kind: Uint8Array, length: ROWS },
  icuHours: { kind: Int32Array, length: ROWS },
  cost: { kind: Float64Array, length: ROWS },
  dxStart: { kind: Uint32Array, length: ROWS + 1 },
  dx: { kind: Uint16Array, length: ROWS * MOST_CODES },
  pxStart: { kind: Uint32Array, length: ROWS + 1 },
  px: { kind: Uint16Array, length: ROWS * MOST_CODES },
  leaf: { kind: Uint16Array, length: ROWS },
  status: { kind: Uint8Array, length: ROWS },
  reason: { kind: Uint8Array, length: ROWS },
} as const

/** The columns that programs compare; and those that the kernel reads for every case. */
const SCALAR_COLUMNS = {
  NL: 'age',
  XSRTL: 'ageDays',
  XSRTZ: 'weight',
  XB: 'sex',
  ZYTS: 'los',
  LYFS: 'dischargeWay',
  ICUSC: 'icuHours',
  ZFY: 'cost',
} as const satisfies Record<ScalarField, keyof typeof COLUMNS>
const ALWAYS: readonly (keyof CaseBatch)[] = ['age', 'ageDays', 'sex']
const RESULTS = ['leaf', 'status', 'reason'] as const

/** The machine code; `assembly/tables.ts` has its variables. */
type KernelMachine = Machine &
  Readonly<Record<(typeof TABLES)[number] | keyof typeof COLUMNS | (typeof SIZES)[number] | 'mdcs', Variable>> & {
    group(count: number): void
  }

/** The kernel of a book, with a memory of its own. */
function createKernel(book: RuleBook): Kernel {
  const machine = startMachine<KernelMachine>(KERNEL_CODE)
  const tables = {} as Record<(typeof TABLES)[number], Part>
  for (const name of TABLES) tables[name] = partLike(book[name])
  const places = layOut(machine, { ...tables, ...COLUMNS })
  for (const name of TABLES) places[name].set(book[name])
  for (const name of SIZES) machine[name].value = book[name]
  machine.mdcs.value = book.mdcWhole.length
  const compared = scalarsOf(book.program)
  const columns = SCALARS.map(scalar => SCALAR_COLUMNS[scalar]).filter(
    (name, scalar) => ALWAYS.includes(name) || compared.has(scalar),
  )
  const codes = (['dx', 'px'] as const).map(
    name => ({ name, starts: `${name}Start`, place: machine[name].value }) as const,
  )

  return (batch, out, from, to) => {
    for (const name of columns) copy(batch[name], from, to, places[name], 0)
    for (const { name, starts, place } of codes) {
      copy(batch[starts], from, to + 1, places[starts], 0)
      const first = batch[starts][from]!
      copy(batch[name], first, batch[starts][to]!, places[name], 0)
      // Starts count from the first code of the batch.
      machine[name].value = place - first * Uint16Array.BYTES_PER_ELEMENT
    }
    machine.group(to - from)
    for (const name of RESULTS) copy(places[name], 0, to - from, out[name], from)
  }
}

/** Positions in `SCALARS` of what the programs of a book compare. */
function scalarsOf(program: Int32Array): Set<number> {
  const scalars = new Set<number>()
  for (let pc = 0; pc < program.length; pc += OP_WORDS) {
    if (program[pc] === OP_COMPARE) scalars.add((program[pc + 1]! >> SCALAR_SHIFT) & SCALAR_MASK)
  }
  return scalars
}

/** Values up to which they are copied one by one: a call takes as long as a few of them. */
const FEW = 16

/** Copies values `from` … `to - 1` to place `at` of an array of the same kind. */
function copy(values: Values, from: number, to: number, out: Values, at: number): void {
  // Machine code would take what stands behind for values.
  if (to > values.length || at + to - from > out.length) {
    throw new RangeError(`${to - from} values of a batch, for which a column has no room or which it does not have`)
  }
  if (to - from <= FEW) for (let k = from; k < to; k++) out[at + k - from] = values[k]!
  else {
    const size = values.BYTES_PER_ELEMENT
    bytesOf(values).copy(bytesOf(out), at * size, from * size, to * size)
  }
}

const known = new WeakMap<Values, Buffer>()

/** The bytes of an array: `set` copies shared memory by words at the best, `copy` of a buffer some five times as fast. */
function bytesOf(values: Values): Buffer {
  let bytes = known.get(values)
  if (bytes === undefined) {
    bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength)
    known.set(values, bytes)
  }
  return bytes
}
