import { existsSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { Fault } from '../messages/index.ts'

/** Files that weights, settle and simulate may write into their folder. */
export const OUTPUTS = {
  weights: ['weights.csv', 'coefficients.csv', 'quality.csv', 'group-coefficients.csv', 'rejects.csv', 'unpayable.csv'],
  settlement: [
    'weights.csv', 'computed-weights.csv', 'coefficients.csv', 'quality.csv', 'group-coefficients.csv', 'pools.csv',
    'by-hospital.csv', 'by-month.csv', 'by-group.csv', 'by-hospital-group.csv', 'clearing.csv', 'payments.csv',
    'scenarios.csv', 'scenario-pools.csv', 'rejects.csv', 'unpayable.csv', 'report.html',
  ],
} as const // biome-ignore format: one list a command

/** Refuses a folder in which an output would take the place of a file that the run reads. */
export function refuseOverwriting(folder: string, names: readonly string[], inputs: readonly string[]): void {
  const read = new Set(inputs.map(real))
  const hit = names.map(name => join(folder, name)).find(path => read.has(real(path)))
  if (hit === undefined) return
  throw new Fault({
    code: 'FIL-007',
    at: { file: hit, field: '--out' },
    what: {
      zh: '结果会覆盖本次运行读取的文件。',
      en: 'The result would overwrite a file that this run reads.',
    },
    fix: { zh: '请用 --out 指定另一个文件夹。', en: 'Name another folder with --out.' },
  })
}

/** A path without links; of a file that is not there yet, that of its folder. */
function real(path: string): string {
  const whole = resolve(path)
  if (existsSync(whole)) return realpathSync(whole)
  return dirname(whole) === whole ? whole : join(real(dirname(whole)), basename(whole))
}
