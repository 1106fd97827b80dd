import { readdirSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sameFile } from '../files/index.ts'
import { type Console, tell } from './console.ts'

/** What `weights` writes of all cases, and of those of one insurance scheme. */
const WEIGHT_TABLES: readonly string[] = [
  'weights.csv', 'coefficients.csv', 'quality.csv', 'group-coefficients.csv', 'hospital-coefficients.csv', 'statistics.csv', 'inversions.csv', 'indices.csv', 'mdc-quality.csv',
  'drift.csv', 'adjustments.csv', 'cost-structure.csv',
] // biome-ignore format: one list

/** Files that weights, settle, simulate, preview and reconcile may write into their folder. */
const OUTPUTS: Readonly<Record<'weights' | 'insurance' | 'settlement' | 'preview' | 'reconcile', readonly string[]>> = {
  weights: [
    ...WEIGHT_TABLES, 'scheme-quality.csv', 'weights.xlsx', 'config.yaml', 'report.html',
    'rejects.csv', 'unpayable.csv', 'run.json',
  ],
  /** The tables of one insurance scheme, in a folder below. */
  insurance: [...WEIGHT_TABLES, 'weights.xlsx'],
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
} // biome-ignore format: one list a command

/** Paths that a command may write below its folder. */
export function outputsIn(folder: string, command: keyof typeof OUTPUTS): string[] {
  return OUTPUTS[command].map(name => join(folder, name))
}

/**
 * Removes what an earlier run left and this one did not write, and folders below that are empty then: it must not stay
 * beside new results. Only files at `known` places go, the command's own outputs, and never one that the run has read.
 * `written` are names below `folder`.
 */
export function removeStale(
  console: Console,
  folder: string,
  known: readonly string[],
  { written, inputs }: { readonly written: readonly string[]; readonly inputs: readonly string[] },
): void {
  const kept = new Set(written.map(name => join(folder, name)))
  const stale = known.filter(
    path =>
      !kept.has(path) &&
      statSync(path, { throwIfNoEntry: false })?.isFile() === true &&
      !inputs.some(input => sameFile(input, path)),
  )
  if (stale.length === 0) return
  for (const path of stale) rmSync(path, { force: true })
  for (const inner of new Set(stale.map(dirname)))
    if (inner !== join(folder) && readdirSync(inner).length === 0) rmdirSync(inner)
  const names = stale.map(path => path.slice(join(folder, '/').length))
  tell(console, {
    zh: `已删除以前运行留下、本次未写出的结果：${names.join('、')}`,
    en: `Removed what an earlier run had left and this one did not write: ${names.join(', ')}`,
  })
}
