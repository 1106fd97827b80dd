import type { Text } from '../../messages/index.ts'
import { Decimal, type Fen, parseYuan, roundFen } from '../../numbers/index.ts'
import type { PartDocument, Size, WaterfallDocument } from './document.ts'

/** A line of the waterfall: what it adds (+) or takes (−), and what is left after it; fen. */
export interface WaterfallLine {
  readonly id: string
  readonly title: Text
  readonly change: Fen
  readonly left: Fen
}

/** From fund income to the budget: `income + Σ changes = budget + unallocated`. Fen. */
export interface Waterfall {
  readonly income: Fen
  /** What the year does not spend by plan comes first, as a line of its own. */
  readonly lines: readonly WaterfallLine[]
  readonly budget: Fen
  /** Left over once the budget is set (+), or taken from the accumulated balance (−); 0 by subtraction. */
  readonly unallocated: Fen
}

const NOT_SPENT: Text = { zh: '当年计划结余', en: 'Planned surplus of the year' }

/** Computes a waterfall; every line is rounded half up to the fen. */
export function waterfallOf(document: WaterfallDocument): Waterfall {
  const income = yuan(document.income)
  const spend = roundFen(new Decimal(document.spendRatio).times(income))
  const amounts = new Map([
    ['income', income],
    ['spend', spend],
  ])
  const lines: WaterfallLine[] = []
  let left = spend
  if (spend !== income) lines.push({ id: 'not-spent', title: NOT_SPENT, change: spend - income, left })
  for (const { id, title, size, sign } of document.lines) {
    const amount = amountOf(size, amounts.set('left', left))
    const change = sign === '-' ? -amount : amount
    left += change
    amounts.set(id, amount)
    lines.push({ id, title, change, left })
  }
  const { budget: rule } = document
  const budget =
    rule.basis === 'subtraction'
      ? left
      : rule.basis === 'share'
        ? roundFen(new Decimal(rule.share).times(left))
        : roundFen(new Decimal(rule.growth).plus(1).times(yuan(rule.lastYear)))
  return { income, lines, budget, unallocated: left - budget }
}

/** A part of a budget with its money in fen. */
export interface PartAmount {
  readonly part: PartDocument
  readonly amount: Fen
}

/** The budget divided into what is set apart and the pool: `pool + Σ amounts = budget`. Fen. */
export interface BudgetParts {
  readonly parts: readonly PartAmount[]
  readonly pool: Fen
}

/** Sets the parts of a budget apart, in their order; the pool is negative where they exceed the budget. */
export function partsOf(budget: Fen, within: readonly PartDocument[]): BudgetParts {
  const amounts = new Map([['budget', budget]])
  let left = budget
  const parts = within.map(part => {
    const amount = amountOf(part.size, amounts.set('left', left))
    amounts.set(part.id, amount)
    left -= amount
    return { part, amount }
  })
  return { parts, pool: left }
}

function amountOf(size: Size, amounts: ReadonlyMap<string, Fen>): Fen {
  switch (size.kind) {
    case 'amount':
      return yuan(size.value)
    case 'perHead':
      return yuan(size.value) * size.heads
    case 'share':
      return roundFen(new Decimal(size.value).times(amounts.get(size.of) ?? 0))
  }
}

/** Yuan that the schema has checked, in fen. */
function yuan(text: string): Fen {
  const fen = parseYuan(text)
  if (fen === undefined) throw new Error(`not an amount: ${text}`)
  return fen
}
