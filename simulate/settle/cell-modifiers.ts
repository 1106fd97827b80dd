import { Decimal } from '../../numbers/index.ts'
import { isListed } from '../policy/case-rules.ts'
import { type Cell, type CellLine, multiplied } from './cell.ts'
import { withOwnFactors } from './cell-rules.ts'
import type { Pieces } from './piecewise.ts'
import { product, type Ratio, ratioOf } from './ratio.ts'

/** Modifiers in their order: auxiliary type, age, Chinese medicine, volume cap, factors of own rules, readmission. */
export function modifiedLines(cell: Cell, pieces: Pieces<CellLine>): Pieces<CellLine> {
  return withReadmission(cell, withModifiers(cell, withAuxiliary(cell, pieces)))
}

/** The auxiliary coefficient on what the weight decides, but where a band or the mark of a Chinese-medicine group forbids it. */
function withAuxiliary({ policy, variant, group, parent, status }: Cell, pieces: Pieces<CellLine>): Pieces<CellLine> {
  const { auxiliary, tcm } = policy.rules
  if (auxiliary === null || variant.auxiliary === null || status !== 0) return pieces
  if (tcm !== null && auxiliary.except.has('tcm') && isListed(tcm.list, group, parent)) return pieces
  const factor = ratioOf(new Decimal(variant.auxiliary))
  return pieces.map(({ upTo, value }) => ({
    upTo,
    value: value.byGroup && value.auxiliary !== false ? multiplied(value, factor) : value,
  }))
}

/** What the weight decides is multiplied. */
function withModifiers(cell: Cell, pieces: Pieces<CellLine>): Pieces<CellLine> {
  const { policy, variant, group, parent } = cell
  if (cell.status !== 0 || pieces.every(({ value }) => !value.byGroup)) return pieces
  const { age, tcm } = policy.rules
  const factors: Ratio[] = []
  const band = age[variant.age]
  if (band !== undefined && !band.beforeBands) factors.push(ratioOf(band.factor))
  if (tcm !== null && cell.tcm === undefined && (variant.tcm || isListed(tcm.list, group, parent)))
    factors.push(ratioOf(tcm.factor))
  if (cell.volume !== null) factors.push(cell.volume)
  return withOwnFactors(cell, factors.length === 0 ? pieces : scaled(pieces, product(...factors)))
}

function withReadmission(cell: Cell, pieces: Pieces<CellLine>): Pieces<CellLine> {
  const { readmission } = cell.policy.rules
  const { rest, readmitted } = cell.variant
  if (readmission === null || !readmitted || cell.status !== 0 || rest === 'perDiem' || rest === 'review') return pieces
  const factor = ratioOf(readmission.factor)
  return pieces.map(({ upTo, value }) => ({
    upTo,
    value: value.class === 'outsideLos' ? value : multiplied(value, factor),
  }))
}

function scaled(pieces: Pieces<CellLine>, factor: Ratio): Pieces<CellLine> {
  return pieces.map(({ upTo, value }) => ({ upTo, value: value.byGroup ? multiplied(value, factor) : value }))
}
