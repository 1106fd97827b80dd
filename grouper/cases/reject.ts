import type { Text } from '../../messages/index.ts'

/** Why a row could not be read. */
export type RejectReason =
  | 'encoding'
  | 'too-few-columns'
  | 'too-many-columns'
  | 'not-an-integer'
  | 'not-money'
  | 'out-of-range'
  | 'bad-sex'
  | 'too-many-codes'
  | 'code-too-long'
  | 'id-missing'
  | 'id-duplicate'
  | 'open-quote'
  | 'row-too-long'
  | 'too-many-labels'

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
