import { type Case, interpret, REASONS } from '../grouper/index.ts'
import type { Input } from './input.ts'
import { clocked, fold, type Variant } from './variant.ts'

/** The first cases as the explainer takes them. */
export function caseObjects({ scheme, batch }: Input, count: number): Case[] {
  const known = (value: number): number | undefined => (value < 0 ? undefined : value)
  return Array.from({ length: count }, (_, i) => {
    const names = (codes: readonly string[], ids: Uint16Array, starts: Uint32Array): string[] =>
      [...ids.subarray(starts[i], starts[i + 1])].map(id => codes[id]!)
    const optional = {
      ageDays: batch.age[i] === 0 ? known(batch.ageDays[i]!) : undefined,
      weight: known(batch.weight[i]!),
      losDays: known(batch.los[i]!),
      dischargeWay: batch.dischargeWay[i] || undefined,
    }
    return {
      sex: batch.sex[i]!,
      ageYears: batch.age[i]!,
      totalCost: batch.cost[i]!,
      ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as Partial<Case>),
      diagnoses: names(scheme.diagnoses.codes, batch.dx, batch.dxStart),
      procedures: names(scheme.procedures.codes, batch.px, batch.pxStart),
    }
  })
}

/** The readable engine, case by case. */
export const explainer: Variant = {
  name: 'explainer, without trace',
  limit: 5_000,
  async run(input) {
    const { book, scheme } = input
    const leafOf = new Map(book.leaves.map(({ mdc, adrg, drg }, leaf) => [`${mdc} ${adrg} ${drg}`, leaf]))
    const cases = caseObjects(input, 5_000)
    const { ms, processorMs, made } = await clocked(() => cases.map(given => interpret(scheme, given)))
    let sum = 0
    for (const { mdc, adrg, drg, reason } of made) {
      sum = fold(sum, leafOf.get(`${mdc} ${adrg} ${drg}`) ?? 0, REASONS.indexOf(reason))
    }
    return { ms, processorMs, sum }
  },
}
