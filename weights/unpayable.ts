import type { Text } from '../messages/index.ts'

/** Why a case that was read cannot be paid, or, of earlier years, gives no coefficient. */
export type UnpayableReason =
  | 'cost-missing'
  | 'shares-missing'
  | 'shares-exceed-cost'
  | 'shares-do-not-add-up'
  | 'hospital-missing'
  | 'insurance-missing'
  | 'month-invalid'
  | 'month-outside-year'

/** A case that takes no part, by its place in the input. */
export interface Unpayable {
  readonly file: string
  readonly line: number
  readonly reason: UnpayableReason
}

/** What each reason means and what to do. */
export const UNPAYABLE_TEXTS: Readonly<Record<UnpayableReason, Text>> = {
  'cost-missing': { zh: '没有总费用；请补上', en: 'no total cost; fill it in' },
  'shares-missing': {
    zh: '基金支付和个人支付都没有；请至少补上一个',
    en: 'neither the fund nor the patient amount; fill in one of them',
  },
  'shares-exceed-cost': {
    zh: '基金支付或个人支付大于总费用；请改正',
    en: 'the fund or the patient amount exceeds the total cost; correct it',
  },
  'shares-do-not-add-up': {
    zh: '基金支付加个人支付不等于总费用；其他支付方请并入其中一列',
    en: 'fund and patient amounts do not add up to the total cost; put other payers into one of the two columns',
  },
  'hospital-missing': { zh: '没有医疗机构编码；请补上', en: 'no hospital; fill it in' },
  'insurance-missing': { zh: '没有险种；请补上', en: 'no insurance; fill it in' },
  'month-invalid': { zh: '结算月份不是 YYYY-MM；请改正', en: 'the month is not YYYY-MM; correct it' },
  'month-outside-year': {
    zh: '结算月份不在结算年度内；请核对年度或移出该病例',
    en: 'the month lies outside the year of the region; check the year or leave the case out',
  },
}
