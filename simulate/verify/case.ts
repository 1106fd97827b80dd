import { z } from 'zod'
import { say } from '../../files/index.ts'
import { Fault, faultText, type Text } from '../../messages/index.ts'
import { Decimal, formatFen, POINT_UNIT } from '../../numbers/index.ts'
import type { VolumeCount } from '../policy/case-rules.ts'
import { POLICY_SCHEMA } from '../policy/document.ts'
import { INSURANCE, insuranceCode } from '../policy/insurance.ts'
import { loadPolicy, policyFile } from '../policy/load.ts'
import { compilePolicy, type Policy } from '../policy/policy.ts'
import type { CaseDetail, CaseInput } from '../settle/case-input.ts'
import { type CasePayment, payCase } from '../settle/case-payment.ts'
import { plain } from '../settle/earning.ts'
import type { WorkedCase } from './coverage.ts'
import { type Answer, ExampleProblem } from './example.ts'
import { amount, decimal, fen, numeral, problemOf, readInputs } from './inputs.ts'

const count = z.string().regex(/^\d{1,5}$/, say('请写带引号的整数', 'a whole number in quotes'))

const CASE = z.strictObject({
  group: z.string().optional(),
  groupCode: z.string().optional(),
  groupName: z.string().optional(),
  parent: z.string().optional(),
  groupStatus: z.enum(['grouped', 'unstable', 'ambiguous', 'ungrouped', 'invalid']).default('grouped'),
  rw: numeral.optional(),
  likeRw: numeral.optional(),
  stable: z.boolean().default(true),
  coefficient: numeral.default('1'),
  level: z.string().default('3'),
  hospital: z.string().optional(),
  hospitalClass: z.string().optional(),
  scheme: z.string().regex(INSURANCE).default('employee'),
  cost: amount,
  los: count.optional(),
  age: count.optional(),
  ageDays: count.optional(),
  way: z
    .string()
    .regex(/^\d$/, say('离院方式请写带引号的一位数字', 'a discharge way is one digit in quotes'))
    .optional(),
  department: z.string().optional(),
  daySurgery: z.boolean().optional(),
  tcm: z.boolean().optional(),
  grassroots: z.boolean().optional(),
  bedDay: z.boolean().optional(),
  auxiliary: z.array(z.strictObject({ type: z.string(), class: z.string(), coefficient: numeral })).optional(),
  accepted: z.boolean().optional(),
  reviewAmount: amount.optional(),
  reviewPoints: numeral.optional(),
  readmittedAfter: count.optional(),
  redirect: z.string().optional(),
  addOns: z.array(z.strictObject({ item: z.string(), cost: amount })).optional(),
})

/** A group without enough cases is grouped all the same. */
const STATUS = { grouped: 0, unstable: 0, ambiguous: 1, ungrouped: 2, invalid: 3 } as const

/** The facts of one case as an example states them. */
type GivenCase = z.output<typeof CASE>

const CASE_RULE = z.strictObject({
  pack: z.union([z.string(), z.record(z.string(), z.unknown())]),
  case: CASE,
  pointValue: numeral.optional(),
  meanCost: numeral.optional(),
  groupMean: numeral.optional(),
  levelMean: numeral.optional(),
  meanDays: numeral.optional(),
  groupCases: count.optional(),
  casesBefore: count.optional(),
  monthCases: count.optional(),
})

/** One case paid by a policy: a pack by id or path, or its fields as in `policy.yaml`. */
export function caseAnswer(inputs: unknown, folder: string): Answer {
  return paymentAnswer(workedCase(inputs, folder).payment)
}

/** The case of an example and its payment; `pack` is the file of its policy, null where the example states the fields. */
export function workedCase(inputs: unknown, folder: string): WorkedCase & { readonly pack: string | null } {
  const given = readInputs(inputs, CASE_RULE)
  const policy =
    typeof given.pack === 'string'
      ? loadPolicy(given.pack, folder)
      : policyOf(openedAt(given.pack, given.pointValue), 'inputs.pack')
  const one = caseOf(policy, given.case)
  const prices = {
    meanCost: given.meanCost === undefined ? null : decimal(given.meanCost),
    // An example that gives no final value is paid at the year-start value of its pack.
    pointValue: given.pointValue === undefined ? (policy.pointValue(one) ?? null) : decimal(given.pointValue),
    ...(given.groupMean === undefined ? {} : { groupMean: plain(decimal(given.groupMean)) }),
    ...(given.levelMean === undefined ? {} : { levelMean: plain(decimal(given.levelMean)) }),
    ...(given.meanDays === undefined ? {} : { meanDays: plain(decimal(given.meanDays)) }),
    ...(given.groupCases === undefined && given.monthCases === undefined
      ? {}
      : { volume: volumeOf(given.groupCases, given.casesBefore, given.monthCases) }),
  }
  const pack = typeof given.pack === 'string' ? policyFile(given.pack, folder) : null
  return { one, payment: payCase(policy, one, prices), pack }
}

