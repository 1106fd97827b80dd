import type { FEE_BUCKETS } from '../../grouper/index.ts'
import { formatFen, parseYuan } from '../../numbers/index.ts'
import { cleanText, plainNumber, sumOf } from './clean.ts'
import { blame, cellOf, type Draft } from './draft.ts'
import { PARTED, type RawCase } from './field.ts'
import { addNote } from './note.ts'
import { type Netted, putNet } from './refunds.ts'

type Bucket = (typeof FEE_BUCKETS)[number]

/** Amounts in yuan, those of refunds netted: `netted` says what became of the row. */
export function putMoney(draft: Draft, raw: RawCase, netted: Netted | undefined): void {
  const { cells, notes } = draft
  if (typeof netted === 'object') {
    addNote(notes, 'refund-net', raw.line)
    putNet(raw, netted)
  }
  cells.cost = plainNumber(cellOf(draft, raw, 'cost'))
  if (cells.cost.startsWith('-') || typeof netted === 'string') {
    // Told once a stay, where its money came.
    if (netted === 'gone' && !cells.cost.startsWith('-')) addNote(notes, 'refund-gone', raw.line)
    blame(draft, 'refund', 'cost')
  }
  cells.fund = plainNumber(cellOf(draft, raw, 'fund'))
  cells.patient = plainNumber(cellOf(draft, raw, 'patient'))
  if (cells.patient !== '') return
  const [self, own] = [plainNumber(cellOf(draft, raw, 'selfPay')), plainNumber(cellOf(draft, raw, 'ownPay'))]
  if (self === '' || own === '') return
  const [a, b] = [parseYuan(self), parseYuan(own)]
  cells.patient = a === undefined || b === undefined ? `${self}?` : formatFen(a + b)
}

/** Charges by bucket. No group rests on them: one that cannot be read is no reason to lose the case. */
export function putCharges({ cells, notes }: Draft, raw: RawCase, buckets: readonly Bucket[]): void {
  for (const bucket of buckets) {
    const parted = PARTED.find(name => name === bucket)
    const parts = parted === undefined ? [] : raw.many[`${parted}Part`]
    const sum = sumOf(parts)
    const isRead = !sum.endsWith('?')
    if (!isRead) addNote(notes, 'bad-charge', raw.line)
    cells[bucket] = plainNumber(cleanText(raw.one[bucket])) || (isRead ? sum : '')
  }
}
