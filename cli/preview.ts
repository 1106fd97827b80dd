import { join } from 'node:path'
import { Command, Option } from '@commander-js/extra-typings'
import { checkOutputs, writeText } from '../files/index.ts'
import { listTemplates, loadTemplate, TABLE_FORMATS, type TableFormat, type TableOptions } from '../formats/index.ts'
import { Fault } from '../messages/index.ts'
import { terminalOptions, terminalTable } from '../report/index.ts'
import { mapOption } from './case-input.ts'
import { particularsFor, sheetNames, writeCaseSheet } from './case-sheets.ts'
import { className } from './class-names.ts'
import { type Console, count, print, tell } from './console.ts'
import { duplicatesOption, writeLeftOut } from './grouped-files.ts'
import { outputsIn, removeStale } from './outputs.ts'
import { type Previewed, previewFiles } from './preview-inputs.ts'
import { certaintyGrid, previewPage, sumsGrid } from './preview-page.ts'
import { previewSheet, writePreview } from './preview-tables.ts'
import { writeRunNote } from './run-note.ts'
import { checkExplain, explainCases, explainJsonOption, explainOption, explainPageOption } from './statement-option.ts'
import { previewStatements } from './statement-sources.ts'
import { checkEncoding, outputEncodingOption, TEMPLATE_ENCODING } from './table-output.ts'
import { gridInUnit } from './tables.ts'

/** Departments that the terminal shows; the page and the tables have all. */
const DEPARTMENTS = 15

/** `dianzhi preview`: what a hospital may expect for its own cases. */
export function previewCommand(console: Console): Command {
  const zh = console.lang === 'zh'
  return new Command('preview')
    .argument('<cases...>', zh ? '病例文件' : 'files of cases')
    .option(
      '--region <file>',
      zh
        ? '地区文件：给出方案、政策、机构、权重、系数'
        : 'region file: gives scheme, policy, hospitals, weights, coefficients',
    )
    .addOption(mapOption(zh))
    .option('--scheme <id>', zh ? '分组方案' : 'grouping scheme')
    .option('--policy <id>', zh ? '结算政策（编号或文件夹）' : 'policy (id or folder)')
    .option(
      '--hospital <code>',
      zh ? '医疗机构编码（病例来自多家时）' : 'code of the hospital, where the cases are of several',
    )
    .option('--level <level>', zh ? '医疗机构级别' : 'level of the hospital')
    .option(
      '--published <folder>',
      zh
        ? '地区结算结果文件夹：取其权重、系数、点值、次均费用'
        : 'folder of a regional settlement: its weights, coefficients, point values, mean cost',
    )
    .option('--weights <file>', zh ? '公布的权重表' : 'published table of weights')
    .option('--coefficients <file>', zh ? '系数表' : 'table of coefficients')
    .option('--auxiliary <file>', zh ? 'DIP 辅助分型系数表' : 'table of auxiliary coefficients (DIP)')
    .option(
      '--budget-value <list>',
      zh
        ? '预算点值，费用异常按它判断（DIP），如 310=9.8,390=9.6'
        : 'budget point values that outliers are judged by (DIP), such as 310=9.8,390=9.6',
    )
    .option('--mean-cost <yuan>', zh ? '区域次均费用（元）' : 'regional mean cost in yuan')
    .option(
      '--point-value <list>',
      zh ? '点值或区间，如 310=60,390=46:48:50' : 'point values or ranges, such as 310=60,390=46:48:50',
    )
    .option(
      '--pools <file>',
      zh ? '公布的点值表（结算结果 pools.csv）' : 'published point values (pools.csv of a settlement)',
    )
    .option('--pay-ratio <share>', zh ? '基金支付比例（比例法）' : 'share of the fund (ratio convention)')
    .option('--template <name>', zh ? '结算表的列模板' : 'column template of the settlement sheet', 'case-result')
    .addOption(
      new Option('--format <format>', zh ? '结算表的格式' : 'format of the settlement sheet')
        .choices(TABLE_FORMATS)
        .default('xlsx'),
    )
    .addOption(explainOption(zh))
    .addOption(explainJsonOption(zh))
    .addOption(explainPageOption(zh))
    .addOption(outputEncodingOption(zh, TEMPLATE_ENCODING))
    .option('--out <folder>', zh ? '写入的文件夹' : 'folder to write')
    .addOption(duplicatesOption(console))
    .action(async (files, options) => {
      checkExplain(options)
      if (options.explain !== undefined) checkEncoding(options.outputEncoding, '--explain')
      if (options.explain !== undefined) {
        const previewed = previewFiles(console, files, options)
        const { explain, json = false, page } = options
        explainCases(console, explain, previewed, previewStatements(previewed), { json, page, inputs: files })
        return
      }
      const folder = options.out ?? ''
      if (folder === '') throw noFolder()
      loadTemplate(options.template)
      const inputs = [options.region, options.weights, options.coefficients, options.auxiliary, options.pools].filter(
        file => file !== undefined,
      )
      const sheets = sheetNames(listTemplates(), TABLE_FORMATS).map(name => join(folder, name))
      const known = [...outputsIn(folder, 'preview'), ...sheets]
      checkOutputs(known, [...files, ...inputs])
      const previewed = previewFiles(console, files, options)
      printPreview(console, previewed)
      const written = await writeAll(console, folder, previewed, files, options.template, {
        format: options.format as TableFormat,
        ...(options.outputEncoding === undefined ? {} : { encoding: options.outputEncoding }),
      })
      removeStale(console, folder, known, { written, inputs: [...files, ...inputs] })
    }) as unknown as Command
}

