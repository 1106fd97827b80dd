import { listSchemes, loadScheme } from '../grouper/index.ts'
import { compareEngines } from './grouper/drg/engines.ts'

/**
 * The long form of the tests: kernel against interpreter on random cases of every shipped scheme.
 * `node test/nightly.ts [cases per scheme, default 1000000] [seed]`
 */
const count = Number(process.argv[2] ?? 1_000_000)
const seed = Number(process.argv[3] ?? 1)
let failed = 0
for (const id of listSchemes()) {
  const { cases, results, difference } = compareEngines(loadScheme(id), count, seed)
  if (difference !== undefined) failed++
  console.log(difference ?? `${id}: ${cases.toLocaleString('en-US')} random cases agree, ${results} different results`)
}
process.exitCode = failed === 0 ? 0 : 1
