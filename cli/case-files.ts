import { type ReadOptions, readColumns } from '../grouper/index.ts'
import { Fault } from '../messages/index.ts'

/** A stage and the columns it needs; of each inner list one column is enough. */
const NEEDS = {
  weights: [['totalCost']],
  coefficients: [['totalCost'], ['hospital']],
  settlement: [['totalCost'], ['hospital'], ['insurance'], ['month'], ['fundPay', 'patientPay']],
} as const

const FIELDS: Readonly<Record<string, string>> = { totalCost: 'cost', fundPay: 'fund', patientPay: 'patient' }

/** Refuses case files whose header lacks a column of the stage, before a row is read. */
export function checkColumns(files: readonly string[], stage: keyof typeof NEEDS, open?: ReadOptions['open']): void {
  for (const file of files) {
    const fields = new Set(readColumns(file, open).map(column => column.field as string))
    const missing = NEEDS[stage].find(names => !names.some(name => fields.has(FIELDS[name] ?? name)))
    if (missing !== undefined) throw missingColumn(file, missing)
  }
}

function missingColumn(file: string, names: readonly string[]): Fault {
  const isCost = names.includes('totalCost')
  return new Fault({
    code: 'CAS-005',
    at: { file, line: 1 },
    what: {
      zh: `${isCost ? '权重和结算' : '该步骤'}需要列 ${names.join(' 或 ')}，文件中没有。`,
      en: `${isCost ? 'Weights and settlement need' : 'This step needs'} the column ${names.join(' or ')}; the file has none.`,
    },
    fix: {
      zh: '请补上该列（表头写法见 docs/input.md）。',
      en: 'Add it (docs/input.md lists the accepted headers).',
    },
  })
}
