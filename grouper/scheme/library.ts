import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { home } from '../../files/index.ts'
import { Fault, nearest } from '../../messages/index.ts'
import { isCatalogue, listCatalogues } from '../dip/library.ts'
import { PACK_FILES } from './layout.ts'
import { readPack } from './pack.ts'
import { listSchemes, sameKind } from './shelf.ts'
import type { Scheme } from './types.ts'

/** A scheme by its built-in id, else by the folder of a pack. */
export function loadScheme(idOrFolder: string): Scheme {
  const ids = listSchemes()
  if (ids.includes(idOrFolder)) return readPack(home('schemes', idOrFolder))
  if (existsSync(join(idOrFolder, PACK_FILES.manifest))) return readPack(idOrFolder)
  if (existsSync(join(idOrFolder, 'MDC.csv')) || (/\.xlsx$/i.test(idOrFolder) && existsSync(idOrFolder))) {
    throw new Fault({
      code: 'PCK-009',
      at: { file: idOrFolder },
      what: { zh: '这是待导入的表，不是方案包。', en: 'These are tables to import, not a pack.' },
      fix: {
        zh: `请先导入：dianzhi scheme import ${idOrFolder} --out 方案包文件夹。`,
        en: `Import them first: dianzhi scheme import ${idOrFolder} --out PACK.`,
      },
    })
  }
  if (isCatalogue(idOrFolder)) {
    throw new Fault({
      code: 'PCK-014',
      at: { field: 'scheme' },
      what: {
        zh: `${idOrFolder} 是 DIP 病种目录，这里需要 DRG 方案。`,
        en: `${idOrFolder} is a DIP catalogue; a DRG scheme is needed here.`,
      },
      fix: {
        zh: '请换用 DRG 方案；DIP 目录可用于 group、encode、explain、synth、dip build、settle、simulate、preview 和 scheme list、show、import、export、check、diff。',
        en: 'Name a DRG scheme; DIP catalogues work with group, encode, explain, synth, dip build, settle, simulate, preview, and scheme list, show, import, export, check, diff.',
      },
    })
  }
  const known = [...ids, ...listCatalogues()]
  const near = nearest(idOrFolder, sameKind(idOrFolder, known))
  throw new Fault({
    code: 'PCK-008',
    at: { field: 'scheme' },
    what: {
      zh: `没有方案 ${idOrFolder}，也没有这样的方案包文件夹。`,
      en: `There is no scheme ${idOrFolder} and no pack folder of that name.`,
    },
    fix: {
      zh: `${near === undefined ? '' : `是否应为 ${near}？`}内置方案有：${known.join('、')}。`,
      en: `${near === undefined ? '' : `Did you mean ${near}? `}Built-in schemes: ${known.join(', ')}.`,
    },
  })
}
