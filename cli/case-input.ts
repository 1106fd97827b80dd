import { Option } from '@commander-js/extra-typings'
import { type CaseFiles, NOTE_TEXTS, openCaseFiles } from '../formats/index.ts'
import type { Encoding } from '../grouper/index.ts'
import { type Console, count, tell } from './console.ts'

/** `--map`: what a user says of the files. */
export function mapOption(zh: boolean): Option<'--map <files...>'> {
  return new Option(
    '--map <files...>',
    zh
      ? '映射文件：各列的含义、编码、单位（dianzhi inspect 生成）'
      : 'mapping files: columns, encoding, units (dianzhi inspect makes one)',
  )
}

export interface InputOptions {
  readonly encoding?: string | undefined
  readonly map?: readonly string[] | undefined
  readonly newbornWeight?: 'birth' | 'admission' | undefined
}

/** Opens the case files of a command, of whatever form, and says what they were found to be. */
export function openInput(console: Console, files: readonly string[], options: InputOptions = {}): CaseFiles {
  const input = openCaseFiles(files, {
    encoding: options.encoding as Encoding | undefined,
    maps: options.map,
    newbornWeight: options.newbornWeight,
  })
  for (const { file, evidence, mapping } of input.found) {
    const isPlain = input.files.includes(file) && input.open(file) === undefined
    // What a mapping says has been seen and agreed to.
    if (isPlain || mapping.form !== undefined) continue
    tell(console, { zh: `${file}：`, en: `${file}:` })
    for (const line of evidence) tell(console, { zh: `  ${line.zh}`, en: `  ${line.en}` })
  }
  return input
}

/** Says what was put right or looked wrong in rows that were read. */
export function tellNotes(console: Console, input: CaseFiles): void {
  for (const [name, notes] of input.notes) {
    for (const [kind, { count: n, line }] of notes) {
      const text = NOTE_TEXTS[kind]
      tell(console, {
        zh: `${name}：${text.zh}，${count(n)} 行（首见第 ${line} 行）`,
        en: `${name}: ${text.en}; ${count(n)} rows, the first in line ${line}`,
      })
    }
  }
}

/** Says that files hold no row: a result without findings or groups must not read as a good one. */
export function tellNoRows(console: Console, rows: number): void {
  if (rows > 0) return
  tell(console, {
    zh: '病例文件只有表头，没有数据行；请检查导出的文件',
    en: 'The case files have a header and no row; check the export',
  })
}
