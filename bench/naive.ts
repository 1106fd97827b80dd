import { readFileSync } from 'node:fs'
import { createBatch, createGroupColumns, type GroupColumns, groupBatch } from '../grouper/index.ts'
import type { Input } from './input.ts'
import { clocked, fold, type Variant } from './variant.ts'

/** What one writes first: the file as a string, `split`, and a `Map` of codes; then the same kernel. No checks. */
export const naive: Variant = {
  name: 'CSV → groups, split and Map',
  async run(input) {
    const { count } = input.batch
    const { ms, processorMs, made } = await clocked(() => groupNaively(input, count))
    let sum = 0
    for (let i = 0; i < count; i++) sum = fold(sum, made.leaf[i]!, made.reason[i]!)
    return { ms, processorMs, sum }
  },
}

function groupNaively({ scheme, book, file }: Input, count: number): GroupColumns {
  const batch = createBatch(count)
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  const header = lines[0]!.split(',')
  const column = (name: string): number => header.indexOf(name)
  const [sex, age, days, weight, los, dx, px] = ['gender', 'age', 'ageDay', 'weight', 'los', 'dx', 'proc'].map(column)
  const whole = (text: string): number => (text === '' ? -1 : Number(text))
  let [dxEnd, pxEnd] = [0, 0]
  for (let row = 0; row < count; row++) {
    const cells = lines[row + 1]!.split(',')
    batch.sex[row] = Number(cells[sex!])
    batch.age[row] = whole(cells[age!]!)
    batch.ageDays[row] = whole(cells[days!]!)
    batch.weight[row] = whole(cells[weight!]!)
    batch.los[row] = whole(cells[los!]!)
    for (const code of cells[dx!]!.split('|')) batch.dx[dxEnd++] = scheme.diagnoses.ids.get(code) ?? 0
    if (cells[px!] !== '') {
      for (const code of cells[px!]!.split('|')) batch.px[pxEnd++] = scheme.procedures.ids.get(code) ?? 0
    }
    batch.dxStart[row + 1] = dxEnd
    batch.pxStart[row + 1] = pxEnd
  }
  batch.count = count
  const groups = createGroupColumns(count)
  groupBatch(book, batch, groups)
  return groups
}
