import { Decimal, type Fen, roundFen } from '../../numbers/index.ts'
import {
  MONEY_FIELDS,
  type MoneyField,
  NUMBER_FIELDS,
  type NumberField,
  type Statement,
  type StatementField,
  type StatementRow,
  WORD_FIELDS,
} from './statement.ts'

/** What a difference of money comes from. */
export const CAUSES = [
  'group',
  'weight',
  'coefficient',
  'price',
  'class',
  'cost',
  'patient',
  'outlier',
  'other',
] as const
export type Cause = (typeof CAUSES)[number]

/** A difference of money by cause, fen; the parts add up to official − ours. */
export type Causes = Readonly<Partial<Record<Cause, Fen>>>

/** How two rows of one case differ. */
export interface Difference {
  readonly fields: readonly StatementField[]
  /** The amount that was compared, where both files have one in common. */
  readonly amount: MoneyField | null
  /** official − ours. */
  readonly change: Fen
  readonly causes: Causes
}

/** Amounts in the order in which they are taken as the money that is explained. */
const AMOUNTS: readonly MoneyField[] = ['pay', 'standard', 'fund']

/** Compares two rows in the fields that both files have; null where nothing differs beyond `tolerance` fen. */
export function compareRows(
  [official, ours]: readonly [StatementRow, StatementRow],
  [theirFile, ourFile]: readonly [Statement, Statement],
  tolerance: Fen,
): Difference | null {
  const both = (field: StatementField): boolean => theirFile.fields.has(field) && ourFile.fields.has(field)
  const fields: StatementField[] = []
  for (const field of WORD_FIELDS) if (both(field) && official.words[field] !== ours.words[field]) fields.push(field)
  for (const field of NUMBER_FIELDS) {
    if (!both(field)) continue
    const step = Math.min(theirFile.digits[field] ?? 0, ourFile.digits[field] ?? 0)
    if (!sameNumber(official.numbers[field], ours.numbers[field], step)) fields.push(field)
  }
  for (const field of MONEY_FIELDS) {
    if (!both(field)) continue
    const [a, b] = [official.money[field], ours.money[field]]
    const isSame = a === undefined || b === undefined ? a === b : Math.abs(a - b) <= tolerance
    if (!isSame) fields.push(field)
  }
  if (fields.length === 0) return null
  const amount = AMOUNTS.find(field => both(field)) ?? null
  if (amount === null) return { fields, amount, change: 0, causes: {} }
  const [from, to] = [ours.money[amount] ?? 0, official.money[amount] ?? 0]
  return {
    fields,
    amount,
    change: to - from,
    causes: explain(official, ours, { from, to, patient: amount === 'fund' ? (ours.money.patient ?? 0) : 0 }, fields),
  }
}

/** Whether two numbers are one, where the coarser file prints `digits` decimals. */
function sameNumber(a: Decimal | undefined, b: Decimal | undefined, digits: number): boolean {
  if (a === undefined || b === undefined) return a === b
  return a.minus(b).abs().times(2).lte(new Decimal(10).pow(-digits))
}

/**
 * Replaces our factors by theirs one after the other (weight, coefficient, price), as far as the amount is a product of
 * them (what the fund pays is, once the patient's part is added); what is left falls to the class, the cost, the patient's share or the formula of an outlier.
 */
function explain(
  official: StatementRow,
  ours: StatementRow,
  { from, to, patient }: { readonly from: Fen; readonly to: Fen; readonly patient: Fen },
  fields: readonly StatementField[],
): Causes {
  const causes: Partial<Record<Cause, Fen>> = {}
  let at = from
  const step = (cause: Cause, amount: Fen): void => {
    if (amount !== at) causes[cause] = (causes[cause] ?? 0) + amount - at
    at = amount
  }
  const isStandard = ['normal', undefined].includes(ours.words.class) && !fields.includes('class')
  // What is paid in points is a multiple of the point value whatever its class.
  const inPoints = ours.numbers.points?.isZero() === false && !fields.includes('points')
  const factors: readonly NumberField[] = isStandard ? ['weight', 'coefficient', 'price'] : inPoints ? ['price'] : []
  let last: Cause | undefined
  for (const field of factors) {
    const [theirs, own] = [official.numbers[field], ours.numbers[field]]
    if (!fields.includes(field) || theirs === undefined || own === undefined || own.isZero()) continue
    last = field === 'weight' && fields.includes('group') ? 'group' : (field as Cause)
    step(last, roundFen(theirs.div(own).times(at + patient)) - patient)
  }
  // Each side rounded for itself.
  if (last !== undefined && Math.abs(to - at) <= 2) step(last, to)
  const rest: Cause = fields.includes('class')
    ? 'class'
    : fields.includes('cost')
      ? 'cost'
      : fields.includes('patient')
        ? 'patient'
        : fields.includes('group')
          ? 'group'
          : isStandard
            ? 'other'
            : 'outlier'
  step(rest, to)
  return causes
}
