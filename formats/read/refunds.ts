import { parseYuan } from '../../numbers/index.ts'
import { cleanText, lostDigits, plainNumber, sumOf } from './clean.ts'
import { isListField, type RawCase, type SingleField, type SourceField } from './field.ts'
import type { PlannedColumn, SourcePlan } from './plan.ts'
import { tableRows } from './side-rows.ts'

/** Amounts of a settlement by field, in yuan; '' where one of its rows does not say. */
export type Amounts = Readonly<Partial<Record<SourceField, string>>>

/**
 * What becomes of a row of a settlement that was paid back in whole or in part: `replaced` where another row stands for
 * the stay, `gone` where none does, else the amounts that remain.
 */
export type Netted = 'replaced' | 'gone' | Amounts

/** By the line of the row. */
export type Refunds = ReadonlyMap<number, Netted>

/** Fields that are summed up over the rows of a settlement. */
const MONEY: ReadonlySet<string> = new Set<SourceField>([
  'cost', 'fund', 'patient', 'selfPay', 'ownPay', 'medical', 'nursing', 'technical', 'drug', 'consumable', 'management',
  'treatment', 'drugPart', 'consumablePart', 'treatmentPart',
]) // biome-ignore format: one list

/** Whether an amount takes something back. */
export function isNegative(amount: string): boolean {
  if (!/[-－]/.test(amount)) return false
  const fen = fenOf(amount)
  return fen !== undefined && fen < 0
}

function fenOf(amount: string): number | undefined {
  return parseYuan(plainNumber(cleanText(amount)))
}

/** The sum of amounts; '' where one is missing, as the sum is not known then. */
export function netOf(amounts: readonly string[]): string {
  return amounts.some(amount => cleanText(amount) === '') ? '' : sumOf(amounts)
}

/** A row of a settlement that has refunds. */
interface MoneyRow {
  readonly plan: SourcePlan
  readonly line: number
  readonly fen: number
  readonly amounts: Amounts
}

/**
 * The refunds among all main tables: a settlement may lie in the sheet of one month and its refund in that of the next.
 * Only settlement ids and costs are read, and where there are refunds the other amounts once more; memory holds the
 * settlements that have some.
 */
export function findRefunds(plans: readonly SourcePlan[]): ReadonlyMap<SourcePlan, Refunds> {
  const tables = plans.filter(plan => plan.container !== 'json' && has(plan, 'settleId') && has(plan, 'cost'))
  const keys = new Set<string>()
  for (const plan of tables) {
    for (const { key, amounts } of settlements(plan, ['cost'])) if (isNegative(amounts.cost!)) keys.add(key)
  }
  const found = new Map<SourcePlan, Map<number, Netted>>()
  if (keys.size === 0) return found
  const byKey = new Map<string, MoneyRow[]>()
  for (const plan of tables) {
    for (const { key, line, amounts } of settlements(plan, MONEY)) {
      const fen = keys.has(key) ? fenOf(amounts.cost!) : undefined
      if (fen === undefined) continue
      const rows = byKey.get(key)
      if (rows === undefined) byKey.set(key, [{ plan, line, fen, amounts }])
      else rows.push({ plan, line, fen, amounts })
    }
  }
  for (const rows of byKey.values()) {
    for (const [{ plan, line }, netted] of settle(rows)) {
      const lines = found.get(plan) ?? new Map<number, Netted>()
      lines.set(line, netted)
      found.set(plan, lines)
    }
  }
  return found
}

/**
 * Nets the rows of one settlement, in the order of the files: a refund cancels the first payment of its amount; what is
 * left is summed up and stands in the last payment left, or nowhere where nothing was paid in the end.
 */
function settle(rows: readonly MoneyRow[]): Map<MoneyRow, Netted> {
  const left = new Set(rows)
  for (const refund of rows) {
    if (refund.fen >= 0) continue
    const paid = rows.find(row => left.has(row) && row.fen === -refund.fen)
    if (paid === undefined) continue
    left.delete(paid)
    left.delete(refund)
  }
  const payments = [...left].filter(row => row.fen >= 0)
  const rest = [...left].reduce((all, { fen }) => all + fen, 0)
  const stands = rest > 0 ? payments.at(-1) : undefined
  const netted = new Map<MoneyRow, Netted>()
  for (const row of rows) if (row !== stands) netted.set(row, stands === undefined ? 'gone' : 'replaced')
  if (stands !== undefined && left.size > 1) netted.set(stands, sumUp([...left]))
  return netted
}

function sumUp(rows: readonly MoneyRow[]): Amounts {
  const fields = [...new Set(rows.flatMap(({ amounts }) => Object.keys(amounts)))] as SourceField[]
  return Object.fromEntries(fields.map(field => [field, netOf(rows.map(({ amounts }) => amounts[field] ?? ''))]))
}

/** Puts the amounts that remain in place of those of the row. */
export function putNet({ one, many }: RawCase, amounts: Amounts): void {
  for (const [field, amount] of Object.entries(amounts) as [SourceField, string][]) {
    if (!isListField(field)) one[field as SingleField] = amount
    else many[field].splice(0, many[field].length, ...(amount === '' ? [] : [amount]))
  }
}

function has({ columns }: SourcePlan, field: SourceField): boolean {
  return columns.some(column => column.field === field)
}

/** Settlement ids and amounts of the rows of a table; parts of a charge are summed up. */
function* settlements(
  plan: SourcePlan,
  wanted: Iterable<string>,
): Generator<{ readonly key: string; readonly line: number; readonly amounts: Amounts }> {
  const fields = new Set(['settleId', ...wanted])
  const columns: PlannedColumn[] = plan.columns.filter(({ field }) => fields.has(field))
  const keyAt = columns.findIndex(({ field }) => field === 'settleId')
  const places = Map.groupBy(
    columns.flatMap(({ field }, at) => (at === keyAt ? [] : [{ field: field as SourceField, at }])),
    ({ field }) => field,
  )
  for (const { cells, line } of tableRows({ ...plan, columns })) {
    const key = cleanText(cells[keyAt]!)
    if (key === '' || lostDigits(key)) continue
    const amounts: Partial<Record<SourceField, string>> = {}
    for (const [field, list] of places)
      amounts[field] = list.length === 1 ? cells[list[0]!.at]! : sumOf(list.map(({ at }) => cells[at]!))
    yield { key, line, amounts }
  }
}
