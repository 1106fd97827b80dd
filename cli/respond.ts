import { join } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import { checkOutputs, type TextEncoding, writeCsv, writeText } from '../files/index.ts'
import type { Lang } from '../messages/index.ts'
import { formatFen } from '../numbers/index.ts'
import {
  decimalText,
  type Grid,
  moneyText,
  numberColumn,
  percentText,
  terminalOptions,
  terminalTable,
  textColumn,
} from '../report/index.ts'
import { type Response, readBehaviour, respond, type Settlement } from '../simulate/index.ts'
import { type Console, print, tell } from './console.ts'
import { type Duplicates, duplicatesOption } from './grouped-files.ts'
import { settleFile } from './pipeline.ts'
import { respondPage } from './respond-page.ts'
import { outputEncodingOption } from './table-output.ts'
import { raceName } from './tables.ts'
import { programVersion } from './version.ts'

/** `dianzhi scenario respond`: what hospitals do when they see the point value, and where that leads. */
export function respondCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  return new Command('respond')
    .description(
      zh
        ? '行为反应：医疗机构对点值作最优反应，直至均衡（冲点）；并与固定费率对照'
        : 'hospitals respond to the point value until an equilibrium (the point race), beside a fixed rate',
    )
    .requiredOption('--region <file>', zh ? '地区文件（region.yaml）' : 'region file (region.yaml)')
    .option(
      '--behaviour <file>',
      zh
        ? '行为参数文件（默认 policies/behaviour-default.yaml）'
        : 'behaviour file (default policies/behaviour-default.yaml)',
    )
    .requiredOption('--out <folder>', zh ? '写入的文件夹' : 'folder to write')
    .addOption(duplicatesOption(console))
    .addOption(outputEncodingOption(zh))
    .action(options => {
      const config = readBehaviour(options.behaviour)
      const names = ['response.csv', 'response-path.csv', 'response-actions.csv', 'response.html']
      const inputs = [options.region, ...(options.behaviour === undefined ? [] : [options.behaviour])]
      checkOutputs(
        names.map(name => join(options.out, name)),
        inputs,
      )
      const settled = settleFile(console, options.region, { duplicates: options.duplicates as Duplicates })
      const { settlement } = settled.baseline
      const responses = respond(settled.baseline, config, options.behaviour)
      for (const one of responses) printResponse(console, one, settlement)
      writeResponses(options.out, responses, options.outputEncoding)
      const { lang } = console
      const html = respondPage(responses, settlement, {
        title: settled.region.title[lang],
        footer: `dianzhi ${programVersion()} · ${settled.book.schemeId} · ${settled.policy.id} · ${config.id}`,
        lang,
        textOf: one => verdict(one, lang).join('\n'),
        tablesOf: one => [poolGrid(one, lang), playerGrid(one, settlement, lang)],
      })
      writeText(join(options.out, 'response.html'), html)
      tell(console, {
        zh: `已写入 ${options.out}：${names.join('、')}`,
        en: `Written to ${options.out}: ${names.join(', ')}`,
      })
    }) as unknown as Command
}

function printResponse(console: Console, response: Response, settlement: Settlement): void {
  const zh = console.lang === 'zh'
  print(
    console,
    response.method === 'points'
      ? zh ? '点数法（总额预算）' : 'Points under a budget'
      : zh ? '固定费率（同一起点的教科书对照）' : 'Fixed rate (the textbook comparison from the same start)',
  ) // biome-ignore format: two texts
  for (const line of verdict(response, console.lang)) print(console, line)
  print(console, terminalTable(poolGrid(response, console.lang), terminalOptions(console.out)))
  print(console, terminalTable(playerGrid(response, settlement, console.lang), terminalOptions(console.out)))
}

/** Whether an equilibrium was found and is the only one, and what would end upcoding. */
function verdict({ equilibrium: { path, converged, gap }, unique, deterrence, rules }: Response, lang: Lang): string[] {
  const zh = lang === 'zh'
  const rounds = path.length - 1
  const burden = rules.detection * (1 + rules.fine)
  return [
    zh
      ? `${converged ? '收敛' : '未收敛'}，${rounds} 轮；还能改善的最大幅度 ${percentText(gap.toFixed(12), 4)}；从另一端出发${unique ? '到同一均衡' : '到另一结果：均衡不唯一'}`
      : `${converged ? 'Converged' : 'Not converged'} after ${rounds} rounds; most that one could still gain ${percentText(gap.toFixed(12), 4)}; from the other end ${unique ? 'the same equilibrium' : 'another outcome: the equilibrium is not unique'}`,
    zh
      ? `查出概率 × (1 + 罚款倍数) = ${burden.toFixed(2)}；达到 ${deterrence.toFixed(4)} 时高套对任何机构都不合算`
      : `Detection × (1 + fine) = ${burden.toFixed(2)}; from ${deterrence.toFixed(4)} on upcoding pays for no hospital`,
  ]
}

