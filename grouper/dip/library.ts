import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { home } from '../../files/index.ts'
import { Fault, nearest } from '../../messages/index.ts'
import { PACK_FILES } from '../scheme/layout.ts'
import { listSchemes, sameKind } from '../scheme/shelf.ts'
import { isDipPack, readDipPack } from './pack.ts'
import type { DipCatalogue } from './types.ts'

/** Ids of the DIP catalogues that ship with the package. */
export function listCatalogues(): string[] {
  return readdirSync(home('schemes'))
    .filter(id => isDipPack(home('schemes', id)))
    .sort()
}

/** Whether an id or folder means a DIP catalogue and not a DRG scheme. */
export function isCatalogue(idOrFolder: string): boolean {
  return listCatalogues().includes(idOrFolder) || isDipPack(idOrFolder)
}

/** A catalogue by its built-in id, else by the folder of a pack; throws DIP-020 for a DRG scheme, PCK-008 for neither. */
export function loadCatalogue(idOrFolder: string): DipCatalogue {
  const ids = listCatalogues()
  if (ids.includes(idOrFolder)) return readDipPack(home('schemes', idOrFolder))
  if (isDipPack(idOrFolder)) return readDipPack(idOrFolder)
  if (listSchemes().includes(idOrFolder) || existsSync(join(idOrFolder, PACK_FILES.manifest)))
    throw isScheme(idOrFolder, ids)
  const known = [...ids, ...listSchemes()]
  const near = nearest(idOrFolder, sameKind(idOrFolder, known))
  throw new Fault({
    code: 'PCK-008',
    at: { field: 'scheme' },
    what: {
      zh: `没有病种目录 ${idOrFolder}，也没有这样的文件夹。`,
      en: `There is no DIP catalogue ${idOrFolder} and no pack folder of that name.`,
    },
    fix: {
      zh: `${near === undefined ? '' : `是否应为 ${near}？`}内置的有：${known.join('、')}。`,
      en: `${near === undefined ? '' : `Did you mean ${near}? `}Built-in: ${known.join(', ')}.`,
    },
  })
}

function isScheme(id: string, catalogues: readonly string[]): Fault {
  return new Fault({
    code: 'DIP-020',
    at: { field: 'scheme' },
    what: {
      zh: `${id} 是 DRG 方案，这里需要 DIP 病种目录。`,
      en: `${id} is a DRG scheme; a DIP catalogue is needed here.`,
    },
    fix: {
      zh: `请换用病种目录，内置的有：${catalogues.join('、')}。`,
      en: `Name a catalogue; built-in: ${catalogues.join(', ')}.`,
    },
  })
}
