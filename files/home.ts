import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The package's own folder, found from `from` upwards, so that sources and compiled files see the same data. */
function packageRoot(from: string): string {
  let folder = from
  while (!(existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'schemes')))) {
    const above = dirname(folder)
    if (above === folder) throw new Error(`the package's data folders are missing above ${from}`)
    folder = above
  }
  return folder
}

const ROOT = packageRoot(import.meta.dirname)

/** Path of a file or folder that ships with the package, e.g. `home('schemes', 'chs-drg-2.0')`. */
export function home(...parts: string[]): string {
  return join(ROOT, ...parts)
}

/** Address of a module beside another, in the form in which that one runs: a source as it is, or what the compiler made of it. */
export function beside(address: string, name: string): string {
  return new URL(`./${name}${address.endsWith('.ts') ? '.ts' : '.js'}`, address).href
}
