import { csvText, writeText } from '../files/index.ts'
import {
  compileBook,
  createGroupColumns,
  groupBatch,
  loadScheme,
  REJECT_TEXTS,
  type ReadSummary,
  type Reject,
  type RuleBook,
  readCases,
} from '../grouper/index.ts'
import { Fault } from '../messages/index.ts'
import { createProgress } from '../report/index.ts'
import { type Baseline, createBaseline, loadPolicy, type Policy, type Region, readRegion } from '../simulate/index.ts'
import {
  alignWeights,
  collectBatch,
  createCollector,
  finishCollecting,
  type GroupedCases,
  type Hospital,
  readWeightConfig,
  readWeightTable,
  type Unpayable,
  type Weighing,
  type WeightConfig,
  weigh,
} from '../weights/index.ts'
import type { Console } from './console.ts'

/** Cases that were read and grouped, with all that was left out on the way. */
export interface GroupedFiles {
  readonly book: RuleBook
  /** Name of a group by its code. */
  readonly nameOf: (group: string) => string
  readonly cases: GroupedCases
  readonly summary: ReadSummary
  readonly rejects: readonly (Reject & { readonly file: string })[]
  readonly unpayable: readonly Unpayable[]
}

/** Reads and groups case files that carry money, hospital, insurance and month. */
export function groupFiles(console: Console, files: readonly string[], schemeId: string): GroupedFiles {
  const book = compileBook(loadScheme(schemeId))
  const names = new Map(book.leaves.map(leaf => [leaf.drg, leaf.name]))
  const groups = createGroupColumns(32_768)
  const collector = createCollector(book)
  const rejects: (Reject & { file: string })[] = []
  const progress = createProgress({
    stream: console.err,
    now: () => performance.now(),
    label: console.lang === 'zh' ? '读入并分组' : 'read and group',
    lang: console.lang,
  })
  const summary = readCases(files, {
    dxTable: book.dxTable,
    pxTable: book.pxTable,
    batchSize: groups.leaf.length,
    onBatch(batch, labels) {
      groupBatch(book, batch, groups)
      collectBatch(collector, batch, groups, labels)
      progress.update(collector.count + collector.unpayable.length)
    },
    onReject: (reject, file) => rejects.push({ ...reject, file }),
  })
  progress.finish()
  needColumns(files, summary)
  return {
    book,
    nameOf: group => names.get(group) ?? '',
    ...finishCollecting(collector, summary.labels),
    summary,
    rejects,
  }
}

/** Weights and settlement need more columns than grouping does. */
function needColumns(files: readonly string[], { columns }: ReadSummary): void {
  columns.forEach((found, i) => {
    const fields = new Set(found.map(column => column.field))
    for (const [field, header] of [
      ['cost', 'totalCost'],
      ['hospital', 'hospital'],
      ['insurance', 'insurance'],
      ['month', 'month'],
    ] as const) {
      if (fields.has(field)) continue
      throw new Fault({
        code: 'CAS-005',
        at: { file: files[i]!, line: 1 },
        what: {
          zh: `结算需要列 ${header}，文件中没有。`,
          en: `Weights and settlement need the column ${header}; the file has none.`,
        },
        fix: {
          zh: '请补上该列（表头写法见 docs/input.md）。',
          en: 'Add it (docs/input.md lists the accepted headers).',
        },
      })
    }
  })
}

/** A region, grouped, weighed and settled. */
export interface SettledRegion extends GroupedFiles {
  readonly region: Region
  readonly policy: Policy
  readonly weighing: Weighing
  readonly config: WeightConfig
  readonly baseline: Baseline
}

/** Everything from the region file to the settlement. */
export function settleFile(console: Console, file: string): SettledRegion {
  const region = readRegion(file)
  const policy = loadPolicy(region.policy)
  const config = configFor(policy)
  const grouped = groupFiles(console, region.cases, region.scheme)
  const weighing = weigh(grouped.cases, listed(grouped.cases, region.hospitals), config)
  const weights =
    region.weights === null
      ? weighing.weights
      : alignWeights(readWeightTable(region.weights, weighing.weights.meanCostExact), grouped.cases.groups)
  const baseline = createBaseline({
    cases: grouped.cases,
    weights,
    coefficients: weighing.coefficients,
    policy,
    budgets: region.budgets,
    hospitals: region.hospitals,
  })
  return { ...grouped, region, policy, weighing, config, baseline }
}

/** The default way to derive weights, with the kind of coefficient that the policy asks for. */
function configFor(policy: Policy): WeightConfig {
  const config = readWeightConfig()
  const kind = policy.coefficientKind
  return kind === 'hospital' ? config : { ...config, coefficient: { ...config.coefficient, kind } }
}

/** Hospitals of the table that have cases, in the order of the cases' labels. */
function listed(cases: GroupedCases, hospitals: readonly Hospital[]): readonly Hospital[] {
  const used = new Set(cases.hospitals)
  return hospitals.filter(hospital => used.has(hospital.code))
}

/** Writes what was left out: rejected rows, and cases that were read and cannot be paid. Returns the files written. */
export function writeLeftOut(console: Console, folder: string, { rejects, unpayable }: GroupedFiles): string[] {
  const written: string[] = []
  if (rejects.length > 0) {
    const rows = rejects.map(r => [r.file, r.line, r.reason, r.field, REJECT_TEXTS[r.reason][console.lang], r.row])
    writeText(`${folder}/rejects.csv`, csvText(['file', 'line', 'reason', 'field', 'message', 'row'], rows))
    written.push('rejects.csv')
  }
  if (unpayable.length > 0) {
    writeText(
      `${folder}/unpayable.csv`,
      csvText(
        ['line', 'reason'],
        unpayable.map(u => [u.line, u.reason]),
      ),
    )
    written.push('unpayable.csv')
  }
  return written
}
