/**
 * Where rows and lists of a scheme were read from. It is kept beside the scheme and not in it: the same content from
 * another file is the same scheme.
 */
const rows = new WeakMap<object, number>()

/** Notes the line of the source table, from 1, that an MDC, ADRG, DRG or set was read from. */
export function noteRow<T extends object>(item: T, line: number): T {
  rows.set(item, line)
  return item
}

/** The line that an MDC, ADRG, DRG or set was read from; undefined for one made otherwise. */
export function rowOf(item: object): number | undefined {
  return rows.get(item)
}
