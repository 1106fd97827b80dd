import type { Found } from './detect.ts'
import type { SourceField } from './field.ts'
import type { Mapping } from './mapping.ts'

/** Forms whose columns go by name: their mapping need not list them. */
const NAMED: ReadonlySet<string> = new Set(['hqms', 'n041', 'platform', 'canonical'])

/** A mapping that says of a file what was found, for a user to check, change and keep. */
export function proposeMapping(found: Found, codeSystem: string | undefined): Mapping {
  const { plans, head, header, unknown } = found
  const [plan] = plans
  const columns: Record<string, SourceField | 'ignore'> = {}
  const notes: string[] = found.evidence.map(line => `${line.zh} / ${line.en}`)
  if (plan !== undefined && header !== undefined) {
    if (!NAMED.has(plan.form)) for (const { header: name, field } of plan.columns) columns[name] = field as SourceField
    for (const { header: name } of unknown) columns[name] = 'ignore'
    const fields = new Map(plan.columns.map(column => [column.field, column.header]))
    const self = fields.get('selfPay')
    if (self !== undefined && !['fund', 'patient', 'ownPay'].some(field => fields.has(field))) {
      columns[self] = 'patient'
      notes.push(
        `${self} 只含自付，不含自费：按它结算时个人支付偏低、基金应付偏高 / ${self} holds what the patient pays within the scope only: settled by it, the patient's part is too low and the fund's too high`,
      )
    }
  }
  const isText = head.container === 'csv' || head.container === 'json'
  return {
    ...(plan === undefined ? {} : { form: plan.form }),
    ...(isText ? { encoding: head.encoding } : {}),
    ...(head.container === 'csv' && plan !== undefined
      ? { delimiter: String.fromCharCode(plan.delimiter) as ',' }
      : {}),
    ...(header === undefined ? {} : { headerLine: header.row.line }),
    ...(Object.keys(columns).length === 0 ? {} : { columns }),
    ...(plan === undefined
      ? {}
      : {
          infantAgeUnit: plan.rules.infantAgeUnit,
          weightUnit: plan.rules.weightUnit,
          mainProcedure: plan.rules.mainProcedure,
        }),
    ...(Object.keys(plan?.rules.values ?? {}).length === 0 ? {} : { values: plan!.rules.values }),
    ...(codeSystem === undefined ? {} : { codeSystem }),
    notes,
  } as Mapping
}
