import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import wabt from 'wabt'
import { CUT_CODE } from '../../../grouper/cases/cut-code.ts'

const FOLDER = join(import.meta.dirname, '../../../grouper/cases')

/** With UPDATE=1 the bytes are written anew. */
it('is what the text of the machine code stands for', async () => {
  const module = (await wabt()).parseWat('cut.wat', readFileSync(join(FOLDER, 'cut.wat'), 'utf8'), { simd: true })
  module.validate()
  const code = Buffer.from(module.toBinary({}).buffer).toString('base64')
  module.destroy()
  if (process.env.UPDATE === '1') {
    const file = join(FOLDER, 'cut-code.ts')
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace(CUT_CODE, () => code),
    )
  } else expect(CUT_CODE).toBe(code)
})
