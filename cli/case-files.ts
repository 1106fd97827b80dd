import { type ReadOptions, readColumns } from '../grouper/index.ts'
import { Fault } from '../messages/index.ts'

/** A stage and the columns it needs; of each inner list one column is enough. */
const NEEDS = {
  weights: [['totalCost']],
  coefficients: [['totalCost'], ['hospital']],
  earlier: [['totalCost'], ['hospital'], ['month']],
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

/** Whether all files are case stores; stores and text do not mix in one run. */
export function areStores(files: readonly string[]): boolean {
  const stores = files.filter(file => file.endsWith('.dzc'))
  if (stores.length === 0 || stores.length === files.length) return stores.length > 0
  throw new Fault({
    code: 'STO-004',
    at: { file: stores[0]! },
    what: { zh: '病例库不能和文本文件一起使用。', en: 'Case stores and text files cannot be used in one run.' },
    fix: { zh: '请分两次运行，或先用 dianzhi encode 编码。', en: 'Use two runs, or dianzhi encode first.' },
  })
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
