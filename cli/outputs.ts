import { join } from 'node:path'

/** Files that weights, settle, simulate, preview and reconcile may write into their folder. */
const OUTPUTS = {
  weights: [
    'weights.csv', 'coefficients.csv', 'quality.csv', 'group-coefficients.csv', 'hospital-coefficients.csv', 'statistics.csv', 'inversions.csv', 'indices.csv', 'mdc-quality.csv',
    'drift.csv', 'adjustments.csv', 'cost-structure.csv', 'scheme-quality.csv', 'weights.xlsx', 'config.yaml', 'report.html',
    'rejects.csv', 'unpayable.csv', 'run.json',
  ],
  settlement: [
    'weights.csv', 'computed-weights.csv', 'coefficients.csv', 'quality.csv', 'group-coefficients.csv', 'hospital-coefficients.csv', 'pools.csv',
    'budget.csv', 'parts.csv', 'by-hospital.csv', 'by-insurance.csv', 'by-month.csv', 'by-group.csv', 'by-hospital-group.csv', 'by-department.csv', 'by-doctor.csv', 'by-scheme.csv', 'levels.csv', 'departments.xlsx', 'clearing.csv', 'payments.csv', 'carried-over.csv', 'account.csv', 'settlement.xlsx', 'clearing.xlsx',
    'scenarios.csv', 'scenario-pools.csv', 'scenario-causes.csv', 'scenario-parts.csv', 'scenario-inequality.csv', 'scenarios.xlsx', 'rejects.csv', 'unpayable.csv', 'report.html', 'run.json',
  ],
  preview: [
    'cases.csv', 'by-month.csv', 'by-insurance.csv', 'by-department.csv', 'by-doctor.csv', 'by-group.csv', 'by-class.csv',
    'statement.html', 'rejects.csv', 'unpayable.csv', 'run.json',
  ],
  reconcile: ['reconciliation.csv', 'reconciliation.html', 'rejects.csv'],
} as const // biome-ignore format: one list a command

/** Paths that a command may write below its folder. */
export function outputsIn(folder: string, command: keyof typeof OUTPUTS): string[] {
  return OUTPUTS[command].map(name => join(folder, name))
}
