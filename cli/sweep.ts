import { join } from 'node:path'
import { Command, Option } from '@commander-js/extra-typings'
import { checkOutputs, writeText } from '../files/index.ts'
import { type Cell, type TableColumn, writeTable } from '../formats/index.ts'
import { Fault, nearest, someOf } from '../messages/index.ts'
import { Decimal } from '../numbers/index.ts'
import {
  createProgress,
  decimalText,
  type Grid,
  moneyText,
  numberColumn,
  percentText,
  terminalOptions,
  terminalTable,
  textColumn,
} from '../report/index.ts'
import {
  type Baseline,
  checkScenarios,
  outputsOf,
  readSweep,
  rowsOf,
  runSweep,
  type SweepResult,
  scenarioOf,
  sobolOf,
  tornado,
} from '../simulate/index.ts'
import { type Console, count, print, tell } from './console.ts'
import { type Duplicates, duplicatesOption } from './grouped-files.ts'
import { scenarioTerms, settleFile } from './pipeline.ts'
import { outputName, sweepPage } from './sweep-page.ts'
import { checkEncoding, outputEncodingOption } from './table-output.ts'
import { programVersion } from './version.ts'
import { whole } from './whole.ts'

/** `dianzhi scenario sweep`: many values of some parameters, by grid, Latin hypercube, one at a time, or for Sobol indices. */
export function sweepCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  return new Command('sweep')
    .description(
      zh
        ? '参数扫描：网格、拉丁超立方、龙卷风（逐个参数）、Sobol 指数'
        : 'sweep parameters: grid, Latin hypercube, tornado (one at a time), Sobol indices',
    )
    .argument('<file>', zh ? '扫描文件' : 'sweep file')
    .requiredOption('--region <file>', zh ? '地区文件（region.yaml）' : 'region file (region.yaml)')
    .requiredOption('--out <folder>', zh ? '写入的文件夹' : 'folder to write')
    .option('--threads <n>', zh ? '线程数（不影响结果）' : 'threads; results do not depend on it', whole(1, 256), 1)
    .option(
      '--run <folder>',
      zh ? '保存中间结果的文件夹，中断后可续算' : 'folder of finished stretches, to go on after an end',
    )
    .addOption(
      new Option('--format <form>', zh ? '明细表的格式' : 'format of the rows')
        .choices(['csv', 'parquet'])
        .default('csv'),
    )
    .option(
      '--show <outputs>',
      zh
        ? '要显示和画图的结果，逗号分隔：pointValue:310、paid、due:H001、surplus:H001（默认各险种点值）'
        : 'results to print and draw, by commas: pointValue:310, paid, due:H001, surplus:H001 (default point values)',
    )
    .addOption(outputEncodingOption(zh, { zh: 'utf-8-bom', en: 'utf-8-bom' }))
    .addOption(duplicatesOption(console))
    .action(async (file, options) => {
      checkEncoding(options.outputEncoding, options.format)
      const sweep = readSweep(file)
      const table = join(options.out, `sweep.${options.format}`)
      const html = join(options.out, 'sweep.html')
      checkOutputs([table, html], [file, options.region])
      const settled = settleFile(console, options.region, { duplicates: options.duplicates as Duplicates })
      const { region, policy, baseline } = settled
      checkScenarios(
        scenarioTerms(region, policy, baseline.input.cases.groups),
        rowsOf(sweep).map(row => scenarioOf(sweep, row)),
      )
      const shown = shownOutputs(options.show, baseline)
      const result = await withProgress(console, zh ? '情景' : 'scenarios', rowsOf(sweep).length, options, run =>
        runSweep(baseline, sweep, run),
      )
      writeTable(table, columnsOf(result), tableRows(result), {
        format: options.format as 'csv' | 'parquet',
        lang: console.lang,
        header: 'key',
        ...(options.outputEncoding === undefined ? {} : { encoding: options.outputEncoding }),
      })
      for (const output of shown) {
        print(console, `${sweep.title[console.lang]} · ${outputName(output, console.lang)}`)
        print(console, terminalTable(gridOf(result, output, console.lang), terminalOptions(console.out)))
      }
      const footer = `dianzhi ${programVersion()} · ${settled.book.schemeId} · ${policy.id} · seed ${sweep.seed}`
      const { lang } = console
      writeText(
        html,
        sweepPage(result, shown, output => gridOf(result, output, lang), { footer, lang }),
      )
      tell(console, {
        zh: `${count(result.rows.length)} 个情景，已写入 ${table}、${html}`,
        en: `${count(result.rows.length)} scenarios, written to ${table}, ${html}`,
      })
    }) as unknown as Command
}

/** What a run of many rows takes: threads, a run folder, progress on a terminal, Ctrl-C. */
export async function withProgress<T>(
  console: Console,
  label: string,
  total: number,
  { threads, run: folder }: { readonly threads: number; readonly run?: string | undefined },
  work: (options: {
    threads: number
    folder?: string | undefined
    signal: AbortSignal
    onProgress: (rows: number) => void
  }) => Promise<T>,
): Promise<T> {
  const progress = createProgress({
    stream: console.err,
    now: () => performance.now(),
    label,
    lang: console.lang,
    total,
  })
  const controller = new AbortController()
  const stop = (): void =>
    controller.abort(
      new Fault({
        code: 'RUN-002',
        what: { zh: '运行被中断。', en: 'The run was interrupted.' },
        fix:
          folder === undefined
            ? {
                zh: '没有写出结果；用 --run 可以在中断后续算。',
                en: 'No result was written; with --run it could go on.',
              }
            : { zh: '用同一命令再次运行即可续算。', en: 'Run the same command again to go on.' },
        status: 75,
      }),
    )
  process.once('SIGINT', stop)
  try {
    return await work({ threads, folder, signal: controller.signal, onProgress: rows => progress.update(rows) })
  } finally {
    process.removeListener('SIGINT', stop)
    progress.finish()
  }
}

