import { join } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import { checkOutputs } from '../files/index.ts'
import { compileBook, loadScheme } from '../grouper/index.ts'
import { readHospitals } from '../simulate/index.ts'
import { readWeightConfig, weigh, writeWeighing } from '../weights/index.ts'
import { checkColumns } from './case-files.ts'
import { mapOption, openInput } from './case-input.ts'
import { type Console, count, print, tell } from './console.ts'
import { outputsIn } from './outputs.ts'
import { type Duplicates, duplicatesOption, groupFiles, needWeights, writeLeftOut } from './pipeline.ts'
import { writeRunNote } from './run-note.ts'

/** `dianzhi weights`: weights and coefficients from cases with costs. */
export function weightsCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  return new Command('weights')
    .description(zh ? '由病例费用测算权重和级别系数' : 'derive weights and level coefficients from cases with costs')
    .argument(
      '<cases...>',
      zh ? '病例文件（CSV、XLSX、JSON、Parquet，可多个）' : 'case files (CSV, XLSX, JSON, Parquet)',
    )
    .requiredOption('--scheme <id>', zh ? '方案编号或方案包文件夹' : 'scheme id or pack folder')
    .option(
      '--config <file>',
      zh
        ? '测算参数（默认 policies/weights-default.yaml）'
        : 'how to derive them (default policies/weights-default.yaml)',
    )
    .option(
      '--hospitals <file>',
      zh ? '医疗机构表 code,name,level（系数需要）' : 'table of hospitals code,name,level (coefficients need it)',
    )
    .requiredOption('--out <folder>', zh ? '写入的文件夹' : 'folder to write')
    .addOption(mapOption(zh))
    .addOption(duplicatesOption(console))
    .action((files, options) => {
      const given = readWeightConfig(options.config)
      // Without levels there is nothing to tell coefficients apart by.
      const config =
        options.hospitals === undefined
          ? { ...given, coefficient: { ...given.coefficient, kind: 'none' as const } }
          : given
      const hospitals = options.hospitals === undefined ? [] : readHospitals(options.hospitals)
      const scheme = loadScheme(options.scheme)
      const book = compileBook(scheme)
      const inputs = [...files, options.config, options.hospitals].filter(path => path !== undefined)
      checkOutputs(outputsIn(options.out, 'weights'), inputs)
      const input = openInput(console, files, { map: options.map, newbornWeight: scheme.manifest.newbornWeight })
      const need = config.coefficient.kind === 'none' ? 'weights' : 'coefficients'
      checkColumns(input.files, need, input.open)
      const duplicates = options.duplicates as Duplicates
      const grouped = groupFiles(console, input, book, { need: 'weights', duplicates })
      const result = weigh(grouped.cases, hospitals, config)
      needWeights(result, files[0]!)
      writeWeighing(options.out, result, config, grouped.nameOf)
      const leftOut = writeLeftOut(console, options.out, grouped)
      writeRunNote(join(options.out, 'run.json'), {
        command: 'weights',
        book,
        inputs: files,
        ids: { weights: config.id },
        counts: {
          rows: grouped.summary.rows,
          used: result.statistics.screening.used,
          rejected: grouped.summary.rejected,
        },
      })
      const priced = result.weights.weight.filter(weight => weight !== null).length
      print(console, zh ? `有权重的病组 ${count(priced)} 个` : `${count(priced)} groups with a weight`)
      tell(console, {
        zh: `读入 ${count(grouped.summary.rows)} 行，用于测算 ${count(result.statistics.screening.used)} 例`,
        en: `${count(grouped.summary.rows)} rows in, ${count(result.statistics.screening.used)} cases used`,
      })
      tell(console, {
        zh: `已写入 ${options.out}：weights.csv、coefficients.csv、quality.csv${leftOut.map(name => `、${name}`).join('')}`,
        en: `Written to ${options.out}: weights.csv, coefficients.csv, quality.csv${leftOut.map(name => `, ${name}`).join('')}`,
      })
    }) as unknown as Command
}