/** What counts against a cap: a year of `groupCases`, or `monthCases` after `casesBefore` of earlier months. */
function volumeOf(cases = '0', before = '0', inMonth = cases): VolumeCount {
  return { cases: new Decimal(cases), before: new Decimal(before), inMonth: new Decimal(inMonth) }
}

/** The fields of a pack whose ratio asks for a point value that only the example gives: its year-start value. */
function openedAt(pack: Readonly<Record<string, unknown>>, pointValue: string | undefined): typeof pack {
  const isAsked = String(pack.ratioBase).startsWith('pv') && pack.pointValue === undefined
  return isAsked && pointValue !== undefined ? { ...pack, pointValue } : pack
}

/** The answer of a payment: its own fields, and points and pay as the examples name them. */
export function paymentAnswer(payment: CasePayment): Answer {
  const { class: name, ratio, limit, coefficient, standard, equivalent, pay, separate } = payment
  const known = { ratio, base: payment.base, limit, standard, points: equivalent }
  const fields = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== null))
  return {
    fields: {
      ...fields,
      class: name,
      coefficient,
      separate: formatFen(separate),
      ...(pay === null ? {} : { pay: formatFen(pay) }),
    },
    statement: payment.trace.map(line => line.text),
  }
}

/** A policy from the fields of an example; what every file must state and a rule does not need is filled in. */
export function policyOf(fields: Readonly<Record<string, unknown>>, root: string): Policy {
  const given = {
    id: 'example',
    title: { zh: '示例', en: 'Example' },
    validFrom: '1900-01-01',
    policyBasis: [{ document: 'example' }],
    ...fields,
  }
  const result = POLICY_SCHEMA.safeParse(given)
  if (!result.success) throw problemOf(POLICY_SCHEMA, given, result.error, root)
  return compilePolicy(result.data)
}

/** The case with its weight; under a policy of scores `rw` is the score of the group. */
function caseOf({ document, scale }: Policy, given: GivenCase): CaseInput {
  const group = given.group ?? given.groupCode ?? ''
  return {
    group,
    parent: given.parent ?? group.slice(0, 3),
    status: STATUS[given.groupStatus],
    weight: given.rw === undefined ? null : decimal(given.rw).div(document.unit === 'score' ? scale : 1),
    ...(given.likeRw === undefined
      ? {}
      : { likeWeight: decimal(given.likeRw).div(document.unit === 'score' ? scale : 1) }),
    stable: given.stable && given.groupStatus !== 'unstable',
    coefficient: new Decimal(given.coefficient),
    level: given.level,
    hospital: given.hospital,
    ...(given.hospitalClass === undefined ? {} : { hospitalClass: given.hospitalClass }),
    insurance: insuranceCode(given.scheme),
    cost: fen(given.cost),
    los: given.los === undefined ? null : Number(given.los),
    detail: detailOf(given),
  }
}

function detailOf(given: GivenCase): CaseDetail {
  const { department, daySurgery, tcm, grassroots, bedDay, accepted, redirect, addOns, auxiliary } = given
  const number = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text))
  const detail = {
    age: number(given.age),
    ageDays: number(given.ageDays),
    way: number(given.way),
    readmittedAfter: number(given.readmittedAfter),
    department,
    daySurgery,
    tcm,
    grassroots,
    bedDay,
    auxiliary,
    accepted,
    decided: decidedOf(given),
    redirect,
    addOns: addOns?.map(({ item, cost }) => ({ item, cost: fen(cost) })),
  }
  return Object.fromEntries(Object.entries(detail).filter(([, value]) => value !== undefined))
}

function decidedOf({ reviewAmount, reviewPoints }: GivenCase): CaseDetail['decided'] {
  if (reviewAmount !== undefined) return { unit: 'money', value: fen(reviewAmount) }
  if (reviewPoints === undefined) return undefined
  return { unit: 'points', value: decimal(reviewPoints).times(POINT_UNIT).round().toNumber() }
}

/** What an example cannot be run for, as a text: its own problem or the fault of a rule; anything else is a crash. */
export function problemText(error: unknown): Text {
  if (error instanceof ExampleProblem) return error.text
  if (!(error instanceof Fault)) throw error
  return { zh: faultText(error, 'zh'), en: faultText(error, 'en') }
}
