import { extname } from 'node:path'
import { isStream } from '../files/index.ts'
import { Fault } from '../messages/index.ts'

/** Endings that say what a file is; a file of another kind under such a name is one that nothing opens. */
const TELLING = ['.csv', '.xlsx', '.xls', '.parquet', '.json', '.jsonl', '.dzc', '.html', '.yaml', '.yml', '.zip']

/**
 * Refuses a name whose ending says that the file is of another kind than `kinds`, such as a table of text named `.xlsx`; takes
 * no name for no file.
 */
export function checkEnding(file: string | undefined, kinds: readonly [string, ...string[]]): void {
  if (file === undefined) return
  const ending = extname(file).toLowerCase()
  if (isStream(file) || kinds.includes(ending) || !TELLING.includes(ending)) return
  throw new Fault({
    code: 'FIL-008',
    at: { file },
    what: {
      zh: `文件名以 ${ending} 结尾，写出的却是另一种文件。`,
      en: `The name ends with ${ending}, and what is written is of another kind.`,
    },
    fix: {
      zh: `请改用 ${kinds.join('、')} 结尾的名称。`,
      en: `Use a name that ends with ${kinds.join(', ')}.`,
    },
    status: 64,
  })
}
