/**
 * What the library for command lines says, in Chinese: it speaks English only. Each pattern is one message or part of the
 * help; what the user wrote stays as it is.
 */
const CHINESE: readonly (readonly [RegExp, string])[] = [
  [/^error: required option '(.+)' not specified$/, "错误：缺少必需的选项 '$1'"],
  [/^error: unknown option '(.+)'$/, "错误：没有选项 '$1'"],
  [/^error: unknown command '(.+)'$/, "错误：没有命令 '$1'"],
  [/^error: missing required argument '(.+)'$/, "错误：缺少参数 '$1'"],
  [/^error: option '(.+)' argument missing$/, "错误：选项 '$1' 缺少取值"],
  [/^error: too many arguments for '(.+)'\. Expected (\d+) arguments? but got (\d+)(?:: (.*))?\.$/, "错误：'$1' 的参数过多：应有 $2 个，给出 $3 个。"],
  [/^error: too many arguments\. Expected (\d+) arguments? but got (\d+)\.$/, '错误：参数过多：应有 $1 个，给出 $2 个。'],
  [/^error: option '(.+)' cannot be used with option '(.+)'$/, "错误：选项 '$1' 不能与 '$2' 同用"],
  [/^error: option '(.+?)' argument '(.*)' is invalid\. /, "错误：选项 '$1' 的取值 '$2' 无效。"],
  [/^error: command-argument value '(.*)' is invalid for argument '(.+)'\. /, "错误：参数 '$2' 的取值 '$1' 无效。"],
  [/Allowed choices are (.+)\.$/, '可用的取值：$1。'],
  [/It must not be negative\. /, '不能为负。'],
  [/It must be a whole number from (\d+) to (\d+)\.$/, '须为 $1 至 $2 的整数。'],
  [/It must be an amount in yuan with at most two decimals\.$/, '须为金额（元），最多两位小数。'],
  [/It must be years such as (\S+)\.$/, '须为年份，如 $1。'],
  [/It must be a share from 0 to 1, such as (\S+)\.$/, '须在 0 与 1 之间，如 $1。'],
  [/\(Did you mean one of (.+)\?\)/, '（是否应为 $1 之一？）'],
  [/\(Did you mean (.+)\?\)/, '（是否应为 $1？）'],
] // biome-ignore format: one message a line

/** Headings of the help. */
const TITLES: Readonly<Record<string, string>> = {
  'Usage:': '用法：',
  'Arguments:': '参数：',
  'Options:': '选项：',
  'Global Options:': '公共选项：',
  'Commands:': '命令：',
}

/** A message of the command line in Chinese, line by line; what is not known stays as it stands. */
export function usageInChinese(message: string): string {
  return message
    .split('\n')
    .map(line => CHINESE.reduce((text, [pattern, chinese]) => text.replace(pattern, chinese), line))
    .join('\n')
}

/** A heading of the help in Chinese. */
export function titleInChinese(title: string): string {
  return TITLES[title] ?? title
}

/** Defaults and choices behind the description of an option, in Chinese. */
export function descriptionInChinese(text: string): string {
  return text
    .replace(/\(choices: (.+?)(, default: (.+))?\)$/, (_, choices: string, _rest, value?: string) =>
      value === undefined ? `（可选：${choices}）` : `（可选：${choices}；默认：${value}）`,
    )
    .replace(/\(default: (.+)\)$/, '（默认：$1）')
    .replace(/^display help for command$/, '显示帮助')
    .replace(/^output the version number$/, '显示版本号')
}
