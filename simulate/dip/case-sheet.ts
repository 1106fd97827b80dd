import { Decimal } from '../../numbers/index.ts'

/** One settled case as a hospital looks at it, in the convention that subtracts what the patient paid; yuan. */
export interface CaseSheetInput {
  /** 诊疗费, 检查费, 药品费, 耗材费. */
  readonly costs: {
    readonly diagnosisAndTreatment: Decimal
    readonly examination: Decimal
    readonly drugs: Decimal
    readonly consumables: Decimal
  }
  /** What the item-based bill charged to the fund (医保统筹记账). */
  readonly fundBooked: Decimal
  readonly baseScore: Decimal
  readonly levelCoefficient: Decimal
  readonly pointValue: Decimal
  /** Own cost as a share of the charges for services, and for drugs and consumables. */
  readonly ownCostOfServices: Decimal
  readonly ownCostOfGoods: Decimal
}

/** Yuan, not rounded. */
export interface CaseSheet {
  readonly totalCost: Decimal
  readonly patientPaid: Decimal
  readonly score: Decimal
  readonly paymentStandard: Decimal
  /** What DIP pays from the fund: standard less what the patient paid, not below zero. */
  readonly dipAccounting: Decimal
  readonly surplus: Decimal
  /** dipAccounting / fundBooked; null where the fund was charged nothing. */
  readonly recoveryRate: Decimal | null
  readonly ownCost: Decimal
  readonly realSurplus: Decimal
}

/** The sheet of one case (南充 style, subtract convention). */
export function caseSheet(input: CaseSheetInput): CaseSheet {
  const { costs, fundBooked, ownCostOfServices, ownCostOfGoods } = input
  const services = costs.diagnosisAndTreatment.plus(costs.examination)
  const goods = costs.drugs.plus(costs.consumables)
  const totalCost = services.plus(goods)
  const patientPaid = totalCost.minus(fundBooked)
  const score = input.baseScore.times(input.levelCoefficient)
  const paymentStandard = score.times(input.pointValue)
  const dipAccounting = Decimal.max(paymentStandard.minus(patientPaid), 0)
  const ownCost = services.times(ownCostOfServices).plus(goods.times(ownCostOfGoods))
  return {
    totalCost,
    patientPaid,
    score,
    paymentStandard,
    dipAccounting,
    surplus: dipAccounting.minus(fundBooked),
    recoveryRate: fundBooked.isZero() ? null : dipAccounting.div(fundBooked),
    ownCost,
    realSurplus: paymentStandard.minus(ownCost),
  }
}