function noFolder(): Fault {
  return new Fault({
    code: 'PRE-004',
    at: { field: '--out' },
    what: { zh: '预结算还需要 --out。', en: 'A preview also needs --out.' },
    fix: {
      zh: '请给出写入的文件夹，或用 --explain 只看一个病例。',
      en: 'Name the folder to write, or look at one case with --explain.',
    },
    status: 64,
  })
}

function printPreview(console: Console, previewed: Previewed): void {
  const { lang } = console
  const zh = lang === 'zh'
  const options = terminalOptions(console.out)
  const sums: typeof sumsGrid = (...given) => gridInUnit(previewed.policy, sumsGrid(...given))
  print(console, zh ? '预计结算' : 'Expected settlement')
  print(console, terminalTable(certaintyGrid(previewed, lang), options))
  print(console, zh ? '病例类别（元，亏损最多的在前）' : 'Classes of cases (yuan), largest loss first')
  print(
    console,
    terminalTable(
      sums(previewed.preview.byClass, zh ? '类别' : 'Class', key => className(key, lang), lang),
      options,
    ),
  )
  if (previewed.preview.byDepartment.length > 0) {
    const all = previewed.preview.byDepartment.length
    const some = all > DEPARTMENTS ? (zh ? `，共 ${all} 个，列出 ${DEPARTMENTS} 个` : `, ${DEPARTMENTS} of ${all}`) : ''
    print(console, zh ? `科室（元，亏损最多的在前${some}）` : `Departments (yuan), largest loss first${some}`)
    const name = (key: string): string => (key === '' ? (zh ? '（未填）' : '(none)') : key)
    const { columns, rows } = sums(previewed.preview.byDepartment, zh ? '科室' : 'Department', name, lang)
    print(console, terminalTable({ columns, rows: rows.slice(0, DEPARTMENTS) }, options))
  }
}

async function writeAll(
  console: Console,
  folder: string,
  previewed: Previewed,
  files: readonly string[],
  template: string,
  form: Pick<TableOptions, 'format' | 'encoding'>,
): Promise<string[]> {
  const { summary, cases, unpayable, preview, book, policy, hospital, payable, caseFiles } = previewed
  const list = [...previewed.ids.keys()]
  const particulars = await particularsFor(caseFiles, previewed, list)
  const sheet = { folder, name: template, template, ...form }
  const written = [
    ...writePreview(folder, previewed, form.encoding),
    ...writeCaseSheet(console, previewSheet(previewed, particulars), list, sheet),
    ...writeLeftOut(console, folder, previewed, form.encoding),
  ]
  writeText(join(folder, 'statement.html'), previewPage(previewed, console.lang))
  writeRunNote(join(folder, 'run.json'), {
    command: 'preview',
    book,
    inputs: files,
    ids: { hospital: hospital.code, policy: policy.id },
    counts: {
      rows: summary.rows,
      previewed: cases.count,
      otherHospitals: payable.count - cases.count,
      outside: preview.total.outside,
      rejected: summary.rejected,
      unpayable: unpayable.length,
    },
  })
  tell(console, {
    zh: `读入 ${count(summary.rows)} 行 = 本机构 ${count(cases.count)} 例 + 其他机构 ${count(payable.count - cases.count)} 例 + 拒收 ${count(summary.rejected)} 行 + 缺结算信息 ${count(unpayable.length)} 例`,
    en: `${count(summary.rows)} rows in = ${count(cases.count)} cases of the hospital + ${count(payable.count - cases.count)} of others + ${count(summary.rejected)} rejects + ${count(unpayable.length)} without the facts to pay them`,
  })
  tell(console, {
    zh: `已写入 ${folder}：statement.html、${written.join('、')}`,
    en: `Written to ${folder}: statement.html, ${written.join(', ')}`,
  })
  return [...written, 'statement.html', 'run.json']
}
