import type { SourcePiece } from '../../grouper/index.ts'

type SourceReject = SourcePiece['rejects'][number]

/**
 * Of several main tables that share side tables none can tell alone which rows belong to no case: what all of them left
 * out is rejected behind the last one, once.
 */
export interface SharedSides {
  /** The rejects of a piece of a table that may leave now; `isLast` behind its last piece. */
  release(table: string, rejects: readonly SourceReject[], isLast: boolean): readonly SourceReject[]
}

/** `tables` are the names of the main ones, in the order in which they are read. */
export function createSharedSides(tables: readonly string[]): SharedSides {
  if (tables.length < 2) return { release: (_, rejects) => rejects }
  let left: Map<string, SourceReject> | undefined
  let own = new Map<string, SourceReject>()
  return {
    release(table, rejects, isLast) {
      if (table === tables[0] && own.size === 0 && !isLast) left = undefined
      const ready: SourceReject[] = []
      for (const reject of rejects) {
        if (reject.file === undefined) ready.push(reject)
        else {
          const place = `${reject.file}\n${reject.line}`
          if (left === undefined || left.has(place)) own.set(place, reject)
        }
      }
      if (!isLast) return ready
      left = own
      own = new Map()
      if (table !== tables.at(-1)) return ready
      ready.push(...left.values())
      left = undefined
      return ready
    },
  }
}