/** Columns of the tidy table: levers, then outputs; money in yuan. */
function columnsOf({ sweep, outputs }: SweepResult): TableColumn[] {
  return [
    { key: 'row', title: { zh: '序号', en: 'Row' }, kind: 'integer' },
    ...sweep.levers.map(({ path, label }): TableColumn => ({ key: path, title: label, kind: 'text' })),
    ...outputs.map(
      (key): TableColumn => ({
        key,
        title: { zh: key, en: key },
        ...(key.startsWith('pointValue') ? { kind: 'decimal', digits: 8 } : { kind: 'money' }),
      }),
    ),
  ]
}

function* tableRows({ rows, outputs, values }: SweepResult): Generator<Cell[]> {
  for (const [i, row] of rows.entries()) {
    const cells = outputs.map((key, k) => {
      const value = values[i * outputs.length + k]!
      if (Number.isNaN(value)) return null
      return key.startsWith('pointValue') ? new Decimal(value).toFixed(8) : value
    })
    yield [i + 1, ...row.map(text => text ?? ''), ...cells]
  }
}

/** The outputs that are asked for; those that do not exist are refused before anything runs. */
function shownOutputs(text: string | undefined, { input, settlement }: Baseline): readonly string[] {
  const known = outputsOf({
    insurances: input.cases.insurances,
    hospitals: settlement.hospitals.map(({ hospital }) => hospital.code),
  })
  if (text === undefined) return known.filter(output => output.startsWith('pointValue'))
  return text.split(/[,，]/).map(part => {
    const name = part.trim()
    if (known.includes(name)) return name
    const kind = `${name.split(':')[0]}:`
    const same = known.filter(output => output.startsWith(kind))
    // Of a kind that there is the code is wrong, and a neighbour's code is no misspelling.
    const guess = same.length > 0 ? undefined : nearest(name, known)
    throw new Fault({
      code: 'SWP-001',
      at: { field: '--show' },
      status: 64,
      what: { zh: `没有名为 ${name} 的结果。`, en: `There is no result ${name}.` },
      fix:
        guess === undefined
          ? same.length > 0
            ? { zh: `可用的有：${someOf(same).zh}。`, en: `There are ${someOf(same).en}.` }
            : {
                zh: '请写 pointValue:险种、paid、residual、due:机构编码 或 surplus:机构编码。',
                en: 'Write pointValue:INSURANCE, paid, residual, due:HOSPITAL or surplus:HOSPITAL.',
              }
          : { zh: `是否要写 ${guess}？`, en: `Did you mean ${guess}?` },
    })
  })
}

function gridOf(result: SweepResult, output: string, lang: Console['lang']): Grid {
  switch (result.sweep.design) {
    case 'tornado':
      return tornadoGrid(result, output, lang)
    case 'sobol':
      return sobolGrid(result, output, lang)
    default:
      return spanGrid(result, output, lang)
  }
}

function number(output: string, value: number, lang: Console['lang']): string {
  if (Number.isNaN(value)) return '–'
  return output.startsWith('pointValue') ? decimalText(value.toFixed(8), 4) : moneyText(Math.round(value), lang)
}

/** One row a lever: the output at its low and high end. */
export function tornadoGrid(result: SweepResult, output: string, lang: Console['lang']): Grid {
  const zh = lang === 'zh'
  return {
    columns: [
      textColumn(zh ? '参数' : 'Parameter'),
      textColumn(zh ? '低' : 'Low'),
      textColumn(zh ? '高' : 'High'),
      numberColumn(zh ? '低端结果' : 'Result at low'),
      numberColumn(zh ? '基线' : 'As it is'),
      numberColumn(zh ? '高端结果' : 'Result at high'),
    ],
    rows: tornado(result, output).map(({ lever, low, high, base }) => {
      const { label, values } = result.sweep.levers[lever]!
      return [label[lang], values[0]!, values.at(-1)!, ...[low, base, high].map(value => number(output, value, lang))]
    }),
  }
}

/** One row a lever: its share of the variance. */
export function sobolGrid(result: SweepResult, output: string, lang: Console['lang']): Grid {
  const zh = lang === 'zh'
  return {
    columns: [
      textColumn(zh ? '参数' : 'Parameter'),
      numberColumn(zh ? '一阶指数 S' : 'First-order index S'),
      numberColumn(zh ? '总指数 ST' : 'Total index ST'),
    ],
    rows: sobolOf(result, output).map(({ first, total }, k) => [
      result.sweep.levers[k]!.label[lang],
      percentText(first.toFixed(8), 1),
      percentText(total.toFixed(8), 1),
    ]),
  }
}

/** The least and greatest of the output over the rows, and what led there. */
function spanGrid({ rows, sweep, outputs, values }: SweepResult, output: string, lang: Console['lang']): Grid {
  const zh = lang === 'zh'
  const at = outputs.indexOf(output)
  const order = rows
    .map((_, i) => i)
    .sort((a, b) => values[a * outputs.length + at]! - values[b * outputs.length + at]!)
  const named = [
    [zh ? '最低' : 'Least', order[0]!] as const,
    [zh ? '中位' : 'Median', order[order.length >> 1]!] as const,
    [zh ? '最高' : 'Greatest', order.at(-1)!] as const,
  ]
  return {
    columns: [
      textColumn(''),
      numberColumn(outputName(output, lang)),
      ...sweep.levers.map(one => numberColumn(one.label[lang])),
    ],
    rows: named.map(([name, i]) => [
      name,
      number(output, values[i * outputs.length + at]!, lang),
      ...rows[i]!.map(text => text ?? '–'),
    ]),
  }
}
