import { Decimal } from '../../numbers/index.ts'
import type { OwnRule } from '../policy/case-rules.ts'
import { type Cell, type CellLine, caseStandard, FEN, longDays, multiplied } from './cell.ts'
import { combine, constant, evaluatePieces, isLine, type Pieces, type Stretch, whole } from './piecewise.ts'
import { integer, over, product, type Ratio, ratioOf } from './ratio.ts'

/** Own rules that pay: the first that applies takes the place of what follows. */
export function withOwnPayments(cell: Cell, rest: Pieces<CellLine>): Pieces<CellLine> {
  const { own } = cell.policy.rules
  let result = rest
  for (let i = own.length - 1; i >= 0; i--) {
    const rule = own[i]!
    if (rule.kind === 'factor' || (cell.variant.own & (1 << i)) === 0) continue
    const names = namesOf(cell)
    const amount = evaluatePieces(rule.formula, names)
    const unit = rule.kind === 'pay' ? 'money' : 'worth'
    const paid = combine(amount, whole(null), value =>
      whole<CellLine | null>(isLine(value) ? { class: 'ownRule', unit, byGroup: false, line: value, cap: null } : null),
    )
    const taken = choose(conditionOf(rule, names), paid, whole(null))
    result = combine(taken, result, (line, other) => whole(line ?? other))
  }
  return result
}

/** Own rules with a factor: each that applies multiplies what the weight decides. */
export function withOwnFactors(cell: Cell, pieces: Pieces<CellLine>): Pieces<CellLine> {
  let result = pieces
  for (const [i, rule] of cell.policy.rules.own.entries()) {
    if (rule.kind !== 'factor' || (cell.variant.own & (1 << i)) === 0) continue
    const names = namesOf(cell)
    const factor = evaluatePieces(rule.formula, names)
    const lines = combine(result, factor, (line, by) =>
      whole(isLine(by) && line.byGroup ? multiplied(line, by.start) : line),
    )
    result = choose(conditionOf(rule, names), lines, result)
  }
  return result
}

function conditionOf(rule: OwnRule, names: (name: string) => Pieces<Stretch>): Pieces<boolean> {
  return rule.when.reduce<Pieces<boolean>>(
    (all, node) => combine(all, evaluatePieces(node, names), (a, b) => whole(a && b === true)),
    whole(true),
  )
}

function choose<T>(condition: Pieces<boolean>, yes: Pieces<T>, no: Pieces<T>): Pieces<T> {
  const either = combine(yes, no, (a, b) => whole([a, b] as const))
  return combine(condition, either, (holds, [a, b]) => whole(holds ? a : b))
}

/** The names of `RULE_NAMES` for a cell; the cost is the variable. */
function namesOf(cell: Cell): (name: string) => Pieces<Stretch> {
  const { policy, weight, coefficient, mean, variant, isBase } = cell
  const isMean = policy.ratioMoney === 'groupMean' || policy.ratioMoney === 'levelMean'
  const base = cell.base && (isMean ? cell.base : product(cell.base, integer(longDays(cell) ?? 1)))
  const number = (value: Ratio | null): Stretch => value && constant(value)
  const names: Readonly<Record<string, Stretch>> = {
    cost: { slope: FEN, start: integer(0) },
    ratio: base && { slope: over(FEN, base), start: integer(0) },
    base: number(base),
    mean: constant(mean),
    w: number(weight),
    k: constant(coefficient),
    standard: number(weight && caseStandard(cell, weight)),
    group: cell.group,
    adrg: cell.parent,
    mdc: cell.group.slice(0, 1),
    level: cell.level,
    insurance: cell.insurance,
    isBase,
  }
  return name => {
    const asked = variant.asked[name]
    if (asked !== undefined) return whole(asked instanceof Decimal ? constant(ratioOf(asked)) : asked)
    return whole(names[name] ?? null)
  }
}
