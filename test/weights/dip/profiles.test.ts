import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileSink, home } from '../../../files/index.ts'
import {
  compileDipBook,
  createDipColumns,
  type DipCatalogue,
  encodeCases,
  groupDipBatch,
  loadCatalogue,
} from '../../../grouper/index.ts'
import { buildCatalogue } from '../../../weights/dip/build.ts'
import { collectCases } from '../../../weights/dip/build-cases.ts'
import { readBuildConfig } from '../../../weights/dip/build-config.ts'
import { builtGroupsCsv, comparisonCsv, figuresOf } from '../../../weights/dip/build-figures.ts'
import { matchAgain, matchProfiles, NO_GROUP_NUMBER } from '../../../weights/dip/build-match.ts'
import { type CaseSource, storeSource } from '../../../weights/dip/build-source.ts'
import { readWeightConfig } from '../../../weights/index.ts'
import { writeRandomCases } from '../../grouper/dip/engines.ts'
import { MATCHINGS, variants } from '../../grouper/dip/variants.ts'
import { temporaryFolder } from '../../temporary.ts'

const folder = temporaryFolder()
const sample = loadCatalogue('dip-3.0-sample')
let files = 0

/** Random cases near the rows of a catalogue, of two years, as stores of small blocks. */
function randomSource(catalogue: DipCatalogue, count: number, stores = 1): CaseSource {
  const paths = Array.from({ length: stores }, (_, seed) => {
    const file = writeRandomCases(catalogue, { count, seed, file: join(folder, `${files}.csv`) })
    const [header, ...rows] = readFileSync(file, 'utf8').trimEnd().split('\n')
    const dated = rows.map((row, i) => `${row},${2024 + (i % 2)}-0${1 + (i % 9)}`)
    writeFileSync(file, [`${header},month`, ...dated, ''].join('\n'))
    const store = join(folder, `${files++}.dzc`)
    const out = fileSink(store)
    encodeCases(catalogue, [file], { duplicates: 'keep', batchSize: 700, write: bytes => out.write(bytes) })
    out.finish()
    return store
  })
  return storeSource(catalogue, paths)
}

/** Position of the group of every case, by the kernel on the cases themselves. */
function groupsOfCases(catalogue: DipCatalogue, source: CaseSource): number[] {
  const book = compileDipBook(catalogue)
  const position = new Map(catalogue.groups.map(({ code }, g) => [code, g]))
  const groups: number[] = []
  source.each(batch => {
    const columns = createDipColumns(batch.count)
    groupDipBatch(book, batch, columns)
    for (let i = 0; i < batch.count; i++) {
      groups.push(position.get(book.leaves[columns.leaf[i]!]!.code) ?? NO_GROUP_NUMBER)
    }
  })
  return groups
}

test.each([
  ['as shipped', sample] as const,
  ...variants(sample).map((each, i) => [JSON.stringify(MATCHINGS[i]), each] as const),
])(
  'cases of one profile are in one group, that of the case itself, also when rows are taken out: %s',
  { timeout: 60_000 },
  async (_, catalogue) => {
    const source = randomSource(catalogue, 2_000)
    const { profiles, columns } = await collectCases(catalogue, source, [])
    expect(profiles.count).toBeLessThanOrEqual(columns.profile.length)
    const { group } = matchProfiles(catalogue, profiles)
    expect([...columns.profile].map(k => group[k])).toEqual(groupsOfCases(catalogue, source))
    // Comprehensive groups are formed from what rows leave, so they are not there while rows are taken out.
    const core = { ...catalogue, groups: catalogue.groups.filter(({ layer }) => layer !== 'ZH') }
    const manifest = { ...core.manifest, matching: { ...core.manifest.matching, comprehensive: 'none' as const } }
    const whole = { ...core, manifest }
    const fewer = { ...whole, groups: whole.groups.filter((_, g) => g % 3 !== 0) }
    const all = matchProfiles(whole, profiles).group
    const moved = all.map(g => (g === NO_GROUP_NUMBER ? g : fewer.groups.indexOf(whole.groups[g]!)))
    const picks = Uint32Array.from([...all.keys()].filter(k => all[k] !== NO_GROUP_NUMBER && all[k]! % 3 === 0))
    matchAgain(fewer, profiles, picks, moved)
    expect([...columns.profile].map(k => moved[k])).toEqual(groupsOfCases(fewer, source))
  },
)

test('a build gives the same bytes for 1, 2 and 7 threads and any order of the stores', {
  timeout: 120_000,
}, async () => {
  const source = randomSource(sample, 3_000, 3)
  const reversed = storeSource(sample, source.stores.map(({ file }) => file).reverse())
  const config = readBuildConfig()
  const options = {
    id: 'local',
    name: { zh: '本地', en: 'local' },
    years: [],
    config: { ...config, stability: { ...config.stability, replicates: 20 } },
    weights: readWeightConfig(home('policies', 'weights-dip.yaml')),
  }
  const told: string[] = []
  for (const [from, threads] of [
    [source, 1],
    [source, 2],
    [source, 7],
    [reversed, 2],
  ] as const) {
    const build = await buildCatalogue(sample, from, { ...options, threads })
    const figures = figuresOf(build)
    told.push([build.catalogue.hash, builtGroupsCsv(figures, build.cases.years), comparisonCsv(figures)].join('\n'))
  }
  expect(new Set(told).size).toBe(1)
  expect(told[0]!.split('\n').length).toBeGreaterThan(550)
})
