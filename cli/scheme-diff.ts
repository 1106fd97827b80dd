import { Command } from '@commander-js/extra-typings'
import { writeText } from '../files/index.ts'
import {
  type Dictionary,
  diffCatalogues,
  diffLines,
  diffPage,
  diffSchemes,
  dipDiffLines,
  isCatalogue,
  joinWarning,
  loadCatalogue,
  loadScheme,
  type Scheme,
} from '../grouper/index.ts'
import { Fault } from '../messages/index.ts'
import { type Console, print, tell } from './console.ts'
import { checkEnding } from './ending.ts'

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
      checkEnding(options.out, [options.json === true ? '.json' : options.markdown === true ? '.md' : '.txt'])
      if (isCatalogue(fromId) || isCatalogue(toId)) {
        diffDip(console, [fromId, toId], options)
        return
      }
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

interface DipDiffOptions {
  readonly codes?: true | undefined
  readonly json?: true | undefined
  readonly markdown?: true | undefined
  readonly out?: string | undefined
}

function diffDip(console: Console, ids: readonly [string, string], options: DipDiffOptions): void {
  const drg = ids.find(id => !isCatalogue(id))
  if (drg !== undefined || options.markdown === true) throw notComparable(drg)
  const diff = diffCatalogues(loadCatalogue(ids[0]), loadCatalogue(ids[1]))
  const text =
    options.json === true
      ? JSON.stringify(diff, null, 2)
      : dipDiffLines(diff, console.lang, options.codes === true).join('\n')
  if (options.out === undefined) print(console, text)
  else writeText(options.out, `${text}\n`)
}

function notComparable(drg: string | undefined): Fault {
  return new Fault({
    code: 'DIP-019',
    ...(drg === undefined ? {} : { at: { field: drg } }),
    what:
      drg === undefined
        ? { zh: '--markdown 只用于 DRG 方案。', en: '--markdown is for DRG schemes only.' }
        : {
            zh: `${drg} 不是 DIP 目录，不能与 DIP 目录比较。`,
            en: `${drg} is no DIP catalogue and cannot be compared with one.`,
          },
    fix:
      drg === undefined
        ? { zh: '请改用文本或 --json。', en: 'Use the text or --json.' }
        : {
            zh: '请比较两个 DIP 目录；同一病例在 DRG 与 DIP 下的结果用 explain 并列两个 --scheme。',
            en: 'Compare two DIP catalogues; explain with two --scheme shows one case under DRG and under DIP.',
          },
    status: 64,
  })
}

/** Names of codes, those of the second scheme first. */
function namesOf(from: Scheme, to: Scheme): (code: string) => string {
  const dictionaries = [to.diagnoses, to.procedures, from.diagnoses, from.procedures]
  const nameIn = ({ ids, names }: Dictionary, code: string): string => names[ids.get(code) ?? 0] ?? ''
  return code => dictionaries.map(dictionary => nameIn(dictionary, code)).find(name => name !== '') ?? ''
}
