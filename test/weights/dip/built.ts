import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileSink, home } from '../../../files/index.ts'
import { type DipCatalogue, encodeCases, loadCatalogue, writeDipPack } from '../../../grouper/index.ts'
import { readRegionParameters, writeYears } from '../../../synth/index.ts'
import { buildCatalogue, readBuildConfig, readWeightConfig, storeSource } from '../../../weights/index.ts'

/** The local catalogue of a synthetic region of three years, built from the sample and read back from its pack. */
export async function builtCatalogue(casesPerYear: number, seed: number): Promise<DipCatalogue> {
  const folder = mkdtempSync(join(tmpdir(), 'dip-built-'))
  try {
    const national = loadCatalogue('dip-3.0-sample')
    const files = writeYears({
      scheme: national,
      parameters: readRegionParameters(),
      seed,
      cases: casesPerYear,
      folder,
      years: 3,
    })
    const stores = files.map(({ file }) => {
      const store = join(folder, `${file}.dzc`)
      const out = fileSink(store)
      encodeCases(national, [join(folder, file)], { duplicates: 'keep', write: bytes => out.write(bytes) })
      out.finish()
      return store
    })
    const { catalogue } = await buildCatalogue(national, storeSource(national, stores), {
      id: 'dip-synthetic',
      name: { zh: '合成地区', en: 'synthetic region' },
      years: [],
      config: readBuildConfig(),
      weights: readWeightConfig(home('policies', 'weights-dip.yaml')),
    })
    writeDipPack(catalogue, join(folder, 'pack'))
    return loadCatalogue(join(folder, 'pack'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