function poolGrid({ pools, equilibrium: { path } }: Response, lang: Console['lang']): Grid {
  const zh = lang === 'zh'
  const [first, last] = [path[0]!, path.at(-1)!]
  return {
    columns: [
      textColumn(zh ? '险种' : 'Insurance'),
      numberColumn(zh ? '起点点值' : 'Point value before'),
      numberColumn(zh ? '均衡点值' : 'In equilibrium'),
      numberColumn(zh ? '变化' : 'Change'),
    ],
    rows: pools.map((pool, s) => [
      raceName(pool, lang),
      decimalText(first.pointValue[s]!.toFixed(8), 4),
      decimalText(last.pointValue[s]!.toFixed(8), 4),
      percentText((last.pointValue[s]! / first.pointValue[s]! - 1).toFixed(8)),
    ]),
  }
}

/** One row a hospital: actions, revenue and profit as it expects them, the due as it is settled. */
function playerGrid(response: Response, settlement: Settlement, lang: Console['lang']): Grid {
  const zh = lang === 'zh'
  const { players, equilibrium: { actions }, due } = response // biome-ignore format: one line
  const profits = profitChanges(response)
  return {
    columns: [
      textColumn(zh ? '编码' : 'Code'),
      textColumn(zh ? '医疗机构' : 'Hospital'),
      numberColumn(zh ? '量' : 'Volume'),
      numberColumn(zh ? '高套' : 'Upcoding'),
      numberColumn(zh ? '控费' : 'Saving'),
      numberColumn(zh ? '分解' : 'Splitting'),
      numberColumn(zh ? '推诿' : 'Refusal'),
      numberColumn(zh ? '预期利润变化' : 'Expected change of profit'),
      ...(due.length === 0 ? [] : [numberColumn(zh ? '基金应付变化' : 'Change of fund due')]),
    ],
    rows: players.map(({ code }, h) => {
      const { m, u, e, y, x } = actions[h]!
      const name = settlement.hospitals.find(row => row.hospital.code === code)?.hospital.name ?? ''
      return [
        code,
        name,
        ...[m - 1, u, e, y, x].map(value => percentText(value.toFixed(8))),
        moneyText(Math.round(profits[h]! * 100), lang),
        ...(due.length === 0 ? [] : [moneyText(due[h]!.after - due[h]!.before, lang)]),
      ]
    }),
  }
}

/** Profit in equilibrium less profit as before, yuan. */
function profitChanges({ equilibrium: { payoffs }, still }: Response): number[] {
  return payoffs.map(({ profit }, h) => profit - still[h]!.profit)
}

const RESPONSE_HEADER = [
  'method', 'hospital', 'volume', 'upcoding', 'saving', 'splitting', 'refusal', 'revenueBefore', 'revenue', 'costBefore', 'cost', 'fine', 'profitBefore', 'profit', 'dueBefore', 'due',
] // biome-ignore format: one list

function writeResponses(folder: string, responses: readonly Response[], encoding: TextEncoding | undefined): void {
  const six = (value: number): string => value.toFixed(6)
  writeCsv(
    join(folder, 'response.csv'),
    RESPONSE_HEADER,
    responses.flatMap(({ method, players, equilibrium: { actions, payoffs }, still, due }) =>
      players.map(({ code }, h) => {
        const { m, u, e, y, x } = actions[h]!
        const [before, after] = [still[h]!, payoffs[h]!]
        const money = [before.revenue, after.revenue, before.cost, after.cost, after.fine, before.profit, after.profit]
        const dues = due[h] === undefined ? ['', ''] : [formatFen(due[h].before), formatFen(due[h].after)]
        return [method, code, ...[m, u, e, y, x].map(six), ...money.map(value => value.toFixed(2)), ...dues]
      }),
    ),
    encoding,
  )
  writeCsv(
    join(folder, 'response-path.csv'),
    ['method', 'round', 'insurances', 'pointValue', 'moved'],
    responses.flatMap(({ method, pools, equilibrium: { path } }) =>
      path.flatMap(({ pointValue, moved }, round) =>
        pools.map(({ insurances, part }, s) => [
          method,
          round,
          [insurances.join('|'), ...(part === null ? [] : [part.id])].join(':'),
          pointValue[s]!.toFixed(8),
          moved.toExponential(3),
        ]),
      ),
    ),
    encoding,
  )
  writeCsv(
    join(folder, 'response-actions.csv'),
    ['method', 'round', 'hospital', 'volume', 'upcoding', 'saving', 'splitting', 'refusal'],
    responses.flatMap(({ method, players, equilibrium: { path } }) =>
      path.flatMap(({ actions }, round) =>
        players.map(({ code }, h) => {
          const { m, u, e, y, x } = actions[h]!
          return [method, round, code, ...[m, u, e, y, x].map(six)]
        }),
      ),
    ),
    encoding,
  )
}
