import { Command } from '@commander-js/extra-typings'
import { type CodeUse, findCode, loadScheme } from '../grouper/index.ts'
import { type Console, print, tell } from './console.ts'

/** `dianzhi scheme find`: every set, rule, level and exclusion table that uses a code. */
export function findCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  return new Command('find')
    .description(zh ? '查一个编码在方案中用在哪里' : 'tell where a scheme uses a code')
    .argument('<code>', zh ? '诊断或手术操作编码' : 'diagnosis or procedure code')
    .requiredOption('--scheme <id>', zh ? '方案编号或方案包文件夹' : 'scheme id or pack folder')
    .option('--json', zh ? '以 JSON 输出' : 'print JSON')
    .action((code, options) => {
      const scheme = loadScheme(options.scheme)
      const found = findCode(scheme, code)
      if (options.json)
        print(console, JSON.stringify({ scheme: { id: scheme.manifest.id, hash: scheme.hash }, found }, null, 2))
      else for (const use of found) for (const line of useLines(use, console)) print(console, line)
      if (found.length === 0) {
        tell(console, {
          zh: `${code} 不在方案 ${scheme.manifest.id} 的字典中`,
          en: `${code} is not in the dictionaries of ${scheme.manifest.id}`,
        })
      }
    }) as unknown as Command
}

function useLines(use: CodeUse, console: Console): string[] {
  const zh = console.lang === 'zh'
  const kind = use.kind === 'diagnosis' ? (zh ? '诊断' : 'diagnosis') : zh ? '手术操作' : 'procedure'
  const marks = [
    use.withdrawn ? (zh ? '新版已停用' : 'withdrawn by a later edition') : '',
    use.barredPrincipal ? (zh ? '不能作为主要诊断' : 'must not be principal') : '',
  ].filter(mark => mark !== '')
  const lines = [[kind, use.code, use.name, ...marks].join('  ')]
  for (const { id, size, uses } of use.sets) {
    lines.push(
      `${zh ? '集合' : 'set'}  ${id} (${size})${uses.length > 0 ? '' : zh ? '  没有规则使用' : '  used by no rule'}`,
    )
    for (const { level, code, name, fields, how } of uses) {
      const field = fields.length === 1 ? fields[0]! : `{${fields.join(', ')}}`
      const rule = how === 'length' ? `length(${id} ∩ ${field})` : `${field} ${how} ${id}`
      lines.push(`  ${[level.toUpperCase(), code, name].filter(part => part !== '').join(' ')}  ${rule}`)
    }
  }
  if (use.complication !== undefined) {
    const { level, table, excludedBy } = use.complication
    const excluded =
      table === ''
        ? zh
          ? '无排除表'
          : 'no exclusion table'
        : zh
          ? `排除表 ${table}，${excludedBy} 个主要诊断排除它`
          : `exclusion table ${table}, ${excludedBy} principal diagnoses exclude it`
    lines.push(`${zh ? '作为其他诊断' : 'as other diagnosis'}  ${level}  ${excluded}`)
  }
  for (const { id, mcc, cc } of use.exclusions) {
    lines.push(
      zh
        ? `作为主要诊断  在排除表 ${id} 中，排除 ${mcc} 个 MCC、${cc} 个 CC`
        : `as principal diagnosis  in exclusion table ${id}, which takes out ${mcc} MCC and ${cc} CC`,
    )
  }
  return lines
}
