import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileSink } from '../files/index.ts'
import { compileBook, createGroupColumns, encodeCases, groupBatch, loadScheme, readStore } from '../grouper/index.ts'
import { Decimal } from '../numbers/index.ts'
import { readRegionParameters, writeRegion } from '../synth/index.ts'
import {
  bootstrap,
  collectBatch,
  createCollector,
  describe,
  finishCollecting,
  type GroupedCases,
  indicesOf,
  prepare,
  readWeightConfig,
  relativeWeights,
  sortCosts,
  type TrimConfig,
  type WeightConfig,
  weigh,
} from '../weights/index.ts'

/**
 * `npm run bench:weights [cases] [replicates]`: every estimator from a case store, and the bootstrap. Before a time counts,
 * two estimators that must agree are compared, and the intervals of one and of all threads.
 */
const defaults = readWeightConfig()
const NO_LEVELS: WeightConfig = { ...defaults, coefficient: { ...defaults.coefficient, kind: 'none' } }
/** More cases than these are the same ones read again. */
const MOST = 1_000_000
const cases = Number(process.argv[2] ?? 1_000_000)
const replicates = Number(process.argv[3] ?? 1_000)
const threads = availableParallelism()
const scheme = loadScheme('chs-drg-2.0')
const book = compileBook(scheme)
const folder = mkdtempSync(join(tmpdir(), 'dianzhi-bench-weights-'))

