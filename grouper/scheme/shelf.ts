import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { home } from '../../files/index.ts'
import { PACK_FILES } from './layout.ts'

/** Ids of the schemes that ship with the package. */
export function listSchemes(): string[] {
  return readdirSync(home('schemes'))
    .filter(id => existsSync(home('schemes', id, PACK_FILES.manifest)))
    .sort()
}

/** The pack folder of a scheme by its id: a built-in one, else a folder of that name beside `pack`. */
export function folderOf(id: string, pack: string): string | undefined {
  if (listSchemes().includes(id)) return home('schemes', id)
  const neighbour = join(dirname(pack), id)
  return existsSync(join(neighbour, PACK_FILES.manifest)) ? neighbour : undefined
}

/** The ids that a misspelt one may mean: a name with DIP in it means no DRG scheme, nor the other way round. */
export function sameKind(word: string, ids: readonly string[]): string[] {
  const [dip, drg] = [/dip/i, /drg/i].map(kind => kind.test(word))
  return ids.filter(id => dip === drg || !(dip ? /drg/i : /dip/i).test(id))
}
