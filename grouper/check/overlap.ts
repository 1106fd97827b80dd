import type { Finding } from '../scheme/finding.ts'
import type { Adrg, CodeField, Mdc, Scheme } from '../scheme/types.ts'
import { raise, some } from './raise.ts'

/** ADRG pairs that a text names. */
const NAMED = 6

/**
 * Codes that stand in the lists of several ADRGs of one MDC at the same level: conditions of one list each, on the same
 * field. Order decides between them, so that this is often meant; one finding an MDC.
 */
export function* checkOverlaps(scheme: Scheme): Generator<Finding> {
  for (const mdc of scheme.mdcs) {
    const overlaps = [...overlapsOf(scheme, mdc)].sort((a, b) => b.codes.length - a.codes.length)
    if (overlaps.length === 0) continue
    const codes = [...new Set(overlaps.flatMap(overlap => overlap.codes))].sort()
    const named = overlaps.slice(0, NAMED).map(({ first, second, codes: { length } }) => `${first}/${second} ${length}`)
    const pairs = named.join(', ') + (overlaps.length > NAMED ? ' …' : '')
    yield raise(
      'CHK-011',
      'note',
      { table: 'MDC', item: mdc },
      [
        `${codes.length} 个编码同时在几个 ADRG 的列表中，归入排在前面的（${pairs}）：${some(codes)}`,
        `${codes.length} codes stand in the lists of several ADRGs, the first of which takes them (${pairs}): ${some(codes)}`,
      ],
      codes,
    )
  }
}

interface Overlap {
  readonly first: string
  readonly second: string
  readonly codes: readonly string[]
}

function* overlapsOf(scheme: Scheme, mdc: Mdc): Generator<Overlap> {
  const before: { adrg: Adrg; field: CodeField; codes: ReadonlySet<string> }[] = []
  for (const adrg of mdc.adrgs) {
    const { expr } = adrg.rule
    const leaf = adrg.drgs[0]
    if (expr.op !== 'in' || leaf?.kind !== 'grouped') continue
    const [field] = expr.fields as [CodeField]
    const codes = new Set(expr.sets.flatMap(set => scheme.sets.get(set)?.codes ?? []))
    for (const other of before) {
      if (other.field !== field) continue
      const both = [...codes].filter(code => other.codes.has(code))
      if (both.length > 0) yield { first: other.adrg.code, second: adrg.code, codes: both }
    }
    before.push({ adrg, field, codes })
  }
}
