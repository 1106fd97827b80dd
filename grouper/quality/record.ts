import { z } from 'zod'
import { say } from '../../files/index.ts'
import { parseYuan } from '../../numbers/index.ts'

type Maybe<T> = T | null | undefined

export interface RecordDiagnosis {
  readonly code: string
  /** 1 western; 2 and 3 Chinese medicine, which is not grouped. */
  readonly kind?: Maybe<string>
  readonly main?: Maybe<boolean>
  /** Present on admission (入院病情). */
  readonly poa?: Maybe<string>
}

export interface RecordProcedure {
  readonly code: string
  readonly main?: Maybe<boolean>
  readonly date?: Maybe<string>
  readonly begin?: Maybe<string>
  readonly anaesthesia?: Maybe<string>
}

/**
 * One case as a record in JSON: the canonical fields (docs/quality.md), of which any may be missing or null. Codes may
 * stand as objects or as plain text. Fields that no rule asks for are left aside. Money in fen.
 */
export interface CaseRecord {
  readonly caseId?: Maybe<string>
  readonly settleId?: Maybe<string>
  readonly personId?: Maybe<string>
  readonly hospitalCode?: Maybe<string>
  readonly sex?: Maybe<number>
  readonly birthDate?: Maybe<string>
  readonly ageYears?: Maybe<number>
  readonly ageDays?: Maybe<number>
  /** Grams, one entry a baby. */
  readonly birthWeights?: Maybe<readonly Maybe<number>[]>
  readonly admitWeights?: Maybe<readonly Maybe<number>[]>
  readonly newbornAdmitType?: Maybe<string>
  readonly admitTime?: Maybe<string>
  readonly dischargeTime?: Maybe<string>
  readonly losDays?: Maybe<number>
  readonly dischargeWay?: Maybe<number>
  readonly diagnoses?: Maybe<readonly RecordDiagnosis[]>
  readonly procedures?: Maybe<readonly RecordProcedure[]>
  /** A form with a slot of its own for the main procedure; null: the slot is empty. */
  readonly mainProcedure?: Maybe<string>
  readonly otherProcedures?: Maybe<readonly string[]>
  readonly pathologyDx?: Maybe<readonly string[]>
  readonly bloodType?: Maybe<string>
  readonly rhType?: Maybe<string>
  readonly autopsy?: Maybe<string>
  readonly ventMinutes?: Maybe<number>
  readonly icuStays?: Maybe<readonly { readonly begin?: Maybe<string>; readonly end?: Maybe<string> }[]>
  readonly icuHours?: Maybe<number>
  readonly totalCost?: Maybe<number>
  /** Mean cost of the case's group. */
  readonly groupMeanCost?: Maybe<number>
  readonly fees14?: Maybe<Readonly<Record<string, Maybe<number>>>>
  readonly fees24?: Maybe<Readonly<Record<string, Maybe<number>>>>
  /** Sum of the items; default the total cost. */
  readonly itemSum?: Maybe<number>
  readonly funds?: Maybe<readonly Maybe<number>[]>
  readonly selfPay?: Maybe<number>
  readonly ownPay?: Maybe<number>
  readonly accountPay?: Maybe<number>
  readonly cashPay?: Maybe<number>
  readonly diag_code_cnt?: Maybe<number>
  readonly oprn_oprt_code_cnt?: Maybe<number>
  /** The settlement list as the platform has it. */
  readonly setlinfo?: Maybe<Readonly<Record<string, unknown>>>
  readonly source?: Maybe<{ readonly form?: Maybe<string> }>
  /** Platform message, and the one that was joined to it. */
  readonly message?: Maybe<string>
  readonly joined?: Maybe<string>
}

const number = z
  .union([z.number(), z.string().regex(/^\s*-?\d+(?:\.\d+)?\s*$/)])
  .transform(Number)
  .nullish()
const money = z
  .union([z.number(), z.string()])
  .transform((value, context) => {
    const fen = parseYuan(String(value))
    if (fen === undefined)
      context.addIssue({ code: 'custom', message: say('须为金额（元）', 'an amount in yuan is due') })
    return fen ?? 0
  })
  .nullish()
const words = z.union([z.string(), z.number()]).transform(String).nullish()
const flag = z
  .union([z.boolean(), z.literal(['1', '0', '', 1, 0])])
  .transform(value => value === true || value === '1' || value === 1)
  .nullish()
const fees = z
  .record(z.string(), z.union([money, z.looseObject({ amount: money }).transform(fee => fee.amount)]))
  .nullish()

const plain = z.string().transform(code => ({ code }))
const diagnosis = z.union([plain, z.looseObject({ code: z.string(), kind: words, main: flag, poa: words })])
const procedure = z.union([
  plain,
  z.looseObject({ code: z.string(), main: flag, date: words, begin: words, anaesthesia: words }),
])

export const recordSchema: z.ZodType<CaseRecord> = z.looseObject({
  caseId: words,
  settleId: words,
  personId: words,
  hospitalCode: words,
  sex: number,
  birthDate: words,
  ageYears: number,
  ageDays: number,
  birthWeights: z.array(number).nullish(),
  admitWeights: z.array(number).nullish(),
  newbornAdmitType: words,
  admitTime: words,
  dischargeTime: words,
  losDays: number,
  dischargeWay: number,
  diagnoses: z.array(diagnosis).nullish(),
  procedures: z.array(procedure).nullish(),
  mainProcedure: words,
  otherProcedures: z.array(z.string()).nullish(),
  pathologyDx: z.array(z.union([z.string(), z.looseObject({ code: z.string() }).transform(one => one.code)])).nullish(),
  bloodType: words,
  rhType: words,
  autopsy: words,
  ventMinutes: number,
  icuStays: z.array(z.looseObject({ begin: words, end: words })).nullish(),
  icuHours: number,
  totalCost: money,
  groupMeanCost: money,
  fees14: fees,
  fees24: fees,
  itemSum: money,
  funds: z.array(z.union([money, z.looseObject({ amount: money }).transform(fund => fund.amount)])).nullish(),
  selfPay: money,
  ownPay: money,
  accountPay: money,
  cashPay: money,
  diag_code_cnt: number,
  oprn_oprt_code_cnt: number,
  setlinfo: z.record(z.string(), z.unknown()).nullish(),
  source: z.looseObject({ form: words }).nullish(),
  message: words,
  joined: words,
})
