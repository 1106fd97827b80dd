import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { check } from './check.ts'
import { csvVariant } from './csv.ts'
import { encoded } from './encoded.ts'
import { explainer } from './explainer.ts'
import { openInput } from './input.ts'
import { naive } from './naive.ts'
import type { Timed, Variant } from './variant.ts'

/**
 * Variants that each run in a process of its own, as commands do and the C twins: in one process the engine compiles what
 * they share for all of them, and the tables of one take the place of another's near the processor. As a program, this
 * file is such a process: `apart.ts NAME FOLDER`.
 */
const VARIANTS: readonly Variant[] = [csvVariant(1), csvVariant(2), check, encoded, naive, explainer]

/** The variants, to be run in turn, and what ends their processes. */
export function variantsApart(folder: string): { variants: Variant[]; end: () => void } {
  const started = VARIANTS.map(variant => {
    const child = fork(fileURLToPath(import.meta.url), [variant.name, folder])
    const ask = (): Promise<Timed> =>
      new Promise((resolve, reject) => {
        const ended = (): void => reject(new Error(`${variant.name} ended`))
        child.once('exit', ended)
        child.once('message', answer => {
          child.off('exit', ended)
          resolve(answer as Timed)
        })
        child.send('run')
      })
    return { child, variant: { ...variant, run: ask } }
  })
  const end = (): void => {
    for (const { child } of started) child.kill()
  }
  return { variants: started.map(({ variant }) => variant), end }
}

const [name, folder] = process.argv.slice(2)
const own = process.send === undefined ? undefined : VARIANTS.find(variant => variant.name === name)
if (own !== undefined) {
  const input = openInput(folder!)
  process.on('message', async () => process.send!(await own.run(input)))
}