try {
  const store = makeStore()
  const reading = timed(() => readCases(store))
  console.log(
    `node ${process.version}, ${threads} cores, ${reading.value.count.toLocaleString('en-US')} cases, chs-drg-2.0`,
  )
  const estimating = timed(() => estimateAll(reading.value))
  console.log('| step | seconds | of the processor |')
  console.log('|---|---|---|')
  row('case store → grouped cases with costs', reading.seconds)
  row('screen, and sort costs by group', estimating.value.sorting)
  for (const [name, seconds] of estimating.value.each) row(name, seconds)
  row('all of the above', {
    wall: reading.seconds.wall + estimating.seconds.wall,
    cpu: reading.seconds.cpu + estimating.seconds.cpu,
  })
  row(
    'indices by hospital, department, doctor and month',
    timed(() => indicesOf(weigh(reading.value, [], NO_LEVELS), NO_LEVELS)).seconds,
  )
  await sampling(reading.value)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Draws up to a million cases (seed 7) and encodes them; none of it is timed. */
function makeStore(): string {
  writeRegion({
    scheme,
    parameters: readRegionParameters(),
    seed: 7,
    cases: Math.min(cases, MOST),
    folder,
    name: 'cases.csv',
    schemeName: 'chs-drg-2.0',
  })
  const store = join(folder, 'cases.dzc')
  const out = fileSink(store)
  encodeCases(scheme, [join(folder, 'cases.csv')], {
    duplicates: 'keep',
    write: bytes => out.write(bytes),
    onReject: () => {},
  })
  out.finish()
  return store
}

type LabelTexts = Parameters<typeof collectBatch>[3]

function readCases(store: string): GroupedCases {
  const collector = createCollector(book, { need: 'weights' })
  let groups = createGroupColumns(0)
  for (let copy = 0; copy < Math.max(1, Math.round(cases / MOST)); copy++) {
    readStore(store, scheme, (batch, trailer) => {
      if (groups.leaf.length < batch.count) groups = createGroupColumns(batch.count)
      groupBatch(book, batch, groups)
      const labels = Object.fromEntries(Object.entries(trailer.labels).map(([name, texts]) => [name, { texts }]))
      collectBatch(collector, batch, groups, labels as LabelTexts, store)
    })
  }
  return finishCollecting(collector).cases
}

/** Every way to trim and to average, on costs that are sorted once. */
function estimateAll(grouped: GroupedCases): {
  readonly sorting: Seconds
  readonly each: readonly (readonly [string, Seconds])[]
} {
  const config = NO_LEVELS
  const sorting = timed(() => {
    const prepared = prepare(grouped, config)
    return { prepared, sorted: sortCosts(prepared) }
  })
  const { prepared, sorted } = sorting.value
  const { trim } = config
  const fences = (a: string): TrimConfig => ({ ...trim, method: 'iqr', iqr: { a: new Decimal(a), b: new Decimal(a) } })
  const bands = [
    ['1', '3'],
    ['2', '2.5'],
    [null, '2'],
  ].map(([upTo, high]) => ({ upTo: upTo === null ? null : new Decimal(upTo!), high: new Decimal(high!) }))
  const ways: readonly (readonly [string, TrimConfig, Partial<WeightConfig>])[] = [
    ['no trimming', { ...trim, method: 'none' }, {}],
    ['±3 SD', { ...trim, method: 'sd' }, {}],
    ['±3 SD of ln', { ...trim, method: 'lnsd' }, {}],
    ['IQR, fences 0.5', fences('0.5'), {}],
    ['IQR, fences 1.5', fences('1.5'), {}],
    ['IQR, fences 3', fences('3'), {}],
    ['percentiles 2.5 and 97.5', { ...trim, method: 'percentile' }, {}],
    [
      'multiples of the mean by weight band',
      { ...trim, method: 'multiple', multiple: { ...trim.multiple, bands } },
      {},
    ],
    ['IQR, iterated', { ...fences('1.5'), iterate: 10 }, {}],
    ['geometric mean', fences('1.5'), { average: 'geometric' }],
    [
      'Bühlmann–Straub, inversions repaired',
      fences('1.5'),
      { shrinkage: { method: 'buhlmannStraub', apply: 'all' }, inversions: 'pool' },
    ],
  ]
  const kept: number[] = []
  const each = ways.map(([name, way, changes]): readonly [string, Seconds] => {
    const { value, seconds } = timed(() => {
      const statistics = describe(prepared, way, sorted)
      return {
        statistics,
        weights: relativeWeights(grouped.groups, grouped.parents, statistics, { ...config, ...changes }),
      }
    })
    kept.push(value.statistics.groups.reduce((sum, one) => sum + one.kept.n, 0))
    return [name, seconds]
  })
  // Wider fences keep more, a further pass no more, no trimming all.
  const [none, , , narrow, middle, wide, , , again] = kept as unknown as readonly number[]
  const inOrder = none === sorted.costs.length && narrow! <= middle! && middle! <= wide! && again! <= middle!
  if (!inOrder) throw new Error(`kept cases are out of order: ${kept.join(', ')}`)
  return { sorting: sorting.seconds, each }
}

async function sampling(grouped: GroupedCases): Promise<void> {
  const { statistics, weights } = weigh(grouped, [], NO_LEVELS)
  const few = { ...NO_LEVELS, bootstrap: { ...NO_LEVELS.bootstrap, replicates: 20 } }
  const [one, all] = await Promise.all(
    [1, threads].map(n => bootstrap(statistics, weights, grouped.parents, few, { threads: n })),
  )
  if (JSON.stringify(one) !== JSON.stringify(all)) throw new Error('intervals differ between numbers of threads')
  const config = { ...NO_LEVELS, bootstrap: { ...NO_LEVELS.bootstrap, replicates } }
  const begin = clock()
  await bootstrap(statistics, weights, grouped.parents, config, { threads })
  row(`bootstrap, ${replicates.toLocaleString('en-US')} replicates, ${threads} threads`, since(begin))
}

/** Seconds by the clock and of the processor, all threads together: on a busy machine the second says more. */
interface Seconds {
  readonly wall: number
  readonly cpu: number
}

function clock(): Seconds {
  const { user, system } = process.cpuUsage()
  return { wall: performance.now() / 1000, cpu: (user + system) / 1e6 }
}

function since(begin: Seconds): Seconds {
  const now = clock()
  return { wall: now.wall - begin.wall, cpu: now.cpu - begin.cpu }
}

function timed<T>(work: () => T): { readonly value: T; readonly seconds: Seconds } {
  const begin = clock()
  const value = work()
  return { value, seconds: since(begin) }
}

function row(name: string, { wall, cpu }: Seconds): void {
  console.log(`| ${name} | ${wall.toFixed(2)} | ${cpu.toFixed(2)} |`)
}
