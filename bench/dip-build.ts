import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileSink, home } from '../files/index.ts'
import { encodeCases, loadCatalogue } from '../grouper/index.ts'
import { readRegionParameters, writeYears } from '../synth/index.ts'
import { buildCatalogue, figuresOf, readBuildConfig, readWeightConfig, storeSource } from '../weights/index.ts'

/** `node bench/dip-build.ts [cases] [rounds] [threads]`: three years of a synthetic DIP region, from case stores to a local catalogue. */
const cases = Number(process.argv[2] ?? 1_000_000)
const rounds = Number(process.argv[3] ?? 3)
const threads = Number(process.argv[4] ?? 2)
const YEARS = 3

const folder = mkdtempSync(join(tmpdir(), 'dianzhi-dip-'))
try {
  const national = loadCatalogue('dip-3.0-sample')
  const perYear = Math.ceil(cases / YEARS)
  const files = writeYears({
    scheme: national,
    parameters: readRegionParameters(),
    seed: 7,
    cases: perYear,
    folder,
    years: YEARS,
  })
  const stores = files.map(({ file }) => {
    const store = join(folder, `${file}.dzc`)
    const out = fileSink(store)
    encodeCases(national, [join(folder, file)], { duplicates: 'keep', write: bytes => out.write(bytes) })
    out.finish()
    rmSync(join(folder, file))
    return store
  })
  const bytes = stores.reduce((all, store) => all + statSync(store).size, 0)
  const source = storeSource(national, stores)
  const options = {
    id: 'bench',
    name: { zh: '测速', en: 'bench' },
    years: [],
    config: readBuildConfig(),
    weights: readWeightConfig(home('policies', 'weights-dip.yaml')),
  }
  const seconds: number[] = []
  let cpu = Number.POSITIVE_INFINITY
  const hashes = new Set<string>()
  let told = ''
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    const before = process.cpuUsage()
    const build = await buildCatalogue(national, source, { ...options, threads })
    const { coverage } = figuresOf(build)
    seconds.push((performance.now() - start) / 1000)
    const { user, system } = process.cpuUsage(before)
    cpu = Math.min(cpu, (user + system) / 1e6)
    hashes.add(build.catalogue.hash)
    told = `${coverage.national.groups} national, ${coverage.local.groups} local, ${coverage.comprehensive.groups} comprehensive groups`
  }
  if (hashes.size !== 1) throw new Error(`${rounds} builds gave ${hashes.size} catalogues`)
  const sorted = [...seconds].sort((a, b) => a - b)
  const { maxRSS } = process.resourceUsage()
  console.log(
    `node ${process.version}, ${availableParallelism()} cores, ${threads} threads, stores of ${(bytes / 1e6).toFixed(0)} MB`,
  )
  console.log('| cases | builds | s, best | s, median | CPU s, best | peak memory, MB | catalogue |')
  console.log('|--:|--:|--:|--:|--:|--:|---|')
  console.log(
    `| ${(perYear * YEARS).toLocaleString('en-US')} | ${rounds} | ${sorted[0]!.toFixed(1)} | ${sorted[rounds >> 1]!.toFixed(1)} | ${cpu.toFixed(1)} | ${(maxRSS / 1024).toFixed(0)} | ${told} |`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}
