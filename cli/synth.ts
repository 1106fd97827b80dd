import { basename, dirname, join } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import { isCatalogue, loadCatalogue, loadScheme } from '../grouper/index.ts'
import { formatFen } from '../numbers/index.ts'
import { readRegionParameters, writeRegion, writeYears } from '../synth/index.ts'
import { type Console, count, tell } from './console.ts'
import { checkEnding } from './ending.ts'
import { outputEncodingOption } from './table-output.ts'
import { whole } from './whole.ts'

/** `dianzhi synth`: a synthetic region, its cases, hospitals and budgets. */
export function synthCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  return new Command('synth')
    .requiredOption('--cases <n>', zh ? '病例数' : 'number of cases', whole(1, 1e12))
    .requiredOption('--scheme <id>', zh ? '方案编号或方案包文件夹' : 'scheme id or pack folder')
    .requiredOption(
      '--out <file>',
      zh
        ? '病例文件；旁边写入医疗机构表和 region.yaml'
        : 'file of cases; hospitals and region.yaml are written beside it',
    )
    .option('--seed <n>', zh ? '随机种子' : 'seed', whole(0, Number.MAX_SAFE_INTEGER), 1)
    .option('--hospitals <n>', zh ? '医疗机构数' : 'number of hospitals', whole(1, 999))
    .option(
      '--parameters <file>',
      zh ? '假设参数（默认 policies/synthetic-region.yaml）' : 'assumptions (default policies/synthetic-region.yaml)',
    )
    .option(
      '--years <n>',
      zh
        ? '连续几年，每年一个文件 FILE-年份.csv（每年病例数为 --cases），region.yaml 结算最后一年'
        : 'several years, one file FILE-YEAR.csv each with as many cases; region.yaml settles the last',
      whole(1, 20),
    )
    .addOption(outputEncodingOption(zh))
    .action(options => {
      checkEnding(options.out, ['.csv'])
      const what = {
        scheme: isCatalogue(options.scheme) ? loadCatalogue(options.scheme) : loadScheme(options.scheme),
        parameters: readRegionParameters(options.parameters),
        seed: options.seed,
        cases: options.cases,
        ...(options.hospitals === undefined ? {} : { hospitals: options.hospitals }),
        folder: dirname(options.out),
        name: basename(options.out),
        schemeName: options.scheme,
        encoding: options.outputEncoding,
      }
      if (options.years !== undefined) {
        for (const { year, file, totals } of writeYears({ ...what, years: options.years })) {
          const path = join(dirname(options.out), file)
          tell(console, {
            zh: `${year} 年 ${count(totals.cases)} 例，总费用 ${formatFen(totals.cost)} 元，已写入 ${path}`,
            en: `${year}: ${count(totals.cases)} cases, total cost ${formatFen(totals.cost)} yuan, written to ${path}`,
          })
        }
        return
      }
      const totals = writeRegion(what)
      tell(console, {
        zh: `${count(totals.cases)} 例，总费用 ${formatFen(totals.cost)} 元，已写入 ${options.out} 和 ${join(dirname(options.out), 'region.yaml')}`,
        en: `${count(totals.cases)} cases, total cost ${formatFen(totals.cost)} yuan, written to ${options.out} and ${join(dirname(options.out), 'region.yaml')}`,
      })
    }) as unknown as Command
}
