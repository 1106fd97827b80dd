import type { CaseField } from '../../grouper/index.ts'
import { PLAIN, type PlainPlan } from './plain-kernel.ts'
import type { SourcePlan } from './plan.ts'

/** What the kernel of plain rows does with each field; all others leave their row to the assembler. */
const OPS: Readonly<Record<string, readonly [number, CaseField | undefined]>> = {
  id: [PLAIN.copy, 'id'],
  admission: [PLAIN.copy, 'key'],
  settleId: [PLAIN.copy, 'key'],
  sex: [PLAIN.sex, 'sex'],
  age: [PLAIN.age, undefined],
  infantAge: [PLAIN.infantAge, undefined],
  birthDate: [PLAIN.birth, undefined],
  admitTime: [PLAIN.admit, undefined],
  dischargeTime: [PLAIN.discharge, undefined],
  los: [PLAIN.los, 'los'],
  dischargeWay: [PLAIN.digit, 'dischargeWay'],
  dx: [PLAIN.code, 'dx'],
  otherDx: [PLAIN.code, 'dx'],
  px: [PLAIN.code, 'px'],
  otherPx: [PLAIN.code, 'px'],
  cost: [PLAIN.money, 'cost'],
  hospital: [PLAIN.copy, 'hospital'],
  insurance: [PLAIN.mapped, 'insurance'],
  department: [PLAIN.copy, 'department'],
  selfPay: [PLAIN.ignored, undefined],
  drugPart: [PLAIN.part, 'drug'],
  consumablePart: [PLAIN.part, 'consumable'],
  treatmentPart: [PLAIN.part, 'treatment'],
}

/** The plan of a wide table for the kernel; undefined where its rows need more than that. */
export function plainPlan(plan: SourcePlan): PlainPlan | undefined {
  const fields = plan.columns.map(column => column.field)
  const at = (field: CaseField): number => plan.output.findIndex(column => column.field === field)
  const { values } = plan.rules
  const others = Object.keys(values).some(field => field !== 'insurance')
  const needed = ['birthDate', 'admitTime', 'dischargeTime', 'los', 'dx', 'id']
  const twoKeys = fields.includes('settleId') && fields.includes('admission')
  if (plan.refunds !== undefined) return undefined
  if (others || twoKeys || plan.rules.joinsCodes || plan.sides.length > 0) return undefined
  if (!needed.every(field => fields.includes(field)) || fields.includes('month') || fields.includes('settleDate'))
    return undefined
  const insurance = Object.entries(values.insurance ?? {}).filter(([text]) => /^[0-9A-Z]{1,2}$/.test(text))
  return {
    ops: Uint8Array.from(fields, field => OPS[field]?.[0] ?? PLAIN.other),
    columns: Int8Array.from(fields, field => {
      const output = OPS[field]?.[1]
      return output === undefined ? -1 : at(output)
    }),
    isMain: Uint8Array.from(fields, field => (field === 'dx' || field === 'px' ? 1 : 0)),
    width: plan.output.length,
    age: at('age'),
    days: at('ageDays'),
    month: at('month'),
    mapped: at('insurance'),
    dx: at('dx'),
    px: at('px'),
    values: new Map(
      insurance.map(([text, value]) => [
        [...Buffer.from(text)].reduce((all, byte) => all * 256 + byte, 0),
        Buffer.from(value),
      ]),
    ),
  }
}
