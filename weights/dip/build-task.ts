import { readBlocks, type StoreTrailer } from '../../grouper/index.ts'
import { sortCells } from '../kernel.ts'
import {
  type CaseColumns,
  createProfileTable,
  gatherProfiles,
  type ProfilePlan,
  type ProfileTable,
} from './profile-kernel.ts'

/** Blocks of one store. */
export interface StorePart {
  readonly file: string
  readonly trailer: Pick<StoreTrailer, 'compression' | 'blocks' | 'fees'>
}

/** Cases to be put into columns, behind the first `from`. */
export interface GatherTask {
  readonly kind: 'gather'
  readonly plan: ProfilePlan
  readonly parts: readonly StorePart[]
  /** In shared memory. */
  readonly columns: CaseColumns
  readonly from: number
}

/** Cells of costs to be sorted, in shared memory. */
export interface SortTask {
  readonly kind: 'sort'
  readonly costs: Float64Array
  readonly logs: Float64Array
  readonly starts: Uint32Array
  readonly first: number
  readonly last: number
}

export type GatheredTable = Pick<ProfileTable, 'words' | 'starts' | 'count'>

/** Puts the cases of blocks into columns; the profiles are numbered as they first appear among them. */
export function gather({ plan, parts, columns, from }: Omit<GatherTask, 'kind'>, table: ProfileTable): void {
  let at = from
  for (const { file, trailer } of parts) {
    const add = (batch: Parameters<typeof gatherProfiles>[1]): void => {
      gatherProfiles(plan, batch, table, columns, at)
      at += batch.count
    }
    readBlocks(file, trailer, trailer.blocks, add, { reuse: true })
  }
}

/** Runs in a worker. */
export default function work(task: GatherTask | SortTask): GatheredTable | undefined {
  if (task.kind === 'sort') {
    sortCells(task.costs, task.logs, task.starts, task.first, task.last)
    return undefined
  }
  const table = createProfileTable()
  gather(task, table)
  const { words, starts, count } = table
  return { words: words.slice(0, starts[count]), starts: starts.slice(0, count + 1), count }
}
