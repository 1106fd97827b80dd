import {
  type AuxiliaryPack,
  type CaseBatch,
  classifyBatch,
  type DipBook,
  type DipCatalogue,
  type DipColumns,
  NO_CLASS,
  planAuxiliary,
} from '../../grouper/index.ts'
import { Fault } from '../../messages/index.ts'
import { Decimal } from '../../numbers/index.ts'
import type { AuxiliaryChoice } from '../grouped.ts'
import { type AuxiliaryTable, auxiliaryKey } from './auxiliary.ts'
import { billColumns } from './bill.ts'

/** Finds for the cases of batches the auxiliary class whose coefficient counts. */
export interface AuxiliaryFinder {
  /** The classes with a coefficient, each coefficient of a class once. */
  readonly choices: readonly AuxiliaryChoice[]
  /** Groups of the table that the catalogue does not have. */
  readonly strangers: number
  /** Writes for each case of a batch the position of its choice plus one, 0 where it has none. */
  find(batch: CaseBatch, groups: DipColumns, out: Uint32Array): void
}

/**
 * A finder over a table of coefficients: of all classes of a case that have one in its group the highest counts, ties go to
 * the type that stands first; equal to `auxiliaryOf` over `auxiliaryClasses`. Costs are compared with the mean cost that the
 * catalogue gives for the group; where it gives none, no class that asks for the cost applies.
 *
 * @param file where the coefficients stand, for faults
 */
export function createAuxiliaryFinder(
  pack: AuxiliaryPack,
  catalogue: DipCatalogue,
  book: DipBook,
  table: AuxiliaryTable,
  file: string,
): AuxiliaryFinder {
  const plan = planAuxiliary(pack, catalogue.diagnoses)
  const leafOf = new Map(book.leaves.map((leaf, at) => [leaf.code, at]))
  const width = Math.max(...pack.types.map(type => type.classes.length), 0)
  const types = pack.types.length
  const choiceAt = new Uint32Array(book.leaves.length * types * width)
  const choices: AuxiliaryChoice[] = []
  const known = new Map<string, number>()
  let strangers = 0
  for (const [key, coefficient] of table) {
    const [group = '', type = '', one = ''] = key.split('\t')
    const t = pack.types.findIndex(({ id }) => id === type)
    const c = pack.types[t]?.classes.findIndex(({ id }) => id === one) ?? -1
    if (c < 0) throw unknownClass(file, pack, type, one)
    const leaf = leafOf.get(group)
    if (leaf === undefined) {
      strangers++
      continue
    }
    const text = coefficient.toFixed()
    const name = auxiliaryKey(text, type, one)
    const at = known.get(name) ?? choices.push({ type, class: one, coefficient: text })
    known.set(name, at)
    choiceAt[(leaf * types + t) * width + c] = at
  }
  const rank = ranksOf(choices)
  const meanOf = new Map(catalogue.groups.map(group => [group.code, group.figures.meanCost ?? 0]))
  const standard = Float64Array.from(book.leaves, leaf => meanOf.get(leaf.code) ?? 0)
  let classes: Uint8Array[] = []
  return {
    choices,
    strangers,
    find(batch, groups, out) {
      if (choices.length === 0) {
        out.fill(0, 0, batch.count)
        return
      }
      if ((classes[0]?.length ?? 0) < batch.count) classes = pack.types.map(() => new Uint8Array(batch.count))
      classifyBatch(
        plan,
        batch,
        classes,
        0,
        billColumns(batch, i => standard[groups.leaf[i]!]!),
      )
      highest(batch.count, groups, classes, { choiceAt, rank, width }, out)
    },
  }
}

/** The hot loop: no strings or objects per case. */
function highest(
  count: number,
  { leaf, status }: DipColumns,
  classes: readonly Uint8Array[],
  { choiceAt, rank, width }: { readonly choiceAt: Uint32Array; readonly rank: Uint32Array; readonly width: number },
  out: Uint32Array,
): void {
  const types = classes.length
  for (let i = 0; i < count; i++) {
    let best = 0
    if (status[i] === 0) {
      const row = leaf[i]! * types
      for (let t = 0; t < types; t++) {
        const one = classes[t]![i]!
        if (one === NO_CLASS) continue
        const at = choiceAt[(row + t) * width + one]!
        if (rank[at]! > rank[best]!) best = at
      }
    }
    out[i] = best
  }
}

/** Ranks of the coefficients, equal ones alike, at the position of the choice plus one; 0 for none. */
function ranksOf(choices: readonly AuxiliaryChoice[]): Uint32Array {
  const values = choices.map(one => new Decimal(one.coefficient))
  const order = [...values.keys()].sort((a, b) => values[a]!.comparedTo(values[b]!))
  const rank = new Uint32Array(choices.length + 1)
  let last = 0
  for (const [n, at] of order.entries()) {
    if (n === 0 || !values[at]!.eq(values[order[n - 1]!]!)) last++
    rank[at + 1] = last
  }
  return rank
}

function unknownClass(file: string, { id, types }: AuxiliaryPack, type: string, one: string): Fault {
  const found = types.find(({ id: name }) => name === type)
  const known = found === undefined ? types.map(each => each.id) : found.classes.map(each => each.id)
  const what = found === undefined ? type : `${type} ${one}`
  return new Fault({
    code: 'AUX-010',
    at: { file, field: found === undefined ? 'type' : 'class' },
    what: { zh: `辅助分型 ${id} 没有“${what}”。`, en: `The auxiliary types ${id} have no "${what}".` },
    fix: {
      zh: `可用的有：${known.join('、')}；或在政策的 auxiliary.types 中写另一套分型。`,
      en: `There are ${known.join(', ')}; or name other types under auxiliary.types of the policy.`,
    },
  })
}
