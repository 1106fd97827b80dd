import { listCatalogues, listSchemes, loadCatalogue, loadScheme } from '../grouper/index.ts'
import { compareDipEngines } from './grouper/dip/engines.ts'
import { variants } from './grouper/dip/variants.ts'
import { compareEngines } from './grouper/drg/engines.ts'
import { builtCatalogue } from './weights/dip/built.ts'
import { coverage, knownRegion, shrinkageGain } from './weights/known-region.ts'

/**
 * The long form of the tests: kernel against interpreter on random cases of every shipped scheme and DIP catalogue, and
 * of catalogues that rule otherwise or were built from a synthetic region.
 * `node test/nightly.ts [cases per scheme, default 1000000] [seed] [drg|dip|weights: only this part]`
 */
const count = Number(process.argv[2] ?? 1_000_000)
const seed = Number(process.argv[3] ?? 1)
const part = process.argv[4]
const isWanted = (name: 'drg' | 'dip' | 'weights'): boolean => part === undefined || part === name
let failed = 0
for (const id of isWanted('drg') ? listSchemes() : []) {
  const { cases, results, difference } = compareEngines(loadScheme(id), count, seed)
  if (difference !== undefined) failed++
  console.log(difference ?? `${id}: ${cases.toLocaleString('en-US')} random cases agree, ${results} different results`)
}
if (isWanted('dip')) {
  const built = await builtCatalogue(100_000, seed)
  for (const catalogue of [...listCatalogues().map(id => loadCatalogue(id)), built]) {
    const { id } = catalogue.manifest
    const local = catalogue === built ? `, built from a synthetic region (${built.groups.length} groups)` : ''
    for (const [i, each] of [catalogue, ...(local === '' ? variants(catalogue) : [])].entries()) {
      const { cases, results, difference } = compareDipEngines(each, i === 0 ? count : Math.ceil(count / 10), seed)
      if (difference !== undefined) failed++
      const name = i === 0 ? `${id}${local}` : `${id}, matching rules ${i}`
      console.log(
        difference ?? `${name}: ${cases.toLocaleString('en-US')} random cases agree, ${results} different results`,
      )
    }
  }
}

if (isWanted('weights')) {
  const region = knownRegion(20_000, 7)
  const { intervals, held } = await coverage(region, { replicates: 200, draws: 400, threads: 2 })
  const share = held / intervals
  if (share < 0.88 || share > 0.92) failed++
  console.log(`weights: ${(share * 100).toFixed(2)} % of ${intervals} intervals of 90 % hold the truth`)
  const { raw, shrunk } = shrinkageGain(region, 200)
  if (shrunk >= raw) failed++
  console.log(`weights: mean squared error ${raw.toFixed(5)} of raw means, ${shrunk.toFixed(5)} shrunk`)
}
process.exitCode = failed === 0 ? 0 : 1
