import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings'
import type { Case } from '../grouper/index.ts'
import { parseYuan } from '../numbers/index.ts'
import { codeSystemOption } from './code-system.ts'
import { type Console, print } from './console.ts'
import { explained, sideBySide } from './explained.ts'
import { whole } from './whole.ts'

/** `dianzhi explain`: why one case falls into its group. */
export function explainCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  return new Command('explain')
    .requiredOption(
      '--scheme <id>',
      zh
        ? 'DRG 方案或 DIP 目录的编号或文件夹；可写多个，并列比较'
        : 'DRG scheme or DIP catalogue, id or pack folder; several are put side by side',
      (id: string, before: string[] | undefined) => [...(before ?? []), id],
    )
    .addOption(codeSystemOption(zh))
    .requiredOption(
      '--dx <codes>',
      zh ? '诊断编码，逗号分隔，第一个为主要诊断' : 'diagnosis codes, commas between them, principal first',
      codes,
    )
    .option('--proc <codes>', zh ? '手术操作编码，第一个为主要手术' : 'procedure codes, principal first', codes, [])
    .addOption(
      new Option('--sex <code>', zh ? '性别：1 男，2 女' : 'sex: 1 male, 2 female').choices(['1', '2', '9', '0']),
    )
    .option('--age <years>', zh ? '年龄（周岁）' : 'age in completed years', whole(0, 150))
    .option('--age-days <days>', zh ? '日龄（不足一周岁）' : 'age in days, under one year', whole(0, 366))
    .option('--weight <grams>', zh ? '新生儿体重（克）' : 'newborn weight in grams', whole(1, 30_000))
    .option('--los <days>', zh ? '住院天数' : 'length of stay in days', whole(0, 30_000))
    .option(
      '--discharge <code>',
      zh
        ? '离院方式：1 医嘱离院，2 转院，3 转社区，4 非医嘱离院，5 死亡，9 其他'
        : 'discharge way: 1 home, 2 transfer, 3 community, 4 against advice, 5 died, 9 other',
      whole(0, 99),
    )
    .option('--icu-hours <hours>', zh ? '重症监护小时' : 'ICU hours', whole(0, 1_000_000))
    .option('--cost <yuan>', zh ? '总费用（元）' : 'total cost in yuan', yuan)
    .option('--json', zh ? '以 JSON 输出' : 'print JSON')
    .action(options => {
      const given: Case = {
        diagnoses: options.dx,
        procedures: options.proc,
        ...present('sex', options.sex === undefined ? undefined : Number(options.sex)),
        ...present('ageYears', options.age),
        ...present('ageDays', options.ageDays),
        ...present('weight', options.weight),
        ...present('losDays', options.los),
        ...present('dischargeWay', options.discharge),
        ...present('icuHours', options.icuHours),
        ...present('totalCost', options.cost),
      }
      const all = options.scheme.map(id => explained(id, given, options.codeSystem))
      const [only] = all
      if (options.json) {
        const value =
          all.length === 1 ? only!.explanation : all.map(({ kind, explanation }) => ({ kind, ...explanation }))
        print(console, JSON.stringify(value, null, 2))
        return
      }
      if (all.length > 1) print(console, sideBySide(all, console))
      for (const [place, each] of all.entries()) {
        if (place > 0) print(console, '')
        for (const line of each.lines(console.lang)) print(console, line)
      }
    }) as unknown as Command
}

/** A field that is there only when its value is. */
function present<K extends keyof Case>(key: K, value: Case[K] | undefined): Partial<Case> {
  return value === undefined ? {} : { [key]: value }
}

/** Codes of a list; an empty first place stays: without a principal code the others must not move up. */
function codes(text: string): string[] {
  return text.split(/[,，|;\s]/).filter((code, place) => place === 0 || code !== '')
}

function yuan(text: string): number {
  const fen = parseYuan(text)
  if (fen !== undefined && fen >= 0) return fen
  const sign = /^[-−－]/.test(text) ? 'It must not be negative. ' : ''
  throw new InvalidArgumentError(`${sign}It must be an amount in yuan with at most two decimals.`)
}
