import { Command } from '@commander-js/extra-typings'
import { writeText } from '../files/index.ts'
import {
  type Dictionary,
  diffLines,
  diffPage,
  diffSchemes,
  joinWarning,
  loadScheme,
  type Scheme,
} from '../grouper/index.ts'
import { type Console, print, tell } from './console.ts'

/** `dianzhi scheme diff`: what differs between two schemes. */
export function diffCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  const command = new Command('diff')
    .description(
      zh
        ? '比较两个方案：新增、取消、改名、改码的组，集合与 MCC/CC 的变化'
        : 'compare two schemes: groups added, removed, renamed, recoded; sets, MCC and CC that moved',
    )
    .argument('<from>', zh ? '方案编号或方案包文件夹' : 'id or pack folder')
    .argument('<to>', zh ? '方案编号或方案包文件夹' : 'id or pack folder')
    .option('--codes', zh ? '逐个列出变化的编码' : 'list every changed code')
    .option('--json', zh ? '以 JSON 输出全部变化' : 'print everything as JSON')
    .option('--markdown', zh ? '输出 Markdown 摘要页' : 'print a summary page in Markdown')
    .option('--out <file>', zh ? '写入文件（默认标准输出）' : 'file to write (default: standard output)')
    .action((fromId, toId, options) => {
      const [from, to] = [loadScheme(fromId), loadScheme(toId)]
      const diff = diffSchemes(from, to)
      const names = options.codes === true ? { nameOf: namesOf(from, to) } : {}
      const text =
        options.json === true
          ? JSON.stringify(diff, null, 2)
          : options.markdown === true
            ? diffPage(diff, from, to).trimEnd()
            : diffLines(diff, console.lang, names).join('\n')
      if (options.out === undefined) print(console, text)
      else writeText(options.out, `${text}\n`)
      // The text itself begins with the warning; the other forms are for programs and files.
      const warning = joinWarning(diff)
      const seen = options.out === undefined && options.json !== true && options.markdown !== true
      if (warning !== undefined && !seen) tell(console, warning)
    })
  return command as unknown as Command
}

/** Names of codes, those of the second scheme first. */
function namesOf(from: Scheme, to: Scheme): (code: string) => string {
  const dictionaries = [to.diagnoses, to.procedures, from.diagnoses, from.procedures]
  const nameIn = ({ ids, names }: Dictionary, code: string): string => names[ids.get(code) ?? 0] ?? ''
  return code => dictionaries.map(dictionary => nameIn(dictionary, code)).find(name => name !== '') ?? ''
}
