import type { Text } from '../../messages/index.ts'

/** Why a row could not be read. */
export type RejectReason =
  | 'encoding'
  | 'too-few-columns'
  | 'too-many-columns'
  | 'not-an-integer'
  | 'not-money'
  | 'out-of-range'
  | 'negative'
  | 'bad-sex'
  | 'too-many-codes'
  | 'code-too-long'
  | 'id-missing'
  | 'id-duplicate'
  | 'open-quote'
  | 'row-too-long'
  | 'too-many-labels'
  | 'id-damaged'
  | 'code-damaged'
  | 'age-ambiguous'
  | 'weight-ambiguous'
  | 'main-ambiguous'
  | 'not-a-message'
  | 'no-stay'
  | 'superseded'
  | 'refund'
  | 'orphan'

/** What is wrong and what to do, without any content of the row. */
export const REJECT_TEXTS: Readonly<Record<RejectReason, Text>> = {
  encoding: {
    zh: '该行含有无法按文件编码解读的字节；请以 UTF-8 重新导出',
    en: 'the row holds bytes that are not in the encoding of the file; export it as UTF-8',
  },
  'too-few-columns': {
    zh: '列数少于表头；请检查缺失的单元格或行内换行',
    en: 'fewer columns than the header; look for missing cells or a line break inside the row',
  },
  'too-many-columns': {
    zh: '列数多于表头；含逗号的单元格请加引号',
    en: 'more columns than the header; quote cells that hold a comma',
  },
  'not-an-integer': { zh: '应为整数；请改正该单元格', en: 'an integer is due; correct the cell' },
  'not-money': {
    zh: '应为金额（元，最多两位小数）；请改正该单元格',
    en: 'an amount in yuan with at most two decimals is due; correct the cell',
  },
  'out-of-range': { zh: '数值超出范围；请检查单位', en: 'the number is out of range; check its unit' },
  negative: {
    zh: '数值为负；金额、年龄、天数、体重、小时都不能小于零，请改正该单元格',
    en: 'the number is negative; amounts, ages, days, weights and hours cannot be, correct the cell',
  },
  'bad-sex': {
    zh: '性别应为 1、2、9、0 或 男、女；请改正该单元格',
    en: 'sex must be 1, 2, 9, 0 or 男, 女, M, F; correct the cell',
  },
  'too-many-codes': { zh: '编码超过 500 个；请检查该单元格', en: 'more than 500 codes; check the cell' },
  'code-too-long': { zh: '编码超过 64 字节；请检查分隔符', en: 'a code of more than 64 bytes; check the separators' },
  'id-missing': { zh: '病案号为空；请补上', en: 'the id is empty; fill it in' },
  'id-duplicate': {
    zh: '病案号与前面的行重复；请去重，或用 --duplicates keep 保留',
    en: 'the id stood in an earlier row; remove one, or keep both with --duplicates keep',
  },
  'open-quote': { zh: '引号没有闭合；请补上引号', en: 'a quote is never closed; close it' },
  'row-too-long': {
    zh: '一行超过 1 MiB；请检查换行和引号',
    en: 'a row of more than 1 MiB; check line breaks and quotes',
  },
  'too-many-labels': {
    zh: '该列的不同取值超过 65,535 个；请检查列是否对应',
    en: 'the column has more than 65,535 different values; check that it is the right column',
  },
  'id-damaged': {
    zh: '病案号被表格软件改成科学计数法，已丢失位数；请从源系统重新导出',
    en: 'the id was turned into scientific notation and lost digits; export it again as text',
  },
  'code-damaged': {
    zh: '编码被表格软件改成日期，无法还原；请以文本重新导出',
    en: 'a code was turned into a date and cannot be restored; export it again as text',
  },
  'age-ambiguous': {
    zh: '不足一周岁的年龄看不出单位，又没有出生和入院日期；请用 --map 指明单位',
    en: 'the unit of an age under one year is not clear and there are no dates; state it with --map',
  },
  'weight-ambiguous': {
    zh: '体重在 20 至 99 之间，既不是克也不是千克；请改正',
    en: 'a weight from 20 to 99 is neither grams nor kilograms; correct it',
  },
  'main-ambiguous': {
    zh: '有两个主要诊断标志；请只保留一个',
    en: 'two diagnoses are flagged as principal; keep one flag',
  },
  'not-a-message': {
    zh: '不是完整的 JSON，或不是平台报文；请检查是否截断',
    en: 'no whole JSON text, or no platform message; see whether it was cut',
  },
  'no-stay': {
    zh: '门诊报文，没有住院诊断，不是病例',
    en: 'an out-patient message without diagnoses of a stay: no case',
  },
  superseded: {
    zh: '同一结算ID后来又上报过，以最近一次为准',
    en: 'the list was sent again later with the same settlement id, which counts',
  },
  refund: {
    zh: '退费，或已退费、已并入同一结算另一行的结算',
    en: 'a refund, or a payment that was taken back or summed up in another row of its settlement',
  },
  orphan: { zh: '没有病例用该结算ID', en: 'no case has this settlement id' },
}

/** A row that could not be read. */
export interface Reject {
  /** Line on which the row begins, from 1. */
  readonly line: number
  /** Header text of the column, where one is to blame. */
  readonly field: string
  readonly reason: RejectReason
  /** The row as it stands in the file, undecodable bytes replaced. */
  readonly row: string
}
